#include "harness/client/ldap_bind.h"

#include <utility>

#include "harness/client/ldap_endings.h"
#include "harness/sasl/password.h"

namespace startle::client {

using wire::LdapBindRequest;
using words::Ending;

namespace {

// RFC 4511, 4.2: a password that is text is prepared (RFC 4013), one of other data is not altered.
// What cannot be prepared is taken for such.
std::string as_text(const std::string& password) {
  return sasl::prepared(password).value_or(password);
}

}  // namespace

std::optional<LdapBindRequest> LdapBind::end(Ending ending, std::string why, bool about_result) {
  ending_ = ending;
  why_ = std::move(why);
  about_result_ = about_result;
  return std::nullopt;
}

std::optional<LdapBindRequest> LdapBind::first() {
  const auto method = decisions_.bind_method(inside_tls_, settings_);
  if (!method) {
    return end(Ending::auth_unavailable,
               "a password is only ever sent inside TLS: configure starttls=\"true\"");
  }
  LdapBindRequest request;
  switch (*method) {
    case BindMethod::anonymous:
      break;
    case BindMethod::simple:
      request.name = settings_.username.value_or("");
      request.authentication = wire::SimpleBind{as_text(settings_.password.value_or(""))};
      break;
    case BindMethod::sasl:
      uses_sasl_ = true;
      if (sasl_.begin()) return begun();
      return end(sasl_.is_unusable() ? Ending::configuration_error : Ending::auth_unavailable,
                 sasl_.why());
  }
  return request;
}

std::optional<LdapBindRequest> LdapBind::after(const wire::LdapBindResponse& response) {
  if (uses_sasl_) return after_sasl(response);
  bound_ = decisions_.is_bound(response.result);
  if (bound_) return std::nullopt;
  return end(decisions_.bind_refusal(response.result), "the server refuses to bind", true);
}

// Without credentials where the server begins (RFC 4422, 5): that is not an empty message.
std::optional<LdapBindRequest> LdapBind::begun() {
  return sasl_request(sasl_.speaks_first() ? std::optional(sasl_.initial_response())
                                           : std::nullopt);
}

// RFC 4513, 5.2.1.1: the name is empty, the mechanism says who it is.
LdapBindRequest LdapBind::sasl_request(std::optional<std::string> said) const {
  return {.authentication = wire::SaslBind{.mechanism = std::string(word(sasl_.mechanism())),
                                           .credentials = std::move(said)}};
}

std::optional<LdapBindRequest> LdapBind::after_sasl(const wire::LdapBindResponse& response) {
  const wire::LdapResult& result = response.result;
  if (result.code == wire::kLdapSaslBindInProgress) {
    auto answer = sasl_.answer(response.server_credentials);
    if (answer) return sasl_request(std::move(*answer));
    return end(Ending::protocol_error, sasl_.why());
  }
  if (decisions_.is_bound(result)) {
    // RFC 4513, 5.2.1.4: the server's last message travels with success.
    bound_ = sasl_.hear_last(response.server_credentials) && sasl_.is_proven(result.diagnostic);
    if (bound_) return std::nullopt;
    return end(Ending::protocol_error, sasl_.why(), true);
  }
  sasl_.hear_refusal(response.server_credentials);
  if (sasl_.begin_after(result.code)) return begun();
  return end(sasl_bind_ending(result, sasl_.is_error_stated()), sasl_.refusal(), true);
}

}  // namespace startle::client
