#pragma once
// The bind of an LDAP session (RFC 4511, 4.2; RFC 4513, 5): what is asked, in as many requests as a
// SASL mechanism takes, and what the last response means. No I/O.

#include <optional>
#include <string>
#include <vector>

#include "harness/client/decisions.h"
#include "harness/client/sasl_authentication.h"
#include "harness/client/settings.h"
#include "harness/tls/session.h"
#include "harness/wire/ldap_message.h"
#include "harness/words/words.h"

namespace startle::client {

class LdapBind {
 public:
  // All of them must outlive it. `session`: null outside TLS; `mechanisms`: what the server offers.
  LdapBind(const Decisions& decisions, const Settings& settings, const tls::Session* session,
           const std::vector<std::string>& mechanisms)
      : decisions_(decisions),
        settings_(settings),
        inside_tls_(session != nullptr),
        sasl_(decisions, settings, session, mechanisms) {}

  // What is asked first, and after a response. Nothing: it is over, in success if is_bound().
  std::optional<wire::LdapBindRequest> first();
  std::optional<wire::LdapBindRequest> after(const wire::LdapBindResponse& response);

  bool is_bound() const { return bound_; }
  words::Ending ending() const { return ending_; }  // unless bound
  const std::string& why() const { return why_; }
  // Whether why() is about the result of the last response, to be shown with it.
  bool is_about_result() const { return about_result_; }
  std::vector<std::string> notes() const { return sasl_.notes(); }

 private:
  std::optional<wire::LdapBindRequest> begun();
  wire::LdapBindRequest sasl_request(std::optional<std::string> said) const;
  std::optional<wire::LdapBindRequest> after_sasl(const wire::LdapBindResponse& response);
  std::optional<wire::LdapBindRequest> end(words::Ending ending, std::string why,
                                           bool about_result = false);

  const Decisions& decisions_;
  const Settings& settings_;
  bool inside_tls_;
  SaslAuthentication sasl_;
  bool uses_sasl_ = false;
  bool bound_ = false;
  words::Ending ending_ = words::Ending::protocol_error;
  std::string why_{};
  bool about_result_ = false;
};

}  // namespace startle::client
