#include "cases/engine/requirements.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/bad_file_for_test.h"
#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/small_catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using enum NoticedBy;

// What each part of a requirement is when it is sound; a row puts its mistake in place of one.
constexpr std::string_view kSound = "id='X-1-a' clause='X, 1' level='MUST' protocol='smtp'";
constexpr std::string_view kTexts =
    "<rule>r</rule><exposed-by>e</exposed-by><safe-outcome>s</safe-outcome>";

std::string requirements(std::string_view elements) {
  return "<requirements>\n" + std::string(elements) + "\n</requirements>\n";
}
std::string requirement(std::string_view attributes, std::string_view texts = kTexts) {
  return "<requirement " + std::string(attributes) + ">" + std::string(texts) + "</requirement>";
}
std::string with(std::string_view attributes, std::string_view texts = kTexts) {
  return requirements(requirement(attributes, texts));
}

template <class Act>
std::string complaint_of(Act act) {
  try {
    act();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

// ---- what is refused ---------------------------------------------------------------------------

class BadRequirementsTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadRequirementsTest, AreRefusedWithFileAndLine) {
  const SmallCatalogue catalogue;
  catalogue.write("cases/requirements.xml", GetParam().content);
  const std::string file = catalogue.path("cases/requirements.xml");
  std::string complaint = file + ":" + GetParam().complaint;
  if (const std::size_t at = complaint.find("FILE:"); at != std::string::npos) {
    complaint.replace(at, 4, file);
  }
  EXPECT_EQ(catalogue.complaint(), complaint);
  const ProgramRun run = run_startle({"list"}, {{"STARTLE_CATALOGUE", catalogue.path()}});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "startle: " + complaint + "\n");
  EXPECT_EQ(run.out, "");

  const xml::Document document = xml::Document::read(file);
  const bool told = GetParam().by == both || GetParam().by == reader;
  EXPECT_EQ(complaint_of([&] { read_requirements(document.root()); }), told ? complaint : "");
  const auto schema = xml::Schema::read(catalogue.path("cases/startle.rng"));
  EXPECT_EQ(complaint_of([&] { schema.check(document); }).empty(), GetParam().by != both);
}

