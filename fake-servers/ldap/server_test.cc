// The well-behaved LDAP server, talked to by a client without manners: whole transcripts.

#include "fake-servers/ldap/server.h"

#include <gtest/gtest.h>

#include <tuple>

#include "fake-servers/raw_client_for_test.h"
#include "harness/wire/ber.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;
using wire::LdapExtendedRequest;
using wire::LdapScope;

const LdapExtendedRequest kStartTls{.name = std::string(wire::kStartTlsOid)};
const LdapExtendedRequest kWhoAmI{.name = std::string(wire::kWhoAmIOid)};
const wire::LdapSearchRequest kRootDse = search_for("", LdapScope::base_object, {"+"});
const wire::LdapSearchRequest kEveryone =
    search_for("dc=example,dc=test", LdapScope::whole_subtree);

// What follows the StartTLS response inside TLS.
Talk in_tls(const Lines& says, Server server = ldap_server_for_test()) {
  Lines all{request(1, kStartTls), kHandshake};
  all.insert(all.end(), says.begin(), says.end());
  const std::string before =
      "C: 1 extended-request\nS: 1 extended-response: success (0)\nC: (TLS handshake)\n";
  Talk got = talk(std::move(server), all);
  EXPECT_TRUE(got.transcript.starts_with(before)) << got.transcript;
  got.transcript.erase(0, std::min(before.size(), got.transcript.size()));
  return got;
}

TEST(LdapServer, TakesASessionInsideTls) {
  const Talk got =
      talk(ldap_server_for_test(),
           {request(1, kRootDse), request(2, kStartTls), kHandshake, request(3, kRootDse),
            request(4, simple_bind(kUserDn, kCanary)), request(5, kWhoAmI), request(6, kEveryone),
            request(7, wire::LdapUnbindRequest{})});
  EXPECT_EQ(got.transcript,
            "C: 1 search-request\n"
            "S: 1 search-entry \n"
            "S: 1 search-done: success (0)\n"
            "C: 2 extended-request\n"
            "S: 2 extended-response: success (0)\n"
            "C: (TLS handshake)\n"
            "C: 3 search-request\n"
            "S: 3 search-entry \n"
            "S: 3 search-done: success (0)\n"
            "C: 4 bind-request\n"
            "S: 4 bind-response: success (0)\n"
            "C: 5 extended-request\n"
            "S: 5 extended-response 'dn:uid=user,ou=people,dc=example,dc=test': success (0)\n"
            "C: 6 search-request\n"
            "S: 6 search-entry dc=example,dc=test\n"
            "S: 6 search-entry ou=people,dc=example,dc=test\n"
            "S: 6 search-entry uid=user,ou=people,dc=example,dc=test\n"
            "S: 6 search-done: success (0)\n"
            "C: 7 unbind-request\n"
            "S: (closes)\n");
  const Observation& seen = got.seen;
  EXPECT_EQ(seen.connections, 1U);
  EXPECT_EQ(seen.handshakes, 1U);
  EXPECT_EQ(seen.reached, Reached::unbind);
  EXPECT_EQ(seen.tls_version, "TLS1.3");
  EXPECT_TRUE(seen.authenticated);
  EXPECT_EQ(seen.delivered, 1U);
  EXPECT_EQ(seen.commands_before_reply, 0U);
  EXPECT_FALSE(seen.sent_behind_go_ahead);
  EXPECT_EQ(seen.clear_commands,
            (Lines{"search root DSE", "extended 1.3.6.1.4.1.1466.20037 (StartTLS)"}));
  EXPECT_EQ(seen.tls_commands,
            (Lines{"search root DSE", "bind \"uid=user,ou=people,dc=example,dc=test\" (simple)",
                   "extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)",
                   "search \"dc=example,dc=test\" (sub)", "unbind"}));
  EXPECT_EQ(seen.bytes_in_clear, request(1, kRootDse) + request(2, kStartTls));
  EXPECT_NE(seen.bytes_in_tls.find(kCanary), std::string::npos);
  for (const std::string& line : lines_of(seen)) EXPECT_EQ(line.find(kCanary), std::string::npos);
}

