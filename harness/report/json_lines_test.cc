// The report in JSON Lines, written and read back: each line is whole as soon as it is known, and a
// complaint names the line.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/base/error.h"
#include "harness/report/report_reader.h"
#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

using Json = nlohmann::ordered_json;

std::string lines_for_test() {
  std::ostringstream out;
  return written(*make_json_lines_report(out), out, verdicts_for_test(), findings_for_test());
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string members(const Json& object) {
  std::string names;
  for (const auto& [name, value] : object.items()) names += (names.empty() ? "" : " ") + name;
  return names;
}

TEST(JsonLinesReport, IsTheJsonReportInLines) {
  std::ostringstream out;
  const Json whole =
      Json::parse(written(*make_json_report(out), out, verdicts_for_test(), findings_for_test()));
  const std::string text = lines_for_test();
  EXPECT_EQ(text.back(), '\n');
  const std::vector<std::string> lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1 + verdicts_for_test().size() + 1);

  const Json head = Json::parse(lines.front());
  EXPECT_EQ(members(head),
            "format startle client trust_model transport clock seed clock_stated selection "
            "selected");
  for (std::size_t i = 0; i < verdicts_for_test().size(); ++i) {
    Json expected = whole["cases"][i];
    const Verdict verdict = verdicts_for_test()[i];
    if (!verdict.client_says.empty()) expected["client_says"] = verdict.client_says;
    if (!verdict.dialogue.empty()) expected["dialogue"] = verdict.dialogue;
    EXPECT_EQ(lines[1 + i], expected.dump());
  }
  const Json last = Json::parse(lines.back());
  EXPECT_EQ(members(last), "summary findings warnings complete wall_s");
  for (const Json& part : {head, last}) {
    for (const auto& [name, value] : part.items()) EXPECT_EQ(value, whole[name]) << name;
  }
  EXPECT_EQ(head.size() + last.size() + 1, whole.size()) << "all but the cases";
}

// Keeps what was written when it was last flushed.
class Followed : public std::stringbuf {
 public:
  int sync() override {
    flushed = str();
    return 0;
  }
  std::string flushed{};
};

TEST(JsonLinesReport, AReaderCanFollow) {
  Followed followed;
  std::ostream out(&followed);
  const auto report = make_json_lines_report(out);
  report->begin(run_for_test());
  std::size_t lines = 1;
  EXPECT_EQ(lines_of(followed.flushed).size(), lines);
  for (const Verdict& verdict : verdicts_for_test()) {
    report->add(verdict);
    EXPECT_EQ(lines_of(followed.flushed).size(), ++lines);
    EXPECT_EQ(followed.flushed.back(), '\n');
  }
  report->end({.findings = findings_for_test()});
  EXPECT_EQ(lines_of(followed.flushed).size(), ++lines);
}

// ---- reading -----------------------------------------------------------------------------------

struct Result {
  ReadReport read{};
  std::vector<Verdict> verdicts{};
  std::vector<ElementPlace> places{};
};

Result read(const std::string& text) {
  Result result;
  std::istringstream in(text);
  result.read = read_report(in, "a.jsonl", [&](Verdict&& verdict, const ElementPlace& place) {
    result.verdicts.push_back(std::move(verdict));
    result.places.push_back(place);
  });
  return result;
}

std::string complaint_about(const std::string& text) {
  try {
    read(text);
    return "";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
}

TEST(JsonLinesReader, ReadsWhatWasWritten) {
  const std::string text = lines_for_test();
  const Result result = read(text);
  EXPECT_EQ(result.read.info.cases, verdicts_for_test().size());
  std::ostringstream out;
  const auto again = make_json_lines_report(out);
  again->begin(result.read.info);
  for (const Verdict& verdict : result.verdicts) again->add(verdict);
  again->end({.findings = findings_for_test(),
              .summary = result.read.summary,
              .warnings = result.read.warnings,
              .complete = result.read.complete,
              .wall_s = result.read.wall_s});
  EXPECT_EQ(out.str(), text);
}

TEST(JsonLinesReader, SaysWhereEachCaseStands) {
  const std::string text = lines_for_test();
  const Result result = read(text);
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < result.places.size(); ++i) {
    EXPECT_EQ(result.places[i].line, i + 2);
    EXPECT_EQ(text.substr(result.places[i].offset, lines[i + 1].size()), lines[i + 1]);
  }
}

// A case is handed over before the next line is read.
TEST(JsonLinesReader, HoldsOneLine) {
  class OneByOne : public std::streambuf {
   public:
    explicit OneByOne(std::string text) : text_(std::move(text)) {}
    std::size_t taken = 0;

   protected:
    int underflow() override {
      if (taken == text_.size()) return traits_type::eof();
      setg(&text_[taken], &text_[taken], &text_[taken] + 1);
      ++taken;
      return traits_type::to_int_type(*gptr());
    }

   private:
    std::string text_;
  };
  const std::string text = lines_for_test();
  OneByOne bytes(text);
  std::istream in(&bytes);
  std::size_t cases = 0;
  read_report(in, "a", [&](Verdict&&, const ElementPlace& place) {
    ++cases;
    EXPECT_EQ(bytes.taken, text.find('\n', place.offset) + 1);
  });
  EXPECT_EQ(cases, verdicts_for_test().size());
}

TEST(JsonLinesReader, TheOrderOfMembersAndWhatIsUnknownDoNotMatter) {
  std::vector<std::string> lines = lines_of(lines_for_test());
  for (std::string& line : lines) {
    nlohmann::json sorted = nlohmann::json::parse(line);  // alphabetical
    sorted["zebra"] = {{"cases", {1, {{"a", "b"}}}}};
    if (&line == &lines.back()) sorted.erase("zebra");
    line = sorted.dump() + " \t\r";
  }
  std::string text = text_of(lines);
  EXPECT_EQ(read(text).verdicts.size(), 7U);
  text.resize(text.rfind('}') + 1);
  EXPECT_EQ(read(text).read.findings.size(), 2U) << "nor does the end of the last line";
}

