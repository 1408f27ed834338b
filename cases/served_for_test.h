#pragma once
// `startle serve` as its users see it: a program that says where it listens, then what it saw.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cases/process_for_test.h"

namespace startle::cases {

using Json = nlohmann::json;

class Served {
 public:
  // `startle serve ARGUMENTS..`, ready to be connected to. Throws with its stderr when it is not.
  explicit Served(const std::vector<std::string>& arguments);

  const Json& ready() const { return ready_; }
  std::string name() const { return ready_.at("name"); }
  std::string ca() const { return ready_.at("ca"); }
  std::string user() const { return ready_.at("username"); }
  std::string password() const { return ready_.at("password"); }
  std::string port() const { return std::to_string(ready_.at("port").get<unsigned>()); }

  // What it says of the next connection that ends; an empty object when it says nothing more.
  Json next_event();
  void interrupt(int number) const { process_.send_signal(number); }
  ProcessEnd wait() { return process_.wait(); }

 private:
  Process process_;
  Json ready_{};
};

// `startle ARGUMENTS..` to its end.
ProcessEnd startle(const std::vector<std::string>& arguments);

// curl, sending a message to `server` over TLS that it demands and with a certificate that it
// verifies: what `more` adds comes last.
std::vector<std::string> curl_command(const Served& server,
                                      const std::vector<std::string>& more = {},
                                      const std::string& address = "127.0.0.1");
ProcessEnd curl(const Served& server, const std::vector<std::string>& more = {});

}  // namespace startle::cases
