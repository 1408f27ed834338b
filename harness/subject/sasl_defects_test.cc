// What each defect of SASL does, and that the sound client does not: one submission per row.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "harness/base/bytes.h"
#include "harness/client/ldap_session_for_test.h"
#include "harness/client/sasl_session_for_test.h"
#include "harness/subject/defect.h"

namespace startle::subject {
namespace {

using client::challenge_of;
using client::octets_of;
using client::SaslServer;
using client::ScramPeer;
using Lines = std::vector<std::string>;

std::unique_ptr<client::Decisions> defect(std::string_view name) {
  const auto found = std::find_if(defects().begin(), defects().end(),
                                  [&](const Defect& one) { return one.name == name; });
  return found == defects().end() ? nullptr : found->make();
}

// A sound server of SCRAM but for its challenge, made of the client's nonce.
SaslServer challenging(std::function<std::string(const std::string&)> challenge) {
  const auto peer = std::make_shared<ScramPeer>();
  peer->challenge = std::move(challenge);
  return sound_scram(peer);
}

// What follows the client's last message, in place of its signature; success comes after a 334.
SaslServer ending_with(std::function<std::string(const std::string& signature)> last) {
  const auto peer = std::make_shared<ScramPeer>();
  return [peer, last](const std::string& line) -> std::string {
    if (line.empty()) return "235 ok";
    const std::string answer = peer->answer(octets_of(line));
    return line.starts_with("AUTH") ? challenge_of(answer) : last(answer);
  };
}

struct Row {
  const char* name;  // of the defect
  const char* offered;
  std::optional<std::string> mechanism;
  std::function<SaslServer()> server;
  const char* sound;      // the ending of the sound client
  const char* defective;  // of the defective one
  const char* says = "";  // and its sentence; "": whatever
};

SaslServer plain_after(const char* refusal) {
  return [refusal](const std::string& line) -> std::string {
    return line.starts_with("AUTH PLAIN") ? "235 ok" : refusal;
  };
}

const Row kRows[] = {
    {"accepts-missing-signature",
     "SCRAM-SHA-256",
     {},
     [] { return ending_with([](const std::string&) { return "235 ok"; }); },
     "protocol-error",
     "delivered"},
    {"accepts-wrong-signature",
     "SCRAM-SHA-256",
     {},
     [] { return ending_with([](const std::string&) { return challenge_of("v=AAAA"); }); },
     "protocol-error",
     "delivered"},
    {"accepts-short-signature",
     "SCRAM-SHA-256",
     {},
     [] { return ending_with([](const std::string& v) { return challenge_of(v.substr(0, 14)); }); },
     "protocol-error",
     "delivered"},
    {"accepts-success-after-error",
     "SCRAM-SHA-256",
     {},
     [] { return ending_with([](const std::string&) { return challenge_of("e=other-error"); }); },
     "protocol-error",
     "delivered"},
    {"accepts-early-success",
     "SCRAM-SHA-256",
     {},
     [] { return [](const std::string&) { return "235 ok"; }; },
     "protocol-error",
     "delivered"},
    {"accepts-early-success",
     "LOGIN",
     {},
     [] { return [](const std::string&) { return "235 ok"; }; },
     "protocol-error",
     "delivered"},
    {"reads-signature-in-reply",
     "SCRAM-SHA-256",
     {},
     [] { return ending_with([](const std::string& v) { return "235 " + v; }); },
     "protocol-error",
     "delivered"},
    {"reads-signature-in-reply",
     "SCRAM-SHA-256",
     {},
     [] { return ending_with([](const std::string& v) { return "235 " + to_base64(v); }); },
     "protocol-error",
     "delivered"},
    {"accepts-unchanged-nonce",
     "SCRAM-SHA-256",
     {},
     [] { return challenging([](const std::string& r) { return "r=" + r + ",s=QSXC,i=4096"; }); },
     "protocol-error",
     "delivered"},
    {"accepts-foreign-nonce",
     "SCRAM-SHA-256",
     {},
     [] { return challenging([](const std::string&) { return "r=other,s=QSXC,i=4096"; }); },
     "protocol-error",
     "delivered"},
    {"ignores-mandatory-extension",
     "SCRAM-SHA-256",
     {},
     [] {
       return challenging([](const std::string& r) { return "m=x,r=" + r + "x,s=QSXC,i=4096"; });
     },
     "protocol-error",
     "delivered"},
    {"overlooks-late-extension",
     "SCRAM-SHA-256",
     {},
     [] {
       return challenging([](const std::string& r) { return "r=" + r + "x,s=QSXC,i=4096,m=x"; });
     },
     "protocol-error",
     "delivered"},
    // These compute with what they make of the challenge, and so find another signature.
    {"computes-any-iterations",
     "SCRAM-SHA-256",
     {},
     [] { return challenging([](const std::string& r) { return "r=" + r + "x,s=QSXC,i=0"; }); },
     "protocol-error",
     "answers"},
    {"computes-any-iterations",
     "SCRAM-SHA-256",
     {},
     [] { return challenging([](const std::string& r) { return "r=" + r + "x,s=QSXC,i=-1"; }); },
     "protocol-error",
     "answers"},
    {"computes-any-iterations",
     "SCRAM-SHA-256",
     {},
     [] {
       return challenging(
           [](const std::string& r) { return "r=" + r + "x,s=QSXC,i=2147483648,x=y"; });
     },
     "protocol-error",
     "answers"},
    {"reads-attributes-in-any-order",
     "SCRAM-SHA-256",
     {},
     [] { return challenging([](const std::string& r) { return "s=QSXC,r=" + r + "x,i=4096"; }); },
     "protocol-error",
     "answers"},
    {"reads-attributes-in-any-order",
     "SCRAM-SHA-256",
     {},
     [] { return challenging([](const std::string& r) { return "r=" + r + "x,i=4096"; }); },
     "protocol-error",
     "answers"},
    {"answers-huge-challenge",
     "SCRAM-SHA-256",
     {},
     [] {
       return challenging([](const std::string& r) {
         return "r=" + r + "x,s=QSXC,i=4096,x=" + std::string(65536, 'x');
       });
     },
     "protocol-error",
     "delivered"},
    {"answers-beyond-end",
     "SCRAM-SHA-256",
     {},
     [] {
       const auto rounds = std::make_shared<int>(0);
       const auto sound = sound_scram(std::make_shared<ScramPeer>());
       return [rounds, sound](const std::string& line) -> std::string {
         return line.empty() && ++*rounds < 3 ? "334 " : sound(line);
       };
     },
     "protocol-error",
     "delivered"},
    {"answers-beyond-end",
     "LOGIN",
     {},
     [] { return [](const std::string&) { return "334 "; }; },
     "protocol-error",
     "protocol-error",
     "the server's challenges do not end"},
    {"answers-broken-base64",
     "CRAM-MD5",
     {},
     [] {
       return [](const std::string& line) -> std::string {
         return line.starts_with("AUTH") ? "334 not base64!" : "235 ok";
       };
     },
     "protocol-error",
     "delivered"},
    {"answers-broken-base64",
     "LOGIN",
     {},
     [] {
       return [](const std::string& line) -> std::string {
         return line == "Y2FuYXJ5" ? "235 ok" : "334 !!!!";
       };
     },
     "protocol-error",
     "delivered"},
    {"drops-channel-binding",
     "SCRAM-SHA-256 SCRAM-SHA-256-PLUS",
     {},
     [] {
       const auto peer = std::make_shared<std::shared_ptr<ScramPeer>>();
       const auto bound = std::make_shared<bool>(false);
       return [peer, bound](const std::string& line) -> std::string {
         if (line.starts_with("AUTH")) {
           *peer = std::make_shared<ScramPeer>();
           *bound = line.find("-PLUS") != std::string::npos;
         }
         if (line.empty()) return *bound ? "535 no" : "235 ok";
         const std::string answer = (*peer)->answer(octets_of(line));
         const bool last = !line.starts_with("AUTH");
         return challenge_of(*bound && last ? "e=channel-bindings-dont-match" : answer);
       };
     },
     "auth-rejected",
     "delivered"},
    {"steps-down-after-failure",
     "PLAIN SCRAM-SHA-256",
     {},
     [] { return plain_after("535 no"); },
     "auth-rejected",
     "delivered"},
    {"steps-down-after-failure",
     "PLAIN SCRAM-SHA-256",
     {},
     [] { return plain_after("432 transition"); },
     "auth-unavailable",
     "delivered"},
    {"steps-down-after-failure", "PLAIN SCRAM-SHA-256", "SCRAM-SHA-256",
     [] { return plain_after("534 weak"); }, "auth-unavailable", "delivered"},
    {"takes-late-504-for-unknown",
     "SCRAM-SHA-256 LOGIN CRAM-MD5",
     {},
     [] {
       const auto peer = std::make_shared<ScramPeer>();
       return [peer](const std::string& line) -> std::string {
         if (line.starts_with("AUTH SCRAM")) return challenge_of(peer->answer(octets_of(line)));
         if (line.starts_with("AUTH")) return challenge_of("<1@example.test>");
         return octets_of(line).starts_with("c=") ? "504 what?" : "235 ok";
       };
     },
     "auth-unavailable",
     "delivered"},
    {"gives-up-after-504",
     "PLAIN LOGIN",
     {},
     [] {
       const auto rounds = std::make_shared<int>(0);
       return [rounds](const std::string& line) -> std::string {
         if (line.starts_with("AUTH PLAIN")) return "504 no";
         return ++*rounds < 3 ? "334 " : "235 ok";
       };
     },
     "delivered",
     "auth-unavailable"},
    {"ignores-configured-mechanism", "PLAIN CRAM-MD5", "SCRAM-SHA-256",
     [] { return plain_after("535 no"); }, "auth-unavailable", "delivered"},
};

// What the client said behind the first challenge, "*" apart.
bool answers(const client::SmtpSaslRun& run) {
  for (std::size_t i = 0; i + 1 < run.heard.size(); ++i) {
    if (run.heard[i].starts_with("AUTH")) return octets_of(run.heard[i + 1]).starts_with("c=");
  }
  return false;
}

TEST(SaslDefects, EachIsSeenInASubmission) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto wrong = defect(row.name);
    ASSERT_TRUE(wrong);
    client::Settings settings = client::smtps_settings();
    settings.mechanism = row.mechanism;
    const auto sound = run_smtp(settings, row.offered, row.server());
    EXPECT_EQ(word(sound.outcome.ending), row.sound) << sound.outcome.sentence;
    const auto defective = run_smtp(settings, row.offered, row.server(), *wrong);
    if (row.defective == std::string("answers")) {
      EXPECT_FALSE(answers(sound));
      EXPECT_TRUE(answers(defective)) << defective.outcome.sentence;
      continue;
    }
    EXPECT_EQ(word(defective.outcome.ending), row.defective) << defective.outcome.sentence;
    if (*row.says == '\0') continue;
    EXPECT_EQ(defective.outcome.sentence, row.says);
    EXPECT_NE(sound.outcome.sentence, row.says);
  }
}

