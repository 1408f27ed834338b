#pragma once
// What people write who think of other programs, and what to write instead; an example of each
// command that needs more words. Plain tables.

#include <string>
#include <string_view>

namespace startle::program {

// A command line that works, of `startle`, `startle certs` and what else needs words.
std::string_view example_of(std::string_view command);

// A value of an option, which --help calls `value`: of I/N 1/3. Empty: none is known.
std::string_view example_of_value(std::string_view option, std::string_view value);

// What to write in place of an option that `command` ("startle serve") does not have; `value` is
// the word behind it, or empty. Empty: nothing is known of it.
std::string advice_on(std::string_view command, std::string_view option, const std::string& value);

// Why two options exclude each other.
std::string_view reason_apart(std::string_view one, std::string_view other);

}  // namespace startle::program
