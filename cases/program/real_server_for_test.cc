#include "cases/program/real_server_for_test.h"

#include "harness/base/error.h"

namespace startle::cases {

void RealServer::start(const std::function<std::vector<std::string>(Ports)>& prepare,
                       const std::vector<std::string>& environment) {
  constexpr int kTries = 5;
  for (int i = 0; i < kTries; ++i) {
    const auto ports = free_ports(2);
    ports_ = {.starttls = ports[0], .tls = ports[1]};
    daemon_ = std::make_unique<Daemon>(prepare(ports_), environment, folder() / "log");
    if (daemon_->listens_on(ports)) return;
  }
  throw Error(Fault::system, "the server does not start: " + daemon_->log());
}

std::string on_loopback(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

}  // namespace startle::cases
