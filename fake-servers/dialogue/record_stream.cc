#include "fake-servers/dialogue/record_stream.h"

#include <algorithm>

namespace startle::fake {
namespace {

constexpr std::size_t kHeader = 5;  // type, version (2), length (2)

unsigned octet(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// Whether a record may begin with `head`, of at most kHeader octets.
bool may_begin_record(std::string_view head) {
  constexpr unsigned kLastMinorVersion = 4;
  constexpr std::size_t kMostFragment = (1U << 14U) + 2048;  // RFC 5246, 6.2.3
  return is_tls_record(head) && (head.size() < 3 || octet(head, 2) <= kLastMinorVersion) &&
         (head.size() < kHeader || octet(head, 3) * 256U + octet(head, 4) <= kMostFragment);
}

// The same of a ClientHello in the form of SSL 2.0, with which old clients open (RFC 5246, E.2).
bool may_begin_old_hello(std::string_view head) {
  constexpr unsigned kLongHeader = 0x80;
  constexpr unsigned kClientHello = 1;
  constexpr unsigned kMajorVersion = 3;
  return octet(head, 0) >= kLongHeader && (head.size() < 3 || octet(head, 2) == kClientHello) &&
         (head.size() < 4 || octet(head, 3) == kMajorVersion);
}

// Of a record, or a ClientHello, with this header.
std::size_t length_of(std::string_view header) {
  constexpr unsigned kLengthBits = 0x7F;
  return is_tls_record(header) ? kHeader + octet(header, 3) * 256U + octet(header, 4)
                               : 2 + (octet(header, 0) & kLengthBits) * 256U + octet(header, 1);
}

}  // namespace

void drop_records(std::string& bytes) {
  while (bytes.size() >= kHeader && is_tls_record(bytes)) {
    const std::size_t length = length_of(bytes);
    if (bytes.size() < length) return;
    bytes.erase(0, length);
  }
}

std::optional<net::IoResult> RecordStream::read_now(std::span<char> into) {
  if (handshake_left_ == std::size_t{0}) return net::IoResult{.status = net::IoStatus::broken};
  if (early_.empty()) {
    const std::optional<net::IoResult> got = inner_.read_now(into);
    if (got && got->status == net::IoStatus::ok) part({into.data(), got->count});
    return got;
  }
  const std::size_t count = early_.copy(into.data(), into.size());
  early_.erase(0, count);
  part({into.data(), count});
  return net::IoResult{.count = count};
}

void RecordStream::part(std::string_view bytes) {
  if (handshake_left_) *handshake_left_ -= std::min(*handshake_left_, bytes.size());
  if (!any_outside_) on_wire_.erase(0, on_wire_.size() - std::min(begun(), on_wire_.size()));
  on_wire_ +=
      bytes.substr(0, Observation::kMostBytes - std::min(on_wire_.size(), Observation::kMostBytes));
  std::string outside;
  while (!bytes.empty()) {
    const std::size_t of_record = std::min(left_, bytes.size());
    left_ -= of_record;
    bytes.remove_prefix(of_record);
    const bool parted = any_record_ || any_outside_ || !outside.empty();
    if (head_.empty() && parted) {  // at once, what nothing can begin with
      const auto next = std::find_if(bytes.begin(), bytes.end(), [](char c) {
        return may_begin_record({&c, 1});
      });
      outside.append(bytes.begin(), next);
      bytes.remove_prefix(static_cast<std::size_t>(next - bytes.begin()));
    }
    if (bytes.empty()) break;
    head_ += bytes.front();
    bytes.remove_prefix(1);
    while (!head_.empty() && !may_begin_record(head_) &&
           (any_record_ || any_outside_ || !outside.empty() || !may_begin_old_hello(head_))) {
      outside += head_.front();
      head_.erase(0, 1);
    }
    if (head_.size() < kHeader) continue;
    hear(std::exchange(outside, ""));
    outside_is_whole();
    length_ = std::max(length_of(head_), kHeader);
    left_ = length_ - kHeader;
    head_.clear();
    any_record_ = true;
  }
  hear(outside);
}

void RecordStream::hear(std::string_view outside) {
  if (outside.empty()) return;
  any_outside_ = true;
  const std::size_t room =
      Observation::kMostBytes - std::min(outside_.size(), Observation::kMostBytes);
  outside_ += outside.substr(0, room);
  recorder_.dropped(outside.size() - std::min(outside.size(), room));
  recorder_.heard_outside_tls(outside);
}

void RecordStream::outside_is_whole() {
  const std::string said = std::exchange(outside_, "");
  if (said.empty()) return;
  any_record_ ? recorder_.said_outside_tls(said) : recorder_.said_before_tls(said);
}

net::Task<bool> RecordStream::hear_out(const net::World& world, std::chrono::milliseconds silence,
                                       Patience patience, std::span<char> chunk) {
  std::size_t heard = 0;
  while (heard < patience.octets) {
    set_deadline(std::min(patience.end, world.now() + silence));
    const net::IoResult got = co_await read_some(chunk);
    if (got.status != net::IoStatus::ok) co_return got.status == net::IoStatus::timed_out;
    if (world.now() >= patience.end) break;
    heard += got.count;
  }
  co_return false;
}

void RecordStream::ended() {
  outside_is_whole();
  recorder_.refused_by_tls(on_wire_);
  on_wire_.clear();
}

}  // namespace startle::fake
