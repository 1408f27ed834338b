// What a composed server says. Every step is one that a case may have.

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "cases/engine/composition.h"
#include "cases/engine/possible_endings.h"
#include "cases/engine/sasl_reader.h"
#include "fake-servers/protocols.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using fake::Point;
using fake::Respond;
using fake::Send;
using fake::Step;

// ---- SMTP --------------------------------------------------------------------------------------

int right_code(Point point) {
  switch (point) {
    case Point::greeting:
    case Point::starttls:
      return 220;
    case Point::auth:
      return 235;
    case Point::data:
      return 354;
    case Point::quit:
      return 221;
    default:
      return 250;
  }
}

constexpr std::array kCodes{199, 200, 220, 221, 235, 250, 251, 299, 300, 334, 354, 399,
                            421, 432, 450, 451, 452, 454, 500, 501, 502, 503, 504, 521,
                            530, 534, 535, 538, 550, 552, 553, 554, 555, 571, 600, 999};
constexpr std::array kTexts{"ok",
                            "2.0.0 Ok",
                            "2.7.0 Authentication successful",
                            "4.7.0 later",
                            "5.7.1 not from this address",
                            "5.7.8 no",
                            "Ready to start TLS",
                            "cj0=",
                            "",
                            "{secret}",
                            "t\xc3\xa9xt"};
constexpr std::array kKeywords{
    "STARTTLS",   "starttls",         "XSTARTTLS",  "STARTTLSX",          "STARTTLS NOW",
    "AUTH PLAIN", "AUTH LOGIN PLAIN", "AUTH=PLAIN", "AUTH SCRAM-SHA-256", "SIZE 1024",
    "8BITMIME",   "PIPELINING",       "AUTH"};
// What is no reply, or not yet, or more than one.
constexpr std::array kOddities{"250",
                               "250{crlf}",
                               "25",
                               "250 half a line",
                               "250-and no more{crlf}",
                               "250-a{crlf}251 b{crlf}",
                               "250 a{hex:0a}",
                               "250 a{hex:00}b{crlf}",
                               "+OK ready{crlf}",
                               "{crlf}",
                               "250 ok{crlf}250 ok{crlf}",
                               "220 go{crlf}250 AUTH PLAIN{crlf}",
                               "535 5.7.8 no{crlf}235 2.7.0 yes{crlf}",
                               "{hex:16030100}",
                               "{hex:3000}"};

Step some_reply(Dice& dice, Point point) {
  const int code = dice.once_in(2) ? right_code(point) : dice.one_of(kCodes);
  const std::string number = std::to_string(code);
  std::string bytes;
  const bool capabilities = point == Point::ehlo || point == Point::ehlo_in_tls;
  const std::size_t more = capabilities ? dice.below(5) : (dice.once_in(5) ? 1 : 0);
  for (std::size_t i = 0; i < more; ++i) {
    bytes +=
        number + "-" + (capabilities ? dice.one_of(kKeywords) : dice.one_of(kTexts)) + "{crlf}";
  }
  const bool keyword = capabilities && more > 0;
  bytes += number + " " + (keyword ? dice.one_of(kKeywords) : dice.one_of(kTexts)) + "{crlf}";
  if (dice.once_in(40)) bytes = number + " {secret:4000}{crlf}";
  return Send{.bytes = bytes};
}

Step smtp_words(Dice& dice, Point point) {
  if (dice.once_in(5)) return Send{.bytes = dice.one_of(kOddities)};
  return some_reply(dice, point);
}

// ---- LDAP --------------------------------------------------------------------------------------

constexpr std::array<std::int64_t, 26> kResults{
    0, 0, 0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 32, 34, 48, 49, 50, 51, 52, 53, 80, 118};
constexpr std::array kOperations{
    "bind-response",          "extended-response", "search-done",
    "search-entry",           "search-reference",  "intermediate-response",
    "notice-of-disconnection"};
