#include "certs/der.h"

#include <gtest/gtest.h>

#include "certs/alternative_name.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

struct LengthRow {
  std::size_t length;
  const char* header;
};

TEST(Der, WritesTheShortestLengthAndReadsItBack) {
  for (const LengthRow& row : {LengthRow{0, "0400"},
                               {1, "0401"},
                               {127, "047f"},
                               {128, "048180"},
                               {255, "0481ff"},
                               {256, "04820100"},
                               {65536, "0483010000"}}) {
    const std::string content(row.length, 'x');
    const std::string written = der::element(0x04, content);
    EXPECT_EQ(to_hex(written.substr(0, written.size() - row.length)), row.header);
    const std::string followed = written + "rest";
    const der::Element read = der::read(followed);
    EXPECT_EQ(read.tag, 0x04);
    EXPECT_EQ(read.content, content);
    EXPECT_EQ(read.rest, "rest");
  }
}

struct RefusalRow {
  const char* hex;
  const char* complaint;
};

template <class Attempt>
std::string complaint_of(Attempt attempt) {
  try {
    attempt();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::internal);
    return e.what();
  }
  return "no complaint";
}

TEST(Der, RefusesWhatIsNotDer) {
  for (const RefusalRow& row : {RefusalRow{"", "DER: an element is cut off"},
                                {"30", "DER: an element is cut off"},
                                {"300200", "DER: an element is cut off"},
                                {"3082", "DER: an element is cut off"},
                                {"3080", "DER: an indefinite or absurd length"},
                                {"308500000000010", "DER: an indefinite or absurd length"},
                                {"30817f", "DER: a length that is not the shortest"},
                                {"30820080", "DER: a length that is not the shortest"},
                                {"1f0100", "DER: a tag of several bytes"}}) {
    std::string hex = row.hex;
    if (hex.size() % 2 != 0) hex += '0';
    EXPECT_EQ(complaint_of([&] { der::read(*from_hex(hex)); }), row.complaint) << row.hex;
  }
}

TEST(AlternativeName, BytesStandAsTheyWereGiven) {
  const std::string der = subject_alt_name(present(
      {{.kind = NameKind::dns, .value = "a{hex:00}b"}, {.kind = NameKind::ip, .value = "::1"}},
      "host.test"));
  EXPECT_EQ(to_hex(der),
            "3017"
            "8203610062"
            "871000000000000000000000000000000001");
}

TEST(AlternativeName, AnAddressThatIsNoneIsRefused) {
  try {
    present({{.kind = NameKind::ip, .value = "{host}"}}, "host.test");
    FAIL() << "no complaint";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    EXPECT_STREQ(e.what(), "`host.test` is no IP address");
  }
}

TEST(AlternativeName, IpAddressesGoThereAndBack) {
  for (const char* text : {"127.0.0.1", "::1", "2001:db8::ff"}) {
    EXPECT_EQ(ip_text(*ip_octets(text)), text);
  }
  for (const char* bad : {"", "localhost", "127.1", "1.2.3.4.5", "::g", "127.0.0.1 "}) {
    EXPECT_EQ(ip_octets(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(ip_octets(std::string_view("127.0.0.1\0x", 11)), std::nullopt);
  EXPECT_THROW(ip_text("abc"), Error);
}

}  // namespace
}  // namespace startle::certs
