// Each recipe has its one fault and no other, says a library that has no hand in making them: the
// openssl program verifies each chain twice. As a client would, it finds the fault stated here;
// with that one rule relaxed, or the one missing thing given, it finds nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "certs/program_for_test.h"
#include "harness/base/file.h"

namespace startle::certs {
namespace {

// What is taken from a client's rules for the second verification.
enum class Relaxed { nothing, name, dates, purpose, strength, anchors, untrusted };

struct Row {
  const char* recipe = "";
  std::string found{};  // OpenSSL's error numbers and depths: "error 10 at 0"
  std::set<Relaxed> relaxed{};
  std::string still_found{};  // what no relaxation of OpenSSL's can switch off
};

const std::vector<Row>& rows() {
  using enum Relaxed;
  static const std::vector<Row> rows{
      {.recipe = "valid"},
      {.recipe = "valid-wildcard"},
      {.recipe = "valid-direct"},
      {.recipe = "reversed-chain"},
      // 62: X509_V_ERR_HOSTNAME_MISMATCH
      {.recipe = "mismatched", .found = "62 at 0", .relaxed = {name}},
      {.recipe = "cn-match-san-mismatch", .found = "62 at 0", .relaxed = {name}},
      {.recipe = "ip-san", .found = "62 at 0", .relaxed = {name}},
      {.recipe = "ip-in-dns-san", .found = "62 at 0", .relaxed = {name}},
      {.recipe = "wildcard-two-labels", .found = "62 at 0", .relaxed = {name}},
      {.recipe = "nul-in-name", .found = "62 at 0", .relaxed = {name}},
      // OpenSSL counts the common name where there is no subjectAltName; that there is none is
      // seen by openssl_decode_test.cc.
      {.recipe = "cn-only"},
      // 10: CERT_HAS_EXPIRED, 9: CERT_NOT_YET_VALID
      {.recipe = "expired", .found = "10 at 0", .relaxed = {dates}},
      {.recipe = "not-yet-valid", .found = "9 at 0", .relaxed = {dates}},
      {.recipe = "expired-intermediate", .found = "10 at 1", .relaxed = {dates}},
      // 18: DEPTH_ZERO_SELF_SIGNED_CERT, 19: SELF_SIGNED_CERT_IN_CHAIN, 20:
      // UNABLE_TO_GET_ISSUER_CERT_LOCALLY
      {.recipe = "self-signed", .found = "18 at 0", .relaxed = {anchors}},
      {.recipe = "self-signed-mismatched", .found = "18 at 0, 62 at 0", .relaxed = {anchors, name}},
      {.recipe = "self-signed-expired", .found = "18 at 0, 10 at 0", .relaxed = {anchors, dates}},
      {.recipe = "unknown-ca", .found = "20 at 1", .relaxed = {anchors}},
      {.recipe = "missing-intermediate", .found = "20 at 0", .relaxed = {untrusted}},
      // 79: INVALID_CA, 25: PATH_LENGTH_EXCEEDED, 47: PERMITTED_VIOLATION
      {.recipe = "intermediate-not-ca",
       .found = "79 at 1, 26 at 1",  // OpenSSL: who is no CA has not the purpose of a server's CA
       .relaxed = {purpose},
       .still_found = "79 at 1"},
      {.recipe = "path-length-exceeded", .found = "25 at 2", .still_found = "25 at 2"},
      {.recipe = "name-constraint-violated", .found = "47 at 0", .still_found = "47 at 0"},
      // 26: INVALID_PURPOSE
      {.recipe = "client-auth-only", .found = "26 at 0", .relaxed = {purpose}},
      // 7: CERT_SIGNATURE_FAILURE, 66: EE_KEY_TOO_SMALL, 68: CA_MD_TOO_WEAK
      {.recipe = "bad-signature", .found = "7 at 0", .still_found = "7 at 0"},
      {.recipe = "weak-key", .found = "66 at 0", .relaxed = {strength}},
      {.recipe = "sha1-signature", .found = "68 at 0", .relaxed = {strength}},
  };
  return rows;
}

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.recipe;
}

class Verification : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("openssl")) GTEST_SKIP() << "the openssl program is not installed";
  }

  // Every error OpenSSL reports, in its order.
  std::string errors(const Chain& chain, const std::set<Relaxed>& relaxed) {
    const auto is = [&](Relaxed one) { return relaxed.count(one) != 0; };
    const std::vector<std::string> last{chain.all_der.back()};
    write_file(leaf_, to_pem({chain.sent_der.front()}));
    write_file(untrusted_, to_pem(is(Relaxed::untrusted) ? chain.all_der : chain.sent_der));
    write_file(anchors_, to_pem(is(Relaxed::anchors) ? last : chain.anchors_der));
    std::string command = "openssl verify -check_ss_sig -attime " +
                          std::to_string(kTestClock.time_since_epoch().count());
    if (is(Relaxed::dates)) command = "openssl verify -check_ss_sig -no_check_time";
    if (!is(Relaxed::purpose)) command += " -purpose sslserver";
    if (!is(Relaxed::name)) command += " -verify_hostname " + kTestHost;
    command += is(Relaxed::strength) ? " -auth_level 0" : " -auth_level 2";
    command += " -no-CApath -no-CAstore -CAfile " + anchors_.string() + " -untrusted " +
               untrusted_.string() + " " + leaf_.string();
    const ProgramResult result = run_program(command);
    EXPECT_EQ(result.status == 0, result.output.find("error ") == std::string::npos)
        << result.output;
    std::string found;
    // "error 10 at 0 depth lookup: certificate has expired"
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t end = line.find(" depth lookup:");
      if (!line.starts_with("error ") || end == std::string::npos) continue;
      found += (found.empty() ? "" : ", ") + line.substr(6, end - 6);
    }
    return found;
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path leaf_ = folder_.path() / "leaf.pem";
  std::filesystem::path untrusted_ = folder_.path() / "untrusted.pem";
  std::filesystem::path anchors_ = folder_.path() / "anchors.pem";
};

