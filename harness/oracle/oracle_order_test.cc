// README.md, "Order of checks": what decides when more than one thing is wrong, and the sentence
// that says so.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

using enum words::TrustModel;

struct OrderRow {
  const char* id;
  words::TrustModel model;
  std::optional<std::string> trust;
  Facts facts;
  words::Ending ending;
  std::string reason;
};

const PresentedIdentity kHostNamed{.dns_names = {kHost}};
const PresentedIdentity kElsewhereNamed{.dns_names = {kElsewhere}};

// Everything that can be wrong; each next row repairs what decided the row before.
Facts all_wrong() {
  return {.presented = kElsewhereNamed,
          .end_entity = Validity::not_yet_valid,
          .intermediates = Validity::expired,
          .path = Path::unknown_anchor,
          .authority_flaw = Flaw::path_length_exceeded,
          .signature_valid = false,
          .server_purpose = ServerPurpose::missing,
          .rsa_bits = 512,
          .digest = Digest::md5};
}
Facts repaired(auto... repairs) {
  Facts facts = all_wrong();
  (repairs(facts), ...);
  return facts;
}
const auto signature = [](Facts& f) { f.signature_valid = true; };
const auto dates = [](Facts& f) { f.end_entity = Validity::current; };
const auto intermediates = [](Facts& f) { f.intermediates = Validity::current; };
const auto anchor = [](Facts& f) { f.path = Path::anchored; };
const auto flaw = [](Facts& f) { f.authority_flaw = Flaw::none; };
const auto key = [](Facts& f) { f.rsa_bits = 2048; };
const auto digest = [](Facts& f) { f.digest = Digest::sha224; };
const auto purpose = [](Facts& f) { f.server_purpose = ServerPurpose::allowed; };
const auto names = [](Facts& f) { f.presented = kHostNamed; };

