#pragma once
// `startle certs show FILE.pem`: what a real server shows, drawn and judged as a recipe is.

#include <optional>
#include <string>
#include <vector>

#include "harness/oracle/facts.h"
#include "harness/report/json_value.h"

namespace startle::program {

// A chain out of a file, and what is to be said of it.
struct ShownFile {
  std::string file{};
  std::vector<std::string> der{};
  std::string host{};       // that a client is told to reach
  bool host_given = false;  // otherwise it is the first that the certificate presents
  oracle::Facts facts{};    // with this machine's authorities for anchors
  std::string anchors{};    // which these are
};

// Whether `what` is a file with certificates in it, be they any good.
bool is_shown_file(const std::string& what);

// `host`: nullopt: the first name that the certificate presents. At the run's clock. Throws
// Error(Fault::input) for a file that says nothing, Error(Fault::usage) where no name is to be had.
ShownFile read_shown_for(const std::string& file, const std::optional<std::string>& host);

// `color`: with the escapes of a terminal.
std::string drawing_of(const ShownFile& shown, bool color);

// {"file", "name", "trust_anchors", "certificates": [{"subject", ..}], "endings", "facts"}
report::Json shown_json(const ShownFile& shown);

}  // namespace startle::program
