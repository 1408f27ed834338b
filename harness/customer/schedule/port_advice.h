#pragma once
// What is wrong with a port: one that begins with TLS where the client begins in clear, the other
// way round, and that of another protocol. Ports are free, so none of this is more than advice.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/words/protocol.h"

namespace startle::customer {

// "port 465 begins with TLS ..: write .."; empty where nothing is odd. `demand` is what the file
// says that asks for TLS, such as ssl="true"; empty: nothing.
std::string port_advice(words::Protocol protocol, words::Tls tls, std::uint16_t port,
                        std::string_view demand);

}  // namespace startle::customer
