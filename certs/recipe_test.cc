#include "certs/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "certs/catalogue_for_test.h"
#include "certs/duration.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using oracle::Facts;
using oracle::Flaw;
using oracle::Path;
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

TEST(FillIn, TakesTheHostApart) {
  EXPECT_EQ(fill_in("{HOST}", kTestHost), "SMTP.EXAMPLE.TEST");
  EXPECT_EQ(fill_in("{label}|{label-start}|{parent}", kTestHost), "smtp|s|example.test");
  EXPECT_EQ(fill_in("{label}|{label-start}|{parent}", "localhost"), "localhost|l|");
  EXPECT_EQ(fill_in("{fullwidth-host}", "aZ.1"), "\xef\xbd\x81\xef\xbc\xba.1");
  EXPECT_EQ(fill_in("n{number}", kTestHost, 12), "n12");
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

TEST(Facts, OfValidAreTheDefaultRecipes) {
  EXPECT_EQ(recipe_called("valid"), valid_recipe());
  for (const Recipe& recipe : all_recipes()) EXPECT_EQ(contradiction(recipe), "") << recipe.id;
}

// A file of somebody's own may say it.
TEST(Expected, WhatTheBaseOfAModelSaysIsNotSaidAgainInTheCatalogue) {
  for (const Recipe& recipe : all_recipes()) {
    for (const auto& [model, endings] : recipe.expected.stated) {
      if (words::is_root(model)) continue;
      const auto& of_base = recipe.expected.of(words::base_of(model));
      EXPECT_FALSE(
          std::is_permutation(endings.begin(), endings.end(), of_base.begin(), of_base.end()))
          << recipe.id << ": " << word(model);
    }
  }
}

TEST(Facts, AnIpAddressIsPresentedAsOneWhereTheHostIsOne) {
  const Facts facts = facts_of(valid_recipe(), "2001:db8:0::1");
  EXPECT_TRUE(facts.presented.dns_names.empty());
  EXPECT_EQ(facts.presented.ip_addresses, std::vector<std::string>{"2001:db8::1"});
}

TEST(Facts, BothEndsOfTheValidityBelongToIt) {
  Recipe recipe = valid_recipe();
  recipe.leaf.validity = {.from = days{0}, .until = days{0}};
  EXPECT_EQ(facts_of(recipe, kTestHost).end_entity, oracle::Validity::current);
  recipe.leaf.validity.until = std::chrono::seconds{-1};
  EXPECT_EQ(facts_of(recipe, kTestHost).end_entity, oracle::Validity::expired);
  recipe.leaf.validity = {.from = std::chrono::seconds{1}, .until = days{1}};
  EXPECT_EQ(facts_of(recipe, kTestHost).end_entity, oracle::Validity::not_yet_valid);
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
  Flaw flaw;
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
    EXPECT_EQ(facts_of(recipe, kTestHost).authority_flaw, row.flaw) << row.permitted << row.name;
  }
}

TEST(Facts, OfAnEd25519IssuerNameItsBuiltInDigest) {
  Recipe recipe = valid_recipe();
  recipe.intermediates[0].key = KeyKind::ed25519;
  EXPECT_EQ(facts_of(recipe, kTestHost).digest, oracle::Digest::sha512);
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

TEST(Recipe, PlaceholdersOfLabelsSayNothingAboutAnAddress) {
  for (const char* one : {"{HOST}", "{label}", "{label-start}", "{parent}", "{fullwidth-host}"}) {
    Recipe recipe = valid_recipe();
    recipe.leaf.names = {{.value = std::string(one) + ".test"}};
    EXPECT_EQ(inapplicable(recipe, "smtp.example.test"), "") << one;
    EXPECT_EQ(inapplicable(recipe, "2001:db8::1"),
              "it goes by the labels of a host name, and an IP address has none");
  }
  Recipe recipe = valid_recipe();
  recipe.leaf.names = {{.value = "x.{parent}"}};
  EXPECT_EQ(inapplicable(recipe, "localhost"),
            "it goes by the domain above the host, and a host of one label has none");
}

TEST(Recipe, AnAddressConstraintSaysNothingAboutADnsName) {
  Recipe recipe = valid_recipe();
  recipe.intermediates.front().name_constraints = {{.kind = NameKind::ip, .value = "192.0.2.0/24"}};
  EXPECT_EQ(inapplicable(recipe, "192.0.2.1"), "");
  EXPECT_EQ(inapplicable(recipe, "smtp.example.test"),
            "iPAddress constraints say nothing about a DNS name (RFC 5280, 4.2.1.10)");
}

TEST(Recipe, AValidityThatEndsNowIsBoundToTheClock) {
  EXPECT_EQ(bound_to_the_clock(valid_recipe()), "");
  const std::string why =
      "a validity begins or ends within a minute of the clock, and the client goes by its own";
  for (const long seconds : {-59L, 0L, 1L, 59L}) {
    Recipe recipe = valid_recipe();
    recipe.leaf.validity.until = std::chrono::seconds(seconds);
    EXPECT_EQ(bound_to_the_clock(recipe), why) << seconds;
    recipe = valid_recipe();
    recipe.intermediates[0].validity.from = std::chrono::seconds(seconds);
    EXPECT_EQ(bound_to_the_clock(recipe), why) << seconds;
  }
  Recipe recipe = valid_recipe();
  recipe.leaf.validity.until = -std::chrono::minutes{1};
  EXPECT_EQ(bound_to_the_clock(recipe), "");
  EXPECT_EQ(nearest_edge(recipe), std::chrono::minutes{1});
}

}  // namespace
}  // namespace startle::certs
