#include <algorithm>

#include "harness/base/text.h"
#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using wire::SmtpReply;
using words::Severity;

constexpr std::string_view kCrlf = "\r\n";

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

struct NeverSaysHelo final : client::Decisions {
  bool says_helo(const client::RefusedHello&) const override { return false; }
};

struct TakesAnyReplyForEhlo final : client::Decisions {
  bool is_hello(const SmtpReply&) const override { return true; }
};

// As one that is made for STARTTLS and told another port.
struct ListensBeforeTls final : client::Decisions {
  bool begins_with_tls() const override { return false; }
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

bool says(const SmtpReply& reply, std::string_view word) {
  return ascii_upper(reply.text()).find(word) != std::string::npos;
}
bool says_no(const SmtpReply& reply) {
  return says(reply, "REJECTED") || says(reply, "NO SERVICE") || says(reply, "NOT AVAILABLE");
}

struct DecidesByText final : client::Decisions {
  bool is_greeting(const SmtpReply& reply) const override {
    return Decisions::is_greeting(reply) && !says_no(reply);
  }
  bool is_go_ahead(const SmtpReply& reply) const override {
    return says(reply, "READY") || (Decisions::is_go_ahead(reply) && !says_no(reply));
  }
  bool is_sender_accepted(const SmtpReply& reply) const override {
    return Decisions::is_sender_accepted(reply) && !says_no(reply);
  }
  bool is_delivered(const SmtpReply& reply) const override {
    return says(reply, "ACCEPTED") || (Decisions::is_delivered(reply) && !says_no(reply));
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

struct BlamesThePassword final : client::Decisions {
  bool speaks_of_credentials(const SmtpReply&) const override { return true; }
};

struct BlamesTheSender final : client::Decisions {
  bool speaks_of_sender(const SmtpReply&) const override { return true; }
};

struct GoesByExactCodes final : client::Decisions {
  bool is_sender_accepted(const SmtpReply& reply) const override { return reply.code == 250; }
  bool is_recipient_accepted(const SmtpReply& reply) const override { return reply.code == 250; }
};

struct TakesFarewellForResult final : client::Decisions {
  bool minds_farewell() const override { return true; }
};

struct TakesLostConnectionForRefusal final : client::Decisions {
  words::Ending lost_connection() const override { return words::Ending::refused_by_server; }
};

struct TakesTemporaryForPermanent final : client::Decisions {
  bool is_temporary(const SmtpReply&) const override { return false; }
};

constexpr Defect kRows[] = {
    {.name = "blames-the-password",
     .bug_class = "TAXONOMY",
     .severity = Severity::wrong_reason,
     .does = "SMTP: takes every refusal of AUTH for one of the credentials",
     .make = made<BlamesThePassword>},
    {.name = "blames-the-sender",
     .bug_class = "TAXONOMY",
     .severity = Severity::wrong_reason,
     .does = "SMTP: takes every refusal of MAIL for one of the sender",
     .make = made<BlamesTheSender>},
    {.name = "decides-by-text",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "SMTP: takes ready or accepted for yes and rejected for no, whatever the code",
     .make = made<DecidesByText>},
    {.name = "goes-by-exact-codes",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_refuse,
     .does = "SMTP: takes 250 alone for a success of MAIL and RCPT",
     .make = made<GoesByExactCodes>},
    {.name = "ignores-greeting-code",
     .bug_class = "STRIP-BADGREET",
     .severity = Severity::false_accept,
     .does = "SMTP: takes any reply for a greeting",
     .make = made<IgnoresGreetingCode>},
    {.name = "ignores-mail-refusal",
     .bug_class = "LATE-CONTINUE",
     .severity = Severity::false_accept,
     .does = "SMTP: goes on to RCPT whatever MAIL is answered with",
     .make = made<IgnoresMailRefusal>},
    {.name = "ignores-recipient-refusal",
     .bug_class = "LATE-CONTINUE",
     .severity = Severity::false_accept,
     .does = "SMTP: goes on to DATA whatever RCPT is answered with",
     .make = made<IgnoresRecipientRefusal>},
    {.name = "ignores-starttls-reply",
     .bug_class = "STRIP-ODDREPLY",
     .severity = Severity::false_accept,
     .does = "SMTP: begins TLS whatever STARTTLS is answered with",
     .make = made<IgnoresStarttlsReply>},
    {.name = "keeps-half-a-line",
     .bug_class = "INJ-FRAG",
     .severity = Severity::false_accept,
     .does = "SMTP: puts half a line from behind the go-ahead before what comes inside TLS",
     .make = made<KeepsHalfALine>},
    {.name = "listens-before-tls",
     .bug_class = "STRIP-NOCAP",
     .severity = Severity::false_accept,
     .does = "SMTP: waits for a greeting in clear where TLS comes first, and goes on from that",
     .make = made<ListensBeforeTls>},
    {.name = "never-says-helo",
     .bug_class = "REPLY-GRAMMAR",
     .severity = Severity::false_refuse,
     .does = "SMTP: gives up where EHLO is not known, though it needs no extension",
     .make = made<NeverSaysHelo>},
    {.name = "reports-refused-message-delivered",
     .bug_class = "LATE-CONTINUE",
     .severity = Severity::false_accept,
     .does = "SMTP: says delivered whatever the message is answered with",
     .make = made<ReportsRefusedMessageDelivered>},
    {.name = "sends-helo-and-authenticates",
     .bug_class = "STRIP-CAPFAIL",
     .severity = Severity::leak,
     .does = "SMTP: says HELO where EHLO is refused, and forgets that TLS is demanded",
     .make = made<SendsHeloAndAuthenticates>},
    {.name = "sends-message-after-refused-data",
     .bug_class = "LATE-CONTINUE",
     .severity = Severity::false_accept,
     .does = "SMTP: sends the message whatever DATA is answered with",
     .make = made<SendsMessageAfterRefusedData>},
    {.name = "skips-second-ehlo",
     .bug_class = "STATE-KEEP",
     .severity = Severity::false_accept,
     .does = "SMTP: authenticates inside TLS by the list from before",
     .make = made<SkipsSecondEhlo>},
    {.name = "takes-250-for-authenticated",
     .bug_class = "EARLY-OK",
     .severity = Severity::wrong_reason,
     .does = "SMTP: takes any 2yz for 235",
     .make = made<TakesAnySuccessForAuthenticated>},
    {.name = "takes-421-for-refusal",
     .bug_class = "TAXONOMY",
     .severity = Severity::wrong_reason,
     .does = "SMTP: says of a server that closes for now what it says of a refusal",
     .make = made<TakesClosingForRefusal>},
    {.name = "takes-any-reply-for-ehlo",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "SMTP: goes on whatever EHLO and HELO are answered with",
     .make = made<TakesAnyReplyForEhlo>},
    {.name = "takes-domain-for-keyword",
     .bug_class = "STRIP-NOCAP",
     .severity = Severity::false_accept,
     .does = "SMTP: reads the first line of the list as a keyword",
     .make = made<TakesDomainForKeyword>},
    {.name = "takes-farewell-for-result",
     .bug_class = "TAXONOMY",
     .severity = Severity::false_refuse,
     .does = "SMTP: ends as QUIT does, whatever came before",
     .make = made<TakesFarewellForResult>},
    {.name = "takes-lookalike-for-starttls",
     .bug_class = "STRIP-NOCAP",
     .severity = Severity::false_accept,
     .does = "SMTP: takes a keyword that holds STARTTLS for it",
     .make = made<TakesLookalikeForStarttls>},
    {.name = "takes-lost-connection-for-refusal",
     .bug_class = "TAXONOMY",
     .severity = Severity::wrong_reason,
     .does = "says of a connection that is lost what it says of a refusal",
     .make = made<TakesLostConnectionForRefusal>},
    {.name = "takes-temporary-for-permanent",
     .bug_class = "TAXONOMY",
     .severity = Severity::wrong_reason,
     .does = "SMTP: says of 4yz to the greeting and to EHLO what it says of 5yz",
     .make = made<TakesTemporaryForPermanent>},
};

}  // namespace

std::span<const Defect> smtp_replies() {
  return kRows;
}

}  // namespace startle::subject::defect
