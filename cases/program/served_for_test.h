#pragma once
// `startle serve` as its users see it: a program that says where it listens, then what it saw.

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/process_for_test.h"

namespace startle::cases {

using Json = nlohmann::json;

// What a client needs to know of a server: its `ready` event.
class Ready {
 public:
  const Json& ready() const { return ready_; }
  std::string name() const { return ready_.at("name"); }
  std::string ca() const { return ready_.at("ca"); }
  std::string user() const { return ready_.at("username"); }
  std::string bind_dn() const { return ready_.at("bind_dn"); }
  std::string password() const { return ready_.at("password"); }
  std::string port() const { return std::to_string(ready_.at("port").get<unsigned>()); }

  Ready() = default;
  explicit Ready(Json event) : ready_(std::move(event)) {}

 protected:
  Json ready_{};
};

class Served : public Ready {
 public:
  // `startle serve ARGUMENTS..`, ready to be connected to; `variables` as of Process. Throws with
  // its stderr when it is not.
  explicit Served(const std::vector<std::string>& arguments,
                  const std::vector<std::string>& variables = {});

  // What it says of the next connection that ends; an empty object when it says nothing more.
  Json next_event();
  void interrupt(int number) const { process_.send_signal(number); }
  ProcessEnd wait() { return process_.wait(); }

 private:
  Process process_;
};

// `startle serve --control ARGUMENTS..`: servers started and stopped by lines on its stdin.
class Controlled {
 public:
  explicit Controlled(const std::vector<std::string>& arguments = {});

  // Writes one line and returns the next event, an answer or whatever comes first.
  Json ask(const std::string& line);
  // Of a start that is expected to succeed. Throws with the event when it does not.
  Ready start(const Json& wanted);
  Json next_event();
  void end_input() { process_.close_input(); }
  void interrupt(int number) const { process_.send_signal(number); }
  ProcessEnd wait() { return process_.wait(); }

 private:
  Process process_;
};

// A client of a mail server that has read the beginning of the greeting, and stays.
class Caller {
 public:
  enum class Greeting { some, any };  // `any`: the server may also close, or say nothing for long
  // Throws when the server does not greet.
  explicit Caller(const Ready& server, Greeting greeting = Greeting::some);
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

 private:
  int socket_ = -1;
};

// `startle ARGUMENTS..` to its end.
ProcessEnd startle(const std::vector<std::string>& arguments);

// curl, sending a message to `server` over TLS that it demands and with a certificate that it
// verifies: what `more` adds comes last.
std::vector<std::string> curl_command(const Ready& server,
                                      const std::vector<std::string>& more = {},
                                      const std::string& address = "127.0.0.1");
ProcessEnd curl(const Ready& server, const std::vector<std::string>& more = {});

}  // namespace startle::cases
