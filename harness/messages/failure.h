#pragma once
// The lines of one failure: a stack trace, or what a client prints until it gives up.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/messages/log_verdict.h"

namespace startle::messages {

// A message in a log.
struct Match {
  const Signature* signature = nullptr;
  std::size_t weight = 0;  // of its pattern
  std::size_t line = 0;
  std::size_t begin = 0;  // in the line, of what its pattern fits
  std::size_t end = 0;
  std::string text{};  // of the line, to be shown
  std::vector<Fact> facts{};
};

// The second of the day that a line states near its beginning.
std::optional<int> time_of(std::string_view line);

// Whether it is a frame of a stack trace or the like, of which there may be any number between
// two causes.
bool is_frame(std::string_view line);

class Failure {
 public:
  // Whether a line, so many that are no frames behind the last of it, may be of this failure.
  bool takes(std::size_t lines_behind, std::optional<int> time) const;
  void add(Match&& match, std::optional<int> time);
  // A word of mail, directories or TLS stands near it.
  void has_context() { context_ = true; }

  // What happened to a connection, of which nothing says that it was one of mail or a directory,
  // is none of ours.
  bool counts() const;
  Mention deciding() const;
  Recognised recognised() const;

 private:
  std::size_t deciding_index() const;

  std::vector<Match> matches_{};  // in their order; of many the first and the last
  std::optional<int> time_{};
  bool context_ = false;
};

}  // namespace startle::messages
