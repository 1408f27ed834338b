#include "cases/engine/worker.h"

#include <algorithm>
#include <string>
#include <utility>

#include "cases/engine/trust_pem.h"
#include "cases/engine/wire_evidence.h"
#include "fake-servers/dialogue/observed_since.h"
#include "fake-servers/ldap/server.h"
#include "harness/net/memory.h"
#include "harness/net/tcp.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using net::Task;

// Where a script of a directory refers its clients to; over TCP any free port takes its place.
constexpr std::uint16_t kReferralPort = 10389;

struct Servers {
  net::World& world;
  Recording recording;
  const fake::Server& server;
  fake::Observation& seen;
};

// Until interrupted, which the client's end does. Why nobody can be accepted is a failure of the
// server, for as long as it lasts.
template <class Meet>
Task<void> accept_all(net::Acceptor& acceptor, fake::Observation& seen, Meet meet) {
  std::string trouble;
  acceptor.on_trouble([&](const std::string& why) {
    trouble = "the server " + why;
    seen.server_failure = trouble;
  });
  while (auto stream = co_await acceptor.accept()) {
    if (!trouble.empty() && seen.server_failure == trouble) seen.server_failure.clear();
    trouble.clear();
    meet(std::move(stream));
  }
  acceptor.on_trouble(nullptr);
}

Task<void> serve(const Servers& with, net::Acceptor& acceptor) {
  return accept_all(acceptor, with.seen, [with](std::unique_ptr<net::Stream> stream) {
    with.world.spawn(fake::serve(with.world, with.recording.of(with.world, std::move(stream)),
                                 with.server, with.seen));
  });
}

Task<void> serve_referrals(const Servers& with, net::Acceptor& acceptor) {
  return accept_all(acceptor, with.seen, [with](std::unique_ptr<net::Stream> stream) {
    with.world.spawn(fake::serve_referred(with.world,
                                          with.recording.of_referral(with.world, std::move(stream)),
                                          with.server, with.seen));
  });
}

struct Client {
  const subject::Subject& subject;
  const subject::ExchangeRequest& request;
};

Task<void> use(net::World& world, const Client& client, net::Acceptor& acceptor,
               net::Acceptor* referral, Run& run) {
  subject::ExchangeResult result = co_await client.subject.exchange(world, client.request);
  run.outcome = std::move(result.outcome);
  run.printed = std::move(result.printed);
  run.cannot = std::move(result.cannot);
  run.hung = result.hung;
  acceptor.finish();
  if (referral != nullptr) referral->finish();
  if (client.subject.standing().is_program) world.stop();
}

// ---- of a process ------------------------------------------------------------------------------

// Whom the next connection meets.
struct Stage {
  net::World& world;
  fake::Observation& seen;
  const fake::Server* server = nullptr;
  Recording recording{};
  std::size_t dialogues = 0;  // under way
};

Task<void> serve_one(Stage& stage, const fake::Server& server,
                     std::unique_ptr<net::Stream> stream) {
  ++stage.dialogues;
  co_await fake::serve(stage.world, std::move(stream), server, stage.seen);
  --stage.dialogues;
}

Task<void> serve_process(Stage& stage, net::Acceptor& acceptor) {
  return accept_all(acceptor, stage.seen, [&stage](std::unique_ptr<net::Stream> stream) {
    stage.world.spawn(
        serve_one(stage, *stage.server, stage.recording.of(stage.world, std::move(stream))));
  });
}

// Until all servers but those of open connections have seen how their client left.
Task<void> settle(Stage& stage, std::size_t open, bool is_program) {
  // Nobody says how many connections a program keeps open.
  const net::Instant end = stage.world.now() + (is_program ? 500ms : 15s);
  std::chrono::milliseconds pause = 1ms;
  while (stage.dialogues > open && stage.world.now() < end) {
    co_await stage.world.sleep_until(stage.world.now() + pause);
    pause = std::min<std::chrono::milliseconds>(2 * pause, 250ms);
  }
}

struct Process {
  const subject::Subject& subject;
  const std::vector<subject::ExchangeRequest>& requests;
  const std::vector<fake::Server>& servers;
  const std::vector<Recording>& recordings;
  client::ProcessState& state;
};

Task<void> use_process(Stage& stage, const Process& process, net::Acceptor& acceptor,
                       std::vector<Run>& runs) {
  for (std::size_t i = 0; i < process.requests.size(); ++i) {
    stage.server = &process.servers[i];
    stage.recording = process.recordings[i];
    const fake::Observation before = stage.seen;
    subject::ExchangeResult result =
        co_await process.subject.exchange(stage.world, process.requests[i]);
    co_await settle(stage, process.state.open(), process.subject.standing().is_program);
    runs.push_back({.outcome = std::move(result.outcome),
                    .printed = std::move(result.printed),
                    .seen = fake::observed_since(before, stage.seen),
                    .hung = result.hung,
                    .cannot = std::move(result.cannot),
                    .goal = process.subject.standing().goal});
    if (runs.back().hung || !runs.back().cannot.empty()) break;
  }
  co_await process.state.close();
  acceptor.finish();
}

