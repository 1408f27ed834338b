#include "harness/wire/line.h"

#include "harness/base/error.h"
#include "harness/base/printable.h"

namespace startle::wire {

std::variant<ParsedLine, NeedMore, Malformed> parse_line(std::string_view input, std::size_t start,
                                                         std::size_t limit) {
  for (std::size_t i = start; i < input.size(); ++i) {
    switch (input[i]) {
      case '\r':
        if (i + 1 == input.size()) return NeedMore{};
        if (input[i + 1] != '\n') return Malformed{i + 1, "a CR is not followed by LF"};
        return ParsedLine{input.substr(start, i - start), i + 2};
      case '\n':
        return Malformed{i, "an LF does not follow CR"};
      case '\0':
        return Malformed{i, "a line holds NUL"};
      default:
        if (i - start + 3 > limit) {
          return Malformed{i, "a line is longer than " + std::to_string(limit) + " octets"};
        }
    }
  }
  return NeedMore{};
}

std::string written_line(std::string_view text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    throw Error(Fault::internal, "not one line of SMTP: " + printable(text));
  }
  std::string line(text);
  line += "\r\n";
  return line;
}

}  // namespace startle::wire
