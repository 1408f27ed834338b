#pragma once
// One served server: where it listens, the `ready` event, its dialogues and the event of each
// connection that ended, and its own end.

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "cases/program/serve_files.h"
#include "cases/program/serve_offer.h"
#include "fake-servers/protocols.h"
#include "harness/net/tcp.h"
#include "harness/report/json_value.h"

namespace startle::program {

using report::Json;

// One line, at once: the other side reads a pipe.
void print_event(const Json& event);

class Service {
 public:
  // Listens at `at` (the first address has to be had, further ones share its port), and where its
  // script refers clients, on a second port without TLS. `id` stands in its events, if it is
  // stated. Throws Error(Fault::system) when a port is taken.
  Service(net::RealWorld& world, ServeOffer offer, const std::vector<net::Endpoint>& at,
          std::optional<unsigned> id = std::nullopt);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  Json ready_event(ServeFiles& files) const;
  // Accepts connections until end(). `after_first`, if any, is called when the first has ended
  // (and, where it was referred elsewhere, has had its time to go there); further ones go unsaid.
  void start(std::function<void()> after_first = nullptr);
  // Accepts no more, and ends the open connections: each still has its event. False: one did not
  // end in time, and *this is still in use.
  net::Task<bool> end();
  // Of the connections that have ended: false where the client of one failed; nothing where none
  // has passed either.
  std::optional<bool> passed() const;

 private:
  class Connection;
  enum class Role { server, referral };

  void listen(const std::vector<net::Endpoint>& at);
  void listen_for_referred(const net::Endpoint& at);
  net::Task<void> accept(net::TcpListener& listener, Role role);
  net::Task<void> serve(std::unique_ptr<net::Stream> stream, unsigned port, Role role);
  net::Task<void> call_after_first();
  void report(const fake::Observation& seen, unsigned port, Role role);
  cases::ServerJudgement judge_connection(const fake::Observation& seen, Role role) const;
  net::Task<bool> idle(net::Instant deadline);
  void one_less();

  net::RealWorld& world_;
  ServeOffer offer_;
  std::optional<unsigned> id_;
  fake::Server server_{};
  std::vector<std::unique_ptr<net::TcpListener>> listeners_{};
  std::unique_ptr<net::TcpListener> referral_{};
  std::function<void()> after_first_{};
  // Shared with the connections, which may go later than this.
  std::shared_ptr<std::list<net::Stream*>> open_ = std::make_shared<std::list<net::Stream*>>();
  net::Signal idle_;
  std::size_t tasks_ = 0;
  bool ending_ = false;
  bool cut_off_ = false;      // what is still open was ended from here
  bool was_visited_ = false;  // whoever comes now has come back
  bool reported_ = false;
  bool failed_ = false;
  bool passed_ = false;
};

}  // namespace startle::program
