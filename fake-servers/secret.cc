#include "fake-servers/secret.h"

#include <algorithm>

#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

constexpr std::string_view kBlot = "<secret>";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Whatever the padding: a client that gives a secret away need not be strict.
bool word_holds(std::string_view word, std::string_view secret) {
  std::string padded(word.substr(0, word.find('=')));
  while (padded.size() % 4 != 0) padded += 'A';
  const auto bytes = from_base64(padded);
  return bytes && bytes->find(secret) != std::string::npos;
}

// Calls `each` with every run of base64 characters, its padding included, and the text before it.
template <class Each>
void for_each_word(std::string_view text, Each each) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = std::min(text.find_first_of(kBase64, at), text.size());
    const std::size_t bare = std::min(text.find_first_not_of(kBase64, begin), text.size());
    const std::size_t end = std::min(text.find_first_not_of('=', bare), text.size());
    each(text.substr(at, begin - at), text.substr(begin, end - begin));
    at = end;
  }
}

}  // namespace

bool holds_secret(std::string_view bytes, std::string_view secret) {
  if (secret.empty()) return false;
  if (bytes.find(secret) != std::string_view::npos) return true;
  bool found = false;
  for_each_word(bytes, [&](std::string_view, std::string_view word) {
    found = found || (word.size() >= secret.size() && word_holds(word, secret));
  });
  return found;
}

std::string blotted(std::string_view line, std::string_view secret) {
  if (secret.empty()) return std::string(line);
  std::string clean;
  for_each_word(line, [&](std::string_view before, std::string_view word) {
    clean += before;
    clean += word_holds(word, secret) ? kBlot : word;
  });
  for (std::size_t at = clean.find(secret); at != std::string::npos;
       at = clean.find(secret, at + kBlot.size())) {
    clean.replace(at, secret.size(), kBlot);
  }
  return clean;
}

}  // namespace startle::fake
