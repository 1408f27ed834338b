// SASL on the wire of both servers, said by a client without manners: what is offered and where,
// what is refused at what point, how an exchange is carried, cancelled, abandoned.

#include <gtest/gtest.h>

#include "fake-servers/dialogue/secret.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

using namespace std::string_literals;
using Lines = std::vector<std::string>;

const std::string kPlain = "\0user\0"s + kCanary;

// What follows the last "C: EHLO c" of the transcript, without the lines that are always there.
std::string offered(const Server& server, bool in_tls) {
  const Lines says = in_tls ? Lines{"STARTTLS\r\n", kHandshake, "EHLO c\r\n"} : Lines{"EHLO c\r\n"};
  const std::string transcript = talk(server, says).transcript;
  const std::size_t at = transcript.rfind("AUTH");
  if (at == std::string::npos) return "";
  return transcript.substr(at, transcript.find('\n', at) - at);
}

TEST(SaslServer, EhloListsWhatTheScriptHas) {
  EXPECT_EQ(offered(server_for_test(), true), "AUTH PLAIN LOGIN");
  EXPECT_EQ(offered(server_for_test(), false), "");
  const Script lists{.sasl = {.mechanisms = "SCRAM-SHA-256 X", .in_clear = "PLAIN LOGIN"}};
  EXPECT_EQ(offered(server_for_test(lists), true), "AUTH SCRAM-SHA-256 X");
  EXPECT_EQ(offered(server_for_test(lists), false), "AUTH PLAIN LOGIN");
  EXPECT_EQ(offered(server_for_test({.sasl = {.mechanisms = ""}}), true), "");
  Server server = server_for_test();
  server.sasl_mechanisms = {"SCRAM-SHA-256-PLUS", "PLAIN"};
  EXPECT_EQ(offered(server, true), "AUTH PLAIN LOGIN SCRAM-SHA-256-PLUS");
  EXPECT_EQ(offered(server, false), "");
}

struct SmtpRow {
  const char* name;
  Script script;
  Lines says;
  Lines replies;
  bool authenticated;
};

void expect_replies(const SmtpRow& row) {
  Lines says{"STARTTLS\r\n", kHandshake, "EHLO c\r\n"};
  for (const std::string& line : row.says) says.push_back(line + "\r\n");
  const Talk got = talk(server_for_test(row.script), says);
  std::string expected;
  for (std::size_t i = 0; i < row.says.size(); ++i) {
    expected += "C: " + row.says[i] + "\nS: " + row.replies.at(i) + "\n";
  }
  EXPECT_TRUE(got.transcript.ends_with(expected)) << row.name << "\n" << got.transcript;
  EXPECT_EQ(got.seen.authenticated, row.authenticated) << row.name;
  EXPECT_FALSE(got.seen.answered_forged_challenge || got.seen.stepped_down) << row.name;
}

TEST(SaslServer, AnswersAuthAsRfc4954HasIt) {
  const std::string plain = "AUTH PLAIN " + to_base64(kPlain);
  const std::string oauth = "AUTH OAUTHBEARER " + to_base64("n,a=user,\1auth=Bearer x\1\1");
  const Script any{.sasl = {.mechanisms = "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 OAUTHBEARER"}};
  const std::string ok = "235 2.7.0 Authentication successful";
  const std::string wrong = "535 5.7.8 Authentication credentials invalid";
  const std::string nonsense = "501 5.5.2 This is no answer";
  const std::string unknown = "504 5.5.4 Mechanism not known";
  for (const SmtpRow& row :
       {SmtpRow{
            "a second AUTH", any, {plain, plain}, {ok, "503 5.5.1 Authenticated already"}, true},
        {"not in the list", {.sasl = {.mechanisms = "LOGIN"}}, {plain}, {unknown}, false},
        {"only in the old list",
         {.sasl = {.mechanisms = "LOGIN", .in_clear = "PLAIN"}},
         {plain},
         {ok},
         true},
        {"listed and not known",
         {.sasl = {.mechanisms = "PLAIN LOGIN", .unknown = "PLAIN"}},
         {plain, "AUTH LOGIN", "*"},
         {unknown, "334 VXNlcm5hbWU6", nonsense},
         false},
        {"known and not listed",
         {.sasl = {.mechanisms = "LOGIN", .hidden = "PLAIN"}},
         {plain},
         {ok},
         true},
        {"an empty challenge without a space",
         {.sasl = {.mechanisms = "PLAIN LOGIN", .lie = SaslLie::no_space}},
         {"AUTH LOGIN", "*", "AUTH PLAIN", to_base64(kPlain)},
         {"334 VXNlcm5hbWU6", nonsense, "334", ok},
         true},
        {"a name nobody plays",
         {.sasl = {.mechanisms = "GSSAPI"}},
         {"AUTH GSSAPI"},
         {unknown},
         false},
        {"SCRAM asked", any, {"AUTH SCRAM-SHA-256", "*"}, {"334 ", nonsense}, false},
        {"SCRAM, no message", any, {"AUTH SCRAM-SHA-256 eA=="}, {nonsense}, false},
        {"again after *",
         any,
         {"AUTH LOGIN", "*", plain},
         {"334 VXNlcm5hbWU6", nonsense, ok},
         true},
        {"CRAM-MD5 with an initial response", any, {"AUTH CRAM-MD5 dQ=="}, {nonsense}, false},
        {"a wrong token",
         any,
         {oauth, "AQ=="},
         {"334 " + to_base64(R"({"status":"invalid_token","scope":"mail"})"), wrong},
         false},
        {"a result of the script",
         {.sasl = {.result = "454 4.7.0 Later"}},
         {plain, plain},
         {"454 4.7.0 Later", "454 4.7.0 Later"},
         false},
        {"no base64",
         {.sasl = {.lie = SaslLie::no_base64}},
         {"AUTH LOGIN", "*", plain},
         {"334 VXNlcm!!5hbWU6", nonsense, "334 !!"},
         false},
        {"leaves with QUIT",
         {.sasl = {.lie = SaslLie::no_base64}},
         {"AUTH LOGIN", "QUIT"},
         {"334 VXNlcm!!5hbWU6", nonsense},
         false},
        {"success at once",
         {.sasl = {.lie = SaslLie::success_at_once}},
         {"AUTH LOGIN"},
         {ok},
         true}}) {
    expect_replies(row);
  }
}

