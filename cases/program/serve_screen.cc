#include "cases/program/serve_screen.h"

#include <cstdint>
#include <string_view>

#include "harness/base/printable.h"
#include "harness/base/shell_word.h"
#include "harness/base/words.h"
#include "harness/net/connect.h"
#include "harness/oracle/host_name.h"
#include "harness/words/words.h"

namespace startle::program {
namespace {

using report::Json;

std::string text(const Json& ready, const char* member) {
  return ready.at(member).get<std::string>();
}

std::string line(std::string_view title, const std::string& said) {
  constexpr std::size_t kTitle = 10;
  return std::string(title) + std::string(kTitle - title.size(), ' ') + printable(said) + "\n";
}

std::string place(const Json& ready) {
  return net::host_and_port(text(ready, "address"), ready.at("port").get<std::uint16_t>());
}

std::string command(const Json& ready) {
  const std::string name = text(ready, "name");
  const auto mode = from_word<words::Mode>(text(ready, "mode"));
  const bool starttls =
      mode && *mode != words::mode_of(words::protocol_of(*mode), words::Tls::implicit);
  const bool address = oracle::address_octets(name).has_value();
  return "openssl s_client -connect " + shell_word(place(ready)) +
         (starttls ? " -starttls " + text(ready, "protocol") : "") +
         (address ? " -verify_ip " + shell_word(name)
                  : " -servername " + shell_word(name) + " -verify_hostname " + shell_word(name)) +
         " -verify_return_error -CAfile " + shell_path(text(ready, "ca"));
}

std::string right_for_the_client(const Json& ready) {
  std::string endings;
  for (const Json& one : ready.at("expected")) {
    endings += (endings.empty() ? "" : " or ") + one.get<std::string>();
  }
  return (endings.empty() ? "" : endings + ": ") + text(ready, "reason");
}

}  // namespace

std::string handshake_line(const std::string& why) {
  return line("handshake", why);
}

std::string ready_screen(const Json& ready) {
  const bool binds = ready.at("bind_dn").is_string();
  return line("server", text(ready, "case") + ", " + text(ready, "mode") + ", at " + place(ready)) +
         line("name", text(ready, "name")) +
         line("trust", text(ready, "ca") + " (for Java " + text(ready, "truststore") +
                           ", password " + text(ready, "truststore_password") + ")") +
         line("user", text(ready, binds ? "bind_dn" : "username") + ", password " +
                          text(ready, "password")) +
         line("right is", right_for_the_client(ready)) +
         line("then", "a line of JSON for each connection; Ctrl-C ends the server") +
         line("try", command(ready));
}

}  // namespace startle::program
