// What a real server shows, from outside: `startle run --shown` and `startle certs show FILE.pem`
// with what people have in their files.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

// A configuration of one host, and chains for it, made anew: dates go by today.
class Chains {
 public:
  explicit Chains(const std::string& host = "mail.example.com") {
    write_file(schedule(),
               "<schedule><smtp url='mail.example.com' port='465' email='a@example.test' "
               "ssl='true' username='u' password='p' trust='mail.example.com'/></schedule>\n");
    const ProgramRun made =
        run_startle({"certs", "export", folder_.path() / "made", "valid", "expired", "cn-only",
                     "missing-intermediate", "ip-san", "--name", host, "--no-cache"});
    EXPECT_EQ(made.status, 0) << made.err;
  }
  fs::path schedule() const { return folder_.path() / "schedule.xml"; }
  std::string pem(const std::string& id) const {
    return read_file(folder_.path() / "made" / id / "chain.pem", 1 << 20);
  }
  std::string authority() const { return folder_.path() / "made/valid/ca.pem"; }
  std::string written(const std::string& text) const {
    const fs::path file = folder_.path() / "shown.pem";
    write_file(file, text);
    return file;
  }
  using Variables = std::vector<std::pair<std::string, std::string>>;
  // With the authority that has issued them for the machine's only one.
  ProgramRun run(std::vector<std::string> arguments) const {
    return run_startle(arguments, Variables{{"SSL_CERT_FILE", authority()}});
  }
  ProgramRun table(const std::string& file, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run",
                                       "--config",
                                       schedule(),
                                       "--shown",
                                       "mail.example.com=" + file,
                                       "*/certificate=shown/*"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  // What stands in place of the folder's own path.
  std::string plain(std::string text) const {
    return without_folder(std::move(text), folder_.path());
  }

 private:
  TemporaryFolder folder_{};
};

// As `openssl s_client -showcerts` prints it, by a text editor of Windows.
std::string as_fetched(const std::string& pem) {
  std::string text = "CONNECTED(00000003)\n---\nCertificate chain\n";
  const std::string end = "-----END CERTIFICATE-----\n";
  int number = 0;
  for (std::size_t at = 0; at < pem.size(); ++number) {
    const std::size_t next = pem.find(end, at) + end.size();
    text += " " + std::to_string(number) + " s:CN = x\n   i:CN = y\n" + pem.substr(at, next - at);
    at = next;
  }
  text += "---\nServer certificate\nsubject=CN = x\n---\nDONE\n";
  std::string made;
  for (const char c : text) made += c == '\n' ? "\r\n" : std::string(1, c);
  return made;
}

void expect_in(const std::string& text, const std::string& what) {
  EXPECT_NE(text.find(what), std::string::npos) << what << "\n--- in\n" << text;
}

TEST(RunShown, IsTheFirstRowWithoutAHome) {
  const Chains chains;
  const ProgramRun run =
      chains.table(chains.written(as_fetched(chains.pem("expired"))), {"--trust-model", "pkix"});
  const std::string out = chains.plain(run.out);
  expect_in(out,
            "\ncertificate               pkix                        why\n"
            "what the server shows     certificate-expired         the certificate has expired; "
            "trust anchors: this machine's 1 authority (made/valid/ca.pem)\n"
            "                          subject      CN=mail.example.com\n"
            "                          names        DNS mail.example.com\n"
            "                          valid        ");
  expect_in(out, "                          issuer       CN=Startle Intermediate CA 1\n");
  expect_in(out,
            "                          judged       by the rules alone, from shown.pem: no client "
            "met it, as nobody here has the server's key\n");
}

TEST(RunShown, IsJudgedUnderEveryModel) {
  const Chains chains;
  const auto row = [&](const std::string& id) {
    const std::string out =
        chains.table(chains.written(chains.pem(id)), {"--trust-model", "all"}).out;
    const std::size_t begin = out.find("\nwhat the server shows") + 1;
    return out.substr(begin, out.find('\n', begin) - begin);
  };
  EXPECT_EQ(row("valid"),
            "what the server shows     delivered                   delivered                   "
            "delivered                   delivered                   delivered                   ");
  EXPECT_EQ(row("expired"),
            "what the server shows     certificate-expired         delivered                   "
            "delivered                   delivered                   certificate-expired         ");
  EXPECT_EQ(row("cn-only"),
            "what the server shows     certificate-host-mismatch   delivered                   "
            "delivered                   delivered                   certificate-host-mismatch   ");
  EXPECT_EQ(row("ip-san"),
            "what the server shows     certificate-host-mismatch   delivered                   "
            "certificate-host-mismatch   certificate-host-mismatch   certificate-host-mismatch   ");
  EXPECT_EQ(row("missing-intermediate"),
            "what the server shows     delivered                   delivered                   "
            "delivered                   delivered                   certificate-not-trusted     ");
}

TEST(RunShown, GoesByTheRunsClock) {
  const Chains chains;
  const std::string file = chains.written(chains.pem("valid"));
  expect_in(chains.table(file, {"--at", "2020-01-01"}).out, "certificate-not-yet-valid");
  expect_in(chains.table(file, {"--at", "2099-01-01"}).out, "certificate-expired");
}

TEST(RunShown, StandsInTheReportsAndIsMerged) {
  const Chains chains;
  const std::string json = chains.schedule().string() + ".json";
  const std::string file = chains.written(chains.pem("valid"));
  EXPECT_EQ(chains.table(file, {"--report", "json=" + json}).status, 0);
  const auto report = nlohmann::json::parse(read_file(json, 1 << 20));
  ASSERT_EQ(report["cases"].size(), 1U);
  const auto& shown = report["cases"][0];
  EXPECT_EQ(shown["certificate"], "shown");
  EXPECT_EQ(shown["verdict"], "pass");
  EXPECT_TRUE(shown["observed"].is_null()) << "nobody has met it";
  EXPECT_EQ(shown["expected"], nlohmann::json({"delivered"}));
  EXPECT_EQ(shown["facts"][0]["name"], "subject");
  EXPECT_EQ(shown["facts"][0]["text"], "CN=mail.example.com");
  expect_in(run_startle({"merge", json}).out,
            "\n                          subject      CN=mail.example.com\n"
            "                          names        DNS mail.example.com\n");
}

TEST(RunShown, OfWhichSomethingIsMissingIsRefused) {
  const Chains chains;
  const std::string chain = chains.pem("valid");
  const std::size_t second = chain.rfind("-----BEGIN ");
  const ProgramRun reversed =
      chains.table(chains.written(chain.substr(second) + chain.substr(0, second)));
  EXPECT_EQ(reversed.status, 2);
  EXPECT_EQ(chains.plain(reversed.err),
            "startle: shown.pem: begins with the certificate of an authority, and a server's own "
            "stands behind it: put them in the order in which it sends them, its own first\n");
  const ProgramRun run = chains.table(chains.written(
      "Certificate chain\n 0 s:CN = x\n 1 s:CN = y\n---\n" + chains.pem("missing-intermediate")));
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(chains.plain(run.err),
            "startle: shown.pem: lists 2 certificates and holds 1: write it with -showcerts\n");
}

TEST(CertsShowFile, DrawsAndJudgesWhatAServerShows) {
  const Chains chains;
  const std::string file = chains.written(as_fetched(chains.pem("cn-only")));
  const ProgramRun run = chains.run({"certs", "show", file, "--name", "mail.example.com"});
  EXPECT_EQ(run.status, 0) << run.err;
  const std::string page = chains.plain(run.out);
  EXPECT_TRUE(
      page.starts_with("certificate   shown.pem (what a server shows)\n"
                       "judged for    mail.example.com\n\n"
                       "What is sent, end entity first\n"
                       "1  subject      CN=mail.example.com\n"
                       "   names        none: it has no subjectAltName with an entry\n"
                       "   valid        "))
      << page;
  expect_in(page,
            "\nFacts that differ from those of `valid`\n  none\n\n"
            "trust anchors this machine's 1 authority (made/valid/ca.pem)\n\n"
            "What a client makes of it that is told to reach mail.example.com, with "
            "trust=\"mail.example.com\" (documented, pkix) or without trust\n"
            "  documented         certificate-host-mismatch\n"
            "              common name only: the certificate has no subjectAltName, and its common "
            "name `mail.example.com` identifies no server (RFC 9525, 2), trust lists "
            "`mail.example.com`\n");
  expect_in(page, "\n  angus              delivered\n");
  expect_in(page,
            "\n  by the rules alone: no client met it, as nobody here has the server's key\n");
}

TEST(CertsShowFile, TakesTheNameItPresentsWhereNoneIsGiven) {
  const Chains chains;
  const auto judged = [&](const std::string& id) {
    const ProgramRun run = chains.run({"certs", "show", chains.written(chains.pem(id))});
    EXPECT_EQ(run.status, 0) << run.err;
    const std::size_t begin = run.out.find("judged for");
    return run.out.substr(begin, run.out.find('\n', begin) - begin);
  };
  const std::string first = ", the first name it presents: --name HOST judges for another";
  EXPECT_EQ(judged("valid"), "judged for    mail.example.com" + first);
  EXPECT_EQ(judged("cn-only"), "judged for    mail.example.com" + first);
  EXPECT_EQ(judged("ip-san"), "judged for    127.0.0.1" + first);
}

TEST(CertsShowFile, SaysTheSameInJsonAndGivesTheCertificatesBack) {
  const Chains chains;
  const std::string file = chains.written(as_fetched(chains.pem("expired")));
  const auto json = nlohmann::json::parse(chains.run({"certs", "show", file, "--json"}).out);
  const auto& one = json["certificates"][0];
  EXPECT_EQ(one["name"], "mail.example.com");
  EXPECT_EQ(one["endings"]["pkix"]["endings"], nlohmann::json({"certificate-expired"}));
  EXPECT_EQ(one["facts"]["end_entity"], "expired");
  EXPECT_EQ(one["certificates"][0]["subject"], "CN=mail.example.com");
  EXPECT_EQ(chains.run({"certs", "show", file, "--pem"}).out, chains.pem("expired"));
}

}  // namespace
}  // namespace startle::cases
