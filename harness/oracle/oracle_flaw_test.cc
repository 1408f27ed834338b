// README.md, "Flaw": everything that can be wrong with a certificate besides what
// oracle_certificate_test.cc has, under every model and value of trust.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/oracle/flaw_rules.h"
#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

// The short words of README.md.
std::string shortly(const std::vector<words::Ending>& endings) {
  static const std::map<words::Ending, std::string> kShort{
      {words::Ending::delivered, "del"},
      {words::Ending::certificate_host_mismatch, "HM"},
      {words::Ending::certificate_expired, "EX"},
      {words::Ending::certificate_not_yet_valid, "NYV"},
      {words::Ending::certificate_not_trusted, "NT"},
      {words::Ending::certificate_revoked, "REV"},
      {words::Ending::certificate_wrong_purpose, "WP"},
      {words::Ending::validation_failure, "VF"},
      {words::Ending::handshake_failure, "HF"},
  };
  std::string text;
  for (const words::Ending ending : endings) text += (text.empty() ? "" : " ") + kShort.at(ending);
  return text;
}

struct Row {
  std::string id;
  Facts facts;
  // With trust that lists the host, with `*`; pkix with any trust; Java without trust and with it.
  std::string documented;
  std::string documented_any;
  std::string pkix;
  std::string javamail;
  std::string angus;
  std::string java_any_trust;
};

Facts with(auto change) {
  return changed(facts_named(kHost), change);
}
Facts own(Flaw flaw) {
  return with([flaw](Facts& f) { f.end_entity_flaw = flaw; });
}
Facts above(Flaw flaw) {
  return with([flaw](Facts& f) { f.authority_flaw = flaw; });
}
// The common name alone names the host.
Facts unnamed(Facts facts) {
  facts.presented = {.common_name = kHost};
  return facts;
}

