#include "cases/program/run_request.h"

#include <gtest/gtest.h>

#include <array>

#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::program {
namespace {

using Strings = std::vector<std::string>;

// The request that `startle` understands from these words.
RunRequest parsed(Strings words) {
  words.insert(words.begin(), "startle");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  RunRequest request;
  Program startle("startle", "0", "");
  CommandLine run = startle.command("run", "");
  add_run_options(run, request);
  run.runs([] { return 0; });
  EXPECT_EQ(startle.run(static_cast<int>(argv.size()), argv.data()), 0);
  return request;
}

// The words that bash reads in `command`, behind its first.
Strings read_by_bash(const std::string& command) {
  const TemporaryFolder folder;
  const auto script = folder.path() / "script";
  write_file(script, "startle() { printf '%s\\0' \"$@\"; }\n" + command + "\n");
  const std::string output = run_program("bash '" + script.string() + "'").output;
  Strings words;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\0', at), output.size());
    words.push_back(output.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

struct RequestRow {
  const char* name;
  RunRequest request;
  std::string command;
};

void PrintTo(const RequestRow& row, std::ostream* out) {
  *out << row.name;
}

class RequestTest : public testing::TestWithParam<RequestRow> {};

TEST_P(RequestTest, IsSaidAsACommand) {
  EXPECT_EQ(GetParam().request.command(), "startle " + GetParam().command);
}

TEST_P(RequestTest, IsUnderstoodFromItsWords) {
  EXPECT_EQ(parsed(GetParam().request.words()), GetParam().request);
}

TEST_P(RequestTest, IsUnderstoodFromWhatBashReadsInItsCommand) {
  if (!is_installed("bash")) GTEST_SKIP() << "bash is not installed: apt install bash";
  const Strings words = read_by_bash(GetParam().request.command());
  EXPECT_EQ(words, GetParam().request.words());
  EXPECT_EQ(parsed(words), GetParam().request);
}

const RequestRow kRequests[] = {
    {"Nothing", {}, "run"},
    {"Globs", {.what = {"smtp/*", "matrix/trust"}}, "run 'smtp/*' 'matrix/trust'"},
    {"FileWithBlank", {.what = {"my cases/mine.xml"}}, "run 'my cases/mine.xml'"},
    {"Suite", {.suite = "quick"}, "run --suite quick"},
    {"Client", {.client = "defect:hangs"}, "run --client defect:hangs"},
    {"Mode", {.mode = "ldaps"}, "run --mode ldaps"},
    {"Models",
     {.trust_model = "all", .store_model = "jsse"},
     "run --trust-model all --store-model jsse"},
    {"Policy", {.tls_policy = "enable"}, "run --tls-policy enable"},
    {"ClockAndSeed",
     {.at = "2026-11-21T12:00:00Z", .seed = 18446744073709551615U},
     "run --seed 18446744073709551615 --at 2026-11-21T12:00:00Z"},
    {"Name", {.name = "mail.example.com"}, "run --name mail.example.com"},
    {"Transport", {.transport = "tcp", .deadline = 2.5}, "run --transport tcp --deadline 2.500000"},
    {"DeadlineOfManyDigits", {.deadline = 1.00000025}, "run --deadline 1.00000025"},
    {"ConfigWithQuote",
     {.config = "Peter's/schedule.xml"},
     "run --config 'Peter'\\''s/schedule.xml'"},
    {"ConfigWithBlank", {.config = "a b/schedule.xml"}, "run --config 'a b/schedule.xml'"},
    {"ConfigWithGlob", {.config = "*/[s]chedule?.xml"}, "run --config '*/[s]chedule?.xml'"},
    {"ConfigWithDollar", {.config = "$HOME/`id`.xml"}, "run --config '$HOME/`id`.xml'"},
    {"ConfigWithUmlaut", {.config = "M\xc3\xbcller.xml"}, "run --config 'M\xc3\xbcller.xml'"},
    {"ConfigInLatin1", {.config = "M\xfcller.xml"}, "run --config $'M\\xfcller.xml'"},
    {"ConfigWithNewline", {.config = "a\nb.xml"}, "run --config $'a\\x0ab.xml'"},
    {"Home",
     {.config = "s.xml",
      .home = {.home = "/opt/track plus",
               .password_file = "it's",
               .shown = {"a.test=a b.pem", "b.test=b.pem"}}},
     "run --config 's.xml' --home '/opt/track plus' --store-password-file 'it'\\''s' "
     "--shown 'a.test=a b.pem' --shown b.test=b.pem"},
    {"Hosts",
     {.home = {.home = "h",
               .hosts = {"a.test:636", "[::1]:25"},
               .cacerts = "/opt/my java/cacerts",
               .cacerts_password_file = "p"}},
     "run --host a.test:636 --host '[::1]:25' --home h --cacerts '/opt/my java/cacerts' "
     "--cacerts-password-file p"},
    {"PartOfASample",
     {.jobs = 2, .shard = "2/3", .sample = 100},
     "run --sample 100 --shard 2/3 --jobs 2"},
    {"Reports",
     {.reports = {"json", "junit=a b.xml"}, .fail_on = "leak"},
     "run --report json --report 'junit=a b.xml' --fail-on leak"},
    {"WireFiles",
     {.wire = {.pcap = "my wire.pcapng", .key_log = "my.keys"}},
     "run --pcap 'my wire.pcapng' --keylog my.keys"},
    {"ExpectedFailures",
     {.expected_failures = "known failures.txt", .write_expected = "new.txt"},
     "run --expected-failures 'known failures.txt' --write-expected new.txt"},
    {"Flags",
     {.dialogue = true, .verbose = true, .no_cache = true},
     "run --dialogue --verbose --no-cache"},
};
INSTANTIATE_TEST_SUITE_P(All, RequestTest, testing::ValuesIn(kRequests),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(RunRequest, APathThatLooksLikeAnOptionIsNone) {
  EXPECT_EQ(RunRequest{.config = "-x.xml"}.command(), "startle run --config './-x.xml'");
  EXPECT_EQ(RunRequest{.wire = {.key_log = "-k"}}.command(), "startle run --keylog ./-k");
}

TEST(RunRequest, AnOptionIsSaidAsItStandsWhenThatIsAskedFor) {
  constexpr std::array<std::string_view, 2> kStated{"--client", "--seed"};
  EXPECT_EQ(RunRequest{}.command(kStated), "startle run --client builtin --seed 1");
}

TEST(RunRequest, ItsSelectionIsWhatShardsHaveInCommon) {
  const RunRequest request{.suite = "full",
                           .client = "defect:hangs",
                           .config = "a b.xml",
                           .home = {.home = "h", .password_file = "p"},
                           .mode = "smtps",
                           .name = "a.test",
                           .jobs = 2,
                           .shard = "1/2",
                           .sample = 5,
                           .reports = {"json"}};
  EXPECT_EQ(request.selection(),
            (Strings{"--suite", "full", "--config", "a b.xml", "--mode", "smtps", "--name",
                     "a.test", "--home", "h", "--sample", "5"}));
  RunRequest globs = request;
  globs.what = {"smtp/*"};
  EXPECT_EQ(globs.selection().front(), "smtp/*");
  EXPECT_EQ(globs.selection().at(1), "--config");
}

// The mode says how a host is spoken to, and the Java runtime's store what is trusted.
TEST(RunRequest, OfAHostIsReproducedAsItIsSpokenTo) {
  const RunRequest request{.home = {.hosts = {"a.test:2465"}, .cacerts = "c"}, .mode = "smtps"};
  EXPECT_EQ(
      reproducing_command(request, {.what = {"x"}, .trust_model = "pkix", .store_model = "jsse"}),
      "startle run 'x' --mode smtps --trust-model pkix --store-model jsse --client builtin "
      "--seed 1 --host a.test:2465 --cacerts c");
}

TEST(RunRequest, IsReproducedWithoutWhatWasRunBesideIt) {
  const RunRequest request{.what = {"smtp/*"},
                           .suite = "full",
                           .config = "it's.xml",
                           .home = {.home = "h", .password_file = "p", .shown = {"a.test=b"}},
                           .mode = "smtps",
                           .name = "a.test",
                           .store_model = "all",
                           .transport = "tcp",
                           .jobs = 2,
                           .at = "2026-11-21",
                           .shard = "1/2",
                           .sample = 5,
                           .deadline = 3,
                           .reports = {"json"},
                           .wire = {.pcap = "a.pcapng", .key_log = "a.keys"},
                           .fail_on = "leak",
                           .dialogue = true,
                           .verbose = true,
                           .no_cache = true};
  EXPECT_EQ(
      reproducing_command(request, {.what = {"smtp/a"}, .trust_model = "pkix"}),
      "startle run 'smtp/a' --trust-model pkix --client builtin --seed 1 --transport tcp --at "
      "2026-11-21 --name a.test --deadline 3.000000 --config 'it'\\''s.xml' --home h "
      "--store-password-file p --shown a.test=b");
  EXPECT_EQ(
      reproducing_command(
          {}, {.what = {"mine.xml", "a/b"}, .trust_model = "all", .store_model = "documented"}),
      "startle run 'mine.xml' 'a/b' --trust-model all --store-model documented --client "
      "builtin --seed 1");
}

}  // namespace
}  // namespace startle::program
