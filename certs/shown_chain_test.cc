// What is read of a chain, by libcrypto, is what its recipe declares: for every recipe the oracle
// comes to the same endings from either, whatever is trusted.

#include "certs/shown_chain.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/oracle/oracle.h"
#include "harness/tls/clock.h"

namespace startle::certs {
namespace {

using oracle::Facts;
using oracle::Path;

Mint& mint() {
  static Mint made(kTestClock);
  tls::set_run_clock(kTestClock);
  return made;
}
std::shared_ptr<const Chain> chain_of(const std::string& id, const std::string& host = kTestHost) {
  return mint().chain(recipe_called(id), host);
}

// Nobody shows the lists and staples that a client may have.
Facts declared(const Recipe& recipe) {
  Facts facts = facts_of(recipe, kTestHost);
  facts.revocation = oracle::Revocation::none;
  facts.staple = oracle::Staple::none;
  facts.must_staple = false;
  return facts;
}

std::string endings(words::TrustModel model, const std::optional<std::string>& trust,
                    const Facts& facts) {
  std::string text;
  auto all =
      oracle::expect({.model = model, .host = kTestHost, .trust = trust, .facts = facts}).endings;
  std::sort(all.begin(), all.end());
  for (const words::Ending one : all) text += std::string(word(one)) + " ";
  return text;
}

TEST(ReadFacts, ComeToTheEndingsOfTheRecipe) {
  for (const Recipe& recipe : all_recipes()) {
    if (!inapplicable(recipe, kTestHost).empty()) continue;
    // Libcrypto reads no certificate with such a name: whoever reads a file refuses it.
    if (recipe.id == "invalid-utf8-subject") continue;
    const auto chain = mint().chain(recipe, kTestHost);
    const Facts read = read_facts(chain->sent_der, chain->anchors_der);
    for (const words::TrustModel model : words::kEveryTrustModel) {
      for (const std::optional<std::string>& trust :
           {std::optional<std::string>(kTestHost), std::optional<std::string>("*"),
            std::optional<std::string>()}) {
        EXPECT_EQ(endings(model, trust, read), endings(model, trust, declared(recipe)))
            << recipe.id << ", " << word(model) << ", trust " << trust.value_or("absent");
      }
    }
  }
}

TEST(ReadFacts, GoByTheAnchorsThatAreGiven) {
  const auto valid = chain_of("valid");
  const std::string& root = valid->anchors_der.front();
  EXPECT_EQ(read_facts(valid->sent_der, {root}).path, Path::anchored);
  EXPECT_EQ(read_facts(valid->sent_der, {}).path, Path::unknown_anchor);
  EXPECT_EQ(read_facts(valid->sent_der, {valid->sent_der.at(1)}).path, Path::anchored)
      << "an intermediate may be an anchor";
  EXPECT_EQ(read_facts(valid->sent_der, {valid->sent_der.at(0)}).path, Path::anchored);
  const std::string stranger = chain_of("self-signed", "other.example.net")->sent_der.front();
  EXPECT_EQ(read_facts(valid->sent_der, {stranger}).path, Path::unknown_anchor);
  const std::string namesake = Mint(kTestClock).chain(valid_recipe(), kTestHost)->anchors_der.at(0);
  EXPECT_EQ(read_facts(valid->sent_der, {namesake}).path, Path::namesake);
  EXPECT_EQ(read_facts(valid->sent_der, {namesake, root}).path, Path::anchored);
}

TEST(ReadFacts, OfALeafAloneLackItsIssuer) {
  const auto valid = chain_of("valid");
  const Facts facts = read_facts({valid->sent_der.front()}, valid->anchors_der);
  EXPECT_EQ(facts.path, Path::unknown_anchor);
  EXPECT_FALSE(facts.signature_checkable);
  EXPECT_EQ(facts.certificates, 1U);
}

TEST(ReadFacts, OfWhatIsNoCertificateSayThatItCannotBeRead) {
  EXPECT_EQ(read_facts({"none"}, {}).end_entity_flaw, oracle::Flaw::unreadable);
  EXPECT_EQ(read_facts({}, {}).end_entity_flaw, oracle::Flaw::unreadable);
}

struct MatchRow {
  const char* name;
  std::vector<std::string> shown;
  std::vector<std::string> held;
  const char* expected;
};

std::string text_of(const StoreMatch& match) {
  return std::string(match.holds ? "holds " : "") + (match.holds_key ? "key " : "") +
         (match.has_issued ? "issued " : "") + (match.has_namesake ? "namesake" : "");
}

TEST(MatchStore, SaysWhatIsHeldOfAServersCertificates) {
  const auto valid = chain_of("valid");
  const std::string leaf = valid->sent_der.at(0);
  const std::string root = valid->anchors_der.at(0);
  const std::string self = chain_of("self-signed")->sent_der.at(0);
  const std::string stranger = chain_of("self-signed", "other.example.net")->sent_der.at(0);
  const auto elsewhere = Mint(kTestClock).chain(valid_recipe(), kTestHost);
  const MatchRow rows[] = {
      {"nothing", valid->sent_der, {}, ""},
      {"a stranger's", valid->sent_der, {stranger}, ""},
      {"the very certificate", valid->sent_der, {stranger, leaf}, "holds key "},
      {"the root, which was not sent", valid->sent_der, {root}, "issued "},
      {"the intermediate", valid->sent_der, {valid->sent_der.at(1)}, "issued "},
      {"self-signed, itself", {self}, {self}, "holds key issued "},
      {"former one of another key",
       valid->sent_der,
       {mint().former_certificate(recipe_called("valid"), kTestHost)},
       ""},
      {"self-signed, former one of another key",
       {self},
       {mint().former_certificate(recipe_called("self-signed"), kTestHost)},
       ""},
      {"a root of that name", valid->sent_der, elsewhere->anchors_der, "namesake"},
      {"that, and the right one", valid->sent_der, {elsewhere->anchors_der.at(0), root}, "issued "},
      {"what is no certificate", valid->sent_der, {"none"}, ""},
  };
  for (const MatchRow& row : rows) {
    EXPECT_EQ(text_of(match_store(row.shown, row.held)), row.expected) << row.name;
  }
}

using Lines = std::vector<std::pair<std::string, std::string>>;

TEST(Described, SaysWhatAPersonAsks) {
  const std::string der = chain_of("expired")->sent_der.front();
  Lines lines = described(der);
  const std::string fingerprint = lines.back().second;
  EXPECT_TRUE(fingerprint.starts_with("SHA-256 ")) << fingerprint;
  EXPECT_EQ(fingerprint.size(), 8 + 32 * 3 - 1U);
  lines.pop_back();
  EXPECT_EQ(lines, (Lines{{"subject", "CN=smtp.example.test"},
                          {"names", "DNS smtp.example.test"},
                          {"valid", "2030-05-16T12:00:00Z .. 2030-06-14T12:00:00Z: it has expired"},
                          {"issuer", "CN=Startle Intermediate CA 1"},
                          {"key", "EC, 256 bits (prime256v1)"},
                          {"signature", "ecdsa-with-SHA256"}}));
}

TEST(Described, NamesAreFitToBeShown) {
  const auto names = [](const char* id) { return described(chain_of(id)->sent_der.front())[1]; };
  EXPECT_EQ(names("cn-only").second, "none: it has no subjectAltName with an entry");
  EXPECT_EQ(names("ip-san").second, "IP 127.0.0.1");
  EXPECT_EQ(names("nul-in-name").second, "DNS smtp.example.test\\x00.attacker.example");
  EXPECT_EQ(described("none").size(), 1U);
}

}  // namespace
}  // namespace startle::certs
