// Every certificate of every recipe, decoded by the openssl program, is what the recipe states of
// it and nothing else: a lie of the mint's cannot hide behind GnuTLS, which made them.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "certs/catalogue_for_test.h"
#include "certs/decoded_for_test.h"
#include "certs/mint.h"
#include "certs/stated_for_test.h"
#include "harness/base/program_for_test.h"

namespace startle::certs {
namespace {

class Decoding : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("openssl")) GTEST_SKIP() << "the openssl program is not installed";
  }

  // Of every recipe, in their order.
  std::vector<std::shared_ptr<const Chain>> decoded_chains() {
    Mint mint(kTestClock);
    std::vector<std::shared_ptr<const Chain>> chains;
    std::set<std::string> certificates;
    for (const Recipe& recipe : all_recipes()) {
      chains.push_back(mint.chain(recipe, kTestHost));
      for (const auto* list :
           {&chains.back()->all_der, &chains.back()->sent_der, &chains.back()->anchors_der}) {
        certificates.insert(list->begin(), list->end());
      }
    }
    decoded_ = decode(certificates);
    return chains;
  }

  const Decoded& decoded(const std::string& der) const { return decoded_.at(der); }

  // Compares one certificate; `authority`: it stands above another one.
  void expect_as_stated(const std::string& der, const IssuedCertificate& issued) {
    const CertificateRecipe& recipe = issued.certificate;
    const Decoded& found = decoded(der);
    EXPECT_EQ(found.missing, recipe.damage == Damage::truncated ? 16U : 0U);
    EXPECT_EQ(found.behind.size(), recipe.damage == Damage::trailing_bytes ? 4U : 0U);
    if (found.missing != 0) return;
    EXPECT_EQ(text_of(found.fields), text_of(stated(issued, kTestHost, kTestClock)));
    // A key has one identifier, and an identifier one key.
    if (recipe.version < 3) {
      EXPECT_EQ(found.keys.subject + found.keys.authority, "");
      return;
    }
    EXPECT_NE(found.keys.subject, "");
    EXPECT_EQ(identifiers_.emplace(found.keys.public_key, found.keys.subject).first->second,
              found.keys.subject);
    EXPECT_EQ(public_keys_.emplace(found.keys.subject, found.keys.public_key).first->second,
              found.keys.public_key);
  }

  // The authority key identifier is that of the issuer's key (RFC 5280, 4.2.1.1).
  void expect_issued_by(const std::string& der, const CertificateRecipe& recipe,
                        const std::string& issuer_der) {
    const Keys& keys = decoded(der).keys;
    const Keys& issuer = decoded(issuer_der).keys;
    if (keys.subject.empty() || issuer.subject.empty()) return;  // of version 1 or unreadable
    EXPECT_EQ(keys.authority == issuer.subject, recipe.damage != Damage::wrong_authority_key);
    if (recipe.damage == Damage::wrong_authority_key) {
      EXPECT_EQ(public_keys_.count(keys.authority), 0U);
    }
  }

  void expect_chain_as_stated(const Recipe& recipe, const Chain& chain) {
    ASSERT_EQ(chain.all_der.size(), chain_length(recipe));
    for (std::size_t i = 0; i < chain.all_der.size(); ++i) {
      SCOPED_TRACE("place " + std::to_string(i));
      const std::size_t issuer = std::min(i + 1, chain.all_der.size() - 1);
      expect_as_stated(chain.all_der[i], {at_place(recipe, i), at_place(recipe, issuer), i > 0});
      expect_issued_by(chain.all_der[i], at_place(recipe, i), chain.all_der[issuer]);
      if (i == 0) continue;
      EXPECT_NE(decoded(chain.all_der[i]).keys.public_key,
                decoded(chain.all_der[i - 1]).keys.public_key);
    }
    const bool root_is_held = recipe.root_trusted && recipe.leaf_issuer != LeafIssuer::self;
    ASSERT_EQ(chain.anchors_der.size(), 1U);
    EXPECT_EQ(chain.anchors_der.front() == chain.all_der.back(), root_is_held);
  }

  // What is sent is the chain, in the order stated, and the extra certificates.
  void expect_sent_as_stated(const Recipe& recipe, const Chain& chain) {
    const std::vector<std::size_t> order = sent_order(recipe);
    ASSERT_EQ(chain.sent_der.size(), order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      SCOPED_TRACE("sent " + std::to_string(i));
      const std::size_t length = chain_length(recipe);
      if (order[i] < length) {
        EXPECT_EQ(chain.sent_der[i], chain.all_der[order[i]]);
      } else {
        expect_extra_as_stated(recipe, recipe.extras.at(order[i] - length), chain,
                               chain.sent_der[i]);
      }
    }
  }

 private:
  void expect_extra_as_stated(const Recipe& recipe, const ExtraCertificate& extra,
                              const Chain& chain, const std::string& der) {
    using Issuer = ExtraCertificate::Issuer;
    const CertificateRecipe root = default_root();
    if (extra.issuer == Issuer::anchor_itself) {
      EXPECT_EQ(der, chain.anchors_der.front());
      expect_as_stated(der, {root, root, true});
      return;
    }
    CertificateRecipe unknown_root = root;
    unknown_root.common_name = kUnknownRootName;
    const CertificateRecipe certificate = certificate_of(extra, recipe);
    const CertificateRecipe& issuer = extra.issuer == Issuer::self           ? certificate
                                      : extra.issuer == Issuer::root         ? recipe.root
                                      : extra.issuer == Issuer::leafs_issuer ? at_place(recipe, 1)
                                                                             : unknown_root;
    expect_as_stated(der, {certificate, issuer, true});
    if (!extra.subject_of) return;
    const Keys& twin = decoded(chain.all_der.at(*extra.subject_of)).keys;
    EXPECT_EQ(decoded(der).keys.public_key == twin.public_key, extra.same_key);
  }

  std::map<std::string, Decoded> decoded_{};
  std::map<std::string, std::string> identifiers_{};  // by public key
  std::map<std::string, std::string> public_keys_{};  // by identifier
};

TEST_F(Decoding, FindsInEachCertificateWhatItsRecipeStates) {
  const auto chains = decoded_chains();
  for (std::size_t i = 0; i < chains.size(); ++i) {
    const Recipe& recipe = all_recipes()[i];
    SCOPED_TRACE(recipe.id);
    expect_chain_as_stated(recipe, *chains[i]);
    expect_sent_as_stated(recipe, *chains[i]);
  }
}

}  // namespace
}  // namespace startle::certs
