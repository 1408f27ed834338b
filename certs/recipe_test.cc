#include "certs/recipe.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/duration.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using policy::Facts;
using policy::Flaw;
using policy::Path;
using std::chrono::days;

std::string complaint_of_filling(std::string_view text) {
  try {
    return fill_in(text, kTestHost);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
}

TEST(FillIn, KnowsTheHostAndBytes) {
  EXPECT_EQ(fill_in("plain", kTestHost), "plain");
  EXPECT_EQ(fill_in("a.{host}.b", kTestHost), "a.smtp.example.test.b");
  EXPECT_EQ(fill_in("{host}{hex:00fF}x", kTestHost), std::string("smtp.example.test\0\xffx", 20));
  EXPECT_EQ(fill_in("*.{top-level-domain}", kTestHost), "*.test");
  EXPECT_EQ(fill_in("{host}", "smtp.example.test."), "smtp.example.test");
}

struct WildcardRow {
  const char* host;
  const char* wildcard;
};

TEST(FillIn, AWildcardStandsForTheFirstLabelOfAHostThatHasMore) {
  for (const WildcardRow& row : {WildcardRow{"smtp.example.test", "*.example.test"},
                                 {"example.test.", "*.test"},
                                 {"localhost", "*.localhost"},
                                 {"127.0.0.1", "*.127.0.0.1"},
                                 {"::1", "*.::1"}}) {
    EXPECT_EQ(fill_in("{wildcard}", row.host), row.wildcard) << row.host;
  }
}

TEST(FillIn, ComplainsAboutWhatItDoesNotKnow) {
  const std::string known =
      " is no placeholder: there are {host}, {HOST}, {wildcard}, {label}, {label-start}, {parent}, "
      "{top-level-domain}, {fullwidth-host}, {number}, {crlf} and {hex:00ff}";
  EXPECT_EQ(complaint_of_filling("{hosts}"), "{hosts}" + known);
  EXPECT_EQ(complaint_of_filling("{hex:0}"), "{hex:0}" + known);
  EXPECT_EQ(complaint_of_filling("a{host"), "`{` without `}`: a literal brace is {hex:7b}");
}

// The table of harness/policy/README.md, "what it is", as facts that differ from `valid`'s.
struct FactsRow {
  const char* recipe;
  void (*differ)(Facts& valid);
};

const std::string kElsewhere = "elsewhere.example.net";
void issued_to(Facts& f, std::string common_name, std::vector<std::string> dns) {
  f.presented = {.common_name = std::move(common_name), .dns_names = std::move(dns)};
}
const std::string kNeutral(kServerName);

const FactsRow kFacts[] = {
    {"valid", [](Facts&) {}},
    {"valid-wildcard", [](Facts& f) { issued_to(f, kNeutral, {"*.example.test"}); }},
    {"valid-direct", [](Facts& f) { f.signature_checkable = false; }},
    {"reversed-chain", [](Facts&) {}},
    {"self-signed", [](Facts& f) { f.path = Path::self_signed; }},
    {"self-signed-mismatched",
     [](Facts& f) {
       f.path = Path::self_signed;
       issued_to(f, kElsewhere, {kElsewhere});
     }},
    {"mismatched", [](Facts& f) { issued_to(f, kElsewhere, {kElsewhere}); }},
    {"expired", [](Facts& f) { f.end_entity = policy::Validity::expired; }},
    {"self-signed-expired",
     [](Facts& f) {
       f.path = Path::self_signed;
       f.end_entity = policy::Validity::expired;
     }},
    {"not-yet-valid", [](Facts& f) { f.end_entity = policy::Validity::not_yet_valid; }},
    {"unknown-ca", [](Facts& f) { f.path = Path::unknown_anchor; }},
    {"cn-only", [](Facts& f) { issued_to(f, kTestHost, {}); }},
    {"cn-match-san-mismatch", [](Facts& f) { issued_to(f, kTestHost, {kElsewhere}); }},
    {"ip-san",
     [](Facts& f) {
       issued_to(f, kNeutral, {});
       f.presented.ip_addresses = {"127.0.0.1"};
     }},
    {"ip-in-dns-san", [](Facts& f) { issued_to(f, kNeutral, {"127.0.0.1"}); }},
    {"missing-intermediate",
     [](Facts& f) {
       f.path = Path::issuer_missing;
       f.signature_checkable = false;
     }},
    {"expired-intermediate", [](Facts& f) { f.intermediates = policy::Validity::expired; }},
    {"intermediate-not-ca", [](Facts& f) { f.authority_flaw = Flaw::not_ca; }},
    {"path-length-exceeded", [](Facts& f) { f.authority_flaw = Flaw::path_length_exceeded; }},
    {"client-auth-only", [](Facts& f) { f.server_purpose = ServerPurpose::missing; }},
    {"name-constraint-violated",
     [](Facts& f) { f.authority_flaw = Flaw::name_constraint_violated; }},
    {"wildcard-two-labels", [](Facts& f) { issued_to(f, kNeutral, {"*.test"}); }},
    {"nul-in-name",
     [](Facts& f) {
       issued_to(f, kNeutral, {std::string("smtp.example.test\0.attacker.example", 35)});
     }},
    {"bad-signature", [](Facts& f) { f.signature_valid = false; }},
    {"weak-key", [](Facts& f) { f.rsa_bits = 1024; }},
    {"sha1-signature", [](Facts& f) { f.digest = policy::Digest::sha1; }},
};

void expect_equal(const Facts& got, const Facts& wanted) {
  EXPECT_EQ(got.presented.common_name, wanted.presented.common_name);
  EXPECT_EQ(got.presented.dns_names, wanted.presented.dns_names);
  EXPECT_EQ(got.presented.ip_addresses, wanted.presented.ip_addresses);
  EXPECT_EQ(got.presented.other_names, wanted.presented.other_names);
  EXPECT_EQ(word(got.end_entity), word(wanted.end_entity));
  EXPECT_EQ(word(got.intermediates), word(wanted.intermediates));
  EXPECT_EQ(word(got.path), word(wanted.path));
  EXPECT_EQ(word(got.authority_flaw), word(wanted.authority_flaw));
  EXPECT_EQ(got.signature_valid, wanted.signature_valid);
  EXPECT_EQ(got.signature_checkable, wanted.signature_checkable);
  EXPECT_EQ(got.server_purpose, wanted.server_purpose);
  EXPECT_EQ(got.rsa_bits, wanted.rsa_bits);
  EXPECT_EQ(word(got.digest), word(wanted.digest));
}

TEST(Facts, OfEachRecipeDifferFromValidInItsFaultAlone) {
  EXPECT_EQ(all_recipes().size(), std::size(kFacts));
  for (const FactsRow& row : kFacts) {
    SCOPED_TRACE(row.recipe);
    Facts wanted;
    issued_to(wanted, kTestHost, {kTestHost});
    row.differ(wanted);
    expect_equal(facts_of(recipe_called(row.recipe), kTestHost), wanted);
  }
}

TEST(Facts, OfValidAreTheDefaultRecipes) {
  EXPECT_EQ(recipe_called("valid"), valid_recipe());
  for (const Recipe& recipe : all_recipes()) EXPECT_EQ(contradiction(recipe), "") << recipe.id;
}

TEST(Facts, AnIpAddressIsPresentedAsOneWhereTheHostIsOne) {
  const Facts facts = facts_of(valid_recipe(), "2001:db8:0::1");
  EXPECT_TRUE(facts.presented.dns_names.empty());
  EXPECT_EQ(facts.presented.ip_addresses, std::vector<std::string>{"2001:db8::1"});
}

TEST(Facts, BothEndsOfTheValidityBelongToIt) {
  Recipe recipe = valid_recipe();
  recipe.leaf.validity = {.from = days{0}, .until = days{0}};
  EXPECT_EQ(facts_of(recipe, kTestHost).end_entity, policy::Validity::current);
  recipe.leaf.validity.until = std::chrono::seconds{-1};
  EXPECT_EQ(facts_of(recipe, kTestHost).end_entity, policy::Validity::expired);
  recipe.leaf.validity = {.from = std::chrono::seconds{1}, .until = days{1}};
  EXPECT_EQ(facts_of(recipe, kTestHost).end_entity, policy::Validity::not_yet_valid);
}

TEST(Facts, APathLengthCountsTheAuthoritiesBelow) {
  Recipe recipe = valid_recipe();
  recipe.intermediates[0].path_length = 0;
  EXPECT_EQ(facts_of(recipe, kTestHost).authority_flaw, Flaw::none);
  recipe.intermediates.push_back(default_intermediate(2));
  recipe.intermediates[0].path_length = 1;
  EXPECT_EQ(facts_of(recipe, kTestHost).authority_flaw, Flaw::none);
  recipe.intermediates[0].path_length = 0;
  EXPECT_EQ(facts_of(recipe, kTestHost).authority_flaw, Flaw::path_length_exceeded);
}

struct ConstraintRow {
  const char* permitted;
  const char* name;
  Flaw fault;
};

TEST(Facts, ANameConstraintCoversADomainAndAllBelowIt) {
  for (const ConstraintRow& row : {
           ConstraintRow{"example.test", "example.test", Flaw::none},
           {"Example.TEST", "a.b.example.test", Flaw::none},
           {"example.test", "*.example.test", Flaw::none},
           {"example.test", "badexample.test", Flaw::name_constraint_violated},
           {"smtp.example.test", "example.test", Flaw::name_constraint_violated},
           {"{host}", "smtp.example.test", Flaw::none},
       }) {
    Recipe recipe = valid_recipe();
    recipe.intermediates[0].name_constraints = {{.value = "elsewhere.example.net"},
                                                {.value = row.permitted}};
    recipe.leaf.names = {{.kind = NameKind::dns, .value = row.name}};
    EXPECT_EQ(facts_of(recipe, kTestHost).authority_flaw, row.fault) << row.permitted << row.name;
  }
}

TEST(Facts, OfAnEd25519IssuerNameItsBuiltInDigest) {
  Recipe recipe = valid_recipe();
  recipe.intermediates[0].key = KeyKind::ed25519;
  EXPECT_EQ(facts_of(recipe, kTestHost).digest, policy::Digest::sha512);
}

struct DurationRow {
  const char* text;
  long seconds;
};

TEST(Duration, ReadsAndPrintsTheSame) {
  for (const DurationRow& row : {DurationRow{"-30d", -30L * 86400},
                                 {"90s", 90},
                                 {"5min", 300},
                                 {"12h", 43200},
                                 {"1y", 365L * 86400},
                                 {"-40y", -40L * 365 * 86400},
                                 {"0s", 0}}) {
    EXPECT_EQ(read_duration(row.text), std::chrono::seconds(row.seconds)) << row.text;
    EXPECT_EQ(duration_text(std::chrono::seconds(row.seconds)), row.text);
  }
  for (const char* bad : {"", "d", "30", "30 d", "+30d", "30m", "30D", "1.5d", "41y", "-41y",
                          "99999999999999999999s", "0x10s", "-"}) {
    EXPECT_EQ(read_duration(bad), std::nullopt) << bad;
  }
}

TEST(Recipe, ADnsNameConstraintSaysNothingAboutAnIpAddress) {
  Recipe recipe = valid_recipe();
  EXPECT_EQ(inapplicable(recipe, "192.0.2.1"), "");
  recipe.intermediates.front().name_constraints = {{.value = "elsewhere.example.net"}};
  EXPECT_EQ(inapplicable(recipe, "smtp.example.test"), "");
  EXPECT_EQ(inapplicable(recipe, "192.0.2.1"),
            "dNSName constraints say nothing about an IP address (RFC 5280, 4.2.1.10)");
}

}  // namespace
}  // namespace startle::certs
