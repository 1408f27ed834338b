#include "harness/sasl/gsasl_client_for_test.h"

#include <utility>

#include "harness/base/bytes.h"

namespace startle::sasl {

GsaslClient::GsaslClient(Mechanism mechanism, GsaslCredentials credentials)
    : credentials_(std::move(credentials)) {
  Gsasl_session* session = nullptr;
  status_ =
      gsasl_client_start(gsasl_of_this_thread(), std::string(word(mechanism)).c_str(), &session);
  session_.reset(session);
  if (status_ != GSASL_OK) return;
  status_ = GSASL_NEEDS_MORE;
  gsasl_property_set(session, GSASL_AUTHID, credentials_.name.c_str());
  gsasl_property_set(session, GSASL_PASSWORD, credentials_.password.c_str());
  if (!credentials_.authorization.empty()) {
    gsasl_property_set(session, GSASL_AUTHZID, credentials_.authorization.c_str());
  }
  if (credentials_.binding) {
    const bool exporter = credentials_.binding->type == "tls-exporter";
    gsasl_property_set(session, exporter ? GSASL_CB_TLS_EXPORTER : GSASL_CB_TLS_UNIQUE,
                       to_base64(credentials_.binding->data).c_str());
  }
}

std::optional<std::string> GsaslClient::step(const std::string& challenge) {
  if (status_ != GSASL_NEEDS_MORE) return std::nullopt;
  char* output = nullptr;
  std::size_t length = 0;
  status_ = gsasl_step(session_.get(), challenge.data(), challenge.size(), &output, &length);
  const GsaslString owner(output);
  if (status_ != GSASL_OK && status_ != GSASL_NEEDS_MORE) return std::nullopt;
  return std::string(output == nullptr ? "" : output, output == nullptr ? 0 : length);
}

}  // namespace startle::sasl
