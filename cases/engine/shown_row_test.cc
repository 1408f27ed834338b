// What a real server shows, as the first row of its customer's table.

#include "cases/engine/shown_row.h"

#include <gtest/gtest.h>

#include "cases/engine/customer_host.h"
#include "cases/engine/run_for_test.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using oracle::KeptStore;
using words::StoreModel;
using words::TrustModel;

constexpr const char* kHost = "mail.example.com";

std::shared_ptr<const certs::Chain> chain_of(const char* id, const char* host = kHost) {
  tls::set_run_clock(kTestClock);
  static certs::Mint mint(kTestClock);
  return mint.chain(tree_catalogue().recipe(id), host);
}

customer::Entry entry(words::Tls tls = words::Tls::implicit) {
  return {.file = "schedule.xml",
          .line = 2,
          .tls = tls,
          .host = kHost,
          .port = 465,
          .username = "u",
          .password = "p",
          .trust = kHost,
          .email = "m@example.com"};
}

struct Shown {
  std::vector<std::string> der;
  std::vector<std::string> machine;
  std::optional<std::vector<std::string>>
      held{};  // by the host's store; nullopt: none is looked for
};

Ran run_shown(const Shown& shown, TrustModel model, StoreModel store_model = StoreModel::documented,
              const customer::Entry& theirs = entry()) {
  auto machine = std::make_shared<NamedAnchors>();
  machine->file = "ca.crt";
  machine->der = shown.machine;
  auto host = std::make_shared<CustomerHost>();
  host->shown = ShownChain{.file = "shown.pem", .der = shown.der, .machine = machine};
  if (shown.held) {
    host->store = CustomerStore{.kind = words::HostStore::host_jks,
                                .state = KeptStore::State::opened,
                                .trusted_der = *shown.held};
  }
  return run_plan({.matrices = {for_customer(trust_matrix(), theirs, host)},
                   .globs = {"*/certificate=shown/*"},
                   .models = {model},
                   .store_models = {store_model}},
                  *subject::make_subject("builtin"));
}

std::string said(const Ran& ran) {
  const report::Verdict& verdict = ran.verdicts.at(0);
  EXPECT_EQ(ran.verdicts.size(), 1U);
  EXPECT_EQ(verdict.kind, report::VerdictKind::pass);
  EXPECT_EQ(verdict.observed, std::nullopt);
  std::string text;
  for (const words::Ending one : verdict.expected) {
    text += (text.empty() ? "" : " or ") + std::string(word(one));
  }
  return text + ": " + verdict.reason;
}

const std::string kMachine = "; trust anchors: this machine's 1 authority (ca.crt)";

struct ShownRowRow {
  const char* recipe;
  TrustModel model;
  std::string expected;
};

// Without a store: by the machine's authorities.
TEST(ShownRow, SaysWhatIsWrongWithWhatTheServerShows) {
  const std::string issued =
      "the certificate is issued to `mail.example.com`, the client looks for "
      "`mail.example.com`";
  const ShownRowRow rows[] = {
      {"valid", TrustModel::pkix, "delivered: " + issued},
      {"expired", TrustModel::pkix, "certificate-expired: the certificate has expired"},
      {"expired", TrustModel::documented, "certificate-expired: the certificate has expired"},
      {"expired", TrustModel::javamail,
       "delivered: trust lists the configured host `mail.example.com`: Java does not validate its "
       "chain"},
      {"mismatched", TrustModel::angus,
       "certificate-host-mismatch: the certificate is issued to `elsewhere.example.net`, the "
       "configured host is `mail.example.com`: Angus Mail checks the name whatever trust says"},
      {"cn-only", TrustModel::pkix,
       "certificate-host-mismatch: common name only: the certificate has no subjectAltName, and "
       "its common name `mail.example.com` identifies no server (RFC 9525, 2), the client looks "
       "for `mail.example.com`"},
      {"ip-san", TrustModel::pkix,
       "certificate-host-mismatch: the certificate is issued to IP address `127.0.0.1`, the client "
       "looks for `mail.example.com`"},
      {"weak-key", TrustModel::documented,
       "validation-failure: an RSA key of 1024 bits is too weak: 2048 is the least (RFC 9325, "
       "4.5)"},
      {"sha1-signature", TrustModel::pkix,
       "validation-failure: the certificate is signed with sha1, which is broken (RFC 9325, 4.5)"},
      {"client-auth-only", TrustModel::pkix,
       "certificate-wrong-purpose: the certificate's extended key usage does not allow TLS server "
       "authentication"},
      {"missing-intermediate", TrustModel::pkix,
       "certificate-not-trusted: the chain ends in a certification authority that the client does "
       "not hold"},
      {"self-signed", TrustModel::pkix,
       "certificate-not-trusted: the certificate is self-signed and is no trust anchor"},
      {"not-yet-valid", TrustModel::pkix,
       "certificate-not-yet-valid: the certificate is not yet valid"},
  };
  for (const ShownRowRow& row : rows) {
    const auto chain = chain_of(row.recipe);
    EXPECT_EQ(said(run_shown({chain->sent_der, chain_of("valid")->anchors_der}, row.model)),
              row.expected + kMachine)
        << row.recipe << ", " << word(row.model);
  }
}

