// Every read and every write of an exchange fails once, of the client's end and of the server's, in
// every mode and with every mechanism: there is always an ending, never a success that the server
// knows nothing of, and never a secret in clear.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/dialogue/secret.h"
#include "fake-servers/protocols.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/client/ldap_client.h"
#include "harness/client/smtp_client.h"
#include "harness/net/failing_for_test.h"
#include "harness/net/memory.h"
#include "harness/sasl/mechanism.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::Failure;
using net::Operations;
using net::Task;
using words::Ending;
using words::Mode;

enum class End { client, server };

struct Failing {
  End end = End::client;
  std::size_t n = 0;
  Failure how = Failure::broken;
};

// What one exchange stands on.
struct Exchange {
  net::World& world;
  const Server& server;
  const client::Settings& settings;
  const Failing& failing;
};

struct Ended {
  client::Outcome outcome{};
  Observation seen{};
  Operations operations{};  // of the end that fails
};

class FailingConnector final : public net::Connector {
 public:
  FailingConnector(const Exchange& with, Ended& into) : with_(with), into_(into) {}
  Task<net::ConnectResult> connect(std::string, std::uint16_t, net::Instant) override {
    net::StreamPair pair = net::make_memory_pair(with_.world);
    auto& failing = with_.failing.end == End::client ? pair.client : pair.server;
    failing =
        net::failing_at(std::move(failing), with_.failing.n, with_.failing.how, into_.operations);
    with_.world.spawn(serve(with_.world, std::move(pair.server), with_.server, into_.seen));
    co_return net::ConnectResult{.stream = std::move(pair.client)};
  }

 private:
  Exchange with_;
  Ended& into_;
};

Task<void> use(net::World& world, net::Connector& connector, const client::Settings& settings,
               client::Outcome& into) {
  const client::Decisions decisions;
  const bool mail = words::protocol_of(settings.mode) == words::Protocol::smtp;
  if (mail) into = co_await client::submit(world, connector, settings, decisions);
  if (!mail) into = co_await client::bind_and_search(world, connector, settings, decisions);
}

Ended exchange(const Server& server, const client::Settings& settings, const Failing& failing) {
  Ended ended;
  net::MemoryWorld world;
  FailingConnector connector({world, server, settings, failing}, ended);
  world.spawn(use(world, connector, settings, ended.outcome));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever:\n" << dialogue_of(ended.seen);
  return ended;
}

// ---- rows --------------------------------------------------------------------------------------

struct Row {
  Mode mode{};
  std::optional<sasl::Mechanism> mechanism{};  // nullopt: a simple bind, or nobody logs in
  bool logs_in = true;
  Ending ending{};  // where nothing fails
};

std::string name_of(const Row& row) {
  const std::string how = row.logs_in ? "simple bind" : "nobody logs in";
  return std::string(word(row.mode)) + ", " +
         (row.mechanism ? std::string(word(*row.mechanism)) : how);
}

// harness/oracle/README.md, "Modes": no credential is sent without TLS, and EXTERNAL has none
// there.
Row row_of(Mode mode, std::optional<sasl::Mechanism> mechanism) {
  const Ending success = words::row_of(words::protocol_of(mode)).success;
  const bool external = mechanism == sasl::Mechanism::external;
  if (words::demands_tls(mode)) return {.mode = mode, .mechanism = mechanism, .ending = success};
  return {.mode = mode,
          .mechanism = mechanism,
          .ending = external ? Ending::configuration_error : Ending::auth_unavailable};
}

std::vector<Row> every_row() {
  std::vector<Row> rows;
  for (std::size_t m = 0; m < count_of<Mode>(); ++m) {
    const auto mode = static_cast<Mode>(m);
    const bool directory = words::row_of(words::protocol_of(mode)).is_directory;
    if (directory) rows.push_back(row_of(mode, std::nullopt));
    for (std::size_t i = 0; i < count_of<sasl::Mechanism>(); ++i) {
      const auto mechanism = static_cast<sasl::Mechanism>(i);
      if (directory && sasl::is_for_mail_alone(mechanism)) continue;
      rows.push_back(row_of(mode, mechanism));
    }
    if (words::demands_tls(mode)) continue;
    rows.push_back({.mode = mode, .logs_in = false, .ending = Ending::delivered_in_clear});
  }
  return rows;
}

// One cache, as a worker has it.
const auto kSalted = std::make_shared<sasl::SaltedPasswords>();

certs::ClientIdentity identity() {
  static certs::Mint mint(certs::kTestClock);
  return *mint.client(certs::ClientCertificate::valid, kUser);
}

Server server_of(const Row& row) {
  const bool directory = words::row_of(words::protocol_of(row.mode)).is_directory;
  Server server = directory ? ldap_server_for_test() : server_for_test();
  server.mode = row.mode;
  server.salted_passwords = kSalted;
  server.script.accepts_in_clear = !words::demands_tls(row.mode);
  server.directory.anonymous_may_search = !row.logs_in;
  if (row.mechanism) server.sasl_mechanisms = {std::string(word(*row.mechanism))};
  if (row.mechanism == sasl::Mechanism::external) server.client_anchors = identity().anchors;
  return server;
}

