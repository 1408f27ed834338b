// The kinds of report that --report takes, and what a report carries of a warning.

#include "cases/program/report_outputs.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"

namespace startle::program {
namespace {

TEST(ReportKinds, AreThoseOfTheManualPage) {
  const std::string page = read_file(STARTLE_TREE "/cases/program/startle.1", 1 << 20);
  const std::size_t begin = page.find(".It Fl Fl report ");
  const std::string names = page.substr(begin, page.find("to standard output", begin) - begin);
  for (const report::ReportKind& kind : report::report_kinds()) {
    EXPECT_NE(names.find(".Cm " + std::string(kind.word)), names.npos) << kind.word;
  }
}

TEST(ReportKinds, AreFoundByTheirWord) {
  for (const report::ReportKind& kind : report::report_kinds()) {
    EXPECT_EQ(report::report_kind(kind.word), &kind);
  }
  EXPECT_EQ(report::report_kind("jso"), nullptr);
  EXPECT_EQ(report::report_kind(""), nullptr);
  EXPECT_EQ(report::report_kind_words(), "text, json, jsonl, junit, markdown, sarif");
  EXPECT_EQ(report::report_kind_words(" or "), "text, json, jsonl, junit, markdown or sarif");
}

struct Row {
  const char* sentence;
  const char* where;
  const char* text;
};

TEST(LocatedWarning, IsPartedBehindItsLine) {
  for (const Row& row : {Row{"s.xml:3: it is ignored", "s.xml:3", "it is ignored"},
                         {"C:\\a: b.xml:12: it: 4: is", "C:\\a: b.xml:12", "it: 4: is"},
                         {"1:2:3: x", "1:2:3", "x"},
                         {"s.xml: no line", "", "s.xml: no line"},
                         {"s.xml:3:", "", "s.xml:3:"},
                         {"", "", ""}}) {
    EXPECT_EQ(located_warning(row.sentence), (report::Warning{row.where, row.text}))
        << row.sentence;
  }
}

}  // namespace
}  // namespace startle::program
