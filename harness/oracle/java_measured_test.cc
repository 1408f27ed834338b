// The models `javamail` and `angus` against what the products did. Measured on OpenJDK 17.0.15 with
// a server called `localhost`, STARTTLS and AUTH on, the root CA in Java's trust store: JavaMail
// 1.6.5, Jakarta Mail 2.0.0, Angus Mail 2.0.2 and 2.0.5, each with
// mail.smtp.ssl.checkserveridentity unset and true. Every accepted exchange sent AUTH inside TLS,
// every refused one sent none.
//
// 134 pairs of trust value and certificate x 4 products x 2 settings = 1072 measured exchanges. The
// products fall into two groups that agree in every row, so a row stands for its whole group:
//   JavaMail and Jakarta Mail, property unset: 2 x 134 rows, the model `javamail`;
//   those two with true, both Angus versions unset and true: 6 x 134 rows, the model `angus`.
// No measured row is out of scope. Before 2.0.3 the name check was another matcher, which on these
// certificates gives the verdicts of Java's own.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

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
  std::string unchecked;  // the first group; a letter per certificate measured
  std::string checked;    // the second group
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

class JavaMeasured : public testing::TestWithParam<MeasuredRow> {};

void compare(words::TrustModel model, const MeasuredRow& row, const std::string& measured) {
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const Answer answer =
        expect({.model = model, .host = kLocalhost, .trust = row.trust, .facts = kCertificates[i]});
    ASSERT_EQ(answer.endings.size(), 1U);
    EXPECT_EQ(word(answer.endings[0]), word(kLetters.at(measured[i])))
        << word(model) << ", certificate " << i << ": " << answer.reason;
  }
}

TEST_P(JavaMeasured, IsWhatTheModelSays) {
  compare(words::TrustModel::javamail, GetParam(), GetParam().unchecked);
  compare(words::TrustModel::angus, GetParam(), GetParam().checked);
}

INSTANTIATE_TEST_SUITE_P(Rows, JavaMeasured, testing::ValuesIn(kMeasured),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(JavaMeasuredRows, AreAllHere) {
  std::size_t unchecked = 0;
  std::size_t checked = 0;
  for (const MeasuredRow& row : kMeasured) {
    unchecked += row.unchecked.size();
    checked += row.checked.size();
  }
  EXPECT_EQ(unchecked, 134U);
  EXPECT_EQ(checked, 134U);
  EXPECT_EQ(2 * unchecked + 6 * checked, 1072U);
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