constexpr std::array kAttributes{"supportedExtension=1.3.6.1.4.1.1466.20037",
                                 "supportedSASLMechanisms=PLAIN",
                                 "supportedSASLMechanisms=SCRAM-SHA-256", "supportedLDAPVersion=3"};

Step ldap_words(Dice& dice, Point) {
  if (dice.once_in(12)) {
    constexpr std::array kBytes{"{hex:3000}",   "{hex:30}",   "{hex:3084ffffffff}",
                                "250 ok{crlf}", "{hex:3080}", "{hex:16030100}"};
    return Send{.bytes = dice.one_of(kBytes)};
  }
  Respond respond{.code = dice.one_of(kResults)};
  if (dice.once_in(4)) respond.as = dice.one_of(kOperations);
  if (dice.once_in(12)) respond.id_offset = dice.once_in(2) ? 1 : -1;
  if (dice.once_in(12)) respond.response_name = dice.once_in(2) ? "" : "1.3.6.1.4.1.1466.20037";
  if (dice.once_in(8)) respond.diagnostic = "what it says";
  if (dice.once_in(8)) respond.referrals = {"ldap://elsewhere.example.test/"};
  if (dice.once_in(10)) respond.octets = 1 + dice.below(9);
  if (respond.as == "search-entry" && dice.once_in(2)) {
    const std::string attribute = dice.one_of(kAttributes);
    const std::size_t equals = attribute.find('=');
    respond.attributes.emplace_back(attribute.substr(0, equals), attribute.substr(equals + 1));
  }
  respond.held = dice.once_in(12);
  return respond;
}

// ---- steps -------------------------------------------------------------------------------------

