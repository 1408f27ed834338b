// A submission with implicit TLS and one that authenticates with a certificate, to a server that
// says its lines whatever it hears.

#include "harness/client/smtp_client.h"

#include <gtest/gtest.h>

#include <array>

#include "harness/client/sasl_session_for_test.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/session.h"

namespace startle::client {
namespace {

using net::Task;
using words::Ending;

constexpr const char* kHost = "smtp.example.test";

struct SmtpRun {
  Outcome outcome{};
  std::string heard_in_tls{};
  bool established = false;
};

Task<void> serve(net::Acceptor& acceptor, std::vector<std::string> lines, SmtpRun& run) {
  const auto stream = co_await acceptor.accept();
  if (!stream) co_return;
  const auto session = tls::Session::server(
      *stream,
      std::make_shared<const tls::ServerCredentials>(
          std::vector<std::string>{tls::self_signed({.dns_names = {kHost}})}, tls::key_for_test()));
  const tls::HandshakeResult result = co_await session->handshake();
  run.established = result.end == tls::HandshakeEnd::established;
  std::array<char, 512> chunk{};
  for (const std::string& line : lines) {
    co_await session->write(line + "\r\n");
    const net::IoResult got = co_await session->read_some(chunk);
    run.heard_in_tls.append(chunk.data(), got.count);
  }
}

Task<void> use(net::World& world, net::MemoryListener& listener, const Settings& settings,
               SmtpRun& run) {
  run.outcome = co_await submit(world, listener, settings, Decisions());
  listener.interrupt();
}

SmtpRun run(const Settings& settings, const std::vector<std::string>& lines) {
  static const bool once = (tls::use_run_clock(), true);
  if (once) tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  SmtpRun result;
  net::MemoryWorld world;
  net::MemoryListener listener(world);
  world.spawn(serve(listener, lines, result));
  world.spawn(use(world, listener, settings, result));
  world.run();
  return result;
}

Settings external() {
  Settings settings = smtps_settings();
  settings.username.reset();
  settings.password.reset();
  settings.mechanism = "EXTERNAL";
  settings.certificate = std::make_shared<const tls::ClientCredentials>(
      std::vector<std::string>{tls::self_signed()}, tls::key_for_test());
  return settings;
}

struct Row {
  const char* name;
  Settings settings;
  std::vector<std::string> lines;  // from the greeting on
  const char* ending;
  const char* sentence;
  Phase phase;
};

TEST(SmtpClient, ImplicitTlsAndExternal) {
  for (const Row& row : {
           Row{"delivered",
               smtps_settings(),
               {"220 hi", "250-hi\r\n250 AUTH PLAIN", "235 ok", "250 ok", "250 ok", "354 go",
                "250 ok", "221 bye"},
               "delivered",
               "delivered inside TLS1.3",
               Phase::quit},
           Row{"EHLO refused",
               smtps_settings(),
               {"220 hi", "554 no", "221 bye"},
               "refused-by-server",
               "the server refuses EHLO: 554 no",
               Phase::capabilities_in_tls},
           Row{"greeting",
               smtps_settings(),
               {"554 no", "221 bye"},
               "refused-by-server",
               "the server refuses to serve: 554 no",
               Phase::greeting},
           Row{"EXTERNAL",
               external(),
               {"220 hi", "250-hi\r\n250 AUTH PLAIN EXTERNAL", "235 ok", "250 ok", "250 ok",
                "354 go", "250 ok", "221 bye"},
               "delivered",
               "delivered inside TLS1.3",
               Phase::quit},
           Row{"EXTERNAL refused",
               external(),
               {"220 hi", "250-hi\r\n250 AUTH EXTERNAL", "535 5.7.8 who?", "221 bye"},
               "auth-rejected",
               "the server refuses the credentials: 535 5.7.8 who?",
               Phase::authentication},
           Row{"EXTERNAL challenged",
               external(),
               {"220 hi", "250-hi\r\n250 AUTH EXTERNAL", "334 ", "501 cancelled", "221 bye"},
               "protocol-error",
               "the server sends a challenge after the last",
               Phase::authentication},
           Row{"EXTERNAL not offered",
               external(),
               {"220 hi", "250-hi\r\n250 AUTH PLAIN LOGIN", "221 bye"},
               "auth-unavailable",
               "the server does not offer the mechanism EXTERNAL inside TLS",
               Phase::authentication},
       }) {
    SCOPED_TRACE(row.name);
    const SmtpRun got = run(row.settings, row.lines);
    EXPECT_TRUE(got.established);
    EXPECT_EQ(word(got.outcome.ending), row.ending);
    EXPECT_EQ(got.outcome.sentence, row.sentence);
    EXPECT_EQ(got.outcome.phase, row.phase);
    EXPECT_EQ(got.outcome.tls_version, "TLS1.3");
    EXPECT_TRUE(got.heard_in_tls.ends_with("QUIT\r\n")) << got.heard_in_tls;
    const bool by_certificate = row.settings.mechanism.has_value();
    const bool authenticates = got.heard_in_tls.find("AUTH EXTERNAL =\r\n") != std::string::npos;
    EXPECT_EQ(authenticates, by_certificate && word(got.outcome.ending) != "auth-unavailable");
  }
}

struct ConfigurationRow {
  const char* name;
  void (*change)(Settings&);
  const char* sentence;
};

TEST(SmtpClient, AWrongConfigurationConnectsToNobody) {
  for (const ConfigurationRow& row :
       {ConfigurationRow{"no username", [](Settings& s) { s.username.reset(); },
                         "ssl=\"true\" needs a username"},
        {"no password", [](Settings& s) { s.password.reset(); }, "ssl=\"true\" needs a password"},
        {"mechanism", [](Settings& s) { s.mechanism = "GSSAPI"; },
         "the mechanism `GSSAPI` is none of this client: SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, "
         "SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2"},
        {"mechanism in small letters", [](Settings& s) { s.mechanism = "plain"; },
         "the mechanism `plain` is none of this client: SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, "
         "SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2"},
        {"a NUL in the password", [](Settings& s) { s.password = std::string("a\0b", 3); },
         "the password holds a NUL"},
        {"an empty username", [](Settings& s) { s.username = ""; }, "the username is empty"},
        {"an empty password", [](Settings& s) { s.password = ""; }, "the password is empty"},
        {"an unfit username",
         [](Settings& s) {
           s.username = "\x07";
           s.mechanism = "CRAM-MD5";
         },
         "the username is not fit for SASL (RFC 4013)"},
        {"no certificate", [](Settings& s) { s.mechanism = "EXTERNAL"; },
         "the mechanism EXTERNAL needs a client certificate"},
        {"EXTERNAL in clear",
         [](Settings& s) {
           s.mechanism = "EXTERNAL";
           s.mode = words::Mode::smtp_plain;
         },
         "the mechanism EXTERNAL needs TLS: the certificate is shown in its handshake"}}) {
    SCOPED_TRACE(row.name);
    Settings settings = smtps_settings();
    row.change(settings);
    const SmtpRun got = run(settings, {});
    EXPECT_EQ(word(got.outcome.ending), "configuration-error");
    EXPECT_EQ(got.outcome.sentence, row.sentence);
    EXPECT_FALSE(got.established);
  }
}

}  // namespace
}  // namespace startle::client
