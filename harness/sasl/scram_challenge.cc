#include "harness/sasl/scram_challenge.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/sasl/scram.h"

namespace startle::sasl {
namespace {

constexpr std::size_t kMostAttributes = 64;

// attr-val = ALPHA "=" value, of which the value has no comma and no NUL.
struct ScramAttribute {
  char name = 0;
  std::string_view value{};
};

// printable = %x21-2B / %x2D-7E
bool is_printable(char c) {
  return c >= '!' && c <= '~' && c != ',';
}

std::optional<std::vector<ScramAttribute>> attributes_of(std::string_view message) {
  std::vector<ScramAttribute> all;
  while (all.size() < kMostAttributes) {
    const std::size_t comma = message.find(',');
    const std::string_view one = message.substr(0, comma);
    if (one.size() < 2 || !is_letter(one[0]) || one[1] != '=') return std::nullopt;
    if (one.find('\0') != std::string_view::npos) return std::nullopt;
    all.push_back({.name = one[0], .value = one.substr(2)});
    if (comma == std::string_view::npos) return all;
    message.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

bool any_mandatory(const std::vector<ScramAttribute>& all, std::size_t from) {
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(from), all.end(),
                     [](const ScramAttribute& a) { return a.name == 'm'; });
}

// posit-number, and 0, which a server may well send.
std::optional<std::uint32_t> number(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t value = 0;
  for (const char c : digits) {
    value = std::min(kMost, value * 10 + static_cast<std::uint64_t>(c - '0'));
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace

std::variant<ScramChallenge, MalformedScram> read_scram_challenge(std::string_view message) {
  const auto all = attributes_of(message);
  if (!all) return MalformedScram{"the server's first message is no list of attributes"};
  const std::size_t at = all->front().name == 'm' ? 1 : 0;
  const bool in_order = all->size() >= at + 3 && (*all)[at].name == 'r' &&
                        (*all)[at + 1].name == 's' && (*all)[at + 2].name == 'i';
  if (!in_order)
    return MalformedScram{"the server's first message does not hold r=, s= and i=, in that order"};
  ScramChallenge read;
  read.mandatory_extension = at == 1 || any_mandatory(*all, at + 3);
  read.nonce = (*all)[at].value;
  if (read.nonce.empty() || !std::all_of(read.nonce.begin(), read.nonce.end(), is_printable)) {
    return MalformedScram{"the nonce is not printable"};
  }
  auto salt = from_base64((*all)[at + 1].value);
  if (!salt || salt->empty()) return MalformedScram{"the salt is no base64"};
  read.salt = std::move(*salt);
  const auto iterations = number((*all)[at + 2].value);
  if (!iterations) return MalformedScram{"the iteration count is no number"};
  read.iterations = *iterations;
  return read;
}

std::variant<ScramFinal, MalformedScram> read_scram_final(std::string_view message) {
  const auto all = attributes_of(message);
  if (!all) return MalformedScram{"the server's last message is no list of attributes"};
  const ScramAttribute& first = all->front();
  if (any_mandatory(*all, 0)) {
    return MalformedScram{"the server's last message has a mandatory extension (m=)"};
  }
  ScramFinal read;
  if (first.name == 'e') {
    // server-error-value-ext = value: more than the words that the RFC lists.
    if (first.value.empty())
      return MalformedScram{"the error in the server's last message is empty"};
    read.error = std::string(first.value);
    return read;
  }
  if (first.name != 'v') {
    return MalformedScram{
        "the server's last message holds neither its signature (v=) nor an error (e=)"};
  }
  auto signature = from_base64(first.value);
  if (!signature || signature->empty())
    return MalformedScram{"the server's signature is no base64"};
  read.signature = std::move(*signature);
  return read;
}

std::optional<Objection> objection_to(const ScramChallenge& challenge,
                                      std::string_view client_nonce) {
  using Kind = Objection::Kind;
  if (challenge.mandatory_extension) {
    return Objection{Kind::mandatory_extension,
                     "the server demands an extension that no one knows"};
  }
  if (!challenge.nonce.starts_with(client_nonce)) {
    return Objection{Kind::foreign_nonce, "the nonce does not begin with the client's"};
  }
  if (challenge.nonce.size() == client_nonce.size()) {
    return Objection{Kind::unchanged_nonce, "the server added nothing to the client's nonce"};
  }
  if (challenge.iterations == 0) return Objection{Kind::iterations, "the iteration count is 0"};
  if (challenge.iterations > kMostIterations) {
    return Objection{Kind::iterations,
                     "the iteration count is beyond " + std::to_string(kMostIterations)};
  }
  return std::nullopt;
}

}  // namespace startle::sasl
