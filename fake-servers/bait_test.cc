// What a server takes that a sound one refuses, so that a client which relies on that is seen to:
// of one that comes back without TLS, and of one that goes on without having authenticated.

#include <gtest/gtest.h>

#include <chrono>

#include "fake-servers/raw_client_for_test.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;

Server coming_back(Server server) {
  const ServerProtocol& protocol = server_protocol(words::protocol_of(server.mode));
  return with_bait_in_clear(std::move(server), protocol);
}

std::string plain_mail(const Lines& first) {
  Lines says = first;
  for (const char* line : {"MAIL FROM:<sender@example.test>\r\n", "RCPT TO:<a@example.test>\r\n",
                           "DATA\r\n", "x\r\n.\r\n"}) {
    says.emplace_back(line);
  }
  const Talk got = talk(coming_back(server_for_test()), says);
  EXPECT_EQ(got.seen.delivered, 1U) << got.transcript;
  return got.transcript;
}

TEST(BaitInClear, IsOfferedAndTakenInSmtp) {
  const std::string transcript = plain_mail({"EHLO c\r\n", auth_plain() + "\r\n"});
  EXPECT_NE(transcript.find("S: 250-AUTH PLAIN LOGIN\n"), std::string::npos) << transcript;
  EXPECT_NE(transcript.find("S: 250 STARTTLS\n"), std::string::npos) << transcript;
  EXPECT_NE(transcript.find("S: 235 "), std::string::npos) << transcript;
}

TEST(BaitInClear, MailIsTakenOfNobodyToo) {
  plain_mail({"EHLO c\r\n"});
}

TEST(BaitInClear, IsSeenForWhatItIs) {
  const Talk got = talk(coming_back(server_for_test()), {"EHLO c\r\n", auth_plain() + "\r\n"});
  EXPECT_EQ(violations(got.seen, {.secret = kCanary}),
            (std::vector{words::Invariant::secret_in_clear, words::Invariant::payload_in_clear}));
}

// What is said inside TLS does not change, nor what a list means that a script states.
TEST(BaitInClear, TheListIsTheOneOfTls) {
  struct Row {
    SaslScript script;
    Lines mechanisms;  // of the server
    std::optional<std::string> in_clear;
  };
  const Row rows[] = {{{}, {}, "PLAIN LOGIN"},
                      {{}, {"SCRAM-SHA-256"}, "PLAIN LOGIN SCRAM-SHA-256"},
                      {{}, {"PLAIN"}, "PLAIN LOGIN"},
                      {{}, {"SCRAM-SHA-256-PLUS"}, "PLAIN LOGIN"},
                      {{.mechanisms = "CRAM-MD5"}, {}, "CRAM-MD5"},
                      {{.mechanisms = ""}, {}, ""},
                      {{.mechanisms = "CRAM-MD5", .in_clear = ""}, {}, ""}};
  for (const Row& row : rows) {
    Server server = server_for_test({.sasl = row.script});
    server.sasl_mechanisms = row.mechanisms;
    const Server baited = coming_back(server);
    EXPECT_EQ(baited.script.sasl.in_clear, row.in_clear);
    EXPECT_EQ(baited.script.sasl.mechanisms, row.script.mechanisms);
    EXPECT_TRUE(baited.script.accepts_in_clear);
  }
  EXPECT_EQ(coming_back(ldap_server_for_test()).script.sasl.in_clear, std::nullopt);
}

TEST(BaitInClear, ABindIsTakenInLdap) {
  const std::string bind = request(1, simple_bind(kUserDn, kCanary));
  EXPECT_FALSE(talk(ldap_server_for_test(), {bind}).seen.authenticated);
  EXPECT_TRUE(talk(coming_back(ldap_server_for_test()), {bind}).seen.authenticated);
}

net::Task<void> say_hello(net::World& world, net::Stream& stream) {
  const std::string hello = "EHLO c\r\n";
  stream.set_deadline(world.now() + std::chrono::seconds(1));
  co_await stream.write(hello);
  stream.close();
}

