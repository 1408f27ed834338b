#include "harness/messages/failure.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "harness/base/text.h"

namespace startle::messages {
namespace {

constexpr std::size_t kMostLinesBetween = 12;
constexpr int kMostSecondsBetween = 5;
constexpr std::size_t kMostMatches = 64;

// Two messages in the same place: one of them is the other's beginning, or a part of it.
bool overlap(const Match& a, const Match& b) {
  return a.line == b.line && a.begin < b.end && b.begin < a.end;
}

Certainty less(Certainty certainty) {
  return certainty == Certainty::certain ? Certainty::likely : Certainty::possible;
}

}  // namespace

std::optional<int> time_of(std::string_view line) {
  const std::string_view head = line.substr(0, 48);
  const auto two = [&head](std::size_t at) {
    return is_digit(head[at]) && is_digit(head[at + 1])
               ? (head[at] - '0') * 10 + (head[at + 1] - '0')
               : -1;
  };
  for (std::size_t at = 0; at + 8 <= head.size(); ++at) {
    if (head[at + 2] != ':' || head[at + 5] != ':') continue;
    const int hours = two(at);
    const int minutes = two(at + 3);
    const int seconds = two(at + 6);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0) continue;
    return (hours * 60 + minutes) * 60 + seconds;
  }
  return std::nullopt;
}

bool is_frame(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t>|"), line.size()));
  for (const std::string_view begin : {"at ", "... ", "File \"", "from ", "^", "~"}) {
    if (line.starts_with(begin)) return true;
  }
  return line.empty();
}

bool Failure::takes(std::size_t lines_behind, std::optional<int> time) const {
  if (lines_behind > kMostLinesBetween) return false;
  return !time || !time_ || std::abs(*time - *time_) <= kMostSecondsBetween;
}

void Failure::add(Match&& match, std::optional<int> time) {
  if (time) time_ = time;
  // In one place the longer one knows more, whatever it says.
  for (auto other = matches_.rbegin(); other != matches_.rend(); ++other) {
    if (!overlap(*other, match)) continue;
    const bool more =
        match.weight > other->weight ||
        (match.weight == other->weight && match.signature->says > other->signature->says);
    if (!more) return;
    *other = std::move(match);
    return;
  }
  if (matches_.size() == kMostMatches) {
    const auto least =
        std::ranges::min_element(matches_.begin() + 1, matches_.end(), {},
                                 [](const Match& one) { return one.signature->says; });
    matches_.erase(least);
  }
  matches_.push_back(std::move(match));
}

// The last of those that say most.
std::size_t Failure::deciding_index() const {
  std::size_t best = 0;
  for (std::size_t i = 1; i < matches_.size(); ++i) {
    if (matches_[i].signature->says >= matches_[best].signature->says) best = i;
  }
  return best;
}

bool Failure::counts() const {
  if (matches_.empty()) return false;
  if (context_) return true;
  return std::ranges::any_of(matches_, [](const Match& one) {
    return one.signature->says != Says::event || one.signature->protocol.has_value();
  });
}

Mention Failure::deciding() const {
  const Match& best = matches_[deciding_index()];
  return {best.line, best.text, best.signature->id};
}

Recognised Failure::recognised() const {
  const Match& best = matches_[deciding_index()];
  const Signature& signature = *best.signature;
  Recognised made{.line = best.line,
                  .text = best.text,
                  .signature_id = signature.id,
                  .family = signature.family,
                  .printed_by = signature.printed_by,
                  .protocol = signature.protocol,
                  .endings = signature.endings,
                  .meaning = signature.meaning,
                  .cases = signature.cases,
                  .facts = best.facts,
                  .source = signature.source};
  for (const Match& one : matches_) {
    if (&one == &best) continue;
    if (!made.protocol) made.protocol = one.signature->protocol;
    for (const Fact& fact : one.facts) {
      if (std::ranges::find(made.facts, fact) == made.facts.end()) made.facts.push_back(fact);
    }
    const bool is_told =
        one.line == best.line || (!made.besides.empty() && made.besides.back().line == one.line);
    if (made.besides.size() < kMostMentions && !is_told) {
      made.besides.push_back({one.line, one.text, one.signature->id});
    }
    if (one.signature->says != Says::reason || overlap(one, best)) continue;
    for (const Ranked& ending : one.signature->endings) {
      if (std::ranges::find(made.endings, ending.ending, &Ranked::ending) == made.endings.end()) {
        made.endings.push_back({ending.ending, less(ending.certainty)});
      }
    }
  }
  // What stands there, whatever it is, is in the line.
  std::erase_if(made.facts, [](const Fact& fact) { return fact.name == "text"; });
  for (const Ask ask : signature.ask) {
    const auto protocol = made.protocol.value_or(words::Protocol::smtp);
    made.ask.push_back(sentence_of(ask, protocol, made.facts));
  }
  std::ranges::stable_sort(made.endings, {}, &Ranked::certainty);
  return made;
}

}  // namespace startle::messages
