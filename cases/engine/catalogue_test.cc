#include "cases/engine/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "cases/engine/bad_file_for_test.h"
#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/small_catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using namespace std::string_literals;
using enum NoticedBy;

constexpr std::string_view kSound =
    "<case summary='s'><expect endings='delivered' reason='r'/></case>";

class BadCatalogueFileTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadCatalogueFileTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

TEST_P(BadCatalogueFileTest, EndsTheProgramWithOneSentence) {
  expect_program_refuses(GetParam());
}

// Eight times eight times eight .. of the one before.
std::string entity_bomb() {
  std::string text = "<!DOCTYPE case [\n<!ENTITY a 'aaaaaaaa'>\n";
  for (char c = 'b'; c <= 'z'; ++c) {
    text += "<!ENTITY " + std::string(1, c) + " '";
    for (int i = 0; i < 8; ++i) text += "&" + std::string(1, static_cast<char>(c - 1)) + ";";
    text += "'>\n";
  }
  return text + "]>\n<case summary='&z;'/>";
}

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "<case>";
  return text;
}

const BadFile kNotXml[] = {
    {"Empty", "", "1: the file is empty", parser},
    {"Blank", " \n \n", "3: this is not XML: a document begins with <", parser},
    {"Binary",
     "\x7f"
     "ELF\x02\x01\x01\0\0\0"s,
     "1: this is not XML: a document begins with <", parser},
    {"ZeroBytes", std::string(4096, '\0'), "1: this is not XML: a document begins with <", parser},
    {"Json", "{\"case\": 1}\n", "1: this is not XML: a document begins with <", parser},
    {"CutInTag", "<case\n summary='s'",
     "2: the tag is cut off, or a blank is missing between two attributes (inside a value, a "
     "quotation mark is &quot;)",
     parser},
    {"CutInValue", "<case\n summary='s",
     "2: a value whose closing quotation mark is missing: the file is cut off, or damaged", parser},
    {"CutInEndTag", std::string(kSound.substr(0, kSound.size() - 3)), "1: expected '>'", parser},
    {"CutBeforeEnd", "<case summary='s'>\n<expect endings='delivered' reason='r'/>\n",
     "3: Premature end of data in tag case line 1", parser},
    {"TwoRoots", std::string(kSound) + "\n" + std::string(kSound),
     "2: Extra content at the end of the document", parser},
    {"AttributeTwice", "<case summary='s'\n summary='t'/>", "2: Attribute summary redefined",
     parser},
    {"PlainAmpersand", "<case summary='a & b'/>",
     "1: a & that begins no entity: a plain & is written &amp;", parser},
    {"UndefinedEntity", "<case summary='&crlf;'/>",
     "1: an entity that is not defined: a plain & is written &amp;", parser},
    {"Latin1WithoutSayingSo", "<case summary='\xfc'/>",
     "1: the text is not UTF-8: save it as UTF-8, or state its encoding in the first line, like "
     "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
     parser},
    {"Doctype", "<?xml version='1.0'?>\n<!DOCTYPE case SYSTEM 'case.dtd'>\n" + std::string(kSound),
     "2: a DOCTYPE is not allowed here: remove it (nothing outside the file is read)", parser},
    {"ExternalEntity",
     "<!DOCTYPE case [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>\n"
     "<case summary='&f;'/>",
     "1: a DOCTYPE is not allowed here: remove it (nothing outside the file is read)", parser},
    {"EntityBomb", entity_bomb(),
     "1: a DOCTYPE is not allowed here: remove it (nothing outside the file is read)", parser},
    {"TooDeep", nested(100000), "1: elements are nested deeper than 256", parser},
    {"TooLong", "<case summary='" + std::string(5 << 20, 's') + "'/>",
     "1: longer than 4194304 bytes", parser},
};
INSTANTIATE_TEST_SUITE_P(NotXml, BadCatalogueFileTest, testing::ValuesIn(kNotXml),
                         [](const auto& row) { return std::string(row.param.name); });

std::string recipe(std::string_view attributes, std::string_view inside = "") {
  return "<recipes>\n<recipe " + std::string(attributes) + ">" + std::string(inside) +
         "</recipe></recipes>";
}

