#include "certs/der.h"

#include <charconv>
#include <cstddef>

#include "harness/base/error.h"

namespace startle::certs::der {
namespace {

[[noreturn]] void refuse(const char* why) {
  throw Error(Fault::internal, std::string("DER: ") + why);
}

}  // namespace

std::string element(unsigned char tag, std::string_view content) {
  std::string length;
  for (std::size_t left = content.size(); left > 0; left >>= 8) {
    length.insert(length.begin(), static_cast<char>(left & 0xff));
  }
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 0x80) {
    out += static_cast<char>(content.size());
  } else {
    out += static_cast<char>(0x80 | length.size());
    out += length;
  }
  out += content;
  return out;
}

std::string sequence(std::string_view content) {
  return element(kSequence, content);
}

std::string integer(int value) {
  std::string octets;
  for (auto left = static_cast<unsigned>(value); left > 0; left >>= 8) {
    octets.insert(octets.begin(), static_cast<char>(left & 0xff));
  }
  // The highest bit is the sign.
  if (octets.empty() || (static_cast<unsigned char>(octets[0]) & 0x80) != 0) {
    octets.insert(octets.begin(), '\0');
  }
  return element(kInteger, octets);
}

std::string object_identifier(std::string_view dotted) {
  std::string content;
  unsigned long first = 0;
  for (int arc = 0; !dotted.empty(); ++arc) {
    unsigned long number = 0;
    const auto [stop, error] =
        std::from_chars(dotted.data(), dotted.data() + dotted.size(), number);
    if (error != std::errc()) refuse("no object identifier");
    dotted.remove_prefix(static_cast<std::size_t>(stop - dotted.data()));
    if (!dotted.empty()) {
      if (dotted.front() != '.' || dotted.size() == 1) refuse("no object identifier");
      dotted.remove_prefix(1);
    }
    if (arc == 0) {
      first = number;
      continue;
    }
    if (arc == 1) number += first * 40;
    std::string octets(1, static_cast<char>(number & 0x7f));
    while ((number >>= 7) > 0) {
      octets.insert(octets.begin(), static_cast<char>(0x80 | (number & 0x7f)));
    }
    content += octets;
  }
  if (content.empty()) refuse("no object identifier");
  return element(0x06, content);
}

std::string bit_string(std::string_view content) {
  return element(kBitString, std::string(1, '\0').append(content));
}

std::string named_bits(unsigned bits) {
  std::string octets;
  unsigned char unused = 0;
  for (unsigned bit = 0; bits >> bit != 0; ++bit) {
    if (bit % 8 == 0) octets += '\0';
    if ((bits >> bit & 1U) == 0) continue;
    octets.back() = static_cast<char>(static_cast<unsigned char>(octets.back()) | 0x80U >> bit % 8);
    unused = static_cast<unsigned char>(7 - bit % 8);
  }
  return element(kBitString, std::string(1, static_cast<char>(unused)) + octets);
}

std::string time(unsigned char tag, std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::string text;
  const auto digits = [&text](long value, int count) {
    std::string number = std::to_string(value);
    number.insert(0, static_cast<std::size_t>(count), '0');
    text += number.substr(number.size() - static_cast<std::size_t>(count));
  };
  digits(int{date.year()}, tag == kUtcTime ? 2 : 4);
  digits(unsigned{date.month()}, 2);
  digits(unsigned{date.day()}, 2);
  digits(clock.hours().count(), 2);
  digits(clock.minutes().count(), 2);
  digits(clock.seconds().count(), 2);
  return element(tag, text + "Z");
}

Tlv read(std::string_view bytes) {
  if (bytes.size() < 2) refuse("an element is cut off");
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if ((octet(0) & 0x1f) == 0x1f) refuse("a tag of several bytes");
  std::size_t header = 2;
  std::size_t length = octet(1);
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0 || octets > 4) refuse("an indefinite or absurd length");
    if (bytes.size() < 2 + octets) refuse("an element is cut off");
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | octet(2 + i);
    if (length < 0x80 || octet(2) == 0) refuse("a length that is not the shortest");
    header += octets;
  }
  if (bytes.size() - header < length) refuse("an element is cut off");
  return {.tag = octet(0),
          .content = bytes.substr(header, length),
          .rest = bytes.substr(header + length)};
}

}  // namespace startle::certs::der
