#include "fake-servers/raw_client_for_test.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "fake-servers/chain_for_test.h"
#include "harness/base/bytes.h"
#include "harness/base/printable.h"
#include "harness/tls/session.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::IoStatus;
using net::Task;

// How long a server may be silent before the client speaks again.
constexpr net::Instant kPatience = 1min;

using Lines = std::vector<std::string>;
// Bytes of one side, cut into what a line of the transcript holds.
using Cut = Lines (*)(std::string_view bytes);

Lines smtp_lines(std::string_view bytes) {
  Lines lines;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find("\r\n"), bytes.size());
    const bool whole = end < bytes.size();
    std::string line = printable(bytes.substr(0, end));
    if (line.size() > 100) line = std::to_string(line.size()) + " characters";
    lines.push_back(line + (whole ? "" : " (no CRLF)"));
    bytes.remove_prefix(std::min(end + 2, bytes.size()));
  }
  return lines;
}

std::string shown(const wire::LdapMessage& message) {
  std::string text =
      std::to_string(message.id) + " " + wire::ldap_operation_text(message.operation);
  if (const auto* entry = std::get_if<wire::LdapSearchEntry>(&message.operation)) {
    text += " " + entry->dn;
  }
  if (const auto* extended = std::get_if<wire::LdapExtendedResponse>(&message.operation)) {
    if (extended->name) text += " " + *extended->name;
    if (extended->value) text += " '" + *extended->value + "'";
  }
  if (const wire::LdapResult* result = wire::ldap_result(message.operation)) {
    text += ": " + wire::ldap_code_text(result->code);
    if (!result->matched_dn.empty()) text += " below " + result->matched_dn;
    if (!result->diagnostic.empty()) text += " '" + result->diagnostic + "'";
    for (const std::string& url : result->referrals) text += " " + url;
  }
  return text;
}

Lines ldap_lines(std::string_view bytes) {
  Lines lines;
  while (!bytes.empty()) {
    const auto parsed = wire::parse_ldap_message(bytes);
    const auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
    if (whole == nullptr) break;
    lines.push_back(shown(whole->message));
    bytes.remove_prefix(whole->consumed);
  }
  if (!bytes.empty()) lines.push_back(std::to_string(bytes.size()) + " bytes");
  return lines;
}

class RawClient {
 public:
  RawClient(net::World& world, net::Stream& clear, Cut cut, ShownCertificate certificate,
            Talk& talk)
      : world_(world),
        clear_(clear),
        stream_(&clear),
        cut_(cut),
        certificate_(std::move(certificate)),
        transcript_(talk.transcript),
        heard_(talk.heard) {}

  Task<void> run(std::vector<std::string> says) {
    bool open = co_await listen();
    for (const std::string& what : says) {
      // What is said outside TLS is said before the server is listened to.
      const bool at_once = &what != &says.back() && (&what + 1)->starts_with(kOutside);
      if (what == kEndTls) {
        co_await session_->close_notify();
        stream_ = &clear_;
        open = at_once || co_await listen();
        continue;
      }
      if (!open) break;
      if (what == kLeave) break;
      if (what == kHandshake) {
        open = co_await shake_hands();
        if (open && !at_once) open = co_await listen();
      } else if (what.starts_with(kOutside)) {
        co_await clear_.write(std::string_view(what).substr(kOutside.size()));
        if (!at_once) open = co_await listen();
      } else {
        note("C: ", what);
        co_await stream_->write(what);
        open = co_await listen();
      }
    }
    const bool in_silence = !says.empty() && says.back() == kLeave;
    if (open && stream_ != &clear_ && !in_silence) co_await session_->close_notify();
    clear_.close();
  }

 private:
  Task<bool> listen() {
    std::string heard;
    std::array<char, 4096> chunk{};
    IoStatus status = IoStatus::ok;
    while (status == IoStatus::ok) {
      stream_->set_deadline(world_.now() + kPatience);
      const net::IoResult got = co_await stream_->read_some(chunk);
      status = got.status;
      heard.append(chunk.data(), got.count);
    }
    if (!heard.empty()) note("S: ", heard);
    heard_ += heard;
    if (status == IoStatus::closed) transcript_ += "S: (closes)\n";
    if (status == IoStatus::broken) transcript_ += "S: (resets)\n";
    co_return status == IoStatus::timed_out;
  }

  Task<bool> shake_hands() {
    session_ = tls::Session::client(clear_, certs::kTestHost, nullptr, tls::Strength::medium,
                                    certificate_);
    clear_.set_deadline(world_.now() + kPatience);
    const tls::HandshakeResult result = co_await session_->handshake();
    transcript_ += "C: " + kHandshake + (result.text.empty() ? "" : ": " + result.text) + "\n";
    stream_ = session_.get();
    if (result.end != tls::HandshakeEnd::established) co_return false;
    co_await session_->write("");  // the last flight
    co_return true;
  }

  void note(const std::string& who, std::string_view bytes) {
    for (const std::string& line : cut_(bytes)) transcript_ += who + line + "\n";
  }

  net::World& world_;
  net::Stream& clear_;
  net::Stream* stream_;
  std::unique_ptr<tls::Session> session_{};
  Cut cut_;
  ShownCertificate certificate_;
  std::string& transcript_;
  std::string& heard_;
};

}  // namespace

Lines lines_of(const Observation& seen) {
  return transcript(seen, kCanary);
}

Talk talk(const Server& server, const Lines& says, ShownCertificate certificate, net::Tap wire) {
  const bool in_lines =
      row_of(words::protocol_of(server.mode)).sasl == words::SaslFraming::base64_lines;
  const Cut cut = in_lines ? smtp_lines : ldap_lines;
  Talk result;
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  if (wire) pair.client = net::tapped(std::move(pair.client), std::move(wire));
  RawClient client(world, *pair.client, cut, std::move(certificate), result);
  world.spawn(serve(world, std::move(pair.server), server, result.seen));
  world.spawn(client.run(says));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever:\n" << result.transcript;
  return result;
}

Server server_for_test(Script script) {
  return {.name = certs::kTestHost,
          .script = std::move(script),
          .credentials = chain_called("valid").server,
          .users = {{.name = kUser, .password = kCanary, .senders = {kSender}}},
          .secret = kCanary};
}

Server ldap_server_for_test(Script script) {
  Server server = server_for_test(std::move(script));
  server.mode = words::Mode::ldap_starttls;
  server.users.front().name = kUserDn;
  return server;
}

std::string request(std::int64_t id, wire::LdapOperation operation) {
  return wire::written({.id = id, .operation = std::move(operation)});
}

wire::LdapBindRequest simple_bind(const std::string& name, const std::string& password) {
  return {.name = name, .authentication = wire::SimpleBind{password}};
}

wire::LdapSearchRequest search_for(const std::string& base, wire::LdapScope scope,
                                   std::vector<std::string> attributes) {
  return {.base = base,
          .scope = scope,
          .filter = std::string("\x87\x0bobjectClass"),  // present
          .attributes = std::move(attributes)};
}

std::string auth_plain(const std::string& user, const std::string& password) {
  return "AUTH PLAIN " + to_base64(std::string(1, '\0') + user + std::string(1, '\0') + password);
}

}  // namespace startle::fake
