// How Java's mail libraries meet a server that does not offer, or not grant, STARTTLS: measured on
// OpenJDK 17.0.15 with JavaMail 1.6.5, Jakarta Mail 2.0.0, Angus Mail 2.0.2 and 2.0.5, all four the
// same in every line that the server received; against what the built-in client does under the
// model `javamail` with the policy of the same name. The certificate is valid, a user and a
// password are given. Trust models say nothing of such servers, so that a difference is no model's
// fault: it has its reason here.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cases/engine/run_for_test.h"

namespace startle::cases {
namespace {

using fake::Point;
using fake::Send;
using fake::StartTls;
using words::Ending;
using words::Mode;
using words::TlsPolicy;

// What came of an exchange, a letter for each way: T sent, and AUTH, inside TLS; t so, without
// AUTH; C sent in clear, with AUTH; c so, without; B sent, and AUTH, inside TLS behind an AUTH in
// clear; F fails, f behind an AUTH in clear.
using Way = char;

// mail.smtp.starttls.enable, .required (with enable, or alone), neither.
enum class Told { enable, required, neither };

struct Row {
  const char* behaviour;
  fake::Script script;
  Way enable;
  Way required;
  Way neither;
  const char* why_otherwise = "";  // where the built-in client does otherwise with enable, or both
};

fake::Script saying(Point point, std::vector<fake::Step> steps) {
  return {.deviations = {{.at = point, .steps = std::move(steps)}}, .accepts_in_clear = true};
}
fake::Script also(fake::Script script, Point point, std::string reply) {
  script.deviations.push_back({.at = point, .steps = {Send{std::move(reply)}}});
  return script;
}
fake::Script offering(std::string list) {
  return saying(Point::ehlo, {Send{std::move(list)}});
}
fake::Script answering(std::string reply) {
  return saying(Point::starttls, {Send{std::move(reply)}});
}
fake::Script without_auth(std::optional<std::string> in_clear) {
  fake::Script script{.accepts_in_clear = true, .accepts_unauthenticated = true};
  script.sasl.mechanisms = "";
  script.sasl.in_clear = std::move(in_clear);
  return script;
}

constexpr const char* kAuth = "250-x\r\n250 AUTH PLAIN LOGIN\r\n";
constexpr const char* kBoth = "250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";
constexpr std::chrono::milliseconds kLater{400};

constexpr const char* kInjected =
    "Java throws away what stands behind the go-ahead, the client gives up: both are safe (RFC "
    "3207, "
    "6)";
constexpr const char* kOldList =
    "Java goes by the list from before TLS where the EHLO inside it fails; to the client nothing "
    "is "
    "offered then (RFC 3207, 4.2)";
constexpr const char* kNobody =
    "Java sends mail as nobody where AUTH is not offered; the client was told a user, and says so";
constexpr const char* kDemanded =
    "Java asks for a STARTTLS that was not offered where AUTH is answered with 530; to the client "
    "that is a refusal";

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {"nostarttls", offering(kAuth), 'C', 'F', 'C'},
      {"nostarttls_noauth", offering("250 x\r\n"), 'c', 'F', 'c'},
      {"s454", answering("454 TLS not available due to temporary reason\r\n"), 'F', 'F', 'C'},
      {"s502", answering("502 not implemented\r\n"), 'F', 'F', 'C'},
      {"s250", answering("250 ok\r\n"), 'F', 'F', 'C'},
      {"sgarbled", answering("hello there\r\n"), 'F', 'F', 'C'},
      {"sclose", saying(Point::starttls, {fake::Close{}}), 'F', 'F', 'C'},
      {"garbage220",
       saying(Point::starttls, {Send{"220 go\r\n"}, fake::Pause{kLater}, Send{"hello\r\n"}}), 'F',
       'F', 'C'},
      {"garbage220same", saying(Point::starttls, {Send{"220 go\r\nhello\r\n"}, fake::Close{}}), 'F',
       'F', 'C'},
      {"inject_same",
       saying(Point::starttls, {Send{"220 go\r\n250-injected\r\n250 AUTH PLAIN\r\n"}, StartTls{}}),
       'T', 'T', 'C', kInjected},
      {"inject_later",
       saying(Point::starttls,
              {Send{"220 go\r\n"}, fake::Pause{kLater}, Send{"250 injected\r\n"}, StartTls{}}),
       'F', 'F', 'C'},
      {"multi220", saying(Point::starttls, {Send{"220-go\r\n220 now\r\n"}, StartTls{}}), 'T', 'T',
       'C'},
      {"ehlo2fail", also(offering(kBoth), Point::ehlo_in_tls, "500 no\r\n"), 'T', 'T', 'C',
       kOldList},
      {"auth530", also(offering(kAuth), Point::auth, "530 first STARTTLS\r\n"), 'B', 'F', 'B',
       kDemanded},
      {"noauth", without_auth(""), 't', 't', 'c', kNobody},
      {"noauth_after", without_auth("PLAIN LOGIN"), 't', 't', 'C', kNobody},
      {"auth_tls_only", {.accepts_in_clear = true}, 'T', 'T', 'c'},
      {"auth535", saying(Point::auth, {Send{"535 bad creds\r\n"}}), 'F', 'F', 'f'},
      {"greet554", saying(Point::greeting, {Send{"554 no\r\n"}}), 'F', 'F', 'F'},
      {"ehlo500", offering("500 no\r\n"), 'c', 'F', 'c'},
      {"lowerstarttls", offering("250-x\r\n250-starttls\r\n250 AUTH PLAIN LOGIN\r\n"), 'T', 'T',
       'C'},
      {"firstline", offering("250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"), 'C', 'F', 'C'},
      {"nostarttls_login", offering("250-x\r\n250 AUTH LOGIN\r\n"), 'C', 'F', 'C'},
      {"nostarttls_plain", offering("250-x\r\n250 AUTH PLAIN\r\n"), 'C', 'F', 'C'},
      {"auth530_plain",
       also(offering("250-x\r\n250 AUTH PLAIN\r\n"), Point::auth, "530 first STARTTLS\r\n"), 'B',
       'F', 'B', kDemanded},
  };
  return all;
}

