#pragma once
// What the channels of both protocols have in common: bytes in, up to a deadline, over whatever
// stream is current: clear text first, TLS later.

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "harness/net/stream.h"
#include "harness/net/world.h"
#include "harness/tls/session.h"

namespace startle::client {

struct NoReply {
  enum class Why { closed, timed_out, malformed, unasked };
  Why why = Why::closed;
  std::string detail{};
};

class Channel {
 public:
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // What was received and is not part of a reply yet.
  const std::string& left_behind() const { return buffer_; }
  void discard_left_behind() { buffer_.clear(); }
  // Believing what was left behind is only possible by asking for it (a defect).
  void allow_unasked_bytes() { allow_unasked_ = true; }

  // The next words go over the bare stream, whatever is current: only a defect ever does.
  void say_next_outside() { outside_ = true; }

  net::Stream& clear() { return clear_; }
  // From here on everything goes through the session, which is one over clear().
  virtual void switch_to(tls::Session& session) {
    current_ = &session;
    heard_ = false;
  }
  // Whether anything came through the current stream.
  bool heard() const { return heard_; }
  void set_deadline(std::chrono::milliseconds within) {
    clear_.set_deadline(world_.now() + within);
  }

 protected:
  // The stream must outlive the channel.
  Channel(net::World& world, net::Stream& clear) : world_(world), clear_(clear), current_(&clear) {}
  ~Channel() = default;

  // Appends what was read into chunk_; the reason when there was nothing.
  std::optional<NoReply> take_in(const net::IoResult& read) {
    if (read.status == net::IoStatus::timed_out) return NoReply{.why = NoReply::Why::timed_out};
    if (read.status != net::IoStatus::ok) return NoReply{.why = NoReply::Why::closed};
    heard_ = true;
    buffer_.append(chunk_.data(), read.count);
    return std::nullopt;
  }
  net::Stream& current() { return *current_; }
  // What the next words are written to.
  net::Stream& outgoing() { return std::exchange(outside_, false) ? clear_ : *current_; }
  // Back to clear text: only a defect ever does.
  void leave_tls() { current_ = &clear_; }

  std::string buffer_{};
  // Not in the frame of the coroutine that reads: frames of kilobytes are slow to come by.
  std::array<char, 4096> chunk_;  // NOLINT: filled by reads
  bool allow_unasked_ = false;

 private:
  net::World& world_;
  net::Stream& clear_;
  net::Stream* current_;
  bool heard_ = false;
  bool outside_ = false;
};

}  // namespace startle::client
