// `startle bench` as its users see it.

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "cases/program/daemon_for_test.h"
#include "cases/program/real_exchange_for_test.h"
#include "cases/program/real_postfix_for_test.h"
#include "cases/program/real_slapd_for_test.h"
#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Words = std::vector<std::string>;

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ProgramRun bench(const Words& more) {
  return run_startle(with({"bench"}, more));
}

// Of few handshakes; the rows of its JSON.
Json rows_of(const Words& more, int status = 0) {
  const ProgramRun run =
      bench(with({"--report", "json", "--handshakes", "24", "--connections", "4"}, more));
  EXPECT_EQ(run.status, status) << run.out << run.err;
  const Json whole = Json::parse(run.out, nullptr, false);
  EXPECT_EQ(whole.value("format", 0), 1) << run.out << run.err;
  return whole.value("rows", Json::array());
}

// ---- our own server ----------------------------------------------------------------------------

class BenchOfMode : public testing::TestWithParam<const char*> {};

TEST_P(BenchOfMode, CountsAndTimesEachHandshake) {
  for (const char* transport : {"tcp", "memory"}) {
    const Json rows = rows_of({"--mode", GetParam(), "--transport", transport});
    ASSERT_EQ(rows.size(), 1U);
    const Json& row = rows[0];
    const bool over_tcp = transport == std::string("tcp");
    EXPECT_EQ(row.at("handshakes"), 24);
    EXPECT_EQ(row.at("failures"), Json::object());
    EXPECT_EQ(row.at("tls_version"), "TLS1.3");
    EXPECT_EQ(row.at("group"), "X25519");
    EXPECT_EQ(row.at("key"), "ecdsa-p256");
    EXPECT_EQ(row.at("loop"), "closed");
    EXPECT_GT(row.at("handshakes_per_s"), 0);
    EXPECT_GT(row.at("client_cpu_us_per_handshake"), 0);
    EXPECT_EQ(row.at("server_cpu_us_per_handshake").is_null(), !over_tcp);
    EXPECT_GT(row.at("octets_received_per_handshake"), 500);
    EXPECT_GE(row.at("round_trips_per_handshake"), 1);
    EXPECT_EQ(row.at("latency_us").empty(), !over_tcp);
    if (over_tcp) {
      const Json& total = row.at("latency_us").at("total");
      EXPECT_GE(total.at("max"), total.at("p50"));
      EXPECT_GE(total.at("p50"), row.at("latency_us").at("tls").at("p50"));
    }
  }
}
INSTANTIATE_TEST_SUITE_P(All, BenchOfMode,
                         testing::Values("smtp-starttls", "smtps", "ldap-starttls", "ldaps"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Bench, SpeaksWhatItIsTold) {
  const Json rows = rows_of({"--key", "rsa-2048,ed25519", "--tls", "1.2", "--group", "P-256",
                             "--resume", "ticket", "--stop-after", "message", "--threads", "2"});
  ASSERT_EQ(rows.size(), 2U);
  for (const Json& row : rows) {
    EXPECT_EQ(row.at("tls_version"), "TLS1.2");
    EXPECT_EQ(row.at("resumed"), 20) << "all but the first of each connection";
    EXPECT_EQ(row.at("handshakes"), 24);
    EXPECT_EQ(row.at("stop_after"), "message");
  }
  EXPECT_EQ(rows[0].at("key"), "rsa-2048");
  EXPECT_EQ(rows[1].at("key"), "ed25519");
}

TEST(Bench, OfAnOpenLoopArrivesBySchedule) {
  const ProgramRun run =
      bench({"--rate", "50", "--duration", "1", "--report", "json", "--threads", "2"});
  const Json row = Json::parse(run.out).at("rows").at(0);
  EXPECT_EQ(row.at("handshakes"), 50);
  EXPECT_EQ(row.at("loop"), "open");
  EXPECT_EQ(row.at("rate"), 50);
}

TEST(Bench, MatrixPutsTheBestFirstBesideTheBareHandshake) {
  const ProgramRun run = bench({"--matrix", "--key", "ecdsa-p256", "--mode", "smtps", "--duration",
                                "0.1", "--report", "json"});
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  const Json rows = Json::parse(run.out).at("rows");
  ASSERT_EQ(rows.size(), 8U) << "two versions, two groups, with tickets and without";
  double before = rows[0].at("handshakes_per_s");
  for (const Json& row : rows) {
    EXPECT_LE(row.at("handshakes_per_s"), before);
    before = row.at("handshakes_per_s");
    EXPECT_GT(row.at("bare_us"), 0);
    EXPECT_EQ(row.at("resumed") > 0, row.at("resume") == "ticket");
  }
}

TEST(Bench, MeasuresAnotherClientWhole) {
  const ProgramRun run = bench({"--client", STARTLE_TREE "/ci/examples/client.py", "--mode",
                                "smtp-starttls", "--handshakes", "3", "--report", "json"});
  const Json row = Json::parse(run.out).at("rows").at(0);
  EXPECT_EQ(row.at("handshakes"), 3) << run.out << run.err;
  EXPECT_GT(row.at("client_cpu_us_per_handshake"), 1000) << "of its processes";
}

TEST(Bench, ReportsAsTextAndAsCsv) {
  const TemporaryFolder folder;
  const std::string csv = folder.path() / "rows.csv";
  const ProgramRun run = bench({"--handshakes", "9", "--report", "csv=" + csv, "--self-check"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("handshakes/s"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("\n  tls  "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("the generator alone uses"), std::string::npos) << run.out;
  const std::string text = read_file(csv, 1 << 20);
  EXPECT_TRUE(text.starts_with("name,server,mode,")) << text;
  EXPECT_NE(text.find("\r\ncapacity,own server,smtp-starttls,tcp,closed,16,"), std::string::npos)
      << text;
}

TEST(Bench, FailsWhereALimitIsExceeded) {
  const Words few{"--handshakes", "5"};
  EXPECT_EQ(bench(with(few, {"--fail-if", "tls.p50>50s", "--fail-if", "failures>0"})).status, 0);
  const ProgramRun run = bench(with(few, {"--fail-if", "tls.p50>0.1us"}));
  EXPECT_EQ(run.status, 1);
  EXPECT_NE(run.out.find("capacity: tls.p50 is "), std::string::npos) << run.out;
}

TEST(Bench, IsEndedByASignalWithTheResultsSoFar) {
  Served server({"smtp", "--name", "localhost"});
  Process process({STARTLE_PROGRAM, "bench", "smtp://localhost:" + server.port(), "--trust", "*",
                   "--report", "json", "--duration", "50"});
  for (int seen = 0; seen < 5; ++seen) ASSERT_NE(server.next_event(), Json::object());
  process.send_signal(SIGINT);
  const ProcessEnd end = process.wait();
  EXPECT_EQ(end.status, 130) << end.errors;
  const Json whole = Json::parse(end.output);
  EXPECT_EQ(whole.at("complete"), false);
  ASSERT_EQ(whole.at("rows").size(), 1U) << "and our own server is not loaded any more";
  EXPECT_GT(whole.at("rows").at(0).at("handshakes"), 0);
}

// ---- somebody else's ---------------------------------------------------------------------------

TEST(BenchOfAServer, StandsBesideOurOwn) {
  const Served server({"smtp", "--certificate", "rsa-2048", "--name", "localhost"});
  const std::string url = "smtp://localhost:" + server.port();
  const Json rows = rows_of({url, "--trust", "*"});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].at("server"), "localhost:" + server.port());
  EXPECT_EQ(rows[0].at("key"), "rsa-2048");
  EXPECT_EQ(rows[1].at("key"), "rsa-2048");
  EXPECT_EQ(rows[1].at("server"), "own server");
  EXPECT_EQ(rows[2].at("key"), "ecdsa-p256");
  for (const Json& row : rows) {
    EXPECT_EQ(row.at("group"), rows[0].at("group"));
    EXPECT_EQ(row.at("tls_version"), rows[0].at("tls_version"));
  }
  EXPECT_TRUE(rows[0].at("server_cpu_us_per_handshake").is_null());
}

TEST(BenchOfAServer, VerifiesItsCertificate) {
  const Served server({"ldap", "--name", "localhost"});
  const std::string url = "ldap://localhost:" + server.port();
  const ProgramRun refused = bench({url, "--handshakes", "9"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.out.find("certificate-not-trusted"), std::string::npos) << refused.out;
  EXPECT_NE(refused.out.find("--trust '*'"), std::string::npos) << refused.out;
  EXPECT_EQ(refused.out.find("own server"), std::string::npos) << "and measures nothing";
  for (const Words& trust : {Words{}, Words{"--trust", "localhost"}}) {
    const ProgramRun run = run_startle(with({"bench", url, "--handshakes", "9"}, trust),
                                       {{"SSL_CERT_FILE", server.ca()}});
    EXPECT_EQ(run.status, 0) << run.out << run.err;
  }
}

TEST(BenchOfAServer, ThatThrottlesHasNoRate) {
  const Served busy({"smtp", "--mode", "smtps", "--name", "localhost", "--reply",
                     "auth=421 4.7.0 too many connections"});
  const TemporaryFolder folder;
  const std::string password = folder.path() / "password";
  write_file(password, "secret\n", true);
  const Json rows = rows_of({"smtps://localhost:" + busy.port(), "--trust", "*", "--stop-after",
                             "auth", "--username", "u", "--password-file", password},
                            1);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("handshakes_per_s"), Json());
  EXPECT_EQ(rows[0].at("failures").at("throttled"), 24);
  EXPECT_NE(rows[0].at("remarks").dump().find("anvil"), std::string::npos);
}

TEST(BenchOfAServer, ThatServesNobodyIsToldByItsEnding) {
  const std::vector<std::uint16_t> free = free_ports(1);
  const Served in_clear({"smtp", "--reply", "starttls=454", "--name", "localhost"});
  const Served silent({"smtp", "--reply", "ehlo=250 nothing here", "--name", "localhost"});
  const Served other({"ldap", "--name", "localhost"});
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"smtp://127.0.0.1:" + std::to_string(free[0]), "not-connected"},
      {"smtp://localhost:" + in_clear.port(), "starttls-refused"},
      {"smtp://localhost:" + silent.port(), "starttls-not-supported"},
      {"smtps://localhost:" + in_clear.port(), "protocol-error"},
      {"smtp://localhost:" + other.port(), "timeout"}};
  for (const auto& [url, ending] : rows) {
    const ProgramRun run = bench({url, "--trust", "*", "--deadline", "1"});
    EXPECT_EQ(run.status, 1) << url << run.out << run.err;
    EXPECT_NE(run.out.find("1 ended in " + ending), std::string::npos) << url << run.out;
    EXPECT_NE(run.out.find("void"), std::string::npos) << url << run.out;
  }
}

