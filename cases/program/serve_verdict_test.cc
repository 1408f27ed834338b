// What `serve` says of a client and what `run` says of it are one judgement: the built-in client,
// as a program, meets the servers of `serve` over TCP, and the verdict is that of `run`.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "cases/engine/judge_process.h"
#include "cases/engine/run_for_test.h"
#include "cases/program/served_for_test.h"
#include "certs/recipe.h"
#include "harness/subject/defect.h"

namespace startle::cases {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kCertificates = "matrix/certificates/mode=smtp-starttls/trust=host/";

// By the model that `serve` has unless another is stated.
Plan plan_of(Strings globs) {
  return {.cases = tree_catalogue().cases(),
          .matrices = tree_catalogue().matrices(),
          .globs = std::move(globs),
          .models = {words::TrustModel::pkix}};
}

std::vector<Exchange> exchanges_of(const Plan& plan) {
  std::vector<Exchange> all;
  Selection selection(plan);
  while (auto next = selection.next()) all.push_back(*std::move(next));
  return all;
}

// In seconds. A client whose farewell is not answered waits as long as it is told to.
const char* time_out_of(const Exchange& exchange, const Ready& server) {
  if (server.ready().at("expected").dump().find("timeout") != std::string::npos) return "1";
  const auto is_silent = [](const fake::Deviation& deviation) {
    return std::holds_alternative<fake::Silence>(deviation.steps.back());
  };
  const auto& deviations = exchange.script.deviations;
  return std::any_of(deviations.begin(), deviations.end(), is_silent) ? "5" : "50";
}

// What the exchange tells its client, and the server its user.
Strings client_of(const Exchange& exchange, const Ready& server, const std::string& defect) {
  const Json& ready = server.ready();
  const bool has_dn = !exchange.mechanism && ready.at("bind_dn").is_string();
  Strings command{STARTLE_PROGRAM, "client",      "--port",    server.port(),
                  "--host",        exchange.host, "--mode",    ready.at("mode"),
                  "--anchors",     server.ca(),   "--sender",  exchange.sender,
                  "--base",        exchange.base, "--filter",  exchange.filter,
                  "--trust-model", "pkix",        "--timeout", time_out_of(exchange, server)};
  const auto add = [&command](const std::string& option, const std::string& value) {
    command.push_back(option + "=" + value);
  };
  add("--tls-policy", std::string(word(exchange.tls_policy)));
  if (exchange.trust) add("--trust", *exchange.trust);
  if (exchange.mechanism) add("--mechanism", *exchange.mechanism);
  if (exchange.username) add("--username", has_dn ? server.bind_dn() : server.user());
  if (exchange.password) add("--password", server.password());
  if (ready.contains("crl")) add("--revocation-list", ready.at("crl"));
  if (ready.contains("client_key")) {
    add("--certificate", ready.at("client_certificate"));
    add("--key", ready.at("client_key"));
  }
  if (!defect.empty()) add("--defect", defect);
  return command;
}

std::string word_or_null(const Json& value) {
  return value.is_string() ? value.get<std::string>() : "null";
}

// Many servers in one process; each meets one client.
class Servers {
 public:
  // "pass", "fail" or "null", in the order of `exchanges`.
  Strings verdicts(const std::vector<Exchange>& exchanges, const std::string& defect = "") {
    constexpr std::size_t kAtOnce = 4;
    Strings all;
    for (std::size_t from = 0; from < exchanges.size(); from += kAtOnce) {
      const std::size_t end = std::min(from + kAtOnce, exchanges.size());
      meet(
          {exchanges.begin() + static_cast<long>(from), exchanges.begin() + static_cast<long>(end)},
          defect, all);
    }
    return all;
  }
  const std::string& reasons() const { return reasons_; }

