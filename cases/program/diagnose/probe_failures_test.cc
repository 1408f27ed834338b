// Servers that are not in order, and what is said of them: the step, and one sentence.

#include <gtest/gtest.h>

#include "cases/program/diagnose/probe_for_test.h"
#include "harness/net/host_connector.h"
#include "harness/net/tcp.h"

namespace startle::program {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using fake::Point;
using fake::Script;
using fake::Send;
using net::Task;
using words::Ending;
using words::Mode;

Script at(Point point, std::string bytes) {
  return {.deviations = {{.at = point, .steps = {Send{.bytes = std::move(bytes)}}}}};
}

struct Row {
  const char* name = "";
  Mode mode{};
  Script script{};
  const char* step = "";
  Ending ending{};
  std::string sentence{};
};

void expect(const Row& row, const Probe& probe) {
  SCOPED_TRACE(row.name);
  EXPECT_EQ(failed_step(probe), row.step) << states_of(probe);
  EXPECT_EQ(word(probe.ending), word(row.ending));
  EXPECT_EQ(probe.sentence, row.sentence);
}

// ---- capabilities and go-ahead -----------------------------------------------------------------

const std::string kNoStarttls = "the server does not offer STARTTLS";

TEST(ProbeFailures, OfAServerWithoutStarttls) {
  const Row rows[] = {
      {"not offered", Mode::smtp_starttls,
       at(Point::ehlo, "250-mail.example.test\r\n250 SIZE 1000\r\n"), "capabilities",
       Ending::starttls_not_supported, kNoStarttls + " on this port"},
      {"masked", Mode::smtp_starttls,
       at(Point::ehlo, "250-mail.example.test\r\n250-XXXXXXXA\r\n250 8BITMIME\r\n"), "capabilities",
       Ending::starttls_not_supported,
       kNoStarttls + ": a firewall has replaced STARTTLS by XXXXXXXA: that is the mail inspection "
                     "of a Cisco PIX or ASA (`inspect esmtp`, fixup smtp)"},
      {"of Exchange", Mode::smtp_starttls,
       at(Point::ehlo, "250-mail.example.test\r\n250-X-ANONYMOUSTLS\r\n250 CHUNKING\r\n"),
       "capabilities", Ending::starttls_not_supported,
       kNoStarttls + ": the server offers X-ANONYMOUSTLS in its place, which Exchange servers use "
                     "among themselves: the receive connector has no certificate for STARTTLS, or "
                     "a proxy took it away"},
      {"EHLO refused", Mode::smtp_starttls, at(Point::ehlo, "502 not implemented\r\n"),
       "capabilities", Ending::starttls_not_supported,
       "the server refuses EHLO: 502 not implemented"},
      {"refused", Mode::smtp_starttls, at(Point::starttls, "454 4.7.0 TLS not available\r\n"),
       "go-ahead", Ending::starttls_refused,
       "the server refuses STARTTLS: 454 4.7.0 TLS not available"},
      {"LDAP, refused",
       Mode::ldap_starttls,
       {.deviations = {{.at = Point::starttls,
                        .steps = {fake::Respond{.code = 52, .diagnostic = "no TLS"}}}}},
       "go-ahead",
       Ending::starttls_refused,
       "the server refuses StartTLS: unavailable (52) no TLS"},
  };
  for (const Row& row : rows) {
    expect(row, probe_of(server_of(row.mode, row.script), user_for_test(row.mode)).probe);
  }
}

TEST(ProbeFailures, OfADirectoryWithoutStartTls) {
  const Script script{
      .deviations = {{.at = Point::root_dse,
                      .steps = {fake::Respond{.as = "search-entry",
                                              .attributes = {{"supportedExtension",
                                                              "1.3.6.1.4.1.4203.1.11.3"}}},
                                fake::Respond{}}}}};
  const Probed got =
      probe_of(server_of(Mode::ldap_starttls, script), user_for_test(Mode::ldap_starttls));
  expect(
      {.name = "LDAP, not offered",
       .step = "capabilities",
       .ending = Ending::starttls_not_supported,
       .sentence = "the server does not offer StartTLS: supportedExtension of its root DSE lacks "
                   "1.3.6.1.4.1.1466.20037"},
      got.probe);
  EXPECT_EQ(got.probe.capabilities, std::vector<std::string>{"1.3.6.1.4.1.4203.1.11.3"});
}

// slapd 2.5 says so of its own search, at times.
TEST(ProbeFailures, AreNoneWhereADirectoryHasNotYetForgottenTheSearch) {
  const std::string outstanding = "cannot start TLS when operations are outstanding";
  const fake::Server busy =
      server_of(Mode::ldap_starttls,
                {.deviations = {{.at = Point::starttls,
                                 .steps = {fake::Respond{.code = 1, .diagnostic = outstanding}}}}});
  const Probed always = probe_of(busy, user_for_test(Mode::ldap_starttls));
  EXPECT_EQ(failed_step(always.probe), "go-ahead");
  EXPECT_EQ(always.connections, 20U);

  client::Settings looking = user_for_test(Mode::ldap_starttls);
  looking.stop_after = client::StopAfter::tls;
  const Probed once =
      probe_of(std::vector<fake::Server>{busy, busy, server_of(Mode::ldap_starttls)}, looking);
  EXPECT_EQ(failed_step(once.probe), "") << once.probe.sentence;
  EXPECT_EQ(once.connections, 3U);
}

TEST(ProbeFailures, OfOctetsBehindTheGoAhead) {
  const Script script{
      .deviations = {{.at = Point::starttls,
                      .steps = {Send{.bytes = "220 go ahead\r\n250-smtp.example.test\r\n"},
                                fake::StartTls{}}}}};
  const Probed got =
      probe_of(server_of(Mode::smtp_starttls, script), user_for_test(Mode::smtp_starttls));
  expect({.name = "injected",
          .step = "behind-go-ahead",
          .ending = Ending::protocol_error,
          .sentence = "the server sent 23 octets in clear behind its go-ahead, which somebody on "
                      "the way may have put there (response injection): `250-smtp.example.test`"},
         got.probe);
  EXPECT_FALSE(got.probe.chain_der.empty()) << "TLS is looked at all the same";
  EXPECT_EQ(said(got.probe, Step::tls).substr(0, 6), "TLS1.3");
}

TEST(ProbeFailures, NamesTheFirewallThatCoversTheGreeting) {
  const Script script = at(Point::greeting, "220 *****0*0**********2******200\r\n");
  const Probe probe =
      probe_of(server_of(Mode::smtp_starttls, script), user_for_test(Mode::smtp_starttls)).probe;
  ASSERT_EQ(probe.steps[2].step, Step::greeting);
  EXPECT_EQ(probe.steps[2].state, StepState::ok);
  EXPECT_EQ(probe.steps[2].details,
            std::vector<std::string>{"a firewall has covered the greeting with asterisks, as the "
                                     "mail inspection of a Cisco PIX or ASA does (`inspect esmtp`, "
                                     "fixup smtp)"});
}

// ---- another server than the one configured ----------------------------------------------------

struct Stranger {
  const char* name = "";
  Mode mode{};
  std::string says{};
  const char* step = "";
  std::string sentence{};
};

// Says it at once, and nothing more.
Server that_says(const std::string& bytes) {
  return [bytes](net::World&, net::Stream& stream) -> Task<void> {
    const net::IoResult said = co_await stream.write(bytes);
    if (said.status != net::IoStatus::ok) co_return;
    std::array<char, 512> heard{};
    net::IoResult read;
    do {
      read = co_await stream.read_some(heard);
    } while (read.status == net::IoStatus::ok);
  };
}

TEST(ProbeFailures, NamesWhoSpeaksInPlaceOfTheServer) {
  const Stranger rows[] = {
      {"IMAP", Mode::smtp_starttls, "* OK Dovecot ready.\r\n", "greeting",
       "an IMAP server speaks on this port, not SMTP: `* OK Dovecot ready.`"},
      {"POP3", Mode::smtp_starttls, "+OK ready\r\n", "greeting",
       "a POP3 server speaks on this port, not SMTP: `+OK ready`"},
      {"SSH", Mode::smtp_starttls, "SSH-2.0-OpenSSH_9.2\r\n", "greeting",
       "an SSH server speaks on this port, not SMTP: `SSH-2.0-OpenSSH_9.2`"},
      {"HTTP", Mode::smtp_starttls, "HTTP/1.1 400 Bad Request\r\n\r\n", "greeting",
       "an HTTP server speaks on this port, not SMTP: `HTTP/1.1 400 Bad Request`"},
      {"nonsense", Mode::smtp_starttls, "\x01\x02what?\r\n", "greeting",
       "what speaks on this port is not SMTP: it begins with `\\x01\\x02what?`"},
      {"IMAP on 465", Mode::smtps, "* OK Dovecot ready.\r\n", "tls",
       "an IMAP server speaks on this port, not TLS: `* OK Dovecot ready.`"},
      {"SMTP on 465", Mode::smtps, "220 mail.example.test ESMTP\r\n", "tls",
       "an SMTP server in clear speaks on this port, not TLS: `220 mail.example.test ESMTP`"},
      {"nonsense on 465", Mode::smtps, "\x01\x02what?\r\n", "tls",
       "what speaks on this port is not TLS: it begins with `\\x01\\x02what?`"},
      {"SMTP on 389", Mode::ldap_starttls, "220 mail.example.test ESMTP\r\n", "capabilities",
       "an SMTP server in clear speaks on this port, not LDAP: `220 mail.example.test ESMTP`"},
      {"nonsense on 389", Mode::ldap_starttls, "what?\r\n", "capabilities",
       "what speaks on this port is not LDAP: it begins with `what?`"},
  };
  for (const Stranger& row : rows) {
    const Probe probe = probe_of(that_says(row.says), user_for_test(row.mode)).probe;
    expect({.name = row.name,
            .step = row.step,
            .ending = Ending::protocol_error,
            .sentence = row.sentence},
           probe);
  }
}

TEST(ProbeFailures, KnowsTlsOnAPortOfClearText) {
  for (const auto& [mode, served] :
       {std::pair(Mode::smtp_starttls, Mode::smtps), std::pair(Mode::ldap_starttls, Mode::ldaps)}) {
    SCOPED_TRACE(word(mode));
    const Probe probe = probe_of(server_of(served), user_for_test(mode)).probe;
    const bool mail = mode == Mode::smtp_starttls;
    EXPECT_EQ(failed_step(probe), mail ? "greeting" : "capabilities") << probe.sentence;
    EXPECT_EQ(probe.sentence,
              "the port speaks TLS from the first octet, and waits for the client to begin: it is "
              "no port on which " +
                  std::string(mail ? "SMTP" : "LDAP") + " begins in clear");
  }
}

TEST(ProbeFailures, KnowsClearTextOnAPortOfTls) {
  const Probe mail = probe_of(server_of(Mode::smtp_starttls), user_for_test(Mode::smtps)).probe;
  EXPECT_EQ(failed_step(mail), "tls");
  EXPECT_TRUE(
      mail.sentence.starts_with("an SMTP server in clear speaks on this port, not TLS: `220"))
      << mail.sentence;
  const Probe directory =
      probe_of(server_of(Mode::ldap_starttls), user_for_test(Mode::ldaps)).probe;
  EXPECT_EQ(failed_step(directory), "tls");
  EXPECT_TRUE(
      directory.sentence.starts_with("an LDAP server in clear speaks on this port, not TLS"))
      << directory.sentence;
}

// ---- TLS ---------------------------------------------------------------------------------------

TEST(ProbeFailures, NamesAVersionOfOld) {
  for (const auto& [versions, name] :
       {std::pair(tls::Versions::tls_1_1, "TLS1.1"), std::pair(tls::Versions::tls_1_0, "TLS1.0")}) {
    for (const Mode mode : {Mode::smtp_starttls, Mode::ldaps}) {
      const Probe probe = probe_of(server_of(mode, {.tls = versions}), user_for_test(mode)).probe;
      expect({.name = name,
              .step = "tls",
              .ending = Ending::handshake_failure,
              .sentence = "the server speaks " + std::string(name) +
                          " and nothing later, which no client of today accepts (RFC 8996)"},
             probe);
    }
  }
}

// ---- no way to the server ----------------------------------------------------------------------

Probe probe_by(net::Resolver resolver, const client::Settings& settings) {
  Probe made;
  net::RealWorld world;
  net::HostConnector connector(world, std::move(resolver));
  world.spawn([](net::World& in, net::Connector& by, const client::Settings& told,
                 Probe& into) -> Task<void> {
    into = co_await probe_through(in, by, told);
  }(world, connector, settings, made));
  EXPECT_TRUE(world.run(world.now() + 60s)) << "hung";
  world.abandon();
  return made;
}

TEST(ProbeFailures, OfAName) {
  const auto unknown = [](const std::string&) {
    return net::Resolved{.why = "the name is not known: check its spelling"};
  };
  const Probe probe = probe_by(unknown, user_for_test(Mode::smtps));
  expect({.name = "unknown",
          .step = "resolution",
          .ending = Ending::not_connected,
          .sentence = "smtp.example.test: the name is not known: check its spelling"},
         probe);
  EXPECT_TRUE(states_of(probe).starts_with("resolution failed, connection not reached, "))
      << states_of(probe);
}

TEST(ProbeFailures, OfAConnection) {
  std::uint16_t port = 0;
  {
    net::RealWorld world;
    const net::TcpListener listener(world, {.address = "127.0.0.1"});
    port = listener.endpoint().port;  // which nobody listens on once it is gone
  }
  client::Settings settings = user_for_test(Mode::smtps);
  settings.port = port;
  const auto here = [](const std::string&) { return net::Resolved{.addresses = {"127.0.0.1"}}; };
  const Probe probe = probe_by(here, settings);
  expect({.name = "refused",
          .step = "connection",
          .ending = Ending::not_connected,
          .sentence = "smtp.example.test:" + std::to_string(port) +
                      ": 127.0.0.1: connection refused: the host answers, and no service listens "
                      "on the port"},
         probe);
  EXPECT_EQ(said(probe, Step::resolution), "smtp.example.test has the address 127.0.0.1");
  EXPECT_EQ(probe.addresses, std::vector<std::string>{"127.0.0.1"});
}

}  // namespace
}  // namespace startle::program
