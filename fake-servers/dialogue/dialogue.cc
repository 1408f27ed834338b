#include "fake-servers/dialogue/dialogue.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "fake-servers/dialogue/handshake_story.h"
#include "fake-servers/dialogue/protocol.h"
#include "fake-servers/dialogue/record_stream.h"

namespace startle::fake {
namespace {

using net::IoResult;
using net::IoStatus;
using net::Task;

// Of what a client has sent ahead of our answers, so many octets are kept: more than a TLS record.
constexpr std::size_t kMostUnread = 96 << 10;
// To a client that sends more than so much to a server that says nothing more, nobody listens.
constexpr std::size_t kMostUnanswered = 16 << 20;

class Dialogue {
 public:
  Dialogue(net::World& world, std::unique_ptr<net::Stream> stream, const Server& server,
           Conversation& conversation, Observation& seen)
      : world_(world),
        clear_(tapped(world, std::move(stream), server.script.taps)),
        stream_(clear_.get()),
        server_(server),
        conversation_(conversation),
        recorder_(conversation.recorder()),
        seen_(seen) {}

  Task<void> run() {
    ++seen_.connections;
    recorder_.opened(world_);
    seen_.reach(Reached::connection);
    const bool tls_first = words::is_implicit_tls(server_.mode) && !server_.script.begins_in_clear;
    bool open = !tls_first || co_await start_tls();
    std::optional<Request> request = open ? conversation_.opened() : std::nullopt;
    net::Instant patient_until = world_.now() + server_.patience;
    while (open) {
      if (!request) {
        const std::optional<IoResult> got = stream_->read_now(chunk_);
        if (got && !took(*got)) break;
        if (!got) {
          stream_->set_deadline(patient_until);
          open = co_await stream_->readable() && world_.now() < patient_until;
        }
      } else if (const Deviation* deviation = deviation_at(*request)) {
        see_what_follows(deviation->at);
        met_.push_back(deviation->at);
        open = co_await perform(*deviation);
      } else {
        if (request->last && in_tls()) tls_->hold_until_close();
        const ServerAnswer answer = conversation_.usual();
        about_to_say(*request, answer);
        if (!answer.bytes.empty()) {
          std::optional<IoResult> said = stream_->write_now(answer.bytes);
          if (!said) said = co_await stream_->written();
          open = said->status == IoStatus::ok;
        }
        recorder_.answered();
        if (open && answer.starts_tls) open = co_await start_tls();
      }
      if (open && request && request->last) {
        if (in_tls()) co_await tls_->close_notify();
        co_await leave();
        open = false;
      }
      if (request) patient_until = world_.now() + server_.patience;
      if (open) request = conversation_.next(buffer_);
    }
    co_await hear_the_rest();
    finish();
  }

 private:
  // ---- bytes -----------------------------------------------------------------------------------

  bool in_tls() const { return stream_ != clear_.get(); }

  // False: the client is gone or silent for too long.
  bool took(const IoResult& got) {
    if (got.status != IoStatus::ok) {
      // With something of ours unread, a system resets what its program closes.
      const bool is_gone = got.status != IoStatus::timed_out && !has_closed_;
      if (is_gone && in_tls()) seen_.left_without_close_notify = tls_->alert_received().empty();
      return false;
    }
    const std::string_view bytes(chunk_.data(), got.count);
    buffer_.append(bytes);
    octets_heard_ += bytes.size();
    if (behind_go_ahead_) return true;  // the handshake will hear it
    recorder_.heard(bytes);
    if (tls_ && !in_tls()) drop_records(buffer_);  // still said inside a TLS that is over
    return true;
  }

  // False behind `until` too, however much there would be to read.
  Task<bool> receive(net::Instant until) {
    stream_->set_deadline(until);
    const bool there = took(co_await stream_->read_some(chunk_));
    const bool goes_on = there && world_.now() < until;
    co_return goes_on;
  }

  // Reads what nobody will answer, and throws it away.
  Task<void> hear_out(net::Instant until) {
    const std::size_t most = octets_heard_ + kMostUnanswered;
    while (octets_heard_ < most && co_await receive(until)) {
      const std::size_t left = std::min(buffer_.size(), kMostUnread);
      recorder_.dropped(buffer_.size() - left);
      buffer_.resize(left);
    }
  }

  Task<bool> say(std::string_view bytes) {
    recorder_.said(bytes);
    stream_->set_deadline(world_.now() + server_.patience);
    const IoResult said = co_await stream_->write(bytes);
    co_return said.status == IoStatus::ok;
  }

  // ---- the script ------------------------------------------------------------------------------

  const Deviation* deviation_at(const Request& request) const {
    return request.at ? server_.script.at(*request.at) : nullptr;
  }

  void about_to_say(const Request& request, const ServerAnswer& answer) {
    if (request.at) {
      see_what_follows(*request.at);
      recorder_.reply(*request.at, "", answer.bytes);
    }
    recorder_.still_unanswered(buffer_);
    if (answer.bytes.empty()) return;
    recorder_.said(answer.bytes);
    stream_->set_deadline(world_.now() + server_.patience);
  }

