// The command line, from outside: what a mistake, in arguments or in a file, is told.

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/small_catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/net/tcp.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

// ---- mistakes ----------------------------------------------------------------------------------

struct MistakeRow {
  const char* name;
  Arguments arguments;  // DIR: a folder in which there is nothing
  int status;
  std::string err;  // one line, without "startle: "; DIR is that folder
};

void PrintTo(const MistakeRow& row, std::ostream* out) {
  *out << row.name;
}

class MistakeTest : public testing::TestWithParam<MistakeRow> {};

// `text` with each DIR made `folder`.
std::string at(const std::string& folder, std::string text) {
  for (std::size_t i = text.find("DIR"); i != std::string::npos;
       i = text.find("DIR", i + folder.size())) {
    text.replace(i, 3, folder);
  }
  return text;
}

TEST_P(MistakeTest, IsToldInOneLine) {
  const TemporaryFolder folder;
  Arguments arguments = GetParam().arguments;
  for (std::string& argument : arguments) argument = at(folder.path(), argument);
  const ProgramRun run = run_startle(arguments);
  EXPECT_EQ(run.status, GetParam().status);
  EXPECT_EQ(run.err, "startle: " + at(folder.path(), GetParam().err) + "\n");
  EXPECT_EQ(run.out, "");
}

