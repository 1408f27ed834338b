// A run of a customer's configuration that cannot work says so, in every report, and fails.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cases/engine/startle_for_test.h"
#include "certs/jks.h"
#include "harness/base/file.h"
#include "harness/customer/store/store.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

constexpr const char* kMail =
    "<smtp url='mail.example.com' port='465' email='m@example.com' ssl='true' username='u' "
    "password='p' trust='mail.example.com'/>";

class Configuration {
 public:
  explicit Configuration(const std::string& element = kMail) {
    fs::create_directories(folder_.path() / "home/keystore");
    write_file(folder_.path() / "s.xml", "<schedule>\n" + element + "\n</schedule>\n");
  }
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  // `bytes` in place of the host's key store.
  void keep(const std::string& bytes) const {
    write_file(path("home/keystore/mail.example.com.ks"), bytes);
  }
  // The certificate of a recipe for `host`, made anew, in a file of that name.
  std::string made(const std::string& id, const std::string& host) const {
    const fs::path to = path(id + "-" + host);
    EXPECT_EQ(run_startle({"certs", "export", to, id, "--name", host, "--no-cache"}).status, 0);
    return to / id / "chain.pem";
  }
  ProgramRun run(const Arguments& more = {}) const {
    Arguments arguments{"run", "--config", path("s.xml")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return without_folder(run_startle(arguments), folder_.path());
  }
  ProgramRun with_home(Arguments more = {}) const {
    more.insert(more.end(),
                {"--home", path("home"), "--trust-model", "pkix", "--store-model", "jsse"});
    return run(more);
  }

 private:
  TemporaryFolder folder_{};
};

std::string store_of(const std::string& pem) {
  const std::string der = customer::read_store_file(pem, std::nullopt).entries.front().der;
  return certs::write_jks({{"mykey", der}}, "changeit", std::chrono::sys_seconds{});
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.size() - 1;
  return text.substr(text.rfind('\n', end - 1) + 1);
}

TEST(RunOfAConfiguration, ThatAcceptsNoneFailsInEveryReport) {
  const Configuration one;
  one.keep(store_of(one.made("self-signed", "other.example.net")));
  const ProgramRun run = one.with_home({"--report", "json=" + one.path("x.json").string(),
                                        "--report", "junit=" + one.path("x.xml").string()});
  EXPECT_EQ(run.status, 1);
  const std::string sentence =
      "this configuration accepts 0 of 26 certificates: `valid`, the first, ends in "
      "certificate-not-trusted (the chain ends in a certification authority that the client does "
      "not hold; the host's key store holds one trusted certificate, which is not the server's and "
      "has issued nothing of what it shows); what its own server shows is judged by --shown "
      "HOST=FILE";
  EXPECT_EQ(last_line(run.out), "s.xml:2: " + sentence + "\n");
  const auto json = nlohmann::json::parse(read_file(one.path("x.json"), 1 << 20));
  ASSERT_EQ(json["configurations"].size(), 1U);
  EXPECT_EQ(json["configurations"][0]["text"], sentence);
  EXPECT_EQ(json["configurations"][0]["works"], false);
  const std::string junit = read_file(one.path("x.xml"), 1 << 20);
  EXPECT_NE(junit.find(" tests=\"27\" failures=\"1\" "), std::string::npos) << junit;
}

TEST(RunOfAConfiguration, WhoseStoreRefusesEveryConnectionFails) {
  const Configuration one;
  one.keep("");
  const ProgramRun run = one.with_home();
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(last_line(run.out),
            "s.xml:2: this configuration accepts 0 of 26 certificates: each ends in "
            "configuration-error (the host's key store is an empty file)\n");
}

TEST(RunOfAConfiguration, ThatDoesNotAcceptWhatItsServerShowsFails) {
  const Configuration one;
  const std::string expired = one.made("expired", "mail.example.com");
  const ProgramRun run = one.run({"--shown", "mail.example.com=" + expired});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(last_line(run.out).starts_with(
      "s.xml:2: this configuration does not accept what its server shows: certificate-expired (the "
      "certificate has expired; trust anchors: "))
      << run.out;
  const ProgramRun some =
      one.run({"--shown", "mail.example.com=" + expired, "--trust-model", "all"});
  EXPECT_EQ(some.status, 0) << "JavaMail takes it, and nobody has said that it is not that";
}

TEST(RunOfAConfiguration, ThatAcceptsItsOwnServerAloneWorks) {
  const Configuration one;
  const std::string own = one.made("self-signed", "mail.example.com");
  one.keep(store_of(own));
  const ProgramRun run = one.with_home({"--shown", "mail.example.com=" + own});
  EXPECT_EQ(run.status, 0) << run.out;
  EXPECT_EQ(last_line(run.out),
            "s.xml:2: this configuration accepts 0 of 26 certificates, but does accept what its "
            "server shows\n");
}

TEST(RunOfAConfiguration, ThatAcceptsSomeSaysNothingMore) {
  const ProgramRun run = Configuration().run();
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(last_line(run.out), "26 passed, 0 failed, 0 skipped\n");
}

TEST(RunOfAConfiguration, InClearIsNoMatterOfCertificates) {
  const ProgramRun run =
      Configuration("<smtp url='relay.example.com' email='m@example.com'/>").run();
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(last_line(run.out), "26 passed, 0 failed, 0 skipped\n");
}

TEST(RunOfAConfiguration, OfWhichAPartIsRunIsNotJudged) {
  const Configuration one;
  one.keep("");
  EXPECT_EQ(one.with_home({"*/certificate=valid/*"}).status, 0);
  EXPECT_EQ(one.with_home({"--sample", "5"}).status, 0);
}

TEST(RunOfAConfiguration, IsJudgedWhereItsShardsAreMerged) {
  const Configuration one;
  one.keep("");
  for (const char* shard : {"1/2", "2/2"}) {
    const std::string file = one.path(std::string(shard, 1) + ".json");
    EXPECT_EQ(one.with_home({"--shard", shard, "--report", "json=" + file}).status, 0);
  }
  const ProgramRun merged = run_startle({"merge", one.path("1.json"), one.path("2.json")});
  EXPECT_EQ(merged.status, 1);
  EXPECT_NE(last_line(merged.out)
                .find("s.xml:2: this configuration accepts 0 of 26 certificates: each ends in "
                      "configuration-error (the host's key store is an empty file)\n"),
            std::string::npos)
      << merged.out;
}

// What is warned of stands in each report: of the file, of a store, of a trust value.
TEST(RunOfAConfiguration, SaysItsWarningsAndItsCauseInEveryReportAlike) {
  const Configuration one(
      "<smtp url='mail.example.com' port='465' email='m@example.com' emial='x' ssl='true' "
      "username='u' password='p' trust='mail.example.com a,b'/>");
  one.keep("");
  const ProgramRun run = one.with_home({"--report", "json=" + one.path("x.json").string(),
                                        "--report", "junit=" + one.path("x.xml").string(),
                                        "--report", "text=" + one.path("x.txt").string()});
  const auto json = nlohmann::json::parse(read_file(one.path("x.json"), 1 << 20));
  const std::string junit = read_file(one.path("x.xml"), 1 << 20);
  const std::string text = read_file(one.path("x.txt"), 1 << 20);
  ASSERT_GE(json["warnings"].size(), 3U) << run.err;
  for (const auto& warning : json["warnings"]) {
    const std::string line = warning["where"].get<std::string>() +
                             ": warning: " + warning["text"].get<std::string>() + "\n";
    EXPECT_NE(text.find("\n" + line), std::string::npos) << line;
    std::string escaped = line;
    for (std::size_t i = escaped.find('&'); i != std::string::npos; i = escaped.find('&', i + 1)) {
      escaped.replace(i, 1, "&amp;");
    }
    EXPECT_NE(junit.find(escaped), std::string::npos) << line;
  }
  const std::string cause = json["cause"];
  EXPECT_TRUE(cause.ends_with("s.xml:2: mail.example.com: the store is an empty file")) << cause;
  EXPECT_TRUE(text.starts_with(cause + "\n"));
  EXPECT_NE(junit.find("<property name=\"cause\" value=\"" + cause + "\"/>"), std::string::npos);
  const ProgramRun merged = run_startle({"merge", one.path("x.json")});
  EXPECT_TRUE(merged.out.starts_with(cause + "\n")) << merged.out;
}

// Allegra's customers have no schedule.xml.
TEST(RunOfAHost, NeedsNoFile) {
  const Configuration one;
  const std::string own = one.made("self-signed", "mail.example.com");
  one.keep(store_of(own));
  const ProgramRun run = run_startle({"run", "--host", "mail.example.com:465", "--home",
                                      one.path("home"), "--shown", "mail.example.com=" + own});
  EXPECT_EQ(run.status, 0) << run.err << run.out;
  EXPECT_TRUE(run.out.starts_with("no fault found: what mail.example.com shows is accepted\n"))
      << run.out;
  EXPECT_EQ(last_line(run.out),
            "--host:1: this configuration accepts 0 of 26 certificates, but does accept what its "
            "server shows\n");
}

TEST(RunOfAHost, ThePortOrTheModeSaysWhatIsSpoken) {
  const auto first = [](const std::string& host, Arguments more) {
    Arguments arguments{"run", "--host", host, "*/certificate=valid/*"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramRun run = run_startle(arguments);
    EXPECT_EQ(run.status, 0) << run.err << run.out;
    const std::size_t at = run.out.find("\n--host:1: ") + 1;
    return run.out.substr(at, run.out.find('\n', at) - at);
  };
  EXPECT_TRUE(
      first("dc1.example.com:636", {}).starts_with("--host:1: dc1.example.com:636, implicit TLS"));
  EXPECT_TRUE(
      first("dc1.example.com:3268", {}).starts_with("--host:1: dc1.example.com:3268, StartTLS"));
  EXPECT_TRUE(
      first("mail.example.com:587", {}).starts_with("--host:1: mail.example.com:587, STARTTLS"));
  EXPECT_TRUE(first("mail.example.com:2465", {"--mode", "smtps"})
                  .starts_with("--host:1: mail.example.com:2465, implicit TLS"));
}

TEST(RunWithCacerts, TheTableGoesByWhatItHolds) {
  const Configuration one;
  write_file(one.path("cacerts"), store_of(one.made("self-signed", "other.example.net")));
  const ProgramRun run = run_startle({"run", "--host", "mail.example.com:587", "--host",
                                      "dc1.example.com:389", "--cacerts", one.path("cacerts")});
  EXPECT_EQ(run.status, 1) << run.err;
  for (const char* server : {"--host:1", "--host:2"}) {
    EXPECT_NE(run.out.find(std::string("\n") + server +
                           ": this configuration accepts 0 of 26 certificates: "),
              std::string::npos)
        << run.out;
  }
  EXPECT_NE(run.out.find("the Java runtime's own store holds one trusted certificate, which is not "
                         "the server's and has issued nothing of what it shows"),
            std::string::npos)
      << run.out;
}

TEST(FailOnWarning, FailsForAnyWarningOrFinding) {
  const std::string warned =
      "<smtp url='mail.example.com' port='465' email='m@example.com' ssl='true' username='u' "
      "password='p' trust='mail.example.com a,b'/>";
  EXPECT_EQ(Configuration(warned).run().status, 0);
  EXPECT_EQ(Configuration(warned).run({"--fail-on", "warning"}).status, 1);
  EXPECT_EQ(Configuration().run({"--fail-on", "warning"}).status, 0);
  const Configuration one(warned);
  const std::string file = one.path("x.json");
  one.run({"--report", "json=" + file, "--report", "junit=" + one.path("x.xml").string()});
  EXPECT_EQ(run_startle({"merge", file}).status, 0);
  EXPECT_EQ(run_startle({"merge", file, "--fail-on", "warning"}).status, 1);
  EXPECT_NE(
      read_file(one.path("x.xml"), 1 << 20)
          .find("s.xml:2: warning: documented: `a,b` is neither a host name nor an IP address"),
      std::string::npos);
}

}  // namespace
}  // namespace startle::cases
