#pragma once
// A message that a mail or LDAP client prints, and what it means. Plain data, read from XML
// (cases/clients/messages/README.md).

#include <optional>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/messages/ask.h"
#include "harness/messages/pattern.h"
#include "harness/words/ending.h"
#include "harness/words/protocol.h"

namespace startle::messages {

// How sure it is that an ending is what happened, where a client prints the message.
enum class Certainty { certain, likely, possible };
inline constexpr auto kCertainties = word_table<Certainty>({
    {Certainty::certain, "certain"},
    {Certainty::likely, "likely"},
    {Certainty::possible, "possible"},
});
constexpr Words words_of(Certainty) {
  return kCertainties;
}

// What a message says. Of the messages of one failure the one that says most decides.
enum class Says {
  success,  // it worked
  step,     // that a step failed, as an outer exception does: something else says why
  event,    // what happened to the connection, which often follows from something else
  reason,   // why
};
inline constexpr auto kSays = word_table<Says>({
    {Says::success, "success"},
    {Says::step, "step"},
    {Says::event, "event"},
    {Says::reason, "reason"},
});
constexpr Words words_of(Says) {
  return kSays;
}

struct Ranked {
  words::Ending ending = words::Ending::refused;
  Certainty certainty = Certainty::possible;
  bool operator==(const Ranked&) const = default;
};

// Where a message was seen: by a run here, or in what somebody has published.
struct Source {
  std::string client{};   // "curl", as `run --client` names it; empty: it was not run here
  std::string version{};  // "7.88.1"
  std::string page{};     // URL
};

struct Signature {
  std::string id{};      // "java/path-building": its family and its name
  std::string family{};  // its file's name: "java"
  std::string file{};
  long line = 0;
  Says says = Says::reason;
  std::string printed_by{};  // "Java's TLS (JSSE)"
  std::optional<words::Protocol> protocol{};
  std::vector<Pattern> patterns{};   // any of them
  std::vector<Ranked> endings{};     // the likeliest first; none where it says success
  std::string meaning{};             // one sentence
  std::vector<Ask> ask{};            // what to send next, the best first
  std::vector<std::string> cases{};  // ids of the catalogue that make a client print it
  std::string example{};             // as it was printed; one of the patterns is in it
  Source source{};
};

}  // namespace startle::messages
