// A client that does not wait for STARTTLS to be answered, or for TLS to stand: what it says there
// is dropped by a sound server (RFC 3207, 4.2), and seen all the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "fake-servers/raw_client_for_test.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using words::Invariant;
using enum words::Invariant;
using words::Mode;

using Lines = std::vector<std::string>;

std::vector<Invariant> judged(const Talk& talk, Mode mode) {
  return violations(talk.seen, {.mode = mode, .secret = kCanary});
}

struct SmtpRow {
  const char* name;
  Script script;
  Lines says;      // behind EHLO
  Lines commands;  // in clear, behind EHLO
  std::vector<Invariant> violated;
};

const Script kRefused{.deviations = {{Point::starttls, {Send{"454 4.7.0 Not now\r\n"}}}}};
const Script kRefusedLate{
    .deviations = {{Point::starttls, {Pause{500ms}, Send{"454 4.7.0 Not now\r\n"}}}}};
const Script kLate{.deviations = {{Point::starttls, {Pause{500ms}, Usual{}}}}};
const Script kSlow{
    .deviations = {{Point::starttls, {Send{"220 go\r\n"}, Pause{500ms}, StartTls{}}}}};

const std::vector<SmtpRow>& smtp_rows() {
  static const std::vector<SmtpRow> kRows{
      {"nothing", {}, {"STARTTLS\r\n", kHandshake}, {"STARTTLS"}, {}},
      {"nothing, the answer late", kLate, {"STARTTLS\r\n", kHandshake}, {"STARTTLS"}, {}},
      {"nothing, the handshake late", kSlow, {"STARTTLS\r\n", kHandshake}, {"STARTTLS"}, {}},
      {"a harmless command",
       {},
       {"STARTTLS\r\nNOOP\r\n", kHandshake},
       {"STARTTLS", "NOOP"},
       {did_not_await_tls}},
      {"half a command",
       {},
       {"STARTTLS\r\nNO", kHandshake},
       {"STARTTLS", "NO"},
       {payload_in_clear, did_not_await_tls}},
      {"credentials",
       {},
       {"STARTTLS\r\nEHLO c\r\n" + auth_plain() + "\r\n", kHandshake},
       {"STARTTLS", "EHLO c", "AUTH PLAIN <initial response>"},
       {secret_in_clear, payload_in_clear, did_not_await_tls}},
      {"a command, the answer late",
       kLate,
       {"STARTTLS\r\nNOOP\r\n", kHandshake},
       {"STARTTLS", "NOOP"},
       {did_not_await_tls}},
      {"a command, and a refusal",
       kRefused,
       {"STARTTLS\r\nNOOP\r\n"},
       {"STARTTLS", "NOOP"},
       {did_not_await_tls}},
      {"a command, and a late refusal",
       kRefusedLate,
       {"STARTTLS\r\nNOOP\r\n"},
       {"STARTTLS", "NOOP"},
       {did_not_await_tls}},
      {"a command behind a refusal",
       kRefused,
       {"STARTTLS\r\n", "NOOP\r\n"},
       {"STARTTLS", "NOOP"},
       {}},
      {"a command behind the go-ahead",
       {},
       {"STARTTLS\r\n", "NOOP\r\n"},
       {"STARTTLS", "NOOP"},
       {did_not_await_tls}},
      {"a ClientHello", {}, {"STARTTLS\r\n\x16\x03\x01\x02"}, {"STARTTLS"}, {}},
      {"a ClientHello, the answer late", kLate, {"STARTTLS\r\n\x16\x03\x01\x02"}, {"STARTTLS"}, {}},
      {"a farewell", {}, {"STARTTLS\r\nquit\r\n", kHandshake}, {"STARTTLS", "quit"}, {}},
      {"a farewell behind the go-ahead",
       {},
       {"STARTTLS\r\n", "QUIT\r\n"},
       {"STARTTLS", "QUIT"},
       {}},
      {"a verb that begins like one",
       {},
       {"STARTTLS\r\nQUITE\r\n", kHandshake},
       {"STARTTLS", "QUITE"},
       {payload_in_clear, did_not_await_tls}},
  };
  return kRows;
}

