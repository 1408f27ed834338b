// The JUnit report, word for word, and as xmllint reads it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "harness/base/file.h"
#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

std::string junit_of(const std::vector<Verdict>& verdicts) {
  std::ostringstream out;
  return written(*make_junit_report(out), out, verdicts, findings_for_test());
}

TEST(JunitReport, SaysEverythingOfARun) {
  const std::string counts = R"( tests="7" failures="3" errors="1" skipped="2" time="1.500000")";
  EXPECT_EQ(junit_of(verdicts_for_test()),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
                ">\n<testsuite name=\"startle builtin\"" + counts +
                " timestamp=\"2030-06-15T01:01:01\">\n"
                R"(<testcase classname="startle.documented.smtp/sender" name="ok" time="0.002500"/>
<testcase classname="startle.pkix.smtp/injection" name="reply" time="0.000250"><failure type="leak" message="it sent the password">it sent the password
expected: protocol-error or delivered
observed: auth-rejected
violated: secret-in-clear, payload-in-clear

S: 220 hi
C: AUTH PLAIN &lt;initial response&gt;
</failure></testcase>
<testcase classname="startle.documented" name="hang" time="0.000000"><failure type="wrong-reason" message="no end">no end
violated: hung
</failure></testcase>
<testcase classname="startle.documented.a" name="skipped" time="0.000000"><skipped message="no such mode"/></testcase>
<testcase classname="startle.documented.a" name="known" time="0.000000"><skipped message="issue 9"/></testcase>
<testcase classname="startle.documented.a" name="fixed" time="0.000000"><failure type="xpass" message="expected to fail, and passed">expected to fail, and passed
observed: delivered
</failure></testcase>
<testcase classname="startle.documented.a" name="broken" time="0.000000"><error type="error" message="x.xml:3: no such recipe"/></testcase>
<system-err>conf/schedule.xml:3: warning: the attribute is ignored
</system-err>
</testsuite>
</testsuites>
)");
}

TEST(JunitReport, HasANoteAsTheOutputOfATestThatPassed) {
  Verdict note{.id = "smtp/silence", .kind = VerdictKind::fail, .severity = words::Severity::note};
  note.reason = "it did not end";
  const std::string text = junit_of({note});
  EXPECT_NE(text.find(R"( tests="1" failures="0" errors="0" skipped="0")"), text.npos) << text;
  EXPECT_NE(text.find("name=\"silence\" time=\"0.000000\"><system-out>note: it did not end\n"),
            text.npos)
      << text;
}

TEST(JunitReport, NamesItsShard) {
  std::ostringstream out;
  const auto report = make_junit_report(out);
  RunInfo info = run_for_test();
  info.shard = "2/3";
  report->begin(info);
  report->end({});
  const std::string text = out.str();
  EXPECT_NE(text.find("\">\n<properties><property name=\"shard\" value=\"2/3\"/></properties>\n"
                      "</testsuite>"),
            text.npos)
      << text;
}

struct TextRow {
  const char* name;
  std::string reason;
  const char* written;
};

const std::vector<TextRow>& hostile_texts() {
  static const std::vector<TextRow> rows{
      {"markup", "<a b=\"c\">&amp;</a>", "&lt;a b=&quot;c&quot;&gt;&amp;amp;&lt;/a&gt;"},
      {"end of CDATA", "]]>", "]]&gt;"},
      {"two lines", "a\nb\n", "a&#10;b&#10;"},
      {"control characters", std::string("a\x1b[31m\r\t\x7f\0b", 11),
       "a\\x1b[31m\\x0d\\x09\\x7f\\x00b"},
      {"UTF-8", "p\u00e4ss \u2713", "p\u00e4ss \u2713"},
      {"broken UTF-8", "a\xff\xc3(\xe2\x82", "a\\xff\\xc3(\\xe2\\x82"},
      {"a surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"a character that XML forbids", "\xef\xbf\xbf", "\\xef\\xbf\\xbf"},
  };
  return rows;
}

TEST(JunitReport, TextOfPeersIsAlwaysXml) {
  for (const TextRow& row : hostile_texts()) {
    const std::string text =
        junit_of({{.id = "x", .kind = VerdictKind::skip, .reason = row.reason}});
    EXPECT_NE(text.find("<skipped message=\"" + std::string(row.written) + "\"/>"), text.npos)
        << row.name << ":\n"
        << text;
  }
}

TEST(JunitReport, XmllintReadsIt) {
  if (std::system("xmllint --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "xmllint is absent: apt-get install libxml2-utils";
  }
  std::vector<Verdict> verdicts = verdicts_for_test();
  for (const TextRow& row : hostile_texts()) {
    verdicts.push_back({.id = row.reason, .kind = VerdictKind::error, .reason = row.reason});
    verdicts.push_back(
        {.id = "x", .kind = VerdictKind::fail, .reason = row.reason, .dialogue = {row.reason}});
  }
  const TemporaryFolder folder;
  const auto file = folder.path() / "junit.xml";
  write_file(file, junit_of(verdicts));
  EXPECT_EQ(std::system(("xmllint --noout '" + file.string() + "'").c_str()), 0);
}

}  // namespace
}  // namespace startle::report
