// startle run on prepared customers: the first line of stdout names the cause.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCustomers = STARTLE_TREE "/cases/program/customers";
constexpr std::size_t kMostBytes = 1 << 20;

std::vector<std::string> customers() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kCustomers)) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The command line that the folder's files make.
std::vector<std::string> arguments_of(const fs::path& folder) {
  std::vector<std::string> arguments{"run", "*/certificate=valid/*", "--at", "2026-12-01"};
  const auto add = [&](const char* option, const fs::path& file) {
    if (fs::exists(file)) arguments.insert(arguments.end(), {option, file});
  };
  add("--config", folder / "schedule.xml");
  add("--home", folder / "home");
  add("--cacerts", folder / "cacerts");
  add("--store-password-file", folder / "password.txt");
  if (fs::exists(folder / "shown")) {
    for (const auto& shown : fs::directory_iterator(folder / "shown")) {
      arguments.insert(arguments.end(),
                       {"--shown", shown.path().stem().string() + "=" + shown.path().string()});
    }
  }
  if (fs::exists(folder / "options")) {
    std::istringstream words(read_file(folder / "options", kMostBytes));
    for (std::string word; words >> word;) arguments.push_back(word);
  }
  return arguments;
}

class CustomerTest : public testing::TestWithParam<std::string> {};

TEST_P(CustomerTest, ReadsTheCauseFirst) {
  const fs::path folder = fs::path(kCustomers) / GetParam();
  const std::string authorities = std::string(kCustomers) + "/authorities.pem";
  const ProgramRun run = run_startle(arguments_of(folder), {{"SSL_CERT_FILE", authorities}});
  EXPECT_LE(run.status, 1) << run.err;
  const std::string first = run.out.substr(0, run.out.find('\n') + 1);
  EXPECT_EQ(without_folder(first, folder), read_file(folder / "expected", kMostBytes)) << run.err;
}

INSTANTIATE_TEST_SUITE_P(All, CustomerTest, testing::ValuesIn(customers()), [](const auto& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return "Number" + name;
});

TEST(Customers, AreThirtyAtLeast) {
  EXPECT_GE(customers().size(), 30U);
}

}  // namespace
}  // namespace startle::cases
