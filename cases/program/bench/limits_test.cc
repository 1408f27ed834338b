#include "cases/program/bench/limits.h"

#include <gtest/gtest.h>

#include "cases/program/bench/latency.h"
#include "cases/program/given_url.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

using namespace std::chrono_literals;

// A hundred handshakes in two seconds, of 1 to 100 ms each.
Row row_for_test() {
  Row row{.plan = {.name = "capacity"}, .wall_s = 2, .client_cpu_us = 50'000};
  row.result.done = 100;
  for (int i = 1; i <= 100; ++i) {
    row.result.took[static_cast<std::size_t>(load::Part::tls)].add(std::chrono::milliseconds(i));
  }
  return row;
}

std::vector<std::string> held_to(const std::string& limit, const Row& row) {
  return exceeded({parse_bench_limit(limit)}, {row});
}

TEST(BenchLimits, AreHeldAgainstEachRow) {
  const Row row = row_for_test();
  for (const char* limit : {"tls.p99>100ms", "tls.p50>51ms", "tls.max>0.1s", "tls.p90<90ms",
                            "handshakes_per_s<50", "failures>0", "tls.max>100000us"}) {
    EXPECT_EQ(held_to(limit, row), std::vector<std::string>{}) << limit;
  }
  EXPECT_EQ(held_to("tls.p99>98ms", row),
            std::vector<std::string>{"capacity: tls.p99 is 99.0 ms: --fail-if tls.p99>98ms"});
  EXPECT_EQ(held_to("tls.p50<1s", row),
            std::vector<std::string>{"capacity: tls.p50 is 50.0 ms: --fail-if tls.p50<1s"});
  EXPECT_EQ(held_to("handshakes_per_s<50.1", row),
            std::vector<std::string>{
                "capacity: handshakes_per_s is 50.0: --fail-if handshakes_per_s<50.1"});
  Row failing = row;
  failing.result.failures[words::Ending::timeout] = 1;
  EXPECT_EQ(held_to("failures>0", failing),
            std::vector<std::string>{"capacity: failures is 1.00: --fail-if failures>0"});
  EXPECT_EQ(exceeded({parse_bench_limit("tls.p99>1ms")}, {row, row}).size(), 2U);
}

// A limit that nothing was held to is no success.
TEST(BenchLimits, ThatNoRowHasMeasuredAreTold) {
  Row row = row_for_test();
  const std::vector<std::string> untold{"--fail-if go-ahead.p99>1ms: no row has measured that"};
  EXPECT_EQ(held_to("go-ahead.p99>1ms", row), untold);
  row.plan.transport = cases::Transport::memory;
  EXPECT_EQ(held_to("tls.p99>1s", row).size(), 1U);
  row.result.done = 0;
  EXPECT_EQ(held_to("handshakes_per_s<1", row),
            std::vector<std::string>{"--fail-if handshakes_per_s<1: no row has measured that"});
}

TEST(BenchLimits, AreReadStrictly) {
  for (const char* limit :
       {"", "tls.p99", "tls.p99>", "tls.p99>x", "tls.p99>5", "tls.p99>5min", "tls.p98>5ms",
        "tsl.p99>5ms", "handshakes_per_s<5ms", "failures>-1", "p99>5ms", ">5ms"}) {
    EXPECT_THROW(parse_bench_limit(limit), Error) << limit;
  }
  const BenchLimit limit = parse_bench_limit("total.p99.9>1.5ms");
  EXPECT_EQ(limit.metric, "total.p99.9");
  EXPECT_EQ(limit.value, 1500);
}

TEST(BenchRow, HasNoRateWhereThatWouldMeanNothing) {
  Row row = row_for_test();
  EXPECT_EQ(row.rate(), 50.0);
  row.result.failures[words::Ending::timeout] = 1;
  EXPECT_EQ(row.rate(), 50.0) << "one of a hundred and one";
  row.result.failures[words::Ending::timeout] = 2;
  EXPECT_EQ(row.rate(), std::nullopt);
  row.result.failures = {{words::Ending::throttled, 1}};
  row.result.done = 100'000;
  EXPECT_EQ(row.rate(), std::nullopt);
  EXPECT_EQ(Row{}.rate(), std::nullopt);
}

TEST(BenchGroups, AreKnownByGnutlsWordsToo) {
  EXPECT_EQ(group_called("SECP256R1"), BenchGroup::p256);
  EXPECT_EQ(group_called("X25519"), BenchGroup::x25519);
  EXPECT_EQ(group_called("FFDHE2048"), std::nullopt);
  EXPECT_EQ(group_called(""), std::nullopt);
}

TEST(BenchNumbers, HaveThreeDigits) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(Row{}.client_cpu_per_handshake()), "-") << "of no handshakes at all";
  EXPECT_EQ(number_text(0.012345), "0.0123");
  EXPECT_EQ(number_text(1.2345), "1.23");
  EXPECT_EQ(number_text(123456), "123456");
  EXPECT_EQ(duration_text(412.4), "412 us");
  EXPECT_EQ(duration_text(1234), "1.23 ms");
  EXPECT_EQ(duration_text(10.5e6), "10.5 s");
}

struct UrlRow {
  const char* text;
  words::Mode mode;
  const char* host;
  std::uint16_t port;
};

TEST(GivenUrl, IsReadWithItsPort) {
  using enum words::Mode;
  for (const UrlRow& row : {UrlRow{"smtp://localhost", smtp_starttls, "localhost", 25},
                            {"smtps://mail.example.com/", smtps, "mail.example.com", 465},
                            {"ldap://127.0.0.1:1389", ldap_starttls, "127.0.0.1", 1389},
                            {"ldaps://[::1]:1636", ldaps, "::1", 1636},
                            {"ldaps://[::1]", ldaps, "::1", 636}}) {
    const GivenUrl url = parse_given_url(row.text);
    EXPECT_EQ(url.mode, row.mode) << row.text;
    EXPECT_EQ(url.host, row.host) << row.text;
    EXPECT_EQ(url.port, row.port) << row.text;
  }
  for (const char* bad :
       {"localhost", "http://localhost", "smtp://", "smtp://:25", "smtp://a:0", "smtp://a:65536",
        "smtp://a:x", "smtp://a/b", "smtp://u@a", "smtp://[::1", "smtp://a:"}) {
    EXPECT_THROW(parse_given_url(bad), Error) << bad;
  }
}

TEST(GivenUrl, IsOfThisMachine) {
  for (const char* here : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(is_here(here)) << here;
  }
  for (const char* elsewhere : {"mail.example.com", "192.0.2.1", "2001:db8::1",
                                "localhost.example.com", "127.example.com", "0.0.0.0"}) {
    EXPECT_FALSE(is_here(elsewhere)) << elsewhere;
  }
}

}  // namespace
}  // namespace startle::program