// Wherever it is cut, that is what is said of it.
TEST(JsonLinesReader, AnInterruptedReportIsTold) {
  const std::string text = lines_for_test();
  const std::size_t head = text.find('\n');
  const std::string interrupted = "the run that wrote it, or a copy of it, was interrupted";
  for (std::size_t size = 1; size + 1 < text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    const auto line = std::to_string(1 + std::count(cut.begin(), cut.end(), '\n'));
    const bool whole_lines = cut.back() == '\n' || text[size] == '\n';
    const std::string expected =
        size < head   ? "a.jsonl: is cut off after " + std::to_string(size) + " bytes: "
        : whole_lines ? "a.jsonl:" + line + ": the line with `summary` is missing: "
                      : "a.jsonl:" + line + ": is cut off here: ";
    ASSERT_EQ(complaint_about(cut), expected + interrupted) << size;
  }
}

TEST(JsonLinesReader, AnInterruptedRunMaySaySoItself) {
  std::vector<std::string> lines = lines_of(lines_for_test());
  Json last = Json::parse(lines.back());
  last["complete"] = false;
  lines.back() = last.dump();
  EXPECT_FALSE(read(text_of(lines)).read.complete);
}

struct LineRow {
  const char* name;
  std::size_t line;  // from 1; the last is 9
  void (*change)(std::string& line);
  const char* complaint;  // behind "a.jsonl:"
};

template <auto edit>
void edited(std::string& line) {
  Json json = Json::parse(line);
  edit(json);
  line = json.dump();
}

TEST(JsonLinesReader, AComplaintNamesTheLine) {
  const LineRow rows[] = {
      {"text", 4, [](std::string& l) { l = "hello"; }, "4: this is not JSON"},
      {"a blank line", 4, [](std::string& l) { l.clear(); },
       "4: this line is no whole JSON object"},
      {"a torn line", 4, [](std::string& l) { l.resize(40); },
       "4: this line is no whole JSON object"},
      {"a torn text", 4, [](std::string& l) { l = "{\"id"; },
       "4: this line is no whole JSON object"},
      {"a list", 4, [](std::string& l) { l = "[]"; }, "4: this is no report of startle"},
      {"a number", 4, [](std::string& l) { l = "7 "; }, "4: this is no report of startle"},
      {"two objects", 4, [](std::string& l) { l += l; },
       "4: more stands behind the object of this line"},
      {"two objects in the first line", 1, [](std::string& l) { l += "{}"; },
       "1: more stands behind the object of this line"},
      {"neither", 4, [](std::string& l) { l = R"({"a":1})"; },
       "4: this is neither a case nor the line with `summary`"},
      {"a member twice", 4, [](std::string& l) { l.insert(1, R"("ms":1,)"); },
       "4: `ms` stands there twice"},
      {"a member of the first line", 9, [](std::string& l) { l.insert(1, R"("seed":1,)"); },
       "9: `seed` stands in the first line too"},
      {"nested", 4, [](std::string& l) { l = "{\"a\":" + std::string(1000, '['); },
       "4: this is nested too deeply for a report of startle"},
      {"a text without end", 4,
       [](std::string& l) { l = "{\"a\": \"" + std::string(kMostBytesOfACase, 'x'); },
       "4: one part of more than 4194304 bytes: this is no report of startle"},
      {"members without end", 4,
       [](std::string& l) {
         l = "{";
         for (int i = 0; i < 600'000; ++i) l += "\"" + std::to_string(i) + "\":0,";
       },
       "4: one part of more than 4194304 bytes: this is no report of startle"},
      {"no seed", 1, edited<[](Json& h) { h.erase("seed"); }>, "1: the report has no `seed`"},
      {"an unknown verdict", 4, edited<[](Json& c) { c["verdict"] = "good"; }>,
       "4: `verdict` of the case `hang` is not one of: pass, fail, skip, xfail, xpass, error"},
      {"a finding without fix", 9, edited<[](Json& e) { e["findings"][0].erase("fix"); }>,
       "9: the finding `secret-in-clear` has no `fix`"},
      {"a finding that is not described", 9, edited<[](Json& e) { e["findings"].erase(0); }>,
       "9: a case belongs to the finding `secret-in-clear`, which the report does not describe"},
      {"another count", 9, edited<[](Json& e) { e["summary"]["passed"] = 2; }>,
       "9: its summary says 2 passed, its cases 1: it was changed after it was written"},
      {"no findings", 9, edited<[](Json& e) { e.erase("findings"); }>,
       "9: the report has no `findings`"},
      {"more behind the end", 9, [](std::string& l) { l += "\n\n{}"; },
       "11: more stands behind the end of the report"},
  };
  for (const LineRow& row : rows) {
    std::vector<std::string> lines = lines_of(lines_for_test());
    row.change(lines.at(row.line - 1));
    EXPECT_EQ(complaint_about(text_of(lines)), "a.jsonl:" + std::string(row.complaint)) << row.name;
  }
}

TEST(JsonLinesReader, OtherLinesAreNoReport) {
  EXPECT_EQ(complaint_about("{\"event\": \"ready\"}\n{\"event\": \"connection\"}\n"),
            "a.jsonl: is no report of startle: write one with --report jsonl=FILE");
  EXPECT_EQ(complaint_about("{\"format\": 2, \"startle\": \"3\"}\n{\"later\": 1}\n"),
            "a.jsonl: has format 2: this startle reads format 1");
}

}  // namespace
}  // namespace startle::report