const Row kRows[] = {
    // clang-format off
    //                                             D            D *          P            J      A      J, A with trust
    {"unreadable", own(Flaw::unreadable),          "VF HF",     "VF HF",     "VF HF",     "VF HF", "VF HF", "VF HF"},
    {"trailing-bytes", own(Flaw::trailing_bytes),  "VF HF",     "VF HF",     "VF HF",     "del VF HF", "del VF HF", "del VF HF"},
    {"not-minimal", own(Flaw::not_minimal),        "del VF HF", "del VF HF", "del VF HF", "del", "del", "del"},
    {"algorithms-differ", own(Flaw::algorithms_differ),
                                                   "VF HF",     "del VF HF", "VF HF",     "VF HF", "VF HF", "VF HF"},
    {"duplicate-extension", own(Flaw::duplicate_extension),
                                                   "VF HF",     "del VF HF", "VF HF",     "VF HF", "VF HF", "VF HF"},
    {"invalid-text", own(Flaw::invalid_text),      "del VF",    "del",       "del VF",    "del", "del", "del"},
    {"misused-time", own(Flaw::misused_time),      "del VF",    "del",       "del VF",    "del", "del", "del"},
    {"negative-serial", own(Flaw::negative_serial), "del VF",   "del",       "del VF",    "del", "del", "del"},
    {"zero-serial", own(Flaw::zero_serial),        "del VF",    "del",       "del VF",    "del", "del", "del"},
    {"long-serial", own(Flaw::long_serial),        "del VF",    "del",       "del VF",    "del", "del", "del"},
    {"uncritical-names", own(Flaw::uncritical_names),
                                                   "del VF",    "del",       "del VF",    "VF HF", "VF HF", "VF HF"},
    {"empty-names", unnamed(own(Flaw::empty_names)), "VF HM",   "del",       "VF HM",     "del", "del", "del"},
    {"unknown-critical-extension", own(Flaw::unknown_critical_extension),
                                                   "VF",        "del",       "VF",        "VF",  "VF",  "del"},
    {"wrong-authority-key", own(Flaw::wrong_authority_key),
                                                   "del",       "del",       "del NT",    "del", "del", "del"},
    {"signing-not-allowed", own(Flaw::signing_not_allowed),
                                                   "VF HF",     "del VF HF", "VF HF",     "VF",  "VF",  "del"},

    {"intermediate-unreadable", above(Flaw::unreadable),
                                                   "del VF HF", "del VF HF", "VF HF NT",  "VF HF", "VF HF", "VF HF"},
    {"intermediate-trailing-bytes", above(Flaw::trailing_bytes),
                                                   "del VF HF", "del VF HF", "VF HF NT",  "del", "del", "del"},
    {"intermediate-not-minimal", above(Flaw::not_minimal),
                                                   "del VF HF", "del VF HF", "del VF HF", "del", "del", "del"},
    {"intermediate-algorithms-differ", above(Flaw::algorithms_differ),
                                                   "del",       "del",       "VF HF NT",  "VF HF", "VF HF", "VF HF"},
    {"intermediate-duplicate-extension", above(Flaw::duplicate_extension),
                                                   "del",       "del",       "VF HF NT",  "VF HF", "VF HF", "VF HF"},
    {"intermediate-invalid-text", above(Flaw::invalid_text),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"intermediate-misused-time", above(Flaw::misused_time),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"intermediate-negative-serial", above(Flaw::negative_serial),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"intermediate-zero-serial", above(Flaw::zero_serial),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"intermediate-long-serial", above(Flaw::long_serial),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"intermediate-unknown-critical-extension", above(Flaw::unknown_critical_extension),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"intermediate-wrong-authority-key", above(Flaw::wrong_authority_key),
                                                   "del",       "del",       "del NT",    "del", "del", "del"},
    {"intermediate-wrong-signature", above(Flaw::wrong_signature),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"not-ca", above(Flaw::not_ca),                "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"no-basic-constraints", above(Flaw::no_basic_constraints),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"version-1", above(Flaw::version_1),          "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"no-cert-sign", above(Flaw::no_cert_sign),    "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"path-length-exceeded", above(Flaw::path_length_exceeded),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"name-constraint-violated", above(Flaw::name_constraint_violated),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"leading-dot-constraint", above(Flaw::leading_dot_constraint),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"common-name-outside", unnamed(above(Flaw::common_name_outside)),
                                                   "HM",        "del",       "VF HM",     "VF",  "VF",  "del"},
    {"other-purpose", above(Flaw::other_purpose),  "del",       "del",       "del WP VF", "del", "del", "del"},
    {"other-purpose-critical", above(Flaw::other_purpose_critical),
                                                   "del",       "del",       "del WP VF", "del", "del", "del"},
    {"issuer-weak-key", above(Flaw::weak_key),     "del",       "del",       "VF",        "del", "del", "del"},
    {"issuer-very-weak-key", above(Flaw::very_weak_key),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "VF"},
    {"issuer-sha-1", above(Flaw::sha1_signature),  "del",       "del",       "VF",        "del", "del", "del"},
    {"issuer-md5", above(Flaw::md5_signature),     "del",       "del",       "VF",        "VF",  "VF",  "VF"},
    {"issuer-unknown-curve", above(Flaw::unknown_curve),
                                                   "del VF",    "del",       "del VF",    "VF",  "VF",  "del"},
    {"anchor-weak-key", above(Flaw::weak_anchor_key),
                                                   "del",       "del",       "VF",        "del", "del", "del"},
    {"anchor-very-weak-key", above(Flaw::very_weak_anchor_key),
                                                   "del",       "del",       "VF",        "VF",  "VF",  "del"},
    {"anchor-path-length-exceeded", above(Flaw::anchor_path_length_exceeded),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},

    {"any-purpose", with([](Facts& f) { f.server_purpose = ServerPurpose::any_only; }),
                                                   "del WP",    "del",       "del WP",    "del", "del", "del"},
    {"never-valid", with([](Facts& f) { f.end_entity = Validity::never; }),
                                                   "EX NYV",    "del",       "EX NYV",    "NYV", "NYV", "del"},
    {"intermediate-never-valid", with([](Facts& f) { f.intermediates = Validity::never; }),
                                                   "del",       "del",       "EX NYV",    "NYV", "NYV", "del"},
    {"root-expired", with([](Facts& f) { f.anchor = Validity::expired; }),
                                                   "del",       "del",       "del EX",    "del", "del", "del"},
    {"root-not-yet-valid", with([](Facts& f) { f.anchor = Validity::not_yet_valid; }),
                                                   "del",       "del",       "del NYV",   "del", "del", "del"},
    {"root-never-valid", with([](Facts& f) { f.anchor = Validity::never; }),
                                                   "del",       "del",       "del EX NYV", "del", "del", "del"},
    {"impostor", with([](Facts& f) { f.path = Path::impostor; f.signature_valid = false; }),
                                                   "del VF",    "del",       "VF NT",     "VF",  "VF",  "del"},
    {"namesake", with([](Facts& f) { f.path = Path::namesake; }),
                                                   "del",       "del",       "NT VF",     "NT VF", "NT VF", "del"},
    {"dsa-key", with([](Facts& f) { f.dsa_key = true; }),
                                                   "HF",        "HF",        "HF",        "HF",  "HF",  "HF"},
    {"dsa-signature", with([](Facts& f) { f.dsa_signature = true; }),
                                                   "del VF",    "del",       "del VF",    "del", "del", "del"},
    {"rsa-512", with([](Facts& f) { f.rsa_bits = 512; }),
                                                   "VF",        "del",       "VF",        "VF",  "VF",  "VF"},
    {"rsa-1024", with([](Facts& f) { f.rsa_bits = 1024; }),
                                                   "VF",        "del",       "VF",        "del", "del", "del"},
    {"rsa-2047", with([](Facts& f) { f.rsa_bits = 2047; }),
                                                   "VF",        "del",       "VF",        "del", "del", "del"},
    {"rsa-2048", with([](Facts& f) { f.rsa_bits = 2048; }),
                                                   "del",       "del",       "del",       "del", "del", "del"},
    {"md5", with([](Facts& f) { f.digest = Digest::md5; }),
                                                   "VF",        "del",       "VF",        "VF",  "VF",  "VF"},
    {"sha-1", with([](Facts& f) { f.digest = Digest::sha1; }),
                                                   "VF",        "del",       "VF",        "del", "del", "del"},
    {"sha-224", with([](Facts& f) { f.digest = Digest::sha224; }),
                                                   "del",       "del",       "del",       "del", "del", "del"},
    {"oversized", with([](Facts& f) { f.oversized = true; }),
                                                   "del HF",    "del HF",    "del HF",    "HF",  "HF",  "HF"},
    {"ten-certificates", with([](Facts& f) { f.certificates = 10; }),
                                                   "del",       "del",       "del",       "del", "del", "del"},
    {"eleven-certificates", with([](Facts& f) { f.certificates = 11; }),
                                                   "del",       "del",       "del",       "HF",  "HF",  "HF"},
    {"revoked", with([](Facts& f) { f.revocation = Revocation::revoked; }),
                                                   "del",       "del",       "REV",       "del", "del", "del"},
    {"list-expired", with([](Facts& f) { f.revocation = Revocation::list_expired; }),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"list-of-stranger", with([](Facts& f) { f.revocation = Revocation::list_of_stranger; }),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    {"staple-good", with([](Facts& f) { f.staple = Staple::good; f.must_staple = true; }),
                                                   "del",       "del",       "del",       "del", "del", "del"},
    {"staple-revoked", with([](Facts& f) { f.staple = Staple::revoked; }),
                                                   "del",       "del",       "REV",       "del", "del", "del"},
    {"staple-expired", with([](Facts& f) { f.staple = Staple::expired; }),
                                                   "del",       "del",       "VF",        "del", "del", "del"},
    {"staple-of-another", with([](Facts& f) { f.staple = Staple::of_another; }),
                                                   "del",       "del",       "VF",        "del", "del", "del"},
    {"staple-of-stranger", with([](Facts& f) { f.staple = Staple::of_stranger; }),
                                                   "del",       "del",       "VF",        "del", "del", "del"},
    {"staple-missing", with([](Facts& f) { f.must_staple = true; }),
                                                   "del",       "del",       "del VF",    "del", "del", "del"},
    // clang-format on
};

class CertificateFlaw : public testing::TestWithParam<Row> {};

TEST_P(CertificateFlaw, EndsAsTheTableSaysUnderEveryModelAndTrust) {
  const Row& row = GetParam();
  struct Column {
    words::TrustModel model;
    std::optional<std::string> trust;
    std::string endings;
  };
  using enum words::TrustModel;
  for (const auto& [model, trust, endings] :
       {Column{documented, kHost, row.documented}, Column{documented, "*", row.documented_any},
        Column{pkix, std::nullopt, row.pkix}, Column{pkix, kHost, row.pkix},
        Column{pkix, "*", row.pkix}, Column{javamail, std::nullopt, row.javamail},
        Column{angus, std::nullopt, row.angus}, Column{javamail, kHost, row.java_any_trust},
        Column{angus, kHost, row.java_any_trust}, Column{javamail, "*", row.java_any_trust},
        Column{angus, "*", row.java_any_trust}}) {
    SCOPED_TRACE(std::string(word(model)) + " trust=" + trust.value_or("absent"));
    const Answer answer =
        expect({.model = model, .host = kHost, .trust = trust, .facts = row.facts});
    EXPECT_EQ(shortly(answer.endings), endings) << answer.reason;
    EXPECT_FALSE(answer.reason.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, CertificateFlaw, testing::ValuesIn(kRows), [](const auto& row) {
  std::string id = row.param.id;
  for (char& c : id) c = c == '-' ? '_' : c;
  return id;
});

TEST(CertificateFlaws, EachHasARuleForEverybodyWhoseItCanBe) {
  std::set<std::string> reasons;
  for (std::size_t i = 1; i < kFlaws.size(); ++i) {
    const auto flaw = static_cast<Flaw>(i);
    const FlawRule* own = rule_of(Bearer::end_entity, flaw);
    const FlawRule* above = rule_of(Bearer::authority, flaw);
    EXPECT_TRUE(own != nullptr || above != nullptr) << kFlaws[i];
    for (const FlawRule* rule : {own, above}) {
      if (rule == nullptr) continue;
      EXPECT_TRUE(reasons.emplace(rule->sentence).second) << rule->sentence;
      EXPECT_NE(rule->sentence.find("RFC "), std::string_view::npos) << rule->sentence;
    }
  }
  EXPECT_EQ(rule_of(Bearer::end_entity, Flaw::none), nullptr);
  EXPECT_EQ(rule_of(Bearer::authority, Flaw::none), nullptr);
}

struct ReasonRow {
  const char* id;
  words::TrustModel model;
  std::optional<std::string> trust;
  Facts facts;
  std::string endings;
  std::string reason;
};

Facts elsewhere(Facts facts) {
  facts.presented = {.dns_names = {kElsewhere}};
  return facts;
}

const ReasonRow kSeveral[] = {
    {"the name must be refused all the same", words::TrustModel::pkix, std::nullopt,
     elsewhere(own(Flaw::zero_serial)), "VF HM",
     "the serial number is zero: users should be prepared for it (RFC 5280, "
     "4.1.2.2); the certificate is issued to `elsewhere.example.net`, the client "
     "looks for `smtp.example.test`"},
    {"two that may be refused", words::TrustModel::documented, kHost, with([](Facts& f) {
       f.end_entity_flaw = Flaw::misused_time;
       f.server_purpose = ServerPurpose::any_only;
     }),
     "del VF WP",
     "a date before 2050 is written as GeneralizedTime: a rule for issuers (RFC 5280, "
     "4.1.2.5); the certificate is for any purpose, and a client may demand that TLS server "
     "authentication is named (RFC 5280, 4.2.1.12)"},
    {"the same ending twice", words::TrustModel::pkix, std::nullopt, with([](Facts& f) {
       f.end_entity_flaw = Flaw::misused_time;
       f.dsa_signature = true;
     }),
     "del VF",
     "a date before 2050 is written as GeneralizedTime: a rule for issuers (RFC 5280, "
     "4.1.2.5); the certificate is signed with DSA, which TLS has given up (RFC 8446, "
     "4.2.3) and certificates may have"},
    {"encoding before dates", words::TrustModel::pkix, std::nullopt, with([](Facts& f) {
       f.end_entity_flaw = Flaw::duplicate_extension;
       f.end_entity = Validity::expired;
     }),
     "VF HF", "an extension stands twice in the certificate (RFC 5280, 4.2)"},
    {"dates before the path", words::TrustModel::pkix, std::nullopt, with([](Facts& f) {
       f.authority_flaw = Flaw::not_ca;
       f.intermediates = Validity::never;
     }),
     "EX NYV",
     "an intermediate certificate ends before it begins, and it is past the one and before "
     "the other"},
    {"the anchor's dates and then the path", words::TrustModel::pkix, std::nullopt,
     with([](Facts& f) {
       f.authority_flaw = Flaw::no_cert_sign;
       f.anchor = Validity::expired;
     }),
     "EX VF",
     "the trust anchor has expired, and path validation does not ask for its dates (RFC "
     "5280, 6.1.1 (d)); the key of an issuer in the chain may not sign certificates (RFC "
     "5280, 4.2.1.3)"},
    {"the path before revocation", words::TrustModel::pkix, std::nullopt, with([](Facts& f) {
       f.authority_flaw = Flaw::version_1;
       f.revocation = Revocation::revoked;
     }),
     "VF",
     "an issuer in the chain is a certificate of version 1, which says nothing of "
     "authorities (RFC 5280, 6.1.4 (k))"},
    {"the list before the staple, both before strength", words::TrustModel::pkix, std::nullopt,
     with([](Facts& f) {
       f.revocation = Revocation::list_expired;
       f.staple = Staple::revoked;
       f.rsa_bits = 1024;
     }),
     "VF REV",
     "the client's revocation list is out of date, and what that means is left to the "
     "client (RFC 5280, 6.3); the stapled OCSP response says that the certificate is "
     "revoked (RFC 6960, 2.2)"},
    {"a DSA key before everything", words::TrustModel::javamail, "*", with([](Facts& f) {
       f.end_entity_flaw = Flaw::unreadable;
       f.dsa_key = true;
     }),
     "HF", "no cipher suite that a client offers works with a DSA key (RFC 8446, 4.2.3)"},
    {"Java parses before it constrains algorithms", words::TrustModel::angus, "*",
     with([](Facts& f) {
       f.end_entity_flaw = Flaw::uncritical_names;
       f.digest = Digest::md5;
     }),
     "VF HF",
     "the subject is empty and the subjectAltName not critical (RFC 5280, 4.2.1.6), which "
     "Java refuses to read"},
    {"Java's limits before its parser", words::TrustModel::angus, kHost, with([](Facts& f) {
       f.end_entity_flaw = Flaw::uncritical_names;
       f.certificates = 14;
     }),
     "HF",
     "Java takes no more than 10 certificates (jdk.tls.maxCertificateChainLength), whatever "
     "trust says"},
    {"a flaw where nothing is validated", words::TrustModel::documented, "*",
     own(Flaw::not_minimal), "del VF HF",
     "a length in the certificate is not the shortest: it is BER where DER is demanded (RFC "
     "5280, 4.1), which many decoders read all the same"},
};

TEST(CertificateFlaws, WhatMayBeRefusedLeavesTheRestToBeChecked) {
  for (const ReasonRow& row : kSeveral) {
    const Answer answer =
        expect({.model = row.model, .host = kHost, .trust = row.trust, .facts = row.facts});
    EXPECT_EQ(shortly(answer.endings), row.endings) << row.id;
    EXPECT_EQ(answer.reason, row.reason) << row.id;
  }
}

TEST(CertificateFlaws, WhatMayBeAcceptedGoesOnToTheCredential) {
  const Answer answer = expect({.model = words::TrustModel::pkix,
                                .mode = words::Mode::ldaps,
                                .host = kHost,
                                .credential = {.accepted = false},
                                .facts = own(Flaw::long_serial)});
  EXPECT_EQ(answer.endings,
            (std::vector{words::Ending::auth_rejected, words::Ending::validation_failure}));
}

}  // namespace
}  // namespace startle::oracle
