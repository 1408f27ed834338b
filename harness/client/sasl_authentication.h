#pragma once
// The SASL exchanges of one session, as both protocols carry them: which mechanism, what is
// answered to a challenge, whether success may be believed. No I/O.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/client/sasl_decisions.h"
#include "harness/client/settings.h"
#include "harness/sasl/client_exchange.h"
#include "harness/tls/session.h"

namespace startle::client {

class SaslAuthentication {
 public:
  // All of them must outlive it. `session`: null outside TLS.
  SaslAuthentication(const SaslDecisions& decisions, const Settings& settings,
                     const tls::Session* session, const std::vector<std::string>& offered);

  // Begins the exchange that is to be tried first. False when there is none, or when the
  // credentials are unfit for it: why().
  bool begin();
  // Begins what is to be tried after a refusal; false when nothing is.
  bool begin_after(std::int64_t code);

  // Only while an exchange is begun.
  sasl::Mechanism mechanism() const { return exchange_->mechanism(); }
  bool speaks_first() const { return exchange_->speaks_first(); }
  const std::string& first_message() const { return exchange_->first_message(); }
  const std::string& initial_response() { return exchange_->initial_response(); }

  // SMTP: what is answered to the text of a 334, both in base64. Nothing: the exchange must be
  // given up, why().
  std::optional<std::string> answer_base64(std::string_view text);
  // LDAP: to serverSaslCreds, which are absent where there are none at all (RFC 4511, 4.2.2).
  std::optional<std::string> answer(const std::optional<std::string>& challenge);
  // LDAP: what comes with the server's last word. False as above.
  bool hear_last(const std::optional<std::string>& challenge);
  // LDAP: what comes with a refusal: the error that a server states where its signature belongs.
  void hear_refusal(const std::optional<std::string>& challenge);
  // Whether success, said with this text, may be believed; why() otherwise.
  bool is_proven(std::string_view text);

  // "the server refuses the credentials", and what it stated.
  std::string refusal() const;
  // Whether the server has stated an error in the exchange: its refusal, with whatever code, is one
  // of the credentials or the channel (RFC 5802, 6; RFC 7628, 3.2.2).
  bool is_error_stated() const { return exchange_->standing() == sasl::Standing::error_stated; }
  const std::string& why() const { return why_; }
  bool is_unusable() const { return unusable_; }  // why() speaks of the credentials
  std::vector<std::string> notes() const;

  // Why these settings cannot be used, whatever the server says: a mechanism that is none, or
  // credentials that cannot be sent. Nothing: they can.
  static std::optional<std::string> complaint_about(const Settings& settings);

 private:
  bool start(std::optional<sasl::Mechanism> mechanism);
  std::optional<std::string> give_up(std::string why);
  std::string nothing_to_use() const;

  const SaslDecisions& decisions_;
  const Settings& settings_;
  const std::vector<std::string>& offered_;
  sasl::BindableChannel channel_{};
  SaslPlace place_{};
  std::unique_ptr<sasl::ClientExchange> exchange_{};
  SaslRefusal refused_{};
  std::size_t rounds_ = 0;
  bool challenge_answered_ = false;  // in the exchange that is begun
  bool unusable_ = false;
  std::string why_{};
  std::vector<std::string> notes_{};
};

}  // namespace startle::client
