// Each block octet by octet, as draft-ietf-opsawg-pcapng draws it.

#include "harness/pcapng/blocks.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

namespace startle::pcapng {
namespace {

std::string bytes(std::string_view spaced) {
  std::string digits(spaced);
  std::erase(digits, ' ');
  return from_hex(digits).value();
}

TEST(Blocks, ASectionNamesItsApplicationAndHasAComment) {
  EXPECT_EQ(section_header("startle", "why"),
            bytes("0a0d0d0a 34000000 4d3c2b1a 0100 0000 ffffffffffffffff"
                  "0100 0300 77687900"
                  "0400 0700 73746172746c6500"
                  "0000 0000 34000000"));
}

TEST(Blocks, AnInterfaceOfIpHasNanoseconds) {
  EXPECT_EQ(interface_of_ip("wire"), bytes("01000000 28000000 6500 0000 00000000"
                                           "0200 0400 77697265"
                                           "0900 0100 09000000"
                                           "0000 0000 28000000"));
}

TEST(Blocks, APacketHasItsTimeInTwoHalvesAndIsPadded) {
  const Time at(std::chrono::nanoseconds(0x0102030405060708));
  EXPECT_EQ(enhanced_packet(at, "abcde"),
            bytes("06000000 28000000 00000000 04030201 08070605 05000000 05000000"
                  "6162636465000000 28000000"));
}

TEST(Blocks, APacketMayHaveAComment) {
  EXPECT_EQ(enhanced_packet(Time{}, "abcd", "smtp"),
            bytes("06000000 30000000 00000000 00000000 00000000 04000000 04000000"
                  "61626364 0100 0400 736d7470 0000 0000 30000000"));
}

TEST(Blocks, SecretsAreAKeyLogOfTls) {
  EXPECT_EQ(tls_secrets("A b c\n"),
            bytes("0a000000 1c000000 4b534c54 06000000 41206220630a0000 1c000000"));
}

// 65535 octets are all that an option holds, and no character is cut in two.
TEST(Blocks, ACommentThatIsTooLongIsCutBetweenCharacters) {
  std::string comment(65534, 'a');
  comment += "\xc3\xa9 and more";
  const std::string block = section_header("", comment);
  EXPECT_NE(block.find(std::string(65534, 'a')), std::string::npos);
  EXPECT_EQ(block.find("\xc3"), std::string::npos);
  EXPECT_EQ(block.size(), 28U + 4 + 65536 + 4);
  EXPECT_EQ(block.substr(24, 4), bytes("0100 feff"));
}

}  // namespace
}  // namespace startle::pcapng