 private:
  void meet(const std::vector<Exchange>& exchanges, const std::string& defect, Strings& all) {
    std::vector<Ready> servers;
    std::vector<std::unique_ptr<Process>> clients;
    for (const Exchange& exchange : exchanges) {
      servers.push_back(
          control_.start({{"case", exchange.id}, {"trust_model", "pkix"}, {"as_told", true}}));
    }
    for (std::size_t i = 0; i < servers.size(); ++i) {
      clients.push_back(std::make_unique<Process>(client_of(exchanges[i], servers[i], defect)));
    }
    for (const auto& client : clients) {
      const ProcessEnd end = client->wait();
      EXPECT_LE(end.status, 1) << end.output << end.errors;
    }
    std::map<Json, std::string> seen;
    while (seen.size() < servers.size()) {
      if (!note(control_.next_event(), seen)) return;
    }
    for (const Ready& server : servers) {
      const Json id = server.ready().at("id");
      Json event = control_.ask(Json{{"stop", id}}.dump());
      while (note(event, seen)) event = control_.next_event();
      all.push_back(seen.at(id));
    }
  }

  // False: it is of no connection. A client that was referred has two.
  bool note(const Json& event, std::map<Json, std::string>& seen) {
    if (event.value("event", "") != "connection") return false;
    std::string& verdict = seen[event.at("id")];
    if (verdict != "fail") {
      const std::string one = word_or_null(event.at("verdict"));
      if (verdict.empty() || one == "fail") verdict = one;
    }
    reasons_ +=
        event.at("case").get<std::string>() + ": " + event.at("reason").get<std::string>() + "\n";
    return true;
  }

  Controlled control_{Strings{"--listen", "127.0.0.1:0"}};
  std::string reasons_{};
};

// ---- the correct client -------------------------------------------------------------------------

constexpr int kParts = 8;

class ServeVerdictTest : public testing::TestWithParam<int> {};

// Every case of one connection, and every certificate.
TEST_P(ServeVerdictTest, IsThatOfRun) {
  const Plan plan = plan_of({"smtp", "ldap", kCertificates + std::string("*")});
  std::vector<Exchange> all = exchanges_of(plan);
  std::erase_if(all, [](const Exchange& one) { return is_of_a_process(one); });
  ASSERT_GT(all.size(), 390U);
  std::vector<Exchange> part;
  Strings ids;
  for (std::size_t i = static_cast<std::size_t>(GetParam()); i < all.size(); i += kParts) {
    ids.push_back(all[i].id);
  }
  const Ran ran = run_plan(plan_of(ids), *subject::make_subject("builtin"));
  ASSERT_EQ(ran.verdicts.size(), ids.size());
  Strings expected;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const report::Verdict& verdict = ran.verdicts[i];
    if (verdict.connections != 1) {
      // Without a password that can be sent there is nothing to judge.
      EXPECT_EQ(verdict.observed, words::Ending::configuration_error) << verdict.id;
      continue;
    }
    part.push_back(all[static_cast<std::size_t>(GetParam()) + i * kParts]);
    ASSERT_EQ(part.back().id, verdict.id);
    // `run` has stopped the clock; the client of `serve` has its own.
    const certs::Recipe& recipe = tree_catalogue().recipe(part.back().certificate);
    expected.emplace_back(certs::bound_to_the_clock(recipe).empty() ? word(verdict.kind) : "null");
  }
  Servers servers;
  const Strings verdicts = servers.verdicts(part);
  ASSERT_EQ(verdicts.size(), expected.size());
  for (std::size_t i = 0; i < part.size(); ++i) {
    EXPECT_EQ(verdicts[i], expected[i]) << part[i].id << '\n' << servers.reasons();
  }
}

INSTANTIATE_TEST_SUITE_P(All, ServeVerdictTest, testing::Range(0, kParts));

// ---- defective clients --------------------------------------------------------------------------