class VerifyTest : public Verification, public testing::WithParamInterface<Row> {};

TEST_P(VerifyTest, HasItsOneFaultAndNoOther) {
  const Row& row = GetParam();
  Mint mint(kTestClock);
  const auto chain = mint.chain(recipe_called(row.recipe), kTestHost);
  EXPECT_EQ(errors(*chain, {}), row.found);
  EXPECT_EQ(errors(*chain, row.relaxed), row.still_found);
}

std::string name_of(std::string recipe) {
  std::replace(recipe.begin(), recipe.end(), '-', '_');
  return recipe;
}

INSTANTIATE_TEST_SUITE_P(Recipes, VerifyTest, testing::ValuesIn(rows()),
                         [](const auto& row) { return name_of(row.param.recipe); });

TEST(Verify, EveryRecipeHasItsRow) {
  std::set<std::string> with_row;
  for (const Row& row : rows()) with_row.insert(row.recipe);
  for (const Recipe& recipe : all_recipes()) EXPECT_EQ(with_row.count(recipe.id), 1U) << recipe.id;
  EXPECT_EQ(all_recipes().size(), rows().size());
}

// Where OpenSSL offers nothing to relax, the recipe that keeps the one rule is right.
TEST_F(Verification, FindsNothingOnceTheRuleIsKept) {
  Mint mint(kTestClock);
  const auto none_found = [&](const char* id, auto&& keep_the_rule) {
    Recipe recipe = recipe_called(id);
    keep_the_rule(recipe);
    EXPECT_EQ(errors(*mint.chain(recipe, kTestHost), {}), "") << id;
  };
  none_found("intermediate-not-ca", [](Recipe& r) { r.intermediates[0].is_ca = true; });
  none_found("path-length-exceeded", [](Recipe& r) { r.intermediates[0].path_length = 1; });
  none_found("name-constraint-violated",
             [](Recipe& r) { r.intermediates[0].permitted_dns = {"example.test"}; });
  none_found("bad-signature", [](Recipe& r) { r.leaf.break_signature = false; });
}

}  // namespace
}  // namespace startle::certs
