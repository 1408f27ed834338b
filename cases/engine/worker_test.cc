#include "cases/engine/worker.h"

#include <gtest/gtest.h>

#include "cases/engine/odd_client_for_test.h"
#include "harness/base/error.h"
#include "harness/net/world.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using report::VerdictKind;
using subject::ExchangeRequest;
using subject::ExchangeResult;

// ---- the listener that a referral names --------------------------------------------------------

class ReferralTest : public testing::TestWithParam<Transport> {
 protected:
  Worker worker_for(const subject::Subject& subject) {
    static const bool clock_in_use = (tls::use_run_clock(), true);
    static_cast<void>(clock_in_use);
    return {subject, {.transport = GetParam(), .deadline = deadline_, .clock = kTestClock}};
  }
  cases::Run run(Worker& worker, const std::string& id) {
    return worker.run(exchange_of(id), *mint_.chain(tree_catalogue().recipe("valid"), kHost));
  }
  static Exchange exchange_of(const std::string& id) {
    return make_exchange(single_case(id).setup, id, kHost, {.trust = words::TrustModel::documented},
                         1);
  }

  static constexpr const char* kHost = "smtp.example.test";
  std::chrono::milliseconds deadline_ = GetParam() == Transport::tcp ? 8s : 0s;
  certs::Mint mint_{kTestClock};
};

TEST_P(ReferralTest, IsThereForWhoFollowsInClear) {
  const auto subject = subject::make_subject("defect:follows-referral-in-clear");
  Worker worker = worker_for(*subject);
  // One after the other with one worker: nothing of the first is left for the second.
  for (const char* id : {"ldap/referral/search-reference", "ldap/referral/search-done"}) {
    const cases::Run ran = run(worker, id);
    EXPECT_FALSE(ran.hung);
    EXPECT_EQ(ran.seen.connections, 1U) << id;
    EXPECT_EQ(ran.seen.referred_connections, 1U) << id;
    EXPECT_NE(ran.seen.referred_bytes.find(exchange_of(id).secret), std::string::npos) << id;
  }
}

TEST_P(ReferralTest, IsLeftAloneByASoundClient) {
  const auto subject = subject::make_subject("builtin");
  Worker worker = worker_for(*subject);
  const cases::Run ran = run(worker, "ldap/referral/search-reference");
  EXPECT_FALSE(ran.hung);
  EXPECT_EQ(ran.outcome.ending, words::Ending::bound) << ran.outcome.sentence;
  EXPECT_EQ(ran.seen.referred_connections, 0U);
  EXPECT_EQ(ran.seen.referred_bytes, "");
}

TEST_P(ReferralTest, OutlivesAClientThatHangs) {
  if (GetParam() == Transport::tcp) deadline_ = 1s;
  const WaitsForEver subject;
  Worker worker = worker_for(subject);
  const std::string id = "ldap/referral/search-done";
  Exchange odd = exchange_of(id);
  odd.trust = std::string(kMarked);
  const auto chain = mint_.chain(tree_catalogue().recipe("valid"), kHost);
  EXPECT_TRUE(worker.run(odd, *chain).hung);
  const cases::Run ran = run(worker, id);
  EXPECT_FALSE(ran.hung);
  EXPECT_EQ(ran.outcome.ending, words::Ending::bound) << ran.outcome.sentence;
}

INSTANTIATE_TEST_SUITE_P(Worker, ReferralTest, testing::Values(Transport::memory, Transport::tcp),
                         [](const auto& row) { return std::string(word(row.param)); });

// ---- what a program is told, and what it prints ------------------------------------------------

// The built-in client, that prints what it was told.
class Prints final : public subject::Subject {
 public:
  explicit Prints(bool reads_files = false) { abilities_.reads_files = reads_files; }
  std::string name() const override { return "prints"; }
  std::string version() const override { return "0"; }
  std::string tls_library() const override { return "none"; }
  const subject::Abilities& abilities() const override { return abilities_; }
  net::Task<ExchangeResult> exchange(net::World& world,
                                     const ExchangeRequest& request) const override {
    ExchangeResult result = co_await builtin_->exchange(world, request);
    result.printed = "done\n";
    if (prints_password) result.printed += "password " + *request.settings.password + "\n";
    port = request.endpoint.port;
    const subject::TrustPem& pem = request.trust;
    authorities = pem.authorities.value_or("-");
    revocation_lists = pem.revocation_lists.value_or("-");
    certificate = pem.certificate.value_or("-");
    key = pem.key.value_or("-");
    co_return result;
  }

  bool prints_password = false;
  mutable std::uint16_t port = 0;
  mutable std::string authorities{}, revocation_lists{}, certificate{}, key{};

 private:
  std::unique_ptr<subject::Subject> builtin_ = subject::make_subject("builtin");
  subject::Abilities abilities_ = subject::Abilities::all();
};

