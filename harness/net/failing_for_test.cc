#include "harness/net/failing_for_test.h"

#include <utility>

namespace startle::net {
namespace {

class Failing final : public Stream {
 public:
  Failing(std::unique_ptr<Stream> inner, std::size_t n, Failure how, Operations& seen)
      : inner_(std::move(inner)), n_(n), how_(how), seen_(seen) {}

  std::optional<IoResult> read_now(std::span<char> into) override {
    if (seen_.failed) return IoResult{.status = of_read()};
    const bool is_nth = (reading_ ? seen_.count - 1 : seen_.count++) == n_;
    if (is_nth && how_ != Failure::cut) return fail(), IoResult{.status = of_read()};
    std::optional<IoResult> got = inner_->read_now(into);
    reading_ = !got;
    if (is_nth && got) {
      fail();
      got->count /= 2;
      if (got->count == 0) got->status = of_read();
    }
    return got;
  }

  Task<bool> readable() override { return inner_->readable(); }

  std::optional<IoResult> write_now(std::string_view bytes) override {
    if (seen_.failed) return IoResult{.status = of_write()};
    if (seen_.count++ != n_) return inner_->write_now(bytes);
    if (how_ == Failure::cut) inner_->write_now(bytes.substr(0, bytes.size() / 2));
    fail();
    return IoResult{.status = of_write()};
  }

  Task<IoResult> written() override { return inner_->written(); }
  void set_deadline(Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 private:
  IoStatus of_read() const {
    if (how_ == Failure::broken) return IoStatus::broken;
    return how_ == Failure::silent ? IoStatus::timed_out : IoStatus::closed;
  }
  IoStatus of_write() const {
    return how_ == Failure::silent ? IoStatus::timed_out : IoStatus::broken;
  }
  void fail() {
    seen_.failed = true;
    if (how_ == Failure::broken) inner_->reset();
    if (how_ == Failure::closed || how_ == Failure::cut) inner_->close();
  }

  std::unique_ptr<Stream> inner_;
  std::size_t n_;
  Failure how_;
  Operations& seen_;
  bool reading_ = false;
};

}  // namespace

std::unique_ptr<Stream> failing_at(std::unique_ptr<Stream> inner, std::size_t n, Failure how,
                                   Operations& seen) {
  return std::make_unique<Failing>(std::move(inner), n, how, seen);
}

}  // namespace startle::net
