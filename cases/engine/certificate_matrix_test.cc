// matrix/certificates: every certificate there is, also a user's own.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/run_for_test.h"
#include "cases/engine/selection.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

const Matrix& matrix_called(const Catalogue& catalogue, const std::string& id) {
  const auto& matrices = catalogue.matrices();
  const auto found = std::find_if(matrices.begin(), matrices.end(),
                                  [&](const Matrix& one) { return one.id == id; });
  if (found == matrices.end()) throw Error(Fault::internal, "there is no " + id);
  return *found;
}

std::vector<std::string> ids_of(const Axis& axis) {
  std::vector<std::string> ids;
  for (const Change& value : axis.values) ids.push_back(value.id);
  return ids;
}

Plan plan_of_certificates(std::vector<std::string> globs) {
  return {.matrices = {matrix_called(tree_catalogue(), "matrix/certificates")},
          .globs = std::move(globs)};
}

const subject::Subject& builtin() {
  static const auto subject = subject::make_subject("builtin");
  return *subject;
}

TEST(CertificateMatrix, HasEveryCertificateWithEachKindOfTrustInEachMode) {
  const Matrix& matrix = matrix_called(tree_catalogue(), "matrix/certificates");
  ASSERT_EQ(matrix.axes.size(), 3U);
  EXPECT_EQ(ids_of(matrix.axes[0]),
            (std::vector<std::string>{"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}));
  EXPECT_EQ(ids_of(matrix.axes[1]), (std::vector<std::string>{"absent", "host", "any"}));
  EXPECT_EQ(ids_of(matrix.axes[2]), tree_catalogue().recipe_ids());
  EXPECT_EQ(matrix.size(), 4 * 3 * tree_catalogue().recipe_ids().size());
  EXPECT_EQ(matrix.axes[2].base, "valid");
  EXPECT_EQ(Selection(plan_of_certificates({"*/certificate=expired"})).count(), 12U);
}

// What it takes to see that a client looks at what only these certificates have wrong.
TEST(CertificateMatrix, JoinsTheDefaultSuiteWithWhatMatrixTrustHasNot) {
  Plan plan = plan_of_certificates({});
  plan.matrices.push_back(trust_matrix());
  std::map<std::string, int> shown;
  std::vector<std::string> joined;
  Selection selection(plan);
  while (const auto exchange = selection.next()) {
    ++shown[exchange->certificate];
    if (!exchange->id.starts_with("matrix/certificates/")) continue;
    EXPECT_EQ(exchange->id, "matrix/certificates/mode=smtp-starttls/trust=host/certificate=" +
                                exchange->certificate);
    joined.push_back(exchange->certificate);
  }
  for (const std::string& id : joined) EXPECT_EQ(shown[id], 1) << id;
  EXPECT_EQ(shown.size(), tree_catalogue().recipe_ids().size());
  plan.mode = words::Mode::ldaps;  // where another is asked for, it is that
  EXPECT_TRUE(Selection(plan).any());
  plan.matrices.pop_back();
  plan.globs = {"*/mode=ldaps/trust=host/*"};
  EXPECT_EQ(Selection(plan).count(), tree_catalogue().recipe_ids().size());
}

TEST(CertificateMatrix, RunsAsAWholeInTheFullSuiteOrByName) {
  Plan plan = plan_of_certificates({});
  plan.suite = Suite::quick;
  EXPECT_FALSE(Selection(plan).any());
  plan.suite = Suite::full;
  EXPECT_EQ(Selection(plan).count(), plan.matrices.front().size());
}

TEST(CertificateMatrix, ARecipeOfTheUsersOwnJoinsIt) {
  const TemporaryFolder folder;
  write_file(folder.path() / "mine.xml",
             "<recipes><recipe id='my-own' reason='r' clause='c'/></recipes>");
  write_file(folder.path() / "matrix.xml",
             "<matrix summary='s'><axis name='certificate' base='my-own' values='*'/></matrix>");
  Catalogue catalogue = tree_catalogue();
  const std::size_t before = catalogue.recipe_ids().size();
  catalogue.add_file(folder.path() / "mine.xml");
  catalogue.add_file(folder.path() / "matrix.xml");
  EXPECT_EQ(catalogue.kind("my-own"), "mine");
  for (const Matrix* matrix :
       {&matrix_called(catalogue, "matrix/certificates"), &matrix_called(catalogue, "matrix")}) {
    const Axis& axis = matrix->axes.back();
    EXPECT_EQ(axis.values.size(), before + 1);
    EXPECT_EQ(axis.values.back().id, "my-own");
  }
  EXPECT_EQ(matrix_called(catalogue, "matrix").axes.back().base, "my-own");
  EXPECT_EQ(ids_of(matrix_called(catalogue, "matrix/trust").axes[2]),
            ids_of(trust_matrix().axes[2]))
      << "those that its file lists";
}

// | `names` | wildcards, .. |
TEST(CertificateMatrix, TheReadmeExplainsEveryKind) {
  const std::string readme = read_file(STARTLE_TREE "/README.md", 1 << 20);
  std::set<std::string> kinds;
  for (const std::string& id : tree_catalogue().recipe_ids()) {
    kinds.insert(tree_catalogue().kind(id));
  }
  EXPECT_GT(kinds.size(), 1U);
  for (const std::string& kind : kinds) {
    EXPECT_NE(readme.find("\n| `" + kind + "` | "), std::string::npos) << kind;
  }
}

// One of each kind, and of each kind of thing that a server or a client needs for it.
TEST(CertificateMatrix, ASampleOfCellsPassesUnderEveryModel) {
  Plan plan = plan_of_certificates({});
  std::map<std::string, int> of_kind;
  for (const std::string& id : tree_catalogue().recipe_ids()) {
    const certs::Recipe& recipe = tree_catalogue().recipe(id);
    const bool special =
        recipe.tls_1_2_only || recipe.revocation_list || recipe.staple || !recipe.extras.empty();
    if (special || ++of_kind[tree_catalogue().kind(id)] <= 2) {
      plan.globs.push_back("*/mode=smtp-starttls/*/certificate=" + id);
    }
  }
  plan.models = {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()};
  expect_all_pass(run_plan(plan, builtin(), {.jobs = 2}));
}

// ---- what a client of another kind cannot meet -------------------------------------------------

// The built-in client, that says of itself what an external one would.
class Foreign final : public subject::Subject {
 public:
  explicit Foreign(subject::Abilities abilities) : abilities_(std::move(abilities)) {}
  std::string name() const override { return "foreign"; }
  std::string version() const override { return "0"; }
  std::string tls_library() const override { return "none"; }
  const subject::Abilities& abilities() const override { return abilities_; }
  net::Task<subject::ExchangeResult> exchange(
      net::World& world, const subject::ExchangeRequest& request) const override {
    return builtin().exchange(world, request);
  }

 private:
  subject::Abilities abilities_;
};

// Can be told everything, but for one thing.
Foreign all_but(const std::function<void(subject::Abilities&)>& change) {
  subject::Abilities abilities = subject::Abilities::all();
  change(abilities);
  return Foreign(std::move(abilities));
}

TEST(CertificateMatrix, WhatAClientCannotMeetIsSkippedWithTheReason) {
  const auto reasons = [](const subject::Subject& subject, const std::string& id) {
    const Ran ran =
        run_plan(plan_of_certificates({"*/mode=smtps/trust=host/certificate=" + id}), subject);
    EXPECT_EQ(ran.verdicts.size(), 1U) << id;
    const report::Verdict& verdict = ran.verdicts.front();
    return std::string(verdict.kind == report::VerdictKind::skip ? "skip: " : "ran: ") +
           verdict.reason;
  };
  const Foreign without_lists = all_but([](auto& can) { can.takes_revocation_lists = false; });
  EXPECT_EQ(reasons(without_lists, "revoked-by-crl"),
            "skip: the client holds no certificate revocation list, and cannot be given one");
  EXPECT_TRUE(reasons(without_lists, "expired").starts_with("ran: "));
  const Foreign own_clock = all_but([](auto& can) { can.has_own_clock = true; });
  EXPECT_TRUE(reasons(own_clock, "revoked-by-crl").starts_with("ran: "));
  EXPECT_TRUE(reasons(own_clock, "expired").starts_with("ran: "));
  EXPECT_EQ(reasons(own_clock, "expired-a-second-ago"),
            "skip: " + certs::bound_to_the_clock(tree_catalogue().recipe("expired-a-second-ago")));
  EXPECT_TRUE(reasons(builtin(), "expired-a-second-ago").starts_with("ran: "));
}

TEST(CertificateMatrix, WhatAClientCannotBeToldIsSkippedWithTheReason) {
  using subject::Abilities;
  struct Row {
    void (*change)(Abilities&);
    const char* cell;  // behind matrix/trust/
    const char* reason;
  };
  const Row rows[] = {
      {[](Abilities& can) { std::erase(can.modes, words::Mode::ldaps); },
       "mode=ldaps/trust=host/certificate=valid/credential=valid",
       "the client does not speak ldaps"},
      {[](Abilities& can) { std::erase(can.mechanisms, sasl::Mechanism::cram_md5); },
       "mode=smtps/trust=host/certificate=valid/credential=cram-md5",
       "the client cannot be told to authenticate by CRAM-MD5"},
      {[](Abilities& can) { std::erase(can.trust_forms, subject::TrustForm::any); },
       "mode=smtps/trust=any/certificate=valid/credential=valid",
       "the client cannot be told to trust `*`"},
      {[](Abilities& can) { std::erase(can.trust_forms, subject::TrustForm::names); },
       "mode=smtps/trust=other/certificate=valid/credential=valid",
       "the client cannot be told to trust `other.example.test`"},
      {[](Abilities& can) { std::erase(can.trust_forms, subject::TrustForm::absent); },
       "mode=smtps/trust=absent/certificate=valid/credential=valid",
       "the client cannot be left untold whom to trust"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.cell);
    const Foreign client = all_but(row.change);
    const Plan plan{.matrices = {trust_matrix()},
                    .globs = {std::string("matrix/trust/") + row.cell}};
    for (const subject::Subject* one :
         {static_cast<const subject::Subject*>(&client), &builtin()}) {
      const Ran ran = run_plan(plan, *one);
      ASSERT_EQ(ran.verdicts.size(), 1U);
      const report::Verdict& verdict = ran.verdicts.front();
      EXPECT_EQ(verdict.kind == report::VerdictKind::skip, one == &client) << verdict.reason;
      if (one == &client) {
        EXPECT_EQ(verdict.reason, row.reason);
      }
    }
  }
}

// A client without SCRAM never comes to what a server of SCRAM alone does wrong.
TEST(CertificateMatrix, WhatAClientDoesNotKnowIsNotHeldAgainstIt) {
  const Foreign client = all_but([](auto& can) {
    can.knows = {sasl::Mechanism::plain, sasl::Mechanism::login, sasl::Mechanism::cram_md5};
  });
  std::size_t skipped = 0;
  const Plan plan{.cases = tree_catalogue().cases(), .globs = {"smtp/sasl"}};
  for (const report::Verdict& v : run_plan(plan, client).verdicts) {
    EXPECT_NE(v.kind, report::VerdictKind::fail) << v.id << ": " << v.reason;
    if (v.kind != report::VerdictKind::skip) continue;
    EXPECT_TRUE(v.reason.starts_with(
        "the client knows none of the mechanisms that the server offers: SCRAM"))
        << v.id << ": " << v.reason;
    ++skipped;
  }
  EXPECT_GT(skipped, 10U);
}

}  // namespace
}  // namespace startle::cases
