#include "certs/recipe_reader.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/recipe_writer.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using std::chrono::days;

// The element's own line is 2.
std::string in_file(const std::string& inside) {
  return "<recipes>\n<recipe id='x' reason='r' clause='c'>" + inside + "</recipe></recipes>";
}

Recipe read(const std::string& inside) {
  return read_recipes(xml::Document::parse("x.xml", in_file(inside))).at(0);
}

TEST(RecipeReader, WhatIsNotStatedIsAsInValid) {
  Recipe expected = valid_recipe();
  expected.id = "x";
  expected.reason = "r";
  expected.clause = "c";
  expected.expected = {};
  EXPECT_EQ(read(""), expected);
  EXPECT_EQ(read("<root/><intermediate/><leaf/>"), expected);
}

TEST(RecipeReader, ReadsEveryWord) {
  const Recipe recipe = read(
      "<root trusted='false' common-name='R' key='rsa-4096' from='-2y' until='2y'/>"
      "<intermediate common-name='I' key='ed25519' path-length='1' from='-12h' until='90s'>"
      "<permitted dns='a.test'/><excluded dns='b.test'/></intermediate>"
      "<intermediate basic-constraints='end-entity'/>"
      "<leaf issuer='intermediate' common-name='L' key='rsa-2048' digest='sha512'"
      " purposes='client-auth any' damage='broken-signature' basic-constraints='ca' from='0s' "
      "until='5min'>"
      "<dns>{host}</dns><ip>::1</ip></leaf>"
      "<sent order='0 2 1 3'/>");
  EXPECT_FALSE(recipe.root_trusted);
  EXPECT_EQ(recipe.root, (CertificateRecipe{.common_name = "R",
                                            .validity = {.from = -days{730}, .until = days{730}},
                                            .key = KeyKind::rsa_4096,
                                            .basic_constraints = BasicConstraints::ca}));
  ASSERT_EQ(recipe.intermediates.size(), 2U);
  EXPECT_EQ(
      recipe.intermediates[0],
      (CertificateRecipe{
          .common_name = "I",
          .validity = {.from = -std::chrono::hours{12}, .until = std::chrono::seconds{90}},
          .key = KeyKind::ed25519,
          .basic_constraints = BasicConstraints::ca,
          .path_length = 1,
          .name_constraints = {{.value = "a.test"}, {.permitted = false, .value = "b.test"}}}));
  CertificateRecipe second = default_intermediate(2);
  second.basic_constraints = BasicConstraints::end_entity;
  second.common_name += " of x";
  EXPECT_EQ(recipe.intermediates[1], second);
  EXPECT_EQ(recipe.leaf,
            (CertificateRecipe{.common_name = "L",
                               .names = {{NameKind::dns, "{host}"}, {NameKind::ip, "::1"}},
                               .validity = {.from = days{0}, .until = std::chrono::minutes{5}},
                               .key = KeyKind::rsa_2048,
                               .digest = policy::Digest::sha512,
                               .purposes = {Purpose::client_auth, Purpose::any},
                               .basic_constraints = BasicConstraints::ca,
                               .damage = Damage::broken_signature}));
  EXPECT_EQ(recipe.sent, (std::vector<std::size_t>{0, 2, 1, 3}));
}

TEST(RecipeReader, AnEndEntityMayHaveNoNamesAndNoPurposes) {
  const Recipe recipe = read("<leaf issuer='root' purposes='none'><no-names/></leaf>");
  EXPECT_TRUE(recipe.leaf.names.empty());
  EXPECT_TRUE(recipe.leaf.purposes.empty());
  EXPECT_TRUE(recipe.intermediates.empty());
}

TEST(RecipeReader, AnAuthorityThatDiffersHasANameOfItsOwn) {
  const std::string first = intermediate_name(1);
  const std::string second = intermediate_name(2);
  EXPECT_EQ(read("<intermediate/><intermediate path-length='0'/>").intermediates[0].common_name,
            first);
  EXPECT_EQ(read("<intermediate/><intermediate path-length='0'/>").intermediates[1].common_name,
            second + " of x");
  const Recipe below = read("<intermediate path-length='1'/><intermediate/>");
  EXPECT_EQ(below.intermediates[0].common_name, first + " of x");
  EXPECT_EQ(below.intermediates[1].common_name, second + " of x");
  EXPECT_EQ(read("<root trusted='false'/>").root.common_name, kUntrustedRootName);
  EXPECT_EQ(read("<root trusted='false'/>").intermediates[0].common_name, first + " of x");
  EXPECT_EQ(read("<root key='rsa-2048'/>").root.common_name, std::string(kRootName) + " of x");
}

