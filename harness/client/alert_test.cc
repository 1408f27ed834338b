// The alert that tells the server why (RFC 8446, 6.2), for every ending that a certificate can
// have.

#include <gtest/gtest.h>

#include "harness/client/certificate_check.h"

namespace startle::client {
namespace {

using words::Ending;

struct AlertRow {
  Ending ending;
  const char* alert;
};

TEST(AlertFor, FitsTheEnding) {
  const AlertRow rows[] = {
      {Ending::certificate_host_mismatch, "certificate_unknown"},
      {Ending::certificate_expired, "certificate_expired"},
      {Ending::certificate_not_yet_valid, "certificate_expired"},
      {Ending::certificate_not_trusted, "unknown_ca"},
      {Ending::certificate_revoked, "certificate_revoked"},
      {Ending::certificate_wrong_purpose, "unsupported_certificate"},
      {Ending::validation_failure, "bad_certificate"},
  };
  std::size_t named = 0;
  for (const AlertRow& row : rows) {
    EXPECT_EQ(tls::alert_name(alert_for(row.ending)), row.alert) << word(row.ending);
    named += words::is_certificate_ending(row.ending) ? 1U : 0U;
  }
  std::size_t all = 0;
  for (std::size_t i = 0; i < count_of<Ending>(); ++i) {
    all += words::is_certificate_ending(static_cast<Ending>(i)) ? 1U : 0U;
  }
  EXPECT_EQ(named, all) << "an ending without a row";
}

}  // namespace
}  // namespace startle::client
