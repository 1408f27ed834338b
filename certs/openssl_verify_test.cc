// Each recipe has its one flaw and no other, says a library that has no hand in making them: the
// openssl program verifies each chain as a client of RFC 5280 and RFC 9525 would, and ends as the
// recipe states for the model `pkix`. With the one rule relaxed that it found broken, or the one
// missing thing given, it finds nothing; where it has nothing to relax, the recipe that keeps the
// rule is right.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "certs/openssl_errors_for_test.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::certs {
namespace {

using words::Ending;

// What is taken from a client's rules, or given to it, for another verification.
enum class Relaxed { name, dates, purpose, strength, anchors, critical, revocation_list };

struct Verified {
  bool readable = true;  // OpenSSL can parse the certificates
  std::vector<OpensslError> errors{};
};

// Certificates that cannot be read end the handshake or the verification.
LibraryEnding ending_of(const Verified& found) {
  if (found.readable) return ending_of(found.errors);
  return {.endings = {Ending::validation_failure, Ending::handshake_failure},
          .says = "cannot read it"};
}

class Openssl {
 public:
  Verified verify(const Chain& chain, std::chrono::sys_seconds clock,
                  const std::set<Relaxed>& relaxed = {}) const {
    const auto is = [&](Relaxed one) { return relaxed.count(one) != 0; };
    const bool given = is(Relaxed::anchors);
    write("leaf.pem", to_pem({chain.sent_der.front()}));
    write("untrusted.pem", to_pem(given ? chain.all_der : chain.sent_der));
    write("anchors.pem", to_pem(given ? std::vector{chain.all_der.back()} : chain.anchors_der));
    std::string command = "openssl verify -check_ss_sig -no-CApath -no-CAstore";
    command += is(Relaxed::dates) ? " -no_check_time"
                                  : " -attime " + std::to_string(clock.time_since_epoch().count());
    if (!is(Relaxed::purpose)) command += " -purpose sslserver";
    if (!is(Relaxed::name)) command += " -verify_hostname " + kTestHost;
    if (is(Relaxed::critical)) command += " -ignore_critical";
    command += is(Relaxed::strength) ? " -auth_level 0" : " -auth_level 2";
    if (!chain.revocation_list_der.empty() && !is(Relaxed::revocation_list)) {
      write("list.der", chain.revocation_list_der);
      command += " -crl_check -CRLfile " + path("list.der");
    }
    command += " -CAfile " + path("anchors.pem") + " -untrusted " + path("untrusted.pem") + " " +
               path("leaf.pem");
    const ProgramResult result = run_program(command);
    if (result.output.find("Could not read") != std::string::npos) return {.readable = false};
    Verified verified{.errors = errors_of_verify(result.output)};
    EXPECT_EQ(result.status == 0, verified.errors.empty()) << command << "\n" << result.output;
    return verified;
  }

  // What a client makes of the OCSP response that the server staples (RFC 6960, 3.2).
  LibraryEnding judge_staple(const Chain& chain) const {
    write("leaf.pem", to_pem({chain.all_der.at(0)}));
    write("issuer.pem", to_pem({chain.all_der.at(1)}));
    write("anchors.pem", to_pem(chain.anchors_der));
    write("staple.der", chain.staple_der);
    const std::string said =
        run_program("openssl ocsp -no_nonce -respin " + path("staple.der") + " -issuer " +
                    path("issuer.pem") + " -cert " + path("leaf.pem") + " -verify_other " +
                    path("issuer.pem") + " -CAfile " + path("anchors.pem"))
            .output;
    const auto says = [&](const std::string& text) { return said.find(text) != std::string::npos; };
    if (says("Response Verify Failure")) return refusal("Response Verify Failure");
    EXPECT_TRUE(says("Response verify OK")) << said;
    if (says("No Status found")) return refusal("No Status found");
    if (says("Status times invalid")) return refusal("Status times invalid");
    if (says(": revoked")) return {.endings = {Ending::certificate_revoked}, .says = "revoked"};
    EXPECT_TRUE(says(": good")) << said;
    return {.endings = {Ending::delivered}, .says = "accepts"};
  }