TEST(RecipeReader, WhatItReadsPrintsBack) {
  for (const Recipe& recipe : all_recipes()) {
    const std::string text = "<recipes>" + write_recipe(recipe) + "</recipes>";
    EXPECT_EQ(read_recipes(xml::Document::parse("x.xml", text)).at(0), recipe) << text;
  }
}

struct ComplaintRow {
  const char* inside;
  const char* complaint;  // without "x.xml:"
};

const ComplaintRow kComplaints[] = {
    {"<lief/>", "2: <recipe> holds no element `lief`: did you mean `leaf`?"},
    {"\n<leaf frm='1d'/>", "3: <leaf> has no attribute `frm`: did you mean `from`?"},
    {"<leaf digest='sha-256'/>",
     "2: digest=\"sha-256\" is not one of: md5, sha1, sha224, sha256, sha384, sha512 (did you mean "
     "\"sha256\"?)"},
    {"<leaf from='yesterday'/>",
     "2: from=\"yesterday\" is not a whole number and a unit (s, min, h, d or y), such as -30d, at "
     "most 40y"},
    {"<leaf until='41y'/>",
     "2: until=\"41y\" is not a whole number and a unit (s, min, h, d or y), such as -30d, at most "
     "40y"},
    {"<leaf until='-31d'/>", "2: until=\"-31d\" is before from=\"-30d\""},
    {"<leaf purposes='sever-auth'/>",
     "2: purposes: no purpose is called \"sever-auth\", did you mean `server-auth`?"},
    {"<leaf purposes='any any'/>", "2: purposes: any stands twice"},
    {"<leaf purposes=''/>", "2: purposes=\"\": for no extended key usage write \"none\""},
    {"<leaf signature='brocken'/>",
     "2: signature=\"brocken\" is not one of: valid, broken (did you mean \"broken\"?)"},
    {"<leaf ca='yes'/>", "2: ca=\"yes\" is not one of: false, true"},
    {"<leaf>text</leaf>", "2: <leaf> holds no text of its own"},
    {"<leaf/><leaf/>", "2: <recipe> has one <leaf> at most"},
    {"<leaf><dns>{hots}</dns></leaf>",
     "2: {hots} is no placeholder: there are {host}, {wildcard}, {top-level-domain}, {crlf} and "
     "{hex:00ff}"},
    {"<leaf><dns> a.test</dns></leaf>",
     "2: <dns> begins or ends with a blank; if it is meant: {hex:20}"},
    {"<leaf><dns>a.test</dns><no-names/></leaf>", "2: <no-names> stands beside a name"},
    {"<leaf><ip>localhost</ip></leaf>", "2: <ip> holds no IP address: \"localhost\""},
    {"<leaf issuer='root'/><intermediate/>",
     "2: the end entity is issued by the root: an intermediate has no place"},
    {"<leaf issuer='slef'/>",
     "2: issuer=\"slef\" is not one of: intermediate, root, self (did you mean \"self\"?)"},
    {"<intermediate path-length='-1'/>", "2: path-length=\"-1\" is not a number from 0 to 100"},
    {"<intermediate ca='false' path-length='0'/>",
     "2: a path length says nothing unless the certificate is a CA (RFC 5280, 4.2.1.9)"},
    {"<intermediate digest='sha1'/>",
     "2: <intermediate> has no attribute `digest`: known are common-name, key, ca, path-length, "
     "from, until"},
    {"<intermediate><permitted dns='.a.test'/></intermediate>",
     "2: dns=\".a.test\" is no domain: a constraint on dNSName has neither a leading dot nor "
     "nothing "
     "(RFC 5280, 4.2.1.10)"},
    {"<intermediate key='rsa-1024'/>", "2: a weak key is of the end entity alone"},
    {"<root path-length='0'/>",
     "2: <root> has no attribute `path-length`: known are trusted, common-name, key, from, until"},
    {"<root trusted='false' common-name='Startle Root CA'/>",
     "2: an untrusted root needs a name of its own"},
    {"<sent/>", "2: <sent> needs order=\"...\""},
    {"<sent order=''/>", "2: order=\"\": a server sends its own certificate, 0, at least"},
    {"<sent order='0 x'/>",
     "2: order=\"0 x\" is not a list of places in the chain, counted from the end entity, 0"},
    {"<sent order='1 0'/>", "2: the end entity, 0, is sent first: TLS signs with its key"},
    {"<sent order='0 3'/>", "2: certificate 3 is sent, but the chain ends with 2"},
};