struct RealRow {
  const char* name;
  bool is_mail;
  bool starttls;
  const char* counted;  // in the server's log, once a connection
};

void PrintTo(const RealRow& row, std::ostream* out) {
  *out << row.name;
}

class BenchOfARealServer : public testing::TestWithParam<RealRow> {};

// One connection more than handshakes: the first look at the server.
TEST_P(BenchOfARealServer, CountsWhatItsLogCounts) {
  const RealRow& row = GetParam();
  const std::string why = row.is_mail ? RealPostfix::absence() : RealSlapd::absence();
  if (!why.empty()) GTEST_SKIP() << why;
  for (const char* resume : {"off", "ticket"}) {
    std::unique_ptr<RealServer> server;
    if (row.is_mail) {
      server = std::make_unique<RealPostfix>(*chain_of("valid"));
    } else {
      server = std::make_unique<RealSlapd>(*chain_of("valid"));
    }
    const std::uint16_t port = row.starttls ? server->starttls_port() : server->tls_port();
    const std::string url = std::string(row.is_mail ? "smtp" : "ldap") + (row.starttls ? "" : "s") +
                            "://127.0.0.1:" + std::to_string(port);
    const ProgramRun run = bench({url, "--trust", "*", "--resume", resume, "--handshakes", "24",
                                  "--connections", "4", "--report", "json"});
    const Json measured = Json::parse(run.out).at("rows").at(0);
    // slapd refuses StartTLS now and then that comes right behind an answer: it takes the search
    // for outstanding (operationsError).
    const Json& failures = measured.at("failures");
    const unsigned refused = row.is_mail ? 0 : failures.value("starttls-refused", 0U);
    EXPECT_EQ(failures.size(), refused == 0 ? 0U : 1U) << failures;
    const unsigned done = measured.at("handshakes");
    EXPECT_EQ(done + refused, 24U);
    // Debian's slapd gives no tickets, which is told.
    const bool resumes = row.is_mail && resume == std::string("ticket");
    EXPECT_EQ(measured.at("resumed"), resumes ? 20 : 0) << url;
    const bool told = measured.at("remarks").dump().find("resumed no session") != std::string::npos;
    EXPECT_EQ(told, !row.is_mail && resume == std::string("ticket"));
    EXPECT_TRUE(server->daemon().says(row.counted, done + 1)) << server->daemon().log();
    std::size_t count = 0;
    const std::string log = server->daemon().log();
    for (std::size_t at = log.find(row.counted); at != std::string::npos;
         at = log.find(row.counted, at + 1)) {
      ++count;
    }
    EXPECT_EQ(count, done + 1) << log;
  }
}
INSTANTIATE_TEST_SUITE_P(All, BenchOfARealServer,
                         testing::Values(RealRow{"Postfix", true, true, " starttls=1 "},
                                         RealRow{"PostfixImplicit", true, false,
                                                 ": disconnect from "},
                                         RealRow{"Slapd", false, true, "TLS established"},
                                         RealRow{"SlapdImplicit", false, false, "TLS established"}),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- usage -------------------------------------------------------------------------------------

struct MistakeRow {
  Words words;
  const char* told;
};

TEST(Bench, RefusesWhatMakesNoSense) {
  for (const MistakeRow& row :
       {MistakeRow{{"smtp://localhost", "--key", "rsa-2048"}, "--key and smtp://localhost do not"},
        {{"smtp://mail.example.com"}, "mail.example.com is no loopback address"},
        {{"smtp://192.0.2.1"}, "say --allow-remote"},
        {{"mail.example.com"}, "`mail.example.com` is no URL: write smtp://HOST[:PORT]"},
        {{"--tls", "1.1"}, "--tls 1.1: a client of today speaks 1.2 or 1.3"},
        {{"--key", "rsa-2049"}, "--key rsa-2049 is not one of: "},
        {{"--group", "p256"}, "--group p256 is not one of: X25519, P-256"},
        {{"--mode", "smtp-plain"}, "--mode smtp-plain has no handshake to measure"},
        {{"--fail-if", "p99>1ms"}, "--fail-if p99>1ms: `p99` is not measured: write "},
        {{"--report", "xml"}, "--report xml is not one of: text, json, csv"},
        {{"--report", "json", "--report", "csv"}, "two reports go to stdout"},
        {{"--transport", "memory", "--rate", "5"}, "--rate and --transport memory do not"},
        {{"smtp://localhost", "--stop-after", "auth"}, "needs a user that the server knows"},
        {{"--client", "no-such-client"}, "no-such-client"}}) {
    const ProgramRun run = bench(row.words);
    EXPECT_EQ(run.status, 2) << row.told << run.out;
    EXPECT_NE(run.err.find(row.told), std::string::npos) << run.err;
    EXPECT_EQ(run.out, "") << row.told;
  }
}

}  // namespace
}  // namespace startle::cases