const OrderRow kRows[] = {
    {"pkix_1_signature", pkix, kHost, repaired(), words::Ending::validation_failure,
     "the certificate's signature is wrong"},
    {"pkix_2_dates", pkix, kHost, repaired(signature), words::Ending::certificate_not_yet_valid,
     "the certificate is not yet valid"},
    {"pkix_3_dates_of_intermediates", pkix, kHost, repaired(signature, dates),
     words::Ending::certificate_expired, "an intermediate certificate has expired"},
    {"pkix_4_anchor", pkix, kHost, repaired(signature, dates, intermediates),
     words::Ending::certificate_not_trusted,
     "the chain ends in a certification authority that the client does not hold"},
    {"pkix_5_path", pkix, kHost, repaired(signature, dates, intermediates, anchor),
     words::Ending::validation_failure,
     "the chain is longer than an intermediate's path length allows (RFC 5280, 4.2.1.9)"},
    {"pkix_6_key", pkix, kHost, repaired(signature, dates, intermediates, anchor, flaw),
     words::Ending::validation_failure,
     "an RSA key of 512 bits is too weak: 2048 is the least (RFC 9325, 4.5)"},
    {"pkix_7_digest", pkix, kHost, repaired(signature, dates, intermediates, anchor, flaw, key),
     words::Ending::validation_failure,
     "the certificate is signed with md5, which is broken (RFC 9325, 4.5)"},
    {"pkix_8_purpose", pkix, kHost,
     repaired(signature, dates, intermediates, anchor, flaw, key, digest),
     words::Ending::certificate_wrong_purpose,
     "the certificate's extended key usage does not allow TLS server authentication"},
    {"pkix_9_name", pkix, kHost,
     repaired(signature, dates, intermediates, anchor, flaw, key, digest, purpose),
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `elsewhere.example.net`, the client looks for "
     "`smtp.example.test`"},
    {"pkix_nothing_wrong", pkix, kHost,
     repaired(signature, dates, intermediates, anchor, flaw, key, digest, purpose, names),
     words::Ending::delivered,
     "the certificate is issued to `smtp.example.test`, the client looks for `smtp.example.test`"},

    {"documented_1_signature", documented, kHost, repaired(), words::Ending::validation_failure,
     "the certificate's signature is wrong"},
    {"documented_2_dates", documented, kHost, repaired(signature),
     words::Ending::certificate_not_yet_valid, "the certificate is not yet valid"},
    {"documented_3_key_although_the_chain_is_wrong", documented, kHost, repaired(signature, dates),
     words::Ending::validation_failure,
     "an RSA key of 512 bits is too weak: 2048 is the least (RFC 9325, 4.5)"},
    {"documented_4_purpose", documented, kHost, repaired(signature, dates, key, digest),
     words::Ending::certificate_wrong_purpose,
     "the certificate's extended key usage does not allow TLS server authentication"},
    {"documented_5_name", documented, kHost, repaired(signature, dates, key, digest, purpose),
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `elsewhere.example.net`, trust lists `smtp.example.test`"},
    {"documented_needs_no_chain", documented, kHost,
     repaired(signature, dates, key, digest, purpose, names), words::Ending::delivered,
     "the certificate is issued to `smtp.example.test`, trust lists `smtp.example.test`"},
    {"documented_any_looks_at_nothing", documented, "*", all_wrong(), words::Ending::delivered,
     "trust is `*`: no certificate is validated"},
    {"documented_cannot_check_the_signature_of_an_absent_issuer",
     documented,
     kHost,
     {.presented = kHostNamed,
      .path = Path::issuer_missing,
      .signature_valid = false,
      .signature_checkable = false,
      .digest = Digest::md5},
     words::Ending::delivered,
     "the certificate is issued to `smtp.example.test`, trust lists `smtp.example.test`"},
    {"documented_checks_the_signature_of_a_self_signed_certificate",
     documented,
     kHost,
     {.presented = kHostNamed, .path = Path::self_signed, .digest = Digest::sha1},
     words::Ending::validation_failure,
     "the certificate is signed with sha1, which is broken (RFC 9325, 4.5)"},

    {"angus_1_path_building", angus, std::nullopt, all_wrong(),
     words::Ending::certificate_not_trusted,
     "Java finds no path from the certificate to a trust anchor, and trust is absent"},
    {"angus_2_algorithm_constraints_on_the_key", angus, std::nullopt, repaired(anchor),
     words::Ending::validation_failure,
     "Java's algorithm constraints refuse an RSA key of 512 bits, whatever trust says"},
    {"angus_3_algorithm_constraints_on_the_digest", angus, std::nullopt, repaired(anchor, key),
     words::Ending::validation_failure,
     "Java's algorithm constraints refuse a signature with md5, whatever trust says"},
    {"angus_4_path_validation", angus, std::nullopt, repaired(key, digest, anchor),
     words::Ending::validation_failure,
     "the chain is longer than an intermediate's path length allows (RFC 5280, 4.2.1.9), and trust "
     "is absent"},
    {"angus_5_dates_of_intermediates", angus, std::nullopt, repaired(key, digest, anchor, flaw),
     words::Ending::certificate_expired, "an intermediate certificate has expired"},
    {"angus_6_dates", angus, std::nullopt, repaired(key, digest, anchor, flaw, intermediates),
     words::Ending::certificate_not_yet_valid, "the certificate is not yet valid"},
    {"angus_7_signature", angus, std::nullopt,
     repaired(key, digest, anchor, flaw, intermediates, dates), words::Ending::validation_failure,
     "the certificate's signature is wrong"},
    {"angus_8_purpose", angus, std::nullopt,
     repaired(key, digest, anchor, flaw, intermediates, dates, signature),
     words::Ending::certificate_wrong_purpose,
     "the certificate's extended key usage does not allow TLS server authentication"},
    {"angus_9_name", angus, std::nullopt,
     repaired(key, digest, anchor, flaw, intermediates, dates, signature, purpose),
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `elsewhere.example.net`, the configured host is "
     "`smtp.example.test`: Angus Mail checks the name whatever trust says"},
    {"angus_name_before_list", angus, "other.example.test", repaired(key, digest),
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `elsewhere.example.net`, the configured host is "
     "`smtp.example.test`: Angus Mail checks the name whatever trust says"},
    {"angus_list_last", angus, "other.example.test", repaired(key, digest, names),
     words::Ending::certificate_not_trusted,
     "the configured host `smtp.example.test` does not stand letter for letter in trust, which is "
     "`other.example.test`: Java refuses the server"},
    {"angus_listed_host_needs_only_its_name", angus, kHost, repaired(key, digest, names),
     words::Ending::delivered,
     "trust lists the configured host `smtp.example.test`: Java does not validate its chain"},
    {"javamail_any_keeps_algorithm_constraints", javamail, "*", all_wrong(),
     words::Ending::validation_failure,
     "Java's algorithm constraints refuse an RSA key of 512 bits, whatever trust says"},
    {"javamail_any_ignores_the_rest", javamail, "*", repaired(key, digest),
     words::Ending::delivered, "trust is `*`: Java does not validate the chain"},
    {"javamail_empty_list", javamail, "", repaired(key, digest),
     words::Ending::certificate_not_trusted,
     "trust is present but empty: Java refuses every server"},
    {"javamail_absent_looks_at_no_name",
     javamail,
     std::nullopt,
     {.presented = kElsewhereNamed},
     words::Ending::delivered,
     "the certificate has a path to a trust anchor; JavaMail does not look at its name"},
    {"javamail_rsa_1023",
     javamail,
     kHost,
     {.presented = kHostNamed, .rsa_bits = 1023},
     words::Ending::validation_failure,
     "Java's algorithm constraints refuse an RSA key of 1023 bits, whatever trust says"},

    {"pkix_rsa_2047",
     pkix,
     kHost,
     {.presented = kHostNamed, .rsa_bits = 2047},
     words::Ending::validation_failure,
     "an RSA key of 2047 bits is too weak: 2048 is the least (RFC 9325, 4.5)"},
    {"pkix_common_name_only",
     pkix,
     kHost,
     {.presented = {.common_name = kHost}},
     words::Ending::certificate_host_mismatch,
     "common name only: the certificate has no subjectAltName, and its common name "
     "`smtp.example.test` identifies no server (RFC 9525, 2), the client looks for "
     "`smtp.example.test`"},
    {"documented_nothing_listed",
     documented,
     "a,b",
     {.presented = kHostNamed},
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `smtp.example.test`, trust lists no host name and no IP "
     "address"},
    {"documented_many_names",
     documented,
     "other.example.test 192.0.2.1",
     {.presented = {.dns_names = {"a.test", "b.test", "c.test"}, .ip_addresses = {"192.0.2.2"}}},
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `a.test`, `b.test`, `c.test` and 1 more, trust lists "
     "`other.example.test`, `192.0.2.1`"},
    {"documented_hostile_name",
     documented,
     kHost,
     {.presented = {.dns_names = {std::string("a\0\x1b[2J`\n", 8)}}},
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to `a\\x00\\x1b[2J\\x60\\x0a`, trust lists `smtp.example.test`"},
    {"angus_common_name_is_named",
     angus,
     kHost,
     {.presented = {.common_name = kElsewhere, .ip_addresses = {"192.0.2.2"}}},
     words::Ending::certificate_host_mismatch,
     "the certificate is issued to IP address `192.0.2.2`, common name `elsewhere.example.net`, "
     "the configured host is `smtp.example.test`: Angus Mail checks the name whatever trust says"},
};

class Order : public testing::TestWithParam<OrderRow> {};

TEST_P(Order, TheFirstRefusalDecidesAndTheReasonSaysIt) {
  const OrderRow& row = GetParam();
  const Answer answer =
      expect({.model = row.model, .host = kHost, .trust = row.trust, .facts = row.facts});
  ASSERT_EQ(answer.endings.size(), 1U);
  EXPECT_EQ(word(answer.endings[0]), word(row.ending));
  EXPECT_EQ(answer.reason, row.reason);
}

INSTANTIATE_TEST_SUITE_P(Rows, Order, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Order, AWildcardOverATopLevelDomainMayEndEitherWay) {
  Question question{.model = pkix, .host = "example.test", .facts = facts_named("*.test")};
  const Answer answer = expect(question);
  EXPECT_EQ(answer.endings,
            (std::vector{words::Ending::delivered, words::Ending::certificate_host_mismatch}));
  EXPECT_EQ(answer.reason,
            "the certificate is issued to `*.test`, the client looks for `example.test`: RFC 9525, "
            "7.1 leaves open whether a wildcard may cover a whole top-level domain");
  question.credential.accepted = false;
  EXPECT_EQ(expect(question).endings,
            (std::vector{words::Ending::auth_rejected, words::Ending::certificate_host_mismatch}));
  question.credential.accepted = true;
  question.facts.presented.dns_names.push_back("example.test");
  EXPECT_EQ(expect(question).endings, std::vector{words::Ending::delivered});
}

struct HostRow {
  const char* id;
  words::TrustModel model;
  std::string host;
  std::optional<std::string> trust;
  PresentedIdentity presented;
  words::Ending ending;
};

const PresentedIdentity kAddressNamed{.common_name = "127.0.0.1", .ip_addresses = {"127.0.0.1"}};

const HostRow kHostRows[] = {
    {"pkix_upper_case", pkix, "SMTP.Example.Test", {}, kHostNamed, words::Ending::delivered},
    {"pkix_final_dot", pkix, "smtp.example.test.", {}, kHostNamed, words::Ending::delivered},
    {"pkix_address", pkix, "127.0.0.1", {}, kAddressNamed, words::Ending::delivered},
    {"pkix_address_named_as_dns",
     pkix,
     "127.0.0.1",
     {},
     {.dns_names = {"127.0.0.1"}},
     words::Ending::certificate_host_mismatch},
    {"pkix_list_adds_to_the_host", pkix, "127.0.0.1", kHost, kHostNamed, words::Ending::delivered},
    {"pkix_host_adds_to_the_list", pkix, "127.0.0.1", kHost, kAddressNamed,
     words::Ending::delivered},
    {"documented_host_adds_nothing", documented, "127.0.0.1", kHost, kAddressNamed,
     words::Ending::certificate_host_mismatch},
    {"documented_alias_is_listed", documented, "127.0.0.1", kHost, kHostNamed,
     words::Ending::delivered},
    {"documented_listed_address", documented, kHost, "127.0.0.1", kAddressNamed,
     words::Ending::delivered},
    {"documented_listed_address_named_as_dns",
     documented,
     kHost,
     "127.0.0.1",
     {.dns_names = {"127.0.0.1"}},
     words::Ending::certificate_host_mismatch},
    {"documented_listed_ipv6",
     documented,
     kHost,
     "2001:DB8::1",
     {.ip_addresses = {"2001:db8:0:0:0:0:0:1"}},
     words::Ending::delivered},
    {"javamail_upper_case_is_another_host", javamail, "SMTP.EXAMPLE.TEST", kHost, kHostNamed,
     words::Ending::certificate_not_trusted},
    {"javamail_upper_case_listed_so", javamail, "SMTP.EXAMPLE.TEST", "SMTP.EXAMPLE.TEST",
     kElsewhereNamed, words::Ending::delivered},
    {"javamail_final_dot_listed_so", javamail, "smtp.example.test.", "smtp.example.test.",
     kElsewhereNamed, words::Ending::delivered},
    {"angus_upper_case", angus, "SMTP.EXAMPLE.TEST", {}, kHostNamed, words::Ending::delivered},
    {"angus_final_dot", angus, "smtp.example.test.", {}, kHostNamed, words::Ending::delivered},
    {"angus_final_dot_in_the_list_only", angus, kHost, "smtp.example.test.", kHostNamed,
     words::Ending::certificate_not_trusted},
    {"angus_address", angus, "127.0.0.1", "*", kAddressNamed, words::Ending::delivered},
    {"angus_address_as_common_name",
     angus,
     "127.0.0.1",
     "*",
     {.common_name = "127.0.0.1"},
     words::Ending::certificate_host_mismatch},
};

class HostForm : public testing::TestWithParam<HostRow> {};

TEST_P(HostForm, CountsAsTheModelReadsIt) {
  const HostRow& row = GetParam();
  const Answer answer = expect({.model = row.model,
                                .host = row.host,
                                .trust = row.trust,
                                .facts = {.presented = row.presented}});
  ASSERT_EQ(answer.endings.size(), 1U);
  EXPECT_EQ(word(answer.endings[0]), word(row.ending)) << answer.reason;
}

INSTANTIATE_TEST_SUITE_P(Rows, HostForm, testing::ValuesIn(kHostRows),
                         [](const auto& row) { return std::string(row.param.id); });

}  // namespace
}  // namespace startle::oracle
