// What is found out about a client that says nothing of itself.

#include "cases/engine/probe.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"
#include "harness/base/error.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using sasl::Mechanism;
using subject::CredentialForm;
using subject::ExchangeRequest;
using subject::ExchangeResult;
using subject::Lack;
using subject::TrustForm;
using words::Mode;

// The built-in client, as far as `refuses` lets it.
class Limited final : public subject::Subject {
 public:
  enum class Answer { does, cannot, fails, leaks, is_nonsense };
  using Limit = Answer (*)(const client::Settings&);
  explicit Limited(Limit limit) : limit_(limit) {}

  std::string name() const override { return "limited"; }
  std::string version() const override { return "0"; }
  std::string tls_library() const override { return "none"; }
  const subject::Abilities& abilities() const override { return builtin_->abilities(); }
  net::Task<ExchangeResult> exchange(net::World& world,
                                     const ExchangeRequest& request) const override {
    const Answer answer = limit_(request.settings);
    if (answer == Answer::is_nonsense) throw Error(Fault::input, "w:1: nonsense");
    ExchangeResult result;
    if (answer == Answer::does) result = co_await builtin_->exchange(world, request);
    if (answer == Answer::leaks) static_cast<void>(co_await leaky_->exchange(world, request));
    if (answer == Answer::cannot) result.cannot = "not I";
    if (answer == Answer::fails || answer == Answer::leaks) {
      result.outcome = {.ending = words::Ending::refused, .sentence = "it does not work"};
    }
    co_return result;
  }

 private:
  Limit limit_;
  std::unique_ptr<subject::Subject> builtin_ = subject::make_subject("builtin");
  std::unique_ptr<subject::Subject> leaky_ = subject::make_subject("defect:binds-before-starttls");
};
using Answer = Limited::Answer;

RunOptions how() {
  static const bool clock_in_use = (tls::use_run_clock(), true);
  static_cast<void>(clock_in_use);
  static const auto mint = std::make_shared<certs::Mint>(
      kTestClock, certs::MintOptions{.key_cache = STARTLE_TEST_CACHE "/startle/keys"});
  RunOptions options;
  options.worker.clock = kTestClock;
  options.shared_mint = mint;
  return options;
}

const std::vector kModes{Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps};

TEST(Sanity, FindsTheModesThatWork) {
  const Limited client([](const client::Settings& told) {
    if (told.mode == Mode::ldaps) return Answer::cannot;
    return told.mode == Mode::ldap_starttls ? Answer::fails : Answer::does;
  });
  const Sanity found = sanity(tree_catalogue(), client, how(), {}, kModes);
  EXPECT_EQ(found.usable, (std::vector{Mode::smtp_starttls, Mode::smtps}));
  ASSERT_EQ(found.unusable.size(), 1U);
  EXPECT_EQ(found.unusable[0].mode, Mode::ldap_starttls);
  EXPECT_TRUE(found.unusable[0].why.ends_with("(it says: it does not work)"))
      << found.unusable[0].why;
}

TEST(Sanity, OfAClientThatCanAllIsSo) {
  const Limited client([](const client::Settings&) { return Answer::does; });
  const Sanity found = sanity(tree_catalogue(), client, how(), {}, kModes);
  EXPECT_EQ(found.usable, kModes);
  EXPECT_TRUE(found.unusable.empty());
}

TEST(Sanity, OfAClientThatGivesItsSecretAwayIsForTheCasesToTell) {
  const Limited client([](const client::Settings& told) {
    return told.mode == Mode::ldap_starttls ? Answer::leaks : Answer::fails;
  });
  const Sanity found =
      sanity(tree_catalogue(), client, how(), {}, {Mode::ldap_starttls, Mode::ldaps});
  EXPECT_EQ(found.usable, std::vector{Mode::ldap_starttls});
  EXPECT_EQ(found.unusable.size(), 1U);
}

