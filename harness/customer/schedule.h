#pragma once
// The customer's own file: the <smtp> elements of a Scheduler's conf/schedule.xml and the <ldap>
// elements beside them, wherever they stand in it (everything else in the file is not looked at).
// With starttls="true" the product's documentation requires `username`, `password` and `trust`; the
// same goes for ssl="true", which it does not mention. No message ever quotes a user's name, a
// password or a trust value.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/customer/entry.h"

namespace startle::customer {

struct Schedule {
  std::vector<Entry> entries{};         // in document order, at least one
  std::vector<std::string> warnings{};  // "file:line: ...", such as an attribute that is ignored
};

// Throws Error(Fault::input, "file:line: what is wrong and what would be right"); "file: why" when
// the file cannot be read at all.
Schedule read_schedule(const std::filesystem::path& file);

// The same for text already at hand; `file` is its name in messages.
Schedule parse_schedule(std::string file, std::string_view content);

}  // namespace startle::customer
