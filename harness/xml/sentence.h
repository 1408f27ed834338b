#pragma once
// What is wrong with a document, in words that tell a stranger what to write instead. libxml2's own
// words are kept, except where they say nothing to the reader of the file or could quote a piece
// of a value, which may be a password. And how much is too much.

#include <string>
#include <string_view>

namespace startle::xml {

// Sizes past which a document is refused. libxml2 compares each attribute of a tag with all before
// it and each prefix with all in scope: a file of one megabyte can cost a minute. No document that
// people write comes near these.
inline constexpr int kMostAttributes = 200;  // of one element
inline constexpr int kMostNamespaces = 200;  // in scope at one element
inline constexpr long kMostElements = 100000;
inline constexpr int kDeepest = 256;  // libxml2's own bound

inline constexpr std::string_view kDoctypeRefused =
    "a DOCTYPE is not allowed here: remove it (nothing outside the file is read)";

// `code` of xmlParserErrors (0: libxml2 gave no reason), `text` its message.
std::string sentence(int code, std::string_view text);

}  // namespace startle::xml
