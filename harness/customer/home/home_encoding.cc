#include "harness/customer/home/home_encoding.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/utf_8.h"
#include "harness/customer/home/written_text.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// PFX ::= SEQUENCE { version INTEGER (3), .. } (RFC 7292, 4), its length in any form.
bool begins_as_pkcs12(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != '\x30') return false;
  const auto length = static_cast<unsigned char>(bytes[1]);
  const std::size_t head = length <= 0x80 ? 2 : 2 + (length - 0x80U);
  return bytes.size() > head && bytes.substr(head).starts_with("\x02\x01\x03"sv);
}

std::string without_lines_of_dashes(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (text.substr(0, end).find("-----") == std::string_view::npos) kept += text.substr(0, end);
    text.remove_prefix(end);
  }
  return kept;
}

std::string without_any_of(std::string_view these, std::string text) {
  std::erase_if(text, [&](char c) { return these.find(c) != std::string_view::npos; });
  return text;
}

// Each character as the octet that it is in ISO 8859-1.
std::optional<std::string> octets_of_characters(std::string_view utf_8) {
  std::string octets;
  while (!utf_8.empty()) {
    const auto character = first_character(utf_8);
    if (!character || character->code > 0xff) return std::nullopt;
    octets += static_cast<char>(character->code);
    utf_8.remove_prefix(character->octets);
  }
  return octets;
}

// What stands before the first character that is no base64, in whole groups of four.
std::string beginning(const std::string& text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t end = std::min(text.find_first_not_of(kAlphabet), text.size());
  return from_base64(text.substr(0, end - end % 4)).value_or("");
}

// Into base64 or hexadecimal digits alone, noting the commands that do the same.
std::string bare(const WrittenText& written, std::vector<std::string>& stages) {
  std::string text = written.text;
  if (written.form == WrittenText::Form::utf_16) stages.emplace_back("iconv -f UTF-16 -t UTF-8");
  if (written.form == WrittenText::Form::marked_utf_8) stages.emplace_back("tail -c +4");
  if (text.find("-----") != std::string::npos) {
    text = without_lines_of_dashes(text);
    stages.emplace_back("sed /-----/d");
  }
  constexpr std::string_view kBlanks = " \t\r";
  if (text.find_first_of(kBlanks) != std::string::npos) stages.emplace_back("tr -d ' \\t\\r'");
  return without_any_of(" \t\r\n", std::move(text));
}

std::optional<Encoded> read_base64(std::string text, std::vector<std::string> stages) {
  constexpr std::array kTimes{"base64", "base64 twice", "base64 three times"};
  for (const char* how : kTimes) {
    const auto octets = from_base64(text);
    stages.emplace_back("base64 -d");
    if (!octets) {
      std::string format = format_of(beginning(text));
      if (format.empty()) return std::nullopt;
      return Encoded{.format = std::move(format), .how = how, .whole = false};
    }
    const bool once = how == kTimes.front();
    std::string format = format_of(*octets);
    if (!format.empty() || (once && is_one_sequence(*octets))) {
      return Encoded{.format = std::move(format),
                     .how = how,
                     .stages = std::move(stages),
                     .windows = once ? "certutil -decode" : ""};
    }
    text = without_any_of(" \t\r\n", *octets);
  }
  return std::nullopt;
}

}  // namespace

std::string format_of(std::string_view bytes) {
  if (bytes.starts_with("\xfe\xed\xfe\xed")) return "JKS";
  if (bytes.starts_with("\xce\xce\xce\xce")) return "JCEKS";
  return begins_as_pkcs12(bytes) ? "PKCS #12" : "";
}

std::optional<Encoded> read_encoded(std::string_view bytes) {
  if (const auto octets = octets_of_characters(bytes)) {
    if (std::string format = format_of(*octets); !format.empty() && *octets != bytes) {
      return Encoded{.format = std::move(format),
                     .how = "UTF-8, as if it were text in ISO 8859-1",
                     .stages = {"iconv -f UTF-8 -t ISO-8859-1"}};
    }
  }
  const auto written = read_text(bytes);
  if (!written) return std::nullopt;
  std::vector<std::string> stages;
  const std::string text = bare(*written, stages);
  if (text.size() < 8) return std::nullopt;
  if (const auto octets = from_hex(text)) {
    if (std::string format = format_of(*octets); !format.empty()) {
      stages.emplace_back("xxd -r -p");
      return Encoded{.format = std::move(format),
                     .how = "hexadecimal digits",
                     .stages = std::move(stages),
                     .windows = "certutil -decodehex"};
    }
  }
  return read_base64(text, std::move(stages));
}

std::optional<std::string> filtered_with(std::string_view bytes) {
  const std::string_view begin = bytes.substr(0, 24);
  for (const auto& [put, told] :
       {std::pair{kReplacement, "U+FFFD"}, std::pair{"?"sv, "a question mark"}}) {
    std::size_t replaced = 0;
    while (begin.substr(replaced * put.size()).starts_with(put)) ++replaced;
    const std::string_view behind = begin.substr(replaced * put.size());
    const bool was_java =
        replaced > 0 && (behind.starts_with("\0\0\0\2"sv) || behind.starts_with("\0\0\0\1"sv));
    // SEQUENCE, a length of three octets and more, INTEGER 3.
    const bool was_pkcs12 = begin.starts_with("0" + std::string(put)) &&
                            begin.find("\x02\x01\x03"sv) != std::string_view::npos;
    if (was_java || was_pkcs12) return told;
  }
  return std::nullopt;
}

std::string without_cr(std::string_view bytes) {
  std::string made;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\r' || i + 1 == bytes.size() || bytes[i + 1] != '\n') made += bytes[i];
  }
  return made;
}

}  // namespace startle::customer
