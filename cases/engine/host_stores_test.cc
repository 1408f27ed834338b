// The stores of the axis `store`, as a client gets to see them.

#include "cases/engine/host_stores.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/peer_chain.h"

namespace startle::cases {
namespace {

using words::HostStore;
using words::StoreModel;

constexpr const char* kHost = "smtp.example.test";

enum class Opened { absent, unusable, holds_shown, holds_name, holds_another };

struct Row {
  HostStore store;
  Opened documented;
  Opened jsse;
  const char* why = "";  // what the reason holds, where it cannot be used
};
const Row kRows[] = {
    {HostStore::system, Opened::absent, Opened::absent},
    {HostStore::host_jks, Opened::holds_shown, Opened::holds_shown},
    {HostStore::host_pkcs12, Opened::holds_shown, Opened::holds_shown},
    {HostStore::host_no_password, Opened::holds_shown, Opened::holds_another},
    {HostStore::host_wrong_password, Opened::unusable, Opened::unusable, "password"},
    {HostStore::host_misnamed, Opened::absent, Opened::absent},
    {HostStore::host_missing, Opened::absent, Opened::absent},
    {HostStore::host_corrupt, Opened::unusable, Opened::unusable, "smtp.example.test.ks"},
    {HostStore::host_other_certificate, Opened::holds_another, Opened::holds_another},
    {HostStore::host_renewed_certificate, Opened::holds_name, Opened::holds_name},
    {HostStore::cacerts, Opened::holds_shown, Opened::holds_shown},
};

class HostStoresTest : public testing::TestWithParam<Row> {
 protected:
  std::shared_ptr<const client::HostTrustStore> open(StoreModel model,
                                                     const std::string& certificate) {
    const certs::Recipe& recipe = tree_catalogue().recipe(certificate);
    chain_ = mint_.chain(recipe, kHost);
    Exchange exchange;
    exchange.store_model = model;
    exchange.store = GetParam().store;
    exchange.host = kHost;
    return stores_.open(exchange, recipe, *chain_);
  }

  Opened opened(StoreModel model, const std::string& certificate) {
    const auto store = open(model, certificate);
    if (!store) return Opened::absent;
    if (!store->why_unusable().empty()) {
      EXPECT_NE(store->why_unusable().find(GetParam().why), std::string::npos)
          << store->why_unusable();
      return Opened::unusable;
    }
    EXPECT_EQ(store->accepts_held(), model == StoreModel::jsse);
    // The system's anchor counts by the page's reading alone, and in Java's own store.
    const auto& anchors = store->anchors().anchors_der();
    const bool holds_root =
        std::find(anchors.begin(), anchors.end(), chain_->anchors_der.front()) != anchors.end();
    EXPECT_EQ(holds_root,
              model == StoreModel::documented || GetParam().store == HostStore::cacerts);
    const std::string& der = chain_->sent_der.front();
    const gnutls_datum_t shown{
        .data = reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),  // only read
        .size = static_cast<unsigned>(der.size())};
    const tls::PeerChain chain(std::span(&shown, 1));
    if (store->holds(chain)) return Opened::holds_shown;
    return store->names(chain) ? Opened::holds_name : Opened::holds_another;
  }

  certs::Mint mint_{kTestClock};
  HostStores stores_{mint_};
  std::shared_ptr<const certs::Chain> chain_{};
};

TEST_P(HostStoresTest, AreWhatTheirNameSays) {
  tls::set_run_clock(mint_.clock());
  for (const char* certificate : {"valid", "self-signed", "weak-key"}) {
    EXPECT_EQ(opened(StoreModel::documented, certificate), GetParam().documented) << certificate;
    EXPECT_EQ(opened(StoreModel::jsse, certificate), GetParam().jsse) << certificate;
  }
}

TEST_P(HostStoresTest, AreOpenedOnce) {
  tls::set_run_clock(mint_.clock());
  EXPECT_EQ(open(StoreModel::jsse, "valid"), open(StoreModel::jsse, "valid"));
}

INSTANTIATE_TEST_SUITE_P(Value, HostStoresTest, testing::ValuesIn(kRows), [](const auto& row) {
  std::string name(word(row.param.store));
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace startle::cases