TEST(SaslServer, SeesAClientStepDown) {
  const Talk got = talk(server_for_test({.sasl = {.mechanisms = "SCRAM-SHA-256 CRAM-MD5 PLAIN"}}),
                        {"STARTTLS\r\n", kHandshake, "EHLO c\r\n", "AUTH CRAM-MD5\r\n",
                         to_base64("user 00000000000000000000000000000000") + "\r\n",
                         "AUTH PLAIN " + to_base64(kPlain) + "\r\n"});
  EXPECT_TRUE(got.seen.stepped_down) << got.transcript;
  EXPECT_EQ(got.seen.auth_refused, std::vector{sasl::Mechanism::cram_md5});
}

TEST(SaslServer, SeesAClientAnswerWhatItShouldRefuse) {
  for (const std::string answer : {"", "eA==", "!!"}) {
    const Talk got = talk(server_for_test({.sasl = {.lie = SaslLie::challenge_for_success}}),
                          {"STARTTLS\r\n", kHandshake, "EHLO c\r\n",
                           "AUTH PLAIN " + to_base64(kPlain) + "\r\n", answer + "\r\n"});
    EXPECT_TRUE(got.seen.answered_forged_challenge) << got.transcript;
  }
}

// ---- LDAP
// ----------------------------------------------------------------------------------------

std::string sasl_bind(std::int64_t id, const std::string& mechanism,
                      std::optional<std::string> credentials) {
  return request(id, wire::LdapBindRequest{.authentication =
                                               wire::SaslBind{mechanism, std::move(credentials)}});
}

Talk ldap(Script script, const Lines& says, bool in_tls = true) {
  Lines all{request(1, wire::LdapExtendedRequest{.name = std::string(wire::kStartTlsOid)}),
            kHandshake};
  if (!in_tls) all.clear();
  all.insert(all.end(), says.begin(), says.end());
  return talk(ldap_server_for_test(std::move(script)), all);
}

// The bind responses: "14 'credentials'", one a line.
std::string binds(const Talk& got) {
  std::string text;
  std::string_view left = got.heard;
  while (!left.empty()) {
    const auto parsed = wire::parse_ldap_message(left);
    const auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
    if (whole == nullptr) break;
    left.remove_prefix(whole->consumed);
    const auto* bind = std::get_if<wire::LdapBindResponse>(&whole->message.operation);
    if (bind == nullptr) continue;
    text += std::to_string(bind->result.code);
    if (bind->server_credentials) text += " '" + *bind->server_credentials + "'";
    text += '\n';
  }
  return text;
}

TEST(SaslServer, BindsInLdapWithPlain) {
  const Script script{.sasl = {.mechanisms = "PLAIN LOGIN"}};
  const Talk got = ldap(script, {sasl_bind(2, "PLAIN", kPlain)});
  EXPECT_EQ(binds(got), "0\n");
  EXPECT_TRUE(got.seen.authenticated);
  EXPECT_EQ(got.seen.auth_used_in_tls, Lines{"PLAIN"});
  for (const std::string& line : lines_of(got.seen)) {
    EXPECT_FALSE(holds_secret(line, kCanary)) << line;
  }
  EXPECT_TRUE(holds_secret(got.seen.bytes_in_tls, kCanary));
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "PLAIN", "\0user\0x"s)})), "49\n");
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "PLAIN", "x")})), "2\n");
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "PLAIN", {}), sasl_bind(3, "PLAIN", kPlain)})),
            "14 ''\n0\n");
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "LOGIN", {}), sasl_bind(3, "LOGIN", "user"),
                                sasl_bind(4, "LOGIN", kCanary)})),
            "14 'Username:'\n14 'Password:'\n0\n");
  EXPECT_EQ(ldap(script, {sasl_bind(2, "LOGIN", {}), sasl_bind(3, "LOGIN", "user")})
                .seen.auth_used_in_tls,
            Lines{"LOGIN"});
}

