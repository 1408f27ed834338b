#include "certs/java_anchors.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"

namespace startle::certs {
namespace {

using oracle::Flaw;
using Ders = std::vector<std::string>;

std::shared_ptr<const Chain> chain_of(const std::string& recipe) {
  static Mint mint(kTestClock);
  return mint.chain(recipe_called(recipe), kTestHost);
}
// Of the end entity.
std::string issuer_of(const std::string& recipe) {
  return chain_of(recipe)->all_der.at(1);
}

TEST(JavaAnchors, HaveToBeAuthoritiesThatMaySign) {
  EXPECT_EQ(anchor_flaw(issuer_of("valid")), Flaw::none);
  EXPECT_EQ(anchor_flaw(chain_of("valid")->anchors_der.front()), Flaw::none);
  EXPECT_EQ(anchor_flaw(issuer_of("intermediate-not-ca")), Flaw::not_ca);
  EXPECT_EQ(anchor_flaw(issuer_of("intermediate-without-cert-sign")), Flaw::no_cert_sign);
  EXPECT_EQ(anchor_flaw(issuer_of("intermediate-version-1")), Flaw::none);
  EXPECT_EQ(anchor_flaw("none"), Flaw::none);
}

TEST(JavaAnchors, IssueOnlyWithoutAFlawOrAsTheEndEntityItself) {
  const std::string good = issuer_of("valid");
  const std::string bad = issuer_of("intermediate-without-cert-sign");
  EXPECT_EQ(issuing_anchors({good, bad}, ""), Ders{good});
  EXPECT_EQ(issuing_anchors({good, bad}, bad), (Ders{good, bad}));
}

TEST(JavaAnchors, AreFoundByTheKeyIdentifierThatTheirCertificatesName) {
  for (const char* recipe : {"valid", "intermediate-version-1"}) {
    const Ders issuer{issuer_of(recipe)};
    EXPECT_EQ(found_anchors(issuer, chain_of(recipe)->sent_der), issuer) << recipe;
  }
  const std::string wrong = "wrong-authority-key-identifier";
  const auto chain = chain_of(wrong);
  EXPECT_EQ(found_anchors({issuer_of(wrong)}, chain->sent_der), Ders{});
  EXPECT_EQ(found_anchors(chain->anchors_der, chain->sent_der), chain->anchors_der)
      << "the intermediate names it rightly";
  const Ders stranger{issuer_of("valid")};
  EXPECT_EQ(found_anchors(stranger, chain_of("self-signed")->sent_der), stranger);
}

TEST(JavaAnchors, AnAuthorityThatJavaCannotReadIsSeenWhereverItStands) {
  EXPECT_EQ(unread_authority(chain_of("valid")->sent_der), Flaw::none);
  EXPECT_EQ(unread_authority(chain_of("intermediate-not-ca")->sent_der), Flaw::none);
  const Ders& sent = chain_of("duplicate-extension-of-intermediate")->sent_der;
  EXPECT_EQ(unread_authority(sent), Flaw::duplicate_extension);
  EXPECT_EQ(unread_authority({sent.front()}), Flaw::none);
  // The first has its own rules.
  EXPECT_EQ(unread_authority(chain_of("duplicate-extension")->sent_der), Flaw::none);
}

}  // namespace
}  // namespace startle::certs
