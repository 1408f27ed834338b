#include "cases/engine/can_meet.h"

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"

namespace startle::cases {
namespace {

std::string why_builtin_does_not(const char* recipe, tls::Versions versions,
                                 std::vector<tls::Version> of_profile = {}) {
  Exchange exchange = make_exchange({}, "x", "h.test", {.trust = words::TrustModel::documented}, 1);
  exchange.script.tls = versions;
  if (!of_profile.empty()) {
    exchange.script.profile = tls::ServerProfile{.versions = std::move(of_profile)};
  }
  return why_not(*subject::make_subject("builtin"), tree_catalogue().recipe(recipe), exchange);
}

// Java takes it under `trust` in both versions (measured); GnuTLS imports every key in TLS 1.2.
TEST(CanMeet, NoBrainpoolKeyIsReadByGnutlsInTls12) {
  using tls::Version;
  using tls::Versions;
  const std::string why =
      "in TLS 1.2 GnuTLS takes no chain with a key on a Brainpool curve, whoever judges it";
  EXPECT_EQ(why_builtin_does_not("brainpool-intermediate", Versions::all), "");
  EXPECT_EQ(why_builtin_does_not("brainpool-intermediate", Versions::tls_1_2), why);
  EXPECT_EQ(why_builtin_does_not("brainpool-intermediate", Versions::tls_1_2_without_ems), why);
  EXPECT_EQ(why_builtin_does_not("brainpool-intermediate", Versions::all, {Version::tls_1_2}), why);
  EXPECT_EQ(why_builtin_does_not("brainpool-intermediate", Versions::all, {Version::tls_1_3}), "");
  EXPECT_EQ(why_builtin_does_not("brainpool-root", Versions::tls_1_2), "");  // it is not sent
  EXPECT_EQ(why_builtin_does_not("valid", Versions::tls_1_2), "");
}

}  // namespace
}  // namespace startle::cases
