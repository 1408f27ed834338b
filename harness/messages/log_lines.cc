#include "harness/messages/log_lines.h"

#include <algorithm>
#include <string_view>

#include "harness/base/utf_8.h"

namespace startle::messages {
namespace {

constexpr std::size_t kBlock = 256 << 10;
constexpr std::size_t kLooked = 4096;  // at the beginning, for its encoding

bool is_odd(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return (octet < 0x20 && c != '\t') || octet == 0x7f;
}

// The first CR or LF of `text`; npos: it has none.
std::size_t end_of_line(std::string_view text) {
  const std::size_t lf = text.find('\n');
  const std::size_t cr = text.substr(0, lf).find('\r');
  return cr == std::string_view::npos ? lf : cr;
}

// Whether its first line has NULs, or its end has: a log of octets that has UTF-16 behind its first
// line has none there.
bool begins_with_nuls(std::string_view raw) {
  const std::size_t lf = raw.find('\n');
  if (lf == std::string_view::npos) return true;
  const std::string_view line = raw.substr(0, lf + 2);
  return line.find('\0') != std::string_view::npos;
}

// ESC [ .. letter, and ESC ] .. BEL: colours, titles.
std::size_t end_of_escape(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return at + 1;
  const char kind = text[at + 1];
  at += 2;
  if (kind == '[') {
    while (at < text.size() && (text[at] < '@' || text[at] > '~')) ++at;
    return std::min(at + 1, text.size());
  }
  if (kind == ']') {
    while (at < text.size() && text[at] != '\a') ++at;
    return std::min(at + 1, text.size());
  }
  return at;
}

// Without what a terminal was told, and without the NULs in front and behind: what a log that was
// cut off while it was written has there. False: it is no text. NULs in every second place are
// UTF-16 that was added to something else.
bool clean(std::string& text) {
  if (std::none_of(text.begin(), text.end(), is_odd)) return true;
  const auto nuls = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\0'));
  if (nuls * 5 >= text.size() * 2) {
    std::erase(text, '\0');
  } else {
    const std::size_t begin = std::min(text.find_first_not_of('\0'), text.size());
    text.erase(0, begin);
    text.erase(text.find_last_not_of('\0') + 1);
  }
  std::string kept;
  std::size_t odd = 0;
  const auto between = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\0'));
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\x1b') {
      at = end_of_escape(text, at);
      continue;
    }
    if (is_odd(text[at])) {
      ++odd;
    } else {
      kept += text[at];
    }
    ++at;
  }
  constexpr std::size_t kFew = 2;  // of NULs, which words of a program have between them
  const bool is_text = between <= kFew && (odd <= kFew || odd * 8 <= kept.size());
  text = std::move(kept);
  return is_text;
}

}  // namespace

LogLines::LogLines(std::istream& in) : in_(in) {}

void LogLines::learn_encoding() {
  const std::string_view raw(raw_);
  std::size_t mark = 0;
  if (raw.starts_with("\xef\xbb\xbf")) {
    mark = 3;
  } else if (raw.starts_with("\xff\xfe")) {
    encoding_ = Encoding::utf_16_little;
    mark = 2;
  } else if (raw.starts_with("\xfe\xff")) {
    encoding_ = Encoding::utf_16_big;
    mark = 2;
  } else if (begins_with_nuls(raw)) {
    const std::string_view looked = raw.substr(0, kLooked & ~std::size_t{1});
    std::size_t nuls[2] = {0, 0};
    for (std::size_t i = 0; i < looked.size(); ++i) nuls[i % 2] += looked[i] == '\0' ? 1 : 0;
    const std::size_t many = looked.size() / 2 / 4;
    const std::size_t few = looked.size() / 2 / 50;
    if (nuls[1] > many && nuls[0] <= few) encoding_ = Encoding::utf_16_little;
    if (nuls[0] > many && nuls[1] <= few) encoding_ = Encoding::utf_16_big;
  }
  raw_.erase(0, mark);
}

void LogLines::add_unit(char32_t unit) {
  constexpr char32_t kUnknown = 0xfffd;
  if (unit >= 0xd800 && unit < 0xdc00) {
    if (high_ != 0) add_utf_8(text_, kUnknown);
    high_ = unit;
  } else if (unit >= 0xdc00 && unit < 0xe000) {
    add_utf_8(text_, high_ == 0 ? kUnknown : 0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00));
    high_ = 0;
  } else {
    if (high_ != 0) add_utf_8(text_, kUnknown);
    high_ = 0;
    if (unit != 0xfeff) add_utf_8(text_, unit);
  }
}

void LogLines::add_units(std::string_view raw) {
  for (const char c : raw) {
    if (!has_rest_) {
      rest_ = c;
      has_rest_ = true;
      continue;
    }
    has_rest_ = false;
    const auto first = static_cast<unsigned char>(rest_);
    const auto second = static_cast<unsigned char>(c);
    add_unit(encoding_ == Encoding::utf_16_big ? first * 0x100U + second : second * 0x100U + first);
  }
}

bool LogLines::fill() {
  if (at_end_) return false;
  text_.erase(0, taken_);
  taken_ = 0;
  raw_.resize(kBlock);
  in_.read(raw_.data(), static_cast<std::streamsize>(raw_.size()));
  raw_.resize(static_cast<std::size_t>(in_.gcount()));
  octets_ += raw_.size();
  at_end_ = raw_.size() < kBlock;
  if (!begun_) learn_encoding();
  begun_ = true;
  if (encoding_ == Encoding::octets) {
    text_ += raw_;
  } else {
    add_units(raw_);
  }
  return true;
}

bool LogLines::next(LogLine& line) {
  std::size_t end = std::string::npos;
  while (true) {
    if (ended_with_cr_ && taken_ < text_.size()) {
      if (text_[taken_] == '\n') ++taken_;
      ended_with_cr_ = false;
    }
    const std::string_view left = std::string_view(text_).substr(taken_, kMostOfALine + 1);
    end = end_of_line(left);
    if (end != std::string::npos || text_.size() - taken_ > kMostOfALine) break;
    if (!fill()) break;
  }
  const bool is_rest = end == std::string::npos;
  if (is_rest && taken_ == text_.size()) return false;
  std::size_t size = is_rest ? text_.size() - taken_ : end;
  const bool is_cut = size > kMostOfALine;
  if (is_cut) size = kMostOfALine;
  line.goes_on = goes_on_;
  if (!goes_on_) ++number_;
  line.number = number_;
  line.text.assign(text_, taken_, size);
  taken_ += size;
  goes_on_ = is_cut;
  if (!is_cut && !is_rest) {
    ended_with_cr_ = text_[taken_] == '\r';
    ++taken_;
  }
  line.is_text = clean(line.text);
  if (line.is_text && !line.goes_on) ++lines_of_text_;
  return true;
}

}  // namespace startle::messages