// RFC 4511, 4.2: clients should prepare a password that is text, and not all do.
TEST(LdapServer, ComparesPreparedPasswords) {
  for (const auto& [kept, given, is_same] : {std::tuple{"secret IX", "secret \u2168", true},
                                             {"secret \u2168", "secret IX", true},
                                             {"secret \x07", "secret \x07", true},
                                             {"secret IX", "secret \u2167", false}}) {
    Server server = ldap_server_for_test();
    server.users.front().password = kept;
    const Talk got =
        talk(server, {request(2, kStartTls), kHandshake, request(4, simple_bind(kUserDn, given))});
    EXPECT_EQ(got.seen.authenticated, is_same) << got.transcript;
  }
}

TEST(LdapServer, SpeaksInsideImplicitTlsOnly) {
  Server server = ldap_server_for_test();
  server.mode = words::Mode::ldaps;
  const Talk got = talk(server, {kHandshake, request(1, kStartTls),
                                 request(2, simple_bind(kUserDn, kCanary)), request(3, kEveryone)});
  EXPECT_EQ(got.transcript,
            "C: (TLS handshake)\n"
            "C: 1 extended-request\n"
            "S: 1 extended-response: operationsError (1) 'TLS already established'\n"
            "C: 2 bind-request\n"
            "S: 2 bind-response: success (0)\n"
            "C: 3 search-request\n"
            "S: 3 search-entry dc=example,dc=test\n"
            "S: 3 search-entry ou=people,dc=example,dc=test\n"
            "S: 3 search-entry uid=user,ou=people,dc=example,dc=test\n"
            "S: 3 search-done: success (0)\n");
  const Talk clear = talk(server, {request(1, kRootDse)});
  EXPECT_EQ(clear.transcript, "C: 1 search-request\nS: (closes)\n");
  EXPECT_EQ(clear.seen.clear_commands, Lines{"search root DSE"});
}

struct Row {
  const char* name;
  Lines says;
  std::string transcript;
};

std::string dialogue(const std::string& asked, const std::string& answered) {
  return "C: " + asked + "\n" + (answered.empty() ? "" : "S: " + answered + "\n");
}

TEST(LdapServer, InClearGivesAwayNothing) {
  const std::string tls_first =
      "1 bind-response: confidentialityRequired (13) "
      "'confidentiality required'";
  for (const Row& row :
       {Row{"a password",
            {request(1, simple_bind(kUserDn, kCanary))},
            dialogue("1 bind-request", tls_first)},
        Row{"a wrong password",
            {request(1, simple_bind(kUserDn, "x"))},
            dialogue("1 bind-request", tls_first)},
        Row{"a password without a name",
            {request(1, simple_bind("", "x"))},
            dialogue("1 bind-request", tls_first)},
        Row{"anonymous",
            {request(1, simple_bind("", ""))},
            dialogue("1 bind-request", "1 bind-response: success (0)")},
        Row{"a name without a password (RFC 4513, 5.1.2)",
            {request(1, simple_bind(kUserDn, ""))},
            dialogue("1 bind-request",
                     "1 bind-response: unwillingToPerform (53) 'unauthenticated bind (DN with no "
                     "password) disallowed'")},
        Row{"EXTERNAL (RFC 4513, 5.2.3)",
            {request(1, wire::LdapBindRequest{.authentication = wire::SaslBind{"EXTERNAL", {}}})},
            dialogue("1 bind-request", "1 bind-response: inappropriateAuthentication (48)")},
        Row{"another mechanism",
            {request(1, wire::LdapBindRequest{.authentication = wire::SaslBind{"PLAIN", {}}})},
            dialogue("1 bind-request", "1 bind-response: authMethodNotSupported (7)")},
        Row{"another kind of bind",
            {request(1, wire::LdapBindRequest{.authentication = wire::OtherBind{0x89, ""}})},
            dialogue("1 bind-request", "1 bind-response: authMethodNotSupported (7)")},
        Row{"version 2",
            {request(1, wire::LdapBindRequest{.version = 2})},
            dialogue("1 bind-request", "1 bind-response: protocolError (2) 'version 3 only'")},
        Row{"a search of the directory",
            {request(1, kEveryone)},
            dialogue("1 search-request", "1 search-done: insufficientAccessRights (50)")},
        Row{"the entries below the root DSE",
            {request(1, search_for("", LdapScope::single_level))},
            dialogue("1 search-request", "1 search-done: insufficientAccessRights (50)")},
        Row{"Who am I?",
            {request(1, kWhoAmI)},
            dialogue("1 extended-request", "1 extended-response '': success (0)")},
        Row{"Who am I? with a value",
            {request(1, LdapExtendedRequest{kWhoAmI.name, "x"})},
            dialogue("1 extended-request",
                     "1 extended-response: protocolError (2) 'Who am I? takes no value'")},
        Row{"an operation that is not known",
            {request(1, LdapExtendedRequest{"1.2.3", {}})},
            dialogue("1 extended-request",
                     "1 extended-response: protocolError (2) 'unsupported extended operation'")},
        Row{"StartTLS with a value",
            {request(1, LdapExtendedRequest{kStartTls.name, ""})},
            dialogue("1 extended-request",
                     "1 extended-response: protocolError (2) 'StartTLS takes no value'")},
        Row{"abandon", {request(2, wire::LdapAbandonRequest{1})}, "C: 2 abandon-request\n"},
        Row{"unbind",
            {request(1, wire::LdapUnbindRequest{})},
            "C: 1 unbind-request\nS: (closes)\n"},
        Row{"two at once",
            {request(1, kWhoAmI) + request(2, kRootDse)},
            "C: 1 extended-request\nC: 2 search-request\n"
            "S: 1 extended-response '': success (0)\n"
            "S: 2 search-entry \nS: 2 search-done: success (0)\n"}}) {
    const Talk got = talk(ldap_server_for_test(), row.says);
    EXPECT_EQ(got.transcript, row.transcript) << row.name;
    EXPECT_FALSE(got.seen.authenticated) << row.name;
    EXPECT_EQ(got.seen.delivered, 0U) << row.name;
  }
}

