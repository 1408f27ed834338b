// The yardsticks do what they are measured for: both verify.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/load/bare_handshake.h"
#include "harness/load/bare_tcp_handshake.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

namespace startle {
namespace {

class BareHandshakes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { tls::use_run_clock(); }
  void SetUp() override {
    tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  }

  const std::string der_ = tls::self_signed({.dns_names = {"smtp.example.test"}});
  const std::shared_ptr<const tls::ServerCredentials> server_ =
      std::make_shared<const tls::ServerCredentials>(std::vector{der_}, tls::key_for_test());
  const tls::TrustStore anchors_{{der_}};
  const tls::TrustStore no_anchors_{{}};
};

TEST_F(BareHandshakes, TheChainOfTheHostIsTakenInMemory) {
  const BareHandshake bare(server_, anchors_, "smtp.example.test");
  EXPECT_TRUE(bare.run());
  EXPECT_TRUE(bare.run()) << "a second time";
}

TEST_F(BareHandshakes, TheChainOfAnotherHostIsRefusedInMemory) {
  EXPECT_FALSE(BareHandshake(server_, anchors_, "other.example.test").run());
}

TEST_F(BareHandshakes, AChainWithoutAnchorIsRefusedInMemoryUnlessNothingIsVerified) {
  EXPECT_FALSE(BareHandshake(server_, no_anchors_, "smtp.example.test").run());
  EXPECT_TRUE(BareHandshake(server_, no_anchors_, "smtp.example.test", {.verifies = false}).run());
}

TEST_F(BareHandshakes, TheChainOfTheHostIsTakenOverTcp) {
  BareTcpHandshake bare(server_, anchors_, "smtp.example.test");
  EXPECT_TRUE(bare.run());
  EXPECT_TRUE(bare.run()) << "a second time";
}

TEST_F(BareHandshakes, OverTcpARefusalIsNotTheEnd) {
  BareTcpHandshake other(server_, anchors_, "other.example.test");
  EXPECT_FALSE(other.run());
  EXPECT_FALSE(other.run()) << "the server goes on";
  BareTcpHandshake unknown(server_, no_anchors_, "smtp.example.test");
  EXPECT_FALSE(unknown.run());
}

TEST_F(BareHandshakes, OverTcpAHandshakeThatComesToNothingIsNoRefusal) {
  const auto nonsense = std::make_shared<const tls::ServerCredentials>(
      std::vector<std::string>{"no certificate"}, tls::key_for_test());
  BareTcpHandshake bare(nonsense, anchors_, "smtp.example.test");
  EXPECT_THROW(bare.run(), Error);
}

TEST_F(BareHandshakes, OverTcpTheServersShareOfTheCostIsKnown) {
  BareTcpHandshake bare(server_, anchors_, "smtp.example.test");
  const Microseconds before = bare.server_cpu_time();
  EXPECT_TRUE(bare.run());
  EXPECT_GT(bare.server_cpu_time(), before);
}

}  // namespace
}  // namespace startle
