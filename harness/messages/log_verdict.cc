#include "harness/messages/log_verdict.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/base/utf_8.h"
#include "harness/messages/failure.h"
#include "harness/messages/log_lines.h"
#include "harness/messages/redacted.h"

namespace startle::messages {
namespace {

constexpr std::size_t kMostShown = 300;  // octets of a line
// Of two lines, where a terminal may have broken one: what of each is looked at once more.
constexpr std::size_t kAroundBreak = 160;
constexpr std::size_t kNarrowest = 60;
constexpr std::size_t kWidest = 250;

// Without what a mail quotes with, and the blanks around.
std::string_view unquoted(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t>|");
  if (begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

// A line of source in a stack trace: what it may throw has not been thrown.
bool is_source(std::string_view line) {
  return line.starts_with("raise ") || line.starts_with("throw ") || line.starts_with("raise(");
}

// Whether a line may be the rest of the one before: it has no time, and is no frame or cause.
bool may_go_on(std::string_view line) {
  if (line.empty() || line.front() == '[' || line.front() == '{' || is_frame(line)) return false;
  if (line.starts_with("Caused by") || time_of(line)) return false;
  return true;
}

// The line around what was found, cut at characters.
std::string shown(std::string_view line, std::size_t begin, std::size_t end) {
  // What tells that something is a secret stands near it.
  constexpr std::size_t kNearSecret = 2000;
  const std::size_t left_out = begin - std::min(begin, kNearSecret);
  line = line.substr(left_out, end - left_out + kNearSecret);
  begin -= left_out;
  end -= left_out;
  std::string secret_free = redacted(line);
  if (secret_free.size() <= kMostShown) return printable(secret_free);
  // What was taken out has moved what was found by little.
  const std::size_t middle = std::min((begin + end) / 2, secret_free.size());
  std::size_t from = middle - std::min(middle, kMostShown / 2);
  std::size_t to = std::min(from + kMostShown, secret_free.size());
  const auto is_inside = [&](std::size_t at) {
    return at > 0 && at < secret_free.size() &&
           (static_cast<unsigned char>(secret_free[at]) & 0xc0) == 0x80;
  };
  while (is_inside(from)) --from;
  while (is_inside(to)) ++to;
  return (from > 0 ? ".. " : "") + printable(secret_free.substr(from, to - from)) +
         (to < secret_free.size() ? " .." : "");
}

class Reader {
 public:
  explicit Reader(const Signatures& signatures) : signatures_(signatures) {}

  void read(const LogLine& line) {
    if (!line.is_text || is_source(unquoted(line.text))) {
      state_ = LiteralFinder::kStart;
      before_.clear();
      return;
    }
    const std::string_view text = unquoted(line.text);
    line_before_ = std::exchange(line_, line.number);
    time_ = time_of(line.text);
    if (!line.goes_on && !is_frame(line.text)) ++behind_;
    if (line.goes_on) behind_ = std::max<std::size_t>(behind_, 1);
    context_here_ = false;
    hits_.clear();
    if (!line.goes_on) state_ = signatures_.finder().go_on(state_, " ", [](auto, auto) {});
    state_ = signatures_.finder().go_on(
        state_, text, [this](std::size_t literal, std::size_t end) { note(literal, end); });
    lower_.clear();
    for (const auto& [literal, end] : hits_) try_hit(literal, text, end, line.goes_on);
    if (may_be_broken(text, line.goes_on)) look_at_break(text);
    if (context_here_) {
      context_line_ = 0;
      if (failing_ && behind_ <= kNear) failure_.has_context();
    } else {
      ++context_line_;
    }
    before_.assign(text.substr(text.size() - std::min(text.size(), kMostKept)));
  }

  LogVerdict end(const LogLines& lines) {
    close();
    LogVerdict verdict{
        .octets = lines.octets(), .lines = lines.lines(), .lines_of_text = lines.lines_of_text()};
    if (!last_) {
      verdict.what = Nothing{.success = success_};
      return verdict;
    }
    last_->failures = failures_;
    last_->earlier = std::move(earlier_);
    if (success_ && success_->line > last_->line) last_->later_success = success_;
    verdict.what = *std::move(last_);
    return verdict;
  }

 private:
  static constexpr std::size_t kMostKept = 2000;  // octets of the line before
  static constexpr std::size_t kNear = 6;         // lines between a failure and a word of its field
  static constexpr std::size_t kMostHits = 200;   // of one line

  void note(std::size_t literal, std::size_t end) {
    if (signatures_.known(literal).signature == nullptr) {
      context_here_ = true;
    } else if (hits_.size() < kMostHits) {
      hits_.emplace_back(literal, end);
    }
  }

  void try_hit(std::size_t literal, std::string_view text, std::size_t end, bool goes_on) {
    const auto& [signature, pattern] = signatures_.known(literal);
    if (lower_.empty()) lower_ = ascii_lower(text);
    if (auto found = pattern->ending_at(text, lower_, end)) {
      return add(*signature, *pattern, text, *std::move(found), line_);
    }
    if (before_.empty() || (!goes_on && !may_go_on(text))) return;
    try_joined(*signature, *pattern, text, end, goes_on ? "" : " ");
  }

  void try_joined(const Signature& signature, const Pattern& pattern, std::string_view text,
                  std::size_t end, std::string_view between) {
    std::string joined = before_ + std::string(between);
    const std::size_t shift = joined.size();
    joined += text.substr(0, std::min(text.size(), end + kAroundBreak));
    if (auto found = pattern.ending_at(joined, ascii_lower(joined), shift + end)) {
      if (found->begin < before_.size()) {
        add(signature, pattern, joined, *std::move(found), line_before_);
      }
    }
  }

  // At a width of its own a terminal breaks words; quoted-printable ends such a line with `=`.
  bool may_be_broken(std::string_view text, bool goes_on) const {
    if (before_.empty() || text.empty()) return false;
    return goes_on ||
           (before_.size() >= kNarrowest && before_.size() <= kWidest && may_go_on(text));
  }

  void look_at_break(std::string_view text) {
    std::string_view before = before_;
    if (before.ends_with('=')) before.remove_suffix(1);
    const std::string_view tail =
        before.substr(before.size() - std::min(before.size(), kAroundBreak));
    const std::string_view head = text.substr(0, kAroundBreak);
    const LiteralFinder& finder = signatures_.finder();
    LiteralFinder::State state = finder.go_on(LiteralFinder::kStart, tail, [](auto, auto) {});
    broken_.clear();
    finder.go_on(state, head, [&](std::size_t literal, std::size_t end) {
      const auto& known = signatures_.known(literal);
      if (known.signature == nullptr || known.pattern->last_piece().size() <= end) return;
      if (broken_.size() < kMostHits) broken_.emplace_back(literal, end);
    });
    if (broken_.empty()) return;
    const std::string kept = std::exchange(before_, std::string(before));
    for (const auto& [literal, end] : broken_) {
      const auto& [signature, pattern] = signatures_.known(literal);
      try_joined(*signature, *pattern, text, end, "");
    }
    before_ = kept;
  }

  void add(const Signature& signature, const Pattern& pattern, std::string_view text,
           Pattern::Found&& found, std::size_t line) {
    Match match{.signature = &signature,
                .weight = pattern.weight(),
                .line = line,
                .begin = found.begin,
                .end = found.end,
                .text = shown(text, found.begin, found.end),
                .facts = std::move(found.facts)};
    if (signature.says == Says::success) {
      success_ = Mention{line, std::move(match.text), signature.id};
      return;
    }
    if (failing_ && !failure_.takes(behind_ - 1, time_)) close();
    failing_ = true;
    failure_.add(std::move(match), time_);
    if (context_here_ || context_line_ < kNear) failure_.has_context();
    behind_ = 1;
  }

  void close() {
    if (std::exchange(failing_, false) && failure_.counts()) {
      if (last_) {
        if (earlier_.size() == kMostMentions) earlier_.erase(earlier_.begin());
        earlier_.push_back({last_->line, last_->text, last_->signature_id});
      }
      last_ = failure_.recognised();
      ++failures_;
    }
    failure_ = Failure();
  }

  const Signatures& signatures_;
  LiteralFinder::State state_ = LiteralFinder::kStart;
  std::vector<std::pair<std::size_t, std::size_t>> hits_{};    // literals and where they end
  std::vector<std::pair<std::size_t, std::size_t>> broken_{};  // so, over a break
  std::string before_{};                                       // the line before, or its end
  std::string lower_{};                                        // of this line, once it is wanted
  std::size_t line_ = 0;
  std::size_t line_before_ = 0;
  std::optional<int> time_{};
  std::size_t behind_ = 0;  // lines since the last match, which are no frames
  bool context_here_ = false;
  std::size_t context_line_ = kNear;  // lines since a word of the field
  bool failing_ = false;
  Failure failure_{};
  std::optional<Recognised> last_{};
  std::vector<Mention> earlier_{};
  std::size_t failures_ = 0;
  std::optional<Mention> success_{};
};

}  // namespace

LogVerdict read_log(std::istream& in, const Signatures& signatures) {
  LogLines lines(in);
  Reader reader(signatures);
  LogLine line;
  while (lines.next(line)) reader.read(line);
  return reader.end(lines);
}

}  // namespace startle::messages
