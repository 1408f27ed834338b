#include <gtest/gtest.h>

#include "cases/engine/bad_file_for_test.h"

namespace startle::cases {
namespace {

using enum NoticedBy;

class BadMatrixTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadMatrixTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

TEST_P(BadMatrixTest, EndsTheProgramWithOneSentence) {
  expect_program_refuses(GetParam());
}

// Each row differs from a sound matrix in what its name says.
std::string with(std::string_view axes) {
  return "<matrix summary='s'>\n" + std::string(axes) + "\n</matrix>\n";
}
std::string with_trust(std::string_view values) {
  return with("<axis name='trust'>" + std::string(values) + "</axis>");
}

// 10^9 cells.
std::string nine_axes() {
  std::string axes;
  for (char axis = 'a'; axis <= 'i'; ++axis) {
    axes += "<axis name='" + std::string(1, axis) + "'>";
    for (char value = '0'; value <= '9'; ++value) {
      axes += "<value id='" + std::string(1, value) + "'/>";
    }
    axes += "</axis>\n";
  }
  return axes;
}

const BadFile kBadMatrices[] = {
    {"NoSummary", "<matrix>\n<axis name='mode' values='smtp-plain'/></matrix>",
     "1: <matrix> needs summary=\"...\""},
    {"NoAxis", with(""), "1: <matrix> needs an <axis>"},
    {"UnknownElement", with("<axes/>"),
     "2: <matrix> holds no element `axes`: did you mean `axis`?"},
    {"ExpectsOneEnding",
     with("<axis name='mode' values='smtp-plain'/>\n"
          "<expect endings='delivered' reason='r'/>"),
     "3: <matrix> holds no element `expect`: known are axis"},
    {"UnknownAttribute", with("<axis nam='mode' values='smtp-plain'/>"),
     "2: <axis> has no attribute `nam`: did you mean `name`?"},
    {"AxisWithoutName", with("<axis values='smtp-plain'/>"), "2: <axis> needs name=\"...\""},
    {"AxisNamedWithSlash", with("<axis name='a/b'><value id='x'/></axis>"),
     "2: name=\"a/b\" is not made of lower-case letters, digits and `-`", reader},
    {"AxisTwice",
     with("<axis name='mode' values='smtp-plain'/>\n"
          "<axis name='mode' values='smtp-starttls'/>"),
     "3: axis `mode` stands in this matrix twice", reader},
    {"AxisWithoutValue", with("<axis name='trust'/>"), "2: axis `trust` has no value", reader},
    {"EmptyValues", with("<axis name='certificate' values=' '/>"),
     "2: axis `certificate` has no value", reader},
    {"ValuesOfAnotherAxis", with("<axis name='trust' values='host any'/>"),
     "2: values=\"..\" is for the axes `mode`, `certificate` and `store`; this one needs <value>s",
     reader},
    {"UnknownMode", with("<axis name='mode' values='smtp-plain smtp-startls'/>"),
     "2: values: `smtp-startls` is no mode: did you mean `smtp-starttls`?", reader},
    {"UnknownCertificate",
     with("<axis name='mode' values='smtp-plain'/>\n"
          "<axis name='certificate' values='valid self-singed'/>"),
     "3: there is no certificate `self-singed`: did you mean `self-signed`? (`startle certs list` "
     "names all)",
     catalogue},
    {"EveryCertificateAndAnother", with("<axis name='certificate' values='* valid'/>"),
     "2: values: `*` is every certificate: it stands alone", reader},
    {"BaseIsNoCertificate", with("<axis name='certificate' base='vald' values='*'/>"),
     "2: there is no certificate `vald`: did you mean `valid`? (`startle certs list` names all)",
     catalogue},
    {"EveryModeIsNoWord", with("<axis name='mode' values='*'/>"),
     "2: values: `*` is no mode: known are smtp-starttls, smtps, ldap-starttls, ldaps, smtp-plain, "
     "ldap-plain",
     reader},
    {"CertificateByValue", with("<axis name='certificate'><value id='expired'/></axis>"),
     "2: a <value> states no certificate: write <axis name=\"certificate\" values=\"..\"/>",
     reader},
    {"ValueTwice", with_trust("<value id='any' trust='*'/><value id='any' trust=' * '/>"),
     "2: value `any` stands in axis `trust` twice", reader},
    {"ModeTwice", with("<axis name='mode' values='smtp-plain smtp-plain'/>"),
     "2: value `smtp-plain` stands in axis `mode` twice", reader},
    {"BaseIsNoValue", with("<axis name='certificate' base='vald' values='expired valid'/>"),
     "2: base=\"vald\" is no value of axis `certificate`: did you mean `valid`?", reader},
    {"BaseNearToNone", with("<axis name='mode' base='x' values='smtp-plain'/>"),
     "2: base=\"x\" is no value of axis `mode`: known are smtp-plain", reader},
    {"ValueWithoutId", with_trust("<value trust='*'/>"), "2: <value> needs id=\"...\""},
    {"ValueWithEmptyId", with_trust("<value id='' trust='*'/>"),
     "2: id=\"\" is not made of lower-case letters, digits and `-`", reader},
    {"ValueNamedWithSlash", with_trust("<value id='a/b=c' trust='*'/>"),
     "2: id=\"a/b=c\" is not made of lower-case letters, digits and `-`", reader},
    {"ValueWithUnknownAttribute", with_trust("<value id='any' trsut='*'/>"),
     "2: <value> has no attribute `trsut`: did you mean `trust`?"},
    {"ValueWithElement", with_trust("<value id='any'><trust/></value>"),
     "2: <value> holds no element `trust`: it holds none at all"},
    {"ValueWithText", with_trust("<value id='any'>*</value>"),
     "2: <value> holds no text of its own"},
    {"ValueWithUnknownMode", with_trust("<value id='any' mode='smtp'/>"),
     "2: mode=\"smtp\" is not one of: smtp-starttls, smtps, ldap-starttls, ldaps, smtp-plain, "
     "ldap-plain (did you mean \"smtps\"?)"},
    {"ModesWithAnUnknownOne", with_trust("<value id='any' modes='ldaps ldap-startls'/>"),
     "2: modes: `ldap-startls` is no mode: did you mean `ldap-starttls`?", reader},
    {"ModesOfNone", with_trust("<value id='any' modes=' '/>"),
     "2: modes=\"\" leaves no mode that has this value", reader},
    {"ModesTwiceTheSame", with_trust("<value id='any' modes='smtps ldaps smtps'/>"),
     "2: modes: `smtps` stands here twice", reader},
    {"ModesOfAnAxis", with("<axis name='trust' modes='smtps'><value id='any'/></axis>"),
     "2: <axis> has no attribute `modes`: known are name, base, values"},
    {"ValueWithUnknownMechanism", with_trust("<value id='any' mechanism='PLAN'/>"),
     "2: mechanism=\"PLAN\" is no mechanism: did you mean `PLAIN`?"},
    {"ValueWithUnknownClientCertificate", with_trust("<value id='any' client-certificate='x'/>"),
     "2: client-certificate=\"x\" is not one of: none, valid, wrong-ca, expired"},
    {"ValueWithPersona", with_trust("<value id='any' persona='openldap'/>"),
     "2: <value> has no attribute `persona`: known are id, mode, tls-policy, trust, username, "
     "password, "
     "sender, "
     "absent, base, filter, mechanism, modes, server-username, server-password, server-sender, "
     "..."},
    {"ValueWithStep", with_trust("<value id='any'><respond code='49'/></value>"),
     "2: <value> holds no element `respond`: it holds none at all"},
    {"ValueAbsentAndGiven", with_trust("<value id='any'\n trust='*' absent='trust'/>"),
     "2: `trust` is both given and absent", reader},
    {"ValueWithUnknownPlaceholder", with_trust("<value id='host' trust='{hsot}'/>"),
     "2: {hsot} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"UnclosedBraceOfTheServer", with_trust("<value id='u' server-username='{user'/>"),
     "2: `{` without `}`: a literal brace is {hex:7b}", reader},
    {"TooManyCells", with(nine_axes()), "1: the axes make more than 100000000 cells", reader},
};
INSTANTIATE_TEST_SUITE_P(All, BadMatrixTest, testing::ValuesIn(kBadMatrices),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::cases
