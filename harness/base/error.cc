#include "harness/base/error.h"

#include <cerrno>
#include <system_error>

namespace startle {

void fail_at(std::string_view file, long line, std::string_view complaint) {
  throw Error(Fault::input,
              std::string(file) + ":" + std::to_string(line) + ": " + std::string(complaint));
}

int check_errno(int rc, std::string_view attempt) {
  if (rc >= 0) return rc;
  const int saved = errno;
  throw Error(Fault::system, std::string(attempt) + ": " + std::generic_category().message(saved));
}

}  // namespace startle
