// What goes over the wire to authenticate, mechanism by mechanism, and which mechanism is chosen.

#include "harness/client/smtp_sasl.h"

#include <gtest/gtest.h>

namespace startle::client {
namespace {

using Answers = std::vector<std::string>;

Settings settings(const std::string& password = "secret") {
  return {.username = "user", .password = password};
}

struct ExchangeRow {
  const char* name;
  Mechanism mechanism;
  Settings settings;
  std::string command;
  Answers answers;
};

TEST(SaslExchange, IsWhatItsRfcSays) {
  for (const ExchangeRow& row :
       {ExchangeRow{"PLAIN", Mechanism::plain, settings(), "AUTH PLAIN AHVzZXIAc2VjcmV0",
                    Answers{}},
        {"PLAIN of no password", Mechanism::plain, settings(""), "AUTH PLAIN AHVzZXIA", {}},
        {"LOGIN", Mechanism::login, settings(), "AUTH LOGIN", {"dXNlcg==", "c2VjcmV0"}},
        {"EXTERNAL", Mechanism::external, {}, "AUTH EXTERNAL =", {}},
        {"EXTERNAL sends no password", Mechanism::external, settings(), "AUTH EXTERNAL =", {}}}) {
    SCOPED_TRACE(row.name);
    const SaslExchange exchange = sasl_exchange(row.mechanism, row.settings);
    EXPECT_EQ(exchange.command, row.command);
    EXPECT_EQ(exchange.answers, row.answers);
  }
}

// RFC 4954, 4: a command line has 512 octets with CRLF.
TEST(SaslExchange, APasswordTooLongForOneLineGoesInAnAnswer) {
  for (std::size_t size = 300; size < 500; ++size) {
    const SaslExchange exchange = sasl_exchange(Mechanism::plain, settings(std::string(size, 'x')));
    const std::size_t secret = (size + 6 + 2) / 3 * 4;
    const bool fits = 11 + secret + 2 <= 512;
    EXPECT_EQ(exchange.answers.empty(), fits) << size;
    EXPECT_EQ(exchange.command.size(), fits ? 11 + secret : 10) << size;
  }
}

struct ChoiceRow {
  const char* name;
  std::vector<std::string> offered;
  bool inside_tls;
  std::optional<std::string> configured;
  const char* chosen;
};

TEST(Mechanism, IsOfferedInsideTlsAndTheConfiguredOneIfAny) {
  for (const ChoiceRow& row :
       {ChoiceRow{"all", {"EXTERNAL", "LOGIN", "PLAIN"}, true, std::nullopt, "PLAIN"},
        {"no PLAIN", {"EXTERNAL", "LOGIN"}, true, std::nullopt, "LOGIN"},
        {"EXTERNAL only when asked for", {"EXTERNAL"}, true, std::nullopt, "none"},
        {"EXTERNAL", {"EXTERNAL", "LOGIN", "PLAIN"}, true, "EXTERNAL", "EXTERNAL"},
        {"EXTERNAL not offered", {"LOGIN", "PLAIN"}, true, "EXTERNAL", "none"},
        {"LOGIN", {"LOGIN", "PLAIN"}, true, "LOGIN", "LOGIN"},
        {"in clear", {"EXTERNAL", "LOGIN", "PLAIN"}, false, std::nullopt, "none"},
        {"EXTERNAL in clear", {"EXTERNAL"}, false, "EXTERNAL", "none"}}) {
    SCOPED_TRACE(row.name);
    const Decisions decisions;
    const auto chosen =
        decisions.mechanism({.auth = row.offered}, row.inside_tls, {.mechanism = row.configured});
    EXPECT_EQ(chosen ? word(*chosen) : "none", row.chosen);
  }
}

}  // namespace
}  // namespace startle::client
