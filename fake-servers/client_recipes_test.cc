// The built-in client against every chain of the catalogue, over a whole exchange: it ends as the
// oracle says, under every trust model. The two share no code that reads certificates or names.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/oracle/oracle.h"

namespace startle::fake {
namespace {

using words::Ending;
using words::TrustModel;

struct Told {
  TrustModel model;
  std::optional<std::string> trust;
};

std::string words_for(const std::vector<Ending>& endings) {
  std::string text;
  for (const Ending ending : endings) {
    text += (text.empty() ? "" : ", ") + std::string(word(ending));
  }
  return text;
}

// Where GnuTLS cannot do what the clause says.
bool disagrees(const certs::Recipe& recipe, TrustModel model) {
  return words::is_javas(model) &&
         std::any_of(
             recipe.disagreements.begin(), recipe.disagreements.end(),
             [](const certs::Disagreement& one) { return one.library == certs::Library::gnutls; });
}

class ClientAndRecipe : public testing::TestWithParam<Told> {};

TEST_P(ClientAndRecipe, EndAsTheOracleSays) {
  const Told& told = GetParam();
  for (const certs::Recipe& recipe : certs::all_recipes()) {
    SCOPED_TRACE(recipe.id);
    if (disagrees(recipe, told.model)) continue;
    Submission submission = submission_for_test({}, recipe.id);
    submission.settings.trust_model = told.model;
    submission.settings.trust = told.trust;
    const oracle::Answer answer = oracle::expect({.model = told.model,
                                                  .host = submission.settings.host,
                                                  .trust = told.trust,
                                                  .facts = chain_called(recipe.id).facts});
    const Submitted got = submit(submission);
    EXPECT_NE(std::find(answer.endings.begin(), answer.endings.end(), got.outcome.ending),
              answer.endings.end())
        << "the client: " << word(got.outcome.ending) << " (" << got.outcome.sentence
        << "), the oracle: " << words_for(answer.endings) << " (" << answer.reason << ")";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ClientAndRecipe,
    testing::Values(Told{TrustModel::documented, certs::kTestHost},
                    Told{TrustModel::documented, "*"}, Told{TrustModel::pkix, certs::kTestHost},
                    Told{TrustModel::javamail, {}}, Told{TrustModel::javamail, certs::kTestHost},
                    Told{TrustModel::javamail_identity, {}},
                    Told{TrustModel::javamail_identity, "*"}, Told{TrustModel::angus, {}},
                    Told{TrustModel::angus, "*"}, Told{TrustModel::jndi, "*"}),
    [](const auto& row) {
      std::string model(word(row.param.model));
      std::replace(model.begin(), model.end(), '-', '_');
      return model + (!row.param.trust ? "_absent" : *row.param.trust == "*" ? "_any" : "_host");
    });

}  // namespace
}  // namespace startle::fake