TEST(LdapServer, ReadsAMessageThatComesByteByByte) {
  Lines says;
  for (const char byte : request(1, kStartTls)) says.emplace_back(1, byte);
  Server server = ldap_server_for_test();
  server.patience = std::chrono::hours(1);  // the client waits a minute behind each
  const Talk got = talk(server, says);
  EXPECT_TRUE(got.transcript.ends_with("S: 1 extended-response: success (0)\n")) << got.transcript;
}

TEST(LdapServer, ChecksCredentialsInsideTls) {
  const std::string ok = "1 bind-response: success (0)";
  const std::string wrong = "1 bind-response: invalidCredentials (49)";
  struct BindRow {
    const char* name;
    wire::LdapBindRequest bind;
    std::string answer;
  };
  for (const BindRow& row :
       {BindRow{"right", simple_bind(kUserDn, kCanary), ok},
        {"a name of the same entry",
         simple_bind("UID=User, ou=People ,DC=example,dc=test", kCanary), ok},
        {"an escaped name", simple_bind("uid=\\75ser,ou=people,dc=example,dc=test", kCanary), ok},
        {"a wrong password", simple_bind(kUserDn, "x"), wrong},
        {"an unknown user", simple_bind("uid=nobody,ou=people,dc=example,dc=test", kCanary), wrong},
        {"no DN", simple_bind("user", kCanary), "1 bind-response: invalidDNSyntax (34)"},
        {"a password without a name", simple_bind("", kCanary), wrong}}) {
    const Talk got = in_tls({request(1, row.bind), request(2, kWhoAmI)});
    const bool bound = row.answer == ok;
    const std::string who = bound ? "dn:" + kUserDn : "";
    EXPECT_EQ(got.transcript,
              dialogue("1 bind-request", row.answer) +
                  dialogue("2 extended-request", "2 extended-response '" + who + "': success (0)"))
        << row.name;
    EXPECT_EQ(got.seen.authenticated, bound) << row.name;
  }
}

TEST(LdapServer, ABindMakesAnonymousWhoeverWasBound) {
  const Talk got = in_tls({request(1, simple_bind(kUserDn, kCanary)),
                           request(2, simple_bind(kUserDn, "x")), request(3, kEveryone)});
  EXPECT_TRUE(got.transcript.ends_with("S: 3 search-done: insufficientAccessRights (50)\n"))
      << got.transcript;
}