TEST(SaslDefects, OneBindsToAnotherChannel) {
  for (const bool wrong : {false, true}) {
    const auto decisions =
        wrong ? defect("binds-to-another-channel") : defect("answers-beyond-end");
    const auto run = run_smtp(client::smtps_settings(), "SCRAM-SHA-256-PLUS",
                              sound_scram(std::make_shared<ScramPeer>()), *decisions);
    ASSERT_GE(run.heard.size(), 3U);
    const std::string last = octets_of(run.heard[2]);
    const auto bound = from_base64(last.substr(2, last.find(',') - 2));
    ASSERT_TRUE(bound);
    EXPECT_EQ(bound->ends_with(std::string(32, '\0')), wrong);
  }
}

// The header of what the client says first.
std::string header_of(const char* offered, const client::Decisions& decisions) {
  const auto run = run_smtp(client::smtps_settings(), offered,
                            sound_scram(std::make_shared<ScramPeer>()), decisions);
  EXPECT_EQ(word(run.outcome.ending), "delivered") << run.outcome.sentence;
  return run.heard.size() < 2 ? "" : octets_of(run.heard[1]).substr(0, 2);
}

TEST(SaslDefects, OneHidesThatItCanBind) {
  const auto wrong = defect("hides-that-it-can-bind");
  EXPECT_EQ(header_of("SCRAM-SHA-256", client::Decisions()), "y,");
  EXPECT_EQ(header_of("SCRAM-SHA-256", *wrong), "n,");
  EXPECT_EQ(header_of("SCRAM-SHA-256 SCRAM-SHA-256-PLUS", *wrong), "p=");
}

