#pragma once
// A pcapng file read back, by code that shares nothing with what writes it: blocks, headers,
// checksums, and a receiver that puts each side's octets together by their sequence numbers.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/pcapng/conversation.h"

namespace startle::pcapng {

inline constexpr unsigned kFin = 1;
inline constexpr unsigned kSyn = 2;
inline constexpr unsigned kRst = 4;
inline constexpr unsigned kAck = 16;

struct Read {
  std::string from{};  // 4 or 16 octets
  std::string to{};
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledges = 0;
  unsigned flags = 0;
  std::string bytes{};
};

// Fails the test where a header contradicts the packet, or a checksum is wrong.
Read read_packet(const std::string& packet);

// What a receiver on either side makes of the packets of one connection; the test fails at a
// segment that is not the next, at an acknowledgement of what was not said, and at more on its way
// than a window of 65535.
class Receiver {
 public:
  void take(const Packets& packets);

  struct Heard {
    std::string said{};
    std::uint32_t next = 0;
    std::uint32_t acknowledged = 0;
  };
  std::map<unsigned, Heard> sides{};  // by port
  Read last{};
};

// A block of a file that means something by itself.
struct Block {
  enum class Kind { section, interface, packet, secrets };
  Kind kind{};
  std::uint64_t time = 0;  // of a packet
  std::string content{};   // the packet, the key log
  std::string comment{};
  std::string application{};  // of a section
};

// Fails the test where a block contradicts itself, or is of another kind.
std::vector<Block> read_capture(const std::string& file);

}  // namespace startle::pcapng
