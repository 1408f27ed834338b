#pragma once
// The points at which an SMTP client decides what a reply amounts to, where LDAP has no like. The
// correct decision is the default; a defect overrides it.

#include <optional>
#include <string_view>
#include <variant>

#include "harness/wire/smtp_capabilities.h"
#include "harness/wire/smtp_reply.h"

namespace startle::client {

// What is known when EHLO has been refused.
struct RefusedHello {
  bool inside_tls = false;
  bool needs_extensions = false;  // TLS or authentication is wanted, and HELO offers neither
};

class SmtpDecisions {
 public:
  virtual ~SmtpDecisions() = default;

  // ---- reading ---------------------------------------------------------------------------------

  // The reply that `input` begins with (RFC 5321, 4.2).
  virtual std::variant<wire::ParsedReply, wire::NeedMore, wire::Malformed> read_reply(
      std::string_view input, const wire::ReplyLimits& limits) const {
    return wire::parse_smtp_reply(input, limits);
  }
  // RFC 5321, 4.3.1: a reply that stands behind another answers no command that is yet to be sent.
  virtual bool queues_surplus_replies() const { return false; }
  // RFC 5321, 4.5.3.2: the time for a reply counts to its end, not from its last octet.
  virtual bool renews_deadline() const { return false; }
  // RFC 5321, 2.3.8: what has no CRLF when the server closes was no reply.
  virtual bool reads_cut_replies() const { return false; }
  // RFC 5321, 3.8: 421 may come at any time; the server is about to close.
  virtual bool is_closing(const wire::SmtpReply& reply) const { return reply.code == 421; }

  // RFC 5321, 4.2.1: 4yz, for which the client may come again.
  virtual bool is_temporary(const wire::SmtpReply& reply) const {
    return reply.transient_failure();
  }
  // RFC 5321, 4.1.1.10: what is said to QUIT, or is not, changes nothing any more.
  virtual bool minds_farewell() const { return false; }

  // ---- greeting and EHLO -----------------------------------------------------------------------

  // RFC 8314, 3.3: on a port of implicit TLS the client speaks first, by its handshake.
  virtual bool begins_with_tls() const { return true; }

  // RFC 5321, 3.1 and 4.3.2: 220 and nothing else.
  virtual bool is_greeting(const wire::SmtpReply& reply) const { return reply.code == 220; }
  // RFC 5321, 4.3.2: of EHLO and of HELO.
  virtual bool is_hello(const wire::SmtpReply& reply) const { return reply.code == 250; }
  // What EHLO was answered with, as a list.
  virtual wire::Capabilities offered(const wire::SmtpReply& reply) const {
    return wire::parse_capabilities(reply);
  }
  // RFC 5321, 3.2. HELO knows no extension, so it is of no use where TLS or AUTH is wanted.
  virtual bool says_helo(const RefusedHello& refused) const {
    return !refused.inside_tls && !refused.needs_extensions;
  }
  // TLS is demanded and the server knows HELO alone: it is demanded all the same (RFC 3207, 6).
  virtual bool demands_tls_behind_helo() const { return true; }
  // RFC 3207, 4.2: what was offered in clear is forgotten, so EHLO comes first inside TLS.
  virtual bool asks_again_in_tls() const { return true; }

  // ---- what is refused -------------------------------------------------------------------------

  // RFC 4954, 6; RFC 5248, 2.4. What is too weak (534), wants encryption (523, 524, 530, 538), is
  // not known (504) or comes at the wrong time (503) says nothing of the credentials; 454 and other
  // 4yz are failures of the server.
  virtual bool speaks_of_credentials(const wire::SmtpReply& refusal) const;
  // RFC 5321, 4.2.3; RFC 3463, 3.8: of MAIL. 5.7.1 and 553 say "not from this address".
  virtual bool speaks_of_sender(const wire::SmtpReply& refusal) const {
    return refusal.code == 553 || refusal.enhanced_code() == "5.7.1";
  }

  // ---- mail ------------------------------------------------------------------------------------

  // RFC 5321, 4.2 and 4.3.2: any 2yz, since a client goes by the first digit; but DATA's 354 alone
  // asks for the message.
  virtual bool is_sender_accepted(const wire::SmtpReply& reply) const {
    return reply.positive_completion();
  }
  virtual bool is_recipient_accepted(const wire::SmtpReply& reply) const {
    return reply.positive_completion();
  }
  virtual bool asks_for_message(const wire::SmtpReply& reply) const { return reply.code == 354; }
  virtual bool is_delivered(const wire::SmtpReply& reply) const {
    return reply.positive_completion();
  }
};

}  // namespace startle::client
