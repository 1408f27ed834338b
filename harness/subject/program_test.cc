// Programs that behave as badly as a client can: each is ended, told apart, and leaves nothing.

#include "harness/subject/program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "harness/base/error.h"
#include "harness/subject/task_folder.h"
#include "harness/subject/trial_for_test.h"

namespace startle::subject {
namespace {

using namespace std::chrono_literals;
using words::Ending;

class HostileClient : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }
  void TearDown() override { EXPECT_EQ(trial_.left_behind(), ""); }

  void expect_hung(const ExchangeResult& result, const std::string& sentence = "") const {
    EXPECT_TRUE(result.hung);
    EXPECT_EQ(result.outcome.ending, Ending::timeout);
    EXPECT_EQ(result.outcome.sentence, sentence);
    EXPECT_EQ(result.cannot, "");
    EXPECT_LT(trial_.took(), Trial::kLong) << "it was not ended at its deadline";
  }
  void expect_ended(const ExchangeResult& result, Ending ending,
                    const std::string& sentence = "") const {
    EXPECT_FALSE(result.hung);
    EXPECT_EQ(result.outcome.ending, ending) << word(result.outcome.ending);
    EXPECT_EQ(result.outcome.sentence, sentence);
    EXPECT_EQ(result.cannot, "");
    EXPECT_LT(trial_.took(), Trial::kLong) << "its deadline was waited for";
  }

  Trial trial_{};
};

TEST_F(HostileClient, ThatHangsIsEndedAtItsDeadline) {
  expect_hung(trial_.run(trial_.shell("echo 'still at it'; exec sleep 1000"), 500ms),
              "still at it");
  EXPECT_GE(trial_.took(), 500ms);
}

TEST_F(HostileClient, ThatIgnoresSignalsIsEndedToo) {
  expect_hung(
      trial_.run(trial_.shell("trap '' TERM INT HUP QUIT; while :; do sleep 1; done"), 500ms));
}

TEST_F(HostileClient, ThatStopsItselfIsEndedToo) {
  expect_hung(trial_.run(trial_.shell("kill -STOP $$"), 500ms));
}

TEST_F(HostileClient, ThatLeavesAChildInASessionOfItsOwnHasItEnded) {
  expect_ended(trial_.run(trial_.shell("setsid sleep 1000 & exit 1")), Ending::refused);
  expect_ended(trial_.run(trial_.shell("setsid sleep 1000 >/dev/null 2>&1 & exit 0")),
               Ending::delivered);
}

TEST_F(HostileClient, ThatForksTwiceHasItsGrandchildEnded) {
  expect_ended(trial_.run(trial_.shell("( ( setsid sleep 1000 & ) & ) ; exit 1")), Ending::refused);
}

TEST_F(HostileClient, ThatHangsWithAFamilyIsEndedWithAllOfIt) {
  expect_hung(trial_.run(
      trial_.shell("for i in 1 2 3 4 5; do ( setsid sh -c 'sleep 1000; :' & ) ; done; sleep 1000"),
      500ms));
}

TEST_F(HostileClient, ThatFloodsIsEndedForIt) {
  const ExchangeResult out = trial_.run(trial_.shell("yes | head -c 1000000000"));
  expect_ended(out, Ending::crashed, "it printed more than 8 MiB, and was ended");
  EXPECT_LE(out.printed.size(), kMostOutput + 1);
  const ExchangeResult errors = trial_.run(trial_.shell("yes | head -c 1000000000 >&2"));
  expect_ended(errors, Ending::crashed, "it printed more than 8 MiB, and was ended");
}

TEST_F(HostileClient, ThatIsEndedByASignalHasCrashed) {
  expect_ended(trial_.run(trial_.shell("kill -SEGV $$")), Ending::crashed,
               "it was ended by the signal Segmentation fault");
  expect_ended(trial_.run(trial_.shell("kill -KILL $$")), Ending::crashed,
               "it was ended by the signal Killed");
}

TEST_F(HostileClient, ThatMakesItsFoldersUnreadableLeavesNone) {
  expect_ended(trial_.run(trial_.shell("mkdir -p \"$HOME/a/b/c\" && echo x >\"$HOME/a/b/c/d\" &&\n"
                                       "chmod 000 \"$HOME/a/b/c/d\" \"$HOME/a/b/c\" \"$HOME/a/b\" "
                                       "\"$HOME/a\" && chmod 000 \"$HOME\"; exit 1")),
               Ending::refused);
}

TEST_F(HostileClient, ThatLinksElsewhereHasNothingRemovedThere) {
  const std::string kept = trial_.file("kept", "of somebody else");
  expect_ended(trial_.run(trial_.shell("ln -s \"$(dirname \"$0\")\" \"$HOME/link\"; exit 1")),
               Ending::refused);
  EXPECT_EQ(read_file(kept, 100), "of somebody else");
}

TEST_F(HostileClient, ThatExitsAtOnceHasRefused) {
  expect_ended(trial_.run(trial_.shell("exit 1")), Ending::refused);
  expect_ended(trial_.run(trial_.shell("exit 255")), Ending::refused);
}

TEST_F(HostileClient, ThatWaitsForInputGetsNone) {
  expect_ended(trial_.run(trial_.shell("cat; if read line; then exit 0; fi; exit 1")),
               Ending::refused);
}