const BadFile kRecipes[] = {
    {"NoRecipe", "<recipes/>", "1: <recipes> holds no <recipe>"},
    {"UnknownElement", "<recipes>\n<recepi/></recipes>",
     "2: <recipes> holds no element `recepi`: did you mean `recipe`?"},
    {"UnknownAttribute", recipe("id='x' reson='r' clause='c'"),
     "2: <recipe> has no attribute `reson`: did you mean `reason`?"},
    {"NoClause", recipe("id='x' reason='r'"), "2: <recipe> needs clause=\"...\""},
    {"IdWithSlash", recipe("id='a/b' reason='r' clause='c'"),
     "2: id=\"a/b\" is not made of at most 64 lower-case letters, digits and `-`"},
    {"IdTwice",
     "<recipes>\n<recipe id='x' reason='r' clause='c'/>\n"
     "<recipe id='x' reason='r' clause='c'/></recipes>",
     "3: a recipe `x` stands above already", reader},
    {"IdOfTheCatalogue", recipe("id='expired' reason='r' clause='c'"),
     "2: there is a certificate `expired` already, at " STARTLE_TREE
     "/certs/recipes/dates/end-entity.xml:3",
     catalogue},
    {"UnknownPart", recipe("id='x' reason='r' clause='c'", "\n<lief/>"),
     "3: <recipe> holds no element `lief`: did you mean `leaf`?"},
    {"UnknownPlaceholder", recipe("id='x' reason='r' clause='c'", "<leaf><dns>{hots}</dns></leaf>"),
     "2: {hots} is no placeholder: there are {host}, {HOST}, {wildcard}, {label}, {label-start}, "
     "{parent}, {top-level-domain}, {fullwidth-host}, {number}, {crlf} and {hex:00ff}",
     reader},
    {"ImpossibleDate",
     recipe("id='x' reason='r' clause='c'", "<leaf until-date='2051-02-29T00:00:00Z'/>"),
     "2: until-date=\"2051-02-29T00:00:00Z\" is no moment of the calendar, such as "
     "9999-12-31T23:59:59Z",
     reader},
};
INSTANTIATE_TEST_SUITE_P(Recipes, BadCatalogueFileTest, testing::ValuesIn(kRecipes),
                         [](const auto& row) { return std::string(row.param.name); });

std::string case_of(std::string_view ids) {
  return "<case summary='s'\n requirements='" + std::string(ids) +
         "'>\n<expect endings='delivered' reason='r'/></case>";
}

const BadFile kRequirements[] = {
    {"NearToOne", case_of("RFC3207-4.2-a rfc5321-4.5.3.2-a"),
     "1: there is no requirement `rfc5321-4.5.3.2-a`: did you mean `RFC5321-4.5.3.2-a`? "
     "(cases/requirements.xml has all)",
     catalogue},
    {"NearToNone", case_of("?"), "1: there is no requirement `?` (cases/requirements.xml has all)",
     catalogue},
    {"OfAMatrix",
     "<matrix summary='s' requirements='RFC9525-6.6.a'><axis name='mode' values='smtps'/></matrix>",
     "1: there is no requirement `RFC9525-6.6.a`: did you mean `RFC9525-6.6-a`? "
     "(cases/requirements.xml has all)",
     catalogue},
    {"Twice", case_of("RFC3207-4.2-a RFC3207-4.2-b RFC3207-4.2-a"),
     "1: requirements: `RFC3207-4.2-a` stands here twice", reader},
};
INSTANTIATE_TEST_SUITE_P(Requirements, BadCatalogueFileTest, testing::ValuesIn(kRequirements),
                         [](const auto& row) { return std::string(row.param.name); });

std::string refusal(const std::filesystem::path& file) {
  Catalogue catalogue = tree_catalogue();
  try {
    catalogue.add_file(file);
  } catch (const Error& e) {
    return e.what();
  }
  return "no complaint";
}