// A case, or a certificate, by which each shows on the wire.
const std::map<std::string, Strings> kSeenBy{
    {"accepts-any-certificate", {"expired", "mismatched"}},
    {"accepts-any-issuer", {"intermediate-not-ca"}},
    {"accepts-any-name", {"mismatched"}},
    {"accepts-appended-root", {"unknown-ca-with-trusted-root"}},
    {"accepts-early-success", {"smtp/sasl/scram/success-at-once"}},
    {"accepts-expired", {"expired"}},
    {"accepts-foreign-nonce", {"smtp/sasl/scram/foreign-nonce"}},
    {"accepts-foreign-staple", {"must-staple-wrong-staple"}},
    {"accepts-missing-signature", {"smtp/sasl/scram/no-signature"}},
    {"accepts-other-purpose", {"client-auth-only"}},
    {"accepts-revoked", {"revoked-by-crl", "staple-revoked"}},
    {"accepts-short-signature", {"smtp/sasl/scram/short-signature"}},
    {"accepts-success-after-error", {"ldap/sasl/scram/error-then-success"}},
    {"accepts-unchanged-nonce", {"smtp/sasl/scram/unchanged-nonce"}},
    {"accepts-unknown-authority", {"unknown-ca"}},
    {"accepts-unreadable-issuer", {"duplicate-extension-of-intermediate"}},
    {"accepts-unsigned-staple", {"staple-of-stranger"}},
    {"accepts-version-1-authority", {"intermediate-version-1"}},
    {"accepts-wrong-signature", {"smtp/sasl/scram/wrong-signature"}},
    {"answers-absent-challenge", {"ldap/sasl/challenge/cram-md5-no-credentials"}},
    {"answers-beyond-end", {"smtp/sasl/challenge/challenge-for-success"}},
    {"answers-broken-base64", {"smtp/sasl/challenge/login-no-base64"}},
    {"answers-huge-challenge", {"smtp/sasl/challenge/cram-md5-huge-challenge"}},
    {"asks-for-starttls-inside-tls", {"ldap/implicit/starttls-is-listed"}},
    {"authenticates-beside-tls", {"ldap/bind/result-49"}},
    {"authenticates-in-clear", {"ldap/sasl/choice/in-clear-accepted"}},
    {"believes-any-response", {"ldap/starttls/wrong-message-id"}},
    {"believes-injected-reply", {"smtp/injection/reply-after-go-ahead"}},
    {"believes-surplus-responses", {"ldap/root-dse/two-responses"}},
    {"binds-before-go-ahead", {"ldap/starttls/slow-response"}},
    {"binds-before-starttls", {"ldap/bind/result-49"}},
    {"binds-to-another-channel", {"smtp/sasl/binding/scram-sha-256-plus"}},
    {"binds-without-ems", {"smtp/sasl/binding/tls-1-2-without-ems"}},
    {"binds-without-password", {"ldap/bind/empty-password"}},
    {"computes-any-iterations", {"smtp/sasl/scram/iterations-0"}},
    {"continues-after-refused-authentication",
     {"ldap/bind/result-49", "ldap/bind/result-65536", "ldap/bind/rejected-and-search-answered",
      "smtp/auth/rejected-and-mail-taken"}},
    {"counts-common-name", {"cn-only"}},
    {"cuts-names-at-nul", {"nul-in-name"}},
    {"cuts-replies-at-nul", {"smtp/ehlo/nul-behind-starttls"}},
    {"cuts-result-codes", {"ldap/starttls/result-65536", "ldap/bind/result-65536"}},
    {"decides-by-text", {"smtp/starttls/454-then-tls"}},
    {"demands-response-name", {"ldap/starttls/without-response-name"}},
    {"drops-channel-binding", {"smtp/sasl/binding/binding-error"}},
    {"falls-back-to-clear",
     {"smtp/fallback/handshake-refused", "ldap/fallback/handshake-reset", "expired"}},
    {"follows-referral-in-clear", {"ldap/referral/search-reference"}},
    {"follows-referral-of-refusal", {"ldap/referral/bind"}},
    {"forgets-last-keyword", {"smtp/offer/last-line"}},
    {"gives-up-after-504", {"smtp/sasl/reply/unknown-first"}},
    {"goes-by-diagnostic-message", {"ldap/bind/text-of-success"}},
    {"goes-by-exact-codes", {"smtp/sender/code-255"}},
    {"goes-on-after-close-notify", {"ldap/disconnection/close-notify-then-clear"}},
    {"goes-on-after-refused-starttls", {"smtp/starttls/refused-454"}},
    {"goes-on-without-starttls", {"smtp/starttls/not-offered"}},
    {"hides-that-it-can-bind", {"smtp/sasl/binding/struck-from-the-list"}},
    {"ignores-configured-mechanism", {"smtp/sasl/choice/configured-is-not-offered"}},
    {"ignores-critical-extension", {"unknown-critical-extension"}},
    {"ignores-greeting-code", {"smtp/greeting/code-554"}},
    {"ignores-key-usage", {"intermediate-without-cert-sign"}},
    {"ignores-mail-refusal", {"smtp/sender/code-550"}},
    {"ignores-mandatory-extension", {"smtp/sasl/scram/mandatory-extension"}},
    {"ignores-name-constraints", {"name-constraint-violated"}},
    {"ignores-path-length", {"path-length-exceeded"}},
    {"ignores-recipient-refusal", {"smtp/recipient/code-550"}},
    {"ignores-starttls-reply", {"smtp/starttls/354-then-tls"}},
    {"ignores-starttls-result", {"ldap/starttls/refused-and-started"}},
    {"ignores-starttls-setting", {"smtp/ehlo/code-250-all-no-starttls"}},
    {"inverts-name-check", {"mismatched"}},
    {"keeps-capabilities", {"smtp/sender/not-authorized-553"}},
    {"keeps-half-a-line", {"smtp/injection/half-a-list"}},
    {"keeps-unreadable-root-dse", {"ldap/root-dse/refused-inside-tls-with-sasl"}},
    {"listens-before-tls", {"smtp/implicit/greeting-in-clear"}},
    {"names-in-other-case-differ", {"upper-case-name"}},
    {"needs-text-behind-code", {"smtp/starttls/without-text"}},
    {"never-says-helo", {"smtp/helo/code-250"}},
    {"offers-anonymous", {"smtp/tls/anonymous"}},
    {"offers-null-cipher", {"ldap/tls/cipher-null"}},
    {"offers-old-versions", {"smtp/tls/version-1-0", "ldap/tls/version-1-1-implicit"}},
    {"offers-rc4", {"smtp/tls/cipher-rc4-implicit"}},
    {"offers-sha-1", {"ldap/tls/signature-sha-1-1-2"}},
    {"overlooks-downgrade-mark", {"smtp/tls/downgrade-mark-1-1"}},
    {"overlooks-late-extension", {"smtp/sasl/scram/late-extension"}},
    {"pipelines-behind-starttls", {"smtp/go-ahead/late", "ldap/starttls/nothing-behind-request"}},
    {"queues-surplus-replies", {"smtp/auth/replies-to-come"}},
    {"reads-attributes-in-any-order", {"smtp/sasl/scram/swapped-attributes"}},
    {"reads-first-line-alone", {"smtp/greeting/several-lines"}},
    {"reads-keywords-in-one-case", {"smtp/offer/other-case"}},
    {"reads-replies-of-any-length", {"smtp/greeting/131072-lines"}},
    {"reads-segments-as-replies", {"smtp/ehlo/list-in-two-segments"}},
    {"reads-signature-in-reply", {"smtp/sasl/scram/signature-in-reply"}},
    {"refuses-critical-controls", {"ldap/starttls/critical-control"}},
    {"refuses-long-lengths", {"ldap/starttls/active-directory"}},
    {"sends-helo-and-authenticates", {"smtp/ehlo/code-500"}},
    {"sends-long-initial-response", {"smtp/sasl/credential/plain-line-of-513-octets"}},
    {"sends-no-server-name", {"smtp/tls/server-name-demanded"}},
    {"sends-value-with-starttls", {"ldap/starttls/sound"}},
    {"skips-second-ehlo", {"smtp/capabilities/stale"}},
    {"skips-what-is-no-reply", {"smtp/greeting/behind-a-line-that-is-none"}},
    {"starts-tls-only-to-authenticate", {"smtp/ehlo/unauthenticated-client"}},
    {"steps-down-after-failure", {"ldap/sasl/reply/bind-49"}},
    {"takes-250-for-authenticated", {"smtp/auth/code-250"}},
    {"takes-addresses-for-names", {"smtp/tls/address-in-dns-name"}},
    {"takes-any-reply-for-ehlo", {"smtp/helo/code-500"}},
    {"takes-domain-for-keyword", {"smtp/offer/as-domain"}},
    {"takes-first-code", {"smtp/starttls/code-changes-to-454"}},
    {"takes-last-code", {"smtp/starttls/code-changes-from-454"}},
    {"takes-late-504-for-unknown", {"smtp/sasl/reply/result-504-of-scram"}},
    {"takes-lookalike-for-starttls", {"smtp/offer/starttlsx"}},
    {"takes-notification-for-answer", {"ldap/starttls/id-0"}},
    {"takes-other-response-for-starttls", {"ldap/starttls/bind-response"}},
    {"takes-other-success-for-tls", {"smtp/starttls/other-success-code"}},
    {"takes-partial-wildcards", {"wildcard-partial"}},
    {"takes-segment-for-message", {"ldap/encoding/in-two-segments"}},
    {"tries-login-after-refused-plain", {"smtp/sasl/reply/plain-535-and-login"}},
    {"trusts-anyone-by-default", {"smtp/settings/trust-absent-and-expired"}},
    {"uses-tls-unique-in-tls-1-3", {"smtp/sasl/binding/scram-sha-256-plus"}},
    {"verifies-implicit-tls-alone", {"mismatched"}},
    {"verifies-only-without-own-certificate", {"smtp/settings/md5-for-a-certified-client"}},
};

