// SMTP with TLS from the first byte on (RFC 8314, 3.3), and what counts as said in clear there.

#include <gtest/gtest.h>

#include "fake-servers/dialogue/violations.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/smtp/server.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;
using words::Invariant;

Server smtps_server(Script script = {}) {
  Server server = server_for_test(std::move(script));
  server.mode = words::Mode::smtps;
  return server;
}

TEST(SmtpImplicitTls, GreetsInsideTlsAndHasNoStarttls) {
  const Talk got = talk(smtps_server(), {kHandshake, "EHLO c\r\n", "STARTTLS\r\n",
                                         auth_plain() + "\r\n", "QUIT\r\n"});
  EXPECT_EQ(got.transcript,
            "C: (TLS handshake)\n"
            "S: 220 smtp.example.test ESMTP startle\n"
            "C: EHLO c\n"
            "S: 250-smtp.example.test\n"
            "S: 250-SIZE 1048576\n"
            "S: 250-8BITMIME\n"
            "S: 250-ENHANCEDSTATUSCODES\n"
            "S: 250 AUTH PLAIN LOGIN\n"
            "C: STARTTLS\n"
            "S: 503 5.5.1 TLS is active already\n"
            "C: " +
                auth_plain() +
                "\n"
                "S: 235 2.7.0 Authentication successful\n"
                "C: QUIT\n"
                "S: 221 2.0.0 Bye\n"
                "S: (closes)\n");
  EXPECT_EQ(got.seen.tls_version, "TLS1.3");
  EXPECT_EQ(got.seen.server_name, "smtp.example.test");
  EXPECT_EQ(got.seen.reached, Reached::quit);
  EXPECT_EQ(got.seen.clear_commands, Lines{});
  EXPECT_EQ(got.seen.bytes_in_clear, "");
  EXPECT_EQ(lines_of(got.seen).front(), "S (tls): 220 smtp.example.test ESMTP startle");
}

TEST(SmtpImplicitTls, MayGreetInClearAsWhereNothingIsKnownOfThat) {
  const Talk got = talk(smtps_server({.begins_in_clear = true}), {"EHLO c\r\n"});
  EXPECT_TRUE(got.transcript.starts_with("S: 220 smtp.example.test ESMTP startle\nC: EHLO c\n"))
      << got.transcript;
  EXPECT_EQ(got.seen.clear_commands, Lines{"EHLO c"});
}

TEST(SmtpImplicitTls, TheHandshakeIsNoStarttls) {
  const Talk got = talk(smtps_server(), {kHandshake});
  EXPECT_EQ(got.seen.reached, Reached::tls);
  EXPECT_EQ(talk(smtps_server(), {}).seen.reached, Reached::connection);
}

TEST(SmtpImplicitTls, DeviatesAtTheGreeting) {
  const Talk got =
      talk(smtps_server({.deviations = {{.at = Point::greeting, .steps = {Send{"554 no\r\n"}}}}}),
           {kHandshake});
  EXPECT_EQ(got.transcript, "C: (TLS handshake)\nS: 554 no\n");
}

struct ClearRow {
  const char* name;
  Lines says;
  Lines clear_commands;
  std::vector<Invariant> violated;
};

TEST(SmtpImplicitTls, WhateverIsNoClientHelloIsSaidInClear) {
  using enum Invariant;
  for (const ClearRow& row :
       {ClearRow{"nothing", {}, {}, {}},
        {"a handshake", {kHandshake, "QUIT\r\n"}, {}, {}},
        {"EHLO, which STARTTLS allows", {"EHLO c\r\n"}, {"EHLO c"}, {payload_in_clear}},
        {"QUIT", {"QUIT\r\n"}, {"QUIT"}, {payload_in_clear}},
        {"the secret",
         {auth_plain() + "\r\n"},
         {"AUTH PLAIN <initial response>"},
         {secret_in_clear, payload_in_clear}}}) {
    const Talk got = talk(smtps_server(), row.says);
    EXPECT_EQ(got.seen.clear_commands, row.clear_commands) << row.name;
    EXPECT_EQ(violations(got.seen, {.mode = words::Mode::smtps, .secret = kCanary}, kSmtpProtocol),
              row.violated)
        << row.name;
  }
}

}  // namespace
}  // namespace startle::fake