std::string complaint_about(const std::string& content) {
  try {
    read_recipes(xml::Document::parse("x.xml", content));
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
  return "no complaint";
}

TEST(RecipeReader, ComplaintsNameTheLineAndWhatWouldBeRight) {
  for (const ComplaintRow& row : kComplaints) {
    EXPECT_EQ(complaint_about(in_file(row.inside)), "x.xml:" + std::string(row.complaint));
  }
}

const ComplaintRow kFileComplaints[] = {
    {"<recipe/>", "1: expected <recipes>, not <recipe>"},
    {"<recipes/>", "1: <recipes> holds no <recipe>"},
    {"<recipes><recipe reason='r' clause='c'/></recipes>", "1: <recipe> needs id=\"...\""},
    {"<recipes><recipe id='a b' reason='r' clause='c'/></recipes>",
     "1: id=\"a b\" is not made of at most 64 lower-case letters, digits and `-`"},
    {"<recipes><recipe id='x' reason=' ' clause='c'/></recipes>", "1: reason=\"\" says nothing"},
    {"<recipes><recipe id='x' reason='a&#10;b' clause='c'/></recipes>", "1: reason is one line"},
    {"<recipes><recipe id='x' reason='r'/></recipes>", "1: <recipe> needs clause=\"...\""},
    {"<recipes><recipe id='x' reason='r' clause='c'/>\n<recipe id='x' reason='r' clause='c'/>"
     "</recipes>",
     "2: a recipe `x` stands above already"},
};

TEST(RecipeReader, AFileHoldsRecipesWithIdReasonAndClause) {
  for (const ComplaintRow& row : kFileComplaints) {
    EXPECT_EQ(complaint_about(row.inside), "x.xml:" + std::string(row.complaint));
  }
}

TEST(RecipeGrammar, EveryFileKeepsIt) {
  const xml::Schema grammar = xml::Schema::read(STARTLE_TREE "/certs/recipes.rng");
  for (const auto& file : recipe_files()) {
    EXPECT_NO_THROW(grammar.check(xml::Document::read(file))) << file;
  }
  // What the writer writes has every word in it.
  for (const Recipe& recipe : all_recipes()) {
    const std::string text = "<recipes>" + write_recipe(recipe) + "</recipes>";
    EXPECT_NO_THROW(grammar.check(xml::Document::parse("x.xml", text))) << text;
  }
}

TEST(RecipeGrammar, RefusesWhatTheReaderRefusesByItsWords) {
  const xml::Schema grammar = xml::Schema::read(STARTLE_TREE "/certs/recipes.rng");
  for (const char* inside :
       {"<lief/>", "<leaf frm='1d'/>", "<leaf digest='sha265'/>", "<leaf from='yesterday'/>",
        "<leaf purposes='sever-auth'/>", "<leaf purposes=''/>", "<leaf>text</leaf>",
        "<leaf/><leaf/>", "<leaf><dns>a.test</dns><no-names/></leaf>", "<sent/>",
        "<sent order='0 x'/>", "<intermediate digest='sha1'/>", "<root path-length='0'/>",
        "<intermediate><permitted dns='.a.test'/></intermediate>"}) {
    EXPECT_THROW(grammar.check(xml::Document::parse("x.xml", in_file(inside))), Error) << inside;
  }
}

}  // namespace
}  // namespace startle::certs
