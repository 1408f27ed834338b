// README.md, "The host itself", under the models that take it as it stands: JavaMail's own matcher,
// and Java's LDAP client behind StartTLS.

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

using enum words::TrustModel;
using words::Ending;
using words::Mode;

struct HostRow {
  const char* id;
  words::TrustModel model;
  Mode mode;
  std::string host;
  std::optional<std::string> trust;
  PresentedIdentity presented;
  Ending ending;
  std::string reason;
};

const PresentedIdentity kNamed{.common_name = "ldap.example.test",
                               .dns_names = {"ldap.example.test"}};
const PresentedIdentity kAddress{.ip_addresses = {"127.0.0.1"}};
const Ending kMismatch = Ending::certificate_host_mismatch;
const std::string kNames = "the certificate has a path to a trust anchor and names the host";

const HostRow kRows[] = {
    // clang-format off
    {"javamail_upper_case", javamail_identity, Mode::smtps, "LDAP.example.test", {}, kNamed, Ending::delivered, kNames},
    {"javamail_final_dot", javamail_identity, Mode::smtps, "ldap.example.test.", {}, kNamed, kMismatch,
     "the certificate is issued to `ldap.example.test`, the configured host is `ldap.example.test.`: JavaMail compares the two letter by letter, whatever trust says"},
    {"javamail_final_dot_listed", javamail_identity, Mode::smtps, "ldap.example.test.", "ldap.example.test.", kNamed, kMismatch,
     "the certificate is issued to `ldap.example.test`, the configured host is `ldap.example.test.`: JavaMail compares the two letter by letter, whatever trust says"},
    {"javamail_any", javamail_identity, Mode::smtps, "ldap.example.test.", "*", kNamed, kMismatch,
     "the certificate is issued to `ldap.example.test`, the configured host is `ldap.example.test.`: JavaMail compares the two letter by letter, whatever trust says"},
    {"javamail_address", javamail_identity, Mode::smtps, "127.0.0.1", {}, kAddress, kMismatch,
     "the certificate is issued to IP address `127.0.0.1`, the configured host is `127.0.0.1`: JavaMail looks for an address among the names alone, whatever trust says"},
    {"javamail_address_as_common_name", javamail_identity, Mode::smtps, "127.0.0.1", {}, {.common_name = "127.0.0.1", .ip_addresses = {"127.0.0.1"}}, Ending::delivered, kNames},
    {"javamail_address_beside_a_name", javamail_identity, Mode::smtps, "127.0.0.1", {}, {.common_name = "127.0.0.1", .dns_names = {"a.test"}}, kMismatch,
     "the certificate is issued to `a.test`, the configured host is `127.0.0.1`: JavaMail looks for an address among the names alone, whatever trust says"},
    {"javamail_many_labels", javamail_identity, Mode::smtps, "a.b.example.test", {}, {.dns_names = {"*.example.test"}}, Ending::delivered, kNames},
    {"javamail_name_before_list", javamail_identity, Mode::smtps, "ldap.example.test", "other.test", {.dns_names = {"other.test"}}, kMismatch,
     "the certificate is issued to `other.test`, the configured host is `ldap.example.test`: JavaMail compares the two letter by letter, whatever trust says"},
    {"javamail_list_last", javamail_identity, Mode::smtps, "ldap.example.test", "other.test", kNamed, Ending::certificate_not_trusted,
     "the configured host `ldap.example.test` does not stand letter for letter in trust, which is `other.test`: Java refuses the server"},

    {"ldaps_final_dot", jndi, Mode::ldaps, "ldap.example.test.", {}, kNamed, Ending::bound, kNames},
    {"starttls_final_dot", jndi, Mode::ldap_starttls, "ldap.example.test.", {}, kNamed, kMismatch,
     "the certificate is issued to `ldap.example.test`, the configured host is `ldap.example.test.`: behind StartTLS a host with a final dot is no name to Java"},
    {"starttls_name", jndi, Mode::ldap_starttls, "ldap.example.test", {}, kNamed, Ending::bound, kNames},
    {"starttls_address", jndi, Mode::ldap_starttls, "127.0.0.1", {}, kAddress, Ending::bound, kNames},
    {"starttls_address_with_a_dot", jndi, Mode::ldap_starttls, "127.0.0.1.", {}, kAddress, kMismatch,
     "the certificate is issued to IP address `127.0.0.1`, the configured host is `127.0.0.1.`: behind StartTLS a host with a final dot is no name to Java"},
    {"ldaps_another", jndi, Mode::ldaps, "ldap.example.test", "*", {.dns_names = {"other.test"}}, kMismatch,
     "the certificate is issued to `other.test`, the configured host is `ldap.example.test`: Java's LDAP client checks the name"},
    // clang-format on
};

class JavasHost : public testing::TestWithParam<HostRow> {};

TEST_P(JavasHost, CountsAsTheModelReadsIt) {
  const HostRow& row = GetParam();
  const Answer answer = expect({.model = row.model,
                                .mode = row.mode,
                                .host = row.host,
                                .trust = row.trust,
                                .facts = {.presented = row.presented}});
  EXPECT_EQ(answer.endings, std::vector{row.ending});
  EXPECT_EQ(answer.reason, row.reason);
}

INSTANTIATE_TEST_SUITE_P(Rows, JavasHost, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

// To Java's LDAP client no value of trust is a reason.
TEST(Jndi, SaysNothingOfTrust) {
  Facts unknown = facts_of("unknown-ca");
  for (const std::optional<std::string>& trust : {std::optional<std::string>(), {kHost}, {"*"}}) {
    const Answer answer = expect(
        {.model = jndi, .mode = Mode::ldaps, .host = kHost, .trust = trust, .facts = unknown});
    EXPECT_EQ(answer.endings, std::vector{Ending::certificate_not_trusted});
    EXPECT_EQ(answer.reason, "Java finds no path from the certificate to a trust anchor");
  }
}

}  // namespace
}  // namespace startle::oracle
