// `startle run --client` with programs of the user's own: what they are refused for, how they are
// judged, and what they leave.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"
#include "harness/subject/trial_for_test.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using subject::Trial;

// In one mode, by one case, unless `more` says otherwise.
ProgramRun run_client(const std::string& client, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"run",    "--client",      client,       "--name", "localhost",
                                     "--mode", "smtp-starttls", "--deadline", "30"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  if (more.empty()) arguments.push_back("smtp/auth/rejected-535");
  return run_startle(arguments);
}

// Exit code 89 is a skip, and so would hide a refusal.
TEST(ForeignRun, SaysThatCasesWereSkippedBehindAHandshake) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "late.py";
  write_file(
      file,
      "#!/usr/bin/env python3\n"
      "import os, smtplib, ssl, sys\n"
      "told = os.environ\n"
      "trust = ssl.create_default_context(cafile=told.get('STARTLE_CA'))\n"
      "try:\n"
      "    smtp = smtplib.SMTP(told['STARTLE_HOST'], int(told['STARTLE_PORT']), timeout=20)\n"
      "    smtp.starttls(context=trust)\n"
      "    smtp.ehlo()\n"
      "    if 'STARTLE_USERNAME' in told:\n"
      "        with open(told['STARTLE_PASSWORD_FILE']) as f: word = f.read()\n"
      "        smtp.login(told['STARTLE_USERNAME'], word)\n"
      "    with open(told['STARTLE_MESSAGE_FILE']) as f: text = f.read()\n"
      "    smtp.sendmail(told['STARTLE_SENDER'], [told['STARTLE_RECIPIENT']], text)\n"
      "except Exception:\n"
      "    sys.exit(89)\n");
  fs::permissions(file, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read,
                  fs::perm_options::add);
  fs::permissions(folder.path(), fs::perms::others_exec | fs::perms::others_read,
                  fs::perm_options::add);
  const ProgramRun run = run_client(file);
  EXPECT_NE(run.out.find("late.py: warning: it said behind a handshake that it cannot do a case"),
            std::string::npos)
      << run.out << run.err;
}

// ---- what is no client -------------------------------------------------------------------------

struct BadClientRow {
  const char* name;
  const char* file;  // in the folder; empty: none is written
  const char* content;
  bool executable;
  const char* client;  // DIR: the folder
  const char* complaint;
};

void PrintTo(const BadClientRow& row, std::ostream* out) {
  *out << row.name;
}

std::string at(const std::string& folder, std::string text) {
  for (std::size_t i = text.find("DIR"); i != std::string::npos; i = text.find("DIR", i)) {
    text.replace(i, 3, folder);
  }
  return text;
}

const BadClientRow kBadClients[] = {
    {"Missing", "", "", false, "DIR/client", "DIR/client: there is no such file"},
    {"MissingWorker", "", "", false, "worker:DIR/client", "DIR/client: there is no such file"},
    {"MissingDescription", "", "", false, "DIR/client.xml",
     "DIR/client.xml: there is no such file"},
    {"Folder", "", "", false, "DIR", "DIR: is a folder, and no client"},
    {"NotExecutable", "client", "#!/bin/sh\n", false, "DIR/client",
     "DIR/client: is not executable: chmod +x DIR/client, or describe it "
     "(cases/clients/README.md)"},
    {"NotExecutableWorker", "client", "#!/bin/sh\n", false, "worker:DIR/client",
     "DIR/client: is not executable: chmod +x DIR/client, or describe it "
     "(cases/clients/README.md)"},
    {"ExecFormat", "client", "exit 0\n", true, "DIR/client",
     "DIR/client: cannot be started: Exec format error"},
    {"ExecFormatOfAWorker", "client", "exit 0\n", true, "worker:DIR/client",
     "DIR/client: cannot be started: Exec format error"},
    {"NoInterpreter", "client", "#!/absent/shell\n", true, "DIR/client",
     "DIR/client: cannot be started: No such file or directory"},
    {"NoGreeting", "client", "#!/bin/sh\necho hello; read task\n", true, "worker:DIR/client",
     "DIR/client:1: `hello` is no JSON object: a worker writes one on each line of stdout, and "
     "nothing else"},
    {"NoAnswer", "client", "#!/bin/sh\necho '{\"startle\": 1}'; read task; echo '{}'; read task\n",
     true, "worker:DIR/client",
     "DIR/client:2: this answers no task, or another one: \"task\" has to be 1"},
    {"NoEnding", "client", "#!/bin/sh\necho 'startle: no-such-ending'; exit 1\n", true,
     "DIR/client",
     "DIR/client: its last line is `startle: no-such-ending`, and `no-such-ending` is no ending: "
     "known are "},
};

class BadClient : public testing::TestWithParam<BadClientRow> {};

