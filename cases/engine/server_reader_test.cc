// What a sound case says is what is read: server, client, and where it stays unsaid, the default.

#include "cases/engine/server_reader.h"

#include <gtest/gtest.h>

#include <limits>

#include "cases/engine/case_reader.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

cases::Setup read(const std::string& inside) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file, "<case summary='s'>" + inside + "<expect endings='bound' reason='r'/></case>");
  const xml::Document document = xml::Document::read(file);
  xml::Schema::read(STARTLE_TREE "/cases/startle.rng").check(document);
  return read_case(document.root(), "x").setup;
}

// The steps of an LDAP server at `bind`.
std::vector<fake::Step> steps(const std::string& inside) {
  return read("<server><at point='bind'>" + inside + "</at></server><client mode='ldaps'/>")
      .script.deviations.at(0)
      .steps;
}
fake::Respond respond(const std::string& attributes) {
  return std::get<fake::Respond>(steps("<respond " + attributes + "/>").at(0));
}

TEST(ServerReader, ARespondThatSaysNothingIsAsAWellBehavedServerHasIt) {
  const fake::Respond plain = respond("");
  EXPECT_EQ(plain.code, 0);
  EXPECT_EQ(plain.as, "");
  EXPECT_EQ(plain.response_name, std::nullopt);
  EXPECT_EQ(plain.id_offset, 0);
  EXPECT_EQ(plain.diagnostic, "");
  EXPECT_TRUE(plain.referrals.empty());
  EXPECT_TRUE(plain.attributes.empty());
  EXPECT_EQ(plain.octets, std::nullopt);
  EXPECT_FALSE(plain.held);
}

TEST(ServerReader, ReadsEveryAttributeOfARespond) {
  const fake::Respond full = respond(
      "code='10' as='search-done' name='1.2.3' id-offset='-1' diagnostic='not {here}' "
      "referrals='{referral} ldap://a.test/dc=x {referral}/dc=y' "
      "attributes='cn=a cn=b supportedExtension=1.2 x=a=b empty=' octets='7' held='true'");
  EXPECT_EQ(full.code, 10);
  EXPECT_EQ(full.as, "search-done");
  EXPECT_EQ(full.response_name, "1.2.3");
  EXPECT_EQ(full.id_offset, -1);
  EXPECT_EQ(full.diagnostic, "not {here}");
  EXPECT_EQ(full.referrals,
            (std::vector<std::string>{"{referral}", "ldap://a.test/dc=x", "{referral}/dc=y"}));
  const std::vector<std::pair<std::string, std::string>> attributes{
      {"cn", "a"}, {"cn", "b"}, {"supportedExtension", "1.2"}, {"x", "a=b"}, {"empty", ""}};
  EXPECT_EQ(full.attributes, attributes);
  EXPECT_EQ(full.octets, 7U);
  EXPECT_TRUE(full.held);
}

TEST(ServerReader, ReadsWhatNoWellBehavedServerAdds) {
  const fake::Respond odd =
      respond("id='2147483648' diagnostic='x' diagnostic-size='100' value='' controls='1.2! 1.3'");
  EXPECT_EQ(odd.id, 2147483648);
  EXPECT_EQ(odd.diagnostic_size, 100U);
  EXPECT_EQ(odd.value, "");
  const std::vector<std::pair<std::string, bool>> controls{{"1.2", true}, {"1.3", false}};
  EXPECT_EQ(odd.controls, controls);
  const fake::Respond octets = respond("bytes='30 05 02 01 ID' held='true'");
  EXPECT_EQ(octets.bytes, "30 05 02 01 ID");
  EXPECT_TRUE(octets.held);
}

