#pragma once
// What is odd about the address of a sender (RFC 5321, 4.1.2), which goes into MAIL FROM.

#include <string>
#include <string_view>

namespace startle::customer {

// "has no @: ..", to stand behind the address in quotes; no full stop. Empty: nothing is.
std::string email_advice(std::string_view address);

}  // namespace startle::customer