// Those that do not, and why.
constexpr const char* kOfAProcess =
    "it takes several connections of one client process, which `run` alone makes";
const std::map<std::string, std::string> kUnseen{
    {"blames-the-password", "what it calls the end of the session no server hears"},
    {"blames-the-sender", "what it calls the end of the session no server hears"},
    {"calls-every-refusal-wrong-credentials", "it ends as it should, and only says so wrongly"},
    {"forgets-starttls", kOfAProcess},
    {"forgets-store-behind-starttls", "no server of `serve` knows of a key store for the host"},
    {"ignores-notice-of-disconnection", "it waits for the end of a session that is over already"},
    {"keeps-first-options", kOfAProcess},
    {"pins-by-name",
     "it is wrong about what a key store for the host holds, and no server of "
     "`serve` knows of one"},
    {"reads-bare-lf",
     "it takes what it has read for a list, and leaves as rightly as who takes it for none"},
    {"reads-cut-replies", "its server has closed, and hears nothing more"},
    {"reads-messages-of-any-length", "it waits for what will not come, and ends"},
    {"renews-deadline-with-each-line",
     "a client that waits says nothing, and no server of `serve` waits to see for how long"},
    {"reports-refused-message-delivered",
     "it does as the correct client does, and what it tells its user no server hears"},
    {"resumes-across-hosts", kOfAProcess},
    {"resumes-across-users", kOfAProcess},
    {"resumes-unverified", kOfAProcess},
    {"retries-in-clear", kOfAProcess},
    {"reuses-across-stores", kOfAProcess},
    {"reuses-across-trust", kOfAProcess},
    {"reuses-across-users", kOfAProcess},
    {"reuses-clear-connection", kOfAProcess},
    {"sends-message-after-refused-data",
     "the server has refused the message, and what the client makes of that it tells its user"},
    {"skips-names-without-reference",
     "by the model of `serve` the host itself is always one of the names"},
    {"takes-421-for-refusal", "what it calls the end of the session no server hears"},
    {"takes-end-for-answer", "it leaves as the correct client does, and believes something else"},
    {"takes-end-for-result", "of a search that was cut it tells its user alone"},
    {"takes-farewell-for-result",
     "it does as the correct client does, and what it tells its user no server hears"},
    {"takes-lost-connection-for-refusal", "its server has closed, and hears nothing more"},
    {"takes-temporary-for-permanent", "what it calls the end of the session no server hears"},
    {"waits-for-ever",
     "a client that waits says nothing, and no server of `serve` waits to see for how long"},
};

