// Where Java's mail libraries look at a certificate: what belongs to the handshake ends it with an
// alert; the name in JavaMail's own way, and the list, are looked at when it is over (measured: the
// server saw TLS, and no EHLO inside it).

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "fake-servers/submission_for_test.h"

namespace startle::fake {
namespace {

using words::Ending;
using words::TrustModel;

struct Row {
  const char* name;
  TrustModel model;
  const char* recipe;
  std::optional<std::string> trust;
  Ending ending;
  const char* alert;  // that the server receives; "close_notify": of a session that stood
};

class JavaNameCheck : public testing::TestWithParam<Row> {};

TEST_P(JavaNameCheck, EndsWhereTheLibraryLooks) {
  const Row& row = GetParam();
  Submission submission = submission_for_test({}, row.recipe);
  submission.settings.trust_model = row.model;
  submission.settings.trust = row.trust;
  const Submitted got = submit(submission);
  EXPECT_EQ(word(got.outcome.ending), word(row.ending)) << got.outcome.sentence;
  EXPECT_EQ(got.seen.alert, row.alert);
  const bool stood = std::string(row.alert) == "close_notify";
  EXPECT_EQ(!got.seen.tls_version.empty(), stood);
  EXPECT_TRUE(got.seen.tls_commands.empty());
  EXPECT_TRUE(got.seen.bytes_in_tls.empty());
}

using enum TrustModel;
constexpr auto kName = Ending::certificate_host_mismatch;
constexpr auto kList = Ending::certificate_not_trusted;

const Row kRows[] = {
    {"JavaMailsName", javamail_identity, "mismatched", {}, kName, "close_notify"},
    {"JavaMailsNameWithAnyTrusted", javamail_identity, "mismatched", "*", kName, "close_notify"},
    {"JavaMailsNameBeforeItsList", javamail_identity, "mismatched", "x.test", kName,
     "close_notify"},
    {"JavaMailsListBehindItsName", javamail_identity, "valid", "x.test", kList, "close_notify"},
    {"JavaMailsList", javamail, "valid", "x.test", kList, "close_notify"},
    {"AngussList", angus, "valid", "x.test", kList, "close_notify"},
    {"AngussName", angus, "mismatched", {}, kName, "certificate_unknown"},
    {"AngussNameWithAnyTrusted", angus, "mismatched", "*", kName, "certificate_unknown"},
    {"JavaMailsPath", javamail_identity, "unknown-ca", {}, kList, "unknown_ca"},
};
INSTANTIATE_TEST_SUITE_P(Rows, JavaNameCheck, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::fake