TEST_P(BadClient, IsRefusedInOneLine) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), static_cast<fs::perms>(0755));
  const std::string file = GetParam().file;
  if (!file.empty()) {
    write_file(folder.path() / file, GetParam().content);
    fs::permissions(folder.path() / file,
                    static_cast<fs::perms>(GetParam().executable ? 0755 : 0644));
  }
  const ProgramRun run = run_client(at(folder.path().string(), GetParam().client));
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  const std::string expected = "startle: " + at(folder.path().string(), GetParam().complaint);
  EXPECT_EQ(run.err.substr(0, expected.size()), expected);
  EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
}
INSTANTIATE_TEST_SUITE_P(All, BadClient, testing::ValuesIn(kBadClients),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BadDescription, IsRefusedByFileAndLine) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "mine.xml").string();
  write_file(file,
             "<client summary=\"mine\" packages=\"\">\n"
             "  <task protocol=\"smtp\" modes=\"smtps\" trust=\"always\" credentials=\"none\">\n"
             "    <arg>true</arg>\n  </task>\n</client>\n");
  const ProgramRun run = run_client(file);
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(run.err.starts_with("startle: " + file + ":2: ")) << run.err;
  EXPECT_NE(run.err.find("always"), std::string::npos) << run.err;
}

TEST(UnknownClient, IsToldWhoThereIs) {
  const ProgramRun run = run_client("crul");
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(run.err.starts_with("startle: `crul` is no client: there are builtin, defect:NAME, "))
      << run.err;
  EXPECT_TRUE(run.err.ends_with(
      "; a program of one's own is named by a path (./crul), or as worker:PATH\n"))
      << run.err;
}

// ---- how they are judged -----------------------------------------------------------------------

TEST(ForeignClient, ThatCannotDoAnythingHasAllSkipped) {
  const Trial trial;
  const ProgramRun run =
      run_client(trial.shell("echo 'I do nothing'; exit 89"), {"smtp/auth", "smtp/ehlo"});
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_NE(run.out.find("0 passed, 0 failed, "), std::string::npos) << run.out;
  EXPECT_EQ(run.err.find("not usable"), std::string::npos) << run.err;
}

TEST(ForeignClient, ThatIsNotUsableIsSaidSoAndNotJudged) {
  const Trial trial;
  const ProgramRun run = run_client(trial.shell("echo 'no idea' >&2; exit 1"), {"smtp/auth"});
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_NE(run.err.find("startle: client.sh is not usable in smtp-starttls: "), std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("no idea"), std::string::npos) << run.err;
  EXPECT_NE(run.out.find("0 passed, 0 failed, "), std::string::npos) << run.out;
}

TEST(ForeignClient, ThatHangsIsNotWaitedForLongerThanItsDeadline) {
  const Trial trial;
  const ProgramRun run = run_startle(
      {"run", "--client", trial.shell("exec sleep 1000"), "--name", "localhost", "--mode", "smtps",
       "--deadline", "0.5", "matrix/certificates/mode=smtps/trust=host/certificate=valid"});
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_NE(run.err.find("is not usable in smtps"), std::string::npos) << run.err;
}

// Sends a mail by smtplib; `%` makes its context.
constexpr std::string_view kMailer = R"py(#!/usr/bin/python3
import os, smtplib, ssl, sys
told = {name.removeprefix("STARTLE_").lower(): value for name, value in os.environ.items()}
if told["mode"] != "smtp-starttls" or {"mechanism", "crl", "client_certificate"} & told.keys():
    print("STARTTLS alone")
    sys.exit(89)
context = ssl.create_default_context(cafile=told.get("ca"))
if %:
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
try:
    with smtplib.SMTP(told["host"], int(told["port"]), timeout=10) as client:
        client.starttls(context=context)
        if "username" in told:
            password = open(told["password_file"]).read()
            #login
            client.login(told["username"], password)
        client.sendmail(told["sender"], told["recipient"], open(told["message_file"], "rb").read())
except (OSError, smtplib.SMTPException) as refusal:
    print(refusal)
    sys.exit(1)
)py";

std::string mailer(const Trial& trial, const std::string& verifies_nothing,
                   const std::string& login = "") {
  std::string text(kMailer);
  text.replace(text.find('%'), 1, verifies_nothing);
  if (!login.empty()) text.replace(text.find("#login"), 6, login);
  return trial.file("mailer.py", text);
}

class Mailer : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "/usr/bin/python3 is not installed";
  }
  void TearDown() override { EXPECT_EQ(trial_.left_behind(), ""); }
  Trial trial_{};
};

const std::vector<std::string> kFew{
    "smtp/auth/rejected-535", "matrix/certificates/mode=smtp-starttls/trust=host/certificate=valid",
    "matrix/certificates/mode=smtp-starttls/trust=host/certificate=expired",
    "matrix/certificates/mode=smtp-starttls/trust=any/certificate=expired",
    "matrix/certificates/mode=smtp-starttls/trust=host/certificate=unknown-ca"};

TEST_F(Mailer, ThatIsRightPasses) {
  const ProgramRun run = run_client(mailer(trial_, "'ca' not in told"), kFew);
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("5 passed, 0 failed, 0 skipped"), std::string::npos) << run.out;
}

