#pragma once
// The customer's own file: the <smtp> elements of a Scheduler's conf/schedule.xml, wherever they
// stand in it (everything else in the file is not looked at). With starttls="true" the product's
// documentation requires `username`, `password` and `trust`. No message ever quotes a password.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace startle::config {

// One <smtp> element. `url` is a host name, in spite of its name.
struct SmtpEntry {
  std::string file{};
  long line = 0;
  std::string url{};        // not empty, no white space
  std::uint16_t port = 25;  // 1-65535
  std::string email{};      // the sender: one plain address, fit for MAIL FROM
  bool starttls = false;
  std::optional<std::string> username{};  // these three as written; none is absent or empty
  std::optional<std::string> password{};  //   where `starttls` is true
  std::optional<std::string> trust{};     // not split: what it means is the trust model's business
};

struct Schedule {
  std::vector<SmtpEntry> smtp{};        // in document order, at least one
  std::vector<std::string> warnings{};  // "file:line: ...", such as an attribute that is ignored
};

// Throws Error(Fault::input, "file:line: what is wrong and what would be right"); "file: why" when
// the file cannot be read at all.
Schedule read_schedule(const std::filesystem::path& file);

// The same for text already at hand; `file` is its name in messages.
Schedule parse_schedule(std::string file, std::string_view content);

}  // namespace startle::config