const MistakeRow kMistakes[] = {
    {"UnknownSuite",
     {"run", "--suite", "fast"},
     2,
     "--suite fast is not one of: quick, default, full"},
    {"UnknownTransport",
     {"run", "--transport", "udp"},
     2,
     "--transport udp is not one of: memory, tcp"},
    {"UnknownReport",
     {"run", "--report", "xml"},
     2,
     "--report xml is not one of: text, json, jsonl, junit, markdown, sarif"},
    {"TwoReportsOnStdout",
     {"run", "smtp/auth", "--report", "json", "--report", "junit"},
     2,
     "only one --report can go to stdout: write --report KIND=FILE"},
    {"TwoReportsInOneFile",
     {"run", "smtp/auth", "--report", "json=same.txt", "--report", "junit=same.txt"},
     2,
     "--report json=same.txt and --report junit=same.txt go to the same file: give each its own"},
    {"ReportNowhere",
     {"run", "smtp/auth", "--report", "json=DIR/none/x.json"},
     2,
     "--report json=DIR/none/x.json: the file cannot be written: name one in a folder that is "
     "there "
     "and that you may write to"},
    {"UnknownSeverity",
     {"run", "--fail-on", "bad"},
     2,
     "--fail-on bad is not one of: warning, note, wrong-reason, false-refuse, false-accept, leak"},
    {"UnknownMode",
     {"run", "--mode", "imaps"},
     2,
     "--mode imaps is not one of: smtp-starttls, smtps, ldap-starttls, ldaps, smtp-plain, "
     "ldap-plain"},
    {"ModeThatAGlobLacks",
     {"run", "smtp/auth", "--mode", "ldaps"},
     3,
     "`smtp/auth` has no case of the mode ldaps (`startle list` shows all)"},
    {"CellThatItsModeLacks",
     {"run",
      "matrix/trust/mode=ldaps/trust=host/certificate=valid/credential=sender-not-authorized"},
     3,
     "no case matches "
     "`matrix/trust/mode=ldaps/trust=host/certificate=valid/credential=sender-not-authorized` "
     "(`startle list` shows all)"},
    {"DateOutOfTheCalendar",
     {"run", "smtp/auth", "--at", "2026-02-30"},
     2,
     "--at 2026-02-30 is no date from 1990 to 9900: write 2026-11-21 or 2026-11-21T12:00:00Z"},
    {"DateInWords",
     {"run", "smtp/auth", "--at", "tomorrow"},
     2,
     "--at tomorrow is no date from 1990 to 9900: write 2026-11-21 or 2026-11-21T12:00:00Z"},
    {"ShardZero",
     {"run", "--shard", "0/3"},
     2,
     "--shard 0/3 is none of the shards: write one of 1/3 to 3/3"},
    {"MergeToAnUnknownReport",
     {"merge", "x.json", "--fail-on", "bad"},
     2,
     "--fail-on bad is not one of: warning, note, wrong-reason, false-refuse, false-accept, leak"},
    {"NothingMatchesNearACase",
     {"run", "smtp/auth/rejected-53"},
     3,
     "no case matches `smtp/auth/rejected-53`: did you mean `smtp/auth/rejected-535`? (`startle "
     "list` shows all)"},
    {"NothingNear", {"run", "x"}, 3, "no case matches `x` (`startle list` shows all)"},
    {"FileNotThere",
     {"run", "DIR/x.xml"},
     2,
     "DIR/x.xml: cannot be read: No such file or directory"},
    {"ConfigNotThere",
     {"run", "--config", "DIR/schedule.xml"},
     2,
     "DIR/schedule.xml: cannot be read: No such file or directory"},
    {"ConfigOfADevice", {"run", "--config", "/dev/zero"}, 2, "/dev/zero: is not a file"},
    {"ServeAnUnknownCertificate",
     {"serve", "smtp", "--certificate", "expierd"},
     2,
     "there is no certificate `expierd`: did you mean `expired`? (`startle certs list` "
     "names all)"},
    {"ServeACertificateThatSaysNothingToTheHost",
     {"serve", "smtp", "--certificate", "name-constraint-violated", "--name", "127.0.0.1"},
     2,
     "--certificate name-constraint-violated cannot be shown to clients of 127.0.0.1: dNSName "
     "constraints say nothing about an IP address (RFC 5280, 4.2.1.10)"},
    {"ServeAReplyWithoutPoint",
     {"serve", "smtp", "--reply", "454"},
     2,
     "--reply 454 is not POINT=TEXT or POINT=CODE"},
    {"ServeAReplyAtAnUnknownPoint",
     {"serve", "smtp", "--reply", "startls=454"},
     2,
     "--reply startls is not one of: greeting, ehlo, helo, starttls, ehlo-in-tls, auth, mail, "
     "rcpt, data, message, quit"},
    {"ServeAReplyWithAnUnknownPlaceholder",
     {"serve", "smtp", "--reply", "mail={x}"},
     2,
     "--reply: {x} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}"},
    {"ServeEverybody",
     {"serve", "smtp", "--listen", "0.0.0.0:0"},
     2,
     "0.0.0.0 is no loopback address: a fake server that others can reach needs --allow-remote"},
    {"ServeEverybodyOverIpv6",
     {"serve", "smtp", "--listen", "[::]:0"},
     2,
     ":: is no loopback address: a fake server that others can reach needs --allow-remote"},
    {"ServeAtNoPort",
     {"serve", "smtp", "--listen", "127.0.0.1:99999"},
     2,
     "`99999` in `127.0.0.1:99999` is not a port: write one from 0 to 65535"},
};
INSTANTIATE_TEST_SUITE_P(All, MistakeTest, testing::ValuesIn(kMistakes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CommandLine, WhatIsMissingOrUnknownIsToldInOneLineToo) {
  const std::pair<Arguments, int> rows[] = {
      {{"rnu"}, 2}, {{"serve"}, 2}, {{"run", "smtp/auth/rejected-535", "--mode", "smtp-plain"}, 3}};
  for (const auto& [arguments, status] : rows) {
    const ProgramRun run = run_startle(arguments);
    EXPECT_EQ(run.status, status);
    EXPECT_TRUE(run.err.starts_with("startle: ")) << run.err;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
    EXPECT_EQ(run.out, "");
  }
}

TEST(CommandLine, APortInUseSaysWhatToDo) {
  net::RealWorld world;
  const net::TcpListener taken(world, {.address = "127.0.0.1"});
  const std::string at = "127.0.0.1:" + std::to_string(taken.endpoint().port);
  const ProgramRun run = run_startle({"serve", "smtp", "--listen", at});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.err, "startle: " + at +
                         " is in use: stop what listens there or take another port (port 0 takes "
                         "a free one)\n");
  EXPECT_EQ(run.out, "");
}

TEST(CommandLine, ACatalogueNotFoundSaysWhatToDo) {
  const TemporaryFolder folder;
  const std::string nowhere = folder.path() / "none";
  for (const Arguments& arguments :
       {Arguments{"run"}, Arguments{"list"}, Arguments{"serve", "smtp"}}) {
    const ProgramRun run = run_startle(arguments, {{"STARTLE_CATALOGUE", nowhere}});
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "startle: STARTLE_CATALOGUE=" + nowhere +
                           " holds no cases/startle.rng: set it to the folder that does, or unset "
                           "it\n");
    EXPECT_EQ(run.out, "");
  }
  EXPECT_EQ(run_startle({"list"}, {{"STARTLE_CATALOGUE", STARTLE_TREE}}).status, 0);
}

