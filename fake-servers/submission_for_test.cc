#include "fake-servers/submission_for_test.h"

#include <gtest/gtest.h>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/dialogue/secret.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/client/smtp_client.h"
#include "harness/net/memory.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::Task;

// Whoever connects is served.
class ServingConnector final : public net::Connector {
 public:
  ServingConnector(net::World& world, const Submission& submission, Observation& seen)
      : world_(world), submission_(submission), seen_(seen) {}

  Task<net::ConnectResult> connect(std::string host, std::uint16_t port, net::Instant) override {
    EXPECT_EQ(host, submission_.settings.host);
    EXPECT_EQ(port, submission_.settings.port);
    net::StreamPair pair = net::make_memory_pair(world_);
    world_.spawn(serve(world_, std::move(pair.server), submission_.server, seen_));
    if (submission_.around) pair.client = submission_.around(std::move(pair.client));
    co_return net::ConnectResult{.stream = std::move(pair.client)};
  }

 private:
  net::World& world_;
  const Submission& submission_;
  Observation& seen_;
};

Task<void> use(net::World& world, net::Connector& connector, const client::Settings& settings,
               const client::Decisions& decisions, Submitted& into) {
  into.outcome = co_await client::submit(world, connector, settings, decisions);
  into.took = world.now();
}

void expect_nothing_in_clear(const Submission& submission, const Observation& seen) {
  if (submission.settings.mode != words::Mode::smtp_starttls) return;
  const std::string hello = "EHLO " + submission.settings.ehlo_name;
  for (const std::string& command : seen.clear_commands) {
    EXPECT_TRUE(command == hello || command == "STARTTLS" || command == "QUIT") << command;
  }
  EXPECT_FALSE(holds_secret(seen.bytes_in_clear, submission.server.secret));
}

}  // namespace

Submission submission_for_test(Script script, const std::string& recipe) {
  const certs::Chain& chain = chain_called(recipe);
  Submission made{.server = server_for_test(std::move(script))};
  made.server.credentials = chain.server;
  made.server.versions = chain.versions;
  made.settings = {.host = certs::kTestHost,
                   .username = kUser,
                   .password = kCanary,
                   .trust = certs::kTestHost,
                   .trust_model = words::TrustModel::pkix,
                   .store = chain.anchors,
                   .sender = kSender};
  return made;
}

Submitted submit(const Submission& submission) {
  Submitted result;
  net::MemoryWorld world;
  const client::Decisions decisions;
  ServingConnector connector(world, submission, result.seen);
  world.spawn(use(world, connector, submission.settings, decisions, result));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever:\n" << dialogue_of(result.seen);
  expect_nothing_in_clear(submission, result.seen);
  EXPECT_FALSE(holds_secret(result.outcome.sentence + " " + result.outcome.reply, kCanary));
  if (words::is_success(result.outcome.ending)) {
    EXPECT_EQ(result.seen.delivered, 1U) << "a success that the server knows nothing of";
  }
  return result;
}

std::string dialogue_of(const Observation& seen) {
  std::string text;
  for (const std::string& line : lines_of(seen)) text += line + "\n";
  return text;
}

}  // namespace startle::fake
