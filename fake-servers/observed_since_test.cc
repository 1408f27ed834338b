#include "fake-servers/dialogue/observed_since.h"

#include <gtest/gtest.h>

namespace startle::fake {
namespace {

TEST(ObservedSince, IsWhatHasComeLater) {
  const Observation before{.connections = 2,
                           .handshakes = 1,
                           .tls_version = "TLS1.3",
                           .alert = "close_notify",
                           .delivered = 1,
                           .bytes_in_clear = "EHLO",
                           .bytes_in_tls = "AUTH",
                           .clear_commands = {"EHLO x"},
                           .tls_commands = {"AUTH PLAIN", "QUIT"}};
  Observation whole = before;
  whole.connections = 3;
  whole.delivered = 3;
  whole.bytes_in_tls += " MAIL";
  whole.tls_commands.emplace_back("MAIL FROM:<a@b>");
  const Observation later = observed_since(before, whole);
  EXPECT_EQ(later.connections, 1U);
  EXPECT_EQ(later.handshakes, 0U);
  EXPECT_EQ(later.delivered, 2U);
  EXPECT_EQ(later.bytes_in_clear, "");
  EXPECT_EQ(later.bytes_in_tls, " MAIL");
  EXPECT_TRUE(later.clear_commands.empty());
  EXPECT_EQ(later.tls_commands, std::vector<std::string>{"MAIL FROM:<a@b>"});
  // Of a handshake before.
  EXPECT_EQ(later.tls_version, "");
  EXPECT_EQ(later.alert, "");
}

TEST(ObservedSince, AHandshakeCountsWhereItWas) {
  Observation whole;
  whole.handshakes = 1;
  whole.tls_version = "TLS1.3";
  EXPECT_EQ(observed_since({}, whole).tls_version, "TLS1.3");
}

}  // namespace
}  // namespace startle::fake
