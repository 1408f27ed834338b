// What the reader and the grammar say of a recipe that is none.

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/recipe_reader.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

// The element's own line is 2.
std::string in_file(const std::string& inside) {
  return "<recipes>\n<recipe id='x' reason='r' clause='c'>" + inside + "</recipe></recipes>";
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
    {"<leaf purposes='sever-auth'/>",
     "2: purposes: no purpose is called \"sever-auth\", did you mean `server-auth`?"},
    {"<leaf purposes='any any'/>", "2: purposes: any stands twice"},
    {"<leaf purposes=''/>", "2: purposes=\"\": for no extended key usage write \"none\""},
    {"<leaf until-date='2051-02-29T00:00:00Z'/>",
     "2: until-date=\"2051-02-29T00:00:00Z\" is no moment of the calendar, such as "
     "9999-12-31T23:59:59Z"},
    {"<leaf until-date='2051-01-01'/>",
     "2: until-date=\"2051-01-01\" is no moment of the calendar, such as 9999-12-31T23:59:59Z"},
    {"<leaf until='1d' until-date='2051-01-01T00:00:00Z'/>",
     "2: until-date stands in the place of until"},
    {"<leaf until-type='utctime'/>",
     "2: until-type=\"utctime\" is not one of: by-rule, utc-time, generalized-time (did you mean "
     "\"utc-time\"?)"},
    {"<leaf damage='brocken-signature'/>",
     "2: damage=\"brocken-signature\" is not one of: none, broken-signature, algorithms-differ, "
     "truncated, trailing-bytes, not-minimal, duplicate-extension, wrong-authority-key, "
     "empty-names "
     "(did you mean \"broken-signature\"?)"},
    {"<leaf basic-constraints='yes'/>",
     "2: basic-constraints=\"yes\" is not one of: ca, end-entity, absent"},
    {"<leaf version='4'/>", "2: version=\"4\" is not one of: 1, 2, 3 (did you mean \"1\"?)"},
    {"<leaf version='1' must-staple='true'/>",
     "2: a certificate of version 1 has no extensions (RFC 5280, 4.1.2.9)"},
    {"<leaf serial='null'/>",
     "2: serial=\"null\" is not one of: digest, zero, negative, forty-octets"},
    {"<leaf key-usage='sign'/>",
     "2: key-usage: no key usage is called \"sign\", known are digital-signature, "
     "content-commitment, key-encipherment, data-encipherment, key-agreement, cert-sign, crl-sign"},
    {"<leaf key-usage=''/>", "2: key-usage=\"\": for no key usage write \"none\""},
    {"<leaf unknown-extension='true'/>",
     "2: unknown-extension=\"true\" is not one of: non-critical, critical"},
    {"<leaf purposes-critical='yes'/>", "2: purposes-critical=\"yes\" is not one of: false, true"},
    {"<leaf><dns count='0'>a.test</dns></leaf>", "2: count=\"0\" is not a number from 1 to 10000"},
    {"<leaf>text</leaf>", "2: <leaf> holds no text of its own"},
    {"<leaf/><leaf/>", "2: <recipe> has one <leaf> at most"},
    {"<leaf><dns>{hots}</dns></leaf>",
     "2: {hots} is no placeholder: there are {host}, {HOST}, {wildcard}, {label}, {label-start}, "
     "{parent}, {top-level-domain}, {fullwidth-host}, {number}, {crlf} and {hex:00ff}"},
    {"<leaf><dns> a.test</dns></leaf>",
     "2: <dns> begins or ends with a blank; if it is meant: {hex:20}"},
    {"<leaf><dns>a.test</dns><no-names/></leaf>", "2: <no-names> stands beside a name"},
    {"<leaf><ip>localhost</ip></leaf>", "2: <ip> holds no IP address: \"localhost\""},
    {"<leaf issuer='root'/><intermediate/>",
     "2: the end entity is issued by the root: an intermediate has no place"},
    {"<leaf issuer='slef'/>",
     "2: issuer=\"slef\" is not one of: intermediate, root, self (did you mean \"self\"?)"},
    {"<intermediate path-length='-1'/>", "2: path-length=\"-1\" is not a number from 0 to 100"},
    {"<intermediate basic-constraints='end-entity' path-length='0'/>",
     "2: a path length says nothing unless the certificate is a CA (RFC 5280, 4.2.1.9)"},
    {"<root key='rsa-2048'/><intermediate pss-signature='true'/>",
     "2: an RSASSA-PSS signature is of the end entity alone"},
    {"<leaf><other>x</other></leaf>", "2: <other> needs oid=\"...\""},
    {"<leaf><other oid='1.3.x'>x</other></leaf>",
     "2: oid=\"1.3.x\" is no object identifier, such as 1.3.6.1.4.1.311.25.1"},
    {"<leaf><other oid='1.3' form='ia5'>x</other></leaf>",
     "2: form=\"ia5\" is not one of: octet-string, utf8-string"},
    {"<leaf><dns oid='1.3'>x</dns></leaf>", "2: <dns> has no attribute `oid`: known are count"},
    {"<leaf template='Contrôleur'/>",
     "2: template=\"Contrôleur\" is no name of a template in ASCII"},
    {"<leaf timestamps='0'/>", "2: timestamps=\"0\" is not a number from 1 to 100"},
    {"<leaf key='brainpoolP256r1'/>",
     "2: GnuTLS has no Brainpool curve, so that no server here signs a handshake on one: such a "
     "key "
     "is of an intermediate or the root"},
    {"<intermediate issuer='root'/>",
     "2: <intermediate> has no attribute `issuer`: known are path-length, count, common-name, key, "
     "from, until, until-date, from-type, until-type, digest, version, serial, purposes, "
     "purposes-critical, key-usage, damage, ..."},
    {"<intermediate count='2' key='ed25519'/>",
     "2: intermediates that are counted are default ones: state one that differs alone"},
    {"<intermediate count='40'/><intermediate count='40'/>\n<intermediate count='40'/>",
     "3: a chain has at most 98 intermediates"},
    {"<intermediate count='41'/>", "2: count=\"41\" is not a number from 1 to 40"},
    {"<intermediate><permitted/></intermediate>", "2: <permitted> needs one of dns, ip, email"},
    {"<intermediate><excluded dns='a.test' ip='192.0.2.0/24'/></intermediate>",
     "2: <excluded> needs one of dns, ip, email"},
    {"<intermediate><permitted ip='192.0.2.0/33'/></intermediate>",
     "2: ip=\"192.0.2.0/33\" is no range of addresses, such as 192.0.2.0/24 or 2001:db8::/32"},
    {"<intermediate><permitted dns='.'/></intermediate>", "2: dns=\".\" constrains nothing"},
    {"<intermediate key='rsa-8192'/>",
     "2: there is one key of 8192 bits, and it is the end entity's"},
    {"<root key='rsa-1024'/><intermediate key='rsa-1024'/>",
     "2: the root has the flaw weak-anchor-key and an intermediate weak-key: a recipe is wrong in "
     "one way"},
    {"<root path-length='x'/>", "2: path-length=\"x\" is not a number from 0 to 100"},
    {"<root version='1'/>",
     "2: a root states its name, key, digest, path-length, from and until alone: clients differ on "
     "the rest"},
    {"<root trusted='false' common-name='Startle Root CA'/>",
     "2: an untrusted root needs a name of its own"},
    {"<sent/>", "2: <sent> needs order=\"...\""},
    {"<sent order=''/>", "2: order=\"\": a server sends its own certificate, 0, at least"},
    {"<sent order='0 x'/>",
     "2: order: there is no certificate \"x\": they are 0 to 2 in the chain, counted from the end "
     "entity"},
    {"<extra/><sent order='0 b'/>",
     "2: order: there is no certificate \"b\": they are 0 to 2 in the chain, counted from the end "
     "entity, and a to a beside it"},
    {"<sent order='0' tls='1.3'/>", "2: tls=\"1.3\" is not one of: 1.2 (did you mean \"1.2\"?)"},
    {"<sent order='1 0'/>", "2: the end entity, 0, is sent first: TLS signs with its key"},
    {"<sent order='0 3'/>",
     "2: order: there is no certificate \"3\": they are 0 to 2 in the chain, counted from the end "
     "entity"},
    {"<extra/>", "2: the extra certificate a is not sent: <sent order=\"..\"/> names it"},
    {"<extra issuer='leafs-issuer' subject-of='1' same-key='true'/><sent order='0 1 a'/>",
     "2: the extra certificate a is its own issuer, by a loop: same subject, same key; write "
     "issuer=\"self\""},
    {"<extra issuer='anchor'/><sent order='0 1 a'/>",
     "2: issuer=\"anchor\" is not one of: self, root, unknown-root, leafs-issuer, anchor-itself"},
    {"<extra issuer='anchor-itself' key='ed25519'/><sent order='0 1 a'/>",
     "2: issuer=\"anchor-itself\" is a certificate that there is: nothing more to state"},
    {"<extra subject-of='1' common-name='x'/><sent order='0 1 a'/>",
     "2: common-name and subject-of both name the subject"},
    {"<leaf issuer='self'/><extra issuer='root'/><sent order='0 a'/>",
     "2: the extra certificate a is issued by the root of an end entity that signed itself"},
    {"<crl revokes='all'/>", "2: revokes=\"all\" is not one of: nothing, leaf"},
    {"<crl from='1d' until='1h'/>", "2: a revocation list begins, and then ends"},
    {"<crl/><crl/>", "2: <recipe> has one <crl> at most"},
    {"<staple status='bad'/>", "2: status=\"bad\" is not one of: good, revoked"},
    {"<staple of='other'/>",
     "2: of=\"other\" is not one of: leaf, another (did you mean \"another\"?)"},
    {"<staple until='-2d'/>", "2: a staple begins, and then ends"},
    {"<expect documented='delivered'/>", "2: <expect> needs pkix=\"...\""},
    {"<expect pkix='delivered' documented='deliverd'/>",
     "2: documented: no ending is called \"deliverd\", did you mean `delivered`?"},
    {"<expect pkix='delivered refused'/>",
     "2: pkix: why=\"...\" says why several endings are legal"},
    {"<expect pkix=''/>", "2: pkix=\"\": what does such a client end with?"},
    {"<expect pkix='delivered' angsu='refused'/>",
     "2: <expect> has no attribute `angsu`: did you mean `angus`?"},
    {"<disagreement library='openssl' says='accepts'/>", "2: <disagreement> needs why=\"...\""},
    {"<disagreement library='nss' says='accepts' why='w'/>",
     "2: library=\"nss\" is not one of: gnutls, openssl, jsse"},
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
}