Step some_step(Dice& dice, Point point, bool directory) {
  switch (dice.below(20)) {
    case 0:
      return fake::Close{};
    case 1:
      return fake::Reset{};
    case 2:
      return fake::Silence{};
    case 3:
      return fake::EndTls{};
    case 4:
      return fake::StartTls{};
    case 5:
    case 6: {
      constexpr std::array kPauses{500, 5'000, 30'000, 700'000};
      return fake::Pause{.how_long = std::chrono::milliseconds(dice.one_of(kPauses))};
    }
    case 7:
    case 8:
    case 9:
    case 10:
      return fake::Usual{};
    default:
      return directory ? ldap_words(dice, point) : smtp_words(dice, point);
  }
}

void compose_deviation(Dice& dice, Setup& setup) {
  const bool directory = row_of(words::protocol_of(setup.mode)).is_directory;
  const fake::ServerProtocol& protocol = fake::server_protocol(words::protocol_of(setup.mode));
  const Point point = dice.one_of(protocol.points).point;
  if (!fake::comes_to(protocol, setup.mode, point) || setup.script.at(point) != nullptr) return;
  if (!has_rules(setup.mode, point)) return;
  fake::Deviation deviation{.at = point};
  for (std::size_t left = 1 + (dice.once_in(3) ? dice.below(3) : 0); left > 0; --left) {
    deviation.steps.push_back(some_step(dice, point, directory));
  }
  if (point == Point::starttls && !dice.once_in(4)) deviation.steps.emplace_back(fake::StartTls{});
  setup.script.deviations.push_back(std::move(deviation));
}

// A whole reply in clear behind the go-ahead, in its segment or the next, and a server that waits
// inside TLS, so that who believes it is heard (RFC 3207, 6; RFC 4511, 4.14.2).
void compose_injection(Dice& dice, Setup& setup) {
  const bool directory = row_of(words::protocol_of(setup.mode)).is_directory;
  fake::Deviation go_ahead{.at = Point::starttls};
  const bool one_segment = dice.once_in(2);
  if (directory) {
    const auto id = static_cast<std::int64_t>(dice.below(4));
    const char* as = dice.once_in(2) ? "bind-response" : "search-done";
    go_ahead.steps = {Respond{.held = one_segment}, Respond{.as = as, .id_offset = id}};
  } else {
    const std::string injected = dice.once_in(2) ? "250-a{crlf}250 AUTH PLAIN LOGIN{crlf}"
                                                 : "250 ok{crlf}235 2.7.0 ok{crlf}";
    go_ahead.steps = {Send{.bytes = "220 go ahead{crlf}" + (one_segment ? injected : "")}};
    if (!one_segment) go_ahead.steps.emplace_back(Send{.bytes = injected});
  }
  go_ahead.steps.emplace_back(fake::StartTls{});
  const Point first = directory ? Point::root_dse_in_tls : Point::ehlo_in_tls;
  setup.script.deviations = {
      go_ahead,
      {.at = first, .steps = {fake::Pause{std::chrono::milliseconds(500)}, fake::Usual{}}}};
}

// ---- SASL --------------------------------------------------------------------------------------

std::string some_list(Dice& dice, std::size_t most) {
  std::vector<std::string> names;
  for (std::size_t left = dice.below(most + 1); left > 0; --left) {
    std::string name(dice.once_in(8) ? "GSSAPI" : word(dice.word_of<sasl::Mechanism>()));
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : " ") + name;
  return list;
}

bool holds(const std::string& list, const std::string& name) {
  return (" " + list + " ").find(" " + name + " ") != std::string::npos;
}

void compose_sasl(Dice& dice, Setup& setup) {
  fake::SaslScript& sasl = setup.script.sasl;
  const words::Protocol protocol = words::protocol_of(setup.mode);
  const bool tls = words::demands_tls(setup.mode);
  if (tls && dice.once_in(2)) {
    sasl.mechanisms = some_list(dice, 5);
    if (setup.mechanism && !dice.once_in(4) && !holds(*sasl.mechanisms, *setup.mechanism)) {
      *sasl.mechanisms += (sasl.mechanisms->empty() ? "" : " ") + *setup.mechanism;
    }
  }
  if (!words::is_implicit_tls(setup.mode) && dice.once_in(3)) sasl.in_clear = some_list(dice, 4);
  if (dice.once_in(2)) {
    const auto lie = dice.word_of<fake::SaslLie>();
    if (has_lie(protocol, lie)) sasl.lie = lie;
  }
  if (sasl.mechanisms && dice.once_in(8)) {
    const std::string name(word(dice.word_of<sasl::Mechanism>()));
    (holds(*sasl.mechanisms, name) ? sasl.unknown : sasl.hidden) = name;
  }
  constexpr std::array kIterations{"0", "-1", "1", "4095", "4096", "10000", "1000001", "many"};
  if (dice.once_in(8)) sasl.iterations = dice.one_of(kIterations);
  constexpr std::array kReplies{"535 5.7.8 no",    "534 5.7.9 too weak", "454 4.7.0 later",
                                "504 5.5.4 which", "250 2.0.0 Ok",       "421 4.3.2 closing"};
  constexpr std::array kCodesOfBind{"49", "7", "8", "51", "53", "14", "5"};
  if (!dice.once_in(8)) return;
  const bool directory = row_of(protocol).is_directory;
  const std::string result = directory ? dice.one_of(kCodesOfBind) : dice.one_of(kReplies);
  if (fake::server_protocol(protocol).is_result(result)) sasl.result = result;
}

}  // namespace

void compose_script(Dice& dice, Setup& setup) {
  if (words::demands_tls(setup.mode) && dice.once_in(8)) {
    setup.script.tls = dice.word_of<tls::Versions>();
  }
  setup.script.accepts_in_clear = dice.once_in(4);
  if (dice.once_in(3)) compose_sasl(dice, setup);
  const bool starttls = words::row_of(setup.mode).tls == words::Tls::starttls;
  if (starttls && dice.once_in(24)) return compose_injection(dice, setup);
  constexpr std::array kHowMany{0, 0, 0, 0, 1, 1, 1, 2, 3};
  for (int left = dice.one_of(kHowMany); left > 0; --left) compose_deviation(dice, setup);
}

}  // namespace startle::cases
