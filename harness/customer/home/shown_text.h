#pragma once
// Files without a certificate that ought to show one: what s_client says of a connection that came
// to nothing, and what other programs print for people.

#include <string>

namespace startle::customer {

// What was in the way of a connection, and what to do, behind the file's name; "": nothing that is
// known. `text`: in UTF-8, its lines ended by LF.
std::string why_none(const std::string& text);

// What it is instead, and how to get what is wanted, which is `how_to_write` where nothing is
// known.
std::string kind_of_text(const std::string& text, const std::string& how_to_write);

}  // namespace startle::customer
