#include "cases/program/served_for_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>

#include "harness/base/error.h"

namespace startle::cases {
namespace {

std::vector<std::string> operator+(std::vector<std::string> first,
                                   const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

Served::Served(const std::vector<std::string>& arguments, const std::vector<std::string>& variables)
    : process_(std::vector<std::string>{STARTLE_PROGRAM, "serve"} + arguments, variables) {
  const auto line = process_.read_line();
  if (!line) throw std::runtime_error("startle serve is not ready: " + process_.wait().errors);
  ready_ = Json::parse(*line);
}

Json Served::next_event() {
  const auto line = process_.read_line();
  return line ? Json::parse(*line) : Json::object();
}

Controlled::Controlled(const std::vector<std::string>& arguments)
    : process_(std::vector<std::string>{STARTLE_PROGRAM, "serve", "--control"} + arguments, {},
               Process::Input::lines) {}

Json Controlled::ask(const std::string& line) {
  process_.write_line(line);
  return next_event();
}

Ready Controlled::start(const Json& wanted) {
  Json event = ask(Json{{"start", wanted}}.dump());
  if (event.value("event", "") != "ready") throw std::runtime_error("not ready: " + event.dump());
  return Ready(std::move(event));
}

Json Controlled::next_event() {
  const auto line = process_.read_line();
  return line ? Json::parse(*line) : Json::object();
}

Caller::Caller(const Ready& server, Greeting greeting)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.port())));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check_errno(::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), "connect");
  const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char first = 0;
  const ssize_t got = ::read(socket_, &first, 1);
  if (got != 1 && greeting == Greeting::some) throw std::runtime_error("the server does not greet");
}

Caller::~Caller() {
  ::close(socket_);
}

ProcessEnd startle(const std::vector<std::string>& arguments) {
  Process process(std::vector<std::string>{STARTLE_PROGRAM} + arguments);
  return process.wait();
}

std::vector<std::string> curl_command(const Ready& server, const std::vector<std::string>& more,
                                      const std::string& address) {
  const std::string at = server.name() + ":" + server.port();
  const std::string scheme = server.ready().at("mode") == "smtps" ? "smtps://" : "smtp://";
  // clang-format off
  return std::vector<std::string>{
      "curl", "-q", "--noproxy", "*", "-sS", "--max-time", "50", "--url", scheme + at,
      "--resolve", at + ":" + address, "--ssl-reqd", "--cacert", server.ca(),
      "--user", server.user() + ":" + server.password(), "--mail-from", "sender@example.test",
      "--mail-rcpt", "you@example.test", "--upload-file", STARTLE_TREE "/cases/program/message_for_test.eml"} + more;
  // clang-format on
}

ProcessEnd curl(const Ready& server, const std::vector<std::string>& more) {
  return Process(curl_command(server, more)).wait();
}

}  // namespace startle::cases
