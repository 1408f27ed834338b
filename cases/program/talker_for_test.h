#pragma once
// A client that says what it likes, and waits for no more than it has to.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "harness/base/error.h"
#include "harness/base/process_for_test.h"

namespace startle::cases {

// No wait is longer than kPatience.
class Talker {
 public:
  // Throws where nobody listens.
  explicit Talker(const std::string& port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    for (const int wait : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      ::setsockopt(socket_, SOL_SOCKET, wait, &patience, sizeof patience);
    }
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    try {
      check_errno(::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), "connect");
    } catch (const Error&) {
      ::close(socket_);
      throw;
    }
  }
  ~Talker() { ::close(socket_); }
  Talker(const Talker&) = delete;
  Talker& operator=(const Talker&) = delete;

  bool say(const std::string& bytes) const {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t put = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (put <= 0) return false;
      sent += static_cast<std::size_t>(put);
    }
    return true;
  }
  // False: so many lines did not come.
  bool hear(std::ptrdiff_t lines) const {
    std::array<char, 4096> chunk{};
    while (lines > 0) {
      const ssize_t got = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (got <= 0) return false;
      lines -= std::count(chunk.begin(), chunk.begin() + got, '\n');
    }
    return true;
  }

 private:
  int socket_;
};

}  // namespace startle::cases
