// The likeliest mistakes of a command line, and the whole sentence that each is told.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

Arguments words_of(const std::string& text) {
  std::istringstream in(text);
  Arguments words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// `text` with each DIR made `folder`.
std::string at(const std::string& folder, std::string text) {
  for (std::size_t i = text.find("DIR/"); i != std::string::npos; i = text.find("DIR/", i)) {
    text.replace(i, 3, folder);
  }
  return text;
}

struct UsageRow {
  const char* name;
  const char* arguments;  // DIR/: a folder that holds schedule.xml and trace.txt
  int status;
  const char* err;  // one line, without "startle: "
};

void PrintTo(const UsageRow& row, std::ostream* out) {
  *out << row.name;
}

class UsageMistake : public testing::TestWithParam<UsageRow> {};

TEST_P(UsageMistake, IsToldWhatToWriteInstead) {
  const TemporaryFolder folder;
  write_file(folder.path() / "schedule.xml",
             "<schedule><smtp url='a.test' email='m@a.test'/></schedule>\n");
  write_file(folder.path() / "trace.txt", "250 ok\n");
  const ProgramRun run = run_startle(words_of(at(folder.path(), GetParam().arguments)));
  EXPECT_EQ(run.status, GetParam().status);
  EXPECT_EQ(run.err, "startle: " + at(folder.path(), GetParam().err) + "\n");
  EXPECT_EQ(run.out, "");
}

const UsageRow kMistakes[] = {
    {"Nothing", "", 2,
     "`startle` needs a command, one of run, list, serve, certs, compare, merge, fuzz, bench, "
     "explain, diagnose: for example `startle run` (`startle --help` says more)"},
    {"OptionOfTheProgram", "--verison", 2,
     "`startle` has no option --verison: did you mean --version?"},
    {"OptionBeforeItsCommand", "--seed 3 run", 2,
     "`startle` has no option --seed: it is one of `startle run` (`startle --help` says more)"},
    {"VersionOfOld", "-V", 2, "`startle` has no option -V: did you mean --version?"},
    {"UnknownCommand", "rnu", 2,
     "`rnu` is no command: there are run, list, serve, certs, compare, merge, fuzz, bench, "
     "explain, diagnose"},
    {"HelpOnAnUnknownCommand", "help rnu", 2,
     "`rnu` is no command: there are run, list, serve, certs, compare, merge, fuzz, bench, "
     "explain, diagnose"},
    {"CommandWithoutItsCommand", "certs", 2,
     "`startle certs` needs a command, one of list, show, export: for example `startle certs show "
     "expired` (`startle certs --help` says more)"},
    {"OptionOfNoCommand", "certs --json", 2,
     "`startle certs` has no option --json: it is one of `startle certs show` (`startle certs "
     "--help` says more)"},
    {"ShowWhat", "certs show", 2,
     "`startle certs show` needs ID|GLOB|FILE: for example `startle certs show expired` (`startle "
     "certs show --help` says more)"},
    {"ExportWhereTo", "certs export", 2,
     "`startle certs export` needs DIR: for example `startle certs export certificates` (`startle "
     "certs export --help` says more)"},
    {"CompareWhat", "compare", 2,
     "`startle compare` needs CLIENT|REPORT: for example `startle compare old.json new.json` "
     "(`startle compare --help` says more)"},
    {"MergeWhat", "merge", 2,
     "`startle merge` needs REPORT: for example `startle merge 1.jsonl 2.jsonl --report "
     "junit=startle.xml` (`startle merge --help` says more)"},
    {"ExplainWhat", "explain", 2,
     "`startle explain` needs CASE|FINDING|ENDING|INVARIANT|REQUIREMENT|CERTIFICATE, or --log: for "
     "example `startle explain smtp/injection/reply-after-go-ahead`, or `startle explain --log "
     "trace.txt` (`startle explain --help` says more)"},
    {"ExplainAnUnknownName", "explain certificate-expird", 2,
     "there is nothing to explain of the name `certificate-expird`: did you mean "
     "`certificate-expired`? Write the id of a case, a finding, an ending, an invariant, a "
     "requirement or a certificate (`startle list`, `startle certs list` and `startle list "
     "--coverage` show them)"},
    {"ExplainAFolder", "explain ldap/whoami", 2,
     "`ldap/whoami` is a folder of 3 cases: name one, for example `startle explain "
     "ldap/whoami/bind-response`"},
    {"ExplainInHtml", "explain expired --report html", 2,
     "--report html is not one of: text, json, markdown"},
    {"PemAndJson", "certs show expired --pem --json", 2,
     "--pem and --json do not go together: leave one of them out"},
    {"Dialog", "run --dialog", 2, "`startle run` has no option --dialog: did you mean --dialogue?"},
    {"OneDash", "run -config x.xml", 2,
     "`startle run` has no option -config: did you mean --config?"},
    {"Jbos", "run --jbos 2", 2, "`startle run` has no option --jbos: did you mean --jobs?"},
    {"ShortVerbose", "run -v", 2, "`startle run` has no option -v: did you mean --verbose?"},
    {"ShortForTwo", "run -c x.xml", 2,
     "`startle run` has no option -c: did you mean --client or --config or --cacerts or "
     "--cacerts-password-file?"},
    {"UpperCase", "run --Config x.xml", 2,
     "`startle run` has no option --Config: did you mean --config?"},
    {"Unknown", "run --xyzzy", 2,
     "`startle run` has no option --xyzzy (`startle run --help` says more)"},
    {"OptionOfServe", "run --certificate expired", 2,
     "`startle run` has no option --certificate: it is one of `startle serve` (`startle run "
     "--help` says more)"},
    {"ModeOfList", "list --mode smtps", 2,
     "`startle list` has no option --mode: it is one of `startle run` (`startle list --help` says "
     "more)"},
    {"VersionOfRun", "run --version", 2,
     "`startle run` has no option --version: it is one of `startle` (`startle run --help` says "
     "more)"},
    {"Threads", "run --threads 4", 2, "`startle run` has no option --threads: write --jobs 4"},
    {"RunHost", "run --host mail.example.com", 2,
     "--host mail.example.com is not HOST:PORT, for example mail.example.com:465"},
    {"HostBesideConfig", "run --host a.test:25 --config DIR/schedule.xml", 2,
     "--host and --config do not go together: the hosts are those of the file, so leave --host "
     "out"},
    {"HostBesideName", "run --host a.test:25 --name b.test", 2,
     "--host and --name do not go together: the hosts are those of --host, so leave --name out"},
    {"RunOutput", "run --output junit.xml", 2,
     "`startle run` has no option --output: write --report junit=junit.xml"},
    {"RunShortOutput", "run -o", 2,
     "`startle run` has no option -o: write --report junit=startle.xml"},
    {"RunFile", "run --file conf/schedule.xml", 2,
     "`startle run` has no option --file: write --config conf/schedule.xml"},
    {"RunQuiet", "run --quiet", 2,
     "`startle run` has no option --quiet: write --report text=/dev/null"},
    {"MergeJobs", "merge 1.jsonl --jobs 2", 2,
     "`startle merge` has no option --jobs: it is one of `startle run` (`startle merge --help` "
     "says more)"},
    {"Port", "serve --port 2525", 2,
     "`startle serve` has no option --port: write --listen 127.0.0.1:2525"},
    {"PortWithEquals", "serve --port=2525", 2,
     "`startle serve` has no option --port: write --listen 127.0.0.1:2525"},
    {"PortWithoutNumber", "serve smtp --port", 2,
     "`startle serve` has no option --port: write --listen 127.0.0.1:2525"},
    {"ShortPort", "serve -p 2525", 2,
     "`startle serve` has no option -p: write --listen 127.0.0.1:2525"},
    {"ServeHost", "serve --host localhost", 2,
     "`startle serve` has no option --host: --name localhost says whom its certificate is issued "
     "to, --listen 127.0.0.1:2525 where it listens"},
    {"Bind", "serve smtp --bind 127.0.0.1", 2,
     "`startle serve` has no option --bind: write --listen 127.0.0.1:2525"},
    {"Cert", "serve smtp --cert expired", 2,
     "`startle serve` has no option --cert: did you mean --certificate or --certificate-file?"},
    {"Key", "serve smtp --key k.pem", 2,
     "`startle serve` has no option --key: its keys are its own: `startle certs list` names the "
     "certificates of --certificate"},
    {"User", "serve smtp --user me", 2,
     "`startle serve` has no option --user: user and password are in the line that it prints when "
     "it is ready"},
    {"Protocol", "serve --protocol smtp", 2,
     "`startle serve` has no option --protocol: write `startle serve smtp`"},
    {"TwoServers", "serve smtp ldap", 2,
     "`startle serve` takes one smtp|ldap|CASE|FILE: leave out `ldap` (`startle serve --help` says "
     "more)"},
    {"Imap", "serve imap", 2,
     "there is no fake server of imap: write smtp, ldap, a file, or one of `startle list`"},
    {"Smpt", "serve smpt", 2,
     "`smpt` is no case: did you mean `smtp`? Write smtp, ldap, a file, or one of `startle list`"},
    {"ConfigWithoutFile", "run --config", 2,
     "--config needs FILE behind it: for example `--config conf/schedule.xml` (`startle run "
     "--help` says more)"},
    {"ConfigBeforeAnOption", "run --config --dialogue", 2,
     "--config needs FILE behind it: for example `--config conf/schedule.xml` (`startle run "
     "--help` says more)"},
    {"SeedWithoutNumber", "run --seed", 2,
     "--seed needs N behind it: for example `--seed 1` (`startle run --help` says more)"},
    {"ReportWithoutKind", "run --report", 2,
     "--report needs KIND[=FILE] behind it: for example `--report junit=startle.xml` (`startle run "
     "--help` says more)"},
    {"PcapWithoutFile", "run --pcap", 2,
     "--pcap needs FILE behind it: for example `--pcap startle.pcapng` (`startle run --help` says "
     "more)"},
    {"KeyLogWithoutFile", "serve smtp --keylog", 2,
     "--keylog needs FILE behind it: for example `--keylog startle.keys` (`startle serve --help` "
     "says more)"},
    {"PcapInNoFolder", "run smtp/auth/rejected-535 --pcap DIR/none/a.pcapng", 2,
     "DIR/none/a.pcapng: cannot be written: No such file or directory: name a file in a folder "
     "that is there and that you may write to"},
    {"PcapIsAFolder", "serve smtp --pcap DIR/", 2,
     "--pcap: DIR/ is a folder: name a file in it, DIR/startle.pcapng"},
    {"PcapToStdout", "serve smtp --pcap /dev/stdout", 2,
     "--pcap /dev/stdout and stdout go to the same place: name a file of its own"},
    {"KeyLogToStdout", "run smtp/auth/rejected-535 --keylog -", 2,
     "--keylog - and stdout go to the same place: name a file of its own"},
    {"PcapOverTheConfiguration", "run --config DIR/schedule.xml --pcap DIR/schedule.xml", 2,
     "--pcap DIR/schedule.xml would replace DIR/schedule.xml, which is read (--config): name "
     "another file"},
    {"PcapOverTheKey",
     "serve smtp --certificate-file DIR/schedule.xml --key-file DIR/trace.txt --pcap DIR/trace.txt",
     2,
     "--pcap DIR/trace.txt would replace DIR/trace.txt, which is read (--key-file): name another "
     "file"},
    {"PcapOverTheKeyLog", "run smtp/auth/rejected-535 --pcap DIR/a --keylog DIR/a", 2,
     "--pcap DIR/a and --keylog DIR/a go to the same file: give each its own"},
    {"PcapOverTheReport", "run smtp/auth/rejected-535 --report json=DIR/a --pcap DIR/a", 2,
     "--report json=DIR/a and --pcap DIR/a go to the same file: give each its own"},
    {"PcapOverTheKnownFailures", "run smtp/auth/rejected-535 --write-expected DIR/a --keylog DIR/a",
     2, "--write-expected DIR/a and --keylog DIR/a go to the same file: give each its own"},
    {"ListenWithoutAddress", "serve smtp --listen", 2,
     "--listen needs ADDR:PORT behind it: for example `--listen 127.0.0.1:2525` (`startle serve "
     "--help` says more)"},
    {"ClientWithoutName", "run --client", 2,
     "--client needs NAME|FILE behind it: for example `--client builtin` (`startle run --help` "
     "says more)"},
    {"SeedInLetters", "run --seed abc", 2,
     "--seed abc is not a whole number: write one of 64 bits, for example --seed 1"},
    {"SeedBelowZero", "run --seed -1", 2,
     "--seed -1 is not a whole number: write one of 64 bits, for example --seed 1"},
    {"SeedTooLong", "run --seed 99999999999999999999", 2,
     "--seed 99999999999999999999 is not a whole number: write one of 64 bits, for example --seed "
     "1"},
    {"SeedTwice", "run --seed 1 --seed 2", 2, "--seed is given twice: give it once"},
    {"JobsZero", "run --jobs 0", 2,
     "--jobs 0 is out of range: write a whole number from 1 to 1024"},
    {"JobsInWords", "run --jobs=many", 2,
     "--jobs many is not a whole number: write one from 1 to 1024"},
    {"JobsInFractions", "run --jobs 1.5", 2,
     "--jobs 1.5 is not a whole number: write one from 1 to 1024"},
    {"DeadlineZero", "run --deadline 0", 2,
     "--deadline 0 is out of range: write a number from 0.1 to 86400"},
    {"DeadlineWithUnit", "run --deadline 5s", 2,
     "--deadline 5s is not a number: write one from 0.1 to 86400"},
    {"SampleOfNone", "run --sample 0", 2,
     "--sample 0 is out of range: write a whole number from 1 to 1000000000"},
    {"ShardAlone", "run --shard 2", 2,
     "--shard 2 is not I/N: write 1/3 for the first of three shards"},
    {"ScheduleWithoutConfig", "run DIR/schedule.xml", 2,
     "DIR/schedule.xml:1: <schedule> begins a customer's configuration, not a case, a matrix or "
     "recipes: did you mean `startle run --config FILE`?"},
    {"ScheduleToBeServed", "serve DIR/schedule.xml", 2,
     "DIR/schedule.xml:1: <schedule> begins a customer's configuration, not a case, a matrix or "
     "recipes: did you mean `startle run --config FILE`?"},
    {"NoXml", "run DIR/trace.txt", 2, "DIR/trace.txt:1: this is not XML: a document begins with <"},
    {"ReportNamesAFile", "run smtp/auth --report junit.xml", 2,
     "--report junit.xml states no kind: write --report junit=junit.xml"},
    {"ReportNamesALog", "run smtp/auth --report out.jsonl", 2,
     "--report out.jsonl states no kind: write --report jsonl=out.jsonl"},
    {"ReportIsAFolder", "run smtp/auth --report junit=DIR/", 2,
     "--report junit=DIR/: DIR/ is a folder: name a file in it, junit=DIR/startle.xml"},
    {"ReportNamesNothing", "run smtp/auth --report json=", 2,
     "--report json= names no file: write one behind the =, for example json=startle.json"},
    {"Localhost", "serve smtp --listen localhost:2525", 2,
     "`localhost:2525` states no IP address: write 127.0.0.1:2525"},
    {"PortAlone", "serve smtp --listen 2525", 2,
     "`2525` is not ADDRESS:PORT: write 127.0.0.1:2525"},
    {"PortTooLarge", "serve smtp --listen 99999", 2,
     "`99999` is not ADDRESS:PORT: write one, for example 127.0.0.1:2525 (ports go to 65535)"},
    {"HostToListenAt", "serve smtp --listen mail.example.com:25", 2,
     "`mail.example.com` is not an IP address: write one in numbers, for example 127.0.0.1"},
    {"ListSmpt", "list smpt", 3,
     "no case matches `smpt`: did you mean `smtp`? (`startle list` shows all)"},
    {"RunSmpt", "run smpt", 3,
     "no case matches `smpt`: did you mean `smtp`? (`startle list` shows all)"},
    {"Atuh", "run smtp/atuh", 3,
     "no case matches `smtp/atuh`: did you mean `smtp/auth`? (`startle list` shows all)"},
    {"SlashAtTheEnd", "run smtp/auth/", 3,
     "no case matches `smtp/auth/`: did you mean `smtp/auth`? (`startle list` shows all)"},
    {"NameBesideConfig", "run --name a.test --config DIR/schedule.xml", 2,
     "--name and --config do not go together: the hosts are those of the file, so leave --name "
     "out"},
    {"MatrixBesideConfig", "run --config DIR/schedule.xml matrix/certificates", 3,
     "`matrix/certificates` matches no case of --config: beside it, name cells of matrix/trust, "
     "for example '*/certificate=expired/*'"},
    {"CaseBesideConfig", "run --config DIR/schedule.xml smtp/auth", 3,
     "`smtp/auth` matches no case of --config: beside it, name cells of matrix/trust, for example "
     "'*/certificate=expired/*'"},
    {"ModeOfTheProtocol", "run --mode smtp", 2,
     "--mode smtp is not one of: smtp-starttls, smtps, ldap-starttls, ldaps, smtp-plain, "
     "ldap-plain (did you mean smtp-starttls?)"},
    {"TrustModelOfJava", "run --trust-model java", 2,
     "--trust-model java is not one of: documented, javamail, javamail-identity, angus, jndi, "
     "pkix, all (did you mean "
     "javamail?)"},
    {"StoreModelOfJava", "run --store-model java", 2,
     "--store-model java is not one of: documented, jsse, all (Java does as jsse)"},
    {"SuiteBegun", "run --suite def", 2,
     "--suite def is not one of: quick, default, full (did you mean default?)"},
    {"CertificateWithoutId", "serve smtp --certificate", 2,
     "--certificate needs ID behind it: for example `--certificate expired` (`startle serve "
     "--help` says more)"},
    {"LogWithoutFile", "explain --log", 2,
     "--log needs FILE behind it: for example `--log trace.txt` (`startle explain --help` says "
     "more)"},
    {"LogIsAFolder", "explain --log DIR/", 2, "DIR/: is a folder: name a file in it"},
    {"LogIsMissing", "explain --log DIR/no.log", 2,
     "DIR/no.log: cannot be read: No such file or directory"},
    {"LogAsJunit", "explain --log DIR/trace.txt --report junit", 2,
     "--report junit is not one of: text, json"},
    {"NothingForThisHost", "certs show name-constraint-violated --name 127.0.0.1", 2,
     "certificate name-constraint-violated cannot be shown to clients of 127.0.0.1: dNSName "
     "constraints say nothing about an IP address (RFC 5280, 4.2.1.10): give another --name, for "
     "example --name smtp.example.test"},
};
INSTANTIATE_TEST_SUITE_P(All, UsageMistake, testing::ValuesIn(kMistakes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Usage, HelpAndVersionAreCommandsToo) {
  const std::pair<const char*, const char*> rows[] = {{"help", "--help"},
                                                      {"help run", "run --help"},
                                                      {"help certs show", "certs show --help"},
                                                      {"version", "--version"}};
  for (const auto& [word, option] : rows) {
    const ProgramRun run = run_startle(words_of(word));
    EXPECT_EQ(run.status, 0) << word;
    EXPECT_EQ(run.err, "") << word;
    EXPECT_NE(run.out, "") << word;
    EXPECT_EQ(run.out, run_startle(words_of(option)).out) << word;
  }
}

TEST(Usage, EveryHelpFitsEightyColumns) {
  for (const char* command :
       {"", "run", "list", "serve", "certs", "certs list", "certs show", "certs export", "compare",
        "merge", "explain", "diagnose", "client"}) {
    const ProgramRun run = run_startle(words_of(std::string(command) + " --help"));
    EXPECT_EQ(run.status, 0) << command;
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Usage, AnEmptyValueOrAGlobIsNoMistake) {
  EXPECT_EQ(run_startle({"run", "--config", "", "smtp/auth/rejected-535"}).err, "");
  EXPECT_EQ(run_startle({"run", "--seed=2", "--jobs=1", "--", "smtp/auth/rejected-535"}).status, 0);
}

}  // namespace
}  // namespace startle::cases
