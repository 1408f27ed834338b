// Any bytes as a list of expected failures: each line is refused with one sentence that names it,
// or is a failure of a glob with a reason.

#include <algorithm>
#include <string>
#include <string_view>

#include "cases/engine/expected_failures.h"
#include "harness/base/fuzz/claims.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::cases;
  using startle::fuzz::must_hold;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const ExpectedFailures read("fuzz.txt", input);
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n')) + 1;
  must_hold(read.lines().size() + read.complaints().size() <= lines, "a line is one or the other");
  std::size_t before = 0;
  for (const ExpectedFailure& one : read.lines()) {
    must_hold(one.line > before && one.line <= lines, "lines have their numbers");
    before = one.line;
    must_hold(!one.glob.empty() && !one.reason.empty() && !word_of(one).empty(), "and all three");
    must_hold(one.glob.find_first_of(" \t\r\n") == std::string::npos, "a glob is one word");
    startle::report::Verdict failed;
    failed.id = one.glob;
    read.line_for(failed);
  }
  for (const std::string& complaint : read.complaints()) {
    startle::fuzz::must_be_complaint(complaint, "fuzz.txt");
  }
  return 0;
}
