#include <algorithm>

#include "harness/base/text.h"
#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using wire::ReplyLimits;
using wire::SmtpReply;
using words::Severity;
using Read = std::variant<wire::ParsedReply, wire::NeedMore, wire::Malformed>;

constexpr std::string_view kCrlf = "\r\n";

// Where each whole line of `input` begins, up to the one that ends a reply.
std::vector<std::size_t> line_starts(std::string_view input) {
  std::vector<std::size_t> starts;
  std::size_t start = 0;
  for (std::size_t end = input.find(kCrlf); end != std::string_view::npos;
       end = input.find(kCrlf, start)) {
    starts.push_back(start);
    const std::string_view line = input.substr(start, end - start);
    if (line.size() <= 3 || line[3] != '-') break;
    start = end + kCrlf.size();
  }
  return starts;
}

enum class CodeOf { first, last };

// The whole reply as if each of its lines had the code of that one.
Read read_with_code_of(CodeOf which, std::string_view input, const ReplyLimits& limits) {
  std::string same(input);
  const auto starts = line_starts(input);
  if (starts.empty()) return wire::parse_smtp_reply(input, limits);
  const std::string_view code =
      input.substr(which == CodeOf::first ? starts.front() : starts.back(), 3);
  if (std::any_of(code.begin(), code.end(), [](char c) { return !is_digit(c); })) {
    return wire::parse_smtp_reply(input, limits);
  }
  for (const std::size_t start : starts) same.replace(start, 3, code);
  return wire::parse_smtp_reply(same, limits);
}

// Strings end at NUL, as in C: what a line holds behind it is not there.
struct CutsRepliesAtNul final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    std::string cut(input);
    for (std::size_t nul = cut.find('\0'); nul != std::string::npos; nul = cut.find('\0', nul)) {
      const std::size_t end = std::min(cut.find(kCrlf, nul), cut.size());
      cut.replace(nul, end - nul, end - nul, ' ');
    }
    return Decisions::read_reply(cut, limits);
  }
};

struct ReadsRepliesOfAnyLength final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits&) const override {
    constexpr std::size_t kNoLimit = std::size_t{1} << 40;
    return Decisions::read_reply(input, {.line = kNoLimit, .reply = kNoLimit});
  }
};

struct TakesFirstCode final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    return read_with_code_of(CodeOf::first, input, limits);
  }
};

struct TakesLastCode final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    return read_with_code_of(CodeOf::last, input, limits);
  }
};

struct QueuesSurplusReplies final : client::Decisions {
  bool queues_surplus_replies() const override { return true; }
};

struct RenewsDeadline final : client::Decisions {
  bool renews_deadline() const override { return true; }
};

struct WaitsForEver final : client::Decisions {
  std::chrono::milliseconds patience(std::chrono::milliseconds) const override {
    return std::chrono::years(1);
  }
};

// Once in clear, it authenticates there, too.
struct AuthenticatesInClear : client::Decisions {
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& settings) const override {
    const client::SaslPlace inside{.inside_tls = true, .can_bind = place.can_bind};
    return Decisions::mechanism(offered, inside, settings);
  }
};

// What the first segment brings is the list, though its last line announces another.
struct ReadsSegmentsAsReplies final : AuthenticatesInClear {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    const auto starts = line_starts(input);
    const bool whole_lines = !starts.empty() && input.ends_with(kCrlf);
    if (!whole_lines || input.size() < starts.back() + 4)
      return Decisions::read_reply(input, limits);
    std::string ended(input);
    if (ended[starts.back() + 3] == '-') ended[starts.back() + 3] = ' ';
    return Decisions::read_reply(ended, limits);
  }
  bool goes_on_in_clear(const std::optional<SmtpReply>& reply) const override { return !reply; }
};

struct NeedsTextBehindCode final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    auto read = Decisions::read_reply(input, limits);
    const auto* whole = std::get_if<wire::ParsedReply>(&read);
    if (whole != nullptr && whole->reply.text().empty()) {
      return wire::Malformed{.offset = 3, .why = "a text follows the code"};
    }
    return read;
  }
};

struct ReadsFirstLineAlone final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    std::string first(input);
    if (first.size() > 3 && first[3] == '-') first[3] = ' ';
    return Decisions::read_reply(first, limits);
  }
};

struct SkipsWhatIsNoReply final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    constexpr unsigned kMostLines = 64;  // to look at each anew takes time
    std::size_t skipped = 0;
    Read read = Decisions::read_reply(input, limits);
    for (unsigned i = 0; i < kMostLines && std::holds_alternative<wire::Malformed>(read); ++i) {
      const std::size_t end = input.find(kCrlf, skipped);
      if (end == std::string_view::npos) return wire::NeedMore{};
      skipped = end + kCrlf.size();
      read = Decisions::read_reply(input.substr(skipped), limits);
    }
    if (auto* whole = std::get_if<wire::ParsedReply>(&read)) whole->consumed += skipped;
    return read;
  }
};

