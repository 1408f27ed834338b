#pragma once
// One served server: where it listens, the `ready` event, its dialogues and the event of each
// connection that ended, and its own end.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "cases/engine/wire_evidence.h"
#include "cases/program/serve_events.h"
#include "cases/program/serve_files.h"
#include "cases/program/serve_offer.h"
#include "cases/program/serve_threads.h"
#include "cases/program/serve_visit.h"
#include "harness/net/tcp.h"

namespace startle::program {

class Service {
 public:
  // Listens at `at` (the first address has to be had, further ones share its port), and where its
  // script refers clients, on a second port without TLS. `id` stands in its `events`, if it is
  // stated. Throws Error(Fault::system) when a port is taken. All of it is the main thread's.
  // `evidence` is kept of each connection; null: none is.
  Service(ServeThreads& threads, Events& events, ServeOffer offer,
          const std::vector<net::Endpoint>& at,
          const std::shared_ptr<pcapng::Evidence>& evidence = nullptr,
          std::optional<unsigned> id = std::nullopt);
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
  // Accepts no more. As long as clients go on talking, and for a few seconds at most, they may come
  // to their end; then their connections are ended, and each still has its event. False: one did
  // not end in time, and *this is still in use.
  net::Task<bool> end();
  // Of the connections that have ended: false where the client of one failed; nothing where none
  // has passed either.
  std::optional<bool> passed() const;

 private:
  using Role = Visit::Role;

  void listen(const std::vector<net::Endpoint>& at);
  void listen_for_referred(const net::Endpoint& at);
  net::Task<void> accept(net::TcpListener& listener, Role role);
  void serve(std::unique_ptr<net::Stream> stream, ServeThreads::Place& place, unsigned port,
             Role role);
  net::Task<void> call_after_first();
  bool counts(const Visit& visit) const;
  void report(const Visit& visit);
  cases::ServerJudgement judge_connection(const fake::Observation& seen, Role role) const;
  net::Task<bool> idle(std::chrono::milliseconds within);
  void one_less();

  ServeThreads& threads_;
  net::RealWorld& world_;
  Events& events_;
  ServeOffer offer_;
  std::optional<unsigned> id_;
  cases::Recording recording_;
  fake::Server server_{};
  std::vector<std::unique_ptr<net::TcpListener>> listeners_{};
  std::unique_ptr<net::TcpListener> referral_{};
  std::function<void()> after_first_{};
  std::shared_ptr<Visits> visits_;
  net::Signal idle_;
  std::size_t tasks_ = 0;    // listeners and clients
  std::size_t clients_ = 0;  // that are connected
  bool ending_ = false;
  bool cut_off_ = false;  // what is still open was ended from here
  bool reported_ = false;
  bool failed_ = false;
  bool passed_ = false;
};

}  // namespace startle::program
