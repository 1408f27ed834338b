#pragma once
// BER as LDAP restricts it (RFC 4511, 5.1; X.690): definite lengths, in the short form or in a long
// form of any size; strings primitive; BOOLEAN TRUE is FF; integers minimal (X.690, 8.3.2). The
// reader works on whatever has arrived of an element and finds what is malformed at the first octet
// that shows it; the writer appends to one buffer.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "harness/wire/parsed.h"

namespace startle::wire {

// Identifier octets.
inline constexpr unsigned char kBerBoolean = 0x01;
inline constexpr unsigned char kBerInteger = 0x02;
inline constexpr unsigned char kBerOctetString = 0x04;
inline constexpr unsigned char kBerEnumerated = 0x0a;
inline constexpr unsigned char kBerSequence = 0x30;
inline constexpr unsigned char kBerSet = 0x31;
inline constexpr unsigned char kBerConstructed = 0x20;  // the bit, no part of the tag itself

// "0x30".
std::string ber_tag_text(unsigned char tag);
// Whether `tag` is one of `tags`, primitive or constructed.
bool ber_holds_tag(std::string_view tags, unsigned char tag);

// Reads elements one after the other. Every reading function returns false from the first failure
// on, so that calls are joined by `&&`; take_failure() then tells whether octets are missing or
// wrong. `what` names the element in a complaint: "the message id".
class BerReader {
 public:
  // `input` may be the beginning of something longer, in which nothing may reach beyond `limit`.
  explicit BerReader(std::string_view input, std::size_t limit)
      : input_(input), end_(limit < 2 ? 2 : limit) {}

  bool integer(unsigned char tag, const char* what, std::int64_t& value,
               std::int64_t lowest = std::numeric_limits<std::int64_t>::min(),
               std::int64_t highest = std::numeric_limits<std::int64_t>::max());
  bool boolean(unsigned char tag, const char* what, bool& value);
  // A view into the input.
  bool octets(unsigned char tag, const char* what, std::string_view& value);
  bool octets(unsigned char tag, const char* what, std::string& value);
  // Keeps nullopt when another element, or none, follows.
  bool optional_octets(unsigned char tag, const char* what, std::optional<std::string>& value);
  bool null(unsigned char tag, const char* what);
  // An element of any tag, its content unread.
  bool any(const char* what, unsigned char& tag, std::string_view& content);

  // A constructed element: `read` reads what it holds and has to reach its end.
  template <class Read>
  bool inside(unsigned char tag, const char* what, Read read) {
    std::size_t length = 0;
    if (!header(tag, what, length)) return false;
    const std::size_t outer = end_;
    end_ = position_ + length;
    ++depth_;
    const bool done = read() && at_end_of(what);
    --depth_;
    end_ = outer;
    return done;
  }
  // The same for elements of one kind, any number of them.
  template <class Read>
  bool each(unsigned char tag, const char* what, Read read) {
    return inside(tag, what, [&] {
      while (more()) {
        if (!read()) return false;
      }
      return true;
    });
  }

  // Whether the innermost constructed element goes on.
  bool more() const { return position_ < end_ && !failed(); }
  // The identifier octet of the next element; nullopt at the end of what holds it, and (a failure)
  // when it has not arrived.
  std::optional<unsigned char> next();
  // Skips what follows the known components of a SEQUENCE (RFC 4511, 4), `known` being their tags:
  // one of these, be it in the other form, is out of place.
  bool skip_unknown(std::string_view known);

  std::size_t position() const { return position_; }
  // What has been read since `start`.
  std::string_view since(std::size_t start) const {
    return input_.substr(start, position_ - start);
  }
  std::size_t depth() const { return depth_; }
  bool failed() const { return !std::holds_alternative<std::monostate>(failure_); }
  // What stopped the reader. At most once.
  std::variant<std::monostate, NeedMore, Malformed> take_failure() { return std::move(failure_); }
  // Records what is malformed at `offset`, an octet that has been read; returns false.
  bool malformed(std::size_t offset, std::string why);

 private:
  bool octet(const char* what, unsigned char& value);
  bool header(unsigned char tag, const char* what, std::size_t& length);
  bool identifier(const char* what, unsigned char& tag);
  bool length_of(const char* what, std::size_t& length);
  bool too_long(std::size_t offset, const char* what);
  bool content(std::size_t length, std::string_view& octets);
  bool at_end_of(const char* what);

  std::string_view input_;
  std::size_t position_ = 0;
  std::size_t end_;  // of the innermost constructed element; beyond the input while it arrives
  std::size_t depth_ = 0;
  std::variant<std::monostate, NeedMore, Malformed> failure_{};
};

// How lengths of constructed values are written.
enum class BerLengths {
  shortest,
  four_octets,  // 84 00 00 00 05, as Active Directory does
};

// Appends elements to `out`.
class BerWriter {
 public:
  explicit BerWriter(std::string& out, BerLengths lengths = BerLengths::shortest)
      : out_(out), lengths_(lengths) {}

  void integer(unsigned char tag, std::int64_t value);
  void boolean(unsigned char tag, bool value);
  void octets(unsigned char tag, std::string_view value);
  // Octets that are elements already.
  void encoded(std::string_view elements) { out_.append(elements); }

  // A constructed element that holds what `write` appends.
  template <class Write>
  void inside(unsigned char tag, Write write) {
    const std::size_t start = open(tag);
    write();
    close(start);
  }

 private:
  std::size_t open(unsigned char tag);
  void close(std::size_t start);

  std::string& out_;
  BerLengths lengths_;
};

}  // namespace startle::wire
