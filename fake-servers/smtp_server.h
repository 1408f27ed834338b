#pragma once
// A fake SMTP submission server: one dialogue, well-behaved (RFC 5321, 3207, 4954, 6409) except
// where its script deviates. It offers AUTH only inside TLS, wants it before MAIL, knows users with
// passwords and the addresses they may send from, and records what it sees.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "fake-servers/observation.h"
#include "fake-servers/script.h"
#include "harness/net/world.h"
#include "harness/tls/credentials.h"

namespace startle::fake {

struct User {
  std::string name{};
  std::string password{};
  std::vector<std::string> senders{};  // addresses this user may send from
};

// Plain data; may be shared by many dialogues.
struct SmtpServer {
  std::string name = "smtp.example.test";
  Script script{};
  std::shared_ptr<const tls::ServerCredentials> credentials{};
  std::vector<User> users{};
  std::string secret{};  // the canary to look for and to blot out
  std::chrono::milliseconds patience = std::chrono::minutes(30);  // with a silent client
};

// Serves `stream` until it ends; everything seen is added to `seen`. `server` and `seen` must
// outlive the task.
net::Task<void> serve_smtp(net::World& world, std::unique_ptr<net::Stream> stream,
                           const SmtpServer& server, Observation& seen);

}  // namespace startle::fake
