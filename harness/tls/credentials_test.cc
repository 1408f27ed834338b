// What a server shows, the anchors of a client, and the names of alerts.

#include "harness/tls/credentials.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "harness/tls/alert.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

namespace startle::tls {
namespace {

TEST(ServerCredentials, KeepTheOrderGiven) {
  // Neither certificate has to do with another: GnuTLS's list functions would sort or refuse them.
  const std::vector<std::string> ders{self_signed({.common_name = "first"}),
                                      self_signed({.common_name = "zebra"}),
                                      self_signed({.common_name = "ant"})};
  const ServerCredentials credentials(ders, key_for_test());
  std::vector<std::string> shown;
  for (unsigned i = 0;; ++i) {
    gnutls_datum_t der{};
    if (gnutls_certificate_get_crt_raw(credentials.get(), 0, i, &der) < 0) break;
    shown.emplace_back(reinterpret_cast<const char*>(der.data), der.size);
  }
  EXPECT_EQ(shown, ders);
}

TEST(ServerCredentials, KeepWhatNobodyCanRead) {
  const std::string cut = self_signed().substr(0, 100);
  const ServerCredentials credentials({cut, "no DER"}, key_for_test());
  for (const auto& [index, bytes] : {std::pair{0U, cut}, {1U, std::string("no DER")}}) {
    gnutls_datum_t der{};
    check(gnutls_certificate_get_crt_raw(credentials.get(), 0, index, &der), "get_crt_raw");
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(der.data), der.size), bytes);
  }
}

TEST(TrustStore, KeepsItsAnchorsAndRefusesWhatIsNone) {
  const std::vector<std::string> ders{self_signed({.common_name = "one"}),
                                      self_signed({.common_name = "two"})};
  EXPECT_EQ(TrustStore(ders).anchors_der(), ders);
  try {
    const TrustStore store({"no DER"});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::tls_library);
    EXPECT_TRUE(std::string_view(e.what()).starts_with("gnutls_x509_crt_import: GNUTLS_E_"))
        << e.what();
  }
}

TEST(Check, PassesSuccessAndNamesTheCallOtherwise) {
  EXPECT_EQ(check(7, "gnutls_call"), 7);
  try {
    check(GNUTLS_E_MEMORY_ERROR, "gnutls_call");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(),
                 "gnutls_call: GNUTLS_E_MEMORY_ERROR (Internal error in memory allocation.)");
  }
}

struct AlertRow {
  unsigned number;
  const char* name;
};

TEST(AlertName, IsTheRegistrysOrTheNumber) {
  for (const AlertRow& row : {AlertRow{0, "close_notify"},
                              {10, "unexpected_message"},
                              {40, "handshake_failure"},
                              {42, "bad_certificate"},
                              {45, "certificate_expired"},
                              {46, "certificate_unknown"},
                              {48, "unknown_ca"},
                              {70, "protocol_version"},
                              {86, "inappropriate_fallback"},
                              {112, "unrecognized_name"},
                              {116, "certificate_required"},
                              {120, "no_application_protocol"},
                              {1, "alert_1"},
                              {123, "alert_123"},
                              {255, "alert_255"}}) {
    EXPECT_EQ(alert_name(row.number), row.name);
  }
  EXPECT_EQ(alert_name(Alert::certificate_expired), "certificate_expired");
}

TEST(RunClock, IsTheThreadsOwn) {
  const std::chrono::sys_days day = std::chrono::year{2030} / 6 / 15;
  set_run_clock(day);
  std::chrono::sys_seconds elsewhere{};
  std::thread([&] { elsewhere = run_clock(); }).join();
  EXPECT_EQ(run_clock(), day);
  EXPECT_NE(elsewhere, day) << "the time of day, until it is set";
}

TEST(RunClock, IsWhatGnutlsGoesBy) {
  use_run_clock();
  const std::string der = self_signed();
  const TrustStore store({der});
  const Certificate certificate = certificate_from_der(der);
  gnutls_x509_crt_t raw = certificate.get();
  for (const auto& [year, flag] : {std::pair{2029, unsigned{GNUTLS_CERT_NOT_ACTIVATED}},
                                   {2030, 0U},
                                   {2032, unsigned{GNUTLS_CERT_EXPIRED}}}) {
    set_run_clock(std::chrono::sys_days{std::chrono::year{year} / 6 / 15});
    unsigned status = 0;
    check(gnutls_x509_trust_list_verify_crt2(store.get(), &raw, 1, nullptr, 0, 0, &status, nullptr),
          "gnutls_x509_trust_list_verify_crt2");
    EXPECT_EQ(status & (GNUTLS_CERT_NOT_ACTIVATED | GNUTLS_CERT_EXPIRED), flag) << year;
  }
}

}  // namespace
}  // namespace startle::tls
