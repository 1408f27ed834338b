#include "harness/pcapng/conversation.h"

#include <arpa/inet.h>

#include <utility>

#include "harness/base/bytes.h"

namespace startle::pcapng {
namespace {

constexpr unsigned kFin = 0x01;
constexpr unsigned kSyn = 0x02;
constexpr unsigned kRst = 0x04;
constexpr unsigned kPsh = 0x08;
constexpr unsigned kAck = 0x10;

constexpr unsigned kTcp = 6;
constexpr unsigned kHops = 64;
constexpr std::uint32_t kWindow = 0xffff;
// Two of them fit into a window, and one into a packet.
constexpr std::size_t kMostBytes = 24000;

// 4 or 16 octets; a zone (fe80::1%eth0) is left out.
std::string octets_of(const std::string& address) {
  const std::string text = address.substr(0, address.find('%'));
  std::string octets(16, '\0');
  if (::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return octets;
  octets.resize(4);
  if (::inet_pton(AF_INET, text.c_str(), octets.data()) != 1) octets.assign(4, '\0');
  return octets;
}

std::string mapped(const std::string& octets) {
  return octets.size() == 16 ? octets : std::string(10, '\0') + "\xff\xff" + octets;
}

// RFC 1071.
std::uint16_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t octet = static_cast<unsigned char>(bytes[i]);
    sum += i % 2 == 0 ? octet << 8U : octet;
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(~sum);
}

void put(std::string& bytes, std::size_t at, std::uint16_t value) {
  bytes.replace(at, 2, big_endian(value, 2));
}

std::string ip_header(const std::string& from, const std::string& to, std::size_t payload) {
  if (from.size() == 16) {  // RFC 8200, 3
    return big_endian(6U << 28U, 4) + big_endian(payload, 2) + big_endian(kTcp, 1) +
           big_endian(kHops, 1) + from + to;
  }
  constexpr std::size_t kLength = 20;
  constexpr unsigned kDoNotFragment = 0x4000;
  std::string header = big_endian(0x4500, 2) + big_endian(kLength + payload, 2) + big_endian(0, 2) +
                       big_endian(kDoNotFragment, 2) + big_endian(kHops, 1) + big_endian(kTcp, 1) +
                       big_endian(0, 2) + from + to;
  constexpr std::size_t kChecksumAt = 10;
  put(header, kChecksumAt, checksum(header));
  return header;
}

// What the checksum of TCP covers besides (RFC 9293, 3.1; RFC 8200, 8.1).
std::string pseudo_header(const std::string& from, const std::string& to, std::size_t payload) {
  const bool is_v6 = from.size() == 16;
  return from + to +
         (is_v6 ? big_endian(payload, 4) + big_endian(kTcp, 4)
                : big_endian(kTcp, 2) + big_endian(payload, 2));
}

}  // namespace

Conversation::Conversation(const Party& client, const Party& server, std::uint32_t number) {
  half(Side::client) = {.address = octets_of(client.address), .port = client.port};
  half(Side::server) = {.address = octets_of(server.address), .port = server.port};
  const bool is_v6 = halves_[0].address.size() == 16 || halves_[1].address.size() == 16;
  constexpr std::uint32_t kApart = 0x10000;
  for (const Side side : {Side::client, Side::server}) {
    Half& each = half(side);
    if (is_v6) each.address = mapped(each.address);
    each.next = (2 * number + (side == Side::server ? 1 : 0)) * kApart;
    each.acknowledged = each.next;
  }
}

std::string Conversation::segment(Side from, unsigned flags, std::string_view bytes) {
  Half& own = half(from);
  Half& peer = half(other(from));
  const bool acknowledges = (flags & kAck) != 0;
  // RFC 9293, 3.2: the greatest segment that is taken, in the first one.
  constexpr unsigned kMostBytesOption = 0x0204;
  const std::string options =
      (flags & kSyn) != 0 ? big_endian(kMostBytesOption, 2) + big_endian(kMostBytes, 2) : "";
  const std::size_t words = 5 + options.size() / 4;
  std::string tcp = big_endian(own.port, 2) + big_endian(peer.port, 2) + big_endian(own.next, 4) +
                    big_endian(acknowledges ? peer.next : 0, 4) +
                    big_endian(words << 12U | flags, 2) + big_endian(kWindow, 2) +
                    big_endian(0, 4) + options + std::string(bytes);
  constexpr std::size_t kChecksumAt = 16;
  put(tcp, kChecksumAt, checksum(pseudo_header(own.address, peer.address, tcp.size()) + tcp));
  own.next += static_cast<std::uint32_t>(bytes.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
  if (acknowledges) peer.acknowledged = peer.next;
  return ip_header(own.address, peer.address, tcp.size()) + tcp;
}

std::string Conversation::acknowledgement(Side from) {
  return segment(from, kAck);
}

Packets Conversation::open() {
  Packets packets{segment(Side::client, kSyn)};
  packets.push_back(segment(Side::server, kSyn | kAck));
  packets.push_back(acknowledgement(Side::client));
  return packets;
}

Packets Conversation::say(Side who, std::string_view bytes) {
  Packets packets;
  Half& own = half(who);
  if (own.closed || is_reset_) return packets;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kMostBytes);
    bytes.remove_prefix(part.size());
    packets.push_back(segment(who, kAck | (bytes.empty() ? kPsh : 0), part));
    if (own.next - own.acknowledged >= kMostBytes) {
      packets.push_back(acknowledgement(other(who)));
    }
  }
  return packets;
}

Packets Conversation::close(Side who) {
  if (is_reset_ || half(who).closed) return {};
  half(who).closed = true;
  Packets packets{segment(who, kFin | kAck)};
  packets.push_back(acknowledgement(other(who)));
  return packets;
}

Packets Conversation::reset(Side who) {
  const bool is_over = half(Side::client).closed && half(Side::server).closed;
  if (is_over || std::exchange(is_reset_, true)) return {};
  return {segment(who, kRst | kAck)};
}

}  // namespace startle::pcapng
