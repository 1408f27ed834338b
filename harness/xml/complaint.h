#pragma once
// Text that came from a file, made fit for a complaint: one line, nothing invisible, bounded. A
// stranger's file must not be able to forge lines of a log or to fill it.

#include <cstddef>
#include <string>
#include <string_view>

namespace startle::xml {

inline constexpr std::size_t kLongestComplaint = 300;  // bytes, without file and line
inline constexpr std::size_t kLongestQuotation = 60;   // bytes, without the marks

// `text` with control, formatting and other invisible characters as XML character references
// ("&#xA;"), bytes that are not UTF-8 as "\xE9", cut at a character with "..." at `limit` bytes.
std::string one_line(std::string_view text, std::size_t limit = kLongestComplaint);

// A value as a complaint quotes it: in quotation marks, on one line, cut at kLongestQuotation.
std::string quotation(std::string_view value);

// "file:line: complaint", as one bounded line.
std::string located(std::string_view file, long line, std::string_view complaint);

// Throws that as Error(Fault::input).
[[noreturn]] void refuse(std::string_view file, long line, std::string_view complaint);

}  // namespace startle::xml
