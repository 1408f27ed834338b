// startle fuzz, from outside.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

// By name; the folder need not be there.
std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files[entry.path().filename()] = read_file(entry.path(), 1 << 20);
  }
  return files;
}

std::string last_line(const std::string& text) {
  const std::string whole = text.substr(0, text.find_last_not_of('\n') + 1);
  const std::size_t end = whole.rfind('\n');
  return end == std::string::npos ? whole : whole.substr(end + 1);
}

ProgramRun fuzz(const fs::path& out, Arguments more) {
  more.insert(more.begin(), "fuzz");
  more.insert(more.end(), {"--out", out.string()});
  return run_startle(more);
}

TEST(Fuzz, FindsNothingAboutTheCorrectClient) {
  const TemporaryFolder folder;
  const ProgramRun run = fuzz(folder.path() / "out", {"--count", "1500", "--seed", "3"});
  EXPECT_EQ(run.status, 0) << run.out;
  EXPECT_TRUE(last_line(run.out).ends_with(" s, seed 3, 0 disagreements")) << run.out;
  EXPECT_TRUE(files_of(folder.path() / "out").empty());
}

TEST(Fuzz, FindsTheSameWithTheSameSeedWhateverTheNumberOfJobs) {
  const TemporaryFolder folder;
  const Arguments what{"--count", "400", "--seed", "5", "--client", "defect:accepts-expired"};
  std::vector<std::map<std::string, std::string>> found;
  for (const char* jobs : {"1", "2", "3"}) {
    Arguments more = what;
    more.insert(more.end(), {"--jobs", jobs});
    // The file's name stands in the file.
    fs::remove_all(folder.path() / "out");
    const ProgramRun run = fuzz(folder.path() / "out", more);
    EXPECT_EQ(run.status, 1) << run.out;
    found.push_back(files_of(folder.path() / "out"));
  }
  ASSERT_FALSE(found[0].empty());
  EXPECT_EQ(found[0], found[1]);
  EXPECT_EQ(found[0], found[2]);
}

struct FuzzDefectRow {
  const char* defect;
  const char* exchanges;  // of seed 1: enough of them to meet it
};

void PrintTo(const FuzzDefectRow& row, std::ostream* out) {
  *out << row.defect;
}

class FuzzDefectTest : public testing::TestWithParam<FuzzDefectRow> {};

// Of every kind of decision one: what is found is a small case that `run` fails with the defect,
// and passes without.
TEST_P(FuzzDefectTest, IsFoundSoonAndMadeSmall) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const std::string client = "defect:" + std::string(GetParam().defect);
  const ProgramRun run =
      fuzz(out, {"--count", GetParam().exchanges, "--seed", "1", "--client", client});
  EXPECT_EQ(run.status, 1) << run.out;
  const auto files = files_of(out);
  ASSERT_FALSE(files.empty());
  std::size_t smallest = SIZE_MAX;
  for (const auto& [name, xml] : files) {
    const auto lines = static_cast<std::size_t>(std::count(xml.begin(), xml.end(), '\n'));
    smallest = std::min(smallest, lines);
    const std::string file = out / name;
    // "startle run FILE --trust-model .." stands below the line that names it.
    const std::size_t at = run.out.find("  startle run ", run.out.find(file + ": "));
    const std::string command = run.out.substr(at, run.out.find('\n', at) - at);
    Arguments arguments{"run", file};
    for (const char* model : {"javamail", "javamail-identity", "angus", "jndi", "pkix"}) {
      if ((command + " ").find("--trust-model " + std::string(model) + " ") == std::string::npos)
        continue;
      arguments.insert(arguments.end(), {"--trust-model", model});
    }
    if (command.find("--store-model jsse") != std::string::npos) {
      arguments.insert(arguments.end(), {"--store-model", "jsse"});
    }
    const ProgramRun without = run_startle(arguments);
    EXPECT_EQ(without.status, 0) << xml << without.out << without.err;
    arguments.insert(arguments.end(), {"--client", client});
    const ProgramRun with = run_startle(arguments);
    EXPECT_EQ(with.status, 1) << xml << with.out << with.err;
  }
  EXPECT_LE(smallest, 12U) << "lines";
}

INSTANTIATE_TEST_SUITE_P(All, FuzzDefectTest,
                         testing::Values(FuzzDefectRow{"accepts-expired", "2500"},
                                         FuzzDefectRow{"believes-injected-reply", "5000"},
                                         FuzzDefectRow{"goes-on-without-starttls", "2500"},
                                         FuzzDefectRow{"accepts-missing-signature", "15000"}),
                         [](const auto& row) {
                           std::string name = row.param.defect;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace startle::cases
