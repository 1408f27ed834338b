// <sasl> of a case's server.

#include <gtest/gtest.h>

#include "cases/engine/bad_file_for_test.h"
#include "cases/engine/case_reader.h"
#include "harness/base/file.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

constexpr NoticedBy reader = NoticedBy::reader;

std::string with(const std::string& sasl, const std::string& mode = "smtp-starttls") {
  return "<case summary='s'><client mode='" + mode + "'/>\n<server>" + sasl +
         "</server><expect endings='delivered' reason='r'/></case>";
}

fake::SaslScript read(const std::string& sasl, const std::string& mode = "smtp-starttls") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file, with(sasl, mode));
  const xml::Document document = xml::Document::read(file);
  xml::Schema::read(STARTLE_TREE "/cases/startle.rng").check(document);
  return read_case(document.root(), "x").setup.script.sasl;
}

TEST(SaslReader, ReadsAllOfIt) {
  const fake::SaslScript script = read(
      "<sasl mechanisms='SCRAM-SHA-256 X_Y-2' in-clear='PLAIN' hidden='LOGIN PLAIN' "
      "unknown='X_Y-2' "
      "lie='wrong-signature' iterations='-1' result='534 5.7.9 too weak'/>");
  EXPECT_EQ(script.mechanisms, "SCRAM-SHA-256 X_Y-2");
  EXPECT_EQ(script.in_clear, "PLAIN");
  EXPECT_EQ(script.hidden, "LOGIN PLAIN");
  EXPECT_EQ(script.unknown, "X_Y-2");
  EXPECT_EQ(script.lie, fake::SaslLie::wrong_signature);
  EXPECT_EQ(script.iterations, "-1");
  EXPECT_EQ(script.result, "534 5.7.9 too weak");
}

TEST(SaslReader, WhatIsNotStatedIsAsAWellBehavedServerHasIt) {
  for (const char* sasl : {"", "<sasl/>"}) {
    const fake::SaslScript script = read(sasl);
    EXPECT_FALSE(script.mechanisms || script.in_clear || script.iterations || script.result);
    EXPECT_EQ(script.hidden + script.unknown, "");
    EXPECT_EQ(script.lie, fake::SaslLie::none);
  }
}

// Nothing offered is not the same as nothing stated.
TEST(SaslReader, AnEmptyListOffersNothing) {
  EXPECT_EQ(read("<sasl mechanisms='' in-clear=''/>").mechanisms, "");
  EXPECT_EQ(read("<sasl mechanisms='' in-clear=''/>").in_clear, "");
}

TEST(SaslReader, StandsAmongPointsInAnyOrder) {
  const std::string at = "<at point='mail'><close/></at>";
  EXPECT_EQ(read("<sasl lie='no-signature'/>" + at).lie, fake::SaslLie::no_signature);
  EXPECT_EQ(read(at + "<sasl lie='no-signature'/><at point='quit'><close/></at>").lie,
            fake::SaslLie::no_signature);
}

TEST(SaslReader, AResultOfLdapIsACode) {
  EXPECT_EQ(read("<sasl result='49'/>", "ldaps").result, "49");
}

// The schema and the words of the script know the same lies, the schema and <client> the same
// mechanisms.
TEST(SaslReader, TheSchemaKnowsEveryLieAndMechanism) {
  for (const std::string_view lie : fake::kSaslLies) {
    const std::string sasl = "<sasl lie='" + std::string(lie) + "'/>";
    const bool of_ldap = lie == "challenges-for-ever" || lie == "no-credentials";
    EXPECT_EQ(word(read(sasl, of_ldap ? "ldaps" : "smtps").lie), lie);
  }
  const xml::Schema schema = xml::Schema::read(STARTLE_TREE "/cases/startle.rng");
  for (const std::string_view name : sasl::kMechanisms) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "x.xml";
    write_file(file, "<case summary='s'><client mechanism='" + std::string(name) +
                         "'/><expect endings='delivered' reason='r'/></case>");
    const xml::Document document = xml::Document::read(file);
    EXPECT_NO_THROW(schema.check(document)) << name;
    EXPECT_EQ(read_case(document.root(), "x").setup.mechanism, name);
  }
}

class BadSaslTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadSaslTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

