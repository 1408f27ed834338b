#include "fake-servers/dialogue/secret_forms.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/base/utf_8.h"
#include "harness/sasl/password.h"

namespace startle::fake {
namespace {

constexpr std::string_view kBase64 = "+/-_";  // of either alphabet

std::string upper_hex(std::string_view bytes) {
  return ascii_upper(to_hex(bytes));
}

// What stands in base64 for these bytes behind `before` others, without the characters that depend
// on the neighbours.
std::string inside_base64(std::string_view bytes, std::size_t before) {
  constexpr std::array<std::size_t, 3> kForeign{0, 2, 3};  // characters with bits of a neighbour
  const std::string all = std::string(before, '\0').append(bytes);
  const std::string whole_groups = to_base64(all.substr(0, all.size() / 3 * 3));
  return whole_groups.substr(std::min(kForeign[before], whole_groups.size()));
}

// Those but the unreserved ones; `digits` are hex_of.
std::string percent_encoded(std::string_view bytes, std::string (*hex_of)(std::string_view),
                            bool form) {
  std::string text;
  for (const char c : bytes) {
    const bool plain =
        is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || (c == '~' && !form);
    if (plain) {
      text += c;
    } else if (form && c == ' ') {
      text += '+';
    } else {
      text += '%' + hex_of({&c, 1});
    }
  }
  return text;
}

std::string json_escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      text += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else if (c >= 0 && c < ' ') {
      text += "\\u00" + to_hex({&c, 1});
    } else {
      text += c;
    }
  }
  return text;
}

std::string xml_escaped(std::string_view bytes, std::string_view apostrophe) {
  std::string text;
  for (const char c : bytes) {
    switch (c) {
      case '&':
        text += "&amp;";
        break;
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '"':
        text += "&quot;";
        break;
      case '\'':
        text += apostrophe;
        break;
      default:
        text += c;
    }
  }
  return text;
}

// Nothing: this is no UTF-8.
std::optional<std::u16string> utf16_of(std::string_view bytes) {
  std::u16string units;
  units.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto character = first_character(bytes);
    if (!character) return std::nullopt;
    bytes.remove_prefix(character->octets);
    char32_t unit = character->code;
    if (unit > 0xffff) {
      units += static_cast<char16_t>(0xd7c0 + (unit >> 10));
      unit = 0xdc00 | (unit & 0x3ff);
    }
    units += static_cast<char16_t>(unit);
  }
  return units;
}

std::string octets_of(const std::u16string& units, bool big_endian) {
  std::string octets;
  octets.reserve(units.size() * 2);
  for (const char16_t unit : units) {
    const auto high = static_cast<char>(unit >> 8);
    const auto low = static_cast<char>(unit & 0xffU);
    octets += big_endian ? high : low;
    octets += big_endian ? low : high;
  }
  return octets;
}

}  // namespace

std::vector<SecretForm> forms_of(std::string_view secret) {
  std::vector<SecretForm> forms;
  constexpr std::size_t kUsual = 8;
  forms.reserve(kUsual);
  const auto add = [&forms](std::string text, std::string_view word = {}) {
    const bool known = std::any_of(forms.begin(), forms.end(),
                                   [&](const SecretForm& form) { return form.text == text; });
    if (!text.empty() && !known) forms.push_back({std::move(text), word});
  };
  std::vector<std::string> texts{std::string(secret)};
  const auto is_ascii = [](char c) { return c > 0; };
  if (!std::all_of(secret.begin(), secret.end(), is_ascii)) {
    if (auto prepared = sasl::prepared(secret)) texts.push_back(std::move(*prepared));
  }
  constexpr std::size_t kTelling = 4;  // characters; fewer stand everywhere
  for (const std::string& text : texts) {
    for (std::size_t before = 0; before < 3 && !text.empty(); ++before) {
      std::string base64 = inside_base64(text, before);
      if (base64.size() < kTelling) continue;
      add(base64, kBase64);
      if (base64.find_first_of("+/") == std::string::npos) continue;
      std::replace(base64.begin(), base64.end(), '+', '-');
      std::replace(base64.begin(), base64.end(), '/', '_');
      add(std::move(base64), kBase64);
    }
    if (text.size() >= kTelling) {
      add(to_hex(text));
      add(upper_hex(text));
      if (const auto units = utf16_of(text)) {
        add(octets_of(*units, false));
        add(octets_of(*units, true));
      }
    }
    if (std::all_of(text.begin(), text.end(), is_alphanumeric)) {
      add(text);  // which nothing escapes
      continue;
    }
    add(percent_encoded(text, upper_hex, false));
    add(percent_encoded(text, to_hex, false));
    add(percent_encoded(text, upper_hex, true));
    add(json_escaped(text));
    add(xml_escaped(text, "&apos;"));
    add(xml_escaped(text, "&#39;"));
    add(xml_escaped(text, "'"));
    add(text);
  }
  return forms;
}

}  // namespace startle::fake
