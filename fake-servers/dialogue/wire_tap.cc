#include "fake-servers/dialogue/wire_tap.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "fake-servers/dialogue/recorder.h"

namespace startle::fake {
namespace {

using net::IoResult;
using net::IoStatus;
using net::Task;

constexpr std::size_t kHeader = 5;  // of a record: type, version (2), length (2)
constexpr char kChangeCipherSpec = 20;
constexpr char kHandshake = 22;

// What goes out in one segment, behind a delay, and what becomes of the connection then.
struct Piece {
  std::string bytes{};
  std::chrono::milliseconds after{};
  std::optional<TapKind> end{};  // truncate or reset
};

std::size_t length_of_first(std::string_view records) {
  if (records.size() < kHeader) return records.size();
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(records[i]); };
  return std::min(records.size(), kHeader + octet(3) * 256U + octet(4));
}

// The same octets, a record for each.
std::string one_byte_records(const std::string& record) {
  std::string many;
  for (const char octet : record.substr(std::min(record.size(), kHeader))) {
    many += record.substr(0, 3) + std::string("\0\1", 2) + octet;
  }
  return many;
}

class Tapped final : public net::Stream {
 public:
  Tapped(net::World& world, std::unique_ptr<net::Stream> inner, std::vector<WireTap> taps)
      : world_(world), inner_(std::move(inner)), taps_(std::move(taps)) {}

  std::optional<IoResult> read_now(std::span<char> into) override { return inner_->read_now(into); }

  Task<bool> readable() override {
    if (queue_.empty()) return inner_->readable();
    return sent_and_readable();
  }

  std::optional<IoResult> write_now(std::string_view bytes) override {
    if (ended_) return IoResult{.count = bytes.size()};  // it does not know
    if (is_tls_record(bytes)) {
      cut_records(bytes);
    } else if (!bytes.empty()) {
      const bool split = std::any_of(taps_.begin(), taps_.end(), [](const WireTap& tap) {
        return tap.kind == TapKind::split && !tap.record;
      });
      put({.bytes = std::string(bytes)}, split);
    }
    std::optional<IoResult> sent = send_queue();
    if (sent && sent->status == IoStatus::ok) sent->count = bytes.size();
    return sent;
  }

  Task<IoResult> written() override {
    const IoStatus sent = co_await send_late();
    if (sent != IoStatus::ok || ended_) co_return IoResult{.status = sent};
    co_return co_await inner_->written();
  }

  void set_deadline(net::Instant deadline) override {
    deadline_ = deadline;
    inner_->set_deadline(deadline);
  }

  void close() override {
    for (Piece& piece : queue_) piece.after = {};
    send_queue();
    if (!ended_) inner_->close();
  }

  void reset() override { inner_->reset(); }

 private:
  // ---- what becomes of it --------------------------------------------------------------------

  void cut_records(std::string_view bytes) {
    Piece together;  // one segment, unless a tap parts it
    while (!bytes.empty()) {
      const std::size_t length = length_of_first(bytes);
      Piece piece{.bytes = std::string(bytes.substr(0, length))};
      bytes.remove_prefix(length);
      ++record_;
      in_clear_ = in_clear_ && piece.bytes.front() != kChangeCipherSpec;
      bool apart = false;
      for (const WireTap& tap : taps_) {
        if (!tap.record || *tap.record == record_) apart = meet(tap, piece) || apart;
      }
      if (apart || piece.after.count() > 0) put(std::exchange(together, {}), false);
      together.bytes += piece.bytes;
      together.after += piece.after;
      together.end = piece.end;
      if (apart) put(std::exchange(together, {}), true);
      if (piece.end) break;
    }
    put(std::move(together), false);
  }

  // True: each octet is to be a segment of its own.
  bool meet(const WireTap& tap, Piece& piece) const {
    std::string& record = piece.bytes;
    const auto size = static_cast<long>(record.size());
    const long place = tap.octet < 0 ? size + tap.octet : tap.octet;
    switch (tap.kind) {
      case TapKind::split:
        return true;
      case TapKind::one_byte_records:
        if (in_clear_ && record.starts_with(kHandshake)) record = one_byte_records(record);
        break;
      case TapKind::delay:
        piece.after = tap.how_long;
        break;
      case TapKind::drop:
        record.clear();
        break;
      case TapKind::duplicate:
        record += record;
        break;
      case TapKind::flip: {
        const long at = tap.octet < 0 ? place : place - 1;
        if (at >= 0 && at < size) {
          char& octet = record[static_cast<std::size_t>(at)];
          octet = static_cast<char>(static_cast<unsigned char>(octet) ^ 1U);
        }
        break;
      }
      case TapKind::truncate:
      case TapKind::reset:
        record.resize(static_cast<std::size_t>(std::clamp(place, 0L, size)));
        record += tap.bytes;
        piece.end = tap.kind;
        break;
      case TapKind::insert:
        record.insert(0, tap.bytes);
        break;
      case TapKind::replace:
        record = tap.bytes;
        break;
    }
    return false;
  }

  void put(Piece piece, bool split) {
    if (!split || piece.bytes.size() < 2) {
      if (!piece.bytes.empty() || piece.end) queue_.push_back(std::move(piece));
      return;
    }
    for (const char octet : piece.bytes) {
      queue_.push_back({.bytes = std::string(1, octet), .after = std::exchange(piece.after, {})});
    }
    queue_.back().end = piece.end;
  }

  // ---- on its way ----------------------------------------------------------------------------

  // nullopt: something has to wait.
  std::optional<IoResult> send_queue() {
    while (!queue_.empty() && queue_.front().after.count() == 0) {
      const Piece piece = std::move(queue_.front());
      queue_.pop_front();
      if (!piece.bytes.empty()) {
        const std::optional<IoResult> sent = inner_->write_now(piece.bytes);
        full_ = full_ || !sent;
        if (sent && sent->status != IoStatus::ok) {
          queue_.clear();
          return sent;
        }
      }
      if (!piece.end) continue;
      ended_ = true;
      queue_.clear();
      if (*piece.end == TapKind::reset) {
        inner_->reset();
      } else {
        inner_->close();
      }
    }
    if (!queue_.empty() || std::exchange(full_, false)) return std::nullopt;
    return IoResult{};
  }

  Task<IoStatus> send_late() {
    while (!queue_.empty()) {
      const net::Instant until = world_.now() + queue_.front().after;
      co_await world_.sleep_until(std::min(until, deadline_));
      if (until > deadline_) co_return IoStatus::timed_out;
      queue_.front().after = {};
      const std::optional<IoResult> sent = send_queue();
      if (sent && sent->status != IoStatus::ok) co_return sent->status;
    }
    co_return IoStatus::ok;
  }

  Task<bool> sent_and_readable() {
    const IoStatus sent = co_await send_late();
    if (sent == IoStatus::timed_out) co_return false;
    co_return co_await inner_->readable();
  }

  net::World& world_;
  std::unique_ptr<net::Stream> inner_;
  const std::vector<WireTap> taps_;
  std::deque<Piece> queue_{};
  net::Instant deadline_ = net::kNever;
  unsigned record_ = 0;   // that was written last
  bool in_clear_ = true;  // no ChangeCipherSpec has gone out
  bool full_ = false;     // the network has something left to send
  bool ended_ = false;    // as a tap had it
};

}  // namespace

std::unique_ptr<net::Stream> tapped(net::World& world, std::unique_ptr<net::Stream> inner,
                                    const std::vector<WireTap>& taps) {
  if (taps.empty()) return inner;
  return std::make_unique<Tapped>(world, std::move(inner), taps);
}

}  // namespace startle::fake
