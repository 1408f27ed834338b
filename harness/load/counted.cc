#include "harness/load/counted.h"

#include <utility>

namespace startle::load {

class CountedConnector::Counted final : public net::Stream {
 public:
  Counted(std::unique_ptr<net::Stream> inner, CountedConnector& owner)
      : inner_(std::move(inner)), owner_(owner) {}
  ~Counted() override { owner_.left_.push_back(std::move(inner_)); }

  std::optional<net::IoResult> read_now(std::span<char> into) override {
    const std::optional<net::IoResult> got = inner_->read_now(into);
    if (got && got->count > 0) {
      owner_.traffic_.octets_received += got->count;
      owner_.traffic_.round_trips += std::exchange(asked_, false) ? 1 : 0;
    }
    return got;
  }
  net::Task<bool> readable() override { return inner_->readable(); }
  std::optional<net::IoResult> write_now(std::string_view bytes) override {
    owner_.traffic_.octets_sent += bytes.size();
    asked_ = true;
    return inner_->write_now(bytes);
  }
  net::Task<net::IoResult> written() override { return inner_->written(); }
  void set_deadline(net::Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 private:
  std::unique_ptr<net::Stream> inner_;
  CountedConnector& owner_;
  bool asked_ = false;
};

net::Task<net::ConnectResult> CountedConnector::connect(std::string host, std::uint16_t port,
                                                        net::Instant deadline) {
  net::ConnectResult result = co_await inner_.connect(std::move(host), port, deadline);
  if (result.stream) {
    result.stream = std::make_unique<Counted>(std::move(result.stream), *this);
  }
  co_return result;
}

}  // namespace startle::load
