// What the client's own library finds in each chain, as a server sends it, is what the recipe
// declares to the oracle: were it not so, every verdict on that recipe would be wrong.

#include <gtest/gtest.h>

#include <algorithm>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/tls/clock.h"
#include "harness/tls/peer_chain.h"

namespace startle::certs {
namespace {

using oracle::Facts;
using oracle::Flaw;

tls::PeerChain as_sent(const Chain& chain) {
  std::vector<gnutls_datum_t> list;
  for (const std::string& der : chain.sent_der) {
    list.push_back({.data = reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),
                    .size = static_cast<unsigned>(der.size())});
  }
  return tls::PeerChain(list, chain.staple_der);
}

std::string_view dates_word(tls::Dates dates) {
  return dates == tls::Dates::current   ? "current"
         : dates == tls::Dates::expired ? "expired"
                                        : "not-yet-valid";
}

// Of two moments that are both missed GnuTLS's reader takes the end.
oracle::Validity as_read(oracle::Validity declared) {
  return declared == oracle::Validity::never ? oracle::Validity::expired : declared;
}

bool has_any(Flaw flaw, std::initializer_list<Flaw> any) {
  return std::find(any.begin(), any.end(), flaw) != any.end();
}

// GnuTLS reads these as no certificate at all.
bool is_unreadable(Flaw flaw) {
  return has_any(flaw, {Flaw::unreadable, Flaw::trailing_bytes, Flaw::duplicate_extension,
                        Flaw::algorithms_differ});
}

// What GnuTLS finds wrong with the authorities' right to issue (RFC 5280, 6.1): what else they are
// declared to break, it does not look at.
bool breaks_the_path(Flaw flaw) {
  return has_any(flaw, {Flaw::unknown_critical_extension, Flaw::wrong_signature, Flaw::not_ca,
                        Flaw::no_basic_constraints, Flaw::version_1, Flaw::no_cert_sign,
                        Flaw::path_length_exceeded, Flaw::name_constraint_violated,
                        Flaw::common_name_outside});
}

void expect_names(const tls::PeerChain& seen, const oracle::PresentedIdentity& declared) {
  EXPECT_EQ(seen.dns_names(), declared.dns_names);
  EXPECT_EQ(seen.has_san(), declared.has_san());
  const bool has_nul = declared.common_name.find('\0') != std::string::npos;
  if (has_nul) {
    EXPECT_TRUE(seen.common_name().starts_with("#0c")) << "GnuTLS writes it in hex";
  } else {
    EXPECT_EQ(seen.common_name(), declared.common_name);
  }
  for (const std::string& address : declared.ip_addresses) {
    EXPECT_TRUE(seen.presents_ip(address)) << address;
  }
}

void expect_end_entity(const tls::PeerChain& seen, const Facts& facts) {
  constexpr int kLeastRsaBits = 2048;
  EXPECT_EQ(dates_word(seen.dates()), word(as_read(facts.end_entity)));
  // There is nothing to verify it with under a key that GnuTLS does not know.
  if (facts.signature_checkable && facts.authority_flaw != Flaw::unknown_curve) {
    EXPECT_EQ(seen.signature_valid(), std::optional(facts.signature_valid));
  }
  EXPECT_EQ(seen.allows_key_use(), facts.end_entity_flaw != Flaw::signing_not_allowed);
  EXPECT_EQ(seen.allows_server_authentication(),
            facts.server_purpose != oracle::ServerPurpose::missing);
  EXPECT_EQ(seen.rsa_bits(), static_cast<unsigned>(facts.rsa_bits));
  EXPECT_EQ(seen.signed_with_md5(), facts.digest == oracle::Digest::md5);
  const bool weak_key = facts.rsa_bits != 0 && facts.rsa_bits < kLeastRsaBits;
  EXPECT_EQ(seen.strong(), !weak_key && facts.digest >= oracle::Digest::sha224);
  EXPECT_EQ(seen.has_unknown_critical_extension(),
            facts.end_entity_flaw == Flaw::unknown_critical_extension);
  EXPECT_EQ(seen.is_named_without_force(), facts.end_entity_flaw == Flaw::uncritical_names);
  EXPECT_EQ(seen.demands_staple(), facts.must_staple);
}

void expect_links(const tls::LinkStrength& links, Flaw declared) {
  const bool weak = has_any(declared, {Flaw::weak_key, Flaw::weak_anchor_key});
  const bool very_weak = has_any(declared, {Flaw::very_weak_key, Flaw::very_weak_anchor_key});
  const unsigned bits = links.least_rsa_bits;
  EXPECT_EQ(bits >= 1024 && bits < 2048, weak) << bits;
  EXPECT_EQ(bits != 0 && bits < 1024, very_weak) << bits;
  EXPECT_EQ(links.md5, declared == Flaw::md5_signature);
  EXPECT_EQ(links.sha1, declared == Flaw::sha1_signature);
  EXPECT_EQ(links.key_unknown, declared == Flaw::unknown_curve);
}

void expect_path(const tls::PathReport& path, const Facts& facts) {
  if (facts.path == oracle::Path::impostor) {  // it takes the impostor for the issuer
    EXPECT_FALSE(path.signature_valid);
    return;
  }
  EXPECT_EQ(path.anchored, facts.path == oracle::Path::anchored);
  if (!path.anchored) return;
  expect_links(path.links, facts.authority_flaw);
  if (path.links.key_unknown) return;  // nothing is verified under it
  EXPECT_EQ(path.broken_rule != tls::Rule::none, breaks_the_path(facts.authority_flaw));
  EXPECT_EQ(path.signature_valid, facts.signature_valid);
  EXPECT_EQ(path.extensions_known, facts.end_entity_flaw != Flaw::unknown_critical_extension);
  EXPECT_EQ(dates_word(path.authority_dates), word(as_read(facts.intermediates)));
}

void expect_status(const tls::PeerChain& seen, const Chain& chain) {
  using oracle::Revocation;
  using oracle::Staple;
  const tls::RevocationStatus list = seen.revocation(*chain.anchors);
  EXPECT_EQ(list == tls::RevocationStatus::revoked, chain.facts.revocation == Revocation::revoked);
  EXPECT_EQ(list == tls::RevocationStatus::out_of_date,
            chain.facts.revocation == Revocation::list_expired);
  const std::optional<tls::StapleStatus> staple = seen.staple(*chain.anchors);
  EXPECT_EQ(staple.has_value(), chain.facts.staple != Staple::none);
  if (!staple) return;
  EXPECT_EQ(*staple == tls::StapleStatus::good, chain.facts.staple == Staple::good);
  EXPECT_EQ(*staple == tls::StapleStatus::revoked, chain.facts.staple == Staple::revoked);
  EXPECT_EQ(*staple == tls::StapleStatus::out_of_date, chain.facts.staple == Staple::expired);
  EXPECT_EQ(*staple == tls::StapleStatus::of_another, chain.facts.staple == Staple::of_another);
  EXPECT_EQ(*staple == tls::StapleStatus::unacceptable, chain.facts.staple == Staple::of_stranger);
}

TEST(PeerChain, FindsWhatEachRecipeDeclares) {
  tls::use_run_clock();
  tls::set_run_clock(kTestClock);
  Mint mint(kTestClock);
  for (const Recipe& recipe : all_recipes()) {
    SCOPED_TRACE(recipe.id);
    const auto chain = mint.chain(recipe, kTestHost);
    const Facts& facts = chain->facts;
    const tls::PeerChain seen = as_sent(*chain);
    EXPECT_EQ(seen.sent(), facts.certificates);
    EXPECT_EQ(seen.message_bytes() > 32 * 1024, facts.oversized);
    EXPECT_EQ(seen.readable(), !is_unreadable(facts.end_entity_flaw));
    EXPECT_EQ(seen.all_readable(),
              !is_unreadable(facts.end_entity_flaw) && !is_unreadable(facts.authority_flaw));
    if (!seen.all_readable()) continue;
    expect_names(seen, facts.presented);
    expect_end_entity(seen, facts);
    expect_path(seen.path(*chain->anchors), facts);
    expect_status(seen, *chain);
  }
}

}  // namespace
}  // namespace startle::certs
