#pragma once
// A line of somebody's log, made fit to be shown: what may be a password is taken out of it.

#include <string>
#include <string_view>

namespace startle::messages {

inline constexpr std::string_view kRedacted = "<redacted>";

// `line` without what follows `password=` and its like, the password of a URL or of an option of a
// command line, what a client says in AUTH and in answer to it, and any word in base64 that holds
// NUL, as SASL PLAIN does.
std::string redacted(std::string_view line);

}  // namespace startle::messages
