#include "cases/program/serve_events.h"

#include <unistd.h>

#include <utility>

namespace startle::program {

Events::Events(net::RealWorld& world, std::function<void()> end)
    : output_(world, STDOUT_FILENO,
              {.lost =
                   [](std::size_t count) {
                     return report::dumped({{"event", "lost"}, {"count", count}});
                   },
               .failed = std::move(end)}) {}

void Events::show_to_person(std::string text) {
  has_person_ = true;
  remark(std::move(text));
}

void Events::remark(std::string text) {
  if (!has_person_) return;
  if (text.ends_with('\n')) text.pop_back();
  output_.write(std::move(text));
}

std::string Events::finish() {
  const std::string why = output_.finish();
  return why.empty() ? "" : "stdout: " + why + ", so `serve` has ended";
}

}  // namespace startle::program
