#include <algorithm>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/customer/schedule/bind_name.h"
#include "harness/customer/schedule/schedule.h"
#include "harness/sasl/mechanism.h"
#include "harness/wire/ldap_filter.h"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

// "fuzz.xml:LINE: ..." on one line of bounded length.
void require_located(std::string_view text) {
  constexpr std::string_view kFile = "fuzz.xml:";
  require(text.substr(0, kFile.size()) == kFile);
  text.remove_prefix(kFile.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  require(digits > 0 && text.substr(digits, 2) == ": " && text.size() > digits + 2);
  require(text.size() <= digits + 2 + 300 && text.find('\n') == std::string_view::npos);
}

void require_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    require_located(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool has_any(const std::optional<std::string>& value) {
  return value && !value->empty();
}

// The rules of Entry.
void require_usable(const startle::customer::Entry& entry) {
  using namespace startle::customer;
  const bool smtp = entry.protocol == Protocol::smtp;
  const bool tls = entry.tls != Tls::none;
  require(!entry.host.empty() && entry.host.find_first_of(" \t\r\n@") == std::string::npos);
  require(entry.port > 0);
  const auto mechanism = startle::from_word<startle::sasl::Mechanism>(entry.mechanism.value_or(""));
  const bool external = mechanism == startle::sasl::Mechanism::external;
  require(mechanism.has_value() == entry.mechanism.has_value());
  require(!external || has_any(entry.certificate));
  require(!external || tls || !entry.reading.empty());
  if (mechanism && !external) require(has_any(entry.username) && has_any(entry.password));
  if (smtp) {
    require(!entry.email.empty() && entry.email.find_first_of(" \t\r\n<>") == std::string::npos);
    if (tls) require(entry.username != "" && entry.password != "");
  } else {
    require(is_distinguished_name(entry.base));
    require(std::holds_alternative<std::string>(startle::wire::parse_ldap_filter(entry.filter)));
    require(!mechanism || !startle::sasl::is_for_mail_alone(*mechanism));
    if (mechanism) return;
    require(entry.username != "" && entry.password != "");
    require(!entry.username || is_bind_name(*entry.username));
  }
}

}  // namespace

// The property: the file is refused with a good sentence for each mistake, or every entry is one
// that a client can be run with.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  try {
    const auto schedule =
        customer::parse_schedule("fuzz.xml", {reinterpret_cast<const char*>(data), size});
    require(!schedule.entries.empty());
    for (const customer::Entry& entry : schedule.entries) {
      require(entry.file == "fuzz.xml" && entry.line > 0);
      require_usable(entry);
    }
    for (const std::string& warning : schedule.warnings()) require_located(warning);
  } catch (const Error& e) {
    require(e.fault() == Fault::input);
    require(*e.what() != '\0');
    require_lines(e.what());
  }
  return 0;
}
