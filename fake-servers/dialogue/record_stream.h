#pragma once
// The stream beneath a server's TLS. Everything passes; what the client sends is parted into TLS
// records (RFC 8446, 5.1) and octets that are none: those it said outside TLS, and the recorder
// hears them, for as long as the connection lives.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "fake-servers/dialogue/recorder.h"
#include "harness/net/stream.h"

namespace startle::fake {

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
  std::string head_{};       // of what may become a record
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
