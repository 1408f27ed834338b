#pragma once
// The events of `startle serve`, JSON lines on stdout: whoever tells one waits for nobody. Those
// that nobody reads wait, up to a bound; those beyond are lost, and {"event": "lost", "count": N}
// stands in their place.

#include <functional>
#include <string>

#include "harness/net/line_output.h"
#include "harness/report/json_value.h"

namespace startle::program {

using report::Json;

class Events {
 public:
  // `end` is called, once, when stdout takes no more events: nobody would learn what comes of the
  // servers.
  Events(net::RealWorld& world, std::function<void()> end);

  void tell(const Json& event) { output_.write(report::dumped(event)); }
  // As the answer to a request, which is lost only where those who ask do not read at all.
  void answer(const Json& event) { output_.write(report::dumped(event), /*awaited=*/true); }
  // For a person, on a terminal; from then on remarks are shown too.
  void show_to_person(std::string text);
  void remark(std::string text);
  // Waits until an answer finds room, or waiting is in vain.
  net::Task<void> room() { return output_.room(); }
  // Behind the last event, once nothing else is to run. Returns the sentence that says why some
  // could not be written; "" where all were.
  std::string finish();

 private:
  net::LineOutput output_;
  bool has_person_ = false;
};

}  // namespace startle::program
