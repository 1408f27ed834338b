// Whatever form the configured host has, client and oracle agree on it (harness/oracle/README.md,
// "The host itself").

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/run_for_test.h"

namespace startle::cases {
namespace {

// 253 octets, the most that a host name has (RFC 1035, 2.3.4).
std::string longest_name() {
  const std::string label(62, 'a');
  return label + "." + label + "." + label + "." + std::string(60, 'b') + ".cde";
}

const Matrix& matrix_called(const std::string& id) {
  const auto& all = tree_catalogue().matrices();
  return *std::find_if(all.begin(), all.end(), [&](const Matrix& m) { return m.id == id; });
}

class HostFormTest : public testing::TestWithParam<std::string> {};

TEST_P(HostFormTest, ClientAndOracleAgree) {
  constexpr std::size_t kCells = 500;
  const Ran ran =
      run_plan({.matrices = {trust_matrix(), matrix_called("matrix/certificates")},
                .models = {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()},
                .host = GetParam(),
                .seed = GetParam().size(),
                .sample = kCells},
               *subject::make_subject("builtin"), {.jobs = 2});
  std::size_t passed = 0;
  for (const report::Verdict& v : ran.verdicts) {
    if (v.kind == report::VerdictKind::skip) continue;
    EXPECT_EQ(v.kind, report::VerdictKind::pass)
        << v.id << " [" << word(v.trust_model) << "] " << v.reason;
    ++passed;
  }
  EXPECT_GT(passed, kCells / 2);
}

INSTANTIATE_TEST_SUITE_P(Hosts, HostFormTest,
                         testing::Values("192.0.2.7", "2001:db8::7", "[2001:db8::7]",
                                         "a_b.example.test", "-bad.example.test",
                                         "smtp.example.test.", "SMTP.Example.Test",
                                         "xn--bcher-kva.example", "b\u00fccher.example",
                                         longest_name(), "localhost", "127.1"),
                         [](const auto& row) { return "form_" + std::to_string(row.index); });

}  // namespace
}  // namespace startle::cases
