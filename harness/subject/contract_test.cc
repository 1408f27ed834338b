// What a program is told by the contract, and what its answers mean.

#include "harness/subject/contract.h"

#include <gtest/gtest.h>

#include <map>

#include "harness/base/error.h"
#include "harness/subject/trial_for_test.h"

namespace startle::subject {
namespace {

using words::Ending;
using words::Mode;

client::Settings told() {
  client::Settings settings;
  settings.host = "mail.example.test";
  settings.trust = settings.host;
  settings.username = "alice";
  settings.password = "p w";
  settings.sender = "a@example.test";
  settings.recipient = "b@example.test";
  settings.base = "dc=test";
  settings.filter = "(cn=*)";
  return settings;
}

TaskFiles files() {
  TaskFiles made;
  made.password = "/t/password";
  made.message = "/t/message";
  made.trust = {.authorities = "/t/ca"};
  return made;
}

std::vector<ContractVariable> variables(const client::Settings& settings, const TaskFiles& given) {
  NoConnector connector;
  return contract_variables({.connector = connector,
                             .endpoint = {.address = "127.0.0.1", .port = 2525},
                             .settings = settings,
                             .trust = {},
                             .deadline = std::chrono::milliseconds(2100)},
                            given);
}

// "NAME=value NAME=value", without STARTLE_.
std::string text_of(const std::vector<ContractVariable>& all) {
  std::string text;
  for (const auto& [name, value] : all) {
    EXPECT_TRUE(name.starts_with("STARTLE_")) << name;
    text += (text.empty() ? "" : " ") + name.substr(8) + "=" + value;
  }
  return text;
}

TEST(Contract, TellsAMailer) {
  EXPECT_EQ(text_of(variables(told(), files())),
            "CONTRACT=1 PROTOCOL=smtp MODE=smtp-starttls HOST=mail.example.test ADDRESS=127.0.0.1 "
            "PORT=2525 CA=/t/ca TRUST=mail.example.test USERNAME=alice PASSWORD_FILE=/t/password "
            "SENDER=a@example.test RECIPIENT=b@example.test MESSAGE_FILE=/t/message DEADLINE=3");
}

TEST(Contract, HasNothingToVerifyByWhereAnyIsTrusted) {
  client::Settings settings = told();
  settings.trust = "*";
  TaskFiles given = files();
  given.trust.revocation_lists = "/t/crl";
  EXPECT_NE(text_of(variables(told(), given)).find(" CA=/t/ca CRL=/t/crl "), std::string::npos);
  const std::string any = text_of(variables(settings, given));
  EXPECT_EQ(any.find(" CA="), std::string::npos) << any;
  EXPECT_EQ(any.find(" CRL="), std::string::npos) << any;
}

TEST(Contract, TellsADirectoryClient) {
  client::Settings settings = told();
  settings.mode = Mode::ldaps;
  EXPECT_EQ(text_of(variables(settings, files())),
            "CONTRACT=1 PROTOCOL=ldap MODE=ldaps HOST=mail.example.test ADDRESS=127.0.0.1 "
            "PORT=2525 CA=/t/ca TRUST=mail.example.test BIND_DN=alice PASSWORD_FILE=/t/password "
            "BASE=dc=test FILTER=(cn=*) DEADLINE=3");
}

TEST(Contract, TellsEveryMode) {
  for (std::size_t i = 0; i < words::kModes.size(); ++i) {
    client::Settings settings = told();
    settings.mode = static_cast<Mode>(i);
    const auto all = variables(settings, files());
    const std::map<std::string, std::string> by_name(all.begin(), all.end());
    EXPECT_EQ(by_name.size(), all.size()) << "twice";
    EXPECT_EQ(by_name.at("STARTLE_MODE"), word(settings.mode));
    EXPECT_EQ(by_name.at("STARTLE_PROTOCOL"), word(words::protocol_of(settings.mode)));
    const bool mail = row_of(words::protocol_of(settings.mode)).is_mail;
    for (const char* name : {"SENDER", "RECIPIENT", "MESSAGE_FILE", "USERNAME"}) {
      EXPECT_EQ(by_name.count(std::string("STARTLE_") + name), mail ? 1U : 0U) << name;
    }
    for (const char* name : {"BASE", "FILTER", "BIND_DN"}) {
      EXPECT_EQ(by_name.count(std::string("STARTLE_") + name), mail ? 0U : 1U) << name;
    }
  }
}

// What is in one task and not in the usual one (+), or the other way round (-).
struct DifferenceRow {
  const char* name;
  void (*change)(client::Settings&, TaskFiles&);
  const char* difference;
};

void PrintTo(const DifferenceRow& row, std::ostream* out) {
  *out << row.name;
}

const DifferenceRow kDifferences[] = {
    {"TrustAny",
     [](client::Settings& s, TaskFiles& f) {
       s.trust = "*";
       f.trust = {};
     },
     "-CA -TRUST +TRUST=*"},
    {"TrustAbsent", [](client::Settings& s, TaskFiles&) { s.trust.reset(); }, "-TRUST"},
    {"NoPassword", [](client::Settings& s, TaskFiles&) { s.password.reset(); }, "-PASSWORD_FILE"},
    {"EmptyPassword", [](client::Settings& s, TaskFiles&) { s.password = ""; }, ""},
    {"NoUsername", [](client::Settings& s, TaskFiles&) { s.username.reset(); }, "-USERNAME"},
    {"Mechanism", [](client::Settings& s, TaskFiles&) { s.mechanism = "PLAIN"; },
     "+MECHANISM=PLAIN"},
    {"Policy", [](client::Settings& s, TaskFiles&) { s.tls_policy = words::TlsPolicy::enable; },
     "+TLS_POLICY=enable"},
    {"RevocationList", [](client::Settings&, TaskFiles& f) { f.trust.revocation_lists = "/t/crl"; },
     "+CRL=/t/crl"},
    {"ClientCertificate",
     [](client::Settings&, TaskFiles& f) {
       f.trust.certificate = "/t/c";
       f.trust.key = "/t/k";
     },
     "+CLIENT_CERTIFICATE=/t/c +CLIENT_KEY=/t/k"},
    {"BindByMechanism",
     [](client::Settings& s, TaskFiles&) {
       s.mode = Mode::ldap_starttls;
       s.mechanism = "PLAIN";
     },
     "-MESSAGE_FILE -MODE -PROTOCOL -RECIPIENT -SENDER +BASE=dc=test +FILTER=(cn=*) "
     "+MECHANISM=PLAIN +MODE=ldap-starttls +PROTOCOL=ldap"},
};

class ContractDifference : public testing::TestWithParam<DifferenceRow> {};

TEST_P(ContractDifference, IsInNothingElse) {
  client::Settings settings = told();
  TaskFiles given = files();
  const auto usual = variables(settings, given);
  GetParam().change(settings, given);
  const auto now = variables(settings, given);
  const std::map<std::string, std::string> before(usual.begin(), usual.end());
  const std::map<std::string, std::string> after(now.begin(), now.end());
  std::string difference;
  const auto add = [&difference](const std::string& what) {
    difference += (difference.empty() ? "" : " ") + what;
  };
  for (const auto& [name, value] : before) {
    const auto same = after.find(name);
    if (same == after.end() || same->second != value) add("-" + name.substr(8));
  }
  for (const auto& [name, value] : after) {
    const auto same = before.find(name);
    if (same == before.end() || same->second != value) add("+" + name.substr(8) + "=" + value);
  }
  EXPECT_EQ(difference, GetParam().difference);
}
INSTANTIATE_TEST_SUITE_P(All, ContractDifference, testing::ValuesIn(kDifferences),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Contract, TellsAWorkerInOneLineOfJson) {
  EXPECT_EQ(task_line(7, {{"STARTLE_CONTRACT", "1"},
                          {"STARTLE_PORT", "2525"},
                          {"STARTLE_DEADLINE", "30"},
                          {"STARTLE_USERNAME", "17"},
                          {"STARTLE_BIND_DN", "cn=\"a\"\nb"}}),
            "{\"task\":7,\"port\":2525,\"deadline\":30,\"username\":\"17\","
            "\"bind_dn\":\"cn=\\\"a\\\"\\nb\"}\n");
}

// ---- answers -----------------------------------------------------------------------------------

TEST(Answer, SaysHowItEnded) {
  using Result = WorkerAnswer::Result;
  const auto done = read_answer(R"({"task": 3, "result": "done"})", 3, "w:2");
  EXPECT_EQ(done.result, Result::done);
  EXPECT_EQ(done.ending, std::nullopt);
  EXPECT_EQ(done.reason, "");
  const auto refused = read_answer(
      R"({"task": 3, "result": "refused", "ending": "certificate-expired", "reason": "old"})", 3,
      "w:2");
  EXPECT_EQ(refused.result, Result::refused);
  EXPECT_EQ(refused.ending, Ending::certificate_expired);
  EXPECT_EQ(refused.reason, "old");
  EXPECT_EQ(read_answer(R"({"task": 3, "result": "cannot", "more": []})", 3, "w:2").result,
            Result::cannot);
}

struct AnswerRow {
  const char* name;
  const char* line;
  const char* complaint;  // behind "w:2: "; what stands behind it too is left open
};

void PrintTo(const AnswerRow& row, std::ostream* out) {
  *out << row.name;
}

const std::string kNested = "{\"task\": " + std::string(100000, '[');
const std::string kNestedSays =
    "`{\"task\": " + std::string(71, '[') + "` is nested more than 64 levels deep: a worker writes";
const std::string kLongResult = R"({"task": 3, "result": ")" + std::string(100000, 'x') + "\"}";
const std::string kLongResultSays =
    "\"result\" is `" + std::string(80, 'x') + "..`: a worker answers done, refused or cannot";

const AnswerRow kAnswers[] = {
    {"Empty", "", "`` is no JSON object: a worker writes one on each line of stdout"},
    {"AList", "[1]", "`[1]` is no JSON object"},
    {"ANumber", "3", "`3` is no JSON object"},
    {"CutShort", "{\"task\": 3", "`{\"task\": 3` is no JSON object"},
    {"NotUtf8", "{\"task\": 3, \"result\": \"\xff\"}", "`{\"task\": 3, \"result\": "},
    {"TwoObjects", "{} {}", "`{} {}` is no JSON object"},
    {"Long",
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
     "`xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is no"},
    {"MemberTwice", R"({"task": 3, "task": 3, "result": "done"})",
     R"(`{"task": 3, "task": 3, "result": "done"}` has the member `task` twice: a worker )"},
    {"Nested", kNested.c_str(), kNestedSays.c_str()},
    {"LongResult", kLongResult.c_str(), kLongResultSays.c_str()},
    {"NoTask", "{\"result\": \"done\"}", "this answers no task, or another one"},
    {"AnotherTask", "{\"task\": 2, \"result\": \"done\"}",
     "this answers no task, or another one: \"task\" has to be 3"},
    {"TaskInText", "{\"task\": \"3\", \"result\": \"done\"}", "this answers no task"},
    {"NoResult", "{\"task\": 3}", "\"result\" is ``: a worker answers done, refused or cannot"},
    {"UnknownResult", "{\"task\": 3, \"result\": \"Done\"}",
     "\"result\" is `Done`: a worker answers done, refused or cannot"},
    {"ReasonInNumbers", "{\"task\": 3, \"result\": \"done\", \"reason\": 5}",
     "\"reason\" is no text"},
    {"UnknownEnding", "{\"task\": 3, \"result\": \"refused\", \"ending\": \"expired\"}",
     "\"ending\" is `expired`, which is no ending: known are "},
};

class AnswerTest : public testing::TestWithParam<AnswerRow> {};

TEST_P(AnswerTest, IsRefused) {
  try {
    read_answer(GetParam().line, 3, "w:2");
    FAIL() << "it was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    const std::string expected = std::string("w:2: ") + GetParam().complaint;
    EXPECT_EQ(std::string(e.what()).substr(0, expected.size()), expected);
  }
}
INSTANTIATE_TEST_SUITE_P(All, AnswerTest, testing::ValuesIn(kAnswers),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Greeting, IsOneLineOfJson) {
  EXPECT_NO_THROW(read_greeting("{\"startle\": 1}", "w:1"));
  EXPECT_NO_THROW(read_greeting("{\"startle\": 1, \"name\": \"x\"}", "w:1"));
  for (const char* line : {"{}", "{\"startle\": 2}", "{\"startle\": \"1\"}", "1", ""}) {
    EXPECT_THROW(read_greeting(line, "w:1"), Error) << line;
  }
}

}  // namespace
}  // namespace startle::subject