TEST_F(HostileClient, ThatReadsNoInputIsNoObstacle) {
  expect_ended(trial_.run(trial_.shell("exec <&-; exit 0")), Ending::delivered);
}

TEST_F(HostileClient, ThatPrintsThePasswordIsKeptByItsWords) {
  const ExchangeResult result =
      trial_.run(trial_.shell("cat \"$STARTLE_PASSWORD_FILE\" >&2; echo; exit 1"));
  EXPECT_NE(result.printed.find(trial_.secret()), std::string::npos);
}

TEST_F(HostileClient, ThatSaysItCannotIsBelieved) {
  const ExchangeResult why = trial_.run(trial_.shell("echo 'no STARTTLS here'; exit 89"));
  EXPECT_EQ(why.cannot, "no STARTTLS here");
  EXPECT_EQ(trial_.run(trial_.shell("exit 89")).cannot,
            "it says so by exit code 89, and does not say why");
}

// The sentence of what cannot be started; "none": it could.
std::string complaint_about(Trial& trial, const std::string& program) {
  try {
    trial.run(program);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::system);
    return e.what();
  }
  return "none";
}

TEST_F(HostileClient, ThatIsNoProgramIsAnErrorOfTheHarness) {
  const std::string unmarked = trial_.file("unmarked", "exit 0\n");
  EXPECT_EQ(complaint_about(trial_, unmarked), unmarked + ": cannot be started: Exec format error");
  const std::string absent = trial_.file("x", "") + "/absent";
  EXPECT_EQ(complaint_about(trial_, absent), absent + ": cannot be started: Not a directory");
  EXPECT_EQ(complaint_about(trial_, "/absent/client"),
            "/absent/client: cannot be started: No such file or directory");
  const std::string uninterpreted = trial_.file("uninterpreted", "#!/absent/shell\n");
  EXPECT_EQ(complaint_about(trial_, uninterpreted),
            uninterpreted + ": cannot be started: No such file or directory");
}

// ---- what only an order says -------------------------------------------------------------------

LaunchOrder order_for(const std::string& program) {
  LaunchOrder order{.arguments = {program}, .deadline = Trial::kLong};
  if (const auto nobody = unprivileged()) {
    order.user = nobody->user;
    order.group = nobody->group;
  }
  return order;
}

TEST_F(HostileClient, ThatFillsTheDiskIsEndedForIt) {
  const Launcher launcher;
  for (const char* fills : {"while :; do head -c 100000 /dev/zero >>\"$HOME/one\"; done",
                            "i=0; while :; do i=$((i+1)); head -c 100000 /dev/zero >$i; done"}) {
    LaunchOrder order = order_for(trial_.shell(fills));
    order.most_on_disk = 2 << 20;
    const ProgramEnd end = trial_.launch(launcher, order);
    EXPECT_EQ(end.report.event, KeeperEvent::ended);
    EXPECT_EQ(end.report.cause, EndCause::disk);
    EXPECT_FALSE(end.flooded);
    EXPECT_LT(trial_.took(), Trial::kLong);
    EXPECT_EQ(trial_.left_behind(), "");
  }
}

TEST_F(HostileClient, IsRunAsNobodyOfThisProcessesDescriptors) {
  const Launcher launcher;
  const ProgramEnd end =
      trial_.launch(launcher, order_for(trial_.shell("ls /proc/self/fd; id -u")));
  // Those of ls: its three, and the folder.
  const std::string user =
      geteuid() == 0 ? std::to_string(unprivileged()->user) : std::to_string(geteuid());
  EXPECT_EQ(end.output, "0\n1\n2\n3\n" + user + "\n");
}

TEST_F(HostileClient, ThatEndsItsKeeperIsEndedWithTheLauncher) {
  LaunchOrder as_we_are{.deadline = Trial::kLong};
  as_we_are.arguments = {trial_.shell("rm -r \"$HOME\"; kill -KILL $PPID; exec sleep 1000")};
  {
    const Launcher launcher;
    const ProgramEnd end = trial_.launch(launcher, as_we_are);
    EXPECT_EQ(end.report.cause, EndCause::closed);
    EXPECT_LT(trial_.took(), Trial::kLong);
  }
  EXPECT_EQ(trial_.left_behind(), "");
}

TEST_F(HostileClient, ThatIsGivenUpEndsWithWhoeverRanIt) {
  const Launcher launcher;
  const LaunchOrder order = order_for(trial_.shell("exec sleep 1000"));
  TaskFolder folder(unprivileged());
  LaunchOrder marked = order;
  marked.folder = folder.path().string();
  marked.environment = {"PATH=/usr/bin:/bin", "MARK=" + trial_.mark()};
  {
    net::RealWorld world;
    const RunningProgram running(world, launcher.launch(marked));
    folder.hand_over();
  }
  EXPECT_EQ(trial_.left_behind(), "");
}

TEST_F(HostileClient, LeavesNoDescriptorOpenInTwoHundredLaunches) {
  const Launcher launcher;
  const LaunchOrder order = order_for(trial_.shell("exit 3"));
  trial_.launch(launcher, order);
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 200; ++i) {
    const ProgramEnd end = trial_.launch(launcher, order);
    ASSERT_EQ(end.report.cause, EndCause::itself) << i;
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace startle::subject