client::Settings settings_of(const Row& row) {
  client::Settings settings{.mode = row.mode,
                            .host = certs::kTestHost,
                            .username = row.mechanism ? kUser : kUserDn,
                            .password = kCanary,
                            .trust = certs::kTestHost,
                            .trust_model = words::TrustModel::pkix,
                            .store = chain_called("valid").anchors,
                            .salted_passwords = kSalted,
                            .sender = kSender};
  if (!row.logs_in) settings.username.reset(), settings.password.reset();
  if (row.mechanism) settings.mechanism = std::string(word(*row.mechanism));
  if (row.mechanism == sasl::Mechanism::external) settings.certificate = identity().credentials;
  return settings;
}

// ---- what has to hold --------------------------------------------------------------------------

// What a client may end with whose connection has failed. A server that hears nothing more leaves,
// which its client sees as a connection lost.
std::vector<Ending> endings_of(const Failing& failing) {
  if (failing.end == End::client && failing.how == Failure::silent) return {Ending::timeout};
  return {Ending::connection_lost};
}

void expect_sound(const Row& row, const Failing& failing, const Ended& ended) {
  const client::Outcome& outcome = ended.outcome;
  const auto right = endings_of(failing);
  // Once what decides was heard, a failure on the way out changes nothing.
  const bool refused = !words::is_success(row.ending) && outcome.ending == row.ending;
  const bool heard = !ended.operations.failed || outcome.phase == client::Phase::quit || refused;
  if (heard) {
    EXPECT_EQ(word(outcome.ending), word(row.ending)) << outcome.sentence;
  } else {
    EXPECT_NE(std::find(right.begin(), right.end(), outcome.ending), right.end())
        << word(outcome.ending) << ": " << outcome.sentence;
  }
  if (words::is_success(outcome.ending)) {
    EXPECT_EQ(ended.seen.delivered, 1U) << "a success that the server knows nothing of";
  }
  EXPECT_EQ(violations(ended.seen, {.mode = row.mode, .secret = kCanary}),
            std::vector<words::Invariant>{});
  const std::string told = outcome.sentence + outcome.reply + dialogue_of(ended.seen);
  EXPECT_FALSE(holds_secret(told, kCanary)) << told;
}

constexpr std::array kEveryFailure{Failure::broken, Failure::closed, Failure::silent, Failure::cut};

// In each mode every operation fails in every way with PLAIN; with the other mechanisms, whose
// exchanges are the same but for the login, in one of the ways in turn.
std::vector<Failure> failures_of(const Row& row, std::size_t n) {
  if (row.mechanism == sasl::Mechanism::plain) return {kEveryFailure.begin(), kEveryFailure.end()};
  const auto turn = static_cast<std::size_t>(row.mechanism.value_or(sasl::Mechanism::xoauth2));
  return {kEveryFailure[(n + turn) % kEveryFailure.size()]};
}

// How many operations that end has where nothing fails.
std::size_t fail_each(const Row& row, End end) {
  const Server server = server_of(row);
  const client::Settings settings = settings_of(row);
  std::size_t operations = 0;
  for (std::size_t n = 0; n <= operations; ++n) {
    for (const Failure how : failures_of(row, n)) {
      const Failing failing{end, n, how};
      SCOPED_TRACE(name_of(row) + ": operation " + std::to_string(n) + " of the " +
                   (end == End::client ? "client" : "server") + ", failure " +
                   std::to_string(static_cast<int>(how)));
      const Ended ended = exchange(server, settings, failing);
      expect_sound(row, failing, ended);
      if (testing::Test::HasFailure()) return 0;
      if (ended.operations.failed) operations = std::max(operations, n + 1);
      // None has the number n: it got through, whatever was to fail.
      if (!ended.operations.failed) break;
    }
    if (n > 500) return ADD_FAILURE() << "no run gets through", 0;
  }
  return operations;
}

TEST(FailingOperation, EveryOneOfEveryModeAndMechanismHasAnEnding) {
  std::size_t all = 0;
  for (const Row& row : every_row()) {
    const std::size_t client = fail_each(row, End::client);
    const std::size_t server = fail_each(row, End::server);
    if (HasFailure()) return;
    std::printf("%-36s %3zu operations of the client, %3zu of the server\n", name_of(row).c_str(),
                client, server);
    all += client + server;
    if (row.ending == Ending::configuration_error) {
      EXPECT_EQ(client, 0U) << "it connects to nobody";
      continue;
    }
    // A handshake, a login, what it is for and leaving: no exchange is shorter. To leave alone is
    // one write.
    const std::size_t least = words::demands_tls(row.mode)    ? 11
                              : words::is_success(row.ending) ? 5
                                                              : 1;
    EXPECT_GE(client, least);
    EXPECT_GE(server, least);
  }
  std::printf("%zu operations in all\n", all);
  RecordProperty("operations", static_cast<int>(all));
}

}  // namespace
}  // namespace startle::fake
