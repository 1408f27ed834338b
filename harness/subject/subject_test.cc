// What can be put under test, by name.

#include "harness/subject/subject.h"

#include <gtest/gtest.h>

#include <algorithm>
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

std::string names_of_defects() {
  std::string names;
  for (const Defect& defect : defects()) {
    names += (names.empty() ? "" : ", ") + std::string(defect.name);
  }
  return names;
}

TEST(MakeSubject, SaysWhatThereIs) {
  EXPECT_EQ(
      complaint("curl"),
      "`curl` is no client: there are builtin, defect:NAME; a program of one's own is named by a "
      "path (./curl), or as worker:PATH");
  EXPECT_EQ(complaint(""),
            "`` is no client: there are builtin, defect:NAME; a program of one's own is named by a "
            "path (./), or as worker:PATH");
  EXPECT_EQ(complaint("Builtin"),
            "`Builtin` is no client: there are builtin, defect:NAME; a program of one's own is "
            "named by a "
            "path (./Builtin), or as worker:PATH");
  const std::string known = "there are " + names_of_defects();
  EXPECT_TRUE(known.starts_with("there are accepts-any-certificate, accepts-any-issuer, "));
  EXPECT_EQ(complaint("defect:none"), "`defect:none` is no defect: " + known);
  EXPECT_EQ(complaint("defect:"), "`defect:` is no defect: " + known);
}

TEST(MakeSubject, SaysWhoIsUnderTest) {
  const auto client = make_subject("builtin");
  EXPECT_EQ(client->name(), "builtin");
  const std::string version = client->version();
  EXPECT_EQ(version.find_first_not_of("0123456789."), std::string::npos) << version;
  EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2) << version;
  EXPECT_TRUE(client->tls_library().starts_with("GnuTLS 3.")) << client->tls_library();
}

TEST(Subjects, AreToldWhatTheyCanBeTold) {
  for (const char* name : {"builtin", "defect:accepts-any-name"}) {
    const auto client = make_subject(name);
    const Abilities& can = client->abilities();
    EXPECT_EQ(can.modes.size(), count_of<words::Mode>());
    EXPECT_EQ(can.mechanisms.size(), count_of<sasl::Mechanism>());
    EXPECT_EQ(can.trust_forms.size(), count_of<TrustForm>());
    EXPECT_TRUE(can.takes_revocation_lists);
    EXPECT_FALSE(can.has_own_clock);
    EXPECT_FALSE(can.reads_files);
  }
}

struct FormRow {
  std::optional<std::string> trust;
  const char* form;
};

TEST(Subjects, ATrustValueHasOneOfFewForms) {
  for (const FormRow& row : {
           FormRow{std::nullopt, "absent"},
           FormRow{"*", "any"},
           FormRow{"mail.example.test", "host"},
           FormRow{"", "names"},
           FormRow{" * ", "names"},
           FormRow{"MAIL.example.test", "names"},
           FormRow{"mail.example.test other.example.test", "names"},
       }) {
    EXPECT_EQ(word(form_of(row.trust, "mail.example.test")), row.form) << row.trust.value_or("-");
  }
}

TEST(Defects, EachHasANameOfItsOwnAndABugClass) {
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
    EXPECT_EQ(make_subject("defect:" + std::string(defect.name))->name(),
              "defect:" + std::string(defect.name));
  }
}

TEST(Defects, StandInTheOrderOfTheirNames) {
  EXPECT_TRUE(std::is_sorted(defects().begin(), defects().end(),
                             [](const Defect& a, const Defect& b) { return a.name < b.name; }));
}

}  // namespace
}  // namespace startle::subject
