#include "harness/client/ldap_session_for_test.h"

#include <array>
#include <memory>
#include <utility>

#include "harness/client/ldap_client.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/session.h"

namespace startle::client {
namespace {

using net::IoStatus;
using net::Task;
using words::Mode;

constexpr const char* kHost = "ldap.example.test";

std::shared_ptr<const tls::ServerCredentials> credentials() {
  static const auto made = std::make_shared<const tls::ServerCredentials>(
      std::vector<std::string>{tls::self_signed({.dns_names = {kHost}})}, tls::key_for_test());
  return made;
}

// The place of the first act in the list of requests.
std::size_t first_of(Mode mode) {
  if (mode == Mode::ldap_starttls) return root_dse;
  return mode == Mode::ldaps ? root_dse_in_tls : bind;
}

// One connection.
class LdapPeer {
 public:
  LdapPeer(net::World& world, std::unique_ptr<net::Stream> stream, LdapRun& run)
      : world_(world), stream_(std::move(stream)), current_(stream_.get()), run_(run) {}

  Task<void> serve(std::vector<Act> acts, bool implicit_tls) {
    bool going = true;
    if (implicit_tls) going = co_await start_tls();
    for (std::size_t i = 0; going && i < acts.size(); ++i) {
      going = co_await hear();
      if (going) going = co_await play(acts[i]);
    }
    while (going) going = co_await hear();
  }

 private:
  Task<bool> start_tls() {
    session_ = tls::Session::server(*stream_, credentials());
    const tls::HandshakeResult result = co_await session_->handshake();
    if (result.end == tls::HandshakeEnd::not_tls) run_.bytes_in_clear += session_->plain_text();
    current_ = session_.get();
    co_return result.end == tls::HandshakeEnd::established;
  }

  Task<bool> hear() {
    std::array<char, 512> chunk{};
    while (true) {
      auto parsed = wire::parse_ldap_message(buffer_);
      if (auto* whole = std::get_if<wire::ParsedLdap>(&parsed)) {
        buffer_.erase(0, whole->consumed);
        run_.heard.push_back(std::string(in_tls() ? "tls " : "clear ") +
                             wire::ldap_operation_text(whole->message.operation));
        last_ = std::move(whole->message);
        co_return true;
      }
      const net::IoResult got = co_await current_->read_some(chunk);
      if (got.status != IoStatus::ok) co_return false;
      buffer_.append(chunk.data(), got.count);
      (in_tls() ? run_.bytes_in_tls : run_.bytes_in_clear).append(chunk.data(), got.count);
    }
  }

  Task<bool> play(Act act) {
    co_await world_.sleep_until(world_.now() + act.pause);
    if (act.reply) act.segments.insert(act.segments.begin(), act.reply(last_));
    for (const std::string& segment : act.segments) co_await current_->write(segment);
    switch (act.then) {
      case Act::Then::listen:
        break;
      case Act::Then::start_tls: {
        const bool started = co_await start_tls();
        co_return started;
      }
      case Act::Then::close:
        stream_->close();
        break;
      case Act::Then::reset:
        stream_->reset();
        co_return false;
      case Act::Then::close_notify:
        co_await session_->close_notify();
        for (const std::string& segment : act.in_clear) co_await stream_->write(segment);
        current_ = stream_.get();
        break;
      case Act::Then::silence:
        co_await world_.sleep_until(world_.now() + std::chrono::hours(24));
        co_return false;
    }
    co_return true;
  }

  bool in_tls() const { return current_ == session_.get(); }

