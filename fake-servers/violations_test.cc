// Every invariant, on an observation that breaks it and on one that nearly does.

#include "fake-servers/protocols.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

using words::Invariant;
using enum words::Invariant;

const std::string kSecret = "canary0123456789abcdef";
const std::string kPlain = "AUTH PLAIN " + to_base64(std::string("\0user\0", 6) + kSecret);

const Demands kTls{.secret = kSecret};
const Demands kClear{.mode = words::Mode::smtp_plain, .secret = kSecret};
const Demands kRefuse{.refuse_server = true, .secret = kSecret};

const Demands kSmtps{.mode = words::Mode::smtps, .secret = kSecret};
const Demands kLdap{.mode = words::Mode::ldap_starttls, .secret = kSecret};
const Demands kLdapAnonymous{.mode = words::Mode::ldap_starttls};
const Demands kLdaps{.mode = words::Mode::ldaps, .secret = kSecret};
const Demands kLdapClear{.mode = words::Mode::ldap_plain, .secret = kSecret};
const Demands kLdapRefuse{
    .mode = words::Mode::ldap_starttls, .refuse_server = true, .secret = kSecret};
const std::string kStartTls = "extended 1.3.6.1.4.1.1466.20037 (StartTLS)";
const std::string kWhoAmI = "extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)";

struct Row {
  const char* name;
  Demands demands;
  Observation seen;
  std::vector<Invariant> violated;
};

std::vector<Row> in_clear() {
  return {
      {"nothing was seen", kRefuse, {}, {}},

      {"a secret in clear", kTls, {.bytes_in_clear = kPlain}, {secret_in_clear}},
      {"a secret in clear, half a line", kTls, {.bytes_in_clear = kSecret}, {secret_in_clear}},
      {"a secret in clear, where clear was asked for", kClear, {.bytes_in_clear = kPlain}, {}},
      {"the secret inside TLS", kTls, {.bytes_in_tls = kPlain}, {}},
      {"another's secret in clear", kTls, {.bytes_in_clear = "AUTH PLAIN AGEAYg=="}, {}},
      {"no canary", {}, {.bytes_in_clear = kPlain}, {}},

      {"MAIL in clear",
       kTls,
       {.clear_commands = {"EHLO x", "MAIL FROM:<a@b>"}},
       {payload_in_clear}},
      {"AUTH in clear", kTls, {.clear_commands = {"AUTH LOGIN"}}, {payload_in_clear}},
      {"an empty line in clear", kTls, {.clear_commands = {""}}, {payload_in_clear}},
      {"a verb that only begins like one", kTls, {.clear_commands = {"QUITE"}}, {payload_in_clear}},
      {"what may go in clear",
       kTls,
       {.clear_commands = {"EHLO x", "HELO x", "NOOP", "RSET", "HELP", "starttls", "Quit"}},
       {}},
      {"MAIL in clear, where clear was asked for",
       kClear,
       {.clear_commands = {"MAIL FROM:<a@b>"}},
       {}},
      {"MAIL inside TLS", kTls, {.tls_commands = {"MAIL FROM:<a@b>"}}, {}},
  };
}

