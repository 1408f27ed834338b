#include <gtest/gtest.h>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/placeholders.h"
#include "harness/base/words.h"

namespace startle {
namespace {

enum class Colour { red, dark_green };
constexpr auto kColours = word_table<Colour>({
    {Colour::red, "red"},
    {Colour::dark_green, "dark-green"},
});
constexpr Words words_of(Colour) {
  return kColours;
}

TEST(Words, AWordPrintsAndParsesFromTheSameTable) {
  EXPECT_EQ(word(Colour::dark_green), "dark-green");
  EXPECT_EQ(from_word<Colour>("dark-green"), Colour::dark_green);
  EXPECT_EQ(from_word<Colour>("dark_green"), std::nullopt);
  EXPECT_EQ(comma_separated(kColours), "red, dark-green");
}

TEST(Words, TheNearestWordIsOfferedOnlyWhenItIsNear) {
  constexpr std::array<std::string_view, 3> kAttributes{"username", "password", "trust"};
  EXPECT_EQ(nearest("usrname", kAttributes), "username");
  EXPECT_EQ(nearest("truts", kAttributes), "trust");
  EXPECT_EQ(nearest("trus", kAttributes), "trust");
  EXPECT_EQ(nearest("colour", kAttributes), "");
  EXPECT_EQ(nearest(std::string(1 << 20, 'x'), kAttributes), "");
}

struct Base64Row {
  std::string_view bytes;
  std::string_view text;
};

TEST(Base64, RoundTripsTheVectorsOfRfc4648) {
  for (const Base64Row& row : {Base64Row{"", ""},
                               {"f", "Zg=="},
                               {"fo", "Zm8="},
                               {"foo", "Zm9v"},
                               {"foob", "Zm9vYg=="},
                               {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(row.bytes), row.text);
    EXPECT_EQ(from_base64(row.text), row.bytes);
  }
}

TEST(Base64, RefusesWhatRfc4954ForbidsToSkip) {
  for (const char* bad :
       {"Zg=", "Zg", "Z g=", "Zm9v!", "=Zm9", "Zg==Zg==", "Zh==", "Zm9=", "===="}) {
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
  }
}

TEST(Hex, RoundTripsAndRefusesOddDigits) {
  EXPECT_EQ(to_hex(std::string_view("\0\xff", 2)), "00ff");
  EXPECT_EQ(from_hex("00Ff"), std::string("\0\xff", 2));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
}

std::string complaint_of_reading(const std::filesystem::path& file, std::size_t limit) {
  try {
    read_file(file, limit);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
  return "no complaint";
}

TEST(File, IsReadWholeOrRefusedInOneSentence) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "f";
  write_file(file, "four", true);
  EXPECT_EQ(read_file(file, 4), "four");
  EXPECT_EQ(complaint_of_reading(file, 3), file.string() + ": is longer than 3 bytes");
  EXPECT_EQ(complaint_of_reading(folder.path(), 3), folder.path().string() + ": is not a file");
  const auto none = folder.path() / "none";
  EXPECT_EQ(complaint_of_reading(none, 3),
            none.string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(complaint_of_reading("/dev/zero", 3), "/dev/zero: is not a file");
}

std::string filled(std::string_view text) {
  const auto value = [](std::string_view name) -> std::optional<std::string> {
    if (name == "host") return "mx.example.test";
    return std::nullopt;
  };
  try {
    return fill_in(text, value, "{host}");
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(Placeholders, AreFilledInOrRefused) {
  EXPECT_EQ(filled("a {host}{hex:0041}{crlf}b"), std::string("a mx.example.test\0A\r\nb", 22));
  EXPECT_EQ(filled(""), "");
  EXPECT_EQ(filled("{hosts}"),
            "{hosts} is no placeholder: there are {host}, {crlf} and {hex:00ff}");
  EXPECT_EQ(filled("{hex:0}"),
            "{hex:0} is no placeholder: there are {host}, {crlf} and {hex:00ff}");
  EXPECT_EQ(filled("a { b"), "`{` without `}`: a literal brace is {hex:7b}");
}

TEST(Error, NamesFileAndLine) {
  try {
    fail_at("schedule.xml", 4, "port=\"0\" is not 1-65535");
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "schedule.xml:4: port=\"0\" is not 1-65535");
  }
}

TEST(Pem, HasLinesOf64Characters) {
  EXPECT_EQ(
      to_pem("X509 CRL", std::string(49, '\0')),
      "-----BEGIN X509 CRL-----\n" + std::string(64, 'A') + "\nAA==\n-----END X509 CRL-----\n");
  EXPECT_EQ(to_pem("X", std::string(48, '\0')),
            "-----BEGIN X-----\n" + std::string(64, 'A') + "\n-----END X-----\n");
  EXPECT_EQ(to_pem("X", ""), "-----BEGIN X-----\n-----END X-----\n");
}

}  // namespace
}  // namespace startle