  net::World& world_;
  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<tls::Session> session_{};
  net::Stream* current_;
  std::string buffer_{};
  wire::LdapMessage last_{};
  LdapRun& run_;
};

Task<void> serve_one(net::World& world, std::unique_ptr<net::Stream> stream, std::vector<Act> acts,
                     bool implicit_tls, LdapRun& run) {
  const auto server = std::make_unique<LdapPeer>(world, std::move(stream), run);
  co_await server->serve(std::move(acts), implicit_tls);
}

// A second connection, to wherever a reference leads, answers every bind and search.
std::vector<Act> acts_of_target() {
  return {Act{.segments = {message(1, bound(0))}}, Act{.segments = {message(2, extended(0))}},
          Act{.segments = {done(3)}}};
}

Task<void> serve(net::World& world, net::Acceptor& acceptor, const LdapSession& session,
                 LdapRun& run) {
  while (auto stream = co_await acceptor.accept()) {
    const bool first = ++run.connections == 1;
    world.spawn(serve_one(world, std::move(stream), first ? session.acts : acts_of_target(),
                          first && words::is_implicit_tls(session.settings.mode), run));
  }
}

Task<void> use(net::World& world, net::MemoryListener& listener, const LdapSession& session,
               const Decisions& decisions, LdapRun& run) {
  run.outcome = co_await bind_and_search(world, listener, session.settings, decisions);
  run.took = world.now();
  listener.interrupt();
}

}  // namespace

std::string message(std::int64_t id, wire::LdapOperation operation) {
  return wire::written({.id = id, .operation = std::move(operation)});
}

wire::LdapExtendedResponse extended(std::int64_t code, std::optional<std::string> name,
                                    std::optional<std::string> value) {
  return {.result = {.code = code}, .name = std::move(name), .value = std::move(value)};
}

wire::LdapBindResponse bound(std::int64_t code) {
  return {.result = {.code = code}};
}

std::string root_dse_message(std::int64_t id, std::vector<std::string> extensions,
                             std::vector<std::string> mechanisms) {
  wire::LdapSearchEntry entry;
  if (!extensions.empty()) {
    entry.attributes.push_back({.type = "supportedExtension", .values = std::move(extensions)});
  }
  if (!mechanisms.empty()) {
    entry.attributes.push_back({.type = "SupportedSASLmechanisms", .values = mechanisms});
  }
  return message(id, std::move(entry)) + done(id);
}

std::string done(std::int64_t id, std::int64_t code) {
  return message(id, wire::LdapSearchDone{.result = {.code = code}});
}

std::string notice(std::int64_t code, std::string diagnostic) {
  return message(
      0, wire::LdapExtendedResponse{.result = {.code = code, .diagnostic = std::move(diagnostic)},
                                    .name = std::string(wire::kNoticeOfDisconnectionOid)});
}

LdapSession LdapSession::sound(Mode mode) {
  LdapSession made;
  made.settings = {.mode = mode,
                   .host = kHost,
                   .port = 389,
                   .username = "uid=user,dc=example,dc=test",
                   .password = "canary",
                   .trust = kHost};
  std::int64_t id = 0;
  if (mode == Mode::ldap_starttls) {
    ++id;
    made.acts.push_back({{root_dse_message(id, {std::string(wire::kStartTlsOid)}, {})}});
    ++id;
    made.acts.push_back(
        {{message(id, extended(0, std::string(wire::kStartTlsOid)))}, Act::Then::start_tls});
  }
  if (mode != Mode::ldap_plain) {
    ++id;
    made.acts.push_back({{root_dse_message(id, {}, {"EXTERNAL"})}});
  }
  ++id;
  made.acts.push_back({{message(id, bound(0))}});
  ++id;
  made.acts.push_back({{message(id, extended(0, std::nullopt, "dn:uid=user"))}});
  ++id;
  made.acts.push_back({{message(id, wire::LdapSearchEntry{.dn = "dc=example,dc=test"}), done(id)}});
  return made;
}

Act& LdapSession::at(LdapRequest request) {
  return acts.at(request - first_of(settings.mode));
}

LdapRun run(const LdapSession& session, const Decisions& decisions) {
  static const bool clock_is_used = (tls::use_run_clock(), true);
  if (clock_is_used) {
    tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  }
  LdapRun result;
  net::MemoryWorld world;
  net::MemoryListener listener(world);
  world.spawn(serve(world, listener, session, result));
  world.spawn(use(world, listener, session, decisions, result));
  world.run();
  return result;
}

}  // namespace startle::client
