#include "harness/subject/fill_in.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace startle::subject {
namespace {

using words::Mode;
using words::TlsPolicy;

client::Settings told() {
  client::Settings settings;
  settings.host = "smtp.example.test";
  settings.username = "alice";
  settings.password = "p w";
  settings.trust = settings.host;
  settings.timeouts = client::Timeouts::all(std::chrono::milliseconds(2500));
  return settings;
}

PlaceholderValues values_for(const client::Settings& settings) {
  return values_of(settings, {.address = "127.0.0.1", .port = 2525}, {.authorities = "/t/ca.pem"});
}

TEST(FillIn, KnowsTheTaskByItsPlaceholders) {
  client::Settings settings = told();
  settings.message = "Subject: x\r\n\r\na\rb\r\n";
  EXPECT_EQ(values_for(settings), (PlaceholderValues{{"address", "127.0.0.1"},
                                                     {"base", "dc=example,dc=test"},
                                                     {"ca", "/t/ca.pem"},
                                                     {"deadline", "3"},
                                                     {"filter", "(objectClass=*)"},
                                                     {"host", "smtp.example.test"},
                                                     {"message", "Subject: x\n\na\rb\n"},
                                                     {"mode", "smtp-starttls"},
                                                     {"password", "p w"},
                                                     {"port", "2525"},
                                                     {"recipient", "recipient@example.test"},
                                                     {"scheme", "smtp"},
                                                     {"sender", "sender@example.test"},
                                                     {"username", "alice"}}));
}

TEST(FillIn, KnowsTheUserOfADirectoryByTheNameOfItsBind) {
  client::Settings settings = told();
  settings.mode = Mode::ldaps;
  EXPECT_EQ(values_for(settings).count("username"), 0U);
  EXPECT_EQ(values_for(settings).at("bind-dn"), "alice");
  settings.mechanism = "PLAIN";
  EXPECT_EQ(values_for(settings).at("username"), "alice");
  EXPECT_EQ(values_for(settings).count("bind-dn"), 0U);
  EXPECT_EQ(values_for(settings).at("mechanism"), "PLAIN");
}

TEST(FillIn, KnowsTheFilesThatThereAre) {
  const auto values =
      values_of(told(), {},
                {.authorities = "/a", .revocation_lists = "/r", .certificate = "/c", .key = "/k"});
  EXPECT_EQ(values.at("ca") + values.at("crl") + values.at("certificate") + values.at("key"),
            "/a/r/c/k");
}

struct ConditionRow {
  const char* name;
  Condition when{};
  bool holds = false;
};
void PrintTo(const ConditionRow& row, std::ostream* out) {
  *out << row.name;
}

class ConditionTest : public testing::TestWithParam<ConditionRow> {};

TEST_P(ConditionTest, IsHeldAgainstTheTask) {
  const client::Settings settings = told();
  const Circumstances task = circumstances_of(settings, "odd");
  EXPECT_EQ(holds(GetParam().when, task, values_for(settings)), GetParam().holds);
}

const ConditionRow kConditions[] = {
    {"None", {}, true},
    {"Mode", {.modes = {Mode::smtps, Mode::smtp_starttls}}, true},
    {"AnotherMode", {.modes = {Mode::smtps}}, false},
    {"Policy", {.tls_policies = {TlsPolicy::required}}, true},
    {"AnotherPolicy", {.tls_policies = {TlsPolicy::enable}}, false},
    {"Trust", {.trust = {TrustForm::host}}, true},
    {"AnotherTrust", {.trust = {TrustForm::any}}, false},
    {"Credential", {.credentials = {CredentialForm::password}}, true},
    {"AnotherCredential", {.credentials = {CredentialForm::none}}, false},
    {"NoMechanism", {.mechanisms = {"PLAIN", "none"}}, true},
    {"AnotherMechanism", {.mechanisms = {"PLAIN"}}, false},
    {"Variant", {.variants = {"default", "odd"}}, true},
    {"AnotherVariant", {.variants = {"default"}}, false},
    {"Given", {.given = {"ca"}}, true},
    {"NotGiven", {.given = {"ca", "crl"}}, false},
    {"OneOfTwo", {.modes = {Mode::smtp_starttls}, .trust = {TrustForm::any}}, false},
};
INSTANTIATE_TEST_SUITE_P(FillIn, ConditionTest, testing::ValuesIn(kConditions),
                         [](const auto& row) { return row.param.name; });

TEST(FillIn, TakesTheArgumentsThatApplyEachAsOne) {
  const std::vector<ConditionalText> texts{
      {.text = "curl"},
      {.text = "--crlfile", .when = {.given = {"crl"}}},
      {.text = "{crl}", .when = {.given = {"crl"}}},
      {.text = "{username}:{password}"},
      {.text = ""},
  };
  const client::Settings settings = told();
  EXPECT_EQ(fill_in_arguments(texts, circumstances_of(settings, "default"), values_for(settings)),
            (std::vector<std::string>{"curl", "alice:p w", ""}));
}

TEST(FillIn, TakesTheLastOfThoseWithOneName) {
  const std::vector<ConditionalText> texts{
      {.name = "A", .text = "1"},
      {.name = "B", .text = "{port}"},
      {.name = "A", .text = "2", .when = {.trust = {TrustForm::host}}},
      {.name = "A", .text = "3", .when = {.trust = {TrustForm::any}}},
  };
  const client::Settings settings = told();
  EXPECT_EQ(fill_in_named(texts, circumstances_of(settings, "default"), values_for(settings)),
            (std::map<std::string, std::string>{{"A", "2"}, {"B", "2525"}}));
}

TEST(FillIn, SpellsAValueAsItsPlaceAsks) {
  const PlaceholderValues values{{"password", "a\"b\\$`/\xC3\xA4 ~"}};
  EXPECT_EQ(fill_in_text("<{password:url}>", values), "<a%22b%5C%24%60%2F%C3%A4%20~>");
  EXPECT_EQ(fill_in_text("{password:quoted}", values), "a\\\"b\\\\\\$\\`/\xC3\xA4 ~");
}

TEST(FillIn, SaysWhatHasNoValueInATask) {
  try {
    fill_in_text("{crl}", values_for(told()));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()),
              "{crl} has no value in this task: what it stands in needs given=\"crl\", or another "
              "condition");
  }
}

}  // namespace
}  // namespace startle::subject
