#include "cases/engine/setting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "cases/engine/setting_reader.h"

namespace startle::cases {
namespace {

using Texts = std::vector<std::string>;

// What <client>, <server> or <value> with this one attribute makes of the usual Setup.
cases::Setup setup_with(Place place, std::string_view attribute, const std::string& value) {
  const xml::Document document =
      xml::Document::parse("x.xml", "<element " + std::string(attribute) + "='" + value + "'/>");
  cases::Setup setup;
  Change{.assignments = read_settings(document.root(), place)}.apply_to(setup);
  return setup;
}

bool holds(const Texts& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TEST(Setting, EveryWordStandsOnceAndSoDoesEveryMember) {
  std::set<std::string_view> words;
  std::vector<SettingMember> members;
  for (const Setting& setting : all_settings()) {
    EXPECT_TRUE(words.insert(setting.word).second) << setting.word;
    if (std::holds_alternative<std::monostate>(setting.member)) continue;
    EXPECT_EQ(std::count(members.begin(), members.end(), setting.member), 0) << setting.word;
    members.push_back(setting.member);
  }
}

TEST(Setting, WhatAnElementStatesIsWhatTheSetupHolds) {
  for (const Place place : {Place::client, Place::server, Place::value}) {
    for (const Setting& setting : all_settings()) {
      if (!setting.stands_in(place) || setting.content != Content::placeholders) continue;
      const cases::Setup setup = setup_with(place, setting.attribute(place), "as {host} stated");
      EXPECT_TRUE(holds(described(setup), std::string(setting.word) + "=as {host} stated"))
          << setting.word;
      EXPECT_EQ(described(setup).size(), described(cases::Setup{}).size());
    }
  }
  EXPECT_EQ(setup_with(Place::client, "mode", "ldaps").mode, words::Mode::ldaps);
  EXPECT_EQ(setup_with(Place::value, "mechanism", "PLAIN").mechanism, "PLAIN");
  EXPECT_EQ(setup_with(Place::server, "persona", "active-directory").persona,
            fake::Persona::active_directory);
  EXPECT_EQ(setup_with(Place::server, "certificate", "expired").certificate, "expired");
}

TEST(Setting, OneStatedLeavesTheOthersAsTheyAre) {
  cases::Setup setup = setup_with(Place::client, "sender", "x");
  setup.sender = cases::Setup{}.sender;
  EXPECT_EQ(described(setup), described(cases::Setup{}));
}

TEST(Setting, PlaceholdersAreFilledInWhereTheyMayStand) {
  const FillIn marked = [](const std::string& text) { return text + "!"; };
  cases::Setup setup{.username = std::nullopt, .mechanism = "PLAIN", .server_sender = "s"};
  fill_in_settings(setup, marked);
  for (const Setting& setting : all_settings()) {
    for (const std::string& text : described(setup)) {
      if (!text.starts_with(std::string(setting.word) + "=")) continue;
      EXPECT_EQ(text.ends_with("!"), setting.content == Content::placeholders) << text;
    }
  }
  EXPECT_EQ(setup.username, std::nullopt);
  EXPECT_EQ(setup.server_password, std::nullopt);
  EXPECT_EQ(setup.server_sender, "s!");
}

TEST(Setting, WhatIsAbsentIsToldWithoutAValue) {
  const cases::Setup setup = setup_with(Place::client, "absent", "password trust");
  EXPECT_EQ(setup.password, std::nullopt);
  EXPECT_EQ(setup.trust, std::nullopt);
  EXPECT_EQ(setup.username, cases::Setup{}.username);
  EXPECT_TRUE(holds(described(setup), "password"));
}

TEST(Change, ASettingHasTheValueSetLast) {
  Change change{.id = "x"};
  change.set(&cases::Setup::sender, "a")
      .set(&cases::Setup::base, "b")
      .set(&cases::Setup::sender, "c");
  EXPECT_EQ(*change.value_of(&cases::Setup::sender), "c");
  EXPECT_EQ(*change.value_of(&cases::Setup::base), "b");
  EXPECT_EQ(change.value_of(&cases::Setup::filter), nullptr);
  EXPECT_EQ(change.value_of(&cases::Setup::username), nullptr);
  EXPECT_EQ(change.assignments.size(), 2U);
  EXPECT_NE(change, Change{.id = "x"});
  EXPECT_EQ(change,
            Change{.id = "x"}.set(&cases::Setup::base, "b").set(&cases::Setup::sender, "c"));
}

TEST(Change, AbsentIsAValueToo) {
  cases::Setup setup;
  Change{}.set(&cases::Setup::trust, std::nullopt).apply_to(setup);
  EXPECT_EQ(setup.trust, std::nullopt);
}

}  // namespace
}  // namespace startle::cases
