// A protocol's row has everything that somebody asks it for.

#include "fake-servers/protocols.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace startle::fake {
namespace {

TEST(ServerProtocols, StandUnderTheirNames) {
  for (const words::ProtocolRow& row : words::kProtocolRows) {
    EXPECT_EQ(server_protocol(row.value).protocol, row.value) << row.word;
  }
}

TEST(ServerProtocols, LackNothing) {
  for (const words::ProtocolRow& row : words::kProtocolRows) {
    const ServerProtocol& protocol = server_protocol(row.value);
    EXPECT_TRUE(protocol.conversation && protocol.traits_of && protocol.worded_reply &&
                protocol.is_result)
        << row.word;
    for (const std::string_view text :
         {protocol.foreign_step, protocol.foreign_step_why, protocol.result_form,
          protocol.nothing_done, protocol.tls_clause}) {
      EXPECT_NE(text, "") << row.word;
    }
    // What the server's side shows and every protocol says in its own way.
    using enum words::Invariant;
    std::set<words::Invariant> advised;
    for (const Advice& advice : protocol.advice) {
      EXPECT_TRUE(!advice.why.empty() && !advice.fix.empty()) << row.word;
      EXPECT_TRUE(advised.insert(advice.invariant).second) << row.word;
    }
    EXPECT_EQ(advised, (std::set{secret_in_clear, payload_in_clear, secret_to_refused_peer,
                                 continued_after_refusal, believed_injected_bytes,
                                 did_not_await_tls, stale_capabilities, hung}))
        << row.word;
  }
}

TEST(ServerProtocols, HaveEveryPointBetweenThem) {
  for (std::size_t i = 0; i < kPoints.size(); ++i) {
    const auto point = static_cast<Point>(i);
    EXPECT_TRUE(std::any_of(std::begin(words::kProtocolRows), std::end(words::kProtocolRows),
                            [point](const words::ProtocolRow& row) {
                              return has_point(server_protocol(row.value), point);
                            }))
        << kPoints[i];
  }
}

// In each mode: what is said before TLS, for TLS and inside it.
TEST(ServerProtocols, HaveTheirPointsOnTheRightSideOfTls) {
  for (const words::ModeRow& mode : words::kModeRows) {
    const ServerProtocol& protocol = server_protocol(mode.protocol);
    EXPECT_EQ(comes_to(protocol, mode.value, Point::starttls), mode.tls == words::Tls::starttls)
        << mode.word;
    for (const PointRow& row : protocol.points) {
      const bool comes = comes_to(protocol, mode.value, row.point);
      const std::map<PointRow::When, bool> expected{
          {PointRow::When::always, true},
          {PointRow::When::before_tls, mode.tls != words::Tls::implicit},
          {PointRow::When::starttls, mode.tls == words::Tls::starttls},
          {PointRow::When::in_tls, mode.tls != words::Tls::none}};
      EXPECT_EQ(comes, expected.at(row.when)) << mode.word;
    }
  }
  EXPECT_FALSE(
      comes_to(server_protocol(words::Protocol::smtp), words::Mode::smtp_plain, Point::bind));
}

}  // namespace
}  // namespace startle::fake