struct AnchorsRow {
  const char* name;
  Shown shown;
  StoreModel store_model;
  std::string expected;
};

const std::string kIssued =
    "the certificate is issued to `mail.example.com`, the client looks for `mail.example.com`";
const std::string kUnheld =
    "certificate-not-trusted: the chain ends in a certification authority that the client does not "
    "hold";

TEST(ShownRow, GoesByTheStoreOrElseTheMachinesAuthorities) {
  const auto valid = chain_of("valid");
  const std::string self = chain_of("self-signed")->sent_der.front();
  const std::string expired = chain_of("self-signed-expired")->sent_der.front();
  const std::string stranger = chain_of("self-signed", "other.example.net")->sent_der.front();
  const std::string root = valid->anchors_der.front();
  const std::string alone = "; trust anchors: the host's key store alone";
  const std::string both =
      "; trust anchors: the host's key store and this machine's 1 authority (ca.crt)";
  const std::string a_stranger =
      "; the host's key store holds one trusted certificate, which is not the server's and has "
      "issued nothing of what it shows";
  const std::string itself = "; the host's key store holds the certificate that the server shows";
  const std::string an_issuer = "; the host's key store holds the issuer of what the server shows";
  const AnchorsRow rows[] = {
      {"a stranger's beside the machine's",
       {valid->sent_der, {root}, {{stranger}}},
       StoreModel::documented,
       "delivered: " + kIssued + a_stranger + both},
      {"a stranger's alone",
       {valid->sent_der, {root}, {{stranger}}},
       StoreModel::jsse,
       kUnheld + a_stranger + alone},
      {"its authority alone",
       {valid->sent_der, {stranger}, {{root}}},
       StoreModel::jsse,
       "delivered: " + kIssued + an_issuer + alone},
      {"its authority beside the machine's",
       {valid->sent_der, {stranger}, {{root}}},
       StoreModel::documented,
       "delivered: " + kIssued + an_issuer + both},
      {"itself",
       {{self}, {root}, {{self}}},
       StoreModel::jsse,
       "delivered: " + kIssued + itself + alone},
      {"itself, and expired, read by Java",
       {{expired}, {root}, {{expired}}},
       StoreModel::jsse,
       "delivered: " + kIssued + itself + alone},
      {"itself, and expired, read by the page",
       {{expired}, {root}, {{expired}}},
       StoreModel::documented,
       "certificate-expired: the certificate has expired" + itself + both},
      {"an empty store",
       {valid->sent_der, {root}, std::vector<std::string>{}},
       StoreModel::jsse,
       kUnheld + "; the host's key store holds no certificate that Java trusts" + alone},
  };
  for (const AnchorsRow& row : rows) {
    EXPECT_EQ(said(run_shown(row.shown, TrustModel::pkix, row.store_model)), row.expected)
        << row.name;
  }
}

