#include "cases/program/memory_limit.h"

#include <malloc.h>
#include <sys/resource.h>

namespace startle::program {

void share_limited_memory() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  ::mallopt(M_ARENA_MAX, 1);
}

}  // namespace startle::program
