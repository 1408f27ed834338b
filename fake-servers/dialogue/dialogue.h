#pragma once
// The engine of every fake server: it moves the bytes, starts TLS, performs the script where one
// deviates, and leaves. What a well-behaved server says is a Conversation, which does no I/O: a
// message that has arrived is answered without starting a coroutine.

#include <memory>
#include <optional>
#include <string>

#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/recorder.h"
#include "fake-servers/dialogue/server.h"
#include "harness/net/world.h"
#include "harness/tls/session.h"

namespace startle::fake {

// Something a client has said that is to be answered.
struct Request {
  std::optional<Point> at{};  // where a script may have an answer of its own
  bool last = false;          // the dialogue ends with its answer
};

struct ServerAnswer {
  std::string bytes{};  // empty: it is answered by saying nothing
  bool starts_tls = false;
  bool unfinished = false;  // what the client says next belongs to the same point
};

// One protocol, as a well-behaved server speaks it with one client.
class Conversation {
 public:
  Conversation() = default;
  virtual ~Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // What is to be said before the client speaks; nothing: the client speaks first.
  virtual std::optional<Request> opened() { return std::nullopt; }
  // Takes the request that `buffer` starts with, out of it; nothing: more has to come.
  virtual std::optional<Request> next(std::string& buffer) = 0;
  // To the request just taken. Credentials are looked at here: a script that answers for itself
  // authenticates nobody. Called at most once for each request.
  virtual ServerAnswer usual() = 0;
  // To the same request, as a step of a script has it.
  virtual std::string responded(const Respond& step) = 0;

  virtual void tls_started(const tls::Session& session) = 0;
  virtual void tls_ended() = 0;
  virtual Recorder& recorder() = 0;
};

struct ServerProtocol;

// Talks until the connection ends; everything seen is added to `seen`. Where that has seen one
// before, the client has come back: with_bait_in_clear(). What is referred to must outlive the
// task.
net::Task<void> serve(net::World& world, std::unique_ptr<net::Stream> stream, const Server& server,
                      const ServerProtocol& protocol, Observation& seen);

}  // namespace startle::fake
