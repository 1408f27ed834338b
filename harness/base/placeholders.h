#pragma once
// Text of our XML files with placeholders: {NAME} for a value of the exchange, {crlf}, and
// {hex:00ff} for bytes that XML cannot carry.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace startle {

// The value of a placeholder's name; nullopt: there is none of that name.
using Placeholder = std::function<std::optional<std::string>(std::string_view name)>;

// Throws Error(Fault::input) without file and line for an unknown name, an unclosed brace or hex
// that is none; `known` lists the names to offer.
std::string fill_in(std::string_view text, const Placeholder& value, std::string_view known);

}  // namespace startle