TEST(RecipeGrammar, RefusesWhatTheReaderRefusesByItsWords) {
  const xml::Schema grammar = xml::Schema::read(STARTLE_TREE "/certs/recipes.rng");
  for (const char* inside :
       {"<lief/>",
        "<leaf frm='1d'/>",
        "<leaf digest='sha265'/>",
        "<leaf from='yesterday'/>",
        "<leaf purposes='sever-auth'/>",
        "<leaf purposes=''/>",
        "<leaf>text</leaf>",
        "<leaf/><leaf/>",
        "<leaf><dns>a.test</dns><no-names/></leaf>",
        "<sent/>",
        "<sent order='0 xx'/>",
        "<sent order='0' tls='1.3'/>",
        "<intermediate digest='sha-1'/>",
        "<root path-length='-1'/>",
        "<leaf><other>x</other></leaf>",
        "<leaf><other oid='1.'>x</other></leaf>",
        "<leaf><dns oid='1.3'>x</dns></leaf>",
        "<leaf timestamps='0'/>",
        "<leaf purposes='kdc-auth'/>",
        "<leaf key='brainpool'/>",
        "<intermediate><permitted/></intermediate>",
        "<intermediate><excluded dns='a.test' ip='192.0.2.0/24'/></intermediate>",
        "<intermediate count='2' key='ed25519'/>",
        "<leaf version='4'/>",
        "<leaf until='1d' until-date='2051-01-01T00:00:00Z'/>",
        "<leaf until-date='2051-01-01'/>",
        "<leaf key-usage='sign'/>",
        "<leaf damage='brocken-signature'/>",
        "<leaf><dns count='0'>a.test</dns></leaf>",
        "<extra issuer='anchor-itself' key='ed25519'/>",
        "<extra subject-of='1' common-name='x'/>",
        "<crl revokes='all'/>",
        "<crl/><crl/>",
        "<staple status='bad'/>",
        "<expect documented='delivered' angus='delivered' javamail='delivered'/>",
        "<expect pkix='delivered' angsu='delivered'/>",
        "<disagreement library='openssl' says='accepts'/>"}) {
    EXPECT_THROW(grammar.check(xml::Document::parse("x.xml", in_file(inside))), Error) << inside;
  }
}

}  // namespace
}  // namespace startle::certs
