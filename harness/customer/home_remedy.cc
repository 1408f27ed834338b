#include "harness/customer/home_remedy.h"

#include <algorithm>

#include "harness/base/shell_word.h"
#include "harness/base/text.h"

namespace startle::customer {
namespace {

constexpr const char* kThen = " && ";

bool has_alias(const Store& store, const std::string& alias) {
  return std::any_of(store.entries.begin(), store.entries.end(), [&](const StoreEntry& entry) {
    return equal_ignoring_case(entry.alias, alias);
  });
}

// Java compares aliases in lower case.
std::string free_alias(const Store& store, const std::string& host) {
  std::string alias = host;
  for (int n = 2; has_alias(store, alias); ++n) alias = host + "-" + std::to_string(n);
  return alias;
}

std::string into_store(const std::filesystem::path& file) {
  return "-keystore " + shell_path(file);
}

std::string move(const std::filesystem::path& from, const std::filesystem::path& to) {
  return "mv " + shell_path(from) + " " + shell_path(to);
}

}  // namespace

std::string Remedy::fetch() const {
  const std::uint16_t port =
      use_.port != 0 ? use_.port : words::mode_row(use_.protocol, use_.tls).port;
  const bool ipv6 = host_.find(':') != std::string::npos;
  const std::string at = (ipv6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port);
  const std::string starttls = use_.tls == Tls::implicit
                                   ? ""
                                   : "-starttls " + std::string(startle::word(use_.protocol)) + " ";
  return "openssl s_client " + starttls + "-connect " + shell_word(at) +
         " -showcerts </dev/null >" + shell_path(host_ + ".pem");
}

std::string Remedy::import(const std::string& alias, const std::string& from,
                           const std::string& into) const {
  return "keytool -importcert -noprompt -trustcacerts -alias " + shell_word(alias) + " -file " +
         from + " " + into;
}

std::filesystem::path Remedy::aside() const {
  std::filesystem::path name = file_;
  name += ".old";
  std::error_code ignored;
  for (int n = 2; std::filesystem::exists(std::filesystem::symlink_status(name, ignored)); ++n) {
    name = file_;
    name += ".old" + std::to_string(n);
  }
  return name;
}

std::string Remedy::make_anew(bool aside_first) const {
  // A server that is not reached costs nobody the store.
  return fetch() + kThen + (aside_first ? move(file_, aside()) + kThen : "") +
         import(host_, shell_path(host_ + ".pem"), into_store(file_));
}

std::string Remedy::make_missing() const {
  if (use_.tls == Tls::starttls) {
    return fetch() + kThen + import(host_, shell_path(host_ + ".pem"), "-cacerts");
  }
  std::error_code ignored;
  const std::filesystem::path folder = file_.parent_path();
  const bool there = std::filesystem::exists(folder, ignored);
  return (there ? "" : "mkdir -p " + shell_path(folder) + kThen) + make_anew(false);
}

std::string Remedy::add(const Store& store, const std::string& replaced) const {
  const std::string alias = replaced.empty() ? free_alias(store, host_) : replaced;
  const std::string before = replaced.empty() ? ""
                                              : "keytool -delete -alias " + shell_word(replaced) +
                                                    " " + into_store(file_) + kThen;
  return fetch() + kThen + before + import(alias, shell_path(host_ + ".pem"), into_store(file_));
}

std::string Remedy::import_from(const std::filesystem::path& from) const {
  if (from != file_) return import(host_, shell_path(from), into_store(file_));
  const std::filesystem::path moved = aside();
  return move(file_, moved) + kThen + import(host_, shell_path(moved), into_store(file_));
}

std::string Remedy::convert(const std::string& from_format, const std::string& format) const {
  const std::filesystem::path moved = aside();
  return move(file_, moved) + kThen + "keytool -importkeystore -srckeystore " + shell_path(moved) +
         " -srcstoretype " + from_format + " -destkeystore " + shell_path(file_) +
         " -deststoretype " + format;
}

std::string Remedy::copy(const std::filesystem::path& from) const {
  return "cp " + shell_path(from) + " " + shell_path(file_);
}

std::string Remedy::rename(const std::filesystem::path& from) const {
  return move(from, file_);
}

}  // namespace startle::customer
