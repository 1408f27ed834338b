// checkserveridentity as Java's mail libraries read it: PropUtil.getBoolean() with the default that
// each has.

#include "harness/oracle/identity_setting.h"

#include <gtest/gtest.h>

namespace startle::oracle {
namespace {

using enum words::TrustModel;

constexpr const char* kNoName =
    "checkserveridentity=\"false\" takes away the look at the name: a certificate issued to "
    "anybody "
    "is accepted, as under javamail";
constexpr const char* kFalse =
    "checkserveridentity is neither true nor false, which JavaMail takes for false: a certificate "
    "issued to anybody is accepted";
constexpr const char* kEither =
    "checkserveridentity is neither true nor false, which Angus Mail takes for true, and JavaMail "
    "for false";

struct Row {
  const char* id;
  std::optional<std::string> setting;
  ReadSetting of_javamail;
  ReadSetting of_identity;
  ReadSetting of_angus;
};

const Row kRows[] = {
    {"absent", std::nullopt, {javamail}, {javamail_identity}, {angus}},
    {"on", "true", {javamail_identity}, {javamail_identity}, {angus}},
    {"on_in_capitals", "TRUE", {javamail_identity}, {javamail_identity}, {angus}},
    {"off", "false", {javamail}, {javamail, kNoName}, {javamail, kNoName}},
    {"off_in_capitals", "False", {javamail}, {javamail, kNoName}, {javamail, kNoName}},
    {"yes", "yes", {javamail, kFalse}, {javamail_identity, kEither}, {angus, kEither}},
    {"padded", " true", {javamail, kFalse}, {javamail_identity, kEither}, {angus, kEither}},
    {"empty", "", {javamail, kFalse}, {javamail_identity, kEither}, {angus, kEither}},
    {"no", "no", {javamail, kFalse}, {javamail_identity, kEither}, {angus, kEither}},
};

class IdentitySetting : public testing::TestWithParam<Row> {};

TEST_P(IdentitySetting, MakesOneModelAnother) {
  const Row& row = GetParam();
  const std::pair<words::TrustModel, const ReadSetting*> columns[] = {
      {javamail, &row.of_javamail}, {javamail_identity, &row.of_identity}, {angus, &row.of_angus}};
  for (const auto& [model, expected] : columns) {
    const ReadSetting read = with_identity_setting(model, row.setting);
    EXPECT_EQ(word(read.model), word(expected->model)) << word(model);
    EXPECT_EQ(read.sentence, expected->sentence) << word(model);
  }
  for (const words::TrustModel model : {documented, jndi, pkix}) {
    EXPECT_EQ(with_identity_setting(model, row.setting).model, model);
    EXPECT_EQ(with_identity_setting(model, row.setting).sentence, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, IdentitySetting, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

}  // namespace
}  // namespace startle::oracle
