#pragma once
// `startle serve --control`: servers that are started and stopped by JSON lines on stdin, as many
// as are wanted in one process.
//
//   {"start": {"case" or "protocol", "name", "certificate", "replies": {POINT: TEXT or CODE},
//              "mode", "persona", "trust_model", "mechanisms", "sasl_lie"}}
//                                                         answered by a `ready` event with an `id`
//   {"stop": ID}                       by {"event": "stopped", "id": ID}, after its connections
//
// A request that cannot be met is answered by {"event": "error", "line", "message"}. Servers with
// clients are stopped side by side: requests go on meanwhile.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/program/serve_service.h"
#include "harness/net/line_input.h"

namespace startle::program {

class Control {
 public:
  // `defaults` is what a request does not state; the servers listen at `at`. `evidence`: as of
  // Service.
  Control(ServeThreads& threads, Events& events, Offers& offers, ServeRequest defaults,
          std::vector<net::Endpoint> at, std::shared_ptr<pcapng::Evidence> evidence);

  // Takes requests until there are no more, then ends every server.
  net::Task<void> run(net::LineInput& input);

 private:
  std::optional<unsigned> perform(const net::Line& line);
  void start(const ServeRequest& request);
  Service& take(const Json& id);
  net::Task<void> stop(unsigned id);
  net::Task<void> end(Service& service);

  ServeThreads& threads_;
  net::RealWorld& world_;
  Events& events_;
  Offers& offers_;
  ServeRequest defaults_;
  std::vector<net::Endpoint> at_;
  std::shared_ptr<pcapng::Evidence> evidence_;
  ServeFiles files_{};
  std::map<unsigned, std::unique_ptr<Service>> services_{};
  std::map<unsigned, std::unique_ptr<Service>> stopping_{};  // and still in use
  unsigned last_id_ = 0;
};

}  // namespace startle::program
