#include "harness/words/protocol.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace startle::words {
namespace {

TEST(Modes, AreWhatTheirProtocolAndTheirTlsMake) {
  for (const ModeRow& row : kModeRows) {
    EXPECT_EQ(mode_of(row.protocol, row.tls), row.value) << row.word;
    EXPECT_EQ(protocol_of(row.value), row.protocol) << row.word;
    EXPECT_EQ(is_implicit_tls(row.value), row.tls == Tls::implicit) << row.word;
    EXPECT_EQ(demands_tls(row.value), row.tls != Tls::none) << row.word;
  }
}

// RFC 3207, 6409, 8314 and 4511: STARTTLS begins where clear does, implicit TLS elsewhere.
TEST(Modes, HaveAPortAndAScheme) {
  for (const ProtocolRow& protocol : kProtocolRows) {
    const ModeRow& clear = mode_row(protocol.value, Tls::none);
    const ModeRow& starttls = mode_row(protocol.value, Tls::starttls);
    const ModeRow& implicit = mode_row(protocol.value, Tls::implicit);
    EXPECT_EQ(clear.port, starttls.port) << protocol.word;
    EXPECT_NE(clear.port, implicit.port) << protocol.word;
    EXPECT_EQ(clear.scheme, protocol.word);
    EXPECT_EQ(starttls.scheme, protocol.word);
    EXPECT_EQ(implicit.scheme, std::string(protocol.word) + "s");
  }
  EXPECT_EQ(mode_row(Protocol::smtp, Tls::implicit).port, 465);
  EXPECT_EQ(mode_row(Protocol::ldap, Tls::implicit).port, 636);
}

TEST(Protocols, HaveASuccessOfTheirOwn) {
  std::set<Ending> endings;
  for (const ProtocolRow& row : kProtocolRows) {
    EXPECT_TRUE(is_success(row.success)) << row.word;
    EXPECT_TRUE(endings.insert(row.success).second) << row.word;
  }
}

}  // namespace
}  // namespace startle::words
