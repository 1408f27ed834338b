// Workers: what they answer, and how they fail.

#include "harness/subject/worker_process.h"

#include <gtest/gtest.h>

#include <csignal>

#include "harness/base/error.h"
#include "harness/base/program_for_test.h"
#include "harness/subject/task_folder.h"
#include "harness/subject/trial_for_test.h"

namespace startle::subject {
namespace {

using namespace std::chrono_literals;
using words::Ending;

// Counts its tasks from 1; `%` is what it does with each, knowing `task`, `told` and `answer`.
constexpr std::string_view kWorker = R"py(#!/usr/bin/env python3
import json, os, sys, time
print(json.dumps({"startle": 1}), flush=True)
def answer(result, **more):
    print(json.dumps({"task": told["task"], "result": result, **more}), flush=True)
for task, line in enumerate(sys.stdin, 1):
    told = json.loads(line)
    %
)py";

class WorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    if (!is_installed("python3")) GTEST_SKIP() << "python3 is not installed";
  }
  void TearDown() override { EXPECT_EQ(trial_.left_behind(), ""); }

  std::string worker(const std::string& does) const {
    std::string text(kWorker);
    text.replace(text.find('%'), 1, does);
    return trial_.file("worker.py", text);
  }
  Trial trial_{};
};

TEST_F(WorkerTest, AnswersEachTask) {
  const auto results =
      trial_.tell(worker(R"(answer(["done", "refused", "cannot", "done", "refused"][task - 1],
           **[{}, {"reason": "no"}, {"reason": "no SASL"}, {"ending": "bound"},
              {"ending": "certificate-expired"}][task - 1]))"),
                  5);
  EXPECT_EQ(results[0].outcome.ending, Ending::delivered);
  EXPECT_EQ(results[1].outcome.ending, Ending::refused);
  EXPECT_EQ(results[1].outcome.sentence, "no");
  EXPECT_EQ(results[2].cannot, "no SASL");
  EXPECT_EQ(results[3].outcome.ending, Ending::bound);
  EXPECT_EQ(results[4].outcome.ending, Ending::certificate_expired);
  for (const ExchangeResult& one : results) EXPECT_FALSE(one.hung);
}

TEST_F(WorkerTest, DoesManyTasksInOneProcess) {
  const auto results =
      trial_.tell(worker("answer('refused', reason=f'{os.getpid()} {task} {told[\"task\"]}')"), 3);
  const std::string process =
      results[0].outcome.sentence.substr(0, results[0].outcome.sentence.find(' '));
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i + 1);
    EXPECT_EQ(results[i].outcome.sentence, process + " " + number + " " + number);
  }
}

TEST_F(WorkerTest, IsToldByTheContract) {
  const auto results = trial_.tell(
      worker("answer('refused', reason=f\"{' '.join(sorted(told))}: {told['port']} \" + "
             "open(told['ca']).read() + (' it is' if open(told['password_file']).read() == "
             "'secret-of-' + told['username'] else ' it is not'))"),
      1);
  EXPECT_EQ(results[0].outcome.sentence,
            "address ca deadline host message_file mode password_file port protocol recipient "
            "sender task trust username: 1 trust anchors it is");
}

TEST_F(WorkerTest, AnEndingThatContradictsTheResultIsNotBelieved) {
  const auto results =
      trial_.tell(worker("answer('done' if task == 1 else 'refused', "
                         "ending='certificate-expired' if task == 1 else 'delivered')"),
                  2);
  EXPECT_EQ(results[0].outcome.ending, Ending::delivered);
  EXPECT_EQ(results[1].outcome.ending, Ending::refused);
}

TEST_F(WorkerTest, ThatDiesFailsTheTaskOfItsDeathAlone) {
  const auto results = trial_.tell(worker(R"(
    if task == 2: os._exit(3)
    answer("refused", reason=str(task)))"),
                                   3);
  EXPECT_EQ(results[0].outcome.sentence, "1");
  EXPECT_EQ(results[1].outcome.ending, Ending::crashed);
  EXPECT_EQ(results[1].outcome.sentence, "the worker ended, or said too much, and gave no answer");
  EXPECT_FALSE(results[1].hung);
  EXPECT_EQ(results[2].outcome.sentence, "1") << "a new one";
}

TEST_F(WorkerTest, ThatHangsIsEndedAtTheDeadline) {
  const auto results = trial_.tell(worker("time.sleep(1000 if told['task'] == 1 else 0)\n"
                                          "    answer('done')"),
                                   1, 1500ms);
  EXPECT_TRUE(results[0].hung);
  EXPECT_EQ(trial_.waited(), 1U) << "its processor is somebody else's meanwhile";
  EXPECT_EQ(results[0].outcome.ending, Ending::timeout);
  EXPECT_LT(trial_.took(), Trial::kLong);
}