TEST(Catalogue, RefusesAnotherRoot) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "x.xml";
  write_file(file, "<!-- a comment -->\n<caes/>");
  EXPECT_EQ(refusal(file),
            file + ":2: <caes> is not what a file of the catalogue holds: did you mean `case`?");
  write_file(file, "<schedule><smtp url='a'/></schedule>");
  const std::string complaint = file +
                                ":1: <schedule> begins a customer's configuration, not a case, a "
                                "matrix or recipes: did you mean `startle run --config FILE`?";
  EXPECT_EQ(refusal(file), complaint);
  EXPECT_EQ(run_startle({"run", file}).err, "startle: " + complaint + "\n");
  write_file(file, "<application><jobs><ldap url='a'/></jobs></application>");
  EXPECT_EQ(refusal(file),
            file +
                ":1: <application> begins a customer's configuration, not a case, a matrix or "
                "recipes: did you mean `startle run --config FILE`?");
}

TEST(Catalogue, TakesRequirementsFromTheirPlaceAlone) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "x.xml";
  write_file(file, "<requirements/>");
  EXPECT_EQ(refusal(file),
            file +
                ":1: requirements stand in cases/requirements.xml of the catalogue and nowhere "
                "else: this file may hold a case, a matrix or recipes");
}

TEST(Catalogue, RefusesAHugeFileUnread) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "huge.xml";
  write_file(file, kSound);
  std::filesystem::resize_file(file, 100 << 20);  // a hole: it takes no place
  const std::string complaint = file + ":1: longer than 4194304 bytes";
  EXPECT_EQ(refusal(file), complaint);
  const ProgramRun run = run_startle({"run", file});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "startle: " + complaint + "\n");
  EXPECT_EQ(run.out, "");
}

TEST(Catalogue, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  const std::string missing = folder.path() / "missing.xml";
  const std::string directory = folder.path() / "directory.xml";
  std::filesystem::create_directory(directory);
  EXPECT_EQ(refusal(missing), missing + ": cannot be read: No such file or directory");
  EXPECT_EQ(refusal(directory), directory + ": is not a file");
  EXPECT_EQ(run_startle({"run", missing}).err,
            "startle: " + missing + ": cannot be read: No such file or directory\n");
}

TEST(Catalogue, AnIdIsTakenOnce) {
  const TemporaryFolder folder;
  const auto first = folder.path() / "x.xml";
  const auto second = folder.path() / "y" / "x.xml";
  std::filesystem::create_directory(second.parent_path());
  write_file(first, kSound);
  write_file(second, "\n" + std::string(kSound));
  Catalogue catalogue = tree_catalogue();
  EXPECT_EQ(catalogue.add_file(first), std::vector<std::string>{"x"});
  try {
    catalogue.add_file(second);
    ADD_FAILURE() << "two cases called x";
  } catch (const Error& e) {
    EXPECT_EQ(e.what(),
              second.string() + ":2: there is a case `x` already, at " + first.string() + ":1");
  }
}

TEST(Catalogue, ARecipeOfTheUsersOwnCanBeShownByACaseOfTheirs) {
  const TemporaryFolder folder;
  write_file(folder.path() / "recipes.xml", recipe("id='mine' reason='r' clause='c'"));
  write_file(folder.path() / "x.xml",
             "<case summary='s'><server certificate='mine'/>"
             "<expect endings='delivered' reason='r'/></case>");
  Catalogue catalogue = tree_catalogue();
  EXPECT_EQ(catalogue.add_file(folder.path() / "recipes.xml"), std::vector<std::string>{"mine"});
  EXPECT_EQ(catalogue.add_file(folder.path() / "x.xml"), std::vector<std::string>{"x"});
  EXPECT_EQ(catalogue.cases().back().setup.certificate, "mine");
}

TEST(Catalogue, OffersTheNearestCertificate) {
  const auto complaint = [](const std::string& id) -> std::string {
    try {
      tree_catalogue().recipe(id);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage);
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(complaint("expierd"),
            "there is no certificate `expierd`: did you mean `expired`? (`startle certs list` "
            "names all)");
  EXPECT_EQ(complaint("x"), "there is no certificate `x` (`startle certs list` names all)");
  EXPECT_EQ(complaint("expired"), "");
}

// ---- which files are read ----------------------------------------------------------------------

std::vector<std::string> ids_of(const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const Case& one : catalogue.cases()) ids.push_back(one.id);
  for (const Matrix& one : catalogue.matrices()) ids.push_back(one.id);
  return ids;
}