  // False: the dialogue is over.
  Task<bool> perform(const Deviation& deviation) {
    std::string said;  // at this point
    std::string held;  // waits for the next step
    const auto starts_tls = [](const Step& step) { return std::holds_alternative<StartTls>(step); };
    for (auto step_at = deviation.steps.begin(); step_at != deviation.steps.end(); ++step_at) {
      const Step& step = *step_at;
      if (std::holds_alternative<Usual>(step)) {
        if (!co_await say_usual(deviation.at, std::exchange(held, ""), said)) co_return false;
        continue;
      }
      const auto* send = std::get_if<Send>(&step);
      const auto* respond = std::get_if<Respond>(&step);
      if (send != nullptr && send->every.count() > 0) {
        if (!co_await say_in_parts(deviation.at, *send, std::exchange(held, ""), said)) {
          co_return false;
        }
        continue;
      }
      if (send != nullptr) held += repeated(*send);
      if (respond != nullptr) held += conversation_.responded(*respond);
      if (respond != nullptr && respond->held) continue;
      if (!co_await say_at(deviation.at, std::exchange(held, ""), said)) co_return false;
      if (send != nullptr || respond != nullptr) continue;
      if (!in_tls() && !said.empty() && std::any_of(step_at, deviation.steps.end(), starts_tls)) {
        expect_tls();
      }
      if (!co_await act(step)) co_return false;
      if (said.empty()) see_what_follows(deviation.at);
    }
    if (!co_await say_at(deviation.at, held, said)) co_return false;
    recorder_.answered();
    co_return true;
  }

  // `bytes`, behind what was `said` at the point already.
  Task<bool> say_at(Point point, std::string bytes, std::string& said) {
    if (bytes.empty()) co_return true;
    recorder_.reply(point, said, bytes);
    said += bytes;
    co_return co_await say(bytes);
  }

  // `held` goes before the first of them.
  Task<bool> say_in_parts(Point point, const Send& send, std::string held, std::string& said) {
    for (std::size_t i = 0; i < send.times; ++i) {
      std::string part = std::exchange(held, "") + send.bytes;
      const bool open = co_await say_at(point, std::move(part), said);
      if (!open) co_return false;
      co_await listen_for(send.every);
    }
    co_return true;
  }

  // What was sent behind STARTTLS though that is not answered yet.
  void see_what_follows(Point at) {
    if (at == Point::starttls && !in_tls()) recorder_.behind_starttls(buffer_);
  }

  // A step that is no words.
  Task<bool> act(const Step& step) {
    if (const auto* pause = std::get_if<Pause>(&step)) {
      co_await listen_for(pause->how_long);
      co_return true;
    }
    if (std::holds_alternative<StartTls>(step)) co_return co_await start_tls();
    if (std::holds_alternative<EndTls>(step)) co_return co_await end_tls();
    if (const auto* said = std::get_if<SayTls>(&step)) co_return co_await say_tls(*said);
    if (std::holds_alternative<Silence>(step)) {
      co_await hear_out(world_.now() + server_.patience);
      recorder_.never_answered(buffer_);
    } else if (std::holds_alternative<Close>(step)) {
      has_closed_ = true;
      co_await leave();
    } else {
      stream_->reset();
    }
    co_return false;
  }

  // As a well-behaved server, to the end of what belongs to the point.
  Task<bool> say_usual(Point point, std::string held, std::string& said) {
    ServerAnswer answer = conversation_.usual();
    recorder_.still_unanswered(buffer_);
    bool open = co_await say_at(point, held + answer.bytes, said);
    recorder_.answered();
    net::Instant patient_until = world_.now() + server_.patience;
    while (open && answer.unfinished) {
      const std::optional<Request> request = conversation_.next(buffer_);
      if (!request) {
        open = co_await receive(patient_until);
        continue;
      }
      patient_until = world_.now() + server_.patience;
      answer = conversation_.usual();
      recorder_.still_unanswered(buffer_);
      open = co_await say(answer.bytes);
      recorder_.answered();
      if (open && request->last) {
        if (in_tls()) co_await tls_->close_notify();
        co_await leave();
        open = false;
      }
    }
    if (open && answer.starts_tls) open = co_await start_tls();
    co_return open;
  }

  // What the client sends while we are silent it sends unasked. As it will be answered, what is too
  // much to be kept is left where it is until then.
  Task<void> listen_for(std::chrono::milliseconds how_long) {
    const net::Instant until = world_.now() + how_long;
    bool there = true;
    while (there && buffer_.size() < kMostUnread) there = co_await receive(until);
    if (there) co_await world_.sleep_until(until);
    recorder_.still_unanswered(buffer_);
  }

  // ---- TLS -------------------------------------------------------------------------------------

  // The client was told to go ahead: what it said before is discarded (RFC 3207, 4.2), and written
  // down; what it says from here on belongs to the handshake (RFC 3207, 4), however late it begins.
  // So does a ClientHello that came before: whether it did is chance.
  void expect_tls() {
    if (std::exchange(behind_go_ahead_, true) || is_tls_record(buffer_)) return;
    const std::string said = std::exchange(buffer_, "");
    if (!said.empty() && !in_tls()) recorder_.said_outside_tls(said);
  }

