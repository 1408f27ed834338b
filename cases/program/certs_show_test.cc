// `startle certs list` and `startle certs show`, from outside.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Json = nlohmann::json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string shown(const std::string& id) {
  const ProgramRun run = run_startle({"certs", "show", id});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  return run.out;
}

TEST(CertsList, PrintsOneIdPerLine) {
  const ProgramRun run = run_startle({"certs", "list"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(lines_of(run.out), tree_catalogue().recipe_ids());
}

TEST(CertsList, TakesGlobsKindsAndFiles) {
  const auto list = [](std::vector<std::string> what) {
    what.insert(what.begin(), {"certs", "list"});
    return lines_of(run_startle(what).out);
  };
  using Ids = std::vector<std::string>;
  const auto those = [](auto wanted) {
    Ids ids;
    for (const std::string& id : tree_catalogue().recipe_ids()) {
      if (wanted(id)) ids.push_back(id);
    }
    EXPECT_GT(ids.size(), 1U);
    return ids;
  };
  EXPECT_EQ(list({"valid-*", "valid"}),
            those([](const std::string& id) { return id == "valid" || id.starts_with("valid-"); }));
  EXPECT_EQ(list({"good"}),
            those([](const std::string& id) { return tree_catalogue().kind(id) == "good"; }));
  EXPECT_EQ(list({"expired"}), (Ids{"expired"}));
  EXPECT_EQ(list({"dates/expired"}), (Ids{"expired"}));
  for (const std::string& id : list({"dates"})) EXPECT_EQ(tree_catalogue().kind(id), "dates") << id;
  const TemporaryFolder folder;
  const std::string file = folder.path() / "mine.xml";
  write_file(file, "<recipes><recipe id='my-own' reason='r' clause='c'/></recipes>");
  EXPECT_EQ(list({file}), (Ids{"my-own"}));
}

TEST(CertsShow, DrawsTheChainFromTheRootDown) {
  const std::string page = shown("expired");
  const auto at = [&](const std::string& text) {
    const std::size_t found = page.find(text);
    EXPECT_NE(found, std::string::npos) << text << "\n" << page;
    return found;
  };
  const std::vector<std::size_t> order{
      at("certificate   expired (dates)\n"),
      at("wrong         the end entity's validity ended yesterday\n"),
      at("clause        RFC 5280, 6.1.3 (a) (2)\n"),
      at("\nStartle Root CA "),
      at("10y ago .. in 10y"),
      at("trust anchor, not sent\n"),
      at("\n`- Startle Intermediate CA 1 "),
      at("sent 2nd\n"),
      at("\n   `- smtp.example.test "),
      at("30d ago .. 1d ago"),
      at("sent 1st\n"),
      at("        dNSName smtp.example.test\n"),
      at("      ! its validity ended 1d ago\n"),
      at("\n  end_entity            expired  (current)\n"),
      at("\n  documented         certificate-expired\n"),
      at("\n  pkix               certificate-expired\n"),
      at("\n  javamail           certificate-expired\n"),
      at("\n  javamail-identity  certificate-expired\n"),
      at("\n  angus              certificate-expired\n"),
      at("\n  jndi               certificate-expired\n"),
      at("startle serve smtp --certificate expired\n")};
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end())) << page;
  EXPECT_EQ(page.find('\033'), std::string::npos) << "no colors in a pipe";
}

struct MarkRow {
  const char* id;
  std::string mark;
};

void PrintTo(const MarkRow& row, std::ostream* out) {
  *out << row.id;
}

class CertsShowMark : public testing::TestWithParam<MarkRow> {};

TEST_P(CertsShowMark, IsOnThePage) {
  const std::string page = shown(GetParam().id);
  EXPECT_NE(page.find(GetParam().mark), std::string::npos) << page;
}

