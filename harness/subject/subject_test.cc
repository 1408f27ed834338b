// What can be put under test, by name.

#include "harness/subject/subject.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/base/error.h"
#include "harness/subject/defect.h"

namespace startle::subject {
namespace {

std::string complaint(const std::string& name) {
  try {
    make_subject(name);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    return e.what();
  }
  return "none";
}

struct ComplaintRow {
  const char* given;
  const char* complaint;
};

constexpr const char* kDefects =
    "there are accepts-any-certificate, accepts-any-issuer, accepts-any-name, "
    "accepts-appended-root, accepts-early-success, accepts-expired, accepts-foreign-nonce, "
    "accepts-foreign-staple, accepts-missing-signature, accepts-other-purpose, "
    "accepts-revoked, accepts-success-after-error, accepts-unchanged-nonce, "
    "accepts-unknown-authority, accepts-version-1-authority, accepts-wrong-signature, "
    "answers-absent-challenge, answers-beyond-end, answers-broken-base64, "
    "answers-huge-challenge, authenticates-in-clear, believes-any-response, "
    "believes-injected-reply, binds-before-starttls, binds-to-another-channel, "
    "binds-without-ems, binds-without-password, computes-any-iterations, "
    "continues-after-refused-authentication, counts-common-name, cuts-names-at-nul, "
    "cuts-result-codes, drops-channel-binding, follows-referral-in-clear, gives-up-after-504, "
    "goes-on-after-close-notify, goes-on-after-refused-starttls, goes-on-without-starttls, "
    "hides-that-it-can-bind, ignores-configured-mechanism, ignores-critical-extension, "
    "ignores-key-usage, ignores-mandatory-extension, ignores-name-constraints, "
    "ignores-path-length, ignores-starttls-result, keeps-capabilities, "
    "names-in-other-case-differ, pins-by-name, reads-attributes-in-any-order, "
    "reads-signature-in-reply, "
    "steps-down-after-failure, takes-late-504-for-unknown, takes-other-response-for-starttls, "
    "takes-other-success-for-tls, takes-partial-wildcards, uses-tls-unique-in-tls-1-3";

TEST(MakeSubject, SaysWhatThereIs) {
  EXPECT_EQ(complaint("curl"), "`curl` is no client: there are builtin and defect:NAME");
  EXPECT_EQ(complaint(""), "`` is no client: there are builtin and defect:NAME");
  EXPECT_EQ(complaint("Builtin"), "`Builtin` is no client: there are builtin and defect:NAME");
  EXPECT_EQ(complaint("defect:none"), std::string("`defect:none` is no defect: ") + kDefects);
  EXPECT_EQ(complaint("defect:"), std::string("`defect:` is no defect: ") + kDefects);
}

TEST(MakeSubject, SaysWhoIsUnderTest) {
  const auto client = make_subject("builtin");
  EXPECT_EQ(client->name(), "builtin");
  const std::string version = client->version();
  EXPECT_EQ(version.find_first_not_of("0123456789."), std::string::npos) << version;
  EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2) << version;
  EXPECT_TRUE(client->tls_library().starts_with("GnuTLS 3.")) << client->tls_library();
}

TEST(Defects, EachHasANameOfItsOwnABugClassAndAFile) {
  std::set<std::string_view> names;
  for (const Defect& defect : defects()) {
    SCOPED_TRACE(defect.name);
    EXPECT_TRUE(names.insert(defect.name).second) << "twice";
    EXPECT_EQ(defect.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              defect.name.npos);
    EXPECT_FALSE(defect.bug_class.empty());
    EXPECT_EQ(defect.bug_class.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
              defect.bug_class.npos);
    EXPECT_FALSE(defect.does.empty());
    std::string file(defect.name);
    for (char& c : file) c = c == '-' ? '_' : c;
    EXPECT_TRUE(std::filesystem::exists(STARTLE_TREE "/harness/subject/defects/" + file + ".cc"));
    EXPECT_EQ(make_subject("defect:" + std::string(defect.name))->name(),
              "defect:" + std::string(defect.name));
  }
}

TEST(Defects, NoFileIsLeftOut) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(STARTLE_TREE "/harness/subject/defects")) {
    files += entry.path().extension() == ".cc" && entry.path().stem() != "defects" ? 1U : 0U;
  }
  EXPECT_EQ(files, defects().size());
}

TEST(Defects, StandInTheOrderOfTheirNames) {
  EXPECT_TRUE(std::is_sorted(defects().begin(), defects().end(),
                             [](const Defect& a, const Defect& b) { return a.name < b.name; }));
}

}  // namespace
}  // namespace startle::subject
