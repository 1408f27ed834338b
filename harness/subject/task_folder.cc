#include "harness/subject/task_folder.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <set>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/tls/server_name.h"

namespace startle::subject {

namespace fs = std::filesystem;

std::optional<Unprivileged> unprivileged() {
  if (geteuid() != 0) return std::nullopt;
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> strings{};
  getpwnam_r("nobody", &entry, strings.data(), strings.size(), &found);
  if (found == nullptr) return std::nullopt;
  return Unprivileged{found->pw_uid, found->pw_gid};
}

TaskFolder::TaskFolder(const std::optional<Unprivileged>& owner, const fs::path& within)
    : owner_(owner) {
  std::error_code failed;
  fs::path base = within.empty() ? fs::temp_directory_path(failed) : within;
  if (failed) base = "/tmp";
  std::string name = (base / "startle-client-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    check_errno(-1, "to make a folder for a client under " + base.string());
  }
  path_ = name;
  give(path_);
}

TaskFolder::~TaskFolder() {
  if (handed_over_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void TaskFolder::give(const fs::path& what) const {
  if (!owner_) return;
  check_errno(lchown(what.c_str(), owner_->user, owner_->group),
              "to give " + what.string() + " to the client");
}

std::string TaskFolder::write(const std::string& name, const std::string& content) const {
  fs::path folder = path_;
  const fs::path relative(name);
  for (const fs::path& part : relative.parent_path()) {
    folder /= part;
    if (fs::create_directory(folder)) give(folder);
  }
  const fs::path file = path_ / relative;
  write_file(file, content, true);
  give(file);
  return file.string();
}

namespace {

std::optional<fs::path> written(const TaskFolder& folder, const char* name,
                                const std::optional<std::string>& pem) {
  if (!pem) return std::nullopt;
  return folder.write(name, *pem);
}

}  // namespace

std::string hosts_lines(const std::string& host, const std::string& address) {
  std::set<std::string> names{"localhost"};
  for (std::string name : {host, tls::ascii_server_name(host)}) {
    const bool is_address = name.find(':') != std::string::npos ||
                            name.find_first_not_of("0123456789.") == std::string::npos;
    if (is_address || name.find_first_of(" \t\r\n#") != std::string::npos) continue;
    names.insert(name);
    names.insert(ascii_lower(name));
    if (name.ends_with('.')) name.pop_back();
    if (!name.empty()) names.insert(name);
  }
  std::string lines;
  for (const std::string& name : names) lines += address + " " + name + "\n";
  return lines;
}

std::string own_host_line(const std::string& address) {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') return "";
  return address + " " + name.data() + "\n";
}

TaskFiles write_task_files(const TaskFolder& folder, const ExchangeRequest& request) {
  const client::Settings& settings = request.settings;
  const TrustPem& given = request.trust;
  TaskFiles files;
  const std::string& address = request.endpoint.address;
  files.hosts =
      folder.write(".startle/hosts", hosts_lines(settings.host, address) + own_host_line(address));
  if (settings.password) files.password = folder.write(".startle/password", *settings.password);
  files.message = folder.write(".startle/message.eml", settings.message);
  files.trust.authorities = written(folder, ".startle/ca.pem", given.authorities);
  files.trust.revocation_lists = written(folder, ".startle/crl.pem", given.revocation_lists);
  files.trust.certificate = written(folder, ".startle/certificate.pem", given.certificate);
  files.trust.key = written(folder, ".startle/key.pem", given.key);
  return files;
}

}  // namespace startle::subject
