#include "harness/customer/home/home.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "harness/base/file.h"
#include "harness/base/shell_word.h"
#include "harness/base/text.h"
#include "harness/customer/home/home_content.h"
#include "harness/customer/home/home_names.h"
#include "harness/customer/home/home_reading.h"
#include "harness/customer/home/home_remedy.h"

namespace startle::customer {
namespace {

namespace fs = std::filesystem;
using Kind = FileContent::Kind;

constexpr const char* kFallsBack = "Java trusts what its cacerts holds and says nothing of it";
constexpr std::size_t kMostNames = 100'000;  // of a folder
constexpr std::size_t kMostListed = 3;       // in a sentence

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (names.size() == kMostNames) break;
    if (at->is_regular_file(error)) names.push_back(at->path().filename());
    error.clear();
  }
  return names;
}

bool is_name_of_certificates(const std::string& name) {
  constexpr std::array<std::string_view, 6> kExtensions{".pem", ".crt", ".cer",
                                                        ".der", ".p7b", ".p7c"};
  const std::string extension = ascii_lower(fs::path(name).extension().string());
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

class Finder {
 public:
  Finder(fs::path file, const std::string& host, const StoreUse& use)
      : host_(host), remedy_(found_.file, host_, found_.use) {
    found_.use = use;
    if (shell_for(file.native()) == Shell::cmd) found_.use.shell = Shell::cmd;
    found_.file = std::move(file);
  }

  FoundStore find(const std::optional<std::string>& password) && {
    if (host_.find('/') != std::string::npos) {
      add(StoreProblem::missing, name() + " cannot be: " + shell_word(host_) + " is no host name",
          {});
    } else {
      look(password);
    }
    return std::move(found_);
  }

 private:
  std::string name() const { return remedy_.name(); }
  fs::path folder() const { return found_.file.parent_path(); }

  void add(StoreProblem problem, std::string sentence, Commands remedy) {
    add(problem, found_.file, std::move(sentence), std::move(remedy));
  }
  void add(StoreProblem problem, fs::path file, std::string sentence, Commands remedy) {
    found_.diagnoses.push_back({.problem = problem,
                                .file = std::move(file),
                                .sentence = std::move(sentence),
                                .remedy = std::move(remedy)});
  }

  void look(const std::optional<std::string>& password) {
    if (found_.use.shell == Shell::cmd) take_any_case();
    std::error_code error;
    const fs::file_status status = fs::status(found_.file, error);
    if (found_.use.tls == Tls::starttls) return fs::exists(status) ? unread() : missing({});
    if (error == std::errc::permission_denied) return closed_folder();
    if (!fs::exists(status)) return absent();
    if (!fs::is_regular_file(status)) return no_file(status);
    std::string bytes;
    try {
      const std::uintmax_t size = fs::file_size(found_.file, error);
      if (!error && size > kLargestStore) return too_large();
      bytes = read_file(found_.file, kLargestStore);
    } catch (const Error&) {
      return add(StoreProblem::unreadable,
                 name() + " cannot be read by this user; where that is so for the product too, " +
                     kFallsBack,
                 remedy_.show_rights(found_.file));
    }
    read_host_store(found_, remedy_, bytes, password);
    check_writers(found_.file);
    check_writers(folder());
  }

  // On Windows the letter case of a name does not count.
  void take_any_case() {
    std::error_code error;
    if (fs::exists(found_.file, error)) return;
    for (const std::string& name : names_in(folder())) {
      if (!equal_ignoring_case(name, host_ + ".ks")) continue;
      found_.file = folder() / name;
      return;
    }
  }

  void unread() {
    add(StoreProblem::unread,
        name() +
            " is not read for STARTTLS: there the product takes Java's own store, cacerts, and the "
            "certificate of an unknown authority belongs into that (its password is changeit "
            "unless somebody changed it)",
        remedy_.make_missing());
  }

  // ---- where there is no file ------------------------------------------------------------------

  void closed_folder() {
    for (const fs::path& at : {folder().parent_path(), folder()}) {
      if (::access(at.c_str(), X_OK) == 0) continue;
      return add(StoreProblem::unreadable, at,
                 remedy_.path(at) + " cannot be searched by this user, so " + name() +
                     " cannot be read; where that is so for the product too, " + kFallsBack,
                 remedy_.show_rights(at));
    }
    add(StoreProblem::unreadable,
        name() + " is a link that this user cannot follow; where that is so for the product too, " +
            kFallsBack,
        remedy_.show_rights(found_.file));
  }

  void no_file(const fs::file_status& status) {
    add(StoreProblem::unreadable,
        name() + (fs::is_directory(status) ? " is a folder" : " is a device or a pipe") +
            ", not a file: " + kFallsBack,
        remedy_.make_anew());
  }

  void absent() {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(found_.file, error))) {
      const fs::path to = fs::read_symlink(found_.file, error);
      return add(StoreProblem::unreadable,
                 name() + " is a link to " + remedy_.path(to) + ", which is missing: " + kFallsBack,
                 remedy_.make_anew());
    }
    std::vector<NearMiss> misses = near_misses(host_, names_in(folder()), found_.use.other_hosts);
    // Stores of other hosts are no fault of this one's, be they configured or not.
    const auto first_other = std::find_if(misses.begin(), misses.end(), [](const NearMiss& near) {
      return serves_another(near.miss);
    });
    const std::vector<NearMiss> others(first_other, misses.end());
    misses.erase(first_other, misses.end());
    for (const NearMiss& near : misses) {
      if (near.miss == Miss::extension ? other_extension(near) : other_name(near)) return;
    }
    if (!other_folder()) missing(others);
  }

  static bool serves_another(Miss miss) { return miss == Miss::another || miss == Miss::address; }

  bool other_name(const NearMiss& near) {
    const fs::path there = folder() / near.name;
    // A short name or a longer one may be that of a host of another configuration.
    const bool keeps =
        near.miss == Miss::short_name || near.miss == Miss::longer_name || near.miss == Miss::slip;
    add(StoreProblem::misnamed, there,
        remedy_.path(there) + " does not serve " + host_ + ": " +
            std::string(reason_of(near.miss)) + ", and Java opens exactly " + name(),
        keeps ? remedy_.copy(there) : remedy_.rename(there));
    return true;
  }

  // The home itself, and a folder whose name is not quite `keystore`.
  bool other_folder() {
    const fs::path home = folder().parent_path();
    std::vector<fs::path> folders{home};
    std::error_code error;
    for (fs::directory_iterator at(home, error), end; !error && at != end; at.increment(error)) {
      const std::string lower = ascii_lower(at->path().filename().native());
      const bool is_alike = lower == "keystore" || lower == "keystores" || lower == "key_store";
      if (is_alike && at->path() != folder()) folders.push_back(at->path());
    }
    std::sort(folders.begin() + 1, folders.end());
    for (const fs::path& at : folders) {
      if (other_folder(at)) return true;
    }
    return false;
  }
  bool other_folder(const fs::path& at) {
    std::error_code error;
    fs::path there = at / (host_ + ".ks");
    if (!fs::is_regular_file(there, error)) {
      const auto misses = near_misses(host_, names_in(at), found_.use.other_hosts);
      if (misses.empty() || misses.front().miss != Miss::letter_case) return false;
      there = at / misses.front().name;
    }
    add(StoreProblem::misplaced, there,
        remedy_.path(there) + " does not serve " + host_ + ": it does not stand in the folder " +
            remedy_.path(folder()) + ", and Java opens exactly " + name(),
        remedy_.copy(there));
    return true;
  }

  // Only what is a store, or can become one: a log or a note of that name says nothing.
  bool other_extension(const NearMiss& near) {
    const fs::path there = folder() / near.name;
    std::string bytes;
    try {
      bytes = read_file(there, kLargestStore);
    } catch (const Error&) {
      return false;
    }
    const FileContent content = content_of(bytes);
    const bool is_store =
        content.kind == Kind::store || content.kind == Kind::jceks || content.kind == Kind::encoded;
    const auto lying =
        !is_store && is_name_of_certificates(near.name) ? anchor_in(bytes, there) : std::nullopt;
    if (!is_store && !lying) return false;
    add(StoreProblem::wrong_extension, there,
        remedy_.path(there) + " does not serve " + host_ + ": " +
            (is_store ? "" : "it is " + content.name + " and no key store, ") +
            (is_store ? "Java" : "and Java") + " opens exactly " + name(),
        is_store ? remedy_.copy(there)
                 : remedy_.import_from(*lying, lying->number == 1 && is_for_keytool(content.kind)));
    return true;
  }

  void missing(const std::vector<NearMiss>& others) {
    std::string sentence = name() + " is missing";
    for (std::size_t i = 0; i < std::min(others.size(), kMostListed); ++i) {
      sentence += (i > 0                ? ", "
                   : others.size() == 1 ? " (there is "
                                        : " (there are ") +
                  word_for(found_.use.shell, others[i].name);
    }
    if (others.size() > kMostListed) {
      sentence += " and " + std::to_string(others.size() - kMostListed) + " more";
    }
    if (!others.empty()) sentence += ")";
    sentence += std::string(": ") + kFallsBack;
    sentence += found_.use.tls == Tls::starttls
                    ? "; for STARTTLS that is where the product wants the certificate of an "
                      "unknown authority (the password of cacerts is changeit unless somebody "
                      "changed it), and one of a known authority needs nothing"
                    : "; the certificate of a known authority needs nothing more";
    add(StoreProblem::missing, sentence, remedy_.make_missing());
  }

  void too_large() {
    add(StoreProblem::damaged,
        name() + " has more than " + std::to_string(kLargestStore >> 20) +
            " MiB: that is no key store of a host",
        remedy_.make_anew());
  }

  void check_writers(const fs::path& at) {
    std::error_code error;
    const fs::perms mode = fs::status(at, error).permissions();
    const bool everybody = (mode & fs::perms::others_write) != fs::perms::none;
    const bool own_only = (mode & fs::perms::sticky_bit) != fs::perms::none && at == folder();
    if (error || !everybody || own_only) return;
    add(StoreProblem::world_writable, at,
        remedy_.path(at) +
            " can be written by every user of this machine: each of them decides which servers "
            "are trusted",
        remedy_.close(at));
  }

  std::string host_;
  FoundStore found_{};
  Remedy remedy_;  // of found_
};

}  // namespace

