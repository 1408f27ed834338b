#include "fake-servers/dialogue/handshake_story.h"

#include "harness/tls/alert.h"

namespace startle::fake {
namespace {

// "alert 48, unknown_ca (it does not trust who issued it)"
std::string told_alert(const std::string& name) {
  const auto number = tls::alert_number(name);
  if (!number) return "alert " + name;
  const std::string_view meaning = tls::alert_meaning(*number);
  return "alert " + std::to_string(*number) + ", " + name +
         (meaning.empty() ? "" : " (" + std::string(meaning) + ")");
}

}  // namespace

std::string told_refusal(const std::string& alert) {
  const auto number = tls::alert_number(alert);
  const bool of_certificate = number && tls::is_about_certificate(*number);
  return std::string(of_certificate ? "the client refused the certificate: "
                                    : "the client ended the handshake: ") +
         told_alert(alert);
}

std::string told_handshake(const tls::HandshakeResult& result, const tls::Session& session) {
  const bool begun = session.heard_anything();
  using enum tls::HandshakeEnd;
  switch (result.end) {
    case established:
    case refused:  // no server verifies in the middle
      break;
    case alert_received:
      return told_refusal(session.alert_received());
    case not_tls:
      return "the client spoke in clear where its TLS handshake belongs: is it told to use TLS, "
             "and in the way of this server, STARTTLS or TLS from the first byte?";
    case failed:
    case own_failure: {
      const std::string& alert = session.alert_sent();
      const auto number = tls::alert_number(alert);
      return "the server ended the handshake" +
             (number ? ": alert " + std::to_string(*number) + ", " + alert : std::string()) + " (" +
             result.text + ")";
    }
    case closed:
      return begun ? "the client closed the connection in the middle of the handshake, without an "
                     "alert that would say why"
                   : "the client closed the connection before it began a TLS handshake";
    case timed_out:
      return begun ? "the client said nothing more in the middle of the handshake"
                   : "the client began no TLS handshake in time";
    case broken:
      return begun
                 ? "the connection was reset in the middle of the handshake, without an alert that "
                   "would say why"
                 : "the connection was reset before a TLS handshake began";
  }
  return {};
}

void note_handshake(const tls::HandshakeResult& result, const tls::Session& session,
                    Observation& seen) {
  seen.handshake_failure = told_handshake(result, session);
  seen.alert_sent = seen.handshake_failure.empty() ? "" : session.alert_sent();
  if (result.end == tls::HandshakeEnd::own_failure) {
    seen.server_failure = "the server's TLS library ended the handshake: " + result.text;
  }
}

}  // namespace startle::fake
