#include "harness/customer/home/home_names.h"

#include <gtest/gtest.h>

#include <optional>

namespace startle::customer {
namespace {

struct NameRow {
  const char* name;
  std::string host;
  std::string file;
  std::optional<Miss> miss;
};

void PrintTo(const NameRow& row, std::ostream* out) {
  *out << row.name;
}

class NearMissTest : public testing::TestWithParam<NameRow> {};

TEST_P(NearMissTest, IsKnownByTheNameAlone) {
  const auto found = near_misses(GetParam().host, {GetParam().file});
  ASSERT_EQ(found.size(), GetParam().miss ? 1U : 0U);
  if (!GetParam().miss) return;
  EXPECT_EQ(found[0].name, GetParam().file);
  EXPECT_EQ(found[0].miss, *GetParam().miss) << reason_of(found[0].miss);
}

const std::string kHost = "mail.example.com";
const NameRow kRows[] = {
    {"Itself", kHost, "mail.example.com.ks", std::nullopt},
    {"ItselfInCapitals", "Mail.Example.Com", "Mail.Example.Com.ks", std::nullopt},
    {"LetterCase", kHost, "MAIL.example.com.ks", Miss::letter_case},
    {"LetterCaseOfTheHost", "MAIL.example.com", "mail.example.com.ks", Miss::letter_case},
    {"LetterCaseOfTheExtension", kHost, "mail.example.com.KS", Miss::letter_case},
    {"DotBefore", kHost, "mail.example.com..ks", Miss::padding},
    {"BlankBefore", kHost, "mail.example.com .ks", Miss::padding},
    {"BlankAtTheFront", kHost, " mail.example.com.ks", Miss::padding},
    {"PortBehindColon", kHost, "mail.example.com:465.ks", Miss::port},
    {"PortBehindUnderscore", kHost, "Mail.example.com_465.ks", Miss::port},
    {"PortBehindHyphen", kHost, "mail.example.com-465.ks", Miss::port},
    {"ColonWithoutPort", kHost, "mail.example.com:.ks", Miss::slip},
    {"NoPort", kHost, "mail.example.com-old.ks", Miss::another},
    {"Jks", kHost, "mail.example.com.jks", Miss::extension},
    {"Txt", kHost, "mail.example.com.ks.txt", Miss::extension},
    {"NoExtension", kHost, "MAIL.example.com", Miss::extension},
    {"ShortName", kHost, "mail.ks", Miss::short_name},
    {"LongerShortName", kHost, "mail.example.ks", Miss::short_name},
    {"FullName", "mail", "mail.example.com.ks", Miss::longer_name},
    {"Address", kHost, "192.0.2.1.ks", Miss::address},
    {"AddressOfSix", kHost, "2001:db8::1.ks", Miss::address},
    {"NameForAnAddress", "192.0.2.1", "mail.example.com.ks", Miss::another},
    {"AddressForAnAddress", "192.0.2.1", "192.0.2.2.ks", Miss::another},
    {"Stranger", kHost, "ldap.example.org.ks", Miss::another},
    {"ShorterByALetter", kHost, "ail.example.com.ks", Miss::slip},
    {"TwoLettersChanged", kHost, "mail.exmaple.com.ks", Miss::slip},
    {"AnotherNumber", "mail1.example.com", "mail2.example.com.ks", Miss::another},
    {"ANumberMore", kHost, "mail2.example.com.ks", Miss::another},
    {"ExtensionAlone", kHost, ".ks", std::nullopt},
    {"StrangerWithoutExtension", kHost, "notes.txt", std::nullopt},
    {"HostAsABeginning", kHost, "mail.example.community", std::nullopt},
};
INSTANTIATE_TEST_SUITE_P(All, NearMissTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(NearMisses, TheLikeliestComesFirst) {
  const auto found = near_misses(
      kHost, {"z.ks", "192.0.2.1.ks", "mail.ks", "mail.example.com.jks", "mail.example.com:25.ks",
              "mail.example.com..ks", "mail.Example.com.ks", "MAIL.example.com.ks", "a.ks"});
  std::vector<std::string> names;
  for (const NearMiss& near : found) names.push_back(near.name);
  EXPECT_EQ(names, (std::vector<std::string>{"MAIL.example.com.ks", "mail.Example.com.ks",
                                             "mail.example.com..ks", "mail.example.com:25.ks",
                                             "mail.example.com.jks", "mail.ks", "192.0.2.1.ks",
                                             "a.ks", "z.ks"}));
}

TEST(NearMisses, TheFilesOfOtherHostsAreTheirs) {
  EXPECT_TRUE(near_misses(kHost, {"mail.ks", "ldap.test.ks"}, {"mail", "ldap.test"}).empty());
  EXPECT_EQ(near_misses(kHost, {"mail.ks", "Ldap.test.ks"}, {"ldap.test"}).size(), 2U);
}

}  // namespace
}  // namespace startle::customer
