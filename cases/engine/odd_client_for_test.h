#pragma once
// Clients of tests that misbehave in one exchange among others.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "cases/engine/run_for_test.h"
#include "harness/net/world.h"

namespace startle::cases {

// The built-in client, but for exchanges whose trust value names kMarked.
inline constexpr std::string_view kMarked = "third.example.test";

class SometimesOdd : public subject::Subject {
 public:
  std::string name() const override { return "odd"; }
  std::string version() const override { return "0"; }
  std::string tls_library() const override { return "none"; }
  const subject::Abilities& abilities() const override { return builtin_->abilities(); }
  net::Task<subject::ExchangeResult> exchange(
      net::World& world, const subject::ExchangeRequest& request) const override {
    const auto& trust = request.settings.trust;
    const bool odd = trust && trust->find(kMarked) != std::string::npos;
    return odd ? misbehave(world, request) : builtin_->exchange(world, request);
  }

 protected:
  virtual net::Task<subject::ExchangeResult> misbehave(
      net::World& world, const subject::ExchangeRequest& request) const = 0;

 private:
  std::unique_ptr<subject::Subject> builtin_ = subject::make_subject("builtin");
};

// One marked cell among others, before and after it.
inline Plan plan_with_one_odd() {
  return {.matrices = {trust_matrix()},
          .globs = {"*/mode=smtp-starttls/trust=upper-case/certificate=valid/credential=valid",
                    "*/mode=smtp-starttls/trust=list/certificate=valid/credential=valid",
                    "*/mode=smtp-starttls/trust=any/certificate=valid/*"}};
}

inline void expect_one_odd(const Ran& ran, report::VerdictKind kind, const std::string& reason) {
  ASSERT_EQ(ran.verdicts.size(), 21U);
  for (const report::Verdict& v : ran.verdicts) {
    const bool odd = v.id.find("trust=list/") != std::string::npos;
    EXPECT_EQ(v.kind, odd ? kind : report::VerdictKind::pass) << v.id << ": " << v.reason;
    if (odd) {
      EXPECT_EQ(v.reason, reason);
    }
  }
  EXPECT_NE(ran.verdicts[1].id.find("trust=list/"), std::string::npos);  // still in its place
}

// Connects and waits for something that never comes.
class WaitsForEver final : public SometimesOdd {
  net::Task<subject::ExchangeResult> misbehave(net::World& world,
                                               const subject::ExchangeRequest& to) const override {
    const auto connected =
        co_await to.connector.connect(to.settings.host, to.settings.port, net::kNever);
    EXPECT_NE(connected.stream, nullptr);
    net::Signal never(world);
    co_await never.wait(net::kNever);
    co_return subject::ExchangeResult{};
  }
};

}  // namespace startle::cases