std::vector<Row> in_tls() {
  return {
      {"the secret to a server to be refused",
       kRefuse,
       {.bytes_in_tls = kPlain + "\r\n",
        .tls_commands = {"EHLO x", "AUTH PLAIN <initial response>"}},
       {secret_to_refused_peer, continued_after_refusal}},
      {"the secret to a server to be trusted",
       kTls,
       {.bytes_in_tls = kPlain + "\r\n",
        .tls_commands = {"EHLO x", "AUTH PLAIN <initial response>"}},
       {}},

      {"EHLO to a server to be refused",
       kRefuse,
       {.tls_commands = {"EHLO x"}},
       {continued_after_refusal}},
      {"QUIT to a server to be refused (RFC 3207, 4.1)", kRefuse, {.tls_commands = {"QUIT"}}, {}},
      {"EHLO to a server to be trusted", kTls, {.tls_commands = {"EHLO x"}}, {}},

      {"acted on an injected reply",
       kTls,
       {.sent_behind_go_ahead = true, .commands_before_reply = 1},
       {believed_injected_bytes}},
      {"spoke behind STARTTLS", kTls, {.spoke_before_tls = true}, {did_not_await_tls}},
      {"ignored an injected reply", kTls, {.sent_behind_go_ahead = true}, {}},
      {"pipelined without injection", kTls, {.commands_before_reply = 2}, {}},

      {"used what only the first list offered",
       kTls,
       {.auth_offered_in_clear = {"PLAIN"},
        .auth_offered_in_tls = {"LOGIN"},
        .auth_used_in_tls = {"PLAIN"}},
       {stale_capabilities}},
      {"one of two",
       kTls,
       {.auth_offered_in_clear = {"PLAIN"},
        .auth_offered_in_tls = {"LOGIN"},
        .auth_used_in_tls = {"LOGIN", "PLAIN"}},
       {stale_capabilities}},
      {"used what both lists offered",
       kTls,
       {.auth_offered_in_clear = {"PLAIN"},
        .auth_offered_in_tls = {"LOGIN", "PLAIN"},
        .auth_used_in_tls = {"PLAIN"}},
       {}},
      {"used what no list offered",
       kTls,
       {.auth_offered_in_tls = {"LOGIN"}, .auth_used_in_tls = {"CRAM-MD5"}},
       {}},

      {"EHLO in clear where TLS is implicit",
       kSmtps,
       {.clear_commands = {"EHLO x"}},
       {payload_in_clear}},
      {"EHLO inside implicit TLS", kSmtps, {.tls_commands = {"EHLO x"}}, {}},
  };
}

std::vector<Row> of_ldap() {
  return {
      {"what LDAP may say in clear",
       kLdap,
       {.clear_commands = {"search root DSE", kStartTls, "bind (anonymous)", "abandon 1",
                           "unbind"}},
       {}},
      {"a search in clear",
       kLdap,
       {.clear_commands = {"search \"dc=test\" (sub)"}},
       {payload_in_clear}},
      {"a search for something of that name",
       kLdap,
       {.clear_commands = {"search \"root DSE\" (base)"}},
       {payload_in_clear}},
      {"a bind in clear",
       kLdap,
       {.clear_commands = {"bind \"uid=a\" (simple)"}},
       {payload_in_clear}},
      {"EXTERNAL in clear",
       kLdap,
       {.clear_commands = {"bind \"\" (EXTERNAL)"}},
       {payload_in_clear}},
      {"a name in clear, without a password",
       kLdap,
       {.clear_commands = {"bind \"uid=a\" (simple, no password)"}},
       {payload_in_clear}},
      {"Who am I? in clear", kLdap, {.clear_commands = {kWhoAmI}}, {payload_in_clear}},
      {"an OID that only begins like StartTLS",
       kLdap,
       {.clear_commands = {"extended 1.3.6.1.4.1.1466.200371"}},
       {payload_in_clear}},
      {"SMTP to an LDAP server", kLdap, {.clear_commands = {"EHLO x"}}, {payload_in_clear}},
      {"a bind in clear, where clear was asked for",
       kLdapClear,
       {.bytes_in_clear = kSecret, .clear_commands = {"bind \"uid=a\" (simple)"}},
       {}},
      {"StartTLS where TLS is implicit",
       kLdaps,
       {.clear_commands = {kStartTls}},
       {payload_in_clear}},
      {"an unbind to a server to be refused", kLdapRefuse, {.tls_commands = {"unbind"}}, {}},
      {"a question to a server to be refused",
       kLdapRefuse,
       {.tls_commands = {"search root DSE"}},
       {continued_after_refusal}},
      {"QUIT is no LDAP", kLdapRefuse, {.tls_commands = {"QUIT"}}, {continued_after_refusal}},
  };
}

