#include "harness/tls/certificate_message.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

namespace startle::tls {
namespace {

using Certificates = std::vector<std::string>;

struct Row {
  const char* name;
  const char* body;  // hex
  bool tls_1_3;
  Certificates sent;
};

const Row kRows[] = {
    {"two of TLS 1.2", "000009 000002 6161 000001 62", false, {"aa", "b"}},
    {"two of TLS 1.3", "00 00000d 000002 6161 0000 000001 62 0000", true, {"aa", "b"}},
    {"extensions are passed over",
     "00 00000f 000001 61 0002 beef 000001 62 0002 cafe",
     true,
     {"a", "b"}},
    {"a context is passed over", "01 ff 000006 000001 61 0000", true, {"a"}},
    {"none of TLS 1.2", "000000", false, {}},
    {"none of TLS 1.3", "00 000000", true, {}},
    {"one without octets", "000003 000000", false, {""}},
    {"nothing at all", "", false, {}},
    {"a context cut short", "02 ff", true, {}},
    {"a list cut short", "000005 000001 61", false, {}},
    {"a certificate longer than the list", "000009 000001 61 000003 6262", false, {"a"}},
    {"a length cut short", "000006 000001 61 0000", false, {"a"}},
    {"extensions cut short", "00 000007 000001 61 0005 be", true, {"a"}},
};

TEST(CertificateMessage, HoldsWhatWasSent) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    std::string hex = row.body;
    std::erase(hex, ' ');
    const auto body = from_hex(hex);
    ASSERT_TRUE(body);
    EXPECT_EQ(certificates_of(*body, row.tls_1_3), row.sent);
  }
}

}  // namespace
}  // namespace startle::tls
