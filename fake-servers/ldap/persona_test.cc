// The two personas, byte for byte where a client can tell them apart.

#include "fake-servers/ldap/persona.h"

#include <gtest/gtest.h>

#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

Server server_as(Persona persona) {
  Server server = ldap_server_for_test();
  server.directory.persona = persona;
  return server;
}

struct Row {
  const char* name;
  wire::LdapOperation request;
  std::string openldap;          // hex
  std::string active_directory;  // hex
};

TEST(LdapPersona, EncodesAsItsModelDoes) {
  const std::string starttls_oid = to_hex(wire::kStartTlsOid);
  for (const Row& row :
       {Row{"StartTLS", wire::LdapExtendedRequest{std::string(wire::kStartTlsOid), {}},
            "300c020101"
            "7807"
            "0a0100"
            "0400"
            "0400",
            "308400000028020101"
            "78840000001f"
            "0a0100"
            "0400"
            "0400"
            "8a16" +
                starttls_oid},
        {"an anonymous bind", wire::LdapBindRequest{},
         "300c020101"
         "6107"
         "0a0100"
         "0400"
         "0400",
         "308400000010020101"
         "618400000007"
         "0a0100"
         "0400"
         "0400"},
        {"version, asked for",
         search_for("", wire::LdapScope::base_object, {"supportedLDAPVersion"}),
         "3026020101"
         "6421"
         "0400"
         "301d"
         "301b"
         "0414" +
             to_hex("supportedLDAPVersion") +
             "3103"
             "040133"
             "300c020101"
             "6507"
             "0a0100"
             "0400"
             "0400",
         "308400000036020101"
         "64840000002d"
         "0400"
         "308400000025"
         "30840000001f"
         "0414" +
             to_hex("supportedLDAPVersion") +
             "318400000003"
             "040133"
             "308400000010020101"
             "658400000007"
             "0a0100"
             "0400"
             "0400"}}) {
    EXPECT_EQ(to_hex(talk(server_as(Persona::openldap), {request(1, row.request)}).heard),
              row.openldap)
        << row.name;
    EXPECT_EQ(to_hex(talk(server_as(Persona::active_directory), {request(1, row.request)}).heard),
              row.active_directory)
        << row.name;
  }
}

struct WordsRow {
  const char* name;
  Persona persona;
  bool in_tls;
  wire::LdapOperation request;
  std::string answer;
};

TEST(LdapPersona, RefusesInTheWordsOfItsModel) {
  using enum Persona;
  const wire::LdapBindRequest wrong = simple_bind(kUserDn, "x");
  const wire::LdapBindRequest nameless = simple_bind(kUserDn, "");
  const wire::LdapSearchRequest search =
      search_for("dc=example,dc=test", wire::LdapScope::base_object);
  for (const WordsRow& row :
       {WordsRow{"wrong password", openldap, true, wrong, "bind-response: invalidCredentials (49)"},
        {"wrong password", active_directory, true, wrong,
         "bind-response: invalidCredentials (49) '80090308: LdapErr: DSID-0C09042F, comment: "
         "AcceptSecurityContext error, data 52e, v2580'"},
        {"in clear", openldap, false, wrong,
         "bind-response: confidentialityRequired (13) 'confidentiality required'"},
        {"in clear", active_directory, false, wrong,
         "bind-response: strongerAuthRequired (8) '00002028: LdapErr: DSID-0C090202, comment: The "
         "server requires binds to turn on integrity checking if SSL\\TLS are not already active "
         "on the connection, data 0, v2580'"},
        {"no DN", openldap, true, simple_bind("user@example.test", kCanary),
         "bind-response: invalidDNSyntax (34)"},
        {"no DN", active_directory, true, simple_bind("user@example.test", kCanary),
         "bind-response: invalidCredentials (49) '80090308: LdapErr: DSID-0C09042F, comment: "
         "AcceptSecurityContext error, data 52e, v2580'"},
        {"no password", openldap, true, nameless,
         "bind-response: unwillingToPerform (53) 'unauthenticated bind (DN with no password) "
         "disallowed'"},
        {"no password", active_directory, true, nameless,
         "bind-response: unwillingToPerform (53) '00002078: SvcErr: DSID-0C090F29, problem 5003 "
         "(WILL_NOT_PERFORM), data 0'"},
        {"not bound", openldap, true, search, "search-done: insufficientAccessRights (50)"},
        {"not bound", active_directory, true, search,
         "search-done: operationsError (1) '000004DC: LdapErr: DSID-0C090A5C, comment: In order to "
         "perform this operation a successful bind must be completed on the connection., data 0, "
         "v2580'"}}) {
    Server server = server_as(row.persona);
    std::vector<std::string> says{request(9, row.request)};
    if (row.in_tls) {
      server.mode = words::Mode::ldaps;
      says.insert(says.begin(), kHandshake);
    }
    const Talk got = talk(server, says);
    EXPECT_TRUE(got.transcript.ends_with("S: 9 " + row.answer + "\n"))
        << row.name << ", " << word(row.persona) << ":\n"
        << got.transcript;
  }
}

}  // namespace
}  // namespace startle::fake
