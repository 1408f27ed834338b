// Every store cut off at every octet, and with every bit of it changed: refused, by a sentence.

#include <gtest/gtest.h>

#include <map>

#include "harness/customer/store/store.h"
#include "harness/customer/store/store_for_test.h"

namespace startle::customer {
namespace {

constexpr const char* kPassword = "a secret password";

struct DamageRow {
  const char* name = "";
  std::string bytes{};
};
void PrintTo(const DamageRow& row, std::ostream* out) {
  *out << row.name;
}
class Damaged : public testing::TestWithParam<DamageRow> {};

// That a changed first octets makes it no store at all, or asks for too much, is as good.
void expect_refused(const std::string& bytes, const std::string& what) {
  const std::string complaint = complaint_about(bytes, kPassword);
  EXPECT_NE(complaint, "none") << what;
  EXPECT_EQ(complaint.find(kPassword), std::string::npos) << what;
  EXPECT_NE(complaint.find("keytool "), std::string::npos) << what << ": " << complaint;
}

TEST_P(Damaged, CutOffAtEveryOctet) {
  const std::string& bytes = GetParam().bytes;
  ASSERT_EQ(complaint_about(bytes, kPassword), "none");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    expect_refused(bytes.substr(0, size), std::to_string(size));
  }
}

TEST_P(Damaged, EveryBitChanged) {
  std::string bytes = GetParam().bytes;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const auto flip = static_cast<char>(1U << bit);
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
      expect_refused(bytes, std::to_string(at) + "." + std::to_string(bit));
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
    }
  }
}

std::vector<StoreEntry> one() {
  return {{.alias = "one", .der = certificate_one(), .trusted = true}};
}

INSTANTIATE_TEST_SUITE_P(
    , Damaged,
    testing::Values(
        DamageRow{"Jks", write(JksForTest{.entries = {trusted_entry("one", certificate_one()),
                                                      key_entry("key", {certificate_two()})},
                                          .password = kPassword})},
        DamageRow{"Jceks", write(JksForTest{.magic = "cececece",
                                            .entries = {trusted_entry("one", certificate_one())},
                                            .password = kPassword})},
        DamageRow{"Pkcs12", write(Pkcs12ForTest{.entries = one(), .password = kPassword})},
        DamageRow{
            "PlainPkcs12",
            write(Pkcs12ForTest{.entries = one(), .password = kPassword, .encrypted = false})}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace startle::customer
