#pragma once
// The customer's own file: the <smtp> elements of a Scheduler's conf/schedule.xml and the <ldap>
// elements beside them, wherever they stand in it (everything else in the file is not looked at).
// With starttls="true" the product's documentation requires `username`, `password` and `trust`;
// what reads such a file does not, and so their absence is a warning. No message ever quotes a
// user's name or a password.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/customer/schedule/entry.h"
#include "harness/customer/schedule/mistake.h"

namespace startle::customer {

struct Schedule {
  std::vector<Entry> entries{};  // in document order, at least one
  Mistakes mistakes{};           // such as an attribute that is ignored; none is Weight::refused

  std::vector<std::string> warnings() const;  // their texts
};

// Throws Error(Fault::input) where no product can start with the file: a line for each of its
// mistakes, "file:line: what is wrong and what would be right", warnings among them; "file: why"
// when it cannot be read at all.
Schedule read_schedule(const std::filesystem::path& file);

// The same for text already at hand; `file` is its name in messages.
Schedule parse_schedule(std::string file, std::string_view content);

}  // namespace startle::customer
