#include "harness/wire/smtp_capabilities.h"

#include <gtest/gtest.h>

namespace startle::wire {
namespace {

// The reply to EHLO with these lines behind the domain.
Capabilities of(const std::vector<std::string>& lines) {
  SmtpReply reply{250, {"mail.example.test greets you"}};
  reply.lines.insert(reply.lines.end(), lines.begin(), lines.end());
  return parse_capabilities(reply);
}

using List = std::vector<std::string>;

TEST(Capabilities, OfAUsualServer) {
  const Capabilities offered =
      of({"SIZE 10240000", "8BITMIME", "EnhancedStatusCodes", "STARTTLS", "AUTH PLAIN login"});
  EXPECT_EQ(offered.domain, "mail.example.test");
  EXPECT_EQ(offered.keywords,
            (List{"SIZE", "8BITMIME", "ENHANCEDSTATUSCODES", "STARTTLS", "AUTH"}));
  EXPECT_TRUE(offered.starttls);
  EXPECT_EQ(offered.auth, (List{"PLAIN", "LOGIN"}));
  EXPECT_EQ(offered.legacy_auth, List{});
  EXPECT_EQ(offered.size, 10240000U);
  EXPECT_TRUE(offered.offers("enhancedstatuscodes"));
  EXPECT_FALSE(offered.offers("ENHANCEDSTATUSCODE"));
  EXPECT_TRUE(offered.offers_auth("Plain"));
  EXPECT_FALSE(offered.offers_auth("PLAI"));
}

struct StarttlsRow {
  const char* line;
  bool offered;
};

TEST(Capabilities, OfferStarttlsOnlyByTheWholeWord) {
  for (const StarttlsRow& row : {StarttlsRow{"STARTTLS", true},
                                 {"starttls", true},
                                 {"STARTTLS ", true},
                                 {"STARTTLS REQUIRED", true},
                                 {"STARTTLSX", false},
                                 {"XSTARTTLS", false},
                                 {"NO STARTTLS", false},
                                 {"NOSTARTTLS", false},
                                 {" STARTTLS", false},
                                 {"STARTTLS=1", false},
                                 {"STARTTLS\v", false},
                                 {"AUTH STARTTLS", false},
                                 {"", false}}) {
    EXPECT_EQ(of({row.line}).starttls, row.offered) << row.line;
  }
}

TEST(Capabilities, AreNeverReadFromTheFirstLine) {
  const Capabilities offered = parse_capabilities({250, {"STARTTLS AUTH PLAIN", "HELP"}});
  EXPECT_EQ(offered.domain, "STARTTLS");
  EXPECT_EQ(offered.keywords, List{"HELP"});
  EXPECT_FALSE(offered.starttls);
}

TEST(Capabilities, OfAReplyThatIsNot250AreNone) {
  for (const int code : {220, 221, 354, 421, 502, 550}) {
    EXPECT_EQ(parse_capabilities({code, {"mail.example.test", "STARTTLS"}}), Capabilities{})
        << code;
  }
  EXPECT_EQ(parse_capabilities({}), Capabilities{});
}

TEST(Capabilities, KeepMechanismsOfTheLegacyFormApart) {
  const Capabilities offered =
      of({"AUTH=LOGIN PLAIN", "AUTH plain CRAM-MD5 PLAIN", "AUTH XOAUTH2", "auth=login"});
  EXPECT_EQ(offered.auth, (List{"PLAIN", "CRAM-MD5", "XOAUTH2"}));
  EXPECT_EQ(offered.legacy_auth, (List{"LOGIN", "PLAIN"}));
  EXPECT_EQ(offered.keywords, List{"AUTH"});
  EXPECT_FALSE(of({"AUTH=PLAIN"}).offers("AUTH"));
  EXPECT_FALSE(of({"AUTH=PLAIN"}).offers_auth("PLAIN"));
}

TEST(Capabilities, SkipOddLinesAndWords) {
  const Capabilities offered = of({"", "-X", "=", "\xff", "A_B", "AUTH\tPLAIN",
                                   "AUTH \xff LONGER-THAN-TWENTY-CHARS =PLAIN A_B"});
  EXPECT_EQ(offered.keywords, List{"AUTH"});
  EXPECT_EQ(offered.auth, (List{"PLAIN", "A_B"}));
}

struct SizeRow {
  const char* line;
  std::optional<std::uint64_t> size;
};

TEST(Capabilities, StateASizeOnlyAsANumberThatFits) {
  for (const SizeRow& row : {SizeRow{"SIZE", std::nullopt},
                             {"SIZE 0", 0},
                             {"size 18446744073709551615", 18446744073709551615U},
                             {"SIZE 18446744073709551616", std::nullopt},
                             {"SIZE -1", std::nullopt},
                             {"SIZE 10M", std::nullopt},
                             {"SIZE=10", std::nullopt}}) {
    EXPECT_EQ(of({row.line}).size, row.size) << row.line;
  }
  EXPECT_EQ(of({"SIZE x", "SIZE 7", "SIZE 8"}).size, 7U);
}

// found in CPP-SMTPClient-library issue 38 and seed7 issue 108: STARTTLS as the last of many lines.
TEST(Capabilities, AreAllKeptHoweverManyTheReplyHolds) {
  List lines;
  std::string mechanisms = "AUTH";
  for (int i = 0; i < 5000; ++i) {
    lines.push_back("X" + std::to_string(i));
    mechanisms += " M" + std::to_string(i);
  }
  lines.push_back(mechanisms);
  lines.emplace_back("STARTTLS");
  const Capabilities offered = of(lines);
  EXPECT_EQ(offered.keywords.size(), 5002U);
  EXPECT_EQ(offered.auth.size(), 5000U);
  EXPECT_TRUE(offered.starttls);
}

}  // namespace
}  // namespace startle::wire
