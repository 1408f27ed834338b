// The models of Java's mail libraries against what the products did. Measured on OpenJDK 17.0.15
// with a server called `localhost`, STARTTLS and AUTH on, the root CA in Java's trust store:
// JavaMail 1.6.5, Jakarta Mail 2.0.0, Angus Mail 2.0.2 and 2.0.5, each with
// mail.smtp.ssl.checkserveridentity unset and true. Every accepted exchange sent AUTH inside TLS,
// every refused one sent none. The server offered STARTTLS as it should: how the products meet one
// that does not is in cases/engine/java_dialogue_measured_test.cc.
//
// 134 pairs of trust value and certificate x 4 products x 2 settings = 1072 measured exchanges:
// each agrees with the model of its product and setting, none needs an excuse. On these
// certificates the products that look at the name agree in every row, whichever matcher they have;
// what tells the matchers apart is in identity_test.cc.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "harness/oracle/identity_setting.h"
#include "harness/oracle/oracle.h"

namespace startle::oracle {
namespace {

const std::string kLocalhost = "localhost";

Facts issued_to(const std::string& dns_name) {
  return {.presented = {.common_name = dns_name, .dns_names = {dns_name}}};
}
Facts localhost_with(auto change) {
  Facts facts = issued_to(kLocalhost);
  change(facts);
  return facts;
}

// The columns of kMeasured.
const Facts kCertificates[] = {
    issued_to(kLocalhost),                                                     // valid
    localhost_with([](Facts& f) { f.path = Path::self_signed; }),              // self-signed
    issued_to("other.example"),                                                // mismatched
    localhost_with([](Facts& f) { f.end_entity = Validity::expired; }),        // expired
    {.presented = {.common_name = kLocalhost}},                                // cn-only
    issued_to("*.example.test"),                                               // mismatched
    localhost_with([](Facts& f) { f.end_entity = Validity::not_yet_valid; }),  // not-yet-valid
    localhost_with([](Facts& f) { f.path = Path::unknown_anchor; }),           // unknown-ca
};

// A: accepted. t: "Server is not trusted" or no path. h: the name. e, y: expired, not yet valid.
const std::map<char, words::Ending> kLetters{{'A', words::Ending::delivered},
                                             {'t', words::Ending::certificate_not_trusted},
                                             {'h', words::Ending::certificate_host_mismatch},
                                             {'e', words::Ending::certificate_expired},
                                             {'y', words::Ending::certificate_not_yet_valid}};

struct MeasuredRow {
  const char* id;
  std::optional<std::string> trust;
  std::string unchecked;  // of the products that look at no name; a letter per certificate measured
  std::string checked;    // of the others
};

const MeasuredRow kMeasured[] = {
    {"absent", std::nullopt, "AtAeAAyt", "AtheAhyt"},
    {"empty", "", "tttttttt", "tthtthtt"},
    {"host", "localhost", "AAAAAAAA", "AAhAAhAA"},
    {"upper_case", "LOCALHOST", "tttttttt", "tthtthtt"},
    {"other", "other.example", "tttttttt", "tthtthtt"},
    {"list", "other.example localhost", "AAAAAAAA", "AAhAAhAA"},
    {"comma", "localhost,other.example", "tttttttt", "tthtthtt"},
    {"any", "*", "AAAAAAAA", "AAhAAhAA"},
    {"any_with_host", "* localhost", "AAAAAAAA", "AAhAAhAA"},
    {"wildcard", "*.example", "tttttttt", "tthtthtt"},
    {"padded", " localhost ", "AAAAAAAA", "AAhAAhAA"},
    {"tab", "localhost\tother.example", "AAAAAAAA", "AAhAAhAA"},
    {"ip", "127.0.0.1", "tttttttt", "tthtthtt"},
    {"any_in_list", "* other.example", "ttt", "tth"},
    {"any_padded", " * ", "ttt", "tth"},
    {"any_and_blank", "* ", "ttt", "tth"},
    {"two_asterisks", "**", "ttt", "tth"},
    {"trailing_dot", "localhost.", "ttt", "tth"},
    {"with_port", "localhost:25", "ttt", "tth"},
    {"blanks_and_tab", "other.example  \t localhost", "AAA", "AAh"},
    {"ip_in_brackets", "[127.0.0.1]", "ttt", "tth"},
    {"capital", "Localhost", "ttt", "tth"},
    {"asterisk_and_host", "*localhost", "ttt", "tth"},
};

// Who was measured, by the model that its documentation names, the setting, and what that makes of
// the model.
struct Product {
  const char* name;
  words::TrustModel model;
  std::optional<std::string> checkserveridentity;
  words::TrustModel judged_by;
  std::string MeasuredRow::*measured;
  bool in_every_row;  // otherwise the setting was tried with a few, which agree with the column
};

using enum words::TrustModel;
const Product kProducts[] = {
    {"JavaMail 1.6.5", javamail, {}, javamail, &MeasuredRow::unchecked, true},
    {"JavaMail 1.6.5", javamail, "true", javamail_identity, &MeasuredRow::checked, true},
    {"Jakarta Mail 2.0.0", javamail, {}, javamail, &MeasuredRow::unchecked, true},
    {"Jakarta Mail 2.0.0", javamail, "true", javamail_identity, &MeasuredRow::checked, true},
    {"Angus Mail 2.0.2", javamail_identity, {}, javamail_identity, &MeasuredRow::checked, true},
    {"Angus Mail 2.0.2", javamail_identity, "true", javamail_identity, &MeasuredRow::checked, true},
    {"Angus Mail 2.0.2", javamail_identity, "false", javamail, &MeasuredRow::unchecked, false},
    {"Angus Mail 2.0.5", angus, {}, angus, &MeasuredRow::checked, true},
    {"Angus Mail 2.0.5", angus, "true", angus, &MeasuredRow::checked, true},
    {"Angus Mail 2.0.5", angus, "false", javamail, &MeasuredRow::unchecked, false},
};

class JavaMeasured : public testing::TestWithParam<Product> {};

TEST_P(JavaMeasured, IsWhatTheModelSaysInEveryRow) {
  const Product& product = GetParam();
  EXPECT_EQ(with_identity_setting(product.model, product.checkserveridentity).model,
            product.judged_by);
  std::size_t agreeing = 0;
  for (const MeasuredRow& row : kMeasured) {
    const std::string& measured = row.*product.measured;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      const Answer answer = expect({.model = product.judged_by,
                                    .host = kLocalhost,
                                    .trust = row.trust,
                                    .facts = kCertificates[i]});
      const bool agrees = answer.endings == std::vector{kLetters.at(measured[i])};
      EXPECT_TRUE(agrees) << row.id << ", certificate " << i << ": " << word(answer.endings.front())
                          << ", " << answer.reason;
      agreeing += agrees ? 1U : 0U;
    }
  }
  EXPECT_EQ(agreeing, 134U);
  if (product.in_every_row) RecordProperty("agreeing", static_cast<int>(agreeing));
}

INSTANTIATE_TEST_SUITE_P(Products, JavaMeasured, testing::ValuesIn(kProducts), [](const auto& row) {
  std::string name = row.param.name;
  name += "_" + row.param.checkserveridentity.value_or("unset");
  for (char& c : name) c = c == ' ' || c == '.' ? '_' : c;
  return name;
});

TEST(JavaMeasuredRows, AreAllHere) {
  std::size_t rows = 0;
  for (const Product& product : kProducts) {
    for (const MeasuredRow& row : kMeasured) {
      EXPECT_EQ(row.checked.size(), row.unchecked.size()) << row.id;
      rows += product.in_every_row ? (row.*product.measured).size() : 0;
    }
  }
  EXPECT_EQ(rows, 1072U);
}

// Further certificates, measured with JavaMail 1.6.5, the property unset: trust absent, `localhost`
// and `*`. Only accepted or refused is compared: where both sides found no common signature
// algorithm (md5), the measured refusal was the server's.
struct FurtherRow {
  const char* id;
  Facts facts;
  std::string measured;
};

const FurtherRow kFurther[] = {
    // clang-format off
    {"ip_san", {.presented = {.common_name = "ipsan", .ip_addresses = {"127.0.0.1"}}}, "AAA"},
    {"ip_san_and_cn", {.presented = {.common_name = kLocalhost, .ip_addresses = {"127.0.0.1"}}}, "AAA"},
    {"cn_match_san_mismatch", {.presented = {.common_name = kLocalhost, .dns_names = {"other.example"}}}, "AAA"},
    {"upper_case", issued_to("LOCALHOST"), "AAA"},
    {"two_names", {.presented = {.dns_names = {"other.example", kLocalhost}}}, "AAA"},
    {"client_auth_only", localhost_with([](Facts& f) { f.server_purpose = ServerPurpose::missing; }), "rAA"},
    {"rsa_1024", localhost_with([](Facts& f) { f.rsa_bits = 1024; }), "AAA"},
    {"rsa_512", localhost_with([](Facts& f) { f.rsa_bits = 512; }), "rrr"},
    {"md5", localhost_with([](Facts& f) { f.digest = Digest::md5; }), "rrr"},
    {"sha1", localhost_with([](Facts& f) { f.digest = Digest::sha1; }), "AAA"},
    {"missing_intermediate", localhost_with([](Facts& f) { f.path = Path::issuer_missing; }), "rAA"},
    {"full_chain", issued_to(kLocalhost), "AAA"},
    {"issued_by_a_leaf", localhost_with([](Facts& f) { f.authority_flaw = Flaw::not_ca; }), "rAA"},
    {"self_signed_mismatched", {.presented = {.dns_names = {"other.example"}}, .path = Path::self_signed}, "rAA"},
    {"self_signed_expired", {.presented = {.dns_names = {kLocalhost}}, .end_entity = Validity::expired, .path = Path::self_signed}, "rAA"},
    // clang-format on
};

class JavaMeasuredFurther : public testing::TestWithParam<FurtherRow> {};

TEST_P(JavaMeasuredFurther, IsWhatTheModelSays) {
  const std::optional<std::string> values[] = {std::nullopt, kLocalhost, "*"};
  for (std::size_t i = 0; i < 3; ++i) {
    const Answer answer = expect({.model = words::TrustModel::javamail,
                                  .host = kLocalhost,
                                  .trust = values[i],
                                  .facts = GetParam().facts});
    ASSERT_EQ(answer.endings.size(), 1U);
    EXPECT_EQ(words::is_success(answer.endings[0]), GetParam().measured[i] == 'A')
        << values[i].value_or("absent") << ": " << answer.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, JavaMeasuredFurther, testing::ValuesIn(kFurther),
                         [](const auto& row) { return std::string(row.param.id); });

}  // namespace
}  // namespace startle::oracle