// Two connections, one observation.
TEST(BaitInClear, IsForWhoComesBackAlone) {
  const Server server = server_for_test();
  Observation seen;
  for (const std::size_t offered : {0U, 2U}) {
    net::MemoryWorld world;
    net::StreamPair pair = net::make_memory_pair(world);
    world.spawn(serve(world, std::move(pair.server), server, seen));
    world.spawn(say_hello(world, *pair.client));
    EXPECT_TRUE(world.run(std::chrono::hours(24)));
    EXPECT_EQ(seen.auth_offered_in_clear.size(), offered);
  }
}

// ---- who is not authenticated ------------------------------------------------------------------

const Lines kIntoTls{"EHLO c\r\n", "STARTTLS\r\n", kHandshake, "EHLO c\r\n"};

TEST(Unauthenticated, MailIsTakenWhereAScriptHasItSo) {
  Lines says = kIntoTls;
  for (const char* line : {"AUTH PLAIN AGEAYg==\r\n", "MAIL FROM:<sender@example.test>\r\n",
                           "RCPT TO:<a@example.test>\r\n", "DATA\r\n", "x\r\n.\r\n"}) {
    says.emplace_back(line);
  }
  EXPECT_EQ(talk(server_for_test(), says).seen.delivered, 0U);
  const Talk got = talk(server_for_test({.accepts_unauthenticated = true}), says);
  EXPECT_EQ(got.seen.delivered, 1U) << got.transcript;
  EXPECT_FALSE(got.seen.authenticated);
}

TEST(Unauthenticated, ASearchIsAnsweredWhereAScriptHasItSo) {
  const std::string starttls =
      request(1, wire::LdapExtendedRequest{.name = std::string(wire::kStartTlsOid)});
  const Lines says{starttls, kHandshake, request(2, simple_bind(kUserDn, "wrong")),
                   request(3, search_for("dc=example,dc=test", wire::LdapScope::whole_subtree))};
  EXPECT_EQ(talk(ldap_server_for_test(), says).seen.delivered, 0U);
  const Talk got = talk(ldap_server_for_test({.accepts_unauthenticated = true}), says);
  EXPECT_EQ(got.seen.delivered, 1U) << got.transcript;
  EXPECT_FALSE(got.seen.authenticated);
}

// ---- the line of AUTH --------------------------------------------------------------------------

TEST(AuthLine, IsACommandLine) {
  struct Row {
    std::string line;
    std::size_t octets;  // with CRLF
    const char* reply;
  };
  const Row rows[] = {{auth_plain(kUser, std::string(366, 'x')), 509, "S: 535 "},
                      {"AUTH PLAIN " + std::string(499, 'A'), 512, "S: 501 "},
                      {auth_plain(kUser, std::string(369, 'x')), 513, "S: 500 5.5.6 "},
                      {auth_plain(kUser, std::string(6144, 'x')), 8213, "S: 500 5.5.6 "}};
  for (const Row& row : rows) {
    ASSERT_EQ(row.line.size() + 2, row.octets);
    Lines says = kIntoTls;
    says.push_back(row.line + "\r\n");
    const Talk got = talk(server_for_test(), says);
    const std::size_t answer = got.transcript.rfind("S: ");
    EXPECT_TRUE(got.transcript.substr(answer).starts_with(row.reply))
        << row.octets << ": " << got.transcript.substr(answer);
  }
}

// RFC 4954, 4: 12288 octets are enough for the lines behind it.
TEST(AuthLine, AnswersAreLonger) {
  Lines says = kIntoTls;
  says.emplace_back("AUTH PLAIN\r\n");
  const std::string line =
      auth_plain(kUser, std::string(9207, 'x')).substr(std::string("AUTH PLAIN ").size());
  ASSERT_EQ(line.size(), 12284U);
  says.push_back(line + "\r\n");
  const Talk got = talk(server_for_test(), says);
  const std::size_t answer = got.transcript.rfind("S: ");
  EXPECT_TRUE(got.transcript.substr(answer).starts_with("S: 535 "))
      << got.transcript.substr(answer);
}

}  // namespace
}  // namespace startle::fake