TEST(SaslDefects, OneBindsWhereNothingIsSafe) {
  const auto wrong = defect("binds-without-ems");
  EXPECT_FALSE(client::Decisions().binding(std::nullopt, true));
  EXPECT_EQ(wrong->binding(std::nullopt, true)->type, "tls-unique");
  EXPECT_EQ(wrong->binding(sasl::ChannelBinding{.type = "tls-exporter"}, true)->type,
            "tls-exporter");
}

TEST(SaslDefects, OneTakesTheOldBindingInTls13) {
  const auto wrong = defect("uses-tls-unique-in-tls-1-3");
  EXPECT_EQ(wrong->binding(sasl::ChannelBinding{.type = "tls-exporter"}, true)->type, "tls-unique");
  EXPECT_FALSE(wrong->binding(std::nullopt, true));
}

TEST(SaslDefects, OneTakesAnAbsentChallengeForAnEmptyOne) {
  client::LdapSession session = client::LdapSession::sound(words::Mode::ldaps);
  session.settings.mechanism = "CRAM-MD5";
  session.at(client::root_dse_in_tls).segments = {client::root_dse_message(1, {}, {"CRAM-MD5"})};
  session.at(client::bind).segments = {client::message(2, client::bound(14))};
  session.at(client::whoami).segments = {client::message(3, client::bound(0))};
  session.at(client::search).segments = {client::message(4, client::extended(0))};
  session.acts.push_back({.segments = {client::done(5)}});
  const client::LdapRun sound = client::run(session);
  EXPECT_EQ(word(sound.outcome.ending), "protocol-error");
  EXPECT_EQ(sound.outcome.sentence, "the server sends no challenge");
  const client::LdapRun wrong = client::run(session, *defect("answers-absent-challenge"));
  EXPECT_EQ(word(wrong.outcome.ending), "bound") << wrong.outcome.sentence;
}

TEST(SaslDefects, OneThatAnswersForEverIsStoppedInLdapToo) {
  client::LdapSession session = client::LdapSession::sound(words::Mode::ldaps);
  session.settings.mechanism = "PLAIN";
  session.at(client::root_dse_in_tls).segments = {client::root_dse_message(1, {}, {"PLAIN"})};
  session.acts.erase(session.acts.begin() + 1, session.acts.end());
  for (int i = 0; i < 80; ++i) {
    session.acts.push_back({.reply = [](const wire::LdapMessage& request) {
      return client::message(
          request.id, wire::LdapBindResponse{.result = {.code = 14}, .server_credentials = "x"});
    }});
  }
  const client::LdapRun wrong = client::run(session, *defect("answers-beyond-end"));
  EXPECT_EQ(word(wrong.outcome.ending), "protocol-error");
  EXPECT_EQ(wrong.outcome.sentence, "the server's challenges do not end");
}

}  // namespace
}  // namespace startle::subject