// As most readers of text do.
struct ReadsBareLf final : client::Decisions {
  Read read_reply(std::string_view input, const ReplyLimits& limits) const override {
    std::string whole;
    std::vector<std::size_t> added;  // where a CR was, in `whole`
    for (const char c : input) {
      if (c == '\n' && !whole.ends_with('\r')) {
        added.push_back(whole.size());
        whole += '\r';
      }
      whole += c;
    }
    Read read = Decisions::read_reply(whole, limits);
    if (auto* reply = std::get_if<wire::ParsedReply>(&read)) {
      reply->consumed -= static_cast<std::size_t>(std::count_if(
          added.begin(), added.end(), [&](std::size_t at) { return at < reply->consumed; }));
    }
    return read;
  }
};

struct ReadsCutReplies final : client::Decisions {
  bool reads_cut_replies() const override { return true; }
};

// ---- readers of lists --------------------------------------------------------------------------

struct ForgetsLastKeyword final : client::Decisions {
  wire::Capabilities offered(const SmtpReply& reply) const override {
    SmtpReply shorter = reply;
    if (shorter.lines.size() > 1) shorter.lines.pop_back();
    return Decisions::offered(shorter);
  }
};

struct ReadsKeywordsInOneCase final : client::Decisions {
  wire::Capabilities offered(const SmtpReply& reply) const override {
    SmtpReply upper = reply;
    std::erase_if(upper.lines, [&reply](const std::string& line) {
      const std::string keyword = line.substr(0, line.find(' '));
      return line != reply.lines.front() && keyword != ascii_upper(keyword);
    });
    return Decisions::offered(upper);
  }
};

constexpr Defect kRows[] = {
    {.name = "cuts-replies-at-nul",
     .bug_class = "NAME-NUL",
     .severity = Severity::false_accept,
     .does = "SMTP: reads a line of a reply up to its first NUL, as a string of C",
     .make = made<CutsRepliesAtNul>},
    {.name = "forgets-last-keyword",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_refuse,
     .does = "SMTP: does not read the last line of a list",
     .make = made<ForgetsLastKeyword>},
    {.name = "needs-text-behind-code",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_refuse,
     .does = "SMTP: takes a bare code for no reply",
     .make = made<NeedsTextBehindCode>},
    {.name = "queues-surplus-replies",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "SMTP: takes a reply that came too early for the answer to its next command",
     .make = made<QueuesSurplusReplies>},
    {.name = "reads-bare-lf",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::wrong_reason,
     .does = "SMTP: ends a line at LF, so that two replies stand where the server said one",
     .make = made<ReadsBareLf>},
    {.name = "reads-cut-replies",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "SMTP: takes what had no end when the server closed for a reply",
     .make = made<ReadsCutReplies>},
    {.name = "reads-first-line-alone",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_refuse,
     .does = "SMTP: takes the first line of a reply for all of it",
     .make = made<ReadsFirstLineAlone>},
    {.name = "reads-keywords-in-one-case",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_refuse,
     .does = "SMTP: knows the keywords of the list in upper case alone",
     .make = made<ReadsKeywordsInOneCase>},
    {.name = "reads-replies-of-any-length",
     .bug_class = "DOS",
     .severity = Severity::false_accept,
     .does = "SMTP: holds a reply in memory however long it grows",
     .make = made<ReadsRepliesOfAnyLength>},
    {.name = "reads-segments-as-replies",
     .bug_class = "STRIP-RACE",
     .severity = Severity::leak,
     .does = "SMTP: takes the lines of one segment for the whole list, and goes on in clear where "
             "STARTTLS is not among them",
     .make = made<ReadsSegmentsAsReplies>},
    {.name = "renews-deadline-with-each-line",
     .bug_class = "HANG",
     .severity = Severity::wrong_reason,
     .does = "SMTP: begins its time-out anew with each part of a reply",
     .make = made<RenewsDeadline>},
    {.name = "skips-what-is-no-reply",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_accept,
     .does = "SMTP: passes over lines that are no reply, and waits for one",
     .make = made<SkipsWhatIsNoReply>},
    {.name = "takes-first-code",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "SMTP: goes by the first code of a reply whose lines have several",
     .make = made<TakesFirstCode>},
    {.name = "takes-last-code",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "SMTP: goes by the last code of a reply whose lines have several",
     .make = made<TakesLastCode>},
    {.name = "waits-for-ever",
     .bug_class = "HANG",
     .severity = Severity::wrong_reason,
     .does = "has no time-outs",
     .make = made<WaitsForEver>},
};

}  // namespace

std::span<const Defect> smtp_reading() {
  return kRows;
}

}  // namespace startle::subject::defect