// Java looks at the certificate of an anchor, too; RFC 5280, 6.1.1 (d), takes its name and its key.
TEST(ShownRow, UnderAnAnchorThatIsNoAuthorityOfJava) {
  const std::string holds =
      "; the host's key store holds the issuer of what the server shows; trust anchors: the host's "
      "key store ";
  const std::string beside = holds + "and this machine's 1 authority (ca.crt)";
  const std::string taken = "delivered: " + kIssued;
  const std::string refused =
      "validation-failure: the certificate's issuer is no certification authority (RFC 5280, "
      "4.2.1.9)";
  const std::string stranger = chain_of("self-signed", "other.example.net")->sent_der.front();
  for (const auto& [id, in_java] :
       {std::pair{"intermediate-not-ca", refused},
        std::pair{"intermediate-without-basic-constraints", refused},
        std::pair{"intermediate-version-1", taken}, std::pair{"valid", taken}}) {
    const auto sent = chain_of(id)->sent_der;
    const Shown shown{sent, {stranger}, {{sent.at(1)}}};
    EXPECT_EQ(said(run_shown(shown, TrustModel::pkix, StoreModel::jsse)), in_java + holds + "alone")
        << id;
    EXPECT_EQ(said(run_shown(shown, TrustModel::pkix)), taken + beside) << id;
  }
  // One that is an authority beside it is enough.
  const auto sent = chain_of("valid")->sent_der;
  const Shown both{sent, {stranger}, {{stranger, sent.at(1)}}};
  EXPECT_EQ(said(run_shown(both, TrustModel::pkix, StoreModel::jsse)), taken + holds + "alone");
}

// keytool writes it as DER, and Java finds it there: measured on 17.0.15. A client whose decoder is
// strict may refuse it all the same.
TEST(ShownRow, AStoreHoldsInDerWhatIsShownInBer) {
  const std::string shown = chain_of("not-minimal-length")->sent_der.front();
  std::string der = shown;
  ASSERT_EQ(der.substr(1, 2), std::string("\x83\0", 2));
  der.replace(1, 2, "\x82");
  EXPECT_EQ(said(run_shown({{shown}, {}, {{der}}}, TrustModel::pkix, StoreModel::jsse)),
            "delivered or validation-failure or handshake-failure: a length in the certificate is "
            "not the shortest: it is BER where DER is demanded (RFC 5280, 4.1), which many "
            "decoders read all the same; the host's key store holds the certificate that the "
            "server shows; trust anchors: the host's key store alone");
}

TEST(ShownRow, SaysWhereTheMachineHasNoAuthorities) {
  EXPECT_EQ(NamedAnchors{}.described(), "none, as no authorities of this machine were found");
  EXPECT_EQ((NamedAnchors{.file = "x", .der = {"1", "2"}}.described()),
            "this machine's 2 authorities (x)");
}

TEST(ShownRow, OfAServerWithoutTlsLooksAtNoCertificate) {
  customer::Entry plain = entry(words::Tls::none);
  plain.username.reset();
  plain.password.reset();
  const auto chain = chain_of("expired");
  EXPECT_EQ(said(run_shown({chain->sent_der, {}}, TrustModel::pkix, StoreModel::documented, plain)),
            "delivered-in-clear: no TLS is configured: everything goes in clear");
}

TEST(ShownRow, IsTheFirstAndHasItsFacts) {
  auto host = std::make_shared<CustomerHost>();
  const auto chain = chain_of("valid");
  host->shown = ShownChain{.file = "shown.pem", .der = chain->sent_der};
  const Matrix matrix = for_customer(trust_matrix(), entry(), host);
  EXPECT_EQ(matrix.size(), 27U);
  EXPECT_EQ(matrix.cell_id(0),
            "matrix/trust/mode=smtps/trust=line-2/certificate=shown/credential=line-2");
  EXPECT_EQ(matrix.cell(1).certificate, "valid");
  const auto facts = facts_for_a_person(chain->sent_der, "shown.pem");
  ASSERT_EQ(facts.size(), 9U);
  EXPECT_EQ(facts[0], std::pair(std::string("subject"), std::string("CN=mail.example.com")));
  EXPECT_EQ(facts[7].first, "chain");
  EXPECT_EQ(facts[7].second, "2 certificates, behind the first CN=Startle Intermediate CA 1");
  EXPECT_EQ(facts[8].second,
            "by the rules alone, from shown.pem: no client met it, as nobody here has the server's "
            "key");
  EXPECT_EQ(facts_for_a_person({chain->sent_der.front()}, "x")[7].second, "1 certificate");
}

}  // namespace
}  // namespace startle::cases