TEST_F(WorkerTest, ThatFloodsHasCrashed) {
  const auto results = trial_.tell(worker("while True: sys.stdout.write('x' * 65536)"), 1);
  EXPECT_EQ(results[0].outcome.ending, Ending::crashed);
  EXPECT_FALSE(results[0].hung);
}

TEST_F(WorkerTest, MayFloodItsStderr) {
  const auto results = trial_.tell(
      worker("[sys.stderr.write('x' * 65536) for i in range(400)]\n    answer('done')"), 2);
  for (const ExchangeResult& one : results) {
    EXPECT_EQ(one.outcome.ending, Ending::delivered);
    EXPECT_LE(one.printed.size(), kMostOutput + 100);
  }
}

TEST_F(WorkerTest, WhatItPrintsIsKept) {
  const auto results =
      trial_.tell(worker("print(open(told['password_file']).read(), file=sys.stderr, flush=True)\n"
                         "    answer('refused')"),
                  1);
  EXPECT_NE(results[0].printed.find(trial_.secret()), std::string::npos);
}

// ---- what is no answer -------------------------------------------------------------------------

struct NonsenseRow {
  const char* name;
  const char* script;     // of Python, whole
  const char* complaint;  // behind "FILE:"
};

const NonsenseRow kNonsense[] = {
    {"NoGreeting", "print('hello'); input()",
     "1: `hello` is no JSON object: a worker writes one on each line of stdout, and nothing else"},
    {"AnotherGreeting", "print('{\"startle\": 2}'); input()",
     "1: a worker begins with {\"startle\": 1}, not with `{\"startle\": 2}`"},
    {"Garbage", "print('{\"startle\": 1}'); input(); print('connecting ..')",
     "2: `connecting ..` is no JSON object: a worker writes one on each line of stdout, and "
     "nothing "
     "else"},
    {"AnotherTask", "print('{\"startle\": 1}'); input(); print('{\"task\": 7}')",
     "2: this answers no task, or another one: \"task\" has to be 1"},
    {"UnknownResult",
     "print('{\"startle\": 1}'); input(); print('{\"task\": 1, \"result\": \"ok\"}')",
     "2: \"result\" is `ok`: a worker answers done, refused or cannot"},
    {"ResultOfAnotherType",
     "print('{\"startle\": 1}'); input(); print('{\"task\": 1, \"result\": 0}')",
     "2: \"result\" is no text"},
};

void PrintTo(const NonsenseRow& row, std::ostream* out) {
  *out << row.name;
}

class NonsenseTest : public WorkerTest, public testing::WithParamInterface<NonsenseRow> {};

std::string complaint_about(Trial& trial, const std::string& worker, Fault fault) {
  try {
    trial.tell(worker, 1);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault);
    return e.what();
  }
  return "none";
}

TEST_P(NonsenseTest, IsToldWithFileAndLine) {
  const std::string worker = trial_.file(
      "worker.py", "#!/usr/bin/env -S python3 -u\n" + std::string(GetParam().script) + "\n");
  EXPECT_EQ(complaint_about(trial_, worker, Fault::input), worker + ":" + GetParam().complaint);
}
INSTANTIATE_TEST_SUITE_P(Worker, NonsenseTest, testing::ValuesIn(kNonsense),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(WorkerTest, ThatCannotBeStartedIsAnErrorOfTheHarness) {
  const std::string unmarked = trial_.file("unmarked", "exit 0\n");
  EXPECT_EQ(complaint_about(trial_, unmarked, Fault::system),
            unmarked + ": cannot be started: Exec format error");
}

TEST_F(WorkerTest, HasEndedOnceItsProcessHas) {
  const Launcher launcher;
  const auto started = [&](const std::string& command) {
    TaskFolder folder(unprivileged());
    LaunchOrder order{.arguments = {"sh", "-c", command},
                      .environment = {"PATH=/usr/bin:/bin", "MARK=" + trial_.mark()},
                      .folder = folder.path().string()};
    const LaunchedProgram launched = launcher.launch(order);
    folder.hand_over();
    return std::make_unique<WorkerProcess>("worker", "sh", folder.path(), "", launched);
  };
  const auto waits = started("echo said; exec sleep 1000");
  const auto ends = started("echo said");
  EXPECT_TRUE(comes_true([&ends] { return ends->has_ended(); }));
  EXPECT_FALSE(waits->has_ended());
}

}  // namespace
}  // namespace startle::subject
