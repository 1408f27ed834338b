#include <algorithm>

#include "harness/base/text.h"
#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using wire::ReplyLimits;
using wire::SmtpReply;
using Read = std::variant<wire::ParsedReply, wire::NeedMore, wire::Malformed>;

constexpr std::string_view kCrlf = "\r\n";

// ---- readers of replies ------------------------------------------------------------------------

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

// ---- greeting and EHLO -------------------------------------------------------------------------

struct IgnoresGreetingCode final : client::Decisions {
  bool is_greeting(const SmtpReply&) const override { return true; }
};

struct SendsHeloAndAuthenticates final : client::Decisions {
  bool says_helo(const client::RefusedHello& refused) const override { return !refused.inside_tls; }
  bool demands_tls_behind_helo() const override { return false; }
  // HELO offers none: it takes what every server has.
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& settings) const override {
    if (!place.inside_tls && offered.empty()) return sasl::Mechanism::plain;
    return Decisions::mechanism(offered, place, settings);
  }
};

struct SkipsSecondEhlo final : client::Decisions {
  bool asks_again_in_tls() const override { return false; }
};

struct TakesDomainForKeyword final : client::Decisions {
  wire::Capabilities offered(const SmtpReply& reply) const override {
    SmtpReply shifted = reply;
    shifted.lines.insert(shifted.lines.begin(), "domain");
    return Decisions::offered(shifted);
  }
};

struct TakesLookalikeForStarttls final : client::Decisions {
  bool starts_tls(const wire::Capabilities& seen) const override {
    return std::any_of(seen.keywords.begin(), seen.keywords.end(), [](const std::string& word) {
      return word.find("STARTTLS") != std::string::npos;
    });
  }
};

// ---- STARTTLS ----------------------------------------------------------------------------------

struct DecidesByText final : client::Decisions {
  bool is_go_ahead(const SmtpReply& reply) const override {
    return ascii_upper(reply.text()).find("READY") != std::string::npos;
  }
};

struct IgnoresStarttlsReply final : client::Decisions {
  bool is_go_ahead(const SmtpReply&) const override { return true; }
};

// Whole lines behind the go-ahead are refused; what has no end yet is not noticed.
struct KeepsHalfALine final : client::Decisions {
  client::LeftBehind left_behind(std::string_view bytes) const override {
    return bytes.ends_with(kCrlf) ? client::LeftBehind::abort : client::LeftBehind::believe;
  }
};

// ---- what is refused ---------------------------------------------------------------------------

struct TakesAnySuccessForAuthenticated final : client::Decisions {
  bool is_authenticated(const SmtpReply& reply) const override {
    return reply.positive_completion();
  }
};

struct TakesClosingForRefusal final : client::Decisions {
  bool is_closing(const SmtpReply&) const override { return false; }
};

struct IgnoresMailRefusal final : client::Decisions {
  bool is_sender_accepted(const SmtpReply&) const override { return true; }
};

struct IgnoresRecipientRefusal final : client::Decisions {
  bool is_recipient_accepted(const SmtpReply&) const override { return true; }
};

struct SendsMessageAfterRefusedData final : client::Decisions {
  bool asks_for_message(const SmtpReply&) const override { return true; }
};

struct ReportsRefusedMessageDelivered final : client::Decisions {
  bool is_delivered(const SmtpReply&) const override { return true; }
};