// 65536 and 4294967296 are what a client that cuts integers takes for success.
TEST(ServerReader, CodesKeepAllTheirBits) {
  for (const std::int64_t code :
       {std::int64_t{-1}, std::int64_t{65536}, std::int64_t{4294967296},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(respond("code='" + std::to_string(code) + "'").code, code);
  }
}

TEST(ServerReader, AnEmptyResponseNameIsLeftOut) {
  EXPECT_EQ(respond("as='extended-response' name=''").response_name, "");
}

TEST(ServerReader, EveryResponseHasItsWord) {
  for (const char* as : {"bind-response", "extended-response", "search-done", "search-entry",
                         "search-reference", "intermediate-response", "notice-of-disconnection"}) {
    EXPECT_EQ(respond("as='" + std::string(as) + "'").as, as);
  }
}

TEST(ServerReader, HeldIsTrueOrFalse) {
  EXPECT_TRUE(respond("held='true'").held);
  EXPECT_FALSE(respond("held='false'").held);
}

TEST(ServerReader, KeepsTheOrderOfTheSteps) {
  const auto all = steps(
      "<respond held='true'/><send>{hex:30}</send><pause seconds='1.5'/><end-tls/><usual/>"
      "<start-tls/><silence/>");
  ASSERT_EQ(all.size(), 7U);
  EXPECT_TRUE(std::holds_alternative<fake::Respond>(all[0]));
  EXPECT_EQ(std::get<fake::Send>(all[1]).bytes, "{hex:30}");  // filled in for each exchange
  EXPECT_EQ(std::get<fake::Pause>(all[2]).how_long, std::chrono::milliseconds(1500));
  EXPECT_TRUE(std::holds_alternative<fake::EndTls>(all[3]));
  EXPECT_TRUE(std::holds_alternative<fake::Usual>(all[4]));
  EXPECT_TRUE(std::holds_alternative<fake::StartTls>(all[5]));
  EXPECT_TRUE(std::holds_alternative<fake::Silence>(all[6]));
}

TEST(ServerReader, ASendMayBeManyAtOnceOrOneAfterTheOther) {
  const auto all =
      steps("<send>a</send><send times='3'>b</send><send times='1048576' every='0.5'>c</send>");
  const auto& once = std::get<fake::Send>(all.at(0));
  EXPECT_EQ(once.times, 1U);
  EXPECT_EQ(once.every, std::chrono::milliseconds(0));
  EXPECT_EQ(std::get<fake::Send>(all.at(1)).times, 3U);
  const auto& slow = std::get<fake::Send>(all.at(2));
  EXPECT_EQ(slow.times, 1048576U);
  EXPECT_EQ(slow.every, std::chrono::milliseconds(500));
}

TEST(ServerReader, AServerMayNotKnowThatTlsComesFirst) {
  EXPECT_FALSE(read("<client mode='smtps'/>").script.begins_in_clear);
  EXPECT_TRUE(read("<server begins='in-clear'/><client mode='smtps'/>").script.begins_in_clear);
}

TEST(ServerReader, EveryModeHasItsPoints) {
  const std::pair<const char*, std::vector<std::string>> rows[] = {
      {"smtp-starttls",
       {"greeting", "ehlo", "helo", "starttls", "ehlo-in-tls", "auth", "mail", "rcpt", "data",
        "message", "quit"}},
      {"smtps", {"greeting", "ehlo-in-tls", "auth", "mail", "rcpt", "data", "message", "quit"}},
      {"smtp-plain",
       {"greeting", "ehlo", "helo", "auth", "mail", "rcpt", "data", "message", "quit"}},
      {"ldap-starttls",
       {"greeting", "starttls", "root-dse", "root-dse-in-tls", "bind", "whoami", "search",
        "unbind"}},
      {"ldaps", {"greeting", "root-dse-in-tls", "bind", "whoami", "search", "unbind"}},
      {"ldap-plain", {"greeting", "root-dse", "bind", "whoami", "search", "unbind"}},
  };
  for (const auto& [mode, points] : rows) {
    std::string server = "<server>";
    for (const std::string& point : points) server += "<at point='" + point + "'><close/></at>";
    const cases::Setup setup = read(server + "</server><client mode='" + std::string(mode) + "'/>");
    EXPECT_EQ(setup.script.deviations.size(), points.size()) << mode;
  }
}

TEST(ServerReader, ReadsThePersona) {
  EXPECT_EQ(read("<server/>").persona, fake::Persona::openldap);
  EXPECT_EQ(read("<server persona='active-directory'/>").persona, fake::Persona::active_directory);
}

TEST(ServerReader, ReadsTheVersionsOfTls) {
  EXPECT_EQ(read("<server/>").script.tls, tls::Versions::all);
  for (const std::string_view versions : tls::kVersions) {
    EXPECT_EQ(word(read("<server tls='" + std::string(versions) + "'/>").script.tls), versions);
  }
}

TEST(CaseReader, ReadsWhatAClientOfADirectoryIsTold) {
  const cases::Setup setup = read(
      "<client mode='ldap-starttls' mechanism='EXTERNAL' client-certificate='wrong-ca' "
      "absent='username password' base='ou=x,dc=test' filter='(cn={user})'/>");
  EXPECT_EQ(setup.mode, words::Mode::ldap_starttls);
  EXPECT_EQ(setup.mechanism, "EXTERNAL");
  EXPECT_EQ(setup.client_certificate, certs::ClientCertificate::wrong_ca);
  EXPECT_EQ(setup.username, std::nullopt);
  EXPECT_EQ(setup.password, std::nullopt);
  EXPECT_EQ(setup.base, "ou=x,dc=test");
  EXPECT_EQ(setup.filter, "(cn={user})");
}

TEST(CaseReader, AClientThatIsToldNothingSubmitsMailWithAPassword) {
  const cases::Setup setup = read("<client/>");
  EXPECT_EQ(setup.mode, words::Mode::smtp_starttls);
  EXPECT_EQ(setup.mechanism, std::nullopt);
  EXPECT_EQ(setup.client_certificate, certs::ClientCertificate::none);
  EXPECT_EQ(setup.base, "dc=example,dc=test");
  EXPECT_EQ(setup.filter, "(objectClass=*)");
}

TEST(MatrixReader, ReadsTheModesThatHaveAValue) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file,
             "<matrix summary='s'><axis name='mode' values='smtps ldaps'/><axis name='credential'>"
             "<value id='a'/><value id='b' modes='ldaps smtps' mechanism='EXTERNAL' "
             "client-certificate='expired' base='dc=x' filter='(a=b)'/></axis></matrix>");
  const xml::Document document = xml::Document::read(file);
  xml::Schema::read(STARTLE_TREE "/cases/startle.rng").check(document);
  const cases::Matrix matrix = read_matrix(document.root(), "x");
  const auto& values = matrix.axes.at(1).values;
  EXPECT_TRUE(values.at(0).modes.empty());
  EXPECT_EQ(values.at(1).modes, (std::vector{words::Mode::ldaps, words::Mode::smtps}));
  const cases::Setup setup = matrix.cell(3);
  EXPECT_EQ(setup.mode, words::Mode::ldaps);
  EXPECT_EQ(setup.mechanism, "EXTERNAL");
  EXPECT_EQ(setup.client_certificate, certs::ClientCertificate::expired);
  EXPECT_EQ(setup.base, "dc=x");
  EXPECT_EQ(setup.filter, "(a=b)");
}

}  // namespace
}  // namespace startle::cases
