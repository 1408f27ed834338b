#pragma once
// What support has of one server of a customer, already read: plain data, by which causes are
// weighed (weigh.h). No user's name and no password is in it, and nothing here opens a file.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/shell_word.h"
#include "harness/customer/home/home.h"
#include "harness/customer/schedule/mistake.h"
#include "harness/oracle/facts.h"
#include "harness/words/words.h"

namespace startle::diagnosis {

// The server as it is configured, or as a URL names it.
struct Server {
  std::string where{};         // "schedule.xml:4"; empty: no configuration has it
  std::string host{};          // empty: nothing that was given names it
  bool host_is_guess = false;  // it was taken from what was given, as no configuration names it
  std::uint16_t port = 0;
  words::Mode mode = words::Mode::smtp_starttls;
  bool mode_is_guess = false;          // so is the mode
  std::optional<std::string> trust{};  // nullopt: absent
  bool is_in_clear() const { return !words::demands_tls(mode); }
};

// A sentence about a key store, and the commands that mend it.
struct StoreFinding {
  customer::StoreProblem problem{};
  bool is_javas = false;  // of the Java runtime's own store; otherwise of the one kept for the host
  std::string sentence{};
  std::vector<std::string> remedy{};
};

// One certificate as a person knows it.
struct Certificate {
  std::string subject{};
  std::string issuer{};
  std::vector<std::string> names{};  // subjectAltName; where it has none the common name
  std::string first_day{};           // "2026-11-20"
  std::string last_day{};
  std::string fingerprint{};  // "SHA-256 AB:CD:.."
  bool is_self_signed = false;
};

// What the server shows.
struct Shown {
  std::string file{};                 // empty: it was seen just now
  std::vector<Certificate> chain{};   // not empty; end entity first
  oracle::Facts facts{};              // against the trust anchors that count
  std::vector<std::string> import{};  // commands: its anchor into the store that the product reads
  bool is_live() const { return file.empty(); }
};

// What the rules say of what is shown, read as one trust model and one meaning of a store have it.
struct Reading {
  words::TrustModel model{};
  words::StoreModel store{};
  bool has_store = false;  // `store` matters
  bool is_stated = false;  // it is the one by which health is judged
  std::vector<words::Ending> endings{};
  std::string reason{};
  bool accepted() const { return !endings.empty() && words::is_success(endings.front()); }
};

// What a log, or a stack trace, says.
struct Logged {
  std::string file{};
  long line = 0;                         // of the line that decides; 0: none does
  std::string text{};                    // that line
  std::vector<std::string> besides{};    // other lines of the same failure
  std::vector<words::Ending> endings{};  // the likeliest first; empty: the log says nothing
  std::optional<words::Protocol> protocol{};
  std::string client{};              // who wrote it, as people call it; empty: nobody knows
  bool is_java = false;              // Java's TLS has printed it
  std::vector<std::string> hosts{};  // that it names as servers
};

// What was seen of the server itself.
struct Seen {
  words::Ending ending{};              // certificates aside; a success where nothing failed
  std::string sentence{};              // why
  std::string failed_step{};           // "greeting"; empty: none
  std::vector<std::string> offered{};  // the capabilities before TLS
  bool offers_tls_masked = false;      // something stands where STARTTLS would: "XXXXXXXA"
};

struct Evidence {
  Server server{};
  words::TrustModel stated = words::TrustModel::documented;
  std::vector<std::string> refusals{};  // of the file: no product can start with it
  customer::Mistakes mistakes{};        // of this element, and of the file
  std::vector<StoreFinding> stores{};
  bool has_store = false;  // some store was given or found
  std::optional<Shown> shown{};
  std::vector<Reading> readings{};  // of `shown`
  std::optional<Logged> log{};
  std::string silent_log{};  // the file of one in which nothing is that is known
  std::optional<Seen> seen{};
  std::optional<Certificate> given{};  // the first of a file, where `shown` was seen just now
  std::string given_file{};
  std::string today{};     // "2026-12-01"
  std::string repeated{};  // the command line that asked, up to more evidence: "startle diagnose x"
  Shell shell = Shell::posix;
};

}  // namespace startle::diagnosis