TEST(Catalogue, CasesStandBelowAProtocolOrMatrixAlone) {
  const SmallCatalogue small;
  EXPECT_EQ(small.complaint(), "");
  for (const char* file : {"smtp/b/y", "smtp/b/x", "smtp/a", "ldap/z", "matrix/single"}) {
    small.write("cases/" + std::string(file) + ".xml", kSound);
  }
  small.write("cases/matrix/m.xml",
              "<matrix summary='s'><axis name='mode' values='smtps'/></matrix>");
  small.write("cases/smtp/README.md", "no case");
  // A client, what holds no case, what is no XML.
  small.write("cases/clients/curl.xml", "<client command='curl'/>");
  small.write("cases/tickets/1.xml", kSound);
  small.write("cases/smtp.xml", kSound);
  small.write("cases/notes.xml", "no XML");
  EXPECT_EQ(ids_of(Catalogue::load_from(small.path())),
            (std::vector<std::string>{"ldap/z", "matrix/single", "smtp/a", "smtp/b/x", "smtp/b/y",
                                      "matrix/m"}));
}

TEST(Catalogue, WithoutRequirementsIsNone) {
  const SmallCatalogue small;
  small.remove("cases/requirements.xml");
  EXPECT_EQ(small.complaint(),
            small.path("cases/requirements.xml") + ": cannot be read: No such file or directory");
}

// Nobody puts a case where it is not read, and what is read keeps its place as its id.
TEST(Catalogue, OfTheTreeHasEveryCaseInTheOrderOfTheFiles) {
  const std::filesystem::path folder = STARTLE_TREE "/cases";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".xml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> ids;
  for (const std::string_view kind : {"case", "matrix"}) {
    const std::size_t before = ids.size();
    for (std::filesystem::path file : files) {
      if (xml::Document::read(file).root().name() != kind) continue;
      ids.push_back(file.lexically_relative(folder).replace_extension().generic_string());
    }
    EXPECT_GT(ids.size() - before, 2U) << kind;
  }
  EXPECT_EQ(ids_of(tree_catalogue()), ids);
}

TEST(Catalogue, OfTheTreePassesReaderAndGrammar) {
  const auto schema = xml::Schema::read(STARTLE_TREE "/cases/startle.rng");
  for (const char* folder : {STARTLE_TREE "/cases/smtp", STARTLE_TREE "/cases/ldap",
                             STARTLE_TREE "/cases/matrix", STARTLE_TREE "/certs/recipes"}) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".xml") continue;
      EXPECT_NO_THROW(schema.check(xml::Document::read(entry.path()))) << entry.path();
      ++files;
    }
    EXPECT_GT(files, 2U) << folder;
  }
  EXPECT_NO_THROW(schema.check(xml::Document::read(STARTLE_TREE "/cases/requirements.xml")));
}

TEST(Catalogue, EverySingleCaseSaysWhatItIsFor) {
  ASSERT_FALSE(tree_catalogue().cases().empty());
  for (const Case& c : tree_catalogue().cases()) {
    EXPECT_FALSE(c.requirements.empty()) << c.id;
    // Of several connections the oracle may know.
    EXPECT_TRUE(!c.expect.reason.empty() || !c.then.empty()) << c.id;
    const fake::SaslScript& sasl = c.setup.script.sasl;
    const cases::Setup sound;
    const bool states_something =
        !c.setup.script.deviations.empty() || !c.setup.script.taps.empty() ||
        c.setup.script.profile || c.setup.script.tls != tls::Versions::all ||
        c.setup.certificate != sound.certificate || c.setup.host != sound.host ||
        c.setup.persona != fake::Persona::openldap || sasl.mechanisms || sasl.in_clear ||
        c.setup.mechanism || c.setup.client_certificate != sound.client_certificate ||
        !words::demands_tls(c.setup.mode) || !c.then.empty() ||
        c.setup.tls_policy != words::TlsPolicy::required || c.setup.password != sound.password ||
        !c.bug_class.empty();  // of a client that a sound server brings to light
    EXPECT_TRUE(states_something) << c.id;
    // Where no client may succeed, the bug of one that does has a name.
    const auto& endings = c.expect.endings;
    if (endings.empty()) continue;
    const bool may_succeed = std::any_of(endings.begin(), endings.end(), words::is_success);
    EXPECT_TRUE(may_succeed || !c.bug_class.empty()) << c.id;
  }
}

}  // namespace
}  // namespace startle::cases
