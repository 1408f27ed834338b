#pragma once
// The shape of all I/O in startle: straight-line coroutines over one small Stream. An in-memory
// pair, a TCP connection, a tapped stream and a TLS session are all Streams.

#include <asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace startle::net {

template <class T>
using Task = asio::awaitable<T>;

// Time since the world began (harness/net/world.h); virtual in memory, real over TCP.
using Instant = std::chrono::nanoseconds;
inline constexpr Instant kNever = Instant::max();

// What the other side or the network did is a value, never an exception.
enum class IoStatus {
  ok,
  closed,     // the peer has closed its side in an orderly way
  timed_out,  // the deadline passed first
  broken,     // reset, or written to after the peer was gone
};

struct IoResult {
  IoStatus status = IoStatus::ok;
  std::size_t count = 0;  // bytes read or written; 0 unless ok
};

class Stream {
 public:
  Stream() = default;
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // What has arrived; nullopt: nothing yet, see readable(). In memory a read never joins two
  // writes, so that a test decides what arrives in one segment.
  virtual std::optional<IoResult> read_now(std::span<char> into) = 0;
  // Finishes what write_now() left over, then waits until read_now() has something to say. False:
  // the deadline passed first.
  virtual Task<bool> readable() = 0;
  // Takes all of `bytes`, in one segment where the transport has segments. nullopt: the transport
  // is full, see written().
  virtual std::optional<IoResult> write_now(std::string_view bytes) = 0;
  // Waits until everything that was taken has gone out.
  virtual Task<IoResult> written() = 0;

  // The same as one wait each, for at least one byte and for all of `bytes`. The pairs above cost
  // no coroutine where nobody has to wait.
  Task<IoResult> read_some(std::span<char> into);
  Task<IoResult> write(std::string_view bytes);

  // Every wait, present and future, ends here with timed_out. Starts as kNever.
  virtual void set_deadline(Instant deadline) = 0;
  // Nothing more will be written; the peer reads `closed` after what was sent.
  virtual void close() = 0;
  // As above, but what was written and not yet read is lost and the peer sees `broken`.
  virtual void reset() = 0;
};

}  // namespace startle::net
