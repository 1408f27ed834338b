#pragma once
// What a fake server says where it does not behave: at named points of the dialogue, literal bytes,
// delays, closes. Everything it does not state is what a well-behaved server does.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fake-servers/dialogue/wire_tap.h"
#include "harness/base/words.h"
#include "harness/tls/priority.h"
#include "harness/tls/server_profile.h"

namespace startle::fake {

// A point is reached when the client has said what leads there; `greeting` on connecting (inside
// TLS where that is implicit). Which of them a protocol has says its ServerProtocol.
enum class Point {
  // clang-format off
  greeting, ehlo, helo, starttls, ehlo_in_tls, auth, mail, rcpt, data, message, quit,
  root_dse, root_dse_in_tls, bind, whoami, search, unbind,
  // clang-format on
};
inline constexpr auto kPoints = word_table<Point>({
    {Point::greeting, "greeting"},
    {Point::ehlo, "ehlo"},
    {Point::helo, "helo"},
    {Point::starttls, "starttls"},
    {Point::ehlo_in_tls, "ehlo-in-tls"},
    {Point::auth, "auth"},
    {Point::mail, "mail"},
    {Point::rcpt, "rcpt"},
    {Point::data, "data"},
    {Point::message, "message"},
    {Point::quit, "quit"},
    {Point::root_dse, "root-dse"},
    {Point::root_dse_in_tls, "root-dse-in-tls"},
    {Point::bind, "bind"},
    {Point::whoami, "whoami"},
    {Point::search, "search"},
    {Point::unbind, "unbind"},
});
constexpr Words words_of(Point) {
  return kPoints;
}

// Steps at a point. Each Send is one write, hence one segment; with `every` there are so many of
// them, and the server listens in between.
struct Send {
  std::string bytes{};
  std::size_t times = 1;
  std::chrono::milliseconds every{};
};
// A response to the request that was just read, encoded as the server's persona does. Everything
// not stated is as a well-behaved LDAP server has it. SMTP takes `code` and `diagnostic`, the text
// of a reply.
struct Respond {
  std::int64_t code = 0;                       // resultCode (RFC 4511, A)
  std::string as{};                            // operation, "bind-response"; empty: the right one
  std::optional<std::string> response_name{};  // of an extended response; "" leaves it out
  std::int64_t id_offset = 0;                  // added to the request's message id
  std::optional<std::int64_t> id{};            // whatever the request's is
  std::string diagnostic{};
  std::size_t diagnostic_size = 0;     // that text over and over, up to so many octets
  std::optional<std::string> value{};  // of an extended response; of a bind: serverSaslCreds
  std::vector<std::pair<std::string, bool>> controls{};  // by type: is it critical?
  std::vector<std::string> referrals{};  // {referral}: the address of the second listener
  // Of a search entry, by type and value; values of one type stand together.
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::optional<std::size_t> octets{};  // only the first so many octets are sent
  // In place of all that: octets in hex, as no well-behaved server encodes them. ID, ID+1 .. stand
  // for the request's message id.
  std::string bytes{};
  bool held = false;  // sent with what the next step sends, in one segment
};
// Listens meanwhile: what the client says during a pause, it says unasked.
struct Pause {
  std::chrono::milliseconds how_long{};
};
struct Usual {};     // what a well-behaved server says here
struct StartTls {};  // goes on inside TLS
// Inside TLS, a message of its handshake protocol or an alert, where none belongs.
struct SayTls {
  std::variant<tls::SaidAlert, tls::Message> what{};
};
struct EndTls {};   // close_notify; goes on in clear, on the same connection (RFC 4511, 4.14.3)
struct Silence {};  // never says anything again
struct Close {};    // ends the connection in an orderly way
struct Reset {};    // aborts it

using Step =
    std::variant<Send, Respond, Pause, Usual, StartTls, SayTls, EndTls, Silence, Close, Reset>;

struct Deviation {
  Point at = Point::greeting;
  std::vector<Step> steps{};
};

// How the server lies in a SASL exchange, inside a dialogue that is otherwise in order. Where the
// mechanism allows, everything else is right: of a lie in SCRAM's first message the signature that
// follows is that of the messages as they were sent.
enum class SaslLie {
  none,
  no_signature,         // success without the server's signature (RFC 5802, 5; RFC 4954, 4)
  wrong_signature,      // then success
  signature_in_reply,   // SMTP: the signature in the text of 235, where nobody may look for it
  unchanged_nonce,      // r= is the client's nonce, nothing added (RFC 5802, 5.1)
  foreign_nonce,        // r= does not begin with the client's nonce
  mandatory_extension,  // m= in the first message (RFC 5802, 5.1)
  optional_extension,   // x= in both messages: legal, to be passed over
  missing_salt,
  swapped_attributes,         // s= before r=
  any_channel_binding,        // takes whatever the client says it is bound to
  binding_error,              // e=channel-bindings-dont-match, whatever the client says
  error_then_success,         // e=other-error, or why a token is not taken; then success
  success_at_once,            // to the first message of the client
  success_without_last_step,  // where the mechanism's last message belongs
  challenge_for_success,      // one more challenge where success belongs
  challenges_for_ever,        // LDAP: saslBindInProgress
  no_credentials,             // LDAP: serverSaslCreds absent where a challenge belongs
  no_base64,                  // SMTP: a challenge that is none (RFC 4954, 4)
  no_space,                   // SMTP: a challenge of no octets is "334" alone (RFC 4954, 4)
  huge_challenge,             // 64 KiB of it
  padded_challenge,           // 8 KiB, which is legal (RFC 4954, 4)
  swapped_prompts,            // LOGIN: asks for the password first
  any_credentials,            // success for wrong ones too, with whatever signature comes of it
  short_signature,            // the first half of the right one, then success (RFC 5802, 5)
  late_extension,             // m= behind i=, where the optional ones stand (RFC 5802, 5.1)
  final_extension,            // m= in the last message (RFC 5802, 5.1)
  swapped_salt,               // i= before s=, and each could be the other
};
inline constexpr auto kSaslLies = word_table<SaslLie>({
    {SaslLie::none, "none"},
    {SaslLie::no_signature, "no-signature"},
    {SaslLie::wrong_signature, "wrong-signature"},
    {SaslLie::signature_in_reply, "signature-in-reply"},
    {SaslLie::unchanged_nonce, "unchanged-nonce"},
    {SaslLie::foreign_nonce, "foreign-nonce"},
    {SaslLie::mandatory_extension, "mandatory-extension"},
    {SaslLie::optional_extension, "optional-extension"},
    {SaslLie::missing_salt, "missing-salt"},
    {SaslLie::swapped_attributes, "swapped-attributes"},
    {SaslLie::any_channel_binding, "any-channel-binding"},
    {SaslLie::binding_error, "binding-error"},
    {SaslLie::error_then_success, "error-then-success"},
    {SaslLie::success_at_once, "success-at-once"},
    {SaslLie::success_without_last_step, "success-without-last-step"},
    {SaslLie::challenge_for_success, "challenge-for-success"},
    {SaslLie::challenges_for_ever, "challenges-for-ever"},
    {SaslLie::no_credentials, "no-credentials"},
    {SaslLie::no_base64, "no-base64"},
    {SaslLie::no_space, "no-space"},
    {SaslLie::huge_challenge, "huge-challenge"},
    {SaslLie::padded_challenge, "padded-challenge"},
    {SaslLie::swapped_prompts, "swapped-prompts"},
    {SaslLie::any_credentials, "any-credentials"},
    {SaslLie::short_signature, "short-signature"},
    {SaslLie::late_extension, "late-extension"},
    {SaslLie::final_extension, "final-extension"},
    {SaslLie::swapped_salt, "swapped-salt"},
});
constexpr Words words_of(SaslLie) {
  return kSaslLies;
}

// <sasl mechanisms=".." in-clear=".." hidden=".." unknown=".." refused=".." lie=".."
// iterations=".." result=".."/>
struct SaslScript {
  // What is offered inside TLS and before it: names parted by spaces; "": no AUTH at all. Absent:
  // what a well-behaved server offers there.
  std::optional<std::string> mechanisms{};
  std::optional<std::string> in_clear{};
  // What the server has beside the list, as where somebody in between has struck it out (RFC 5802,
  // 6); and what stands in the list and is not known when it is asked for: 504 (RFC 4954, 4), in
  // LDAP authMethodNotSupported.
  std::string hidden{};
  std::string unknown{};
  std::string refused{};  // what is known, and takes no credentials: 535, invalidCredentials
  SaslLie lie = SaslLie::none;
  std::optional<std::string> iterations{};  // i= of SCRAM, as it is: "0", "-1", "2147483648"
  // In place of success at the end of an exchange in which the client did all it should: the text
  // of a reply ("534 5.7.9 too weak"), or in LDAP a result code ("49").
  std::optional<std::string> result{};
};

struct Script {
  std::vector<Deviation> deviations{};  // each point at most once
  SaslScript sasl{};
  tls::Versions tls = tls::Versions::all;  // of those that the certificate leaves to it
  std::optional<tls::ServerProfile> profile{};
  std::vector<WireTap> taps{};
  // Takes AUTH and mail in clear: what a client gives away there, it gives away to anyone.
  bool accepts_in_clear = false;
  // Of a mode with implicit TLS: the server does not know, and speaks first in clear.
  bool begins_in_clear = false;
  // Takes mail, and answers searches, of who is not authenticated, inside TLS too.
  bool accepts_unauthenticated = false;

  const Deviation* at(Point point) const;
};

// All that it sends, where it does so at once.
std::string repeated(const Send& send);

// "S: 220 go ahead\r\n", for a transcript.
std::string describe(const Step& step);

}  // namespace startle::fake
