#include "harness/net/memory.h"

#include <algorithm>
#include <string>
#include <utility>

namespace startle::net {
namespace {

Task<bool> at_once() {
  co_return true;
}

// One direction of a pair.
struct Direction {
  explicit Direction(World& world) : readable(world) {}
  std::deque<std::string> segments{};
  std::size_t read_of_first = 0;
  bool closed = false;  // by the writer
  bool broken = false;  // by either side
  Signal readable;
};

class MemoryEnd final : public Stream {
 public:
  MemoryEnd(std::shared_ptr<Direction> in, std::shared_ptr<Direction> out)
      : in_(std::move(in)), out_(std::move(out)) {}
  ~MemoryEnd() override {
    close();
    in_->broken = true;  // whoever writes to a destroyed end hears of it
  }

  std::optional<IoResult> read_now(std::span<char> into) override {
    if (in_->segments.empty()) {
      if (in_->broken) return IoResult{.status = IoStatus::broken};
      if (in_->closed) return IoResult{.status = IoStatus::closed};
      return std::nullopt;
    }
    const std::string& first = in_->segments.front();
    const std::size_t count = std::min(into.size(), first.size() - in_->read_of_first);
    std::copy_n(first.data() + in_->read_of_first, count, into.data());
    in_->read_of_first += count;
    if (in_->read_of_first == first.size()) {
      in_->segments.pop_front();
      in_->read_of_first = 0;
    }
    return IoResult{.count = count};
  }

  Task<bool> readable() override {
    if (in_->segments.empty() && !in_->broken && !in_->closed) return in_->readable.wait(deadline_);
    return at_once();
  }

  std::optional<IoResult> write_now(std::string_view bytes) override {
    if (out_->broken || out_->closed) return IoResult{.status = IoStatus::broken};
    if (!bytes.empty()) {
      out_->segments.emplace_back(bytes);
      out_->readable.notify();
    }
    return IoResult{.count = bytes.size()};
  }

  Task<IoResult> written() override { co_return IoResult{}; }  // memory is never full

  void set_deadline(Instant deadline) override { deadline_ = deadline; }

  void close() override {
    out_->closed = true;
    out_->readable.notify();
  }

  void reset() override {
    for (Direction* direction : {in_.get(), out_.get()}) {
      direction->segments.clear();
      direction->broken = true;
      direction->readable.notify();
    }
  }

 private:
  std::shared_ptr<Direction> in_;
  std::shared_ptr<Direction> out_;
  Instant deadline_ = kNever;
};

}  // namespace

StreamPair make_memory_pair(World& world) {
  auto up = std::make_shared<Direction>(world);
  auto down = std::make_shared<Direction>(world);
  return {.client = std::make_unique<MemoryEnd>(down, up),
          .server = std::make_unique<MemoryEnd>(up, down)};
}

Task<ConnectResult> MemoryListener::connect(std::string /*host*/, std::uint16_t /*port*/,
                                            Instant /*deadline*/) {
  StreamPair pair = make_memory_pair(world_);
  pending_.push_back(std::move(pair.server));
  arrived_.notify();
  co_return ConnectResult{.stream = std::move(pair.client)};
}

Task<std::unique_ptr<Stream>> MemoryListener::accept() {
  while (pending_.empty() && !interrupted_) co_await arrived_.wait(kNever);
  if (pending_.empty()) {
    interrupted_ = false;
    co_return nullptr;
  }
  auto next = std::move(pending_.front());
  pending_.pop_front();
  co_return next;
}

void MemoryListener::interrupt() {
  interrupted_ = true;
  arrived_.notify();
}

}  // namespace startle::net
