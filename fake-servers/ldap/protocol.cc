// The row of LDAP: what everybody but its conversation has to know of it.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <variant>

#include "fake-servers/ldap/recorder.h"
#include "fake-servers/ldap/server.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {
namespace {

using When = PointRow::When;
using words::Invariant;

constexpr std::array kPointsOfLdap = std::to_array<PointRow>({
    {Point::greeting},
    {Point::starttls, When::starttls},
    {Point::root_dse, When::before_tls},
    {Point::root_dse_in_tls, When::in_tls},
    {Point::bind},
    {Point::whoami},
    {Point::search},
    {Point::unbind},
});

bool is_extended(std::string_view line, std::string_view oid) {
  if (!line.starts_with(kExtended)) return false;
  line.remove_prefix(kExtended.size());
  return line.starts_with(oid) && (line.size() == oid.size() || line[oid.size()] == ' ');
}

// RFC 4513, 3.1.1. An anonymous bind gives nothing away.
CommandTraits traits_of(std::string_view line) {
  const bool needs_identity = line.starts_with(kSearch) || is_extended(line, wire::kWhoAmIOid);
  return {.is_harmless = line == kRootDseSearch || line == kAnonymousBind || line == kUnbind ||
                         line.starts_with(kAbandon) || is_extended(line, wire::kStartTlsOid),
          .finds_out = line == kRootDseSearch,
          .leaves = line == kUnbind,
          .authenticates = line.starts_with(kBind),
          .needs_identity = needs_identity,
          .follows_login = needs_identity};
}

// RFC 4511, 4.14.2
bool is_go_ahead(const std::string& octets) {
  const auto parsed = wire::parse_ldap_message(octets);
  const auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
  if (whole == nullptr) return false;
  const auto* response = std::get_if<wire::LdapExtendedResponse>(&whole->message.operation);
  return response != nullptr && response->result.code == wire::kLdapSuccess;
}

// A result code, or octets.
WordedReply worded_reply(const std::string& text, bool, const std::string&) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() == sign || text.find_first_not_of("0123456789", sign) != std::string::npos) {
    return {.step = Send{.bytes = text}, .goes_ahead = is_go_ahead(text)};
  }
  std::int64_t code = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (failed != std::errc{}) return {.complaint = "is no result code: it has 64 bits at most"};
  return {.step = Respond{.code = code}, .goes_ahead = code == wire::kLdapSuccess};
}

bool is_result_code(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} && end == text.data() + text.size();
}

constexpr Advice kToARefusedPeer{
    .why = "the peer is not who it should be, and is talked to all the same",
    .fix = "after a failed verification send an alert, or unbind, and close (RFC 4513, 3.1.3)"};
constexpr std::array kAdviceOfLdap = std::to_array<Advice>({
    {Invariant::secret_in_clear, "whoever is on the path has the password",
     "never bind with a password outside TLS where TLS is demanded (RFC 4513, 2)"},
    {Invariant::payload_in_clear,
     "whoever is on the path reads and changes what the directory says",
     "until TLS stands, read the root DSE, ask for StartTLS, unbind, and nothing else (RFC 4513, "
     "3.1.1)"},
    {Invariant::secret_to_refused_peer, kToARefusedPeer.why, kToARefusedPeer.fix},
    {Invariant::continued_after_refusal, kToARefusedPeer.why, kToARefusedPeer.fix},
    {Invariant::believed_injected_bytes,
     "an attacker answers for the server inside the encrypted session",
     "discard, or refuse, whatever stands behind the StartTLS response (RFC 4511, 4.14.2)"},
    {Invariant::stale_capabilities,
     "an attacker chooses the mechanisms by changing the root DSE sent in clear",
     "forget what the root DSE said before TLS and read it again (RFC 4513, 3.1.5)"},
    {Invariant::did_not_await_tls,
     "what was not asked for inside TLS anyone may have written, and its answer too",
     "send nothing behind StartTLS until its response is read and TLS stands (RFC 4511, 4.14.1)"},
    {Invariant::hung, "a server that stalls stops the client for ever",
     "give every wait a time-out"},
});

}  // namespace

constinit const ServerProtocol kLdapProtocol{
    .protocol = words::Protocol::ldap,
    .conversation = make_ldap_conversation,
    .points = kPointsOfLdap,
    .traits_of = traits_of,
    .worded_reply = worded_reply,
    .reply_note = ",\nwhere a CODE is a result code and a TEXT are octets, bind='{hex:300c..}'",
    .foreign_step = "reply",
    .foreign_step_why =
        "<reply> is a line of SMTP: an LDAP server answers with <respond>, or with "
        "bytes of its own in <send>",
    .is_result = is_result_code,
    .result_form = "result code of LDAP: write a number like 49",
    .reply_texts = response_texts,
    .nothing_done = "the server answered no search",
    .tls_clause = "RFC 4513, 6.2",
    .advice = kAdviceOfLdap,
};

}  // namespace startle::fake
