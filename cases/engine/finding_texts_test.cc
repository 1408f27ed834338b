// The clauses that a finding names.

#include "cases/engine/finding_texts.h"

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"

namespace startle::cases {
namespace {

using Texts = std::vector<std::string>;

report::Finding about_a_cell_of(const std::string& certificate) {
  Exchange exchange;
  exchange.certificate = certificate;
  exchange.requirements = {"RFC3207-4.1-a"};  // of its matrix
  report::Finding finding;
  state_clauses(finding, exchange, tree_catalogue());
  return finding;
}

TEST(StateClauses, OfACellAreThoseThatItsCertificateExposes) {
  const report::Finding finding = about_a_cell_of("rsa-512");
  EXPECT_EQ(finding.requirements, Texts{"RFC8446-D.5-a"});
  ASSERT_EQ(finding.clauses.size(), 1U);
  EXPECT_TRUE(finding.clauses[0].starts_with("RFC 8446, D.5 (RFC8446-D.5-a): "));
}

TEST(StateClauses, OfACellWhoseCertificateExposesNoneIsTheOneThatItNames) {
  const report::Finding finding = about_a_cell_of("rsa-2047");
  EXPECT_EQ(finding.requirements, Texts{});
  EXPECT_EQ(finding.clauses,
            Texts{("NIST SP 800-57 Part 1, 5.6.1; RFC 9325, 4.5: the end entity's key is RSA "
                   "of 2047 bits, one less than the least")});
}

TEST(StateClauses, OfACellWithNothingWrongAboutItsCertificateAreItsMatrix) {
  const report::Finding finding = about_a_cell_of("valid");
  EXPECT_EQ(finding.requirements, Texts{"RFC3207-4.1-a"});
  ASSERT_EQ(finding.clauses.size(), 1U);
  EXPECT_TRUE(finding.clauses[0].starts_with("RFC 3207, 4.1 (RFC3207-4.1-a): "));
}

TEST(StateClauses, OfASecretInTheOutputAreNotThoseOfTheCase) {
  Exchange exchange;
  exchange.requirements = {"RFC3207-4.1-a"};
  report::Finding finding{.id = "secret-in-output"};
  state_clauses(finding, exchange, tree_catalogue());
  EXPECT_EQ(finding.requirements, Texts{});
  EXPECT_EQ(finding.clauses, Texts{"CWE-532: a secret does not belong into what a program prints"});
}

}  // namespace
}  // namespace startle::cases
