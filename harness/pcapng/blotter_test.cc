#include "harness/pcapng/blotter.h"

#include <gtest/gtest.h>

namespace startle::pcapng {
namespace {

TEST(Blotter, OverwritesEachSecretAndKeepsTheLength) {
  Blotter blotter({"hunter2", "aHVudGVyMg"});
  EXPECT_EQ(blotter.blotted("AUTH LOGIN aHVudGVyMg==\r\nhunter2hunter2 hunter"),
            "AUTH LOGIN xxxxxxxxxx==\r\nxxxxxxxxxxxxxx xxxxxx");
}

TEST(Blotter, WithoutSecretsChangesNothing) {
  Blotter blotter({"", ""});
  EXPECT_EQ(blotter.blotted("hunter2"), "hunter2");
}

TEST(Blotter, ASecretMayOverlapItself) {
  Blotter blotter({"abab"});
  EXPECT_EQ(blotter.blotted("1ababab2"), "1xxxxxx2");
}

TEST(Blotter, ASecretOfOneOctetIsOne) {
  Blotter blotter({"p"});
  EXPECT_EQ(blotter.blotted("pop"), "xox");
  EXPECT_EQ(blotter.blotted("p"), "x");
}

// However a secret is cut in two, at most the first three octets stay, and only where nothing told
// them from anything else.
TEST(Blotter, ASecretIsFoundAcrossPieces) {
  const std::string secret = "correct horse";
  const std::string text = "say " + secret + " now";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      Blotter blotter({secret});
      std::string made = blotter.blotted(text.substr(0, first));
      made += blotter.blotted(text.substr(first, second - first));
      made += blotter.blotted(text.substr(second));
      ASSERT_EQ(made.size(), text.size());
      EXPECT_EQ(made.find("rect"), std::string::npos) << first << " " << second;
      EXPECT_EQ(made.find("horse"), std::string::npos) << first << " " << second;
      EXPECT_EQ(made.substr(0, 4), "say ");
      EXPECT_EQ(made.substr(made.size() - 4), " now");
    }
  }
}

TEST(Blotter, OctetByOctetNoMoreThanABeginningStays) {
  Blotter blotter({"hunter2"});
  std::string made;
  for (const char c : std::string("a hunter2 b")) made += blotter.blotted({&c, 1});
  EXPECT_EQ(made, "a hunxxxx b");
}

}  // namespace
}  // namespace startle::pcapng