const BadFile kBad[] = {
    {"UnknownAttribute", with("<sasl mechanism='PLAIN'/>"),
     "2: <sasl> has no attribute `mechanism`: did you mean `mechanisms`?"},
    {"UnknownLie", with("<sasl lie='no-signatur'/>"),
     "2: lie=\"no-signatur\" is not one of: none, no-signature, wrong-signature, "
     "signature-in-reply, unchanged-nonce, foreign-nonce, mandatory-extension, "
     "optional-extension, missing-salt, ... (did you "
     "mean \"no-signature\"?)"},
    {"Twice", with("<sasl/><sasl/>"), "2: <sasl> stands here twice"},
    {"WithText", with("<sasl>PLAIN</sasl>"), "2: <sasl> holds no text of its own"},
    {"WithAStep", with("<sasl><close/></sasl>"),
     "2: <sasl> holds no element `close`: it holds none at all"},
    {"NameInLowerCase", with("<sasl mechanisms='PLAIN login'/>"),
     "2: mechanisms: `login` is no name of a mechanism: up to 20 capitals, digits, `-` and `_`",
     reader},
    {"NameTooLong", with("<sasl in-clear='ABCDEFGHIJKLMNOPQRSTU'/>"),
     "2: in-clear: `ABCDEFGHIJKLMNOPQRSTU` is no name of a mechanism: up to 20 capitals, digits, "
     "`-` and `_`",
     reader},
    {"NamesWithComma", with("<sasl mechanisms='PLAIN,LOGIN'/>"),
     "2: mechanisms: `PLAIN,LOGIN` is no name of a mechanism: up to 20 capitals, digits, `-` and "
     "`_`",
     reader},
    {"HiddenInLowerCase", with("<sasl hidden='plain'/>"),
     "2: hidden: `plain` is no name of a mechanism: up to 20 capitals, digits, `-` and `_`",
     reader},
    {"HiddenAndOffered", with("<sasl mechanisms='PLAIN LOGIN' hidden='LOGIN'/>"),
     "2: hidden: `LOGIN` stands in mechanisms: it is offered", reader},
    {"UnknownAndNotOffered", with("<sasl mechanisms='PLAIN' unknown='LOGIN'/>"),
     "2: unknown: `LOGIN` does not stand in mechanisms: nobody will ask for it", reader},
    {"RefusedAndNotOffered", with("<sasl mechanisms='PLAIN' refused='LOGIN'/>"),
     "2: refused: `LOGIN` does not stand in mechanisms: nobody will ask for it", reader},
    {"LieOfLdap", with("<sasl lie='no-credentials'/>"),
     "2: mode=\"smtp-starttls\" has no place for lie=\"no-credentials\"", reader},
    {"LieOfSmtp", with("<sasl lie='swapped-prompts'/>", "ldaps"),
     "2: mode=\"ldaps\" has no place for lie=\"swapped-prompts\"", reader},
    {"InClearOfImplicitTls", with("<sasl in-clear='PLAIN'/>", "ldaps"),
     "2: mode=\"ldaps\" says nothing in clear: in-clear=\"..\" is never seen", reader},
    {"InsideTlsOfPlain", with("<sasl mechanisms='PLAIN'/>", "smtp-plain"),
     "2: mode=\"smtp-plain\" has no TLS: mechanisms=\"..\" is never seen, in-clear=\"..\" is",
     reader},
    {"VersionsOfPlain",
     "<case summary='s'><client mode='ldap-plain'/>\n<server tls='1.2'/>"
     "<expect endings='bound' reason='r'/></case>",
     "2: mode=\"ldap-plain\" has no TLS: tls=\"..\" is never seen", reader},
    {"CodeForReply", with("<sasl result='49'/>"),
     "2: result=\"49\" is no reply: write one like 535 5.7.8 refused", reader},
    {"ReplyOfNoClass", with("<sasl result='635 no'/>"),
     "2: result=\"635 no\" is no reply: write one like 535 5.7.8 refused", reader},
    {"ReplyForCode", with("<sasl result='535 no'/>", "ldap-starttls"),
     "2: result=\"535 no\" is no result code of LDAP: write a number like 49", reader},
    {"EmptyResult", with("<sasl result=''/>", "ldaps"),
     "2: result=\"\" is no result code of LDAP: write a number like 49", reader},
};
INSTANTIATE_TEST_SUITE_P(All, BadSaslTest, testing::ValuesIn(kBad),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::cases
