// What a report says of a case does not depend on the transport, where the case says in which
// segments its server speaks.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

// By the id of the case; and the summary by "".
std::map<std::string, std::string> reported(const std::string& transport) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "report.jsonl";
  const ProgramRun run = run_startle(
      {"run", "smtp/injection/reply-in-next-segment", "smtp/injection/64-kib",
       "ldap/injection/bind-response-next-segment", "smtp/injection/reply-after-go-ahead",
       "--transport", transport, "--jobs", "4", "--report", "jsonl=" + file});
  EXPECT_EQ(run.status, 0) << run.err;
  std::map<std::string, std::string> all;
  std::istringstream lines(read_file(file, 1 << 20));
  for (std::string text; std::getline(lines, text);) {
    const auto line = nlohmann::json::parse(text);
    if (line.contains("summary")) {
      all[""] = line["summary"]["handshakes"].dump();
    } else if (line.contains("verdict")) {
      all[line["id"]] = line["observed"].dump() + " " + line["alert"].dump();
    }
  }
  return all;
}

TEST(Transports, GiveTheSameAlertsAndHandshakes) {
  const auto memory = reported("memory");
  EXPECT_EQ(memory.size(), 5U);
  EXPECT_EQ(reported("tcp"), memory);
}

}  // namespace
}  // namespace startle::cases
