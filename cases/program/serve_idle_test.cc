// A thousand clients at once, each inside TLS and silent: what one of them costs a server, and how
// one thread of a load holds as many.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "cases/program/bench/own_server.h"
#include "cases/program/served_for_test.h"
#include "certs/key_pool.h"
#include "fake-servers/protocols.h"
#include "harness/load/load.h"
#include "harness/net/descriptor_limit.h"
#include "harness/net/tcp.h"
#include "harness/tls/clock.h"
#include "harness/tls/session.h"

namespace startle::cases {
namespace {

using net::Task;

#if !defined(NDEBUG) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsOfARelease = false;
#else
constexpr bool kIsOfARelease = true;
#endif

constexpr std::size_t kClients = 1000;
constexpr std::size_t kDescriptors = 2 * kClients + 100;
constexpr const char* kTooFew = "needs 2,100 descriptors: raise `ulimit -Hn`";

// Until a line has come that is the last of a reply.
Task<bool> hears_reply(net::Stream& stream) {
  std::string got;
  std::array<char, 512> chunk{};
  while (!got.ends_with("\r\n") || got[got.find_last_of('\n', got.size() - 2) + 4] != ' ') {
    const net::IoResult more = co_await stream.read_some(chunk);
    if (more.status != net::IoStatus::ok) co_return false;
    got.append(chunk.data(), more.count);
  }
  co_return true;
}

struct Client {
  std::unique_ptr<net::Stream> stream{};
  std::unique_ptr<tls::Session> session{};
};

// So many clients that have said EHLO inside TLS.
class Crowd {
 public:
  explicit Crowd(const Ready& server)
      : connector_(world_, {.address = "127.0.0.1",
                            .port = static_cast<std::uint16_t>(std::stoi(server.port()))}) {}

  // Returns how many of them are there.
  std::size_t come(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) world_.spawn(come());
    world_.run(world_.now() + kPatience);
    return clients_.size();
  }
  void leave() { clients_.clear(); }

 private:
  Task<void> come() {
    Client client;
    client.stream = (co_await connector_.connect("smtp.example.test", 25, net::kNever)).stream;
    if (!client.stream) co_return;
    net::Stream& clear = *client.stream;
    const std::string in_clear = "EHLO client.example.test\r\n";
    const std::string starttls = "STARTTLS\r\n";
    bool going = co_await hears_reply(clear);
    if (going) co_await clear.write(in_clear);
    going = going && co_await hears_reply(clear);
    if (going) co_await clear.write(starttls);
    going = going && co_await hears_reply(clear);
    if (!going) co_return;
    client.session = tls::Session::client(clear, "smtp.example.test", nullptr);
    const tls::HandshakeResult done = co_await client.session->handshake();
    if (done.end != tls::HandshakeEnd::established) co_return;
    co_await client.session->write(in_clear);
    going = co_await hears_reply(*client.session);
    if (going) clients_.push_back(std::move(client));
  }

  net::RealWorld world_{};
  net::FixedConnector connector_;
  std::vector<Client> clients_{};
};

// In KiB.
std::size_t resident_memory(const std::string& pid) {
  std::ifstream status("/proc/" + pid + "/statm");
  std::size_t pages = 0;
  status >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

TEST(ServeIdle, AThousandClientsInsideTlsCostLittleMemoryEach) {
  if (net::raise_descriptor_limit() < kDescriptors) GTEST_SKIP() << kTooFew;
  Process server(
      {"sh", "-c", "ulimit -Sn 64 && echo $$ && exec \"$0\" serve smtp", STARTLE_PROGRAM});
  const std::string pid = server.read_line().value_or("");
  Crowd crowd{Ready(Json::parse(server.read_line().value_or("{}")))};
  ASSERT_EQ(crowd.come(1), 1U);  // and what the first alone costs
  const std::size_t before = resident_memory(pid);
  ASSERT_EQ(crowd.come(kClients), kClients + 1) << "the rest was refused, or failed";
  const std::size_t all = resident_memory(pid) - before;
  RecordProperty("KiB", static_cast<int>(all / kClients));
  if (kIsOfARelease) {
    EXPECT_LT(all, kClients * 64) << "KiB, of a thousand clients";
  }
  crowd.leave();
  for (std::size_t i = 0; i < kClients + 1; ++i) {
    const Json event = Json::parse(server.read_line().value_or("{}"));
    ASSERT_EQ(event.value("phase", ""), "ehlo-in-tls") << event;
  }
}

// ---- the other end -----------------------------------------------------------------------------

// Serves nobody before all of them are connected.
Task<void> serve_once_all_are_there(net::RealWorld& world, net::TcpListener& listener,
                                    const fake::Server& server) {
  std::vector<std::unique_ptr<net::Stream>> connected;
  while (connected.size() < kClients) connected.push_back(co_await listener.accept());
  const auto serve_one = [](net::World& in, std::unique_ptr<net::Stream> stream,
                            const fake::Server& as) -> Task<void> {
    fake::Observation seen;
    co_await fake::serve(in, std::move(stream), as, seen);
  };
  for (auto& stream : connected) world.spawn(serve_one(world, std::move(stream), server));
}

TEST(LoadOfOneThread, HoldsAThousandConnectionsOpenAtOnce) {
  if (net::raise_descriptor_limit() < kDescriptors) GTEST_SKIP() << kTooFew;
  certs::Mint mint(tls::run_clock());
  const program::BenchEnds ends =
      program::bench_ends(mint, words::Mode::smtp_starttls, certs::KeyKind::ecdsa_p256, false);
  net::RealWorld world;
  net::TcpListener listener(world, {.address = "127.0.0.1"});
  net::FixedConnector connector(world, listener.endpoint());
  client::Settings settings = ends.client;
  settings.trust = "*";
  settings.timeouts = client::Timeouts::all(kPatience);
  const auto subject = subject::make_subject("builtin");
  const load::LoadTarget target{.subject = *subject,
                                .connector = connector,
                                .settings = settings,
                                .endpoint = listener.endpoint(),
                                .deadline = kPatience};
  load::LoadCounts counts;
  load::LoadResult result;
  const load::LoadOptions options{.connections = kClients, .exchanges = kClients};
  world.spawn(serve_once_all_are_there(world, listener, ends.server));
  world.spawn(load::load(world, target, options, counts, result));
  EXPECT_TRUE(world.run(world.now() + 2 * kPatience));
  EXPECT_EQ(result.done, kClients);
  EXPECT_EQ(result.failed(), 0U) << result.said.begin()->second;
}

}  // namespace
}  // namespace startle::cases
