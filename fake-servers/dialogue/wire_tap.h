#pragma once
// Faults below the protocol: what a server writes reaches the network cut, late, twice, damaged, or
// not at all. The server knows nothing of it.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/net/world.h"

namespace startle::fake {

enum class TapKind {
  split,             // each octet is a segment
  one_byte_records,  // of the handshake in clear, each octet is a record (RFC 8446, 5.1)
  delay,
  drop,
  duplicate,
  flip,      // the lowest bit of an octet
  truncate,  // the connection ends in the middle of it, in an orderly way
  reset,     // the same, not so
  insert,    // octets before it
  replace,   // octets in its place
};
inline constexpr auto kTapKinds = word_table<TapKind>({
    {TapKind::split, "split"},
    {TapKind::one_byte_records, "one-byte-records"},
    {TapKind::delay, "delay"},
    {TapKind::drop, "drop"},
    {TapKind::duplicate, "duplicate"},
    {TapKind::flip, "flip"},
    {TapKind::truncate, "truncate"},
    {TapKind::reset, "reset"},
    {TapKind::insert, "insert"},
    {TapKind::replace, "replace"},
});
constexpr Words words_of(TapKind) {
  return kTapKinds;
}

// Records of the server's TLS have the same numbers whatever the version: its ServerHello is 1, its
// Finished 6, and what it says inside TLS begins with 7 (where it asks for no certificate, staples
// nothing and starts again with no HelloRetryRequest).
struct WireTap {
  TapKind kind = TapKind::split;
  std::optional<unsigned> record{};  // nothing: of all, and of what is said outside TLS, too
  // Of the record, whose header has the first five; the last is -1. `flip`: which one;
  // `truncate`, `reset`: so many go out.
  int octet = 0;
  std::chrono::milliseconds how_long{};  // `delay`
  std::string bytes{};  // `insert`, `replace`; of `truncate`, what stands where it was cut off
};

// The stream itself where there are no taps. The world must outlive the stream.
std::unique_ptr<net::Stream> tapped(net::World& world, std::unique_ptr<net::Stream> inner,
                                    const std::vector<WireTap>& taps);

}  // namespace startle::fake
