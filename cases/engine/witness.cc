#include "cases/engine/witness.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "fake-servers/protocols.h"

namespace startle::cases {
namespace {

using fake::Observation;
using fake::Point;
using words::Ending;
using Endings = std::vector<Ending>;
using enum words::Ending;

const Endings kOfCertificates{certificate_host_mismatch, certificate_expired,
                              certificate_not_yet_valid, certificate_not_trusted,
                              certificate_revoked,       certificate_wrong_purpose,
                              validation_failure};
const Endings kBeforeTls{starttls_not_supported, starttls_refused, protocol_error,
                         refused_by_server,      throttled,        auth_unavailable,
                         handshake_failure,      connection_lost,  timeout};
const Endings kBeforeLogin{auth_rejected, auth_unavailable,    protocol_error,  refused_by_server,
                           throttled,     configuration_error, connection_lost, timeout};
const Endings kBehindLogin{sender_not_authorized, message_rejected, refused_by_server, throttled,
                           connection_lost,       timeout};
const Endings kInHandshake{handshake_failure, protocol_error, connection_lost, timeout};

// What an alert says of the certificate (RFC 8446, 6.2); nothing: the handshake ended for some
// other reason. OpenSSL names an authority that is none unknown_ca, too.
struct AlertRow {
  std::string_view alert{};
  Endings named{};  // empty: any of them
};
const std::array<AlertRow, 8> kAlerts{{
    {"bad_certificate"},
    {"certificate_unknown"},
    {"bad_certificate_status_response"},
    {"access_denied"},
    {"unsupported_certificate", {certificate_wrong_purpose}},
    {"certificate_revoked", {certificate_revoked}},
    {"certificate_expired", {certificate_expired, certificate_not_yet_valid}},
    {"unknown_ca", {certificate_not_trusted}},
}};

const AlertRow* row_of(const std::string& alert) {
  const auto* row = std::ranges::find(kAlerts, std::string_view(alert), &AlertRow::alert);
  return row == kAlerts.end() ? nullptr : row;
}

Endings operator+(Endings all, const Endings& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

bool is_directory(const Exchange& exchange) {
  return words::row_of(words::protocol_of(exchange.mode)).is_directory;
}

// An answer with something the matter besides what it says: a client may end on it.
bool is_spoilt(const fake::Step& step) {
  const auto* respond = std::get_if<fake::Respond>(&step);
  if (respond == nullptr) return !std::holds_alternative<fake::Usual>(step);
  return respond->id_offset != 0 || !respond->as.empty() || respond->response_name ||
         respond->octets || respond->id || respond->value || !respond->controls.empty() ||
         !respond->bytes.empty();
}

// Where the server itself may have spoilt what follows a login.
bool may_be_spoilt(const Exchange& exchange, std::initializer_list<Point> points) {
  return std::any_of(points.begin(), points.end(), [&](Point point) {
    const fake::Deviation* const deviation = exchange.script.at(point);
    return deviation != nullptr &&
           std::any_of(deviation->steps.begin(), deviation->steps.end(), is_spoilt);
  });
}

// What the client has said where it may talk freely, leaving aside its farewell.
class Said {
 public:
  Said(const Exchange& exchange, const Observation& seen) {
    const auto& protocol = fake::server_protocol(words::protocol_of(exchange.mode));
    const bool in_clear =
        words::may_do_without_tls(exchange.mode, exchange.tls_policy) && seen.handshakes == 0;
    const bool tls = words::demands_tls(exchange.mode) && !in_clear;
    for (const std::string& line : tls ? seen.tls_commands : seen.clear_commands) {
      const fake::CommandTraits traits = protocol.traits_of(line);
      if (traits.leaves) continue;
      last = line;
      went_on = went_on || tls || !traits.is_harmless;
      follows_login = follows_login || traits.follows_login;
    }
  }
  bool went_on = false;
  bool follows_login = false;  // it took its login for done
  std::string last{};
};

Witnessed with_success(const Exchange& exchange, const Observation& seen) {
  const bool directory = is_directory(exchange);
  const Ending inside = directory ? bound : delivered;
  const Ending ending = seen.tls_version.empty() ? delivered_in_clear : inside;
  Witnessed client{.possible = {ending},
                   .what = "the client ended with " + std::string(word(ending))};
  if (directory && may_be_spoilt(exchange, {Point::search, Point::whoami})) {
    client.possible = client.possible + kBehindLogin + Endings{protocol_error};
    client.what = "the client was told of success";
  } else {
    client.ending = ending;
  }
  return client;
}

Witnessed having_said(const Exchange& exchange, const Observation& seen, const Said& said) {
  Witnessed client{.possible = kBeforeLogin};
  if (said.follows_login) {
    client.possible = kBehindLogin;
    // RFC 4954, 6: 530 asks for what the client believes it has done.
    if (!seen.authenticated && !is_directory(exchange)) {
      client.possible.push_back(auth_unavailable);
    }
    const bool spoilt = may_be_spoilt(exchange, {Point::mail, Point::rcpt, Point::data,
                                                 Point::message, Point::whoami, Point::search});
    if (spoilt || seen.sent_behind_go_ahead) client.possible.push_back(protocol_error);
  }
  client.what = "the client went no further than `" + said.last + "`";
  if (!seen.authenticated) return client;
  client.only_logged_in = !said.follows_login && !is_directory(exchange);
  // A client of a directory may want to be bound and nothing else.
  if (is_directory(exchange))
    client.possible.push_back(seen.tls_version.empty() ? delivered_in_clear : bound);
  return client;
}

Witnessed with_refusal(const AlertRow& row) {
  Witnessed client{.possible = kOfCertificates, .refused_certificate = true, .named = row.named};
  client.ending = row.named.empty() ? refused : row.named.front();
  client.what = "the client refused the certificate (alert " + std::string(row.alert) + ")";
  return client;
}

Witnessed in_handshake(const Observation& seen) {
  Witnessed client{
      .possible = kInHandshake + kOfCertificates, .left_untold = true, .shown = kInHandshake};
  client.what =
      "the handshake was not finished, and no alert of the client's says that it is for "
      "the certificate" +
      (seen.alert.empty() ? "" : " (alert " + seen.alert + ")");
  return client;
}

Witnessed before_tls(const Exchange& exchange, const Observation& seen) {
  Witnessed client{.possible = kBeforeTls};
  const bool greeted =
      !words::is_implicit_tls(exchange.mode) && exchange.script.at(Point::greeting);
  client.silent = seen.bytes_in_clear.empty() && !greeted;
  const bool wants_tls = words::demands_tls(exchange.mode);
  client.what = client.silent ? "the client said nothing"
                : wants_tls   ? "the client left before TLS"
                              : "the client left before it authenticated";
  return client;
}

}  // namespace

Witnessed witnessed(const Exchange& exchange, const Observation& seen) {
  const Said said(exchange, seen);
  if (seen.delivered > 0) return with_success(exchange, seen);
  if (said.went_on) return having_said(exchange, seen, said);
  const AlertRow* const alert = row_of(seen.alert);
  if (alert != nullptr && seen.handshakes > 0) return with_refusal(*alert);
  if (!seen.tls_version.empty()) {
    return {.possible = kOfCertificates + kBeforeLogin + Endings{handshake_failure},
            .left_untold = true,
            .what =
                "the client left right behind the handshake: whether it accepted the "
                "certificate does not show"};
  }
  return seen.handshakes > 0 ? in_handshake(seen) : before_tls(exchange, seen);
}

}  // namespace startle::cases