// Where a defect shows in the words of the client alone, which end in another reason: the server
// sees the same as of the correct client.
const std::map<std::string, std::string> kToldByClientsAlone{
    {"answers-broken-base64", "smtp/sasl/challenge/base64-alphabet"},
    {"calls-every-refusal-wrong-credentials", "ldap/bind/result-51"},
    {"ignores-starttls-result", "ldap/starttls/result-1"},
    {"keeps-capabilities", "ldap/sasl/challenge/challenge-for-success"},
};

std::string id_of(const std::string& what) {
  return what.find('/') != std::string::npos ? what : kCertificates + ("certificate=" + what);
}

Plan plan_of_seeing(const Strings& what) {
  Strings ids;
  for (const std::string& one : what) ids.push_back(id_of(one));
  return plan_of(ids);
}

TEST(ServeVerdict, EveryDefectShowsOrHasAReasonNotTo) {
  std::set<std::string> known;
  for (const subject::Defect& defect : subject::defects()) known.emplace(defect.name);
  std::set<std::string> listed;
  for (const auto& [name, seen_by] : kSeenBy) listed.insert(name);
  for (const auto& [name, why] : kUnseen) EXPECT_TRUE(listed.insert(name).second) << name;
  EXPECT_EQ(listed, known);
}

class DefectVerdictTest : public testing::TestWithParam<int> {};

