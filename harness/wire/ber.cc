#include "harness/wire/ber.h"

#include <algorithm>

#include "harness/base/bytes.h"

namespace startle::wire {
namespace {

constexpr unsigned char kHighTag = 0x1f;  // the tag number follows in octets of its own

}  // namespace

std::string ber_tag_text(unsigned char tag) {
  const char octet = static_cast<char>(tag);
  return "0x" + to_hex({&octet, 1});
}

bool ber_holds_tag(std::string_view tags, unsigned char tag) {
  return std::any_of(tags.begin(), tags.end(), [&](char known) {
    return ((static_cast<unsigned char>(known) ^ tag) & ~kBerConstructed) == 0;
  });
}

// ---- reader

bool BerReader::malformed(std::size_t offset, std::string why) {
  if (!failed()) failure_ = Malformed{offset, std::move(why)};
  return false;
}

bool BerReader::octet(const char* what, unsigned char& value) {
  if (failed()) return false;
  // What holds it ends here: wrong is the last octet that came, and known since then.
  if (position_ == end_) {
    return malformed(position_ - 1, std::string(what) + " is cut off by the end of what holds it");
  }
  if (position_ >= input_.size()) {
    failure_ = NeedMore{};
    return false;
  }
  value = static_cast<unsigned char>(input_[position_++]);
  return true;
}

bool BerReader::content(std::size_t length, std::string_view& octets) {
  if (input_.size() - position_ < length) {
    failure_ = NeedMore{};
    return false;
  }
  octets = input_.substr(position_, length);
  position_ += length;
  return true;
}

bool BerReader::too_long(std::size_t offset, const char* what) {
  if (depth_ > 0) return malformed(offset, std::string(what) + " is longer than what holds it");
  return malformed(offset,
                   std::string(what) + " is longer than " + std::to_string(end_) + " octets");
}

bool BerReader::length_of(const char* what, std::size_t& length) {
  unsigned char first = 0;
  if (!octet(what, first)) return false;
  const std::size_t room = end_ - position_;
  if (first == 0x80) {
    return malformed(position_ - 1, std::string("the length of ") + what + " is indefinite");
  }
  if (first == 0xff) {
    return malformed(position_ - 1, std::string("the length of ") + what + " starts with 0xff");
  }
  if (first < 0x80) {
    length = first;
    return length <= room || too_long(position_ - 1, what);
  }
  // The long form: leading zeros are legal (X.690, 8.1.3.5).
  const std::size_t count = first & 0x7fU;
  if (count > room) return too_long(position_ - 1, what);
  length = 0;
  for (std::size_t left = count; left-- > 0;) {
    unsigned char next = 0;
    if (!octet(what, next)) return false;
    length = length << 8 | next;
    const std::size_t most = left < sizeof(room) ? (room - count) >> (8 * left) : 0;
    if (length > most) return too_long(position_ - 1, what);
  }
  return true;
}

bool BerReader::identifier(const char* what, unsigned char& tag) {
  if (!octet(what, tag)) return false;
  if ((tag & kHighTag) != kHighTag) return true;
  // X.690, 8.1.2.4: base 128, the shortest way, and only for numbers above 30.
  const std::size_t start = position_;
  for (unsigned char next = 0x80; (next & 0x80) != 0;) {
    if (!octet(what, next)) return false;
    if (position_ - start == 1 && (next == 0x80 || next < kHighTag)) {
      return malformed(start, std::string("the tag number of ") + what + " is not minimal");
    }
  }
  return true;
}

bool BerReader::header(unsigned char tag, const char* what, std::size_t& length) {
  if (!failed() && position_ == end_) {
    return malformed(position_ - 1, std::string(what) + " is missing");
  }
  unsigned char seen = 0;
  if (!octet(what, seen)) return false;
  if (seen != tag) {
    std::string why = std::string("the tag of ") + what + " is " + ber_tag_text(tag) + ", not " +
                      ber_tag_text(seen);
    if (seen == (tag | kBerConstructed)) why += ", its constructed form";
    return malformed(position_ - 1, std::move(why));
  }
  return length_of(what, length);
}

bool BerReader::integer(unsigned char tag, const char* what, std::int64_t& value,
                        std::int64_t lowest, std::int64_t highest) {
  std::size_t length = 0;
  if (!header(tag, what, length)) return false;
  if (length == 0) return malformed(position_ - 1, std::string(what) + " has no octets");
  if (length > sizeof(value)) {
    return malformed(position_ - 1, std::string(what) + " has more than 8 octets");
  }
  std::uint64_t bits = 0;
  for (std::size_t left = length; left-- > 0;) {
    unsigned char next = 0;
    if (!octet(what, next)) return false;
    if (left + 1 == length && next >= 0x80) bits = ~std::uint64_t{0};
    const bool sign_alone = bits == 0 ? next < 0x80 : bits == ~std::uint64_t{0} && next >= 0x80;
    if (left + 2 == length && sign_alone) {
      return malformed(position_ - 1, std::string(what) + " is not minimal");
    }
    bits = bits << 8 | next;
    // The least and the greatest that the octets to come can make of it.
    const std::uint64_t open = (std::uint64_t{1} << (8 * left)) - 1;
    const auto least = static_cast<std::int64_t>(bits << (8 * left));
    const auto most = static_cast<std::int64_t>(bits << (8 * left) | open);
    if (least > highest || most < lowest) {
      return malformed(position_ - 1, std::string(what) + " is not in " + std::to_string(lowest) +
                                          ".." + std::to_string(highest));
    }
  }
  value = static_cast<std::int64_t>(bits);
  return true;
}

bool BerReader::boolean(unsigned char tag, const char* what, bool& value) {
  std::size_t length = 0;
  if (!header(tag, what, length)) return false;
  if (length != 1) return malformed(position_ - 1, std::string(what) + " is not one octet");
  unsigned char octets = 0;
  if (!octet(what, octets)) return false;
  if (octets != 0 && octets != 0xff) {
    return malformed(position_ - 1, std::string(what) + " is neither 0x00 nor 0xff");
  }
  value = octets != 0;
  return true;
}

bool BerReader::octets(unsigned char tag, const char* what, std::string_view& value) {
  std::size_t length = 0;
  return header(tag, what, length) && content(length, value);
}

bool BerReader::octets(unsigned char tag, const char* what, std::string& value) {
  std::string_view view;
  if (!octets(tag, what, view)) return false;
  value = view;
  return true;
}

bool BerReader::optional_octets(unsigned char tag, const char* what,
                                std::optional<std::string>& value) {
  if (next() != tag) return !failed();
  return octets(tag, what, value.emplace());
}

bool BerReader::null(unsigned char tag, const char* what) {
  std::size_t length = 0;
  if (!header(tag, what, length)) return false;
  return length == 0 || malformed(position_ - 1, std::string(what) + " is not empty");
}

bool BerReader::any(const char* what, unsigned char& tag, std::string_view& value) {
  std::size_t length = 0;
  return identifier(what, tag) && length_of(what, length) && content(length, value);
}

bool BerReader::at_end_of(const char* what) {
  const auto tag = next();
  if (failed()) return false;
  return !tag ||
         malformed(position_, "an element " + ber_tag_text(*tag) + " does not belong in " + what);
}

std::optional<unsigned char> BerReader::next() {
  if (!more()) return std::nullopt;
  if (position_ >= input_.size()) {
    failure_ = NeedMore{};
    return std::nullopt;
  }
  return static_cast<unsigned char>(input_[position_]);
}

bool BerReader::skip_unknown(std::string_view known) {
  while (const auto tag = next()) {
    if (ber_holds_tag(known, *tag)) {
      return malformed(position_, "an element " + ber_tag_text(*tag) + " is out of place");
    }
    unsigned char seen = 0;
    std::string_view skipped;
    if (!any("an unknown element", seen, skipped)) return false;
  }
  return !failed();
}

// ---- writer

void BerWriter::integer(unsigned char tag, std::int64_t value) {
  std::size_t count = 1;
  for (std::int64_t rest = value >> 7; rest != 0 && rest != -1; rest >>= 8) ++count;
  out_ += static_cast<char>(tag);
  out_ += static_cast<char>(count);
  while (count-- > 0) out_ += static_cast<char>(value >> (8 * count));
}

void BerWriter::boolean(unsigned char tag, bool value) {
  out_ += static_cast<char>(tag);
  out_ += '\x01';
  out_ += value ? '\xff' : '\x00';
}

void BerWriter::octets(unsigned char tag, std::string_view value) {
  out_ += static_cast<char>(tag);
  const std::size_t length = value.size();
  if (length >= 0x80) {
    std::size_t count = 1;
    while (length >> (8 * count) != 0) ++count;
    out_ += static_cast<char>(0x80 | count);
    while (--count > 0) out_ += static_cast<char>(length >> (8 * count));
  }
  out_ += static_cast<char>(length);
  out_ += value;
}

std::size_t BerWriter::open(unsigned char tag) {
  out_ += static_cast<char>(tag);
  out_.append(lengths_ == BerLengths::four_octets ? 5 : 1, '\0');
  return out_.size();
}

// Most elements are short: only a long one is moved, once, to make room for its length.
void BerWriter::close(std::size_t start) {
  const std::size_t length = out_.size() - start;
  if (lengths_ == BerLengths::four_octets) {
    out_[start - 5] = '\x84';
    for (std::size_t i = 0; i < 4; ++i) {
      out_[start - 1 - i] = static_cast<char>(length >> (8 * i));
    }
    return;
  }
  out_[start - 1] = static_cast<char>(length);
  if (length < 0x80) return;
  std::size_t count = 1;
  while (length >> (8 * count) != 0) ++count;
  out_.insert(start, count, '\0');
  out_[start - 1] = static_cast<char>(0x80 | count);
  for (std::size_t i = 0; i < count; ++i) {
    out_[start + count - 1 - i] = static_cast<char>(length >> (8 * i));
  }
}

}  // namespace startle::wire