  Task<bool> start_tls() {
    if (!server_.credentials) co_return false;
    if (!words::is_implicit_tls(server_.mode)) seen_.reach(Reached::starttls);
    expect_tls();
    stream_ = clear_.get();
    tls_.reset();
    records_ = std::make_unique<RecordStream>(*clear_, recorder_, std::exchange(buffer_, ""));
    beneath_tls_ = true;
    behind_go_ahead_ = false;
    auto session = tls::Session::server(*records_, server_.credentials, tls_options(server_));
    clear_->set_deadline(world_.now() + server_.patience);
    const tls::HandshakeResult result = co_await session->handshake();
    records_->established();
    note_handshake(result, *session, seen_);
    if (result.end == tls::HandshakeEnd::not_tls) co_return false;
    if (session->heard_anything()) {
      ++seen_.handshakes;
      seen_.reach(Reached::handshake);
    }
    seen_.server_name = session->server_name();
    seen_.asked_for_staple = seen_.asked_for_staple || session->is_asked_for_staple();
    tls_ = std::move(session);
    stream_ = tls_.get();
    if (result.end != tls::HandshakeEnd::established) co_return false;
    seen_.reach(Reached::tls);
    seen_.tls_version = tls_->version();
    if (tls_->is_resumed()) ++seen_.resumed;
    recorder_.enter_tls();
    conversation_.tls_started(*tls_);
    co_return true;
  }

  // What TLS itself says, where it has no reason to.
  Task<bool> say_tls(const SayTls& said) {
    if (!in_tls()) co_return true;
    const auto* alert = std::get_if<tls::SaidAlert>(&said.what);
    if (alert != nullptr) {
      const IoResult sent = co_await tls_->say_alert(*alert);
      co_return sent.status == IoStatus::ok;
    }
    tls_->say_message(std::get<tls::Message>(said.what));
    co_return true;
  }

  // RFC 4511, 4.14.3: what follows is in clear again.
  Task<bool> end_tls() {
    if (!in_tls()) co_return true;
    const IoResult said = co_await tls_->close_notify();
    stream_ = clear_.get();
    beneath_tls_ = false;
    buffer_.clear();  // was said inside TLS, and is nothing that is said in clear
    records_->ended();
    recorder_.leave_tls();
    conversation_.tls_ended();
    co_return said.status == IoStatus::ok;
  }

  // ---- the end ---------------------------------------------------------------------------------

  // Says nothing more, and sees how the client leaves: to be gone before it is would break the
  // connection, not close it.
  Task<void> leave() {
    stream_->close();
    co_await hear_out(world_.now() + std::chrono::seconds(2));
  }

  // A client whose TLS is over, or came to nothing, may go on without it. One that waits for us to
  // close does not wait long.
  Task<void> hear_the_rest() {
    using std::chrono::seconds;
    if (!beneath_tls_) co_return;
    const Patience patience{.end = world_.now() + server_.patience, .octets = kMostUnanswered};
    if (co_await records_->hear_out(world_, seconds(2), patience, chunk_)) {
      records_->close();
      co_await records_->hear_out(world_, seconds(8), patience, chunk_);
    }
    records_->ended();
  }

  void finish() {
    if (tls_ && !tls_->alert_received().empty()) seen_.alert = tls_->alert_received();
    for (const Deviation& deviation : server_.script.deviations) {
      if (std::find(met_.begin(), met_.end(), deviation.at) == met_.end())
        seen_.unmet.push_back(deviation.at);
    }
  }

  net::World& world_;
  std::unique_ptr<net::Stream> clear_;
  std::unique_ptr<RecordStream> records_{};  // beneath TLS
  std::unique_ptr<tls::Session> tls_{};
  net::Stream* stream_;
  const Server& server_;
  Conversation& conversation_;
  Recorder& recorder_;
  Observation& seen_;
  // Not in the frame of the coroutine that reads: frames of kilobytes are slow to come by.
  std::array<char, 4096> chunk_;  // NOLINT: filled by reads
  std::string buffer_{};
  std::size_t octets_heard_ = 0;
  bool behind_go_ahead_ = false;  // TLS has yet to begin
  bool beneath_tls_ = false;      // what the client says belongs to TLS
  bool has_closed_ = false;       // unasked, and without close_notify
  std::vector<Point> met_{};
};

}  // namespace

Task<void> serve(net::World& world, std::unique_ptr<net::Stream> stream, const Server& server,
                 const ServerProtocol& protocol, Observation& seen) {
  seen.protocol = protocol.protocol;
  std::unique_ptr<const Server> baited;
  if (seen.connections > 0) {
    baited = std::make_unique<const Server>(with_bait_in_clear(server, protocol));
  }
  const Server& shown = baited ? *baited : server;
  const auto conversation = protocol.conversation(shown, seen);
  Dialogue dialogue(world, std::move(stream), shown, *conversation, seen);
  co_await dialogue.run();
}

}  // namespace startle::fake
