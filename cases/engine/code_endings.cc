#include "cases/engine/code_endings.h"

#include <algorithm>

#include "harness/base/text.h"

namespace startle::cases {
namespace {

using fake::Point;
using words::Ending;

Passage ends(Ending ending) {
  return {.endings = {ending}};
}
constexpr auto kProtocolError = Ending::protocol_error;

bool demands_starttls(const Exchange& exchange) {
  return words::row_of(exchange.mode).tls == words::Tls::starttls;
}

// ---- SMTP --------------------------------------------------------------------------------------

Passage of_capabilities(const Exchange& exchange, Point point, const Said& said) {
  const auto code = static_cast<int>(said.code);
  const bool in_clear = point == Point::ehlo;
  if (code >= 500 && in_clear && demands_starttls(exchange)) {
    return ends(Ending::starttls_not_supported);
  }
  // RFC 5321, 3.2: who wants no extension may fall back to HELO.
  if (code >= 500) return {.endings = {Ending::refused_by_server}, .passes = in_clear};
  if (code >= 400) return ends(Ending::throttled);
  if (code != 250) return ends(kProtocolError);
  if (!in_clear || !demands_starttls(exchange)) return {.passes = true};
  bool offered = false;
  for (std::size_t i = 1; i < said.lines.size(); ++i) {  // the first is the server's name
    const std::string& line = said.lines[i];
    if (equal_ignoring_case(line, "STARTTLS")) offered = true;
    // A parameter is none of the keyword's business (RFC 3207, 4): either reading is legal.
    if (ascii_upper(line).starts_with("STARTTLS ")) return {.is_open = true};
  }
  return offered ? Passage{.passes = true} : ends(Ending::starttls_not_supported);
}

Passage of_starttls(const Said& said) {
  const auto code = static_cast<int>(said.code);
  if (code == 220) return {.passes = true};
  return ends(code >= 400 ? Ending::starttls_refused : kProtocolError);
}

Passage of_auth(const Said& said) {
  const auto code = static_cast<int>(said.code);
  if (code == 334) return {.is_open = true};
  if (code == 235) return {.endings = {kProtocolError}, .passes = true};
  if (code < 400) return ends(kProtocolError);
  if (code < 500) return ends(Ending::auth_unavailable);
  // Of the password (RFC 4954, 4 and 6; RFC 5248, 2.4).
  const bool says_nothing = code == 503 || code == 504 || code == 523 || code == 524 ||
                            code == 530 || code == 534 || code == 538;
  return ends(says_nothing ? Ending::auth_unavailable : Ending::auth_rejected);
}

Passage of_mail(const Said& said) {
  const auto code = static_cast<int>(said.code);
  if (code < 300) return {.passes = true};
  if (code < 400) return ends(kProtocolError);
  if (code == 530) return ends(Ending::auth_unavailable);
  const bool enhanced = said.lines.back().starts_with("5.7.1 ") || said.lines.back() == "5.7.1" ||
                        said.lines.front().starts_with("5.7.1 ");
  if (code == 553) return ends(Ending::sender_not_authorized);
  if (enhanced) return {.endings = {Ending::sender_not_authorized, Ending::message_rejected}};
  return ends(Ending::message_rejected);
}

Passage of_transaction(Point point, const Said& said) {
  const auto code = static_cast<int>(said.code);
  const bool passes = point == Point::data ? code == 354 : code < 300;
  if (passes) return {.passes = true};
  return ends(code >= 400 ? Ending::message_rejected : kProtocolError);
}

// ---- LDAP --------------------------------------------------------------------------------------

bool is_busy(std::int64_t code) {
  return code == 51 || code == 52;
}

Ending refusal(std::int64_t code) {
  return is_busy(code) ? Ending::throttled : Ending::refused_by_server;
}

Passage of_root_dse(Point point, const Said& said) {
  if (said.code != 0 && is_busy(said.code)) return ends(Ending::throttled);
  if (point == Point::root_dse_in_tls || said.offers_starttls) return {.passes = true};
  // RFC 4512, 5.1: it may hide its attributes, so that to ask anyway and to give up are both sound.
  return {.endings = {Ending::starttls_not_supported}, .passes = !said.lists_extensions};
}

Passage of_ldap_starttls(const Said& said) {
  switch (said.code) {
    case 0:
      return {.passes = true};
    case 2:
      return ends(Ending::starttls_not_supported);
    case 51:
      return ends(Ending::throttled);
    case 52:
      return {.endings = {Ending::throttled, Ending::starttls_refused}};
    default:
      return ends(Ending::starttls_refused);
  }
}

Passage of_bind(const Exchange& exchange, const Said& said) {
  const bool sasl = exchange.mechanism.has_value();
  switch (said.code) {
    case 0:
      if (!sasl) return {.passes = true};
      return {.endings = {kProtocolError}, .passes = true};
    case 14:
      return sasl ? Passage{.is_open = true} : ends(kProtocolError);
    case 5:
    case 6:
      return ends(kProtocolError);
    case 7:
    case 8:
    case 13:
      return ends(Ending::auth_unavailable);
    case 51:
    case 52:
      return ends(Ending::throttled);
    case 10:
    case 53:
      return ends(Ending::refused_by_server);
    default:
      return ends(Ending::auth_rejected);
  }
}

}  // namespace

Passage passage_of_reply(const Exchange& exchange, Point point, const Said& said) {
  if (said.code == 421) return ends(Ending::throttled);
  switch (point) {
    case Point::greeting:
      if (said.code == 220) return {.passes = true};
      if (said.code < 400) return ends(kProtocolError);
      return ends(said.code < 500 ? Ending::throttled : Ending::refused_by_server);
    case Point::ehlo:
    case Point::ehlo_in_tls:
      return of_capabilities(exchange, point, said);
    case Point::starttls:
      return of_starttls(said);
    case Point::auth:
      return of_auth(said);
    case Point::mail:
      return of_mail(said);
    default:
      return of_transaction(point, said);
  }
}

Passage passage_of_result(const Exchange& exchange, Point point, const Said& said) {
  switch (point) {
    case Point::root_dse:
    case Point::root_dse_in_tls:
      return of_root_dse(point, said);
    case Point::starttls:
      return of_ldap_starttls(said);
    case Point::bind:
      return of_bind(exchange, said);
    case Point::whoami:
      return {.passes = true};  // RFC 4532: not every server knows it
    default:
      break;
  }
  // As much as the client wanted (4), or a referral, is an answer.
  const bool answered = said.code == 0 || said.code == 4 || said.code == 10;
  return answered ? Passage{.passes = true} : ends(refusal(said.code));
}

}  // namespace startle::cases
