#pragma once
// Key stores that somebody has sent, mounted or checked in as text: what was done to them, and
// whether it can be undone.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace startle::customer {

struct Encoded {
  // "JKS", "PKCS #12", "JCEKS"; "": it is a certificate in DER.
  std::string format{};
  std::string how{};  // "base64", "base64 twice", "hexadecimal digits"
  bool whole = true;  // otherwise it is cut off or changed, and cannot be decoded
  // Of a POSIX pipe, the commands that decode it, from stdin to stdout.
  std::vector<std::string> stages{};
  std::string windows{};  // the command that takes two files, IN OUT; "": Windows has none
};

// A store, or a certificate in base64 that no BEGIN and END lines are around. nullopt: neither.
std::optional<Encoded> read_encoded(std::string_view bytes);

// What a filter has put in the place of octets that are no text, where it was a store: "U+FFFD",
// "?"; nullopt: it was none, or no such thing has happened to it.
std::optional<std::string> filtered_with(std::string_view bytes);

// With LF alone wherever CR LF stands, which a transfer in text mode may have made of it.
std::string without_cr(std::string_view bytes);

// What the first octets say: "JKS", "JCEKS", "PKCS #12", "".
std::string format_of(std::string_view bytes);

}  // namespace startle::customer