client::Settings settings_for(const Exchange& exchange, const certs::Chain& chain,
                              const certs::ClientIdentity* identity) {
  return {.mode = exchange.mode,
          .tls_policy = exchange.tls_policy,
          .attempts = exchange.attempts == "2" ? 2U : 1U,
          .host = exchange.host,
          .username = exchange.username,
          .password = exchange.password,
          .trust = exchange.trust,
          .trust_model = exchange.trust_model,
          .store = chain.anchors,
          .mechanism = exchange.mechanism,
          .certificate = identity == nullptr ? nullptr : identity->credentials,
          .sender = exchange.sender,
          .base = exchange.base,
          .filter = exchange.filter};
}

// For what a program has left open that has come to its end: its process is gone, or it is a worker
// that forgets.
constexpr auto kLeftOpen = 5s;

// Only a script refers anyone anywhere.
bool may_refer(const Exchange& exchange) {
  return row_of(words::protocol_of(exchange.mode)).is_directory &&
         !exchange.script.deviations.empty();
}

}  // namespace

fake::Server server_for(const Exchange& exchange, const certs::Chain& chain,
                        const certs::ClientIdentity* identity) {
  fake::Server server;
  server.name = exchange.host;
  server.script = exchange.script;
  server.credentials = chain.server;
  server.versions = chain.versions;
  server.users = exchange.users;
  server.secret = exchange.secret;
  server.mode = exchange.mode;
  if (identity != nullptr) server.client_anchors = identity->anchors;
  server.directory.persona = exchange.persona;
  if (exchange.mechanism) server.sasl_mechanisms = {*exchange.mechanism};
  if (!exchange.base.empty()) server.directory.base = exchange.base;  // empty: the root DSE's
  server.directory.anonymous_may_search = !exchange.mechanism &&
                                          exchange.username.value_or("").empty() &&
                                          exchange.password.value_or("").empty();
  return server;
}

// The servers' side and the way there, in one of the two worlds.
struct Worker::Network final : net::Connector {
  // `program`: the client is one, of somebody else's.
  Network(Transport transport, bool program) {
    if (transport == Transport::memory) {
      world = std::make_unique<net::MemoryWorld>();
      for (Place* place : {&server, &referral}) {
        auto listener = std::make_unique<net::MemoryListener>(*world);
        place->connector = listener.get();
        place->acceptor = std::move(listener);
      }
      referral.port = kReferralPort;
      return;
    }
    auto real = std::make_unique<net::RealWorld>();
    for (Place* place : {&server, &referral}) {
      auto listener =
          std::make_unique<net::TcpListener>(*real, net::Endpoint{.address = "127.0.0.1"});
      if (program) listener->acknowledge_at_once();
      place->port = listener->endpoint().port;
      if (place == &server) endpoint = listener->endpoint();
      place->own_connector = std::make_unique<net::FixedConnector>(*real, listener->endpoint());
      place->connector = place->own_connector.get();
      place->acceptor = std::move(listener);
    }
    world = std::move(real);
  }
  ~Network() override = default;

  // Whatever host and port a customer has configured, there is one server, and the referral's.
  Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                   net::Instant deadline) override {
    const bool referred = port == referral.port;
    return (referred ? referral : server).connector->connect(std::move(host), port, deadline);
  }

  struct Place {
    std::unique_ptr<net::Acceptor> acceptor{};
    std::unique_ptr<net::Connector> own_connector{};  // TCP; in memory the listener is both
    net::Connector* connector = nullptr;
    std::uint16_t port = 0;
  };
  std::unique_ptr<net::World> world{};  // goes last
  Place server{};
  Place referral{};
  net::Endpoint endpoint{};  // of `server`, where it has one
};

std::chrono::milliseconds usual_deadline(Transport transport) {
  return transport == Transport::memory ? std::chrono::milliseconds(2h) : 12s;
}

Worker::Worker(const subject::Subject& subject, const Options& options)
    : subject_(subject), options_(options) {
  short_of_time_ = options_.deadline != 0ms || options_.transport == Transport::tcp;
  if (options_.deadline == 0ms) options_.deadline = usual_deadline(options_.transport);
  network_ = std::make_unique<Network>(options_.transport, subject_.standing().is_program);
}

Worker::~Worker() = default;

