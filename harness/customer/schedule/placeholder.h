#pragma once
// What stands in a file where somebody was to write a value.

#include <string_view>

namespace startle::customer {

// Whether `text` holds what a template has in place of a value: "${smtp.host}", "{{host}}",
// "#{host}", "%HOST%", "@HOST@", "<host>".
bool is_placeholder(std::string_view text);
// Of what is no password, and has neither percent signs nor an @ of its own, or one: also
// "smtp.%DOMAIN%".
bool has_placeholder(std::string_view text);

// Whether it is words that ask for a value: "changeme", "YOUR_HOST", "your-password", "TODO". One
// of them may be meant: a host may be called so.
bool is_stand_in(std::string_view text);
// Whether a label of a host's name is one: "smtp.yourdomain.com".
bool has_stand_in(std::string_view host);

}  // namespace startle::customer
