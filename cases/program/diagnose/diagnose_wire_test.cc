// startle diagnose --pcap and --keylog: what is kept of the connections, and what is not.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "cases/program/diagnose/ticket_for_test.h"
#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

constexpr std::size_t kMostBytes = 8 << 20;
const std::string kSecret = "Tannenzapfen-2026-geheim";
const std::string kTlsSecret = "CLIENT_TRAFFIC_SECRET_0";

class DiagnoseWire : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }

  // Of a server that is told the password of the configuration.
  ProgramRun diagnose(const Served& server, const std::string& tls,
                      std::vector<std::string> arguments) const {
    write_file(at("schedule.xml"), "<schedule>\n<smtp url='localhost' port='" + server.port() +
                                       "' email='m@example.test' " + tls +
                                       " username='svc' password='" + kSecret +
                                       "' trust='localhost'/>\n</schedule>\n");
    arguments.insert(arguments.begin(), {"diagnose", at("schedule.xml"), "--stop-after", "auth"});
    return run_startle(arguments, {{"SSL_CERT_FILE", server.ca()}});
  }
  bool has_password(const std::string& bytes) const {
    for (const std::string& trace : traces_of(kSecret)) {
      if (bytes.find(trace) != std::string::npos) return true;
    }
    return false;
  }
  std::string kept(const std::string& name) const { return read_file(at(name), kMostBytes); }

  TemporaryFolder folder_{};
};

TEST_F(DiagnoseWire, KeepsWhatWentOverTheWireAndNoSecret) {
  const Served server({"smtp", "--name", "localhost"});
  const ProgramRun run = diagnose(server, "starttls='true'", {"--pcap", at("wire.pcapng")});
  EXPECT_EQ(run.err, "");
  const std::string bytes = kept("wire.pcapng");
  EXPECT_NE(bytes.find("STARTTLS\r\n"), std::string::npos);
  EXPECT_EQ(bytes.find(kTlsSecret), std::string::npos);
  EXPECT_FALSE(has_password(bytes));
}

TEST_F(DiagnoseWire, KeepsSecretsWhereTheyAreAskedFor) {
  const Served server({"smtp", "--name", "localhost"});
  const ProgramRun run =
      diagnose(server, "starttls='true'", {"--pcap", at("wire.pcapng"), "--show-secrets"});
  EXPECT_EQ(run.err, "");
  EXPECT_NE(kept("wire.pcapng").find(kTlsSecret), std::string::npos);
}

TEST_F(DiagnoseWire, SaysThePasswordNowhereInClear) {
  write_file(at("clear.xml"),
             "<case summary='s'>\n"
             "<server in-clear='accept'><sasl mechanisms='PLAIN' in-clear='PLAIN'/></server>\n"
             "<expect endings='delivered' reason='r'/>\n</case>\n");
  const Served server({at("clear.xml"), "--name", "localhost"});
  const ProgramRun run = diagnose(server, "", {"--pcap", at("wire.pcapng"), "--show-secrets"});
  EXPECT_EQ(run.err, "");
  const std::string bytes = kept("wire.pcapng");
  EXPECT_NE(bytes.find("AUTH PLAIN"), std::string::npos) << "the server takes it in clear";
  EXPECT_FALSE(has_password(bytes));
  // The server has refused nothing, and is not said to.
  EXPECT_NE(run.out.find("no password is told in clear"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("offers no way to authenticate"), std::string::npos) << run.out;
}

TEST_F(DiagnoseWire, WritesTheKeyLogOfEachConnection) {
  const Served server({"smtp", "--name", "localhost"});
  EXPECT_EQ(diagnose(server, "starttls='true'", {"--keylog", at("keys")}).err, "");
  const std::string keys = kept("keys");
  const std::size_t first = keys.find(kTlsSecret);
  ASSERT_NE(first, std::string::npos);
  // To look, and to authenticate.
  EXPECT_NE(keys.find(kTlsSecret, first + 1), std::string::npos);
}

TEST_F(DiagnoseWire, RefusesWhatMakesNoSense) {
  write_file(at("app.log"), "nothing\n");
  const auto refusal = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"diagnose", "smtp://localhost:1", "--log", at("app.log")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramRun run = run_startle(arguments);
    EXPECT_EQ(run.status, 2) << run.out;
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  EXPECT_EQ(refusal({"--show-secrets"}),
            "startle: --show-secrets is about what --pcap FILE has: give both\n");
  EXPECT_EQ(refusal({"--pcap", at("x"), "--offline"}),
            "startle: --offline connects to no server: there is nothing for --pcap and --keylog\n");
  EXPECT_NE(refusal({"--pcap", at("app.log")}).find("would replace"), std::string::npos);
  EXPECT_EQ(kept("app.log"), "nothing\n");
}

}  // namespace
}  // namespace startle::cases
