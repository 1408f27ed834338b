#pragma once
// What a client process keeps from one exchange to the next: open connections, TLS sessions that
// can be resumed, what it was told and how that ended. Not for several threads.

#include <memory>
#include <string>
#include <vector>

#include "harness/client/decisions.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::client {

// A client of one protocol with its connection.
class Conversation {
 public:
  Conversation() = default;
  virtual ~Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // Connects and does everything. Where it succeeds, the connection may stay open.
  virtual net::Task<Outcome> run(net::Connector& connector) = 0;
  // The same on the open connection, whose user is logged in; once is_open().
  virtual net::Task<Outcome> again() = 0;
  virtual bool is_open() const = 0;
  virtual net::Task<void> close() = 0;
};

class ProcessState {
 public:
  struct Ticket {
    Settings told{};
    bool verified = false;
    std::string data{};  // tls::Session::resumption_data()
  };
  struct Kept {
    std::unique_ptr<Settings> settings{};  // that the conversation goes by
    std::unique_ptr<Conversation> conversation{};
  };

  void keep_ticket(Ticket ticket) { tickets_.push_back(std::move(ticket)); }
  // The latest that `decisions` let be used, once (RFC 8446, C.4); empty: there is none.
  std::string take_ticket(const StateDecisions& decisions, const Settings& wanted);

  void keep(Kept kept) { kept_.push_back(std::move(kept)); }
  // Without a conversation: there is none that `decisions` let be used.
  Kept take(const StateDecisions& decisions, const Settings& wanted);
  std::size_t open() const { return kept_.size(); }
  // Takes leave of every server.
  net::Task<void> close();

  Past past{};
  // What a subject that is no client of ours keeps for the process; goes with it.
  std::shared_ptr<void> kept_by_subject{};

 private:
  std::vector<Kept> kept_{};
  std::vector<Ticket> tickets_{};
};

using MakeConversation = std::unique_ptr<Conversation> (*)(net::World&, const Settings&,
                                                           const Decisions&, ProcessState*);

struct Surroundings {
  net::World& world;
  net::Connector& connector;
  const Decisions& decisions;
  ProcessState& state;
};

// One exchange of a process: over a connection that is open, or a new one, in which a TLS session
// may be resumed; and once more as Settings::attempts has it.
net::Task<Outcome> exchange(const Surroundings& around, MakeConversation make,
                            const Settings& told);

// The same of a process that keeps nothing from one to the next.
net::Task<Outcome> exchange_alone(net::World& world, net::Connector& connector,
                                  const Decisions& decisions, MakeConversation make,
                                  const Settings& told);

}  // namespace startle::client
