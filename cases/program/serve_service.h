#pragma once
// One served server: where it listens, the `ready` event, its dialogues and the event of each
// connection that ended, and its own end.

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "cases/program/serve_events.h"
#include "cases/program/serve_files.h"
#include "cases/program/serve_offer.h"
#include "fake-servers/protocols.h"
#include "harness/net/tcp.h"

namespace startle::program {

class Service {
 public:
  // Listens at `at` (the first address has to be had, further ones share its port), and where its
  // script refers clients, on a second port without TLS. `id` stands in its `events`, if it is
  // stated. Throws Error(Fault::system) when a port is taken.
  Service(net::RealWorld& world, Events& events, ServeOffer offer,
          const std::vector<net::Endpoint>& at, std::optional<unsigned> id = std::nullopt);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  Json ready_event(ServeFiles& files) const;
  // Accepts connections until end(). `after_first`, if any, is called when the first that counts
  // has ended (and, where it was referred elsewhere, has had its time to go there); all others go
  // unsaid. One counts whose client has said anything, or has met what the script has for who says
  // nothing: not whoever looks whether somebody listens.
  void start(std::function<void()> after_first = nullptr);
  unsigned id() const { return id_.value_or(0); }
  // A client is connected: to end this may take a while.
  bool is_busy() const;
  // Accepts no more, and ends the open connections: each still has its event. False: one did not
  // end in time, and *this is still in use.
  net::Task<bool> end();
  // Of the connections that have ended: false where the client of one failed; nothing where none
  // has passed either.
  std::optional<bool> passed() const;

 private:
  class Connection;
  enum class Role { server, referral };
  // Shared with the connections, which may go later than this.
  struct Shared {
    std::list<net::Stream*> open{};
    bool was_visited = false;  // whoever comes now has come back
  };
  // One connection from its beginning on.
  struct Visit {
    unsigned port = 0;
    Role role = Role::server;
    net::Instant began{};
    bool said_anything = false;
  };

  void listen(const std::vector<net::Endpoint>& at);
  void listen_for_referred(const net::Endpoint& at);
  net::Task<void> accept(net::TcpListener& listener, Role role);
  net::Task<void> serve(std::unique_ptr<net::Stream> stream, unsigned port, Role role);
  net::Task<void> call_after_first();
  bool counts(const Visit& visit, const fake::Observation& seen) const;
  void report(const fake::Observation& seen, const Visit& visit);
  cases::ServerJudgement judge_connection(const fake::Observation& seen, Role role) const;
  net::Task<bool> idle(net::Instant deadline);
  void one_less();

  net::RealWorld& world_;
  Events& events_;
  ServeOffer offer_;
  std::optional<unsigned> id_;
  fake::Server server_{};
  std::vector<std::unique_ptr<net::TcpListener>> listeners_{};
  std::unique_ptr<net::TcpListener> referral_{};
  std::function<void()> after_first_{};
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  net::Signal idle_;
  std::size_t tasks_ = 0;
  bool ending_ = false;
  bool cut_off_ = false;  // what is still open was ended from here
  bool reported_ = false;
  bool failed_ = false;
  bool passed_ = false;
};

}  // namespace startle::program
