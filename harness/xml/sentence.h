#pragma once
// What is wrong with a document, in words that tell a stranger what to write instead. libxml2's own
// words are kept, except where they say nothing to the reader of the file or could quote a piece
// of a value, which may be a password.

#include <string>
#include <string_view>

namespace startle::xml {

inline constexpr std::string_view kDoctypeRefused =
    "a DOCTYPE is not allowed here: remove it (nothing outside the file is read)";

// `code` of xmlParserErrors (0: libxml2 gave no reason), `text` its message.
std::string sentence(int code, std::string_view text);

}  // namespace startle::xml