TEST(SaslServer, TheRootDseListsWhatTheScriptHas) {
  const std::string root_dse =
      request(2, search_for("", wire::LdapScope::base_object, {"supportedSASLMechanisms"}));
  const Script lists{.sasl = {.mechanisms = "SCRAM-SHA-256 X", .in_clear = "PLAIN"}};
  EXPECT_EQ(ldap(lists, {root_dse}).seen.auth_offered_in_tls, (Lines{"SCRAM-SHA-256", "X"}));
  EXPECT_EQ(ldap(lists, {root_dse}, false).seen.auth_offered_in_clear, Lines{"PLAIN"});
  EXPECT_EQ(ldap({}, {root_dse}).seen.auth_offered_in_tls, Lines{});
  Server server = ldap_server_for_test();
  server.directory.persona = Persona::active_directory;
  server.sasl_mechanisms = {"PLAIN"};
  const wire::LdapExtendedRequest starttls{.name = std::string(wire::kStartTlsOid)};
  const Talk got = talk(server, {root_dse, request(3, starttls), kHandshake, root_dse});
  EXPECT_EQ(got.seen.auth_offered_in_clear,
            (Lines{"GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"}));
  EXPECT_EQ(got.seen.auth_offered_in_tls,
            (Lines{"GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5", "PLAIN"}));
}

TEST(SaslServer, LdapPlaysWhatIsOfferedAndOnlyInsideTls) {
  const Script script{.sasl = {.mechanisms = "PLAIN"}};
  EXPECT_EQ(binds(ldap({}, {sasl_bind(2, "PLAIN", kPlain)})), "7\n");
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "SCRAM-SHA-256", "n,,n=user,r=x")})), "7\n");
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "", {})})), "7\n");  // RFC 4513, 5.2.1.2
  EXPECT_EQ(binds(ldap(script, {sasl_bind(2, "PLAIN", kPlain)}, false)), "13\n");
}

TEST(SaslServer, ABindThatIsAnotherEndsTheOneInProgress) {
  const Script script{.sasl = {.mechanisms = "PLAIN LOGIN"}};
  // RFC 4513, 5.2.1.2
  for (const std::string& between :
       {sasl_bind(3, "PLAIN", kPlain), request(3, simple_bind(kUserDn, kCanary)),
        sasl_bind(3, "", {})}) {
    const Talk got = ldap(script, {sasl_bind(2, "LOGIN", {}), between,
                                   sasl_bind(4, "LOGIN", "user"), sasl_bind(5, "LOGIN", "x")});
    EXPECT_TRUE(binds(got).ends_with("\n14 'Password:'\n49\n")) << binds(got);
  }
}

// RFC 5802, 6: where the server has a -PLUS mechanism, `y` says that somebody struck it out.
TEST(SaslServer, FindsOutThatItsListWasForged) {
  const std::string could_bind = "y,,n=user,r=nonce";
  const Script sound{.sasl = {.mechanisms = "SCRAM-SHA-256"}};
  const Script forged{.sasl = {.mechanisms = "SCRAM-SHA-256", .hidden = "SCRAM-SHA-256-PLUS"}};
  EXPECT_TRUE(
      binds(ldap(sound, {sasl_bind(2, "SCRAM-SHA-256", could_bind)})).starts_with("14 'r=nonce"));
  EXPECT_EQ(binds(ldap(forged, {sasl_bind(2, "SCRAM-SHA-256", could_bind)})), "49\n");
  EXPECT_TRUE(binds(ldap(forged, {sasl_bind(2, "SCRAM-SHA-256", "n,,n=user,r=nonce")}))
                  .starts_with("14 'r=nonce"));
  const std::string ask = "AUTH SCRAM-SHA-256 " + to_base64(could_bind) + "\r\n";
  const Talk got = talk(server_for_test(forged), {"STARTTLS\r\n", kHandshake, "EHLO c\r\n", ask});
  EXPECT_TRUE(got.transcript.ends_with("S: 535 5.7.8 Authentication credentials invalid\n"))
      << got.transcript;
  EXPECT_FALSE(got.seen.stepped_down);
}

TEST(SaslServer, LdapSaysTheScriptsResult) {
  const Script script{.sasl = {.mechanisms = "PLAIN", .result = "49"}};
  const Talk got =
      ldap(script, {sasl_bind(2, "PLAIN", kPlain), request(3, simple_bind(kUserDn, kCanary))});
  EXPECT_EQ(binds(got), "49\n0\n");
  EXPECT_FALSE(got.seen.stepped_down);  // a simple bind hands over as much
  const Talk external =
      ldap({.sasl = {.mechanisms = "SCRAM-SHA-256", .lie = SaslLie::no_credentials}},
           {sasl_bind(2, "SCRAM-SHA-256", "n,,n=user,r=x"), request(3, wire::LdapUnbindRequest{})});
  EXPECT_EQ(binds(external), "14\n");
  EXPECT_FALSE(external.seen.answered_forged_challenge);
}

}  // namespace
}  // namespace startle::fake
