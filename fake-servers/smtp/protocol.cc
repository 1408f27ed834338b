// The row of SMTP: what everybody but its conversation has to know of it.

#include <algorithm>
#include <array>

#include "fake-servers/smtp/server.h"
#include "harness/base/text.h"

namespace startle::fake {
namespace {

using When = PointRow::When;
using words::Invariant;

constexpr std::array kPointsOfSmtp = std::to_array<PointRow>({
    {Point::greeting},
    {Point::ehlo, When::before_tls},
    {Point::helo, When::before_tls},
    {Point::starttls, When::starttls},
    {Point::ehlo_in_tls, When::in_tls},
    {Point::auth},
    {Point::mail},
    {Point::rcpt},
    {Point::data},
    {Point::message},
    {Point::quit},
});

CommandTraits traits_of(std::string_view line) {
  // RFC 8314, 5.2: until the demanded protection is reached, only finding out what is offered.
  constexpr std::array<std::string_view, 7> kHarmless{"EHLO", "HELO", "STARTTLS", "NOOP",
                                                      "RSET", "HELP", "QUIT"};
  const std::string verb = ascii_upper(line.substr(0, line.find(' ')));
  // RFC 3207, 4.1: a client that does not like what the handshake gave may say QUIT, nothing else.
  return {.is_harmless = std::find(kHarmless.begin(), kHarmless.end(), verb) != kHarmless.end(),
          .finds_out = verb == "EHLO",
          .leaves = verb == "QUIT",
          .authenticates = verb == "AUTH",
          .follows_login = verb == "MAIL" || verb == "RCPT" || verb == "DATA"};
}

bool is_code(std::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), is_digit);
}

WordedReply worded_reply(const std::string& text, bool meant_as_code, const std::string& told_by) {
  if (meant_as_code && !is_code(text)) {
    return {.complaint = "is no reply code: SMTP's have three digits"};
  }
  const std::string line = is_code(text) ? text + " as told by " + told_by : text;
  return {.step = Send{.bytes = line + "\r\n"}, .goes_ahead = line.starts_with("220")};
}

bool is_reply(std::string_view text) {
  return text.size() >= 3 && is_code(text.substr(0, 3)) && text.front() >= '2' &&
         text.front() <= '5' && (text.size() == 3 || text[3] == ' ');
}

constexpr std::string_view kHasPassword = "whoever is on the path has the password";
constexpr Advice kToARefusedPeer{
    .why = "the peer is not who it should be, and is talked to all the same",
    .fix = "after a failed verification send an alert, or QUIT, and close (RFC 3207, 4.1)"};
constexpr std::array kAdviceOfSmtp = std::to_array<Advice>({
    {Invariant::secret_in_clear, kHasPassword,
     "never authenticate outside TLS where TLS is demanded (RFC 4954, 9)"},
    {Invariant::payload_in_clear, "whoever is on the path reads and changes the mail",
     "until TLS stands, send only EHLO, STARTTLS, NOOP and QUIT (RFC 8314, 5.2)"},
    {Invariant::secret_to_refused_peer, kToARefusedPeer.why, kToARefusedPeer.fix},
    {Invariant::continued_after_refusal, kToARefusedPeer.why, kToARefusedPeer.fix},
    {Invariant::believed_injected_bytes,
     "an attacker answers for the server inside the encrypted session (CVE-2021-22947)",
     "discard, or refuse, whatever stands behind the go-ahead (RFC 3207, 6)"},
    {Invariant::stale_capabilities,
     "an attacker chooses the mechanisms by changing the list sent in clear",
     "forget every capability learned before TLS and ask again (RFC 3207, 4.2)"},
    {Invariant::did_not_await_tls,
     "what was not asked for inside TLS anyone may have written, and its answer too "
     "(CVE-2011-0411)",
     "send nothing behind STARTTLS but the handshake, and that when 220 is read (RFC 3207, 4)"},
    {Invariant::hung, "a server that stalls stops the client for ever",
     "give every wait a time-out (RFC 5321, 4.5.3.2)"},
});

}  // namespace

constinit const ServerProtocol kSmtpProtocol{
    .protocol = words::Protocol::smtp,
    .conversation = make_smtp_conversation,
    .points = kPointsOfSmtp,
    .usual_mechanisms = kUsualSmtpMechanisms,
    .traits_of = traits_of,
    .worded_reply = worded_reply,
    .foreign_step = "respond",
    .foreign_step_why = "<respond> is a message of LDAP: an SMTP server answers with <reply>",
    .is_result = is_reply,
    .result_form = "reply: write one like 535 5.7.8 refused",
    .nothing_done = "the server accepted no message",
    .tls_clause = "RFC 8314, 5.2",
    .advice = kAdviceOfSmtp,
};

}  // namespace startle::fake
