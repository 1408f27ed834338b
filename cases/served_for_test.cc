#include "cases/served_for_test.h"

#include <stdexcept>

namespace startle::cases {
namespace {

std::vector<std::string> operator+(std::vector<std::string> first,
                                   const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

Served::Served(const std::vector<std::string>& arguments)
    : process_(std::vector<std::string>{STARTLE_PROGRAM, "serve"} + arguments) {
  const auto line = process_.read_line();
  if (!line) throw std::runtime_error("startle serve is not ready: " + process_.wait().errors);
  ready_ = Json::parse(*line);
}

Json Served::next_event() {
  const auto line = process_.read_line();
  return line ? Json::parse(*line) : Json::object();
}

ProcessEnd startle(const std::vector<std::string>& arguments) {
  Process process(std::vector<std::string>{STARTLE_PROGRAM} + arguments);
  return process.wait();
}

std::vector<std::string> curl_command(const Served& server, const std::vector<std::string>& more,
                                      const std::string& address) {
  const std::string at = server.name() + ":" + server.port();
  // clang-format off
  return std::vector<std::string>{
      "curl", "-q", "--noproxy", "*", "-sS", "--max-time", "50", "--url", "smtp://" + at,
      "--resolve", at + ":" + address, "--ssl-reqd", "--cacert", server.ca(),
      "--user", server.user() + ":" + server.password(), "--mail-from", "sender@example.test",
      "--mail-rcpt", "you@example.test", "--upload-file", STARTLE_TREE "/cases/message_for_test.eml"} + more;
  // clang-format on
}

ProcessEnd curl(const Served& server, const std::vector<std::string>& more) {
  return Process(curl_command(server, more)).wait();
}

}  // namespace startle::cases