StoreUse use_of(const Entry& entry) {
  return {.protocol = entry.protocol, .tls = entry.tls, .port = entry.port};
}

FoundStore find_host_store(const fs::path& home, const std::string& host,
                           const std::optional<std::string>& password, const StoreUse& use) {
  return Finder(home / "keystore" / (host + ".ks"), host, use).find(password);
}

FoundStore find_given_store(const fs::path& file, const std::string& host,
                            const std::optional<std::string>& password, const StoreUse& use) {
  FoundStore found = Finder(file, host, use).find(password);
  std::erase_if(found.diagnoses, [](const StoreDiagnosis& one) {
    return one.problem == StoreProblem::world_writable;
  });
  return found;
}

std::string_view axis_value(const FoundStore& found) {
  const auto has = [&found](StoreProblem problem) {
    return std::any_of(found.diagnoses.begin(), found.diagnoses.end(),
                       [problem](const StoreDiagnosis& d) { return d.problem == problem; });
  };
  if (has(StoreProblem::misnamed) || has(StoreProblem::misplaced) ||
      has(StoreProblem::wrong_extension)) {
    return "host-misnamed";
  }
  if (has(StoreProblem::missing) || has(StoreProblem::unreadable) || has(StoreProblem::unread)) {
    return "host-missing";
  }
  if (has(StoreProblem::wrong_password)) return "host-wrong-password";
  if (!found.store) return "host-corrupt";
  // As for a PKCS #12 store without a password, Java finds 0 entries.
  if (has(StoreProblem::locked) || has(StoreProblem::no_certificate) ||
      has(StoreProblem::not_trusted)) {
    return "host-no-password";
  }
  if (has(StoreProblem::renewed)) return "host-renewed-certificate";
  if (has(StoreProblem::other_certificate)) return "host-other-certificate";
  return found.store->format == StoreFormat::jks ? "host-jks" : "host-pkcs12";
}

}  // namespace startle::customer
