// What an LDAP server writes down: everything that a judge may need, nothing that people must not
// read.

#include "fake-servers/ldap/recorder.h"

#include <gtest/gtest.h>

#include "fake-servers/raw_client_for_test.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using Lines = std::vector<std::string>;
using wire::LdapScope;

const wire::LdapExtendedRequest kStartTls{.name = std::string(wire::kStartTlsOid)};
const wire::LdapExtendedRequest kWhoAmI{.name = std::string(wire::kWhoAmIOid)};

struct TextRow {
  wire::LdapOperation request;
  const char* text;
};

TEST(LdapRecorder, ShowsARequestWithoutItsCredentials) {
  for (const TextRow& row :
       {TextRow{simple_bind("uid=a", "pw"), "bind \"uid=a\" (simple)"},
        {simple_bind("uid=a", ""), "bind \"uid=a\" (simple, no password)"},
        {simple_bind("", ""), "bind (anonymous)"},
        {simple_bind("", "pw"), "bind \"\" (simple)"},
        {wire::LdapBindRequest{.authentication = wire::SaslBind{"EXTERNAL", "dn:x"}},
         "bind \"\" (EXTERNAL)"},
        {wire::LdapBindRequest{.authentication = wire::OtherBind{0x89, "x"}},
         "bind \"\" (unknown)"},
        {search_for("", LdapScope::base_object), "search root DSE"},
        {search_for("", LdapScope::whole_subtree), "search \"\" (sub)"},
        {search_for("dc=a", LdapScope::single_level), "search \"dc=a\" (one)"},
        {kStartTls, "extended 1.3.6.1.4.1.1466.20037 (StartTLS)"},
        {wire::LdapExtendedRequest{"1.2", "x"}, "extended 1.2"},
        {wire::LdapUnbindRequest{}, "unbind"},
        {wire::LdapAbandonRequest{7}, "abandon 7"},
        {wire::LdapOtherOperation{0x66, "x"}, "operation 0x66"}}) {
    EXPECT_EQ(request_text(row.request), row.text);
  }
}

TEST(LdapRecorder, BlotsOutTheSecretWhereverItStands) {
  const Talk got = talk(ldap_server_for_test(),
                        {request(1, simple_bind("uid=" + kCanary, kCanary)), kCanary + "\r\n"});
  ASSERT_EQ(got.seen.clear_commands.size(), 2U);
  EXPECT_EQ(got.seen.clear_commands[0], "bind \"uid=<secret>\" (simple)");
  EXPECT_EQ(got.seen.clear_commands[1], "<secret>\\x0d\\x0a");
  for (const std::string& line : lines_of(got.seen))
    EXPECT_EQ(line.find(kCanary), std::string::npos);
  EXPECT_NE(got.seen.bytes_in_clear.find(kCanary), std::string::npos);
}

struct ClearRow {
  const char* name;
  Lines says;
  Lines clear_commands;
};

TEST(LdapRecorder, WhatIsSaidInClearIsKeptThoughItBeNoMessage) {
  for (const ClearRow& row :
       {ClearRow{"two messages",
                 {request(1, kWhoAmI) + request(2, wire::LdapUnbindRequest{})},
                 {"extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)", "unbind"}},
        {"SMTP", {"EHLO c\r\n"}, {"EHLO c\\x0d\\x0a"}},
        {"a ClientHello", {"\x16\x03\x01\x00\x05hello"s}, {}},
        {"a message where TLS belongs",
         {request(1, kStartTls), request(2, simple_bind("uid=a", "b"))},
         {"extended 1.3.6.1.4.1.1466.20037 (StartTLS)", "bind \"uid=a\" (simple)"}}}) {
    const Talk got = talk(ldap_server_for_test(), row.says);
    EXPECT_EQ(got.seen.clear_commands, row.clear_commands) << row.name;
  }
}

TEST(LdapRecorder, KeepsTheMechanismsThatTheRootDseLists) {
  Server server = ldap_server_for_test();
  server.directory.persona = Persona::active_directory;
  const wire::LdapSearchRequest all = search_for("", LdapScope::base_object);
  const wire::LdapSearchRequest one = search_for("", LdapScope::base_object, {"namingContexts"});
  const Talk got =
      talk(server, {request(1, all), request(2, kStartTls), kHandshake, request(3, one)});
  EXPECT_EQ(got.seen.auth_offered_in_clear,
            (Lines{"GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"}));
  EXPECT_EQ(got.seen.auth_offered_in_tls, Lines{});
}

struct EarlyRow {
  const char* name;
  Point late;
  Lines says;
  unsigned early;
};

TEST(LdapRecorder, CountsWhatHadToWaitForABind) {
  const std::string bind = request(1, simple_bind(kUserDn, kCanary));
  const std::string whoami = request(2, kWhoAmI);
  const std::string unbind = request(3, wire::LdapUnbindRequest{});
  for (const EarlyRow& row :
       {EarlyRow{"behind an unanswered bind (RFC 4511, 4.2.1)", Point::bind, {bind, whoami}, 1},
        {"in one segment", Point::search, {bind + whoami}, 1},
        {"giving up", Point::bind, {bind, unbind}, 0},
        {"a bind before all is answered", Point::whoami, {whoami, bind}, 1},
        {"requests may overlap", Point::whoami, {whoami, whoami}, 0},
        {"one after the other", Point::search, {bind, whoami}, 0}}) {
    Server server =
        ldap_server_for_test({.deviations = {{.at = row.late, .steps = {Pause{90s}, Usual{}}}}});
    server.mode = words::Mode::ldaps;
    Lines says{kHandshake};
    says.insert(says.end(), row.says.begin(), row.says.end());
    EXPECT_EQ(talk(server, says).seen.commands_before_reply, row.early) << row.name;
  }
}

struct SearchRow {
  const char* name;
  const char* bytes;  // in front of the rest of the answer
  unsigned delivered;
};

TEST(LdapRecorder, CountsASearchThatIsAnsweredBehindAMalformedMessage) {
  const std::string bind = request(1, simple_bind(kUserDn, kCanary));
  const std::string search = request(2, search_for("dc=example,dc=test", LdapScope::whole_subtree));
  for (const SearchRow& row :
       {SearchRow{"a reference without an address", "30 05 02 01 ID 73 00", 1},
        {"two of them", "30 05 02 01 ID 73 00 30 05 02 01 ID 73 00", 1},
        {"no message at all, within its length", "30 01 00", 1},
        {"nobody knows where it ends", "30 84 00 ff ff ff", 0}}) {
    Server server = ldap_server_for_test(
        {.deviations = {{.at = Point::search,
                         .steps = {Respond{.bytes = row.bytes, .held = true}, Usual{}}}}});
    server.mode = words::Mode::ldaps;
    const Talk got = talk(server, {kHandshake, bind, search});
    EXPECT_EQ(got.seen.delivered, row.delivered) << row.name;
  }
}

TEST(LdapRecorder, ShowsWhatStandsBehindAMalformedMessage) {
  const std::string malformed("\x30\x05\x02\x01\x02\x73\x00", 7);
  const std::string whole =
      wire::written({.id = 2, .operation = wire::LdapSearchDone{{.code = wire::kLdapSuccess}}});
  EXPECT_EQ(response_texts(malformed + whole + "\x30"),
            (Lines{malformed, "search-done: success (0)", "\x30"}));
}

}  // namespace
}  // namespace startle::fake