constexpr Defect kRows[] = {
    {.name = "cuts-replies-at-nul",
     .bug_class = "NAME-NUL",
     .does = "SMTP: reads a line of a reply up to its first NUL, as a string of C",
     .make = made<CutsRepliesAtNul>},
    {.name = "decides-by-text",
     .bug_class = "EARLY-OK",
     .does = "SMTP: begins TLS where the reply to STARTTLS says ready, whatever its code",
     .make = made<DecidesByText>},
    {.name = "ignores-greeting-code",
     .bug_class = "STRIP-BADGREET",
     .does = "SMTP: takes any reply for a greeting",
     .make = made<IgnoresGreetingCode>},
    {.name = "ignores-mail-refusal",
     .bug_class = "LATE-CONTINUE",
     .does = "SMTP: goes on to RCPT whatever MAIL is answered with",
     .make = made<IgnoresMailRefusal>},
    {.name = "ignores-recipient-refusal",
     .bug_class = "LATE-CONTINUE",
     .does = "SMTP: goes on to DATA whatever RCPT is answered with",
     .make = made<IgnoresRecipientRefusal>},
    {.name = "ignores-starttls-reply",
     .bug_class = "STRIP-ODDREPLY",
     .does = "SMTP: begins TLS whatever STARTTLS is answered with",
     .make = made<IgnoresStarttlsReply>},
    {.name = "keeps-half-a-line",
     .bug_class = "INJ-FRAG",
     .does = "SMTP: puts half a line from behind the go-ahead before what comes inside TLS",
     .make = made<KeepsHalfALine>},
    {.name = "queues-surplus-replies",
     .bug_class = "EARLY-OK",
     .does = "SMTP: takes a reply that came too early for the answer to its next command",
     .make = made<QueuesSurplusReplies>},
    {.name = "reads-replies-of-any-length",
     .bug_class = "DOS",
     .does = "SMTP: holds a reply in memory however long it grows",
     .make = made<ReadsRepliesOfAnyLength>},
    {.name = "reads-segments-as-replies",
     .bug_class = "STRIP-RACE",
     .does = "SMTP: takes the lines of one segment for the whole list, and goes on in clear where "
             "STARTTLS is not among them",
     .make = made<ReadsSegmentsAsReplies>},
    {.name = "renews-deadline-with-each-line",
     .bug_class = "HANG",
     .does = "SMTP: begins its time-out anew with each part of a reply",
     .make = made<RenewsDeadline>},
    {.name = "reports-refused-message-delivered",
     .bug_class = "LATE-CONTINUE",
     .does = "SMTP: says delivered whatever the message is answered with",
     .make = made<ReportsRefusedMessageDelivered>},
    {.name = "sends-helo-and-authenticates",
     .bug_class = "STRIP-CAPFAIL",
     .does = "SMTP: says HELO where EHLO is refused, and forgets that TLS is demanded",
     .make = made<SendsHeloAndAuthenticates>},
    {.name = "sends-message-after-refused-data",
     .bug_class = "LATE-CONTINUE",
     .does = "SMTP: sends the message whatever DATA is answered with",
     .make = made<SendsMessageAfterRefusedData>},
    {.name = "skips-second-ehlo",
     .bug_class = "STATE-KEEP",
     .does = "SMTP: authenticates inside TLS by the list from before",
     .make = made<SkipsSecondEhlo>},
    {.name = "takes-250-for-authenticated",
     .bug_class = "EARLY-OK",
     .does = "SMTP: takes any 2yz for 235",
     .make = made<TakesAnySuccessForAuthenticated>},
    {.name = "takes-421-for-refusal",
     .bug_class = "TAXONOMY",
     .does = "SMTP: says of a server that closes for now what it says of a refusal",
     .make = made<TakesClosingForRefusal>},
    {.name = "takes-domain-for-keyword",
     .bug_class = "STRIP-NOCAP",
     .does = "SMTP: reads the first line of the list as a keyword",
     .make = made<TakesDomainForKeyword>},
    {.name = "takes-first-code",
     .bug_class = "EARLY-OK",
     .does = "SMTP: goes by the first code of a reply whose lines have several",
     .make = made<TakesFirstCode>},
    {.name = "takes-last-code",
     .bug_class = "EARLY-OK",
     .does = "SMTP: goes by the last code of a reply whose lines have several",
     .make = made<TakesLastCode>},
    {.name = "takes-lookalike-for-starttls",
     .bug_class = "STRIP-NOCAP",
     .does = "SMTP: takes a keyword that holds STARTTLS for it",
     .make = made<TakesLookalikeForStarttls>},
    {.name = "waits-for-ever",
     .bug_class = "HANG",
     .does = "SMTP, and every handshake: has no time-outs",
     .make = made<WaitsForEver>},
};

}  // namespace

std::span<const Defect> smtp_replies() {
  return kRows;
}

}  // namespace startle::subject::defect
