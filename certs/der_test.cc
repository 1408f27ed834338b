#include "certs/der.h"

#include <gtest/gtest.h>

#include <chrono>

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
    const der::Tlv read = der::read(followed);
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

struct HexRow {
  std::string written;
  const char* hex;
};

TEST(Der, WritesWhatCertificatesAreMadeOf) {
  const std::chrono::sys_seconds time = std::chrono::sys_days{std::chrono::year{2050} / 1 / 2} +
                                        std::chrono::hours{3} + std::chrono::minutes{4} +
                                        std::chrono::seconds{5};
  for (const HexRow& row : {
           HexRow{der::integer(0), "020100"},
           {der::integer(127), "02017f"},
           {der::integer(128), "02020080"},
           {der::integer(256), "02020100"},
           {der::object_identifier("2.5.29.37.0"), "0604551d2500"},
           {der::object_identifier("1.2.840.113549.1.1.11"), "06092a864886f70d01010b"},
           {der::bit_string("\x01\x02"), "0303000102"},
           {der::named_bits(0), "030100"},
           {der::named_bits(1U << 0), "03020780"},
           {der::named_bits(1U << 5 | 1U << 6), "03020106"},
           {der::named_bits(1U << 8), "0303070080"},
           {der::time(der::kUtcTime, time), "170d3530303130323033303430355a"},
           {der::time(der::kGeneralizedTime, time), "180f32303530303130323033303430355a"},
       }) {
    EXPECT_EQ(to_hex(row.written), row.hex);
  }
  for (const char* bad : {"", "1", "1.", "1..2", "a.b", "1.2.x", "1.2 "}) {
    EXPECT_EQ(complaint_of([&] { der::object_identifier(bad); }), "DER: no object identifier")
        << bad;
  }
}

TEST(AlternativeName, EveryKindHasItsTag) {
  const std::string der = subject_alt_name(present({{NameKind::email, "a@b"},
                                                    {NameKind::uri, "x:y"},
                                                    {NameKind::srv, "_s.{host}"},
                                                    {NameKind::dns, "n{number}", 2}},
                                                   "h"));
  EXPECT_EQ(to_hex(der),
            "3026"
            "8103614062"
            "8603783a79"
            "a01206082b06010505070807a00616045f732e68"
            "82026e31"
            "82026e32");
}

TEST(AlternativeName, ARangeIsAddressAndMask) {
  EXPECT_EQ(to_hex(ip_range_octets("192.0.2.0/24").value()), "c0000200ffffff00");
  EXPECT_EQ(to_hex(ip_range_octets("192.0.2.128/25").value()), "c0000280ffffff80");
  EXPECT_EQ(to_hex(ip_range_octets("0.0.0.0/0").value()), "0000000000000000");
  EXPECT_EQ(to_hex(ip_range_octets("2001:db8::/32").value()),
            "20010db8000000000000000000000000ffffffff000000000000000000000000");
  for (const char* bad : {"", "192.0.2.0", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "x/8",
                          "192.0.2.0/8x", "::/129"}) {
    EXPECT_EQ(ip_range_octets(bad), std::nullopt) << bad;
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
