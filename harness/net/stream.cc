#include "harness/net/stream.h"

namespace startle::net {

Task<IoResult> Stream::read_some(std::span<char> into) {
  std::optional<IoResult> got = read_now(into);
  while (!got) {
    const bool in_time = co_await readable();
    if (!in_time) co_return IoResult{.status = IoStatus::timed_out};
    got = read_now(into);
  }
  co_return *got;
}

Task<IoResult> Stream::write(std::string_view bytes) {
  const std::optional<IoResult> sent = write_now(bytes);
  if (sent) co_return *sent;
  IoResult rest = co_await written();
  if (rest.status == IoStatus::ok) rest.count = bytes.size();
  co_return rest;
}

}  // namespace startle::net
