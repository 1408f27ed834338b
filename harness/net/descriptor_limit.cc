#include "harness/net/descriptor_limit.h"

#include <sys/resource.h>

#include <limits>

namespace startle::net {

std::size_t raise_descriptor_limit() {
  constexpr std::size_t kNobodyKnows = std::numeric_limits<std::size_t>::max();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kNobodyKnows;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  return limit.rlim_cur == RLIM_INFINITY ? kNobodyKnows : limit.rlim_cur;
}

}  // namespace startle::net