TEST_F(Mailer, ThatIsRightPassesAsManyAtOnceAsLike) {
  const ProgramRun run =
      run_client(mailer(trial_, "'ca' not in told"), {"smtp/auth", "--jobs", "8"});
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_EQ(run.out.find("0 passed"), std::string::npos) << run.out;
}

TEST_F(Mailer, ThatVerifiesNothingIsFound) {
  const ProgramRun run = run_client(mailer(trial_, "True"), kFew);
  EXPECT_EQ(run.status, 1) << run.out << run.err;
  EXPECT_NE(run.out.find("leak"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("3 passed, 2 failed, 0 skipped"), std::string::npos) << run.out;
}

TEST_F(Mailer, ThatPrintsThePasswordIsFoundAndNotQuoted) {
  const ProgramRun run = run_client(
      mailer(trial_, "'ca' not in told", "print('login with', password, file=sys.stderr)"), kFew);
  EXPECT_EQ(run.status, 1) << run.out << run.err;
  EXPECT_NE(run.out.find("secret-in-output"), std::string::npos) << run.out;
  EXPECT_EQ((run.out + run.err).find("canary"), std::string::npos) << run.out << run.err;
}

TEST_F(Mailer, ThatConnectsTwiceIsNoObstacle) {
  const ProgramRun run =
      run_client(mailer(trial_,
                        "__import__('socket').create_connection((told['host'], int(told['port']))) "
                        "and 'ca' not in told"),
                 kFew);
  EXPECT_EQ(run.status, 0) << run.out << run.err;
}

TEST_F(Mailer, ThatConnectsElsewhereIsNotUsable) {
  const ProgramRun run =
      run_client(mailer(trial_, "told.update(port='1') or 'ca' not in told"), kFew);
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_NE(run.err.find("is not usable in smtp-starttls"), std::string::npos) << run.err;
}

TEST_F(Mailer, ThatWorksInOneModeAloneIsJudgedThere) {
  // In smtps it fails, and does not say that it cannot.
  std::string text = mailer(trial_, "'ca' not in told");
  const std::string script = trial_.file(
      "half.sh", "#!/bin/sh\n[ \"$STARTLE_MODE\" = smtps ] && exit 1\nexec " + text + "\n");
  const auto run_both = [&script](const std::string& client, const std::string& certificate) {
    static_cast<void>(client);
    return run_startle(
        {"run", "--client", script, "--name", "localhost", "--deadline", "30",
         "matrix/certificates/mode=smtp-starttls/trust=host/certificate=" + certificate,
         "matrix/certificates/mode=smtps/trust=host/certificate=" + certificate});
  };
  const ProgramRun run = run_both(script, "expired");
  EXPECT_EQ(run.status, 3) << run.out << run.err;
  EXPECT_NE(run.err.find("startle: half.sh is not usable in smtps: "), std::string::npos)
      << run.err;
  EXPECT_NE(run.out.find("1 passed, 0 failed, 1 skipped"), std::string::npos) << run.out;
  mailer(trial_, "True");  // and findings outrank that
  const ProgramRun leaking = run_both(script, "expired");
  EXPECT_EQ(leaking.status, 1) << leaking.out << leaking.err;
}

// ---- the end of startle itself -----------------------------------------------------------------

// Kills `startle run` once a client of `trial` is under way.
void kill_while_it_runs(const Trial& trial, const std::string& client, int signal) {
  Process startle({STARTLE_PROGRAM, "run", "--client", client, "--name", "localhost", "--mode",
                   "smtps", "--deadline", "50", "smtp"},
                  {"STARTLE_TRIAL=" + trial.mark()});
  const std::string marked = trial.mark() + "-client";
  const auto given_up = std::chrono::steady_clock::now() + kPatience;
  while (subject::processes_with(marked).empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), given_up) << "no client was started";
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  startle.send_signal(signal);
  EXPECT_EQ(startle.wait().status, 128 + signal);
}

TEST(ForeignClient, GoesWithStartleHoweverThatEnds) {
  for (const int signal : {SIGKILL, SIGTERM, SIGINT}) {
    const Trial trial;
    // The mark stands in its arguments: its environment is the contract's alone.
    const std::string hang = "sh -c 'sleep 1000; : " + trial.mark() + "-client'";
    kill_while_it_runs(trial, trial.shell("( setsid " + hang + " & ); exec " + hang), signal);
    EXPECT_EQ(trial.left_behind(), "") << signal;
  }
}

TEST(ForeignClient, GoesAsAWorkerWithStartleToo) {
  for (const int signal : {SIGKILL, SIGTERM}) {
    const Trial trial;
    kill_while_it_runs(trial,
                       "worker:" + trial.shell("echo '{\"startle\": 1}'; read task; exec sh -c "
                                               "'sleep 1000; : " +
                                               trial.mark() + "-client'"),
                       signal);
    EXPECT_EQ(trial.left_behind(), "") << signal;
  }
}

}  // namespace
}  // namespace startle::cases
