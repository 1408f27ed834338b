// A customer's own key store in a run of their configuration: client and oracle are told of the
// store as it is, agree on every certificate, and each row says what the store is to it.

#include "cases/engine/customer_host.h"

#include <gtest/gtest.h>

#include "cases/engine/run_for_test.h"
#include "certs/shown_chain.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using oracle::KeptStore;
using words::StoreModel;
using words::TrustModel;

constexpr const char* kHost = "mail.example.com";

customer::Entry entry() {
  return {.file = "schedule.xml",
          .line = 2,
          .tls = words::Tls::implicit,
          .host = kHost,
          .port = 465,
          .username = "u",
          .password = "p",
          .trust = kHost,
          .email = "m@example.com"};
}

// Another run's certificates: of the same names as ours, with other keys.
std::shared_ptr<const certs::Chain> stranger(const char* id, const char* host) {
  tls::set_run_clock(kTestClock);
  static certs::Mint mint(kTestClock);
  return mint.chain(tree_catalogue().recipe(id), host);
}

CustomerStore holding(std::vector<std::string> der) {
  return {.kind = words::HostStore::host_jks,
          .state = KeptStore::State::opened,
          .trusted_der = std::move(der)};
}

Ran run_with(const CustomerStore& store, std::vector<TrustModel> models,
             const std::vector<std::string>& globs = {}) {
  auto host = std::make_shared<CustomerHost>();
  host->store = store;
  return run_plan({.matrices = {for_customer(trust_matrix(), entry(), host)},
                   .globs = globs,
                   .models = std::move(models),
                   .store_models = {StoreModel::documented, StoreModel::jsse}},
                  *subject::make_subject("builtin"));
}

// The Java runtime's own store, where the host has none.
CustomerStore java_holding(std::vector<std::string> der) {
  CustomerStore store = holding(std::move(der));
  store.kind = words::HostStore::cacerts;
  store.is_system = true;
  return store;
}
// One for the host, and the Java runtime's.
CustomerStore beside_java(std::vector<std::string> der, std::vector<std::string> java) {
  CustomerStore store = holding(std::move(der));
  store.system =
      std::make_shared<const NamedAnchors>(NamedAnchors{.file = "cacerts", .der = std::move(java)});
  return store;
}

const std::string kStranger =
    "the host's key store holds one trusted certificate, which is not the server's and has issued "
    "nothing of what it shows";

struct StoreRow {
  const char* name;
  CustomerStore store;
  const char* documented;  // what `valid` comes to under `pkix`
  const char* jsse;
  std::string sentence;
};

std::vector<StoreRow> store_rows() {
  const auto self = stranger("self-signed", "other.example.net")->sent_der;
  const auto other = stranger("valid", "other.example.net");
  std::vector<std::string> both = self;
  both.push_back(other->sent_der.front());
  const auto closed = [](KeptStore::State state, const char* why) {
    return CustomerStore{.kind = words::HostStore::host_corrupt, .state = state, .sentence = why};
  };
  return {
      {"a stranger's certificate", holding(self), "delivered", "certificate-not-trusted",
       kStranger},
      {"two strangers' certificates", holding(both), "delivered", "certificate-not-trusted",
       "the host's key store holds 2 trusted certificates, of which none is the server's or has "
       "issued what it shows"},
      {"the host's own, self-signed, of another key",
       holding(stranger("self-signed", kHost)->sent_der), "delivered", "certificate-not-trusted",
       kStranger},
      {"an authority that has the name of ours", holding(other->anchors_der), "delivered",
       "certificate-not-trusted or validation-failure", kStranger},
      {"nothing", holding({}), "delivered", "certificate-not-trusted",
       "the host's key store holds no certificate that Java trusts"},
      {"what is no certificate", holding({"none"}), "delivered", "certificate-not-trusted",
       kStranger},
      {"a stranger's, in the Java runtime's own", java_holding(self), "certificate-not-trusted",
       "certificate-not-trusted",
       "the Java runtime's own store holds one trusted certificate, which is not the server's and "
       "has issued nothing of what it shows"},
      {"a stranger's beside strangers' of the Java runtime", beside_java(self, both),
       "certificate-not-trusted", "certificate-not-trusted", kStranger},
      {"a stranger's beside an authority of the Java runtime that has the name of ours",
       beside_java(self, other->anchors_der), "certificate-not-trusted or validation-failure",
       "certificate-not-trusted", kStranger},
      {"nothing, in the Java runtime's own", java_holding({}), "certificate-not-trusted",
       "certificate-not-trusted",
       "the Java runtime's own store holds no certificate that Java trusts"},
      {"not there", closed(KeptStore::State::absent, "the host has no key store"), "delivered",
       "delivered", "the host has no key store"},
      {"not opened", closed(KeptStore::State::unusable, "the host's key store is damaged"),
       "configuration-error", "configuration-error", "the host's key store is damaged"},
  };
}

std::string list_of(const std::vector<words::Ending>& endings) {
  std::string text;
  for (const words::Ending one : endings)
    text += (text.empty() ? "" : " or ") + std::string(word(one));
  return text;
}

TEST(CustomersStore, IsWhatItIs) {
  for (const StoreRow& row : store_rows()) {
    const Ran ran = run_with(row.store, {TrustModel::pkix}, {"*/certificate=valid/*"});
    expect_all_pass(ran);
    ASSERT_EQ(ran.verdicts.size(), 2U) << row.name;
    EXPECT_EQ(list_of(ran.verdicts[0].expected), row.documented) << row.name;
    EXPECT_EQ(list_of(ran.verdicts[1].expected), row.jsse) << row.name;
    for (const report::Verdict& verdict : ran.verdicts) {
      EXPECT_TRUE(verdict.reason.ends_with(row.sentence)) << row.name << ": " << verdict.reason;
    }
  }
}

TEST(CustomersStore, ClientAndOracleAgreeOnEveryCertificate) {
  for (const StoreRow& row : store_rows()) {
    SCOPED_TRACE(row.name);
    expect_all_pass(
        run_with(row.store, {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()}));
  }
}

// Which a run's own certificates never are: asked of the meeting itself.
TEST(CustomersStore, ThatHoldsWhatTheServerShowsSaysSo) {
  const auto valid = stranger("valid", kHost);
  const auto met = [&](const std::vector<std::string>& held, StoreModel model) {
    const CustomerStore store = holding(held);
    return OpenedStores().meet(store, model, *valid).kept;
  };
  for (const StoreModel model : {StoreModel::documented, StoreModel::jsse}) {
    const KeptStore itself = met({valid->sent_der.front()}, model);
    EXPECT_TRUE(itself.holds_shown);
    EXPECT_EQ(itself.sentence, "the host's key store holds the certificate that the server shows");
    const KeptStore root = met(valid->anchors_der, model);
    EXPECT_FALSE(root.holds_shown);
    EXPECT_TRUE(root.is_in_path);
    EXPECT_EQ(root.sentence, "the host's key store holds the issuer of what the server shows");
  }
}

}  // namespace
}  // namespace startle::cases
