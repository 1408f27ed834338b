#include "harness/net/tap.h"

#include <utility>

namespace startle::net {
namespace {

class Tapped final : public Stream {
 public:
  Tapped(std::unique_ptr<Stream> inner, Tap on_write)
      : inner_(std::move(inner)), on_write_(std::move(on_write)) {}

  std::optional<IoResult> read_now(std::span<char> into) override { return inner_->read_now(into); }
  Task<bool> readable() override { return inner_->readable(); }
  std::optional<IoResult> write_now(std::string_view bytes) override {
    const std::optional<std::string> changed = on_write_(bytes);
    if (!changed) return inner_->write_now(bytes);
    std::optional<IoResult> result = inner_->write_now(*changed);
    if (result && result->status == IoStatus::ok) result->count = bytes.size();
    return result;
  }
  Task<IoResult> written() override { return inner_->written(); }
  void set_deadline(Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 private:
  std::unique_ptr<Stream> inner_;
  Tap on_write_;
};

}  // namespace

std::unique_ptr<Stream> tapped(std::unique_ptr<Stream> inner, Tap on_write) {
  return std::make_unique<Tapped>(std::move(inner), std::move(on_write));
}

}  // namespace startle::net