TEST(CommandLine, ACatalogueWithoutRequirementsIsNone) {
  const SmallCatalogue small;
  small.write("cases/smtp/x.xml",
              "<case summary='s'><expect endings='delivered' reason='r'/></case>");
  const auto list = [&] { return run_startle({"list"}, {{"STARTLE_CATALOGUE", small.path()}}); };
  EXPECT_EQ(list().out, "smtp/x\n");
  small.remove("cases/requirements.xml");
  EXPECT_EQ(list().status, 2);
  EXPECT_EQ(list().err, "startle: STARTLE_CATALOGUE=" + small.path() +
                            " holds no cases/requirements.xml: set it to the folder that does, or "
                            "unset it\n");
  EXPECT_EQ(list().out, "");
}

// ---- configurations ----------------------------------------------------------------------------

struct ConfigRow {
  const char* name;
  std::string content;
  std::string complaint;  // without "FILE:"
};

void PrintTo(const ConfigRow& row, std::ostream* out) {
  *out << row.name;
}

class ConfigTest : public testing::TestWithParam<ConfigRow> {};

TEST_P(ConfigTest, EndsTheProgramWithOneSentence) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "schedule.xml";
  write_file(file, GetParam().content);
  const ProgramRun run = run_startle({"run", "--config", file});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "startle: " + file + ":" + GetParam().complaint + "\n");
  EXPECT_EQ(run.out, "");
}

std::string smtp(std::string_view attributes) {
  return "<schedule>\n<smtp url='a.test' email='m@a.test' " + std::string(attributes) +
         "/>\n</schedule>\n";
}

const ConfigRow kConfigs[] = {
    {"Empty", "", "1: the file is empty"},
    {"Binary",
     std::string("\x7f"
                 "ELF\x02\x01\0\0",
                 8),
     "1: this is not XML: a document begins with <"},
    {"Truncated", "<schedule>\n<smtp url='a.test' email='m@a.test'",
     "2: the tag is cut off, or a blank is missing between two attributes (inside a value, a "
     "quotation mark is &quot;)"},
    {"Doctype", "<!DOCTYPE schedule>\n<schedule/>",
     "1: a DOCTYPE is not allowed here: remove it (nothing outside the file is read)"},
    {"EntityBomb", "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]>\n<smtp url='&c;'/>",
     "1: a DOCTYPE is not allowed here: remove it (nothing outside the file is read)"},
    {"PlainAmpersand", smtp("password='sec&ret'"),
     "2: a & that begins no entity: a plain & is written &amp;"},
    {"NoSmtp", "<schedule/>",
     "1: no <smtp> or <ldap> element in this file: it needs one, like <smtp "
     "url=\"smtp.example.com\" "
     "port=\"25\" email=\"scheduler@example.com\"/>"},
    {"NoUrl", "<smtp email='m@a.test'/>",
     "1: <smtp> needs url=\"...\", the host name of the mail server"},
    {"PortOutOfRange", smtp("port='65536'"), "2: port=\"65536\" is not a number from 1 to 65535"},
    {"PortByName", smtp("port='smtp'"), "2: port=\"smtp\" is not a number from 1 to 65535"},
    {"PlaceholderOfAPort", smtp("port='${port}'"),
     "2: port=\"${port}\" is a placeholder that was not filled in: write the number of the port"},
    {"TooLong", smtp("username='" + std::string(5 << 20, 'u') + "'"),
     "1: longer than 4194304 bytes"},
};
INSTANTIATE_TEST_SUITE_P(All, ConfigTest, testing::ValuesIn(kConfigs),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CommandLine, AGlobBehindAnOptionIsNoValueOfIt) {
  const ProgramRun run = run_startle({"run", "--report", "text", "smtp/auth"});
  EXPECT_EQ(run.status, 0) << run.err;
}

TEST(CommandLine, AMistakeLeavesFormerReportsAlone) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "good.json";
  write_file(file, "a former report");
  EXPECT_EQ(
      run_startle({"run", "smtp/auth", "--report", "json=" + file, "--report", "xml=y"}).status, 2);
  EXPECT_EQ(read_file(file, 100), "a former report");
}

TEST(CommandLine, AHugeConfigurationIsRefusedUnread) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "schedule.xml";
  write_file(file, smtp(""));
  std::filesystem::resize_file(file, 100 << 20);  // a hole: it takes no place
  const ProgramRun run = run_startle({"run", "--config", file});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "startle: " + file + ":1: longer than 4194304 bytes\n");
}

}  // namespace
}  // namespace startle::cases
