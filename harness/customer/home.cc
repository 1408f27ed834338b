#include "harness/customer/home.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "harness/base/file.h"
#include "harness/base/shell_word.h"
#include "harness/customer/home_content.h"
#include "harness/customer/home_names.h"
#include "harness/customer/home_reading.h"
#include "harness/customer/home_remedy.h"

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

class Finder {
 public:
  Finder(const fs::path& home, const std::string& host, const StoreUse& use)
      : host_(host), remedy_(found_.file, host_, found_.use) {
    found_.use = use;
    found_.file = home / "keystore" / (host + ".ks");
  }

  FoundStore find(const std::optional<std::string>& password) && {
    if (host_.find('/') != std::string::npos) {
      add(StoreProblem::missing, name() + " cannot be: " + shell_word(host_) + " is no host name",
          "");
    } else {
      look(password);
    }
    return std::move(found_);
  }

 private:
  std::string name() const { return shell_path(found_.file); }
  fs::path folder() const { return found_.file.parent_path(); }

  void add(StoreProblem problem, std::string sentence, std::string remedy) {
    add(problem, found_.file, std::move(sentence), std::move(remedy));
  }
  void add(StoreProblem problem, fs::path file, std::string sentence, std::string remedy) {
    found_.diagnoses.push_back({.problem = problem,
                                .file = std::move(file),
                                .sentence = std::move(sentence),
                                .remedy = std::move(remedy)});
  }

  void look(const std::optional<std::string>& password) {
    std::error_code error;
    const fs::file_status status = fs::status(found_.file, error);
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
                 "chmod a+r " + name());
    }
    read_host_store(found_, remedy_, bytes, password);
    check_writers(found_.file);
    check_writers(folder());
  }

  // ---- where there is no file ------------------------------------------------------------------

  void closed_folder() {
    for (const fs::path& at : {folder().parent_path(), folder()}) {
      if (::access(at.c_str(), X_OK) == 0) continue;
      return add(StoreProblem::unreadable, at,
                 shell_path(at) + " cannot be searched by this user, so " + name() +
                     " cannot be read; where that is so for the product too, " + kFallsBack,
                 "chmod a+rx " + shell_path(at));
    }
    add(StoreProblem::unreadable,
        name() + " is a link that this user cannot follow; where that is so for the product too, " +
            kFallsBack,
        "namei -l " + name());
  }

  void no_file(const fs::file_status& status) {
    add(StoreProblem::unreadable,
        name() + (fs::is_directory(status) ? " is a folder" : " is a device or a pipe") +
            ", not a file: " + kFallsBack,
        remedy_.make_anew(true));
  }

  void absent() {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(found_.file, error))) {
      const fs::path to = fs::read_symlink(found_.file, error);
      return add(StoreProblem::missing,
                 name() + " is a link to " + shell_path(to) + ", which is missing: " + kFallsBack,
                 remedy_.make_anew(true));
    }
    std::vector<NearMiss> misses = near_misses(host_, names_in(folder()), found_.use.other_hosts);
    const auto first_other = std::find_if(misses.begin(), misses.end(), [](const NearMiss& near) {
      return near.miss == Miss::another;
    });
    // Of several that serve other hosts none can be told to be meant for this one.
    const std::vector<NearMiss> others(first_other, misses.end());
    if (others.size() > 1) misses.erase(first_other, misses.end());
    for (const NearMiss& near : misses) {
      if (near.miss == Miss::extension ? other_extension(near) : other_name(near)) return;
    }
    missing(others);
  }

  static bool may_serve_another(Miss miss) {
    return miss == Miss::another || miss == Miss::address;
  }

  bool other_name(const NearMiss& near) {
    const fs::path there = folder() / near.name;
    add(StoreProblem::misnamed, there,
        shell_path(there) + " does not serve " + host_ + ": " + std::string(reason_of(near.miss)) +
            ", and Java opens exactly " + name(),
        may_serve_another(near.miss) ? remedy_.copy(there) : remedy_.rename(there));
    return true;
  }

  // Only what is a store, or can become one: a log or a note of that name says nothing.
  bool other_extension(const NearMiss& near) {
    const fs::path there = folder() / near.name;
    FileContent content;
    try {
      content = content_of(read_file(there, kLargestStore));
    } catch (const Error&) {
      return false;
    }
    if (content.kind == Kind::other) return false;
    const bool is_store = content.kind == Kind::store || content.kind == Kind::jceks;
    add(StoreProblem::wrong_extension, there,
        shell_path(there) + " does not serve " + host_ + ": " +
            (is_store ? "" : "it is " + content.name + " and no key store, ") +
            (is_store ? "Java" : "and Java") + " opens exactly " + name(),
        is_store ? remedy_.rename(there) : remedy_.import_from(there));
    return true;
  }

  void missing(const std::vector<NearMiss>& others) {
    std::string sentence = name() + " is missing";
    for (std::size_t i = 0; i < std::min(others.size(), kMostListed); ++i) {
      sentence += (i == 0 ? " (there are " : ", ") + shell_word(others[i].name);
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
        remedy_.make_anew(true));
  }

  void check_writers(const fs::path& at) {
    std::error_code error;
    const fs::perms mode = fs::status(at, error).permissions();
    const bool everybody = (mode & fs::perms::others_write) != fs::perms::none;
    const bool own_only = (mode & fs::perms::sticky_bit) != fs::perms::none && at == folder();
    if (error || !everybody || own_only) return;
    add(StoreProblem::world_writable, at,
        shell_path(at) +
            " can be written by every user of this machine: each of them decides which servers "
            "are trusted",
        "chmod go-w " + shell_path(at));
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
  return Finder(home, host, use).find(password);
}

std::string_view axis_value(const FoundStore& found) {
  const auto has = [&found](StoreProblem problem) {
    return std::any_of(found.diagnoses.begin(), found.diagnoses.end(),
                       [problem](const StoreDiagnosis& d) { return d.problem == problem; });
  };
  if (has(StoreProblem::misnamed) || has(StoreProblem::wrong_extension)) return "host-misnamed";
  if (has(StoreProblem::missing) || has(StoreProblem::unreadable)) return "host-missing";
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