 private:
  static LibraryEnding refusal(const char* says) {
    return {.endings = {Ending::validation_failure}, .says = says};
  }
  std::string path(const char* name) const { return (folder_.path() / name).string(); }
  void write(const char* name, const std::string& content) const {
    write_file(folder_.path() / name, content);
  }
  TemporaryFolder folder_;
};

// What makes OpenSSL overlook this error; nothing: it has no such option.
std::optional<Relaxed> relaxation_for(const OpensslError& error) {
  constexpr int kUnhandledCriticalExtension = 34;
  switch (check_of(error)) {
    case Check::dates:
      return Relaxed::dates;
    case Check::status:
      return Relaxed::revocation_list;
    case Check::strength:
      return Relaxed::strength;
    case Check::purpose:
      return Relaxed::purpose;
    case Check::name:
      return Relaxed::name;
    case Check::chain:
      if (is_missing_anchor(error)) return Relaxed::anchors;
      if (error.number == kUnhandledCriticalExtension) return Relaxed::critical;
      return std::nullopt;
    case Check::signature:
      return std::nullopt;
  }
  return std::nullopt;
}

// With authorities that may issue what they issued, and bytes that nobody touched.
Recipe repaired(Recipe recipe) {
  for (std::size_t i = 0; i < recipe.intermediates.size(); ++i) {
    recipe.intermediates[i] = default_intermediate(i + 1);
  }
  recipe.root.path_length.reset();
  recipe.leaf.damage = Damage::none;
  recipe.leaf.unknown_extension.reset();
  recipe.extras.clear();
  recipe.sent.clear();
  return recipe;
}

class Verification : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("openssl")) GTEST_SKIP() << "the openssl program is not installed";
  }

  static void expect_as_stated(const Recipe& recipe, const Verified& found) {
    // Where the handshake may fail, OpenSSL's client is asked: fake-servers/openssl_judge_test.cc.
    const auto& expected = recipe.expected.of(words::TrustModel::pkix);
    if (std::count(expected.begin(), expected.end(), Ending::handshake_failure) != 0) return;
    if (recipe.staple) {  // judged below
      EXPECT_EQ(numbers_of(found.errors), "");
      return;
    }
    EXPECT_EQ(unlisted_disagreement(recipe, Library::openssl,
                                    {{words::TrustModel::pkix, expected, ending_of(found)}}),
              "");
  }

  void expect_one_flaw(const Recipe& recipe, const Chain& chain,
                       const std::vector<OpensslError>& errors) {
    std::set<Relaxed> relaxed;
    for (const OpensslError& error : errors) {
      if (const auto one = relaxation_for(error)) relaxed.insert(*one);
    }
    const auto lasting = openssl_.verify(chain, kTestClock, relaxed).errors;
    for (const OpensslError& error : lasting) {
      EXPECT_NE(std::count(errors.begin(), errors.end(), error), 0) << numbers_of({error});
    }
    if (lasting.empty()) return;
    const auto right = mint_.chain(repaired(recipe), kTestHost);
    EXPECT_EQ(numbers_of(openssl_.verify(*right, kTestClock, relaxed).errors), "");
  }

  Openssl openssl_{};
  Mint mint_{kTestClock};
};

TEST_F(Verification, EndsAsAPkixClientAndFindsNothingOnceTheOneRuleIsRelaxed) {
  for (const Recipe& recipe : all_recipes()) {
    const auto chain = mint_.chain(recipe, kTestHost);
    const Verified found = openssl_.verify(*chain, kTestClock);
    SCOPED_TRACE(recipe.id + ": " + numbers_of(found.errors));
    expect_as_stated(recipe, found);
    if (!found.errors.empty()) expect_one_flaw(recipe, *chain, found.errors);
  }
}

// `openssl ocsp` compares with the real time, wherever the clock of the chains stands.
TEST_F(Verification, EndsWithEachStapleAsAPkixClient) {
  Mint mint(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  for (const Recipe& recipe : all_recipes()) {
    if (!recipe.staple) continue;
    SCOPED_TRACE(recipe.id);
    EXPECT_EQ(unlisted_disagreement(
                  recipe, Library::openssl,
                  {{words::TrustModel::pkix, recipe.expected.of(words::TrustModel::pkix),
                    openssl_.judge_staple(*mint.chain(recipe, kTestHost))}}),
              "");
  }
}

}  // namespace
}  // namespace startle::certs
