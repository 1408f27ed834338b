#pragma once
// What a server offers: the reply to EHLO, read as a list (RFC 5321, 4.1.1.1). Only whole keywords
// count, and nothing that the reply does not plainly say is assumed: a look-alike of STARTTLS is
// not STARTTLS.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/smtp_reply.h"

namespace startle::wire {

struct Capabilities {
  std::string domain{};                 // first word of the first line; never a keyword
  std::vector<std::string> keywords{};  // upper-case, in the order of the reply, each once
  bool starttls = false;                // RFC 3207, 2; a stray parameter behind it is tolerated
  std::vector<std::string> auth{};      // mechanisms of AUTH (RFC 4954, 3), upper-case, each once
  std::vector<std::string> legacy_auth{};  // those of the "AUTH=" form, which no standard defines;
                                           // not in `auth` or `keywords` unless also offered there
  std::optional<std::uint64_t> size{};     // of SIZE (RFC 1870, 4), when stated; 0: no fixed limit

  // Whether `keyword`, in any case, is offered.
  bool offers(std::string_view keyword) const;
  // Whether `mechanism`, in any case, is offered by AUTH.
  bool offers_auth(std::string_view mechanism) const;

  bool operator==(const Capabilities&) const = default;
};

// Reads the reply to EHLO. A reply that is not 250 offers nothing. Lines that are no ehlo-line and
// words that are no mechanism name (RFC 4422, 3.1) are skipped. What bounds the lists is the size
// of a reply (ReplyLimits): RFC 5321 sets no number of keywords.
Capabilities parse_capabilities(const SmtpReply& reply);

}  // namespace startle::wire
