#include "harness/client/sasl_session_for_test.h"

#include <array>
#include <memory>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/client/smtp_client.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/session.h"

namespace startle::client {
namespace {

using net::Task;

constexpr const char* kHost = "smtp.example.test";

// What stands between `from` and the next comma.
std::string part(const std::string& message, const std::string& from) {
  const std::size_t at = message.find(from);
  if (at == std::string::npos) return "";
  const std::size_t start = at + from.size();
  return message.substr(start, message.find(',', start) - start);
}

class SmtpPeer {
 public:
  SmtpPeer(std::string offered, SaslServer reply, SmtpSaslRun& run)
      : offered_(std::move(offered)), reply_(std::move(reply)), run_(run) {}

  Task<void> serve(net::Acceptor& acceptor) {
    const auto stream = co_await acceptor.accept();
    if (!stream) co_return;
    const auto session = tls::Session::server(
        *stream, std::make_shared<const tls::ServerCredentials>(
                     std::vector<std::string>{tls::self_signed({.dns_names = {kHost}})},
                     tls::key_for_test()));
    const tls::HandshakeResult result = co_await session->handshake();
    if (result.end != tls::HandshakeEnd::established) co_return;
    co_await session->write("220 hi\r\n");
    std::string buffer;
    std::array<char, 512> chunk{};
    while (true) {
      const std::size_t end = buffer.find(in_message_ ? "\r\n.\r\n" : "\r\n");
      if (end == std::string::npos) {
        const net::IoResult got = co_await session->read_some(chunk);
        if (got.status != net::IoStatus::ok) co_return;
        buffer.append(chunk.data(), got.count);
        continue;
      }
      const std::string line = buffer.substr(0, end);
      buffer.erase(0, end + (in_message_ ? 5 : 2));
      co_await session->write(answer(line) + "\r\n");
    }
  }

 private:
  std::string answer(const std::string& line) {
    if (std::exchange(in_message_, false)) return "250 ok";
    run_.heard.push_back(line);
    if (std::exchange(in_auth_, false) || line.starts_with("AUTH ")) {
      std::string said = line == "*" ? "501 cancelled" : reply_(line);
      in_auth_ = said.starts_with("334");
      return said;
    }
    if (line.starts_with("EHLO")) return "250-hi\r\n250 AUTH " + offered_;
    in_message_ = line == "DATA";
    return in_message_ ? "354 go" : line == "QUIT" ? "221 bye" : "250 ok";
  }

  std::string offered_;
  SaslServer reply_;
  SmtpSaslRun& run_;
  bool in_auth_ = false;
  bool in_message_ = false;
};

Task<void> use(net::World& world, net::MemoryListener& listener, const Settings& settings,
               const Decisions& decisions, SmtpSaslRun& run) {
  run.outcome = co_await submit(world, listener, settings, decisions);
  listener.interrupt();
}

}  // namespace

std::string ScramPeer::answer(const std::string& message) {
  if (bare_.empty()) {
    bare_ = message.substr(message.find("n=", message.find(',') + 1));
    challenge_ = challenge(part(bare_, ",r="));
    return challenge_;
  }
  const std::string salt = from_base64(part(challenge_, ",s=")).value_or("");
  const sasl::ScramKeys keys =
      sasl::scram_keys(hash_, sasl::salted_password(hash_, password_, salt, 4096));
  const std::string all = bare_ + "," + challenge_ + "," + message.substr(0, message.rfind(",p="));
  return "v=" + to_base64(sasl::server_signature(hash_, keys, all));
}

std::string challenge_of(const std::string& octets) {
  return "334 " + to_base64(octets);
}

std::string octets_of(const std::string& line) {
  const std::string text = line.substr(line.rfind(' ') + 1);
  return text == "=" ? "" : from_base64(text).value_or("no base64");
}

SaslServer sound_scram(std::shared_ptr<ScramPeer> peer) {
  return [peer](const std::string& line) {
    return line.empty() ? "235 ok" : challenge_of(peer->answer(octets_of(line)));
  };
}

SmtpSaslRun run_smtp(const Settings& settings, const std::string& offered, const SaslServer& reply,
                     const Decisions& decisions) {
  static const bool once = (tls::use_run_clock(), true);
  if (once) tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  SmtpSaslRun result;
  net::MemoryWorld world;
  net::MemoryListener listener(world);
  SmtpPeer server(offered, reply, result);
  world.spawn(server.serve(listener));
  world.spawn(use(world, listener, settings, decisions, result));
  world.run();
  return result;
}

Settings smtps_settings() {
  return {.mode = words::Mode::smtps,
          .host = kHost,
          .port = 465,
          .username = "user",
          .password = "canary",
          .trust = kHost};
}

}  // namespace startle::client