TEST(Sanity, OfNonsenseIsAnErrorOfTheInput) {
  const Limited client([](const client::Settings&) { return Answer::is_nonsense; });
  try {
    sanity(tree_catalogue(), client, how(), {}, kModes);
    FAIL() << "it was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    EXPECT_STREQ(e.what(), "w:1: nonsense");
  }
}

TEST(Abilities, OfAClientThatCanAllAreAll) {
  const Limited client([](const client::Settings&) { return Answer::does; });
  const auto found = abilities_found(tree_catalogue(), client, how(), {}, kModes);
  EXPECT_TRUE(found.lacks.empty()) << found.lacks.size();
  EXPECT_EQ(found.modes, kModes);
  EXPECT_TRUE(found.takes_revocation_lists);
  EXPECT_EQ(found.tls_policies.size(), 2U);
}

TEST(Abilities, AreWhatTheClientFindsItsWayThrough) {
  // PLAIN alone, no anonymous bind, and none without a trust value in smtps.
  const Limited client([](const client::Settings& told) {
    if (told.mechanism && *told.mechanism != "PLAIN") return Answer::cannot;
    if (told.mode == Mode::smtps && !told.trust) return Answer::fails;
    if (!told.username && !told.mechanism) return Answer::fails;
    return told.tls_policy == words::TlsPolicy::enable ? Answer::fails : Answer::does;
  });
  const std::vector modes{Mode::smtps, Mode::ldaps};
  const auto found = abilities_found(tree_catalogue(), client, how(), {}, modes);
  EXPECT_EQ(found.modes, modes);
  EXPECT_EQ(found.tls_policies.size(), 2U) << "neither mode has a case of it";
  const auto lacks = [&found](const Lack& lack) {
    return std::count(found.lacks.begin(), found.lacks.end(), lack) > 0;
  };
  std::size_t expected = 0;
  for (std::size_t i = 0; i < count_of<Mechanism>(); ++i) {
    const auto mechanism = static_cast<Mechanism>(i);
    for (const Mode mode : modes) {
      const bool applies = mode == Mode::smtps || !sasl::is_for_mail_alone(mechanism);
      const bool lacking = applies && mechanism != Mechanism::plain;
      EXPECT_EQ(lacks({.mode = mode, .mechanism = mechanism}), lacking) << word(mechanism);
      expected += lacking ? 1 : 0;
    }
  }
  EXPECT_TRUE(lacks({.mode = Mode::smtps, .trust = TrustForm::absent}));
  EXPECT_TRUE(lacks({.mode = Mode::ldaps, .credential = CredentialForm::none}));
  EXPECT_EQ(found.lacks.size(), expected + 2);
}

TEST(Abilities, OfOneThatFallsBackInAnyCaseHaveNoSuchPolicy) {
  const Limited client([](const client::Settings& told) {
    return told.tls_policy == words::TlsPolicy::enable ? Answer::fails : Answer::does;
  });
  const auto found = abilities_found(tree_catalogue(), client, how(), {}, {Mode::smtp_starttls});
  EXPECT_EQ(found.tls_policies, std::vector{words::TlsPolicy::required});
}

TEST(Abilities, OfOneThatLosesItsRevocationListsTakeNone) {
  const Limited client([](const client::Settings& told) {
    return told.store && !told.store->revocation_lists_der().empty() ? Answer::fails : Answer::does;
  });
  const auto found = abilities_found(tree_catalogue(), client, how(), {}, {Mode::smtp_starttls});
  EXPECT_FALSE(found.takes_revocation_lists);
}

TEST(Abilities, OfNoModeAreNotTried) {
  const Limited client([](const client::Settings&) { return Answer::is_nonsense; });
  const auto found = abilities_found(tree_catalogue(), client, how(), {}, {});
  EXPECT_TRUE(found.modes.empty());
  EXPECT_TRUE(found.lacks.empty());
}

}  // namespace
}  // namespace startle::cases
