#include "fake-servers/dialogue/transcript.h"

#include <algorithm>
#include <utility>

#include "fake-servers/dialogue/secret.h"
#include "harness/base/printable.h"

namespace startle::fake {
namespace {

class Transcript {
 public:
  Transcript(const Observation& seen, const ServerProtocol& protocol, std::string_view secret)
      : seen_(seen), protocol_(protocol), secret_(secret) {}

  std::vector<std::string> lines() {
    std::size_t next = 0;
    const auto add_understood = [&](std::size_t behind) {
      for (; next < seen_.understood.size() && seen_.understood[next].behind <= behind; ++next) {
        const Understood& one = seen_.understood[next];
        add({.who = "C", .in_tls = one.in_tls, .referred = one.referred}, one.text, 0);
      }
    };
    for (std::size_t i = 0; i < seen_.segments.size(); ++i) {
      add_understood(i);
      if (seen_.segments[i].who == Segment::Who::server) add_said(seen_.segments[i]);
    }
    add_understood(seen_.segments.size());
    const auto add_cut = [&](std::size_t count, const std::string& what) {
      if (count > 0) lines_.push_back(".. (" + std::to_string(count) + " " + what + ")");
    };
    add_cut(seen_.segments_cut, "more reads and writes are not shown");
    add_cut(seen_.understood_cut, "more commands are not shown");
    add_cut(seen_.octets_dropped, "octets were thrown away unread");
    return std::move(lines_);
  }

 private:
  struct Side {
    std::string_view who{};
    bool in_tls = false;
    bool referred = false;
  };

  void add_said(const Segment& segment) {
    const Side side{.who = "S", .in_tls = segment.in_tls, .referred = segment.referred};
    const std::string_view bytes = seen_.bytes_of(segment);
    const std::size_t not_held = segment.size - segment.kept;
    if (protocol_.reply_texts == nullptr) return add(side, bytes, not_held);
    for (const std::string& text : protocol_.reply_texts(bytes)) add(side, text, not_held);
  }

  // `not_held`: octets more that it had.
  void add(const Side& side, std::string_view bytes, std::size_t not_held) {
    constexpr std::string_view kEndOfLine = "\r\n";
    constexpr std::size_t kMostShown = 2000;
    while (bytes.ends_with(kEndOfLine)) bytes.remove_suffix(kEndOfLine.size());
    std::string shown = printable(secret_.blotted(bytes));
    if (shown.size() > kMostShown || not_held > 0) {
      shown.resize(std::min(shown.size(), kMostShown));
      shown += ".. (" + std::to_string(bytes.size() + not_held) + " bytes)";
    }
    std::string line = side.referred ? "referred " : "";
    line += side.who;
    line += side.in_tls ? " (tls): " : ": ";
    lines_.push_back(line + shown);
  }

  const Observation& seen_;
  const ServerProtocol& protocol_;
  const Secret secret_;
  std::vector<std::string> lines_{};
};

}  // namespace

std::vector<std::string> transcript(const Observation& seen, const ServerProtocol& protocol,
                                    std::string_view secret) {
  return Transcript(seen, protocol, secret).lines();
}

}  // namespace startle::fake
