#include "cases/program/serve_control.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>
#include <variant>

#include "cases/program/serve_control_request.h"
#include "harness/base/error.h"
#include "harness/base/printable.h"

namespace startle::program {
namespace {

// What a request names may stand in a complaint about it, whatever it is: but not at any length.
std::string bounded(const std::string& complaint) {
  constexpr std::size_t kBeginning = 600;
  constexpr std::size_t kEnd = 300;
  const std::string all = printable(complaint);
  if (all.size() <= kBeginning + kEnd) return all;
  std::size_t end = all.size() - kEnd;
  while (end < all.size() && (static_cast<unsigned char>(all[end]) & 0xc0U) == 0x80U) ++end;
  return report::shortened(all, kBeginning) + " " + all.substr(end);
}

}  // namespace

Control::Control(ServeThreads& threads, Events& events, Offers& offers, ServeRequest defaults,
                 std::vector<net::Endpoint> at, std::shared_ptr<pcapng::Evidence> evidence)
    : threads_(threads),
      world_(threads.main()),
      events_(events),
      offers_(offers),
      defaults_(std::move(defaults)),
      at_(std::move(at)),
      evidence_(std::move(evidence)) {}

net::Task<void> Control::run(net::LineInput& input) {
  while (true) {
    const auto line = co_await input.next();
    if (!line) break;
    if (line->text.find_first_not_of(" \t\r") == std::string::npos) continue;
    co_await events_.room();
    const std::optional<unsigned> idle = perform(*line);
    if (idle) co_await stop(*idle);
  }
  for (const auto& [id, service] : services_) world_.spawn(end(*service));
}

// The id of a server that is to be stopped, and has no clients.
std::optional<unsigned> Control::perform(const net::Line& line) {
  std::string complaint;
  try {
    const auto request = control_request(line, defaults_);
    if (const auto* start = std::get_if<ServeRequest>(&request)) {
      this->start(*start);
      return std::nullopt;
    }
    const Service& stopped = take(std::get<StopRequest>(request).id);
    if (!stopped.is_busy()) return stopped.id();
    world_.spawn(stop(stopped.id()));
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    complaint = "there is not enough memory for it: stop a server that is not needed any more";
  } catch (const std::exception& e) {
    complaint = e.what();
  }
  events_.answer({{"event", "error"}, {"line", line.number}, {"message", bounded(complaint)}});
  return std::nullopt;
}

void Control::start(const ServeRequest& request) {
  const unsigned id = last_id_ + 1;
  auto service =
      std::make_unique<Service>(threads_, events_, offers_.offer(request), at_, evidence_, id);
  const Json ready = service->ready_event(files_);
  service->start();
  services_.emplace(id, std::move(service));
  last_id_ = id;
  events_.answer(ready);
}

Service& Control::take(const Json& id) {
  const auto is_id = [&id](const auto& one) { return id == one.first; };
  const auto found = std::find_if(services_.begin(), services_.end(), is_id);
  if (found == services_.end()) {
    throw Error(Fault::usage,
                "there is no server " + shown(id) + ": \"stop\" takes the id of a ready event");
  }
  const unsigned number = found->first;
  stopping_.insert(services_.extract(found));
  return *stopping_.at(number);
}

net::Task<void> Control::stop(unsigned id) {
  const bool ended = co_await stopping_.at(id)->end();
  if (ended) stopping_.erase(id);
  events_.answer({{"event", "stopped"}, {"id", id}});
}

net::Task<void> Control::end(Service& service) {
  const bool ended = co_await service.end();
  if (!ended) world_.stop();
}

}  // namespace startle::program
