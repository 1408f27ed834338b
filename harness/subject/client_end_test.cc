// What an exit code and a program's words mean.

#include "harness/subject/client_end.h"

#include <gtest/gtest.h>

#include <csignal>

#include "harness/base/error.h"

namespace startle::subject {
namespace {

using words::Ending;
using words::Mode;

ProgramEnd exited(int code, const std::string& output = "", const std::string& errors = "") {
  constexpr int kExitShift = 8;  // wait(2)
  return {.report = {.value = code << kExitShift}, .output = output, .errors = errors};
}

ExchangeResult meaning(const ProgramEnd& end, Mode mode = Mode::smtp_starttls,
                       const std::vector<EndMeaning>& ends = {},
                       Speech speech = Speech::environment) {
  const Circumstances task{.mode = mode, .variant = std::string(kDefaultVariant)};
  const PlaceholderValues values{};
  return meaning_of(
      end, mode,
      {.speech = speech, .ends = ends, .task = task, .values = values, .program = "./post"});
}

struct EndRow {
  const char* name;
  int code;
  const char* output;
  const char* errors;
  Ending ending;
  const char* sentence;
};

void PrintTo(const EndRow& row, std::ostream* out) {
  *out << row.name;
}

const EndRow kEnds[] = {
    {"Done", 0, "", "", Ending::delivered, ""},
    {"DoneWithWords", 0, "sent\n", "", Ending::delivered, "sent"},
    {"Refused", 1, "", "", Ending::refused, ""},
    {"AnyOtherCode", 88, "", "", Ending::refused, ""},
    {"StderrSpeaksFirst", 1, "out\n", "first\nlast\n\n", Ending::refused, "last"},
    {"States", 1, "startle: certificate-expired\n", "", Ending::certificate_expired,
     "startle: certificate-expired"},
    {"StatesOnStderr", 1, "", "x\nstartle: timeout", Ending::timeout, "startle: timeout"},
    {"StatesWithCrLf", 1, "startle: timeout\r\n", "", Ending::timeout, "startle: timeout"},
    {"StatesBesideOtherWords", 1, "startle: timeout\n", "warning\n", Ending::timeout, "warning"},
    {"StatesBeforeItsLastLine", 1, "startle: timeout\nbye\n", "", Ending::refused, "bye"},
    {"StatesASuccess", 0, "startle: bound\n", "", Ending::bound, "startle: bound"},
    {"StatesASuccessOfAFailure", 1, "startle: delivered\n", "", Ending::refused,
     "startle: delivered"},
    {"StatesAFailureOfASuccess", 0, "startle: timeout\n", "", Ending::delivered,
     "startle: timeout"},
    {"ControlCharacters", 1, "a\x1b[31mb\n", "", Ending::refused, "a\\x1b[31mb"},
};

class EndTest : public testing::TestWithParam<EndRow> {};

TEST_P(EndTest, IsByTheContract) {
  const EndRow& row = GetParam();
  const ExchangeResult result = meaning(exited(row.code, row.output, row.errors));
  EXPECT_EQ(result.outcome.ending, row.ending) << word(result.outcome.ending);
  EXPECT_EQ(result.outcome.sentence, row.sentence);
  EXPECT_EQ(result.cannot, "");
  EXPECT_FALSE(result.hung);
  EXPECT_EQ(result.printed, std::string(row.output) + "\n" + row.errors);
}
INSTANTIATE_TEST_SUITE_P(All, EndTest, testing::ValuesIn(kEnds),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ClientEnd, InADirectoryIsABind) {
  EXPECT_EQ(meaning(exited(0), Mode::ldaps).outcome.ending, Ending::bound);
}

TEST(ClientEnd, OfCannotIsASkipWithItsWords) {
  EXPECT_EQ(meaning(exited(89, "no LDAP\n")).cannot, "no LDAP");
  EXPECT_EQ(meaning(exited(89, "startle: nonsense\n")).cannot, "startle: nonsense");
  EXPECT_EQ(meaning(exited(89)).cannot, "it says so by exit code 89, and does not say why");
}

std::string complaint(const ProgramEnd& end, Fault fault) {
  try {
    meaning(end);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault);
    return e.what();
  }
  return "none";
}

TEST(ClientEnd, ThatStatesNoEndingIsNonsense) {
  const std::string expected =
      "./post: its last line is `startle: expired`, and `expired` is no ending: known are ";
  EXPECT_EQ(complaint(exited(1, "startle: expired\n"), Fault::input).substr(0, expected.size()),
            expected);
}

TEST(ClientEnd, ThatNeverBeganIsAnErrorOfTheHarness) {
  const ProgramEnd end{.report = {.event = KeeperEvent::not_started, .value = ENOENT}};
  EXPECT_EQ(complaint(end, Fault::system), "./post: cannot be started: No such file or directory");
}

TEST(ClientEnd, ThatIsNoneOfItsOwnSaysWhose) {
  const ProgramEnd crashed{.report = {.value = SIGSEGV}};
  EXPECT_EQ(meaning(crashed).outcome.ending, Ending::crashed);
  EXPECT_EQ(meaning(crashed).outcome.sentence, "it was ended by the signal Segmentation fault");
  const ProgramEnd flooded{.report = {.cause = EndCause::closed}, .flooded = true};
  EXPECT_EQ(meaning(flooded).outcome.sentence, "it printed more than 8 MiB, and was ended");
  const ProgramEnd full{.report = {.cause = EndCause::disk}};
  EXPECT_EQ(meaning(full).outcome.sentence,
            "it wrote more into its HOME than a client may, and was ended");
  const ProgramEnd unwatched{.report = {.cause = EndCause::closed}};
  EXPECT_EQ(meaning(unwatched).outcome.sentence, "it ended the process that watches over it");
  for (const ProgramEnd& end : {flooded, full, unwatched}) {
    EXPECT_EQ(meaning(end).outcome.ending, Ending::crashed);
    EXPECT_FALSE(meaning(end).hung);
  }
  const ProgramEnd hung{.report = {.cause = EndCause::deadline}, .output = "waiting\n"};
  EXPECT_TRUE(meaning(hung).hung);
  EXPECT_EQ(meaning(hung).outcome.ending, Ending::timeout);
  EXPECT_EQ(meaning(hung).outcome.sentence, "waiting");
}

TEST(ClientEnd, IsAsItsDescriptionHasIt) {
  const std::vector<EndMeaning> ends{
      {.exit = 60, .match = "expired", .ending = Ending::certificate_expired},
      {.exit = 60, .ending = Ending::validation_failure},
      {.match = "no such option"},
      {.exit = 7, .ending = Ending::timeout, .when = {.modes = {Mode::smtps}}},
  };
  const auto by_description = [&ends](const ProgramEnd& end, Mode mode = Mode::smtp_starttls) {
    return meaning(end, mode, ends, Speech::arguments);
  };
  EXPECT_EQ(by_description(exited(60, "", "it has expired\n")).outcome.ending,
            Ending::certificate_expired);
  EXPECT_EQ(by_description(exited(60)).outcome.ending, Ending::validation_failure);
  EXPECT_EQ(by_description(exited(2, "no such option: -x\n")).cannot, "no such option: -x");
  EXPECT_EQ(by_description(exited(7)).outcome.ending, Ending::refused);
  EXPECT_EQ(by_description(exited(7), Mode::smtps).outcome.ending, Ending::timeout);
  EXPECT_EQ(by_description(exited(0)).outcome.ending, Ending::delivered);
  EXPECT_EQ(by_description(exited(89)).cannot, "") << "that is the contract's";
  EXPECT_EQ(by_description(exited(1, "startle: bound\n")).outcome.ending, Ending::refused);
}

}  // namespace
}  // namespace startle::subject
