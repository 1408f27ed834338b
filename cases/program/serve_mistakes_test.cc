// What `startle serve` refuses to do, and the one line it says then.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/program/served_for_test.h"

namespace startle::cases {
namespace {

struct RefusalRow {
  const char* name = "";
  std::vector<std::string> arguments{};
  const char* says = "";
};

const RefusalRow kRefusals[] = {
    {"nothing", {}, "serve what? Write smtp, ldap, a file, or one of `startle list`"},
    {"unknown case",
     {"smtp/nonsense"},
     "`smtp/nonsense` is no case: write smtp, ldap, a file, or one of `startle list`"},
    {"a whole matrix",
     {"matrix/trust"},
     "`matrix/trust` is more than one case (the first is matrix/trust/mode=smtp-starttls/"
     "trust=absent/certificate=valid/credential=valid): write smtp, ldap, a file, or one of "
     "`startle list`"},
    {"absent file",
     {"/nowhere/x.xml"},
     "/nowhere/x.xml: cannot be read: No such file or directory"},
    {"unknown point",
     {"smtp", "--reply", "hello=250 x"},
     "--reply hello is not one of: greeting, ehlo, helo, starttls, ehlo-in-tls, auth, mail, "
     "rcpt, data, message, quit"},
    {"point of another protocol",
     {"ldap", "--reply", "mail=553"},
     "--reply mail is not one of: greeting, starttls, root-dse, root-dse-in-tls, bind, whoami, "
     "search, unbind"},
    {"result code too large",
     {"ldap", "--reply", "bind=9223372036854775808"},
     "--reply 9223372036854775808 is no result code: it has 64 bits at most"},
    {"octets that are none",
     {"ldap", "--reply", "bind={hex:3}"},
     "--reply: {hex:3} is no placeholder: there are {host}, {HOST}, {user}, {secret}, "
     "{secret:4096}, {crlf} and {hex:00ff}"},
    {"mode of another protocol",
     {"smtp", "--mode", "ldaps"},
     "--mode ldaps is not one of: smtp-starttls, smtps"},
    {"mode of a case",
     {"smtp/starttls/refused-454", "--mode", "smtps"},
     "--mode is for smtp and ldap: the case `smtp/starttls/refused-454` is of the mode "
     "smtp-starttls"},
    {"persona of a mail server",
     {"smtp", "--persona", "openldap"},
     "--persona is for LDAP servers: `smtp` speaks SMTP"},
    {"revocation list beside --control",
     {"--control", "--as-told"},
     "--control and --as-told do not go together: its requests, lines on stdin, say what is "
     "served"},
    {"unknown persona",
     {"ldap", "--persona", "ad"},
     "--persona ad is not one of: openldap, active-directory"},
    {"unknown mechanism, near to one",
     {"smtp", "--mechanisms", "PLAIN SCRAM-SHA256"},
     "--mechanisms: `SCRAM-SHA256` is no mechanism of a server here: did you mean "
     "`SCRAM-SHA-256`?"},
    {"mechanisms with a comma",
     {"smtp", "--mechanisms", "PLAIN,LOGIN"},
     "--mechanisms: `PLAIN,LOGIN` is no mechanism of a server here: there are "
     "SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, CRAM-MD5, "
     "PLAIN, LOGIN, OAUTHBEARER, XOAUTH2"},
    {"mechanisms of a case without TLS",
     {"smtp/sasl/choice/in-clear-plaintext", "--mechanisms", "PLAIN"},
     "--mechanisms says what is offered inside TLS, and the case "
     "`smtp/sasl/choice/in-clear-plaintext` has none"},
    {"unknown lie, near to one",
     {"smtp", "--mechanisms", "SCRAM-SHA-256", "--sasl-lie", "no-signatur"},
     "--sasl-lie: `no-signatur` is no lie: did you mean `no-signature`?"},
    {"unknown lie",
     {"ldap", "--mechanisms", "SCRAM-SHA-256", "--sasl-lie", "?"},
     "--sasl-lie: `?` is no lie: there are no-signature, wrong-signature, unchanged-nonce, "
     "foreign-nonce, mandatory-extension, optional-extension, missing-salt, swapped-attributes, "
     "any-channel-binding, binding-error, error-then-success, success-at-once, "
     "success-without-last-step, challenge-for-success, challenges-for-ever, no-credentials, "
     "huge-challenge, padded-challenge, any-credentials, short-signature, late-extension, "
     "final-extension, swapped-salt"},
    {"lie of another protocol",
     {"smtp", "--sasl-lie", "no-credentials"},
     "--sasl-lie: SMTP has no place for `no-credentials`"},
    {"lie that nobody will hear",
     {"smtp", "--sasl-lie", "wrong-signature"},
     "--sasl-lie: no mechanism that is offered has a place for `wrong-signature`: state "
     "--mechanisms, for example SCRAM-SHA-256"},
    {"lie of a mechanism that is not offered",
     {"smtp", "--mechanisms", "PLAIN", "--sasl-lie", "swapped-prompts"},
     "--sasl-lie: no mechanism that is offered has a place for `swapped-prompts`: state "
     "--mechanisms, for example LOGIN"},
    {"control and mechanisms",
     {"--control", "--mechanisms", ""},
     "--control and --mechanisms do not go together: its requests, lines on stdin, say what is "
     "served"},
    {"control and a lie",
     {"--control", "--sasl-lie", "no-signature"},
     "--control and --sasl-lie do not go together: its requests, lines on stdin, say what is "
     "served"},
    {"control and what",
     {"smtp", "--control"},
     "--control and smtp, ldap, a case or a file do not go together: its requests, lines on "
     "stdin, say what is served"},
    {"control and once",
     {"--once", "--control"},
     "--control and --once do not go together: its requests, lines on stdin, say what is "
     "served"},
    {"no text", {"smtp", "--reply", "mail"}, "--reply mail is not POINT=TEXT or POINT=CODE"},
    {"unknown certificate",
     {"smtp", "--certificate", "expird"},
     "there is no certificate `expird`: did you mean `expired`? (`startle certs list` "
     "names all)"},
    {"not loopback",
     {"smtp", "--listen", "0.0.0.0:0"},
     "0.0.0.0 is no loopback address: a fake server that others can reach needs --allow-remote"},
    {"no port",
     {"smtp", "--listen", "127.0.0.1"},
     "`127.0.0.1` is not ADDRESS:PORT: write one, for example 127.0.0.1:2525"},
    {"no name", {"smtp", "--name", ""}, "--name is empty: it names no host"},
    {"unknown model",
     {"smtp", "--trust-model", "none"},
     "--trust-model none is not one of: documented, javamail, javamail-identity, angus, jndi, "
     "pkix"},
    {"unknown policy",
     {"smtp", "--tls-policy", "maybe"},
     "--tls-policy maybe is not one of: required, enable"},
    {"case that says nothing of the policy",
     {"ldap/sasl/choice/refused-starttls", "--tls-policy", "enable"},
     "--tls-policy enable is nothing to judge `ldap/sasl/choice/refused-starttls` by: the case "
     "does not say what is right under tls-policy=\"enable\""},
    {"case of several connections",
     {"smtp/state/stricter-trust"},
     "`smtp/state/stricter-trust` is about several connections of one client process, which "
     "`startle run` alone makes: write smtp, ldap, a file, or one of `startle list`"},
};

TEST(Serve, SaysWhatIsWrongWithItsArguments) {
  for (const RefusalRow& row : kRefusals) {
    std::vector<std::string> arguments{"serve"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const ProcessEnd end = startle(arguments);
    EXPECT_EQ(end.errors, "startle: " + std::string(row.says) + "\n") << row.name;
    EXPECT_EQ(end.output, "") << row.name;
    EXPECT_EQ(end.status, 2) << row.name;
  }
}

}  // namespace
}  // namespace startle::cases