TEST(LdapServer, MayBeOpenToAll) {
  Server server = ldap_server_for_test();
  server.directory.anonymous_may_search = true;
  const Talk got = in_tls({request(1, search_for(kUserDn, LdapScope::base_object))}, server);
  EXPECT_EQ(got.transcript, "C: 1 search-request\nS: 1 search-entry " + kUserDn +
                                "\nS: 1 search-done: success (0)\n");
  EXPECT_EQ(got.seen.delivered, 1U);
  EXPECT_FALSE(got.seen.authenticated);
}

TEST(LdapServer, OnlyReads) {
  for (const unsigned tag : {0x66U, 0x68U, 0x4aU, 0x6cU, 0x6eU}) {
    const Talk got =
        talk(ldap_server_for_test(),
             {request(1, wire::LdapOtherOperation{static_cast<unsigned char>(tag), "x"})});
    const auto parsed = wire::parse_ldap_message(got.heard);
    ASSERT_TRUE(std::holds_alternative<wire::ParsedLdap>(parsed));
    const auto& operation = std::get<wire::ParsedLdap>(parsed).message.operation;
    const auto& other = std::get<wire::LdapOtherOperation>(operation);
    EXPECT_EQ(other.tag, tag == 0x4aU ? 0x6bU : tag + 1);
    EXPECT_EQ(other.content, std::string("\x0a\x01\x35\x04\x00\x04\x00", 7));
  }
}

TEST(LdapServer, RefusesCriticalControlsItDoesNotKnow) {
  const auto with = [](const std::string& type, bool critical) {
    return wire::written(
        {.id = 1, .operation = kRootDse, .controls = {{.type = type, .critical = critical}}});
  };
  const std::string ok = "C: 1 search-request\nS: 1 search-entry \nS: 1 search-done: success (0)\n";
  EXPECT_EQ(talk(ldap_server_for_test(), {with("1.2.3", true)}).transcript,
            "C: 1 search-request\nS: 1 search-done: unavailableCriticalExtension (12)\n");
  EXPECT_EQ(talk(ldap_server_for_test(), {with("1.2.3", false)}).transcript, ok);
  EXPECT_EQ(talk(ldap_server_for_test(), {with("2.16.840.1.113730.3.4.2", true)}).transcript, ok);
}

TEST(LdapServer, DisconnectsWhoSpeaksNoLdap) {
  const std::string notice = "S: 0 extended-response 1.3.6.1.4.1.1466.20036: protocolError (2) '";
  for (const Row& row :
       {Row{"SMTP", {"EHLO c\r\n"}, ""}, Row{"message id 0", {request(0, kWhoAmI)}, ""},
        Row{"a response", {request(1, wire::LdapBindResponse{})}, ""},
        Row{"a tag of nothing", {request(1, wire::LdapOtherOperation{.tag = 0x5f})}, ""},
        Row{"an indefinite length", {std::string("\x30\x80\x02\x01\x01", 5)}, ""},
        Row{"a length without end", {std::string("\x30\x84\x7f\xff\xff\xff", 6)}, ""}}) {
    for (const bool inside : {false, true}) {
      const Talk got = inside ? in_tls(row.says) : talk(ldap_server_for_test(), row.says);
      EXPECT_NE(got.transcript.find(notice), std::string::npos) << row.name << got.transcript;
      EXPECT_TRUE(got.transcript.ends_with("'\nS: (closes)\n")) << row.name << got.transcript;
      EXPECT_EQ((inside ? got.seen.tls_commands : got.seen.clear_commands).size(), inside ? 1U : 1U)
          << row.name;
    }
  }
}

TEST(LdapServer, WithoutCredentialsHasNoTls) {
  Server server = ldap_server_for_test();
  server.credentials = nullptr;
  const Talk got = talk(server, {request(1, kRootDse), request(2, kStartTls)});
  EXPECT_EQ(got.heard.find(wire::kStartTlsOid), std::string::npos);
  EXPECT_TRUE(got.transcript.ends_with(
      "S: 2 extended-response: protocolError (2) 'unsupported extended operation'\n"));
}

}  // namespace
}  // namespace startle::fake
