// A matrix with the trust and the credential of a customer's <smtp> or <ldap>.

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/selection.h"

namespace startle::cases {
namespace {

using words::Mode;
using words::TrustModel;

std::vector<Exchange> all_of(Plan plan) {
  Selection selection(std::move(plan));
  std::vector<Exchange> all;
  while (auto next = selection.next()) all.push_back(std::move(*next));
  return all;
}

customer::Entry entry() {
  return {.line = 7,
          .tls = words::Tls::starttls,
          .host = "smtp.ixiasoft.local",
          .username = "{user}",
          .password = "their own password",
          .trust = "a.test {host}",
          .email = "noreply@ixiasoft.com"};
}

TEST(ForCustomer, TrustAndCredentialAreTheirs) {
  const cases::Matrix matrix = for_customer(trust_matrix(), entry());
  EXPECT_EQ(matrix.size(), 26U);
  EXPECT_EQ(matrix.cell_id(0),
            "matrix/trust/mode=smtp-starttls/trust=line-7/certificate=valid/credential=line-7");
  const auto all = all_of({.matrices = {matrix}});
  ASSERT_EQ(all.size(), 26U);
  for (const Exchange& e : all) {
    EXPECT_EQ(e.mode, Mode::smtp_starttls);
    EXPECT_EQ(e.host, "smtp.ixiasoft.local");
    EXPECT_EQ(e.trust, "a.test {host}");  // braces in values stand for themselves
    EXPECT_EQ(e.username, "{user}");
    EXPECT_EQ(e.sender, "noreply@ixiasoft.com");
    const oracle::CredentialFacts facts = credential_facts(e);
    EXPECT_TRUE(facts.accepted && facts.sender_authorized);
  }
}

TEST(ForCustomer, TheirPasswordIsNeverUsed) {
  for (const Exchange& e : all_of({.matrices = {for_customer(trust_matrix(), entry())}})) {
    EXPECT_EQ(everything_of(e).find("their own"), std::string::npos);
    EXPECT_TRUE(e.password && e.password == e.secret && e.secret.starts_with("canary"));
  }
}

TEST(ForCustomer, WithoutStarttlsNothingIsDemanded) {
  customer::Entry plain{.line = 3, .host = "relay.test", .email = "m@relay.test"};
  const auto all = all_of({.matrices = {for_customer(trust_matrix(), plain)}});
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all[0].id,
            "matrix/trust/mode=smtp-plain/trust=line-3/certificate=valid/credential=line-3");
  for (const Exchange& e : all) {
    EXPECT_EQ(e.mode, Mode::smtp_plain);
    EXPECT_EQ(e.username, std::nullopt);
    EXPECT_EQ(e.password, std::nullopt);
    EXPECT_EQ(e.trust, std::nullopt);
    EXPECT_EQ(e.secret, "");
  }
}

TEST(ForCustomer, EveryElementHasItsMode) {
  using enum words::Tls;
  const auto mode = [](words::Protocol protocol, words::Tls tls) {
    return mode_of({.protocol = protocol, .tls = tls});
  };
  EXPECT_EQ(mode(words::Protocol::smtp, none), Mode::smtp_plain);
  EXPECT_EQ(mode(words::Protocol::smtp, starttls), Mode::smtp_starttls);
  EXPECT_EQ(mode(words::Protocol::smtp, implicit), Mode::smtps);
  EXPECT_EQ(mode(words::Protocol::ldap, none), Mode::ldap_plain);
  EXPECT_EQ(mode(words::Protocol::ldap, starttls), Mode::ldap_starttls);
  EXPECT_EQ(mode(words::Protocol::ldap, implicit), Mode::ldaps);
}

customer::Entry ldap_entry() {
  return {.line = 9,
          .protocol = words::Protocol::ldap,
          .tls = words::Tls::implicit,
          .host = "ldap.customer.test",
          .port = 636,
          .username = "cn=reader,dc=customer,dc=test",
          .password = "their own password",
          .trust = "ldap.customer.test",
          .base = "ou=staff,dc=customer,dc=test",
          .filter = "(cn={a})"};
}

TEST(ForCustomer, NameBaseAndFilterOfADirectoryAreTheirs) {
  const auto all = all_of({.matrices = {for_customer(trust_matrix(), ldap_entry())}});
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all[0].id, "matrix/trust/mode=ldaps/trust=line-9/certificate=valid/credential=line-9");
  EXPECT_EQ(all[0].subject_to,
            ":9: ldap.customer.test:636, implicit TLS, trust=\"ldap.customer.test\"");
  for (const Exchange& e : all) {
    EXPECT_EQ(e.mode, Mode::ldaps);
    EXPECT_EQ(e.username, "cn=reader,dc=customer,dc=test");
    EXPECT_EQ(e.users.at(0).name, "cn=reader,dc=customer,dc=test");
    EXPECT_EQ(e.base, "ou=staff,dc=customer,dc=test");
    EXPECT_EQ(e.filter, "(cn={a})");
    EXPECT_TRUE(credential_facts(e).accepted);
    EXPECT_EQ(everything_of(e).find("their own"), std::string::npos);
  }
}

