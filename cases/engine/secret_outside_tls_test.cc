// Whatever the client is and wherever it says it: its password outside TLS, before, between, behind
// or inside of TLS records, is a leak, in memory and over TCP, in every mode that demands TLS.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>

#include "cases/engine/run_for_test.h"
#include "harness/base/bytes.h"
#include "harness/net/tap.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;

bool is_record(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] >= 20 && bytes[0] <= 23 && bytes[1] == 3;
}

// Puts `secret` somewhere into what is written from the ClientHello on, once.
net::Tap injector(unsigned seed, std::string secret, std::atomic<unsigned>& injected) {
  auto random = std::make_shared<std::mt19937>(seed);
  const auto pick = [random](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(*random);
  };
  // A client in haste writes twice: its ClientHello, and what it says first inside TLS.
  auto left = std::make_shared<std::size_t>(pick(2) + 1);
  return [pick, left, secret = std::move(secret),
          &injected](std::string_view bytes) -> std::optional<std::string> {
    if (*left == 0 || !is_record(bytes) || --*left > 0) return std::nullopt;
    std::string changed(bytes);
    const std::size_t places[] = {0, changed.size(), pick(changed.size() + 1)};
    changed.insert(places[pick(3)], secret);
    ++injected;
    return changed;
  };
}

class Tapping final : public net::Connector {
 public:
  Tapping(net::Connector& inner, net::Tap tap) : inner_(inner), tap_(std::move(tap)) {}
  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override {
    net::ConnectResult made = co_await inner_.connect(std::move(host), port, deadline);
    if (made.stream) made.stream = net::tapped(std::move(made.stream), tap_);
    co_return made;
  }

 private:
  net::Connector& inner_;
  net::Tap tap_;
};

// The built-in client, with its password put beside its TLS.
class Leaking final : public subject::Subject {
 public:
  std::string name() const override { return "leaking"; }
  std::string version() const override { return "0"; }
  std::string tls_library() const override { return "none"; }
  const subject::Abilities& abilities() const override { return builtin_->abilities(); }
  net::Task<subject::ExchangeResult> exchange(
      net::World& world, const subject::ExchangeRequest& request) const override {
    const unsigned seed = ++seed_;
    const std::string& password = *request.settings.password;
    const std::string secret = seed % 2 == 0 ? password : to_base64("12" + password) + "\r\n";
    Tapping connector(request.connector, injector(seed, secret, injected_));
    const subject::ExchangeRequest tapped{.connector = connector,
                                          .endpoint = request.endpoint,
                                          .settings = request.settings,
                                          .trust = request.trust};
    co_return co_await builtin_->exchange(world, tapped);
  }
  unsigned injected() const { return injected_; }

 private:
  std::unique_ptr<subject::Subject> builtin_ = subject::make_subject("builtin");
  mutable std::atomic<unsigned> seed_ = 0;
  mutable std::atomic<unsigned> injected_ = 0;
};

class SecretOutsideTlsTest : public testing::TestWithParam<Transport> {};

TEST_P(SecretOutsideTlsTest, IsALeakWhereverItStands) {
  Plan plan{.matrices = {trust_matrix()}};
  for (const char* mode : {"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}) {
    for (const char* trust : {"host", "any", "list", "padded", "tab", "any-with-host"}) {
      plan.globs.push_back(std::string("matrix/trust/mode=") + mode + "/trust=" + trust +
                           "/certificate=valid/credential=valid");
    }
  }
  const Leaking client;
  // Each waits for its server to be sure that nothing more comes: all of them at once.
  const unsigned jobs = GetParam() == Transport::tcp ? 12 : 2;
  const Ran ran =
      run_plan(plan, client, {.worker = {.transport = GetParam(), .deadline = 20s}, .jobs = jobs});
  ASSERT_EQ(ran.verdicts.size(), 24U);
  EXPECT_EQ(client.injected(), 24U);
  for (const report::Verdict& v : ran.verdicts) {
    EXPECT_TRUE(std::find(v.violations.begin(), v.violations.end(),
                          words::Invariant::secret_in_clear) != v.violations.end())
        << v.id << ": " << v.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(Transports, SecretOutsideTlsTest,
                         testing::Values(Transport::memory, Transport::tcp),
                         [](const auto& row) { return std::string(word(row.param)); });

}  // namespace
}  // namespace startle::cases
