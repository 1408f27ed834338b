// Merging in bounded memory: cases stream from where they stand, and what is held does not depend
// on how many they are.

#include "cases/program/merge_parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/report/reports.h"

namespace startle::program {
namespace {

using Make = std::unique_ptr<report::Report> (*)(std::ostream&);

// Shard `index` of 2 of a run of so many cases, "case/0", "case/1" ..
void write_shard(const std::string& file, std::size_t index, std::size_t selected, Make make) {
  std::ofstream out(file);
  const auto report = make(out);
  report->begin({.version = "0",
                 .trust_model = "pkix",
                 .selected = selected,
                 .shard = std::to_string(index) + "/2"});
  report::RunEnd end;
  for (std::size_t i = 0; i < selected; ++i) {
    if (cases::shard_of(i, 2) != index) continue;
    report->add({.id = "case/" + std::to_string(i), .reason = std::string(100, 'x')});
    ++end.summary.passed;
  }
  report->end(end);
}

class PartsTest : public testing::Test {
 protected:
  std::string path(const char* name) const { return folder_.path() / name; }
  void add(const char* name, std::size_t index, std::size_t selected, Make make) {
    write_shard(path(name), index, selected, make);
    parts_.add(path(name));
  }

  TemporaryFolder folder_{};
  Parts parts_{};
};

TEST_F(PartsTest, CasesComeInTheOrderOfTheRun) {
  constexpr std::size_t kCases = 5000;
  add("2.jsonl", 2, kCases, report::make_json_lines_report);
  add("1.json", 1, kCases, report::make_json_report);
  EXPECT_TRUE(parts_.complaints().empty());
  std::size_t next = 0;
  parts_.in_order([&](const Part&, const report::Verdict& verdict) {
    ASSERT_EQ(verdict.id, "case/" + std::to_string(next++));
  });
  EXPECT_EQ(next, kCases);
}

// JSON Lines are read where they stand; only what has no lines of its own is kept aside.
TEST_F(PartsTest, OfAPartABlockIsHeld) {
  add("1.jsonl", 1, 20'000, report::make_json_lines_report);
  add("2.json", 2, 20'000, report::make_json_report);
  ASSERT_GT(std::filesystem::file_size(path("1.jsonl")), 2U << 20);
  EXPECT_FALSE(parts_.all()[0].in_spool);
  EXPECT_TRUE(parts_.all()[1].in_spool);
  for (const Part& part : parts_.all()) {
    CasesOfPart cases = parts_.cases_of(part);
    for (std::size_t n = 0; n < part.read.info.cases; ++n) cases.next();
    EXPECT_LE(cases.most_bytes(), 64U << 10) << part.file;
  }
}

TEST_F(PartsTest, AFileThatChangesMeanwhileIsTold) {
  for (const char* now : {"", "{", "{}\n", "hello\n"}) {
    Parts parts;
    write_shard(path("1.jsonl"), 1, 10, report::make_json_lines_report);
    parts.add(path("1.jsonl"));
    write_file(path("1.jsonl"), std::string(parts.all().front().begin, ' ') + now);
    CasesOfPart cases = parts.cases_of(parts.all().front());
    try {
      cases.next();
      ADD_FAILURE() << now;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::input);
      EXPECT_EQ(e.what(), path("1.jsonl") + ": was changed while it was read");
    }
  }
}

// ---- what stands there twice -------------------------------------------------------------------

std::uint64_t digest(std::size_t n) {
  return n * 0x9e3779b97f4a7c15U;
}

TEST(Repeats, AreFoundWithoutHoldingAll) {
  Repeats repeats(100);
  constexpr std::size_t kCases = 50'000;  // several blocks of the file
  for (std::size_t n = 0; n < kCases; ++n) repeats.add(digest(n));
  for (const std::size_t n : {7, 40'000, 7}) repeats.add(digest(n));
  std::vector<std::pair<std::size_t, std::size_t>> found;
  const std::size_t held =
      repeats.find([&](std::size_t again, std::size_t first) { found.emplace_back(again, first); });
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::pair<std::size_t, std::size_t>>{
                       {kCases, 7}, {kCases + 1, 40'000}, {kCases + 2, 7}}));
  EXPECT_LE(held, 200U);
}

TEST(Repeats, TheSameCaseAgainAndAgainIsHeldOnce) {
  Repeats repeats(2);
  for (int n = 0; n < 1000; ++n) repeats.add(1);
  std::size_t found = 0;
  EXPECT_EQ(repeats.find([&](std::size_t, std::size_t first) { found += first == 0 ? 1 : 0; }), 1U);
  EXPECT_EQ(found, 999U);
}

TEST(Repeats, OfNothingThereAreNone) {
  Repeats none;
  EXPECT_EQ(none.find([](std::size_t, std::size_t) { FAIL(); }), 0U);
}

}  // namespace
}  // namespace startle::program