std::vector<Row> injected_into_ldap_or_referred() {
  return {
      {"went on as bound after an injected response",
       kLdap,
       {.tls_commands = {"search root DSE", "search \"dc=test\" (sub)"},
        .sent_behind_go_ahead = true},
       {believed_injected_bytes}},
      {"asked who it is after an injected response",
       kLdap,
       {.tls_commands = {kWhoAmI}, .sent_behind_go_ahead = true},
       {believed_injected_bytes}},
      {"bound inside TLS after an injected response",
       kLdap,
       {.tls_commands = {"bind \"uid=a\" (simple)", "search \"dc=test\" (sub)"},
        .sent_behind_go_ahead = true},
       {}},
      {"did not wait for its bind after an injected response",
       kLdap,
       {.tls_commands = {"bind \"uid=a\" (simple)", "search \"dc=test\" (sub)"},
        .sent_behind_go_ahead = true,
        .commands_before_reply = 1},
       {believed_injected_bytes}},
      {"looked at the root DSE after an injected response",
       kLdap,
       {.tls_commands = {"search root DSE"}, .sent_behind_go_ahead = true},
       {}},
      {"searches without a credential",
       kLdapAnonymous,
       {.tls_commands = {"search \"dc=test\" (sub)"}, .sent_behind_go_ahead = true},
       {}},
      {"searches without a bind, nothing injected",
       kLdap,
       {.tls_commands = {"search \"dc=test\" (sub)"}},
       {}},

      {"visited a referral's target", kLdap, {.referred_connections = 1}, {}},
      {"asked a referral's target for TLS",
       kLdap,
       {.referred_connections = 1, .referred_commands = {kStartTls}},
       {}},
      {"gave its secret to a referral's target",
       kLdap,
       {.referred_connections = 1,
        .referred_bytes = kSecret,
        .referred_commands = {"bind \"uid=a\" (simple)"}},
       {secret_in_clear, payload_in_clear}},
      {"searched a referral's target from inside implicit TLS",
       kLdaps,
       {.referred_connections = 1, .referred_commands = {"search \"dc=test\" (sub)"}},
       {payload_in_clear}},
      {"searched a referral's target, where clear was asked for",
       kLdapClear,
       {.referred_connections = 1, .referred_commands = {"search \"dc=test\" (sub)"}},
       {}},
  };
}

std::vector<Row> of_sasl_and_all_at_once() {
  return {
      {"answered a forged challenge",
       kTls,
       {.answered_forged_challenge = true},
       {answered_forged_challenge}},
      {"bound to another channel", kTls, {.bound_to_other_channel = true}, {wrong_channel_binding}},
      {"stepped down, in clear too", kClear, {.stepped_down = true}, {stepped_down}},

      {"everything at once",
       kRefuse,
       {.bytes_in_clear = kSecret,
        .bytes_in_tls = kSecret,
        .clear_commands = {"AUTH PLAIN x"},
        .tls_commands = {"MAIL FROM:<a@b>"},
        .auth_offered_in_clear = {"PLAIN"},
        .auth_used_in_tls = {"PLAIN"},
        .sent_behind_go_ahead = true,
        .commands_before_reply = 1},
       {secret_in_clear, payload_in_clear, secret_to_refused_peer, continued_after_refusal,
        believed_injected_bytes, stale_capabilities}},
  };
}

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const auto& some : {in_clear(), in_tls(), of_ldap(), injected_into_ldap_or_referred(),
                           of_sasl_and_all_at_once()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::string show(const std::vector<Invariant>& list) {
  std::string text;
  for (const Invariant invariant : list) text += std::string(word(invariant)) + " ";
  return text;
}

TEST(Violations, AreWhatTheObservationShowsAndNothingElse) {
  for (const Row& row : rows()) {
    EXPECT_EQ(show(violations(row.seen, row.demands)), show(row.violated)) << row.name;
  }
}

TEST(Violations, EveryInvariantOfTheWireHasARow) {
  std::set<Invariant> fired;
  for (const Row& row : rows()) fired.insert(row.violated.begin(), row.violated.end());
  // What an external client prints, and that it hangs, is not seen on the wire.
  fired.insert({secret_in_output, hung});
  EXPECT_EQ(fired.size(), count_of<Invariant>());
}

}  // namespace
}  // namespace startle::fake
