#include "cases/program/serve_visit.h"

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "fake-servers/ldap/server.h"
#include "fake-servers/protocols.h"

namespace startle::program {
namespace {

net::Task<void> play(ServeThreads& threads, net::RealWorld& world, std::shared_ptr<Visit> visit,
                     std::function<void()> then) {
  const net::Instant began = world.now();
  if (visit->role == Visit::Role::referral) {
    co_await fake::serve_referred(world, std::move(visit->stream), visit->server, visit->seen);
  } else {
    co_await fake::serve(world, std::move(visit->stream), visit->server, visit->seen);
  }
  visit->lasted = world.now() - began;
  threads.at_main(std::move(then));
}

}  // namespace

// A stream that is known as long as it lives.
class Visits::Connection final : public net::Stream {
 public:
  Connection(std::unique_ptr<net::Stream> inner, std::shared_ptr<Visits> visits,
             std::list<net::Stream*>& open, std::shared_ptr<Visit> visit)
      : inner_(std::move(inner)),
        visits_(std::move(visits)),
        visit_(std::move(visit)),
        open_(open),
        place_(open_.insert(open_.end(), this)) {}
  ~Connection() override { open_.erase(place_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::optional<net::IoResult> read_now(std::span<char> into) override {
    const std::optional<net::IoResult> got = inner_->read_now(into);
    if (got && got->count > 0) {
      visit_->said_anything = true;
      ++visits_->heard_;
      if (visit_->role == Visit::Role::server) visits_->note_visit();
    }
    return got;
  }
  net::Task<bool> readable() override { return inner_->readable(); }
  std::optional<net::IoResult> write_now(std::string_view bytes) override {
    return inner_->write_now(bytes);
  }
  net::Task<net::IoResult> written() override { return inner_->written(); }
  void set_deadline(net::Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 private:
  std::unique_ptr<net::Stream> inner_;
  std::shared_ptr<Visits> visits_;
  std::shared_ptr<Visit> visit_;
  std::list<net::Stream*>& open_;
  std::list<net::Stream*>::iterator place_;
};

void Visits::serve(std::shared_ptr<Visit> visit, const ServeThreads::Place& place,
                   std::function<void()> then) {
  threads_.at(place.number, [self = shared_from_this(), visit = std::move(visit),
                             number = place.number, world = place.world, then = std::move(then)] {
    visit->stream =
        std::make_unique<Connection>(std::move(visit->stream), self, self->open_[number], visit);
    world->spawn(play(self->threads_, *world, visit, then));
  });
}

void Visits::reset() {
  for (std::size_t number = 0; number < open_.size(); ++number) {
    threads_.at(number, [self = shared_from_this(), number] {
      for (net::Stream* stream : self->open_[number]) stream->reset();
    });
  }
}

}  // namespace startle::program
