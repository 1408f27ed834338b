#pragma once
// The stream beneath a server's TLS. Everything passes; what the client sends is parted into TLS
// records (RFC 8446, 5.1) and octets that are none: those it said outside TLS, and the recorder
// hears them, for as long as the connection lives.

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "fake-servers/dialogue/recorder.h"
#include "harness/net/stream.h"
#include "harness/net/world.h"

namespace startle::fake {

// How long, and how much, one listens to a client that is not answered.
struct Patience {
  net::Instant end = net::kNever;
  std::size_t octets = 0;
};

// Takes whole records away from the beginning of `bytes`.
void drop_records(std::string& bytes);

class RecordStream final : public net::Stream {
 public:
  // `early`: what was read from `inner` before TLS began, and belongs to it.
  RecordStream(net::Stream& inner, Recorder& recorder, std::string early)
      : inner_(inner), recorder_(recorder), early_(std::move(early)) {}

  std::optional<net::IoResult> read_now(std::span<char> into) override;
  net::Task<bool> readable() override { return inner_.readable(); }
  std::optional<net::IoResult> write_now(std::string_view bytes) override {
    return inner_.write_now(bytes);
  }
  net::Task<net::IoResult> written() override { return inner_.written(); }
  void set_deadline(net::Instant deadline) override { inner_.set_deadline(deadline); }
  void close() override { inner_.close(); }
  void reset() override { inner_.reset(); }

  // From here on it may read as much as comes; a handshake that is longer than any is broken off.
  void established() { handshake_left_.reset(); }

  // Reads, into `chunk`, until the client is silent for so long (true), is gone, or the patience
  // with it is at its end.
  net::Task<bool> hear_out(const net::World& world, std::chrono::milliseconds silence,
                           Patience patience, std::span<char> chunk);
  // Nothing more will be read. What was said outside TLS is whole, and what looked like a record
  // and holds the secret was none.
  void ended();

 private:
  void part(std::string_view bytes);
  void hear(std::string_view outside);
  void outside_is_whole();
  std::size_t begun() const { return left_ > 0 ? length_ - left_ : head_.size(); }

  net::Stream& inner_;
  Recorder& recorder_;
  std::string early_;
  std::optional<std::size_t> handshake_left_ = 1 << 20;  // octets
  std::string head_{};                                   // of what may become a record
  std::size_t length_ = 0;   // of the record that is being read, with its header
  std::size_t left_ = 0;     // of which so many octets are to come
  bool any_record_ = false;  // has come
  std::string outside_{};    // said outside TLS since the last record
  bool any_outside_ = false;
  // What TLS may still refuse: the last read, and the beginning of the record that it went on with.
  // Behind octets outside TLS it takes nothing any more.
  std::string on_wire_{};
};

}  // namespace startle::fake
