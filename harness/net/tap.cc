#include "harness/net/tap.h"

#include <utility>

namespace startle::net {
namespace {

// Passes everything on.
class Wrapped : public Stream {
 public:
  explicit Wrapped(std::unique_ptr<Stream> inner) : inner_(std::move(inner)) {}
  Task<IoResult> read_some(std::span<char> into) override { return inner_->read_some(into); }
  Task<IoResult> write(std::string_view bytes) override { return inner_->write(bytes); }
  void set_deadline(Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 protected:
  std::unique_ptr<Stream> inner_;
};

class Tapped final : public Wrapped {
 public:
  Tapped(std::unique_ptr<Stream> inner, Tap on_write)
      : Wrapped(std::move(inner)), on_write_(std::move(on_write)) {}

  Task<IoResult> write(std::string_view bytes) override {
    const std::optional<std::string> changed = on_write_(bytes);
    if (!changed) co_return co_await inner_->write(bytes);
    const IoResult result = co_await inner_->write(*changed);
    co_return IoResult{.status = result.status,
                       .count = result.status == IoStatus::ok ? bytes.size() : 0};
  }

 private:
  Tap on_write_;
};

class Failing final : public Wrapped {
 public:
  Failing(std::unique_ptr<Stream> inner, std::size_t n, IoStatus how)
      : Wrapped(std::move(inner)), left_(n), how_(how) {}

  Task<IoResult> read_some(std::span<char> into) override {
    if (fails_now()) co_return IoResult{.status = how_};
    co_return co_await inner_->read_some(into);
  }
  Task<IoResult> write(std::string_view bytes) override {
    if (fails_now()) co_return IoResult{.status = how_};
    co_return co_await inner_->write(bytes);
  }

 private:
  bool fails_now() {
    if (left_ > 0) return --left_, false;
    inner_->reset();
    return true;
  }
  std::size_t left_;
  IoStatus how_;
};

}  // namespace

std::unique_ptr<Stream> tapped(std::unique_ptr<Stream> inner, Tap on_write) {
  return std::make_unique<Tapped>(std::move(inner), std::move(on_write));
}

std::unique_ptr<Stream> failing_at(std::unique_ptr<Stream> inner, std::size_t n, IoStatus how) {
  return std::make_unique<Failing>(std::move(inner), n, how);
}

}  // namespace startle::net
