// Java's TLS is asked what the models `javamail` and `angus` say of each recipe: a handshake with
// each, as those libraries configure it, ends as the recipe states. For `trust` = `*`, which no
// recipe states, it ends as the oracle has it.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "certs/catalogue_for_test.h"
#include "certs/disagreement_for_test.h"
#include "fake-servers/judges/served_chains_for_test.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/oracle/oracle.h"

namespace startle::fake {
namespace {

using certs::Comparison;
using certs::LibraryEnding;
using certs::Recipe;
using words::Ending;
using words::TrustModel;

struct Meaning {
  const char* text;  // of one of the exceptions; the same in all of JDK 17
  std::vector<Ending> endings;
};

// The first that is found counts: where a path could not be built because of a date, that is known.
const std::vector<Meaning>& meanings() {
  using enum Ending;
  static const std::vector<Meaning> all{
      {"CertificateExpiredException", {certificate_expired}},
      {"CertificateNotYetValidException", {certificate_not_yet_valid}},
      {"No subject alternative", {certificate_host_mismatch}},
      {"No name matching", {certificate_host_mismatch}},
      {"does not permit use for TLS server authentication", {certificate_wrong_purpose}},
      {"lgorithm constraints", {validation_failure}},
      {"signature check failed", {validation_failure}},
      {"basic constraints check failed", {validation_failure}},
      {"CA key usage check failed", {validation_failure}},
      {"name constraints check failed", {validation_failure}},
      {"unrecognized critical extension", {validation_failure}},
      {"KeyUsage does not allow digital signatures", {validation_failure}},
      {"Key is too short", {handshake_failure}},
      {"Path does not chain with any of the trust anchors", {certificate_not_trusted}},
      {"unable to find valid certification path", {certificate_not_trusted}},
      // What cannot be parsed is a matter of the handshake as much as of the certificate.
      {"Could not parse certificate", {validation_failure, handshake_failure}},
      {"CertificateParsingException", {validation_failure, handshake_failure}},
      {"Signature algorithm mismatch", {validation_failure, handshake_failure}},
      {"exceeds the maximum allowed", {handshake_failure}},
      {"Received fatal alert: handshake_failure", {handshake_failure}},
  };
  return all;
}

LibraryEnding ending_of(const std::string& result) {
  if (result == "accepted") return {.endings = {Ending::delivered}, .says = "accepts"};
  for (const Meaning& one : meanings()) {
    if (result.find(one.text) != std::string::npos) {
      return {.endings = one.endings, .says = one.text};
    }
  }
  ADD_FAILURE() << "what Java says has no meaning here yet: " << result;
  return {.endings = {Ending::refused}, .says = result};
}

// A chain for each recipe.
std::vector<std::shared_ptr<const certs::Chain>> all_chains(certs::Mint& mint) {
  std::vector<std::shared_ptr<const certs::Chain>> chains;
  for (const Recipe& recipe : certs::all_recipes()) {
    chains.push_back(mint.chain(recipe, certs::kTestHost));
  }
  return chains;
}

// Who shows itself to Java, and what Java trusts then.
struct Job {
  std::size_t chain = 0;
  std::vector<std::string> anchors_der{};
};

// What each job printed, by way to trust.
using Results = std::map<std::string, std::string>;

std::vector<Results> ask_java(const std::vector<std::shared_ptr<const certs::Chain>>& chains,
                              const std::vector<Job>& wanted) {
  const ServedChains served(chains);
  const TemporaryFolder folder;
  std::map<std::string, std::string> anchor_files;  // by DER
  std::string jobs;
  for (const Job& job : wanted) {
    jobs += std::to_string(served.port(job.chain)) + " " + certs::kTestHost + " " +
            std::to_string(certs::kTestClock.time_since_epoch().count() * 1000);
    for (const std::string& der : job.anchors_der) {
      std::string& file = anchor_files[der];
      if (file.empty()) {
        file = (folder.path() / (std::to_string(anchor_files.size()) + ".der")).string();
        write_file(file, der);
      }
      jobs += " " + file;
    }
    jobs += "\n";
  }
  write_file(folder.path() / "jobs", jobs);
  const ProgramResult ran =
      run_program("(timeout 200 java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 '" STARTLE_TREE
                  "/fake-servers/judges/JavaHandshakes.java' <'" +
                  (folder.path() / "jobs").string() + "')");
  EXPECT_EQ(ran.status, 0) << ran.output;

  std::vector<Results> results;
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    const std::string way = line.substr(0, tab);
    if (way == "pkix") results.emplace_back();
    if (results.empty() || tab == std::string::npos) {
      ADD_FAILURE() << "Java says: " << line;
      continue;
    }
    results.back()[way] = line.substr(tab + 1);
  }
  return results;
}

std::vector<Ending> with_any_trusted(TrustModel model, const oracle::Facts& facts) {
  return oracle::expect({.model = model, .host = certs::kTestHost, .trust = "*", .facts = facts})
      .endings;
}

constexpr const char* kNoJava = "a Java development kit is not installed (java, javac)";
bool has_java() {
  return is_installed("java") && is_installed("javac");
}

TEST(Java, EndsWithEachRecipeAsItsModelsHaveIt) {
  if (!has_java()) GTEST_SKIP() << kNoJava;
  certs::Mint mint(certs::kTestClock);
  const auto chains = all_chains(mint);
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < chains.size(); ++i) jobs.push_back({i, chains[i]->anchors_der});
  const std::vector<Results> results = ask_java(chains, jobs);
  ASSERT_EQ(results.size(), chains.size());
  for (std::size_t i = 0; i < chains.size(); ++i) {
    const Recipe& recipe = certs::all_recipes()[i];
    Results seen = results[i];
    SCOPED_TRACE(recipe.id + "\n  pkix: " + seen["pkix"] + "\n  pkix-name: " + seen["pkix-name"] +
                 "\n  any: " + seen["any"] + "\n  any-name: " + seen["any-name"]);
    const std::vector<Comparison> comparisons{
        {TrustModel::javamail, recipe.expected.of(TrustModel::javamail), ending_of(seen["pkix"])},
        {TrustModel::angus, recipe.expected.of(TrustModel::angus), ending_of(seen["pkix-name"])},
        {TrustModel::javamail, with_any_trusted(TrustModel::javamail, chains[i]->facts),
         ending_of(seen["any"])},
        {TrustModel::angus, with_any_trusted(TrustModel::angus, chains[i]->facts),
         ending_of(seen["any-name"])}};
    EXPECT_EQ(unlisted_disagreement(recipe, certs::Library::jsse, comparisons), "");
  }
}

