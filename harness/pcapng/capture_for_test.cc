#include "harness/pcapng/capture_for_test.h"

#include <gtest/gtest.h>

#include <string_view>

namespace startle::pcapng {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at, unsigned octets) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < octets; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
  }
  return value;
}

// The one's complement sum of the words (RFC 1071); 0xffff where a checksum among them is right.
std::uint32_t sum_of_words(std::string bytes) {
  if (bytes.size() % 2 != 0) bytes += '\0';
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) sum += number_at(bytes, i, 2);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16U);
  return static_cast<std::uint32_t>(sum);
}

std::uint32_t little_at(std::string_view bytes, std::size_t at, unsigned octets = 4) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < octets; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes.at(at + i))) << (8 * i);
  }
  return value;
}

std::map<unsigned, std::string> options_of(std::string_view bytes) {
  std::map<unsigned, std::string> options;
  while (!bytes.empty()) {
    const unsigned code = little_at(bytes, 0, 2);
    const std::size_t length = little_at(bytes, 2, 2);
    bytes.remove_prefix(4);
    if (code == 0) break;
    options[code] = bytes.substr(0, length);
    bytes.remove_prefix((length + 3) / 4 * 4);
  }
  EXPECT_TRUE(bytes.empty());
  return options;
}

Block read_block(std::uint32_t type, std::string_view body) {
  Block block;
  std::size_t behind = 0;
  if (type == 0x0a0d0d0a) {
    block.kind = Block::Kind::section;
    EXPECT_EQ(little_at(body, 0), 0x1a2b3c4dU);
    behind = 16;
  } else if (type == 1) {
    block.kind = Block::Kind::interface;
    behind = 8;
  } else if (type == 6) {
    block.kind = Block::Kind::packet;
    block.time = std::uint64_t{little_at(body, 4)} << 32U | little_at(body, 8);
    const std::size_t size = little_at(body, 12);
    block.content = body.substr(20, size);
    behind = 20 + (size + 3) / 4 * 4;
  } else {
    block.kind = Block::Kind::secrets;
    EXPECT_EQ(type, 10U);
    EXPECT_EQ(little_at(body, 0), 0x544c534bU);
    block.content = body.substr(8, little_at(body, 4));
    return block;
  }
  const auto options = options_of(body.substr(behind));
  if (options.contains(1)) block.comment = options.at(1);
  if (options.contains(4)) block.application = options.at(4);
  return block;
}

}  // namespace

Read read_packet(const std::string& packet) {
  const bool is_v6 = number_at(packet, 0, 1) >> 4U == 6;
  const std::size_t header = is_v6 ? 40 : 20;
  const std::size_t address = is_v6 ? 16 : 4;
  const std::string addresses = packet.substr(is_v6 ? 8 : 12, 2 * address);
  const std::string tcp = packet.substr(header);
  if (is_v6) {
    EXPECT_EQ(number_at(packet, 4, 2), tcp.size());
    EXPECT_EQ(number_at(packet, 6, 1), 6U);
  } else {
    EXPECT_EQ(number_at(packet, 0, 2), 0x4500U);
    EXPECT_EQ(number_at(packet, 2, 2), packet.size());
    EXPECT_EQ(number_at(packet, 9, 1), 6U);
    EXPECT_EQ(sum_of_words(packet.substr(0, 20)), 0xffffU);
  }
  const std::string length{static_cast<char>(tcp.size() >> 8U), static_cast<char>(tcp.size())};
  const std::string pseudo = addresses + std::string("\x00\x06", 2) + length;
  EXPECT_EQ(sum_of_words(pseudo + tcp), 0xffffU);
  return {.from = addresses.substr(0, address),
          .to = addresses.substr(address),
          .from_port = static_cast<std::uint16_t>(number_at(tcp, 0, 2)),
          .to_port = static_cast<std::uint16_t>(number_at(tcp, 2, 2)),
          .sequence = number_at(tcp, 4, 4),
          .acknowledges = number_at(tcp, 8, 4),
          .flags = number_at(tcp, 13, 1),
          .bytes = tcp.substr(number_at(tcp, 12, 1) / 16 * 4)};
}

void Receiver::take(const Packets& packets) {
  for (const std::string& packet : packets) {
    last = read_packet(packet);
    Heard& from = sides[last.from_port];
    Heard& to = sides[last.to_port];
    if ((last.flags & kSyn) != 0) from.next = last.sequence;
    EXPECT_EQ(last.sequence, from.next);
    from.next +=
        static_cast<std::uint32_t>(last.bytes.size()) + ((last.flags & (kSyn | kFin)) != 0 ? 1 : 0);
    from.said += last.bytes;
    if ((last.flags & kAck) != 0) {
      EXPECT_EQ(last.acknowledges, to.next);
      to.acknowledged = last.acknowledges;
    }
    if ((last.flags & kSyn) != 0) from.acknowledged = last.sequence;
    EXPECT_LT(from.next - from.acknowledged, 65535U);
  }
}

std::vector<Block> read_capture(const std::string& file) {
  std::vector<Block> blocks;
  for (std::size_t at = 0; at < file.size();) {
    if (file.size() - at < 12) {
      ADD_FAILURE() << "a block is cut off at octet " << at;
      break;
    }
    const std::size_t length = little_at(file, at + 4);
    if (length < 12 || length % 4 != 0 || length > file.size() - at) {
      ADD_FAILURE() << "the block at octet " << at << " has the length " << length;
      break;
    }
    EXPECT_EQ(little_at(file, at + length - 4), length) << at;
    blocks.push_back(read_block(little_at(file, at), file.substr(at + 8, length - 12)));
    at += length;
  }
  return blocks;
}

}  // namespace startle::pcapng
