#include "harness/net/tap.h"

#include <utility>

namespace startle::net {
namespace {

// Passes everything on.
class Wrapped : public Stream {
 public:
  explicit Wrapped(std::unique_ptr<Stream> inner) : inner_(std::move(inner)) {}
  std::optional<IoResult> read_now(std::span<char> into) override { return inner_->read_now(into); }
  Task<bool> readable() override { return inner_->readable(); }
  std::optional<IoResult> write_now(std::string_view bytes) override {
    return inner_->write_now(bytes);
  }
  Task<IoResult> written() override { return inner_->written(); }
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

  std::optional<IoResult> write_now(std::string_view bytes) override {
    const std::optional<std::string> changed = on_write_(bytes);
    if (!changed) return inner_->write_now(bytes);
    std::optional<IoResult> result = inner_->write_now(*changed);
    if (result && result->status == IoStatus::ok) result->count = bytes.size();
    return result;
  }

 private:
  Tap on_write_;
};

class Failing final : public Wrapped {
 public:
  Failing(std::unique_ptr<Stream> inner, std::size_t n, IoStatus how)
      : Wrapped(std::move(inner)), left_(n), how_(how) {}

  std::optional<IoResult> read_now(std::span<char> into) override {
    // A read that found nothing and is tried again is the same operation.
    if (!reading_ && fails_now()) return IoResult{.status = how_};
    const std::optional<IoResult> got = inner_->read_now(into);
    reading_ = !got;
    return got;
  }
  std::optional<IoResult> write_now(std::string_view bytes) override {
    if (fails_now()) return IoResult{.status = how_};
    return inner_->write_now(bytes);
  }

 private:
  bool fails_now() {
    if (left_ > 0) return --left_, false;
    inner_->reset();
    return true;
  }
  std::size_t left_;
  IoStatus how_;
  bool reading_ = false;
};

}  // namespace

std::unique_ptr<Stream> tapped(std::unique_ptr<Stream> inner, Tap on_write) {
  return std::make_unique<Tapped>(std::move(inner), std::move(on_write));
}

std::unique_ptr<Stream> failing_at(std::unique_ptr<Stream> inner, std::size_t n, IoStatus how) {
  return std::make_unique<Failing>(std::move(inner), n, how);
}

}  // namespace startle::net
