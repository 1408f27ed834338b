// What each recipe declares to the oracle, and what the oracle makes of it. Both are stated twice,
// independently: the facts here and by facts_of(), the endings in the recipe and by the oracle.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "certs/catalogue_for_test.h"
#include "certs/disagreement_for_test.h"
#include "harness/oracle/oracle.h"

namespace startle::certs {
namespace {

using oracle::Facts;
using words::TrustModel;

// A NUL is "\00".
std::string printable(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f) {
      shown += c;
    } else {
      shown += {'\\', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return shown;
}

std::string list(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 3;
  if (names.size() > kMost) return " " + std::to_string(names.size()) + " names";
  std::string text;
  for (const std::string& one : names) text += " " + printable(one);
  return names.empty() ? " none" : text;
}

// What is not as in `valid`: "end-entity expired, certificates 3".
std::string difference(const Facts& facts) {
  Facts valid;
  valid.presented = {.common_name = kTestHost, .dns_names = {kTestHost}};
  std::string text;
  const auto add = [&](bool differs, const std::string& words) {
    if (differs) text += (text.empty() ? "" : ", ") + words;
  };
  const auto worded = [&](const char* name, auto got, auto usual) {
    add(got != usual, name + (" " + std::string(word(got))));
  };
  const oracle::PresentedIdentity& names = facts.presented;
  add(names.common_name != valid.presented.common_name, "cn" + list({names.common_name}));
  add(names.dns_names != valid.presented.dns_names, "dns" + list(names.dns_names));
  add(!names.ip_addresses.empty(), "ip" + list(names.ip_addresses));
  add(names.other_names, "other names");
  worded("end-entity", facts.end_entity, valid.end_entity);
  worded("intermediates", facts.intermediates, valid.intermediates);
  worded("anchor", facts.anchor, valid.anchor);
  worded("path", facts.path, valid.path);
  worded("flaw", facts.end_entity_flaw, valid.end_entity_flaw);
  worded("authority flaw", facts.authority_flaw, valid.authority_flaw);
  add(!facts.signature_valid, "signature wrong");
  add(!facts.signature_checkable, "signature not checkable");
  worded("purpose", facts.server_purpose, valid.server_purpose);
  add(facts.rsa_bits != 0, "rsa " + std::to_string(facts.rsa_bits));
  add(facts.dsa_key, "dsa key");
  add(facts.dsa_signature, "dsa signature");
  worded("digest", facts.digest, valid.digest);
  add(facts.certificates != valid.certificates,
      "certificates " + std::to_string(facts.certificates));
  add(facts.oversized, "oversized");
  worded("revocation", facts.revocation, valid.revocation);
  add(facts.must_staple, "must-staple");
  worded("staple", facts.staple, valid.staple);
  return text;
}

// Of the recipes that are not as `valid` is.
const std::map<std::string, std::string> kDifferences{
    // algorithms
    {"rsa-512", "rsa 512"},
    {"weak-key", "rsa 1024"},
    {"rsa-2047", "rsa 2047"},
    {"rsa-2048", "rsa 2048"},
    {"rsa-4096", "rsa 4096"},
    {"rsa-key-of-8192-bits", "rsa 8192"},
    {"rsa-512-of-intermediate", "authority flaw very-weak-key"},
    {"weak-key-of-intermediate", "authority flaw weak-key"},
    {"weak-key-of-upper-intermediate", "authority flaw weak-key, certificates 3"},
    {"sha1-signature-of-intermediate", "authority flaw sha1-signature"},
    {"sha1-ecdsa-signature-of-intermediate", "authority flaw sha1-signature"},
    {"md5-signature-of-intermediate", "authority flaw md5-signature"},
    {"rsa-512-of-root", "authority flaw very-weak-anchor-key"},
    {"weak-key-of-root", "authority flaw weak-anchor-key"},
    {"sha1-signature-of-root-sent", "certificates 3"},
    {"brainpool-intermediate", "authority flaw unknown-curve"},
    {"brainpool-root", "authority flaw unknown-curve"},
    {"rsa-pss", "rsa 2048"},
    {"rsa-exponent-3", "rsa 2048"},
    {"dsa", "dsa key"},
    {"md5-signature", "digest md5"},
    {"sha1-signature", "digest sha1"},
    {"sha224-signature", "digest sha224"},
    {"sha384-signature", "digest sha384"},
    {"sha512-signature", "digest sha512"},
    {"ed25519-issuer", "digest sha512"},
    {"dsa-issuer", "dsa signature"},
    {"algorithms-differ", "flaw algorithms-differ"},
    // constraints
    {"name-constraint-violated", "authority flaw name-constraint-violated"},
    {"name-constraint-excluded", "authority flaw name-constraint-violated"},
    {"name-constraint-excluded-within-permitted", "authority flaw name-constraint-violated"},
    {"name-constraint-one-of-two-names",
     "dns smtp.example.test elsewhere.example.net, authority flaw name-constraint-violated"},
    {"name-constraint-on-address", "ip 198.51.100.1, authority flaw name-constraint-violated"},
    {"name-constraint-on-email", "other names, authority flaw name-constraint-violated"},
    {"name-constraint-leading-dot", "authority flaw leading-dot-constraint"},
    {"name-constraint-on-common-name", "dns none, authority flaw common-name-outside"},
    // dates
    {"expired", "end-entity expired"},
    {"expired-a-second-ago", "end-entity expired"},
    {"expired-a-year-ago", "end-entity expired"},
    {"not-yet-valid", "end-entity not-yet-valid"},
    {"not-yet-valid-for-a-second", "end-entity not-yet-valid"},
    {"not-yet-valid-for-a-year", "end-entity not-yet-valid"},
    {"reversed-validity", "end-entity never"},
    {"utc-time-of-2050", "end-entity expired"},
    {"generalized-time-before-2050", "flaw misused-time"},
    {"expired-intermediate", "intermediates expired"},
    {"intermediate-expired-a-second-ago", "intermediates expired"},
    {"intermediate-expired-a-year-ago", "intermediates expired"},
    {"intermediate-not-yet-valid", "intermediates not-yet-valid"},
    {"intermediate-not-yet-valid-for-a-second", "intermediates not-yet-valid"},
    {"intermediate-not-yet-valid-for-a-year", "intermediates not-yet-valid"},
    {"expired-root", "anchor expired"},
    {"root-expired-a-second-ago", "anchor expired"},
    {"root-expired-a-year-ago", "anchor expired"},
    {"root-not-yet-valid", "anchor not-yet-valid"},
    {"root-not-yet-valid-for-a-second", "anchor not-yet-valid"},
    {"root-not-yet-valid-for-a-year", "anchor not-yet-valid"},
    // good
    {"valid-wildcard", "cn Startle\\20Test\\20Server, dns *.example.test"},
    {"valid-direct", "signature not checkable, certificates 1"},
    {"windows-domain-controller", "other names, rsa 2048"},
    {"guid-beside-name", "other names"},
    {"principal-beside-name", "other names"},
    {"host-as-other-name", "cn Startle\\20Test\\20Server, dns none, other names"},
    {"kdc-purposes-only", "purpose missing"},
    {"public-ca", "dns 100 names"},
    // key usage
    {"key-encipherment-alone", "flaw signing-not-allowed, rsa 2048"},
    {"data-encipherment-beside", "flaw signing-not-allowed, rsa 2048"},
    {"key-agreement-alone", "flaw signing-not-allowed"},
    {"content-commitment-alone", "flaw signing-not-allowed"},
    {"cert-sign-alone", "flaw signing-not-allowed"},
    {"self-signed-with-ca-usage",
     "path self-signed, flaw signing-not-allowed, rsa 2048, certificates 1"},
    {"digital-signature-alone", "rsa 2048"},
    {"no-key-usage", "rsa 2048"},
    // integrity
    {"truncated", "flaw unreadable"},
    {"trailing-bytes", "flaw trailing-bytes"},
    {"not-minimal-length", "flaw not-minimal"},
    {"duplicate-extension", "flaw duplicate-extension"},
    {"duplicate-extension-of-intermediate", "authority flaw duplicate-extension"},
    {"invalid-utf8-subject", "cn Startle\\20\\ff\\fe\\20Server, flaw invalid-text"},
    {"unknown-critical-extension", "flaw unknown-critical-extension"},
    {"unknown-critical-extension-of-intermediate", "authority flaw unknown-critical-extension"},
    {"zero-serial", "flaw zero-serial"},
    {"negative-serial", "flaw negative-serial"},
    {"forty-octet-serial", "flaw long-serial"},
    {"version-1", "dns none"},
    {"version-2", "dns none"},
    {"bad-signature", "signature wrong"},
    {"bad-signature-of-intermediate", "authority flaw wrong-signature"},
    {"bad-signature-rsa", "signature wrong"},
    // names: a common name that is no host's, unless the recipe is about it
    {"nul-in-name", "cn Startle\\20Test\\20Server, dns smtp.example.test\\00.attacker.example"},
    {"space-in-name", "cn Startle\\20Test\\20Server, dns \\20smtp.example.test"},
    {"newline-in-name", "cn Startle\\20Test\\20Server, dns smtp.example.test\\0a"},
    {"trailing-dot-name", "cn Startle\\20Test\\20Server, dns smtp.example.test."},
    {"idn-u-label",
     "cn Startle\\20Test\\20Server, dns "
     "\\ef\\bd\\93\\ef\\bd\\8d\\ef\\bd\\94\\ef\\bd\\90."
     "\\ef\\bd\\85\\ef\\bd\\98\\ef\\bd\\81\\ef\\bd\\8d\\ef\\bd\\90\\ef\\bd\\8c\\ef\\bd\\85."
     "\\ef\\bd\\94\\ef\\bd\\85\\ef\\bd\\93\\ef\\bd\\94"},
    {"idn-a-label", "cn Startle\\20Test\\20Server, dns xn--smtp-.example.test"},
    {"underscore-name", "cn Startle\\20Test\\20Server, dns _smtp.example.test"},
    {"cn-only", "dns none"},
    {"wildcard-in-cn", "cn *.example.test, dns none"},
    {"ip-in-cn", "cn 127.0.0.1, dns none"},
    {"nul-in-cn", "cn smtp.example.test\\00.attacker.example, dns none"},
    {"empty-names", "dns none, flaw empty-names"},
    {"uri-san", "dns none, other names"},
    {"srv-san", "dns none, other names"},
    {"email-san", "dns none, other names"},
    {"upper-case-name", "cn Startle\\20Test\\20Server, dns SMTP.EXAMPLE.TEST"},
    {"thousand-names", "dns 1000 names"},
    {"empty-subject", "cn "},
    {"uncritical-names", "cn , flaw uncritical-names"},
    {"idn-beside-name", "dns xn--bcher-kva.example.net smtp.example.test"},
    {"underscore-beside-name", "dns under_score.example.net smtp.example.test"},
    {"wildcard-beside-name", "dns *.*.test smtp.example.test"},
    {"addresses-beside-name", "ip 127.0.0.1 ::1"},
    {"other-kinds-beside-name", "other names"},
    {"huge-names", "dns 1401 names, oversized"},
    {"mismatched", "cn elsewhere.example.net, dns elsewhere.example.net"},
    {"cn-match-san-mismatch", "dns elsewhere.example.net"},
    {"ip-san", "cn Startle\\20Test\\20Server, dns none, ip 127.0.0.1"},
    {"ipv6-san", "cn Startle\\20Test\\20Server, dns none, ip ::1"},
    {"other-ip-in-dns-san", "cn Startle\\20Test\\20Server, dns 192.0.2.7 2001:db8::7"},
    {"ip-in-dns-san", "cn Startle\\20Test\\20Server, dns 127.0.0.1"},
    {"parent-domain", "cn Startle\\20Test\\20Server, dns example.test"},
    {"subdomain", "cn Startle\\20Test\\20Server, dns mail.smtp.example.test"},
    {"suffix-without-dot", "cn Startle\\20Test\\20Server, dns evilsmtp.example.test"},
    {"wildcard-two-labels", "cn Startle\\20Test\\20Server, dns *.test"},
    {"wildcard-no-label", "cn Startle\\20Test\\20Server, dns *.smtp.example.test"},
    {"wildcard-partial", "cn Startle\\20Test\\20Server, dns s*.example.test"},
    {"wildcard-inner", "cn Startle\\20Test\\20Server, dns smtp.*.test"},
    {"wildcard-multi-label", "cn Startle\\20Test\\20Server, dns *.*.test"},
    {"wildcard-bare", "cn Startle\\20Test\\20Server, dns *"},
    {"wildcard-of-address", "cn Startle\\20Test\\20Server, dns *.0.0.1"},
    // path
    {"root-path-length-exceeded", "authority flaw anchor-path-length-exceeded"},
    {"root-path-length-one-exceeded", "authority flaw anchor-path-length-exceeded, certificates 3"},
    {"root-path-length-direct", "signature not checkable, certificates 1"},
    {"self-signed", "path self-signed, certificates 1"},
    {"self-signed-mismatched",
     "cn elsewhere.example.net, dns elsewhere.example.net, path self-signed, certificates 1"},
    {"self-signed-expired", "end-entity expired, path self-signed, certificates 1"},
    {"self-signed-ca", "path self-signed, certificates 1"},
    {"unknown-ca", "path unknown-anchor"},
    {"unknown-ca-with-its-root", "path unknown-anchor, certificates 3"},
    {"unknown-ca-with-trusted-root", "path unknown-anchor, certificates 3"},
    {"self-signed-with-trusted-root", "path self-signed"},
    {"intermediate-not-ca", "authority flaw not-ca"},
    {"intermediate-without-basic-constraints", "authority flaw no-basic-constraints"},
    {"intermediate-version-1", "authority flaw version-1"},
    {"intermediate-without-cert-sign", "authority flaw no-cert-sign"},
    {"path-length-exceeded", "authority flaw path-length-exceeded, certificates 3"},
    {"path-length-one-exceeded", "authority flaw path-length-exceeded, certificates 4"},
    {"path-length-kept", "certificates 3"},
    {"self-issued-intermediate", "certificates 3"},
    {"missing-intermediate", "path issuer-missing, signature not checkable, certificates 1"},
    {"missing-second-intermediate", "path issuer-missing"},
    {"reversed-chain", "certificates 3"},
    {"root-sent", "certificates 3"},
    {"duplicated-certificate", "certificates 3"},
    {"duplicated-end-entity", "certificates 3"},
    {"unrelated-certificate", "certificates 3"},
    {"unrelated-certificate-between", "certificates 3"},
    {"long-chain", "certificates 13"},
    {"ten-certificates", "certificates 10"},
    {"cross-signed", "certificates 3"},
    {"cross-signed-other-first", "certificates 3"},
    {"cross-signed-expired", "certificates 3"},
    {"loop", "path issuer-missing, certificates 3"},
    {"impostor-intermediate", "path impostor, signature not checkable"},
    {"wrong-authority-key-identifier", "flaw wrong-authority-key"},
    // purpose
    {"client-auth-only", "purpose missing"},
    {"email-protection-only", "purpose missing"},
    {"critical-client-auth-only", "purpose missing"},
    {"any-purpose", "purpose any-only"},
    {"intermediate-client-auth-only", "authority flaw other-purpose"},
    // status
    {"revoked-by-crl", "revocation revoked"},
    {"expired-crl", "revocation list-expired"},
    {"future-crl", "revocation list-expired"},
    {"crl-of-stranger", "revocation list-of-stranger"},
    {"staple-good", "staple good"},
    {"staple-revoked", "staple revoked"},
    {"must-staple-good", "must-staple, staple good"},
    {"must-staple-no-staple", "must-staple"},
    {"must-staple-expired-staple", "must-staple, staple expired"},
    {"must-staple-future-staple", "must-staple, staple expired"},
    {"must-staple-wrong-staple", "must-staple, staple of-another"},
    {"staple-of-stranger", "staple of-stranger"},
    {"must-staple-revoked", "must-staple, staple revoked"},
};

TEST(Facts, OfEachRecipeDifferFromValidInItsFlawAlone) {
  for (const Recipe& recipe : all_recipes()) {
    const auto row = kDifferences.find(recipe.id);
    EXPECT_EQ(difference(facts_of(recipe, kTestHost)), row == kDifferences.end() ? "" : row->second)
        << recipe.id;
  }
  for (const auto& [id, row] : kDifferences) EXPECT_EQ(recipe_called(id).id, id);
}

TEST(Oracle, EndsWithEachRecipeAsTheRecipeStates) {
  for (const Recipe& recipe : all_recipes()) {
    const Facts facts = facts_of(recipe, kTestHost);
    for (const TrustModel model : words::kEveryTrustModel) {
      oracle::Question question{.model = model, .host = kTestHost, .facts = facts};
      if (!words::is_javas(model)) question.trust = kTestHost;
      const std::vector<words::Ending> endings = oracle::expect(question).endings;
      const std::vector<words::Ending>& stated = recipe.expected.of(model);
      EXPECT_TRUE(std::is_permutation(endings.begin(), endings.end(), stated.begin(), stated.end()))
          << recipe.id << ": " << word(model) << " is " << words_of_endings(endings)
          << " by the oracle, " << words_of_endings(stated) << " by the recipe";
    }
  }
}

}  // namespace
}  // namespace startle::certs