const BadFile kRequirements[] = {
    {"None", "<requirements/>", "1: <requirements> holds no <requirement>"},
    {"ACase", "<case summary='s'><expect endings='delivered' reason='r'/></case>",
     "1: <case> is not <requirements>, which alone belongs here", reader},
    {"ARequirementAlone", requirement(kSound),
     "1: <requirement> is not <requirements>, which alone belongs here"},
    {"UnknownElement", requirements("<requirment/>"),
     "2: <requirements> holds no element `requirment`: did you mean `requirement`?"},
    {"AttributeOfTheFile",
     "<requirements level='MUST'>\n" + requirement(kSound) + "</requirements>",
     "1: <requirements> has no attribute `level`: it has none at all"},
    {"TextBeside", requirements(requirement(kSound) + "MUST"),
     "1: <requirements> holds no text of its own"},
    {"IdTwice",
     requirements(requirement(kSound) + "\n\n" +
                  requirement("id='X-1-a' clause='Y, 2' level='MAY' protocol='tls'")),
     "4: there is a requirement `X-1-a` already, at FILE:2", catalogue},
};
INSTANTIATE_TEST_SUITE_P(File, BadRequirementsTest, testing::ValuesIn(kRequirements),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kAttributes[] = {
    {"Unknown", with(std::string(kSound) + " levle='MAY'"),
     "2: <requirement> has no attribute `levle`: did you mean `level`?"},
    {"NoId", with("clause='X, 1' level='MUST' protocol='smtp'"),
     "2: <requirement> needs id=\"...\""},
    {"EmptyId", with("id='' clause='X, 1' level='MUST' protocol='smtp'"),
     "2: id=\"\" is not made of at most 64 letters, digits, `.` and `-`"},
    {"IdWithBlank", with("id='X 1' clause='X, 1' level='MUST' protocol='smtp'"),
     "2: id=\"X 1\" is not made of at most 64 letters, digits, `.` and `-`"},
    {"LongId", with("id='" + std::string(65, 'x') + "' clause='X' level='MUST' protocol='smtp'"),
     "2: id=\"" + std::string(57, 'x') +
         "...\" is not made of at most 64 letters, digits, `.` and `-`"},
    {"NoClause", with("id='X-1-a' level='MUST' protocol='smtp'"),
     "2: <requirement> needs clause=\"...\""},
    {"EmptyClause", with("id='X-1-a' clause='' level='MUST' protocol='smtp'"),
     "2: clause=\"\" says nothing"},
    {"NoLevel", with("id='X-1-a' clause='X, 1' protocol='smtp'"),
     "2: <requirement> needs level=\"...\""},
    {"LevelInSmallLetters", with("id='X-1-a' clause='X, 1' level='must' protocol='smtp'"),
     "2: level=\"must\" is not one of: MUST, SHOULD, MAY, derived (did you mean \"MUST\"?)"},
    {"UnknownLevel", with("id='X-1-a' clause='X, 1' level='RECOMMENDED' protocol='smtp'"),
     "2: level=\"RECOMMENDED\" is not one of: MUST, SHOULD, MAY, derived"},
    {"NoProtocol", with("id='X-1-a' clause='X, 1' level='MUST'"),
     "2: <requirement> needs protocol=\"...\""},
    {"UnknownProtocol", with("id='X-1-a' clause='X, 1' level='MUST' protocol='stmp'"),
     "2: protocol=\"stmp\" is not one of: smtp, ldap, sasl, tls, x509 (did you mean \"smtp\"?)"},
    {"UnknownParty", with(std::string(kSound) + " party='proxy'"),
     "2: party=\"proxy\" is not one of: client, server"},
    {"OutOfScopeForNoReason", with(std::string(kSound) + " out-of-scope=''"),
     "2: out-of-scope=\"\" says nothing"},
};
INSTANTIATE_TEST_SUITE_P(Attribute, BadRequirementsTest, testing::ValuesIn(kAttributes),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kTextRows[] = {
    {"NoRule", with(kSound, "<exposed-by>e</exposed-by><safe-outcome>s</safe-outcome>"),
     "2: the requirement `X-1-a` needs a <rule>"},
    {"NoExposure", with(kSound, "<rule>r</rule><safe-outcome>s</safe-outcome>"),
     "2: the requirement `X-1-a` needs a <exposed-by>"},
    {"NoOutcome", with(kSound, "<rule>r</rule><exposed-by>e</exposed-by>"),
     "2: the requirement `X-1-a` needs a <safe-outcome>"},
    {"EmptyRule",
     with(kSound, "\n<rule> \n</rule><exposed-by>e</exposed-by><safe-outcome>s</safe-outcome>"),
     "3: <rule> says nothing"},
    {"TwoRules", with(kSound, std::string(kTexts) + "\n<rule>r</rule>"),
     "3: <rule> stands in this requirement twice"},
    {"UnknownText", with(kSound, "\n<rules>r</rules>"),
     "3: <requirement> holds no element `rules`: did you mean `rule`?"},
    {"ElementInText", with(kSound, "\n<rule><b>r</b></rule>"),
     "3: <rule> holds no element `b`: it holds none at all"},
    {"AttributeOfText", with(kSound, "\n<rule level='MAY'>r</rule>"),
     "3: <rule> has no attribute `level`: it has none at all"},
    {"TextOfItsOwn", with(kSound, std::string(kTexts) + "MUST"),
     "2: <requirement> holds no text of its own"},
};
INSTANTIATE_TEST_SUITE_P(Text, BadRequirementsTest, testing::ValuesIn(kTextRows),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- what is read ------------------------------------------------------------------------------

std::vector<Requirement> read(const std::string& content) {
  const xml::Document document = xml::Document::parse("x.xml", content);
  xml::Schema::read(STARTLE_TREE "/cases/startle.rng").check(document);
  return read_requirements(document.root());
}

TEST(Requirements, AreReadWhole) {
  const auto all = read(with(
      "id='RFC1-2.3-a' clause='RFC 1, 2.3' level='SHOULD' protocol='x509' party='server' "
      "out-of-scope='no server here has it'",
      "<safe-outcome>closes</safe-outcome><rule>\n  one\n  two </rule><exposed-by>e</exposed-by>"));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "RFC1-2.3-a");
  EXPECT_EQ(all[0].clause, "RFC 1, 2.3");
  EXPECT_EQ(all[0].level, Level::should);
  EXPECT_EQ(all[0].protocol, Layer::x509);
  EXPECT_EQ(all[0].party, Party::server);
  EXPECT_EQ(all[0].rule, "one two");
  EXPECT_EQ(all[0].exposed_by, "e");
  EXPECT_EQ(all[0].safe_outcome, "closes");
  EXPECT_EQ(all[0].out_of_scope, "no server here has it");
}

TEST(Requirements, AreTheClientsAndInScopeUnlessTheySayOtherwise) {
  const auto all = read(requirements(
      requirement(kSound) +
      requirement("id='X-1-b' clause='X, 1' level='derived' protocol='sasl' party='client'")));
  ASSERT_EQ(all.size(), 2U);
  for (const Requirement& one : all) {
    EXPECT_EQ(one.party, Party::client) << one.id;
    EXPECT_EQ(one.out_of_scope, std::nullopt) << one.id;
  }
  EXPECT_EQ(all[1].id, "X-1-b") << "in the order of the file";
}

// ---- those of the tree -------------------------------------------------------------------------

// "RFC3207-4.2-a" is of "RFC 3207, 4.2".
TEST(Requirements, OfTheTreeAreCalledAfterTheirClause) {
  std::size_t of_an_rfc = 0;
  for (const Requirement& one : tree_catalogue().requirements()) {
    if (!one.id.starts_with("RFC")) continue;
    ++of_an_rfc;
    const std::size_t end = one.id.find('-');
    const std::string section = one.id.substr(end + 1, one.id.rfind('-') - end - 1);
    const std::string clause = "RFC " + one.id.substr(3, end - 3) + ", " + section;
    EXPECT_TRUE(one.clause.starts_with(clause)) << one.id << ": " << one.clause;
  }
  EXPECT_GT(of_an_rfc, tree_catalogue().requirements().size() / 2);
}

TEST(Requirements, OfTheTreeAreEachSaidInWordsOfTheirOwn) {
  std::vector<std::string> rules;
  for (const Requirement& one : tree_catalogue().requirements()) rules.push_back(one.rule);
  std::sort(rules.begin(), rules.end());
  const auto twice = std::adjacent_find(rules.begin(), rules.end());
  EXPECT_EQ(twice, rules.end()) << *twice;
}

TEST(Requirements, OfTheTreeCoverEveryLayer) {
  for (std::size_t i = 0; i < count_of<Layer>(); ++i) {
    const auto layer = static_cast<Layer>(i);
    const auto& all = tree_catalogue().requirements();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Requirement& one) {
      return one.protocol == layer;
    })) << word(layer);
  }
}

TEST(Requirements, OfTheTreeAreFoundById) {
  EXPECT_EQ(tree_catalogue().requirement("RFC4511-4.2-a").clause, "RFC 4511, 4.2");
  EXPECT_EQ(complaint_of([] { tree_catalogue().requirement("RFC4511-4.2a"); }),
            "there is no requirement `RFC4511-4.2a`: did you mean `RFC4511-4.2-a`? "
            "(cases/requirements.xml has all)");
}

}  // namespace
}  // namespace startle::cases