Run Worker::run(const Exchange& exchange, const certs::Chain& chain,
                const certs::ClientIdentity* identity,
                std::shared_ptr<const client::HostTrustStore> store) {
  const auto began = std::chrono::steady_clock::now();
  tls::set_run_clock(options_.clock);
  Run run{.hung = true, .goal = subject_.standing().goal};
  const ConnectionSetup setup{&exchange, &chain, identity, std::move(store)};
  const client::Settings settings = told(setup);
  const fake::Server server = met_by(setup);
  net::World& world = *network_->world;
  const Servers servers{.world = world,
                        .recording = Recording(options_.evidence, exchange),
                        .server = server,
                        .seen = run.seen};
  const subject::ExchangeRequest request{.connector = *network_,
                                         .endpoint = network_->endpoint,
                                         .settings = settings,
                                         .trust = trust_pem(subject_.abilities(), chain, identity),
                                         .deadline = options_.deadline,
                                         .waits = options_.waits};
  const Client client{.subject = subject_, .request = request};
  net::Acceptor* const referral = may_refer(exchange) ? network_->referral.acceptor.get() : nullptr;
  world.spawn(serve(servers, *network_->server.acceptor));
  if (referral != nullptr) world.spawn(serve_referrals(servers, *referral));
  world.spawn(use(world, client, *network_->server.acceptor, referral, run));
  const bool is_program = subject_.standing().is_program;
  bool ended = false;
  try {
    // A program is ended at the deadline, and has to be seen to.
    ended = world.run(world.now() + options_.deadline + (is_program ? 5s : 1s));
    if (!ended && is_program) {
      ended = world.run(world.now() + kLeftOpen);
      run.left_open = !ended;
    } else if (!ended && !run.hung) {
      // The servers may take as long again to notice that their client is gone.
      ended = world.run(world.now() + options_.deadline);
    }
  } catch (...) {
    renew();  // what still waits refers to this exchange
    throw;
  }
  if (!ended) renew();  // whatever still waits goes with the old one
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  run.ms = took.count();
  return run;
}

client::Settings Worker::told(const ConnectionSetup& connection) const {
  client::Settings settings =
      settings_for(*connection.exchange, *connection.chain, connection.client);
  settings.host_store = connection.store;
  settings.salted_passwords = salted_passwords_;
  // The client has to end by itself before the deadline; the time-outs of the RFCs are minutes.
  if (short_of_time_) settings.timeouts = client::Timeouts::all(options_.deadline / 4);
  return settings;
}

fake::Server Worker::met_by(const ConnectionSetup& connection) const {
  const Exchange& exchange = *connection.exchange;
  fake::Server server = server_for(exchange, *connection.chain, connection.client);
  server.salted_passwords = salted_passwords_;
  server.patience = 2 * options_.deadline;
  server.key_log = key_log_of(options_.evidence);
  server.directory.referral =
      "ldap://" + exchange.host + ":" + std::to_string(network_->referral.port);
  return server;
}

ProcessRun Worker::run_process(const std::vector<ConnectionSetup>& connections) {
  const auto began = std::chrono::steady_clock::now();
  tls::set_run_clock(options_.clock);
  ProcessRun process;
  net::World& world = *network_->world;
  Stage stage{.world = world, .seen = process.seen};
  client::ProcessState state;
  std::vector<client::Settings> settings;
  std::vector<fake::Server> servers;
  std::vector<Recording> recordings;
  const auto tickets = std::make_shared<const tls::TicketKey>();
  for (const ConnectionSetup& connection : connections) {
    settings.push_back(told(connection));
    servers.push_back(met_by(connection));
    servers.back().tickets = tickets;
    recordings.emplace_back(options_.evidence, *connection.exchange);
  }
  std::vector<subject::ExchangeRequest> requests;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const ConnectionSetup& connection = connections[i];
    requests.push_back(
        {.connector = *network_,
         .endpoint = network_->endpoint,
         .settings = settings[i],
         .trust = trust_pem(subject_.abilities(), *connection.chain, connection.client),
         .state = &state,
         .more = i + 1 < settings.size(),
         .deadline = options_.deadline,
         .waits = options_.waits});
  }
  const Process with{subject_, requests, servers, recordings, state};
  world.spawn(serve_process(stage, *network_->server.acceptor));
  world.spawn(use_process(stage, with, *network_->server.acceptor, process.runs));
  const auto deadline = static_cast<int>(connections.size() + 1) * options_.deadline;
  bool ended = false;
  // What still waits refers to this process, and what is open to this world.
  const auto give_up = [&] {
    world.abandon();
    state = {};
    renew();
  };
  try {
    ended = world.run(world.now() + deadline + 1s);
  } catch (...) {
    give_up();
    throw;
  }
  if (!ended) give_up();
  const bool stopped =
      !process.runs.empty() && (process.runs.back().hung || !process.runs.back().cannot.empty());
  if (process.runs.size() < connections.size() && !stopped) process.runs.push_back({.hung = true});
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  process.runs.back().ms = took.count();
  return process;
}

void Worker::renew() {
  network_.reset();
  network_ = std::make_unique<Network>(options_.transport, subject_.standing().is_program);
}

}  // namespace startle::cases
