#include "harness/customer/schedule/given_host.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace startle::customer {
namespace {

using words::Mode;

struct HostRow {
  const char* name;
  std::string given;
  std::string host;
  std::uint16_t port = 0;
  Mode mode = Mode::smtp_starttls;
};

void PrintTo(const HostRow& row, std::ostream* out) {
  *out << row.name;
}

class GivenHostTest : public testing::TestWithParam<HostRow> {};

TEST_P(GivenHostTest, IsReadByItsPort) {
  const HostRow& row = GetParam();
  const Schedule schedule = hosts_given({row.given}, std::nullopt, "--host");
  ASSERT_EQ(schedule.entries.size(), 1U);
  const Entry& entry = schedule.entries.front();
  EXPECT_EQ(entry.host, row.host);
  EXPECT_EQ(entry.port, row.port);
  EXPECT_EQ(words::mode_of(entry.protocol, entry.tls), row.mode);
  EXPECT_EQ(entry.file, "--host");
  EXPECT_EQ(entry.line, 1);
  EXPECT_FALSE(entry.trust);
}

const HostRow kRows[] = {
    {"Relay", "mail.example.com:25", "mail.example.com", 25, Mode::smtp_starttls},
    {"Submission", "mail.example.com:587", "mail.example.com", 587, Mode::smtp_starttls},
    {"Submissions", "mail.example.com:465", "mail.example.com", 465, Mode::smtps},
    {"Ldap", "dc1.example.com:389", "dc1.example.com", 389, Mode::ldap_starttls},
    {"Ldaps", "dc1.example.com:636", "dc1.example.com", 636, Mode::ldaps},
    {"GlobalCatalogue", "dc1.example.com:3268", "dc1.example.com", 3268, Mode::ldap_starttls},
    {"GlobalCatalogueInTls", "dc1.example.com:3269", "dc1.example.com", 3269, Mode::ldaps},
    {"AnyOther", "mail.example.com:2525", "mail.example.com", 2525, Mode::smtp_starttls},
    {"Ipv6", "[2001:db8::1]:636", "2001:db8::1", 636, Mode::ldaps},
};
INSTANTIATE_TEST_SUITE_P(All, GivenHostTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(GivenHost, AModeSaysInPlaceOfThePortWhatIsSpoken) {
  const Schedule schedule = hosts_given({"mail.example.com:2465"}, Mode::smtps, "--host");
  EXPECT_EQ(schedule.entries.front().tls, Tls::implicit);
  EXPECT_EQ(schedule.entries.front().port, 2465);
}

TEST(GivenHost, SeveralStandInTheirOrder) {
  const Schedule schedule = hosts_given({"b:25", "a:636"}, std::nullopt, "--host");
  ASSERT_EQ(schedule.entries.size(), 2U);
  EXPECT_EQ(schedule.entries[1].host, "a");
  EXPECT_EQ(schedule.entries[1].line, 2);
}

TEST(GivenHost, MistakesAreToldInOneLine) {
  const auto complaint = [](const std::vector<std::string>& given) -> std::string {
    try {
      hosts_given(given, std::nullopt, "--host");
    } catch (const Error& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_EQ(complaint({"mail.example.com"}),
            "--host mail.example.com is not HOST:PORT, for example mail.example.com:465");
  EXPECT_EQ(complaint({"ldaps://dc1:636"}),
            "--host ldaps://dc1:636 is not HOST:PORT, for example mail.example.com:465");
  EXPECT_EQ(complaint({"mail.example.com:0"}),
            "--host mail.example.com:0 names no port from 1 to 65535 behind its last colon");
  EXPECT_EQ(complaint({"mail.example.com:smtp"}),
            "--host mail.example.com:smtp names no port from 1 to 65535 behind its last colon");
  EXPECT_EQ(complaint({"2001:db8::1:636"}),
            "--host 2001:db8::1:636 is an IPv6 address without brackets: write "
            "[2001:db8::1]:636");
  EXPECT_EQ(complaint({"a:25", "a:25"}), "--host a:25 is given twice");
  EXPECT_TRUE(complaint({"a b:25"}).starts_with("--host `a b` "));
}

}  // namespace
}  // namespace startle::customer