const MarkRow kMarks[] = {
    {"valid", "none\n"},
    {"mismatched", "! dNSName elsewhere.example.net\n"},
    {"cn-only", "! no subjectAltName\n"},
    {"nul-in-name", "! dNSName smtp.example.test\\x00.attacker.example\n"},
    {"missing-intermediate", "! the server does not send it\n"},
    {"self-signed", "! it signed itself\n"},
    {"unknown-ca", "! the client does not hold this root\n"},
    {"reversed-chain", "* sent in another order than from the end entity up\n"},
    {"weak-key", "! its key is rsa-1024\n"},
    {"sha1-signature", "! signed with sha1\n"},
    {"bad-signature", "! one bit of its signature is wrong\n"},
    {"client-auth-only", "! extended key usage: client-auth\n"},
    {"path-length-exceeded", "! path length: 0\n"},
    {"name-constraint-violated", "! permitted: dNSName elsewhere.example.net\n"},
    {"intermediate-not-ca", "! basic constraints: end-entity\n"},
    {"rsa-512", "! the server speaks TLS 1.2 alone"},
    {"revoked-by-crl",
     "! the client holds a revocation list, 1d ago .. in 7d, with the end entity"},
    {"staple-revoked", "! the server staples `revoked`, 1d ago .. in 7d\n"},
    {"cross-signed", "Beside it\na  "},
    {"expired-crl", "more than one: an old list leaves the status undetermined"},
};
INSTANTIATE_TEST_SUITE_P(All, CertsShowMark, testing::ValuesIn(kMarks), [](const auto& row) {
  std::string name = row.param.id;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// Every recipe there is has a page, and the page says what the recipe says.
TEST(CertsShow, EveryCertificateHasAPage) {
  const ProgramRun run = run_startle({"certs", "show", "*"});
  EXPECT_EQ(run.status, 0) << run.err;
  const auto lines = lines_of(run.out);
  for (const std::string& id : tree_catalogue().recipe_ids()) {
    const certs::Recipe& recipe = tree_catalogue().recipe(id);
    for (const std::string& line : {"certificate   " + id + " (" + tree_catalogue().kind(id) + ")",
                                    "serve it      startle serve smtp --certificate " + id,
                                    "clause        " + recipe.clause}) {
      EXPECT_NE(std::find(lines.begin(), lines.end(), line), lines.end()) << id << ": " << line;
    }
  }
  EXPECT_EQ(run.out.find("so the recipe says"), std::string::npos)
      << "what the recipes state is what follows from the rules";
}

TEST(CertsShow, AsJson) {
  const ProgramRun run = run_startle({"certs", "show", "expired", "--json", "--name", "a.test"});
  EXPECT_EQ(run.status, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json.at("name"), "a.test");
  const Json& one = json.at("certificates").at(0);
  EXPECT_EQ(one.at("id"), "expired");
  EXPECT_EQ(one.at("kind"), "dates");
  EXPECT_EQ(one.at("clause"), "RFC 5280, 6.1.3 (a) (2)");
  EXPECT_EQ(one.at("facts").at("end_entity"), "expired");
  EXPECT_EQ(one.at("facts").at("dns_names"), Json({"a.test"}));
  for (const char* model :
       {"documented", "pkix", "javamail", "javamail-identity", "angus", "jndi"}) {
    EXPECT_EQ(one.at("endings").at(model).at("endings"), Json({"certificate-expired"})) << model;
    EXPECT_NE(one.at("endings").at(model).at("reason"), "") << model;
  }
}

TEST(CertsShow, AsPem) {
  const std::string pem = run_startle({"certs", "show", "valid", "--pem"}).out;
  const auto lines = lines_of(pem);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "-----BEGIN CERTIFICATE-----"), 2);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "-----END CERTIFICATE-----"), 2);
}

TEST(CertsShow, ARecipeThatSaysOtherwiseThanTheRules) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "mine.xml";
  write_file(file,
             "<recipes><recipe id='my-own' reason='r' clause='c'>\n"
             "<leaf from='-30d' until='-1d'/>\n"
             "<expect documented='delivered' pkix='certificate-expired' angus='delivered'/>"
             "</recipe></recipes>");
  const std::string page = shown(file);
  EXPECT_NE(
      page.find("  documented         delivered\n              so the recipe says; the rules say "
                "certificate-expired ("),
      std::string::npos)
      << page;
  EXPECT_NE(page.find("certificate   my-own (mine)\n"), std::string::npos) << page;
}

TEST(CertsShow, CertificatesThatSayNothingToAHostAreToldInTheirPlace) {
  const ProgramRun run = run_startle({"certs", "show", "*", "--name", "localhost"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_NE(run.out.find("\n\ncertificate   parent-domain (names)\n"
                         "cannot be shown to clients of localhost: it goes by the domain above the "
                         "host, and a host of one label has none\n\n"),
            std::string::npos);
  EXPECT_NE(run.out.find("certificate   expired (dates)\n"), std::string::npos);
  EXPECT_EQ(run.out.find("{parent} says"), std::string::npos);
  const std::string json = run_startle({"certs", "show", "*", "--name", "localhost", "--json"}).out;
  EXPECT_NE(json.find("\"inapplicable\": \"it goes by the domain above the host, and"),
            std::string::npos);
}

struct MistakeRow {
  const char* name;
  std::vector<std::string> arguments;
  int status;
  std::string err;
};

void PrintTo(const MistakeRow& row, std::ostream* out) {
  *out << row.name;
}

class CertsMistake : public testing::TestWithParam<MistakeRow> {};

TEST_P(CertsMistake, IsToldInOneLine) {
  const ProgramRun run = run_startle(GetParam().arguments);
  EXPECT_EQ(run.status, GetParam().status);
  EXPECT_EQ(run.err, "startle: " + GetParam().err + "\n");
  EXPECT_EQ(run.out, "");
}

const MistakeRow kMistakes[] = {
    {"UnknownCommand",
     {"certs", "shwo"},
     2,
     "`shwo` is no command of `certs`: did you mean `show`?"},
    {"CommandNearToNone",
     {"certs", "make-some"},
     2,
     "`make-some` is no command of `certs`: there are list, show, export"},
    {"UnknownId",
     {"certs", "show", "expierd"},
     2,
     "there is no certificate `expierd`: did you mean `expired`? (`startle certs list` names all)"},
    {"UnknownIdInAList",
     {"certs", "list", "expierd"},
     2,
     "there is no certificate `expierd`: did you mean `expired`? (`startle certs list` names all)"},
    {"GlobOfNothing",
     {"certs", "list", "expierd*"},
     3,
     "no certificate matches `expierd*` (`startle certs list` names all)"},
    {"NoHostName",
     {"certs", "show", "expired", "--name", "a b"},
     2,
     "--name `a b` is no host name and no IP address (an internationalised name is written with "
     "its A-labels, xn--..)"},
    {"AFileOfCases",
     {"certs", "show", STARTLE_TREE "/cases/smtp/auth/rejected-535.xml"},
     2,
     STARTLE_TREE "/cases/smtp/auth/rejected-535.xml holds no recipes of certificates"},
    {"UnknownFormat",
     {"certs", "export", "/dev/null", "--format", "bks"},
     2,
     "--format bks is not one of: pem, pkcs12, jks"},
};
INSTANTIATE_TEST_SUITE_P(All, CertsMistake, testing::ValuesIn(kMistakes),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::cases
