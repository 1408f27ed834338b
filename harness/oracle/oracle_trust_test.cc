// README.md, "Trust value": every value under every model, with five certificates.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

constexpr words::Ending ok = words::Ending::delivered;
constexpr words::Ending conf = words::Ending::configuration_error;
constexpr words::Ending name = words::Ending::certificate_host_mismatch;
constexpr words::Ending untr = words::Ending::certificate_not_trusted;
constexpr words::Ending date = words::Ending::certificate_expired;

using Endings = std::array<words::Ending, 5>;
const std::array<std::string, 5> kCertificates{"valid", "mismatched", "valid-wildcard",
                                               "self-signed", "expired"};

struct TrustRow {
  const char* id;
  std::optional<std::string> trust;
  Endings documented;
  Endings pkix;
  Endings javamail;
  Endings angus;
};

// In the order of kCertificates. With pkix the host is always a reference identity and the list
// names nobody else whom a certificate here is issued to, so its column never changes. Angus looks
// at the name before the list: a mismatched certificate is a host mismatch even where the list
// would refuse every server (measured).
const TrustRow kRows[] = {
    // clang-format off
    {"absent", std::nullopt,
     {conf, conf, conf, conf, conf}, {ok, name, ok, untr, date}, {ok, ok, ok, untr, date}, {ok, name, ok, untr, date}},
    {"empty", "",
     {conf, conf, conf, conf, conf}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"host", "smtp.example.test",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    {"upper_case", "SMTP.EXAMPLE.TEST",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"other", "other.example.test",
     {name, name, ok, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"list", "other.example.test smtp.example.test third.example.test",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    {"list_other", "other.example.test third.example.test",
     {name, name, ok, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"any", "*",
     {ok, ok, ok, ok, ok}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    {"any_padded", " * ",
     {ok, ok, ok, ok, ok}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"any_in_list", "* other.example.test",
     {name, name, ok, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"any_with_host", "* smtp.example.test",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    {"padded", " smtp.example.test ",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    {"tab", "other.example.test\tsmtp.example.test",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    {"comma", "smtp.example.test,other.example.test",
     {name, name, name, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"wildcard", "*.example.test",
     {name, name, name, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"ip", "127.0.0.1",
     {name, name, name, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"trailing_dot", "smtp.example.test.",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"with_port", "smtp.example.test:25",
     {name, name, name, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    // Beyond the axis: white space alone lists no host.
    {"blank", " \t",
     {conf, conf, conf, conf, conf}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"any_twice", "* *",
     {name, name, name, name, date}, {ok, name, ok, untr, date}, {untr, untr, untr, untr, untr}, {untr, name, untr, untr, untr}},
    {"line_feeds", "other.example.test\nsmtp.example.test\r\n",
     {ok, name, ok, ok, date}, {ok, name, ok, untr, date}, {ok, ok, ok, ok, ok}, {ok, name, ok, ok, ok}},
    // clang-format on
};

class TrustValue : public testing::TestWithParam<TrustRow> {};

TEST_P(TrustValue, EndsAsTheTableSaysUnderEveryModel) {
  const TrustRow& row = GetParam();
  const std::pair<words::TrustModel, const Endings*> columns[] = {
      {words::TrustModel::documented, &row.documented},
      {words::TrustModel::pkix, &row.pkix},
      {words::TrustModel::javamail, &row.javamail},
      {words::TrustModel::javamail_identity, &row.angus},  // measured: java_measured_test.cc
      {words::TrustModel::angus, &row.angus},
      {words::TrustModel::jndi, &row.pkix}};  // on these certificates; no value is anything to it
  for (const auto& [model, endings] : columns) {
    for (std::size_t i = 0; i < kCertificates.size(); ++i) {
      SCOPED_TRACE(std::string(word(model)) + " " + kCertificates[i]);
      const Answer answer = expect(
          {.model = model, .host = kHost, .trust = row.trust, .facts = facts_of(kCertificates[i])});
      ASSERT_EQ(answer.endings.size(), 1U);
      EXPECT_EQ(word(answer.endings[0]), word((*endings)[i])) << answer.reason;
      EXPECT_FALSE(answer.reason.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, TrustValue, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

}  // namespace
}  // namespace startle::oracle