TEST(BehindStarttls, IsWrittenDownInSmtp) {
  for (const SmtpRow& row : smtp_rows()) {
    SCOPED_TRACE(row.name);
    Lines says{"EHLO c\r\n"};
    says.insert(says.end(), row.says.begin(), row.says.end());
    Lines commands{"EHLO c"};
    commands.insert(commands.end(), row.commands.begin(), row.commands.end());
    const Talk got = talk(server_for_test(row.script), says);
    EXPECT_EQ(got.seen.clear_commands, commands) << got.transcript;
    EXPECT_EQ(judged(got, Mode::smtp_starttls), row.violated) << got.transcript;
    // None of it is taken for said inside TLS (CVE-2011-0411).
    EXPECT_EQ(got.seen.tls_commands, Lines{});
    for (const std::string& line : lines_of(got.seen)) {
      EXPECT_EQ(line.find(kCanary), std::string::npos) << line;
    }
  }
}

TEST(BehindStarttls, StandsInTheTranscript) {
  const Talk got = talk(server_for_test(), {"EHLO c\r\n", "STARTTLS\r\nNOOP\r\n", kHandshake});
  const Lines lines = lines_of(got.seen);
  EXPECT_NE(std::find(lines.begin(), lines.end(), "C: NOOP"), lines.end()) << got.transcript;
}

std::string starttls(std::int64_t id) {
  return request(id, wire::LdapExtendedRequest{.name = std::string(wire::kStartTlsOid)});
}

struct LdapRow {
  const char* name;
  Script script;
  std::string behind;
  std::size_t commands;  // in clear, StartTLS among them
  std::vector<Invariant> violated;
};

TEST(BehindStarttls, IsWrittenDownInLdap) {
  const std::string root_dse = request(2, search_for("", wire::LdapScope::base_object));
  const Script late{.deviations = {{Point::starttls, {Pause{500ms}, Usual{}}}}};
  const Script refused{.deviations = {{Point::starttls, {Respond{.code = 52}}}}};
  const LdapRow rows[] = {
      {"nothing", {}, "", 1, {}},
      {"a harmless request", {}, root_dse, 2, {did_not_await_tls}},
      {"a harmless request, the response late", late, root_dse, 2, {did_not_await_tls}},
      {"a harmless request, and a refusal", refused, root_dse, 2, {did_not_await_tls}},
      {"half a request", {}, root_dse.substr(0, 5), 2, {payload_in_clear, did_not_await_tls}},
      {"a bind",
       {},
       request(2, simple_bind(kUserDn, kCanary)),
       2,
       {secret_in_clear, payload_in_clear, did_not_await_tls}},
      {"what cannot be abandoned",
       {},
       request(2, wire::LdapAbandonRequest{.id = 1}),
       2,
       {did_not_await_tls}},
      {"a farewell", {}, request(2, wire::LdapUnbindRequest{}), 2, {}},
  };
  for (const LdapRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto& scripted = row.script.deviations;
    const bool is_refused =
        !scripted.empty() && std::holds_alternative<Respond>(scripted[0].steps[0]);
    Lines says{starttls(1) + row.behind};
    if (!is_refused) says.push_back(kHandshake);
    const Talk got = talk(ldap_server_for_test(row.script), says);
    EXPECT_EQ(got.seen.clear_commands.size(), row.commands) << got.transcript;
    EXPECT_EQ(judged(got, Mode::ldap_starttls), row.violated) << got.transcript;
    EXPECT_EQ(got.seen.tls_commands, Lines{});
  }
}

// ---- an injected bind response -----------------------------------------------------------------

Talk injected(const std::string& in_tls) {
  const Script script{.deviations = {{Point::starttls,
                                      {Respond{.held = true},
                                       Respond{.as = "bind-response", .id_offset = 1}, StartTls{}}},
                                     {Point::bind, {Pause{500ms}, Respond{.code = 49}}}}};
  return talk(ldap_server_for_test(script), {starttls(1), kHandshake, in_tls});
}

TEST(InjectedBindResponse, WhoLeavesWithoutTheRealOneHasBelievedIt) {
  const std::string bind = request(2, simple_bind(kUserDn, kCanary));
  const std::string unbind = request(3, wire::LdapUnbindRequest{});
  EXPECT_EQ(judged(injected(bind + unbind), Mode::ldap_starttls),
            std::vector{believed_injected_bytes});
  EXPECT_EQ(judged(injected(bind), Mode::ldap_starttls), std::vector<Invariant>{});
  EXPECT_EQ(judged(injected(unbind), Mode::ldap_starttls), std::vector<Invariant>{});
  // Without an injection a client may give up at any time.
  const Script slow{.deviations = {{Point::bind, {Pause{500ms}, Usual{}}}}};
  const Talk gives_up = talk(ldap_server_for_test(slow), {starttls(1), kHandshake, bind + unbind});
  EXPECT_EQ(judged(gives_up, Mode::ldap_starttls), std::vector<Invariant>{});
}

}  // namespace
}  // namespace startle::fake