// Each kind of path, and of what is not looked at any more.
const std::set<std::string> kStored{"valid",
                                    "valid-direct",
                                    "self-signed",
                                    "self-signed-expired",
                                    "self-signed-mismatched",
                                    "unknown-ca",
                                    "mismatched",
                                    "expired",
                                    "not-yet-valid",
                                    "cn-only",
                                    "missing-intermediate",
                                    "expired-intermediate",
                                    "intermediate-not-ca",
                                    "impostor-intermediate",
                                    "client-auth-only",
                                    "bad-signature",
                                    "weak-key",
                                    "sha1-signature",
                                    "md5-signature",
                                    "rsa-512"};

// A key store as Java's trust store: what harness/oracle/README.md, "Store" says of `jsse`.
TEST(Java, TreatsAStoreAsTheJsseReadingHasIt) {
  if (!has_java()) GTEST_SKIP() << kNoJava;
  certs::Mint mint(certs::kTestClock);
  const auto chains = all_chains(mint);
  const auto other = mint.chain(certs::valid_recipe(), "another-server.example.net");
  using words::HostStore;
  std::vector<Job> jobs;
  std::vector<HostStore> stores;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    if (kStored.count(chains[i]->recipe_id) == 0) continue;
    const std::string& shown = chains[i]->sent_der.front();
    jobs.push_back({i, {shown}});
    jobs.push_back({i, {mint.former_certificate(certs::all_recipes()[i], certs::kTestHost)}});
    jobs.push_back({i, {other->sent_der.front()}});
    jobs.push_back({i, {chains[i]->anchors_der.front(), shown}});
    stores.insert(stores.end(), {HostStore::host_jks, HostStore::host_renewed_certificate,
                                 HostStore::host_other_certificate, HostStore::cacerts});
  }
  const std::vector<Results> results = ask_java(chains, jobs);
  ASSERT_EQ(jobs.size(), 4 * kStored.size());
  ASSERT_EQ(results.size(), jobs.size());
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const Recipe& recipe = certs::all_recipes()[jobs[j].chain];
    for (const auto& [model, way] :
         {std::pair(TrustModel::javamail, "pkix"), std::pair(TrustModel::angus, "pkix-name")}) {
      const oracle::Answer answer = oracle::expect({.model = model,
                                                    .host = certs::kTestHost,
                                                    .facts = chains[jobs[j].chain]->facts,
                                                    .store_model = words::StoreModel::jsse,
                                                    .store = stores[j]});
      const std::string says = results[j].at(way);
      const std::vector<Ending> seen = ending_of(says).endings;
      EXPECT_TRUE(std::any_of(seen.begin(), seen.end(),
                              [&](Ending ending) {
                                return std::find(answer.endings.begin(), answer.endings.end(),
                                                 ending) != answer.endings.end();
                              }))
          << recipe.id << ", " << word(stores[j]) << ", " << word(model) << "\n  Java: " << says
          << "\n  the oracle: " << word(answer.endings.front()) << ", " << answer.reason;
    }
  }
}

}  // namespace
}  // namespace startle::fake