// Of all rows: nothing in the settings asks for TLS, and the client keeps the password to itself.
constexpr const char* kNeither =
    "Java sends a password in clear where neither property is set; under every model a user "
    "without "
    "TLS ends in auth-unavailable";

Way way_of(const report::Verdict& verdict) {
  const auto said = [&](const std::string& beginning) {
    return std::any_of(verdict.dialogue.begin(), verdict.dialogue.end(),
                       [&](const std::string& line) { return line.starts_with(beginning); });
  };
  const bool auth_in_clear = said("C: AUTH ");
  if (verdict.observed == Ending::delivered_in_clear) return auth_in_clear ? 'C' : 'c';
  if (verdict.observed != Ending::delivered) return auth_in_clear ? 'f' : 'F';
  if (auth_in_clear) return 'B';
  return said("C (tls): AUTH ") ? 'T' : 't';
}

Way builtin_does(const Row& row, Told told) {
  Case one{.id = row.behaviour};
  one.setup.mode = told == Told::neither ? Mode::smtp_plain : Mode::smtp_starttls;
  one.setup.trust.reset();
  one.setup.script = row.script;
  one.expect = {{Ending::delivered}, "r"};
  one.expect_enabled = Expectation{{Ending::delivered}, "r"};
  Plan plan{.cases = {one}, .models = {words::TrustModel::javamail}};
  if (told != Told::neither) {
    plan.tls_policy = told == Told::enable ? TlsPolicy::enable : TlsPolicy::required;
  }
  const Ran ran = run_plan(plan, *subject::make_subject("builtin"), {.keep_dialogue = true});
  EXPECT_EQ(ran.verdicts.size(), 1U) << row.behaviour;
  return ran.verdicts.empty() ? '?' : way_of(ran.verdicts.front());
}

constexpr std::size_t kProducts = 4;

TEST(JavaDialogueMeasured, AgreesOrHasItsReason) {
  std::map<std::string, std::size_t> apart;
  std::size_t agreeing = 0;
  for (const Row& row : rows()) {
    for (const auto& [told, measured] : {std::pair{Told::enable, row.enable},
                                         {Told::required, row.required},
                                         {Told::neither, row.neither}}) {
      if (builtin_does(row, told) == measured) {
        agreeing += kProducts;
        continue;
      }
      const std::string why = told == Told::neither ? kNeither : row.why_otherwise;
      EXPECT_NE(why, "") << row.behaviour << ": Java " << measured << ", the built-in client "
                         << builtin_does(row, told);
      apart[why] += kProducts;
    }
  }
  EXPECT_EQ(rows().size() * 3 * kProducts, 300U);
  EXPECT_EQ(agreeing, 164U);
  EXPECT_EQ(apart,
            (std::map<std::string, std::size_t>{
                {kInjected, 8}, {kOldList, 8}, {kNobody, 16}, {kDemanded, 8}, {kNeither, 96}}));
}

}  // namespace
}  // namespace startle::cases