Plan plan_with_one_password() {
  return {.matrices = {trust_matrix()},
          .globs = {"*/mode=smtps/trust=host/certificate=valid/credential=valid"}};
}

TEST(Worker, ASecretThatIsPrintedIsALeak) {
  Prints subject;
  const Ran sound = run_plan(plan_with_one_password(), subject);
  expect_all_pass(sound);
  subject.prints_password = true;
  const Ran ran = run_plan(plan_with_one_password(), subject);
  ASSERT_EQ(ran.verdicts.size(), 1U);
  const report::Verdict& verdict = ran.verdicts.front();
  EXPECT_EQ(verdict.kind, VerdictKind::fail);
  EXPECT_EQ(verdict.violations, std::vector{words::Invariant::secret_in_output});
  EXPECT_EQ(verdict.severity, words::Severity::leak);
  EXPECT_EQ(verdict.finding, "secret-in-output");
  EXPECT_TRUE(verdict.reason.ends_with("; the secret stands in the client's output"))
      << verdict.reason;
}

TEST(Worker, AProgramIsToldWhereTheServerListens) {
  const Prints subject;
  expect_all_pass(run_plan(plan_with_one_password(), subject));
  EXPECT_EQ(subject.port, 0);  // in memory
  expect_all_pass(
      run_plan(plan_with_one_password(), subject, {.worker = {.transport = Transport::tcp}}));
  EXPECT_NE(subject.port, 0);
  EXPECT_NE(subject.port, 25);
}

TEST(Worker, AProgramIsGivenWhatItIsToTrust) {
  static const bool clock_in_use = (tls::use_run_clock(), true);
  static_cast<void>(clock_in_use);
  certs::Mint mint(kTestClock);
  const Exchange exchange =
      make_exchange({.mode = words::Mode::smtps}, "x", "smtp.example.test", {}, 1);
  const auto chain = mint.chain(tree_catalogue().recipe("revoked-by-crl"), exchange.host);
  const auto identity = mint.client(certs::ClientCertificate::valid, "scheduler");
  const Prints subject(true);
  Worker worker(subject, {.clock = kTestClock});
  worker.run(exchange, *chain);
  EXPECT_EQ(subject.authorities, certs::to_pem(chain->anchors->anchors_der()));
  EXPECT_TRUE(subject.revocation_lists.starts_with("-----BEGIN X509 CRL-----\n"));
  EXPECT_EQ(subject.certificate, "-");
  EXPECT_EQ(subject.key, "-");

  const auto unlisted = mint.chain(tree_catalogue().recipe("valid"), exchange.host);
  worker.run(exchange, *unlisted, identity.get());
  EXPECT_EQ(subject.revocation_lists, "-");
  EXPECT_EQ(subject.certificate, identity->chain_pem);
  EXPECT_EQ(subject.key, identity->key_pem);

  const Prints reads_none;
  Worker(reads_none, {.clock = kTestClock}).run(exchange, *chain, identity.get());
  EXPECT_EQ(reads_none.authorities, "-");
  EXPECT_EQ(reads_none.key, "-");
}

// ---- errors of the harness ---------------------------------------------------------------------

class Fails final : public SometimesOdd {
  net::Task<ExchangeResult> misbehave(net::World&, const ExchangeRequest& to) const override {
    const auto connected =
        co_await to.connector.connect(to.settings.host, to.settings.port, net::kNever);
    throw Error(Fault::internal, "the subject is broken");
    co_return ExchangeResult{};
  }
};

TEST(Worker, AnErrorIsAVerdictAndTheRestGoesOn) {
  const Ran ran = run_plan(plan_with_one_odd(), Fails());
  expect_one_odd(ran, VerdictKind::error, "the subject is broken");
  EXPECT_EQ(ran.result.tally.summary().errors, 1U);
  EXPECT_EQ(ran.result.tally.worst(), std::nullopt);
}

TEST(Worker, AnErrorOverTcpIsAVerdictAndTheRestGoesOn) {
  RunOptions options{.worker = {.transport = Transport::tcp}};
  expect_one_odd(run_plan(plan_with_one_odd(), Fails(), options), VerdictKind::error,
                 "the subject is broken");
}

TEST(Worker, AnUnknownCertificateIsAnErrorOfItsCaseAlone) {
  Plan plan = plan_of_single_cases();
  plan.cases[1].setup.certificate = "expierd";
  const auto subject = subject::make_subject("builtin");
  const Ran ran = run_plan(plan, *subject);
  ASSERT_EQ(ran.verdicts.size(), plan.cases.size());
  for (std::size_t i = 0; i < ran.verdicts.size(); ++i) {
    EXPECT_EQ(ran.verdicts[i].kind, i == 1 ? VerdictKind::error : VerdictKind::pass)
        << ran.verdicts[i].reason;
  }
  EXPECT_EQ(ran.verdicts[1].reason,
            "there is no certificate `expierd`: did you mean `expired`? (`startle certs "
            "list` names all)");
}

}  // namespace
}  // namespace startle::cases
