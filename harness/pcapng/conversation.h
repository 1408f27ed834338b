#pragma once
// One TCP connection as packets, made from what each side said: whoever reads them sees what was
// said, by whom and in which order, and nothing of a network (no loss, no fragments). IPv4 or IPv6
// according to the addresses.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace startle::pcapng {

enum class Side { client, server };
constexpr Side other(Side side) {
  return side == Side::client ? Side::server : Side::client;
}

struct Party {
  std::string address{};  // numeric; what is no address is taken for 0.0.0.0
  std::uint16_t port = 0;
};

using Packets = std::vector<std::string>;

class Conversation {
 public:
  // Where one party alone has an IPv4 address, it is written as an IPv6 one (RFC 4291, 2.5.5.2).
  // `number` tells connections of the same ports apart: sequence numbers begin with it.
  Conversation(const Party& client, const Party& server, std::uint32_t number);

  // The handshake.
  Packets open();
  // `bytes` in as many segments as they need, and the acknowledgements that keep the other side's
  // window open.
  Packets say(Side who, std::string_view bytes);
  // What comes behind it is nothing: a side says no more once it has closed, neither does once the
  // connection is reset.
  Packets close(Side who);
  Packets reset(Side who);

 private:
  struct Half {
    std::string address{};  // 4 or 16 octets
    std::uint16_t port = 0;
    std::uint32_t next = 0;          // sequence number
    std::uint32_t acknowledged = 0;  // by the other side
    bool closed = false;
  };
  Half& half(Side side) { return halves_[static_cast<std::size_t>(side)]; }
  // The segment, and so of all that the other side has said by now the acknowledgement.
  std::string segment(Side from, unsigned flags, std::string_view bytes = {});
  std::string acknowledgement(Side from);

  std::array<Half, 2> halves_{};
  bool is_reset_ = false;
};

}  // namespace startle::pcapng
