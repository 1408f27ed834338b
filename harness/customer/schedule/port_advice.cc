#include "harness/customer/schedule/port_advice.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace startle::customer {
namespace {

using words::Protocol;
using words::Tls;

struct PortRow {
  std::uint16_t port;
  std::optional<Protocol> protocol;  // nullopt: one that nobody here speaks
  bool begins_with_tls;
  const char* what;  // whose it is, and the source
};

// Of the registry of service names and ports; the global catalogue's are Microsoft's.
constexpr PortRow kPorts[] = {
    {25, Protocol::smtp, false, "that of SMTP (RFC 5321, 4.5.4.2)"},
    {465, Protocol::smtp, true, "that of submission over TLS (RFC 8314, 3.3)"},
    {587, Protocol::smtp, false, "that of submission (RFC 6409, 3.1)"},
    {389, Protocol::ldap, false, "that of LDAP (RFC 4511, 5.1)"},
    {636, Protocol::ldap, true, "that of LDAP over TLS (ldaps)"},
    {3268, Protocol::ldap, false, "that of the global catalogue of Active Directory"},
    {3269, Protocol::ldap, true, "that of the global catalogue of Active Directory over TLS"},
    {80, std::nullopt, false, "that of HTTP"},
    {443, std::nullopt, true, "that of HTTPS"},
    {110, std::nullopt, false, "that of POP3, by which mail is fetched"},
    {143, std::nullopt, false, "that of IMAP, by which mail is fetched"},
    {993, std::nullopt, true, "that of IMAP over TLS, by which mail is fetched"},
    {995, std::nullopt, true, "that of POP3 over TLS, by which mail is fetched"},
};

struct Usual {
  Protocol protocol;
  const char* in_clear;
  const char* with_tls;
};
constexpr Usual kUsual[] = {
    {Protocol::smtp, "port=\"587\"", "port=\"465\""},
    {Protocol::ldap, "port=\"389\"", "port=\"636\""},
};
static_assert(std::size(kUsual) == words::kProtocols.size(), "a protocol has no ports");

// The other port of such a server: the global catalogue has two of its own.
const char* other_port(const PortRow& row, const char* usual) {
  if (row.port == 3268) return "port=\"3269\"";
  if (row.port == 3269) return "port=\"3268\"";
  return usual;
}

const Usual& usual_of(Protocol protocol) {
  return *std::ranges::find(kUsual, protocol, &Usual::protocol);
}

std::string of_port(const PortRow& row) {
  return "port " + std::to_string(row.port) + " is " + row.what;
}

std::string never_clear(const PortRow& row, Protocol protocol, Tls tls, std::string_view demand) {
  const std::string begins = of_port(row) + ", and begins with TLS: ";
  if (tls == Tls::none) {
    return begins + "what is said in clear is not answered: write ssl=\"true\"";
  }
  const std::string asked =
      protocol == Protocol::smtp
          ? std::string(demand) + " waits there for a greeting that never comes"
          : "the server takes the request of " + std::string(demand) + " for broken TLS";
  return begins + asked + ": write ssl=\"true\" in place of " + std::string(demand) + ", or " +
         other_port(row, usual_of(protocol).in_clear);
}

std::string never_tls(const PortRow& row, Protocol protocol, std::string_view demand) {
  return of_port(row) + ", and begins in clear: " + std::string(demand) +
         " meets there what is no TLS (Java: \"Unsupported or unrecognized SSL message\"): write "
         "starttls=\"true\" in place of " +
         std::string(demand) + ", or " + other_port(row, usual_of(protocol).with_tls);
}

}  // namespace

std::string port_advice(Protocol protocol, Tls tls, std::uint16_t port, std::string_view demand) {
  const auto row = std::ranges::find(kPorts, port, &PortRow::port);
  if (row == std::end(kPorts)) return "";
  if (row->protocol != protocol) {
    const Usual& usual = usual_of(protocol);
    return of_port(*row) + ": no server for <" + std::string(word(protocol)) +
           "> answers there: write " + (tls == Tls::implicit ? usual.with_tls : usual.in_clear);
  }
  if (row->begins_with_tls && tls != Tls::implicit) return never_clear(*row, protocol, tls, demand);
  if (!row->begins_with_tls && tls == Tls::implicit) return never_tls(*row, protocol, demand);
  return "";
}

}  // namespace startle::customer
