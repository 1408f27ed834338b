// What the client's own library finds in each chain, as a server sends it, is what the recipe
// declares to the oracle: were it not so, every verdict on that recipe would be wrong.

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/tls/clock.h"
#include "harness/tls/peer_chain.h"

namespace startle::certs {
namespace {

tls::PeerChain as_sent(const Chain& chain) {
  std::vector<gnutls_datum_t> list;
  for (const std::string& der : chain.sent_der) {
    list.push_back({.data = reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),
                    .size = static_cast<unsigned>(der.size())});
  }
  return tls::PeerChain(list);
}

std::string_view dates_word(tls::Dates dates) {
  return dates == tls::Dates::current   ? "current"
         : dates == tls::Dates::expired ? "expired"
                                        : "not-yet-valid";
}

TEST(PeerChain, FindsWhatEachRecipeDeclares) {
  tls::use_run_clock();
  tls::set_run_clock(kTestClock);
  Mint mint(kTestClock);
  for (const Recipe& recipe : all_recipes()) {
    SCOPED_TRACE(recipe.id);
    const auto chain = mint.chain(recipe, kTestHost);
    const policy::Facts& facts = chain->facts;
    const tls::PeerChain seen = as_sent(*chain);
    ASSERT_TRUE(seen.readable());
    EXPECT_EQ(seen.dns_names(), facts.presented.dns_names);
    EXPECT_EQ(seen.has_san(), facts.presented.has_san());
    EXPECT_EQ(seen.common_name(), facts.presented.common_name);
    for (const std::string& address : facts.presented.ip_addresses) {
      EXPECT_TRUE(seen.presents_ip(address));
    }
    EXPECT_EQ(dates_word(seen.dates()), word(facts.end_entity));
    EXPECT_EQ(seen.signature_valid().has_value(), facts.signature_checkable);
    if (seen.signature_valid()) {
      EXPECT_EQ(*seen.signature_valid(), facts.signature_valid);
    }
    EXPECT_EQ(seen.allows_server_authentication(),
              facts.server_purpose == policy::ServerPurpose::allowed);
    EXPECT_EQ(seen.rsa_bits(), static_cast<unsigned>(facts.rsa_bits));
    EXPECT_EQ(seen.strong(), facts.rsa_bits != 1024 && facts.digest != policy::Digest::sha1);

    const tls::PathReport path = seen.path(*chain->anchors);
    EXPECT_EQ(path.anchored, facts.path == policy::Path::anchored);
    EXPECT_EQ(path.broken_rule == tls::Rule::none, facts.authority_flaw == policy::Flaw::none);
    EXPECT_EQ(path.signature_valid, facts.signature_valid);
    const policy::Validity worst =
        facts.intermediates != policy::Validity::current ? facts.intermediates : facts.end_entity;
    EXPECT_EQ(dates_word(path.dates), word(worst));
  }
}

}  // namespace
}  // namespace startle::certs
