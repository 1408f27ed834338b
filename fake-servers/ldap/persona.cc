#include "fake-servers/ldap/persona.h"

#include <array>

namespace startle::fake {
namespace {

PersonaTraits openldap() {
  return {
      .needs_tls = {.code = wire::kLdapConfidentialityRequired,
                    .diagnostic = "confidentiality required"},
      .needs_bind = {.code = wire::kLdapInsufficientAccessRights},
      .wrong_credentials = {.code = wire::kLdapInvalidCredentials},
      .name_without_password = {.code = wire::kLdapUnwillingToPerform,
                                .diagnostic =
                                    "unauthenticated bind (DN with no password) disallowed"},
      .object_classes = {"top", "OpenLDAProotDSE"},
      .controls = {"2.16.840.1.113730.3.4.2"},  // ManageDsaIT (RFC 3296)
  };
}

PersonaTraits active_directory() {
  return {
      .lengths = wire::BerLengths::four_octets,
      .names_starttls = true,
      .shows_root_dse_unasked = true,
      .needs_tls = {.code = wire::kLdapStrongerAuthRequired,
                    .diagnostic =
                        "00002028: LdapErr: DSID-0C090202, comment: The server requires binds to "
                        "turn on integrity checking if SSL\\TLS are not already active on the "
                        "connection, data 0, v2580"},
      .needs_bind = {.code = wire::kLdapOperationsError,
                     .diagnostic =
                         "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this "
                         "operation a successful bind must be completed on the connection., data "
                         "0, v2580"},
      .wrong_credentials = {.code = wire::kLdapInvalidCredentials,
                            .diagnostic = "80090308: LdapErr: DSID-0C09042F, comment: "
                                          "AcceptSecurityContext error, data 52e, v2580"},
      .name_without_password = {.code = wire::kLdapUnwillingToPerform,
                                .diagnostic = "00002078: SvcErr: DSID-0C090F29, problem 5003 "
                                              "(WILL_NOT_PERFORM), data 0"},
      .object_classes = {"top"},
      .controls = {"1.2.840.113556.1.4.1339"},  // LDAP_SERVER_DOMAIN_SCOPE: no referrals
      .mechanisms = {"GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"},
  };
}

}  // namespace

const PersonaTraits& traits_of(Persona persona) {
  static const std::array<PersonaTraits, kPersonas.size()> all{openldap(), active_directory()};
  return all[static_cast<std::size_t>(persona)];
}

}  // namespace startle::fake
