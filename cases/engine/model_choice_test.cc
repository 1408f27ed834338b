#include "cases/engine/model_choice.h"

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/selection.h"

namespace startle::cases {
namespace {

using enum words::TrustModel;
using Models = std::vector<words::TrustModel>;
const Models kAll{words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()};

TEST(ModelChoice, OfAllTakesThoseThatFitTheProtocol) {
  EXPECT_EQ(models_for(words::Protocol::smtp, kAll),
            (Models{documented, javamail, javamail_identity, angus, pkix}));
  EXPECT_EQ(models_for(words::Protocol::ldap, kAll), (Models{documented, jndi, pkix}));
}

TEST(ModelChoice, TakesOneThatIsNamedAsItIs) {
  for (const words::TrustModel model : kAll) {
    for (const words::Protocol protocol : {words::Protocol::smtp, words::Protocol::ldap}) {
      EXPECT_EQ(models_for(protocol, {model}), Models{model});
    }
  }
  EXPECT_EQ(models_for(words::Protocol::ldap, {javamail, angus}), (Models{javamail, angus}));
}

TEST(ModelChoice, GoesByTheSettingOfACustomersFile) {
  EXPECT_EQ(models_for(words::Protocol::smtp, kAll, "true"),
            (Models{documented, javamail_identity, angus, pkix}));
  EXPECT_EQ(models_for(words::Protocol::smtp, kAll, "false"), (Models{documented, javamail, pkix}));
  EXPECT_EQ(models_for(words::Protocol::smtp, {angus}, "false"), Models{javamail});
  EXPECT_EQ(models_for(words::Protocol::smtp, {javamail}, "TRUE"), Models{javamail_identity});
  EXPECT_EQ(models_for(words::Protocol::smtp, kAll, "yes"),
            (Models{documented, javamail, javamail_identity, angus, pkix}));
}

// The cells of a model that does not fit are not there: they are neither skipped nor failed.
TEST(ModelChoice, SelectsNoCellOfAModelThatDoesNotFit) {
  const std::string cell = "/trust=host/certificate=valid/credential=valid";
  Selection selection(
      {.matrices = {trust_matrix()},
       .globs = {"matrix/trust/mode=smtps" + cell, "matrix/trust/mode=ldaps" + cell},
       .models = kAll});
  EXPECT_EQ(selection.count(), 8U);
  std::vector<std::string> found;
  while (const auto exchange = selection.next()) {
    found.push_back(std::string(word(exchange->mode)) + " " +
                    std::string(word(exchange->trust_model)));
  }
  EXPECT_EQ(found, (std::vector<std::string>{"smtps documented", "smtps javamail",
                                             "smtps javamail-identity", "smtps angus", "smtps pkix",
                                             "ldaps documented", "ldaps jndi", "ldaps pkix"}));
}

TEST(ModelChoice, ReadsTheServerOfACustomerAsItsFileSays) {
  customer::Entry entry{.line = 1,
                        .tls = words::Tls::implicit,
                        .host = "smtp.example.test",
                        .username = "u",
                        .password = "p",
                        .trust = "*",
                        .checkserveridentity = "true"};
  Selection selection({.matrices = {for_customer(trust_matrix(), entry)}, .models = kAll});
  Models found;
  for (int i = 0; i < 4; ++i) found.push_back(selection.next()->trust_model);
  EXPECT_EQ(found, (Models{documented, javamail_identity, angus, pkix}));
}

}  // namespace
}  // namespace startle::cases