TEST(ForCustomer, WhoBindsAsActiveDirectoryDoesMeetsOne) {
  customer::Entry theirs = ldap_entry();
  for (const auto& [name, persona] :
       {std::pair{"svc@customer.test", fake::Persona::active_directory},
        {"CORP\\svc", fake::Persona::active_directory},
        {"cn=svc,dc=customer", fake::Persona::openldap}}) {
    theirs.username = name;
    const auto all = all_of({.matrices = {for_customer(trust_matrix(), theirs)}});
    EXPECT_EQ(all.at(0).persona, persona) << name;
    EXPECT_EQ(all.at(0).username, name);
    EXPECT_TRUE(credential_facts(all.at(0)).accepted) << name;
  }
}

TEST(ForCustomer, WithNeitherNameNorPasswordADirectoryIsAskedAnonymously) {
  customer::Entry anonymous = ldap_entry();
  anonymous.username.reset();
  anonymous.password.reset();
  const auto all = all_of({.matrices = {for_customer(trust_matrix(), anonymous)}});
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all[0].username, std::nullopt);
  EXPECT_EQ(all[0].password, std::nullopt);
}

TEST(ForCustomer, ACertificateOfOursStandsForTheirs) {
  using certs::ClientCertificate;
  for (customer::Entry external : {entry(), ldap_entry()}) {
    external.password.reset();
    external.mechanism = "EXTERNAL";
    external.certificate = "their-own.p12";
    for (const bool named : {true, false}) {
      if (!named) external.username.reset();
      const Exchange e = all_of({.matrices = {for_customer(trust_matrix(), external)}}).front();
      EXPECT_EQ(e.mechanism, "EXTERNAL");
      EXPECT_EQ(e.client_certificate, ClientCertificate::valid);
      const oracle::CredentialFacts facts = credential_facts(e);
      EXPECT_EQ(facts.mechanism, sasl::Mechanism::external);
      EXPECT_TRUE(facts.certificate_present && facts.accepted) << named;
    }
  }
  const Exchange without = all_of({.matrices = {for_customer(trust_matrix(), entry())}}).front();
  EXPECT_EQ(without.mechanism, std::nullopt);
  EXPECT_EQ(without.client_certificate, ClientCertificate::none);
}

// Not a DN, nor a name that only Active Directory takes: what a SASL mechanism names.
TEST(ForCustomer, AMechanismIsTheirs) {
  for (customer::Entry with : {entry(), ldap_entry()}) {
    with.mechanism = "SCRAM-SHA-256";
    with.username = "alice@example.com";
    const Exchange e = all_of({.matrices = {for_customer(trust_matrix(), with)}}).front();
    EXPECT_EQ(e.mechanism, "SCRAM-SHA-256");
    EXPECT_EQ(e.username, "alice@example.com");
    EXPECT_EQ(e.persona, fake::Persona::openldap);
    EXPECT_EQ(e.client_certificate, certs::ClientCertificate::none);
    EXPECT_TRUE(credential_facts(e).accepted);
  }
}

TEST(ForCustomer, AnEmptyOrAbsentPasswordStaysSo) {
  customer::Entry bare = entry();
  bare.password = "";
  EXPECT_EQ(all_of({.matrices = {for_customer(trust_matrix(), bare)}}).front().password, "");
  bare.password.reset();
  EXPECT_EQ(all_of({.matrices = {for_customer(trust_matrix(), bare)}}).front().password,
            std::nullopt);
}

}  // namespace
}  // namespace startle::cases
