#include "harness/base/placeholders.h"

#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle {

std::string fill_in(std::string_view text, const Placeholder& value, std::string_view known) {
  constexpr std::string_view kHex = "hex:";
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (close == std::string_view::npos) {
      throw Error(Fault::input, "`{` without `}`: a literal brace is {hex:7b}");
    }
    std::optional<std::string> found;
    if (name == "crlf")
      found = "\r\n";
    else if (name.starts_with(kHex))
      found = from_hex(name.substr(kHex.size()));
    else
      found = value(name);
    if (!found) {
      throw Error(Fault::input, "{" + std::string(name) + "} is no placeholder: there are " +
                                    std::string(known) + ", {crlf} and {hex:00ff}");
    }
    filled += *found;
    text.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace startle
