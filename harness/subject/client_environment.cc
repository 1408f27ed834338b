#include "harness/subject/client_environment.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/base/text.h"
#include "harness/subject/keeper.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string found_wrapper() {
  for (const char* folder : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib",
                             "/usr/lib64", "/usr/local/lib"}) {
    const fs::path file = fs::path(folder) / "libnss_wrapper.so";
    std::error_code absent;
    if (fs::exists(file, absent)) return file.string();
  }
  return "";
}

std::string cache_folder() {
  if (std::string given = variable("STARTLE_CLIENT_CACHE"); !given.empty()) return given;
  const std::string cache = variable("XDG_CACHE_HOME");
  const std::string home = variable("HOME");
  if (!cache.empty()) return cache + "/startle/clients";
  return home.empty() ? "" : home + "/.cache/startle/clients";
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos ||
         host.find_first_not_of("0123456789.") == std::string::npos;
}

bool stands_in_hosts_file(const std::string& host) {
  std::ifstream file("/etc/hosts");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string address;
    words >> address;
    for (std::string name; address == "127.0.0.1" && words >> name;) {
      if (name == host) return true;
    }
  }
  return false;
}

}  // namespace

ClientEnvironment::ClientEnvironment() : wrapper_(found_wrapper()), cache_(cache_folder()) {
  if (can_give_hosts()) {
    service_ = NameService::hosts_file;
  } else if (!wrapper_.empty()) {
    service_ = NameService::nss_wrapper;
  }
}

std::string ClientEnvironment::unreachable(Resolver resolver, const std::string& host) const {
  if (resolver == Resolver::argument || service_ == NameService::hosts_file) return "";
  if (host == "localhost" || is_address(host) || stands_in_hosts_file(host)) return "";
  if (service_ == NameService::nss_wrapper && resolver == Resolver::libc) return "";
  return "the client would not find `" + host +
         "`: no /etc/hosts of its own can be given to it here (user namespaces are off), and " +
         (resolver == Resolver::libc ? "libnss-wrapper is not installed: install it, run as root"
                                     : "it does not ask the C library: run as root") +
         ", say --name localhost, or put what `startle list --hosts` prints into /etc/hosts";
}

std::vector<std::string> ClientEnvironment::variables(
    const std::string& folder, const std::string& hosts,
    const std::map<std::string, std::string>& own) const {
  std::map<std::string, std::string> all = own;
  const std::string path = variable("PATH");
  all.emplace("PATH", (path.empty() ? "/usr/local/bin:/usr/bin:/bin" : path) + ":/usr/sbin:/sbin");
  if (const std::string lang = variable("LANG"); !lang.empty()) all.emplace("LANG", lang);
  all.emplace("HOME", folder);
  all.emplace("TMPDIR", folder);
  all.emplace("STARTLE_CLIENT_CACHE", cache_);
  if (service_ == NameService::nss_wrapper) {
    all.emplace("LD_PRELOAD", wrapper_);
    all.emplace("NSS_WRAPPER_HOSTS", hosts);
  }
  std::vector<std::string> listed;
  for (const auto& [name, value] : all) {
    std::string one = name;
    one += '=';
    one += value;
    listed.push_back(std::move(one));
  }
  return listed;
}

}  // namespace startle::subject
