// matrix/full: every trust value with every certificate, credential and key store.

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/judge.h"
#include "cases/engine/run_for_test.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using words::Ending;
using words::HostStore;
using words::StoreModel;
using words::TrustModel;

const Matrix& full_matrix() {
  for (const Matrix& matrix : tree_catalogue().matrices()) {
    if (matrix.id == "matrix/full") return matrix;
  }
  throw Error(Fault::internal, "there is no matrix/full");
}

Plan plan_of_full(std::vector<std::string> globs) {
  return {.matrices = {full_matrix()},
          .globs = std::move(globs),
          .models = {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()},
          .store_models = {StoreModel::documented, StoreModel::jsse}};
}

const Axis& axis_called(const std::string& name) {
  const auto& axes = full_matrix().axes;
  return *std::find_if(axes.begin(), axes.end(),
                       [&](const Axis& axis) { return axis.name == name; });
}

TEST(FullMatrix, HasTheAxesOfMatrixTrustAndEveryStore) {
  const auto& axes = full_matrix().axes;
  ASSERT_EQ(axes.size(), trust_matrix().axes.size() + 1);
  for (std::size_t i = 0; i < trust_matrix().axes.size(); ++i) {
    EXPECT_EQ(axes[i].name, trust_matrix().axes[i].name);
    EXPECT_EQ(axes[i].base, trust_matrix().axes[i].base);
    EXPECT_TRUE(axes[i].values == trust_matrix().axes[i].values) << axes[i].name;
  }
  EXPECT_EQ(axes.back().name, "store");
  ASSERT_EQ(axes.back().values.size(), words::kHostStores.size());
  for (std::size_t i = 0; i < words::kHostStores.size(); ++i) {
    EXPECT_EQ(axes.back().values[i].id, words::kHostStores[i]);
  }
  EXPECT_GE(axis_called("certificate").values.size(), 24U);
}

// Which cells connect does not depend on the certificate: it is not known yet.
TEST(FullMatrix, ConnectsAtLeast180000TimesUnderEveryModel) {
  Matrix matrix = full_matrix();
  const std::size_t certificates = axis_called("certificate").values.size();
  for (Axis& axis : matrix.axes) {
    if (axis.name == "certificate") axis.values.resize(1);
  }
  const oracle::Facts facts{.presented = {.dns_names = {"smtp.example.test"}}};
  for (const TrustModel model : plan_of_full({}).models) {
    std::size_t connecting = 0;
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      if (!matrix.has_cell(i)) continue;
      const Exchange exchange =
          make_exchange(matrix.cell(i), "x", "smtp.example.test", {.trust = model}, 1);
      const auto endings = expectation_of(exchange, facts).endings;
      if (endings != std::vector{Ending::configuration_error}) connecting += certificates;
    }
    EXPECT_GE(connecting, 180000U) << word(model);
    RecordProperty(std::string(word(model)), std::to_string(connecting));
  }
}

TEST(FullMatrix, RunsInTheFullSuiteOrByName) {
  Plan plan = plan_of_full({});
  for (const Suite suite : {Suite::quick, Suite::standard}) {
    plan.suite = suite;
    EXPECT_FALSE(Selection(plan).any()) << word(suite);
  }
  plan.suite = Suite::full;
  EXPECT_TRUE(Selection(plan).any());
}

TEST(FullMatrix, HasOneReadingWhereThereIsNoStore) {
  const std::string cell =
      "matrix/full/mode=smtps/trust=host/certificate=valid/credential=valid/store=";
  EXPECT_EQ(Selection(plan_of_full({cell + "system"})).count(), 5U);
  EXPECT_EQ(Selection(plan_of_full({cell + "host-jks"})).count(), 10U);
  Selection selection(plan_of_full({cell + "cacerts"}));
  std::vector<std::string> readings;
  while (const auto exchange = selection.next()) {
    readings.push_back(std::string(word(exchange->trust_model)) + " " +
                       std::string(word(exchange->store_model)));
    EXPECT_EQ(exchange->store, HostStore::cacerts);
  }
  EXPECT_EQ(readings,
            (std::vector<std::string>{"documented documented", "javamail documented",
                                      "javamail-identity documented", "angus documented",
                                      "pkix documented", "documented jsse", "javamail jsse",
                                      "javamail-identity jsse", "angus jsse", "pkix jsse"}));
}

// Every store with every certificate, where the store decides most.
TEST(FullMatrix, PassesWhereNoTrustIsConfigured) {
  const auto builtin = subject::make_subject("builtin");
  const Ran ran = run_plan(
      plan_of_full({"matrix/full/mode=smtp-starttls/trust=absent/*/credential=valid/store=*",
                    "matrix/full/mode=ldaps/trust=host/*/credential=wrong-password/store=*"}),
      *builtin, {.jobs = 2});
  // Five models of mail and three of directories, with each of ten stores read in two ways.
  EXPECT_EQ(ran.verdicts.size(), 26 * (5 + 3) * (2 * 10 + 1));
  expect_all_pass(ran);
}

// What continuous integration runs of it every time, drawn from all axes.
TEST(FullMatrix, PassesInASeededSample) {
  const auto builtin = subject::make_subject("builtin");
  Plan plan = plan_of_full({"matrix/full"});
  plan.sample = 1500;
  const Ran ran = run_plan(plan, *builtin, {.jobs = 2});
  EXPECT_EQ(ran.verdicts.size(), 1500U);
  expect_all_pass(ran);
}

// Of recipes that the matrix has not, as a user's own may be.
TEST(FullMatrix, AnyCertificateMayTakeItsPlaces) {
  Plan plan =
      plan_of_full({"matrix/full/mode=smtp-starttls/trust=absent/*/credential=valid/store=*"});
  for (Axis& axis : plan.matrices.front().axes) {
    if (axis.name != "certificate") continue;
    axis.values.clear();
    for (const char* id :
         {"impostor-intermediate", "rsa-512", "md5-signature", "revoked-by-crl",
          "unknown-critical-extension", "truncated", "trailing-bytes", "not-minimal-length"}) {
      axis.values.push_back(Change{.id = id}.set(&Setup::certificate, id));
    }
  }
  const auto builtin = subject::make_subject("builtin");
  const Ran ran = run_plan(plan, *builtin, {.jobs = 2});
  std::size_t skipped = 0;
  for (const report::Verdict& v : ran.verdicts) {
    const bool in_ber = v.certificate == "not-minimal-length";
    const bool unread = v.certificate == "truncated" || v.certificate == "trailing-bytes";
    if (v.kind == report::VerdictKind::skip) {
      ++skipped;
      EXPECT_TRUE(unread || in_ber) << v.id;
      EXPECT_EQ(
          v.reason,
          in_ber
              ? "GnuTLS, which reads what a key store holds here, reads no certificate in BER"
              : "keytool imports no certificate that cannot be read: no key store holds this one");
      continue;
    }
    EXPECT_EQ(v.kind, report::VerdictKind::pass)
        << v.id << " [" << reading_of(v) << "] " << v.reason;
  }
  EXPECT_EQ(skipped, 3 * 7 * 10);  // seven stores hold what is shown, and there are ten readings
}

}  // namespace
}  // namespace startle::cases
