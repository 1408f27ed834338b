#include "cases/engine/kills.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/small_catalogue_for_test.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

const Kills& kills_of(const KillTable& table, std::string_view defect) {
  return *std::find_if(table.defects.begin(), table.defects.end(),
                       [&](const Kills& one) { return one.defect->name == defect; });
}

TEST(KillTable, TellsWhatIsMeantForADefectFromAnAccident) {
  const SmallCatalogue small;
  const std::string stripped =
      "<server><at point='ehlo'><reply>250-x{crlf}250 AUTH PLAIN LOGIN</reply></at></server>"
      "<expect endings='starttls-not-supported' reason='r'/></case>";
  small.write("cases/smtp/strip/meant.xml",
              "<case summary='s' bug-class='STRIP-NOCAP'>" + stripped);
  small.write("cases/smtp/strip/another.xml", "<case summary='s' bug-class='TIME'>" + stripped);
  small.write("cases/smtp/strip/wrong.xml",
              "<case summary='s'><expect endings='not-connected' reason='r'/></case>");
  tls::use_run_clock();
  RunOptions options{.jobs = 2, .mint = {.key_cache = STARTLE_TEST_CACHE "/startle/keys"}};
  options.worker.clock = kTestClock;
  tls::set_run_clock(kTestClock);
  const Catalogue catalogue = Catalogue::load_from(small.path());
  const KillTable table = kill_table(catalogue, options);
  EXPECT_EQ(table.failed_by_correct, std::vector<std::string>{"smtp/strip/wrong"});
  ASSERT_EQ(table.defects.size(), subject::defects().size());
  const Kills& goes_on = kills_of(table, "goes-on-without-starttls");
  ASSERT_EQ(goes_on.by.size(), 2U) << "what the correct client fails proves nothing";
  EXPECT_EQ(goes_on.by[0].id, "smtp/strip/another");
  EXPECT_FALSE(goes_on.by[0].meant);
  EXPECT_EQ(goes_on.by[1].id, "smtp/strip/meant");
  EXPECT_TRUE(goes_on.by[1].meant);
  EXPECT_EQ(goes_on.by[1].severity, words::Severity::leak);
  EXPECT_EQ(kills_of(table, "accepts-any-name").by.size(), 0U);
}

}  // namespace
}  // namespace startle::cases