TEST_P(DefectVerdictTest, IsThatOfRun) {
  Servers servers;
  int number = 0;
  for (const auto& [defect, seen_by] : kSeenBy) {
    if (number++ % kParts != GetParam()) continue;
    const Plan plan = plan_of_seeing(seen_by);
    const std::vector<Exchange> exchanges = exchanges_of(plan);
    ASSERT_EQ(exchanges.size(), seen_by.size()) << defect;
    const Ran ran = run_plan(plan, *subject::make_subject("defect:" + defect));
    for (const report::Verdict& verdict : ran.verdicts) {
      EXPECT_EQ(verdict.kind, report::VerdictKind::fail) << defect << ": " << verdict.id;
    }
    EXPECT_EQ(servers.verdicts(exchanges, defect), Strings(seen_by.size(), "fail"))
        << defect << '\n'
        << servers.reasons();
  }
}

INSTANTIATE_TEST_SUITE_P(All, DefectVerdictTest, testing::Range(0, kParts));

TEST(ServeVerdict, AnotherReasonInTheClientsOwnWordsDoesNotShow) {
  Servers servers;
  for (const auto& [defect, id] : kToldByClientsAlone) {
    const Plan plan = plan_of({id});
    const Ran ran = run_plan(plan, *subject::make_subject("defect:" + defect));
    ASSERT_EQ(ran.verdicts.size(), 1U) << id;
    EXPECT_EQ(ran.verdicts.front().severity, words::Severity::wrong_reason) << id;
    EXPECT_TRUE(ran.verdicts.front().violations.empty()) << id;
    // Of a lie that it was never told, nothing shows at all.
    const bool began = id.find("/challenge-for-success") == std::string::npos;
    EXPECT_EQ(servers.verdicts(exchanges_of(plan), defect), Strings{began ? "pass" : "null"}) << id;
  }
}

}  // namespace
}  // namespace startle::cases
