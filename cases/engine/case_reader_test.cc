#include "cases/engine/case_reader.h"

#include <gtest/gtest.h>

#include "cases/engine/bad_file_for_test.h"

namespace startle::cases {
namespace {

using enum NoticedBy;

class BadCaseTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadCaseTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

TEST_P(BadCaseTest, EndsTheProgramWithOneSentence) {
  expect_program_refuses(GetParam());
}

// Each row differs from a sound case in what its name says; what differs stands on line 2.
constexpr std::string_view kExpect = "<expect endings='delivered' reason='r'/>";
constexpr std::string_view kEnabled =
    "<expect tls-policy='enable' endings='delivered' reason='r'/>";

std::string expecting(std::string_view expect) {
  return "<case summary='s'>\n" + std::string(expect) + "\n</case>\n";
}
std::string with(std::string_view inside) {
  return expecting(std::string(inside) + "\n" + std::string(kExpect));
}
// A further connection, behind what is expected of the first.
std::string with_then(std::string_view then) {
  return "<case summary='s'>" + std::string(kExpect) + "\n" + std::string(then) + "\n</case>\n";
}
std::string with_step(std::string_view steps) {
  return with("<server><at point='ehlo'>" + std::string(steps) + "</at></server>");
}
// A step of an LDAP server.
std::string with_ldap_step(std::string_view steps) {
  return with("<server><at point='bind'>" + std::string(steps) +
              "</at></server>\n<client mode='ldap-starttls'/>");
}
std::string with_mode(std::string_view mode, std::string_view point) {
  return with("<server><at point='" + std::string(point) + "'><close/></at></server>" +
              "<client mode='" + std::string(mode) + "'/>");
}
std::string with_trust(std::string_view trust) {
  return with("<client trust='" + std::string(trust) + "'/>");
}

const BadFile kStructure[] = {
    {"UnknownElement", with("<sever/>"),
     "2: <case> holds no element `sever`: did you mean `server`?"},
    {"ElementNearToNone", with("<colour/>"),
     "2: <case> holds no element `colour`: known are why, fix, server, client, expect, then"},
    {"ElementOfAMatrix", with("<axis name='mode' values='smtp-plain'/>"),
     "2: <case> holds no element `axis`: known are why, fix, server, client, expect, then"},
    {"UnknownAttribute", "<case sumary='s'>" + std::string(kExpect) + "</case>",
     "1: <case> has no attribute `sumary`: did you mean `summary`?"},
    {"NoSummary", "<case>\n" + std::string(kExpect) + "</case>", "1: <case> needs summary=\"...\""},
    {"NoReasonForARace", "<case summary='s' races=''>\n" + std::string(kExpect) + "</case>",
     "1: races=\"\" says nothing", reader},
    {"NoExpect", "<case summary='s'>\n<server/></case>",
     "1: <case> needs <expect endings=\"..\" reason=\"..\"/>"},
    {"TwoExpects", with(kExpect), "3: <expect> stands in this case twice"},
    {"TwoExpectsOfOnePolicy",
     expecting(std::string(kExpect) + std::string(kEnabled) + "\n" + std::string(kEnabled)),
     "3: <expect> stands in this case twice"},
    {"ExpectOfRequiredTls",
     expecting(std::string(kExpect) +
               "\n<expect tls-policy='required' endings='delivered' reason='r'/>"),
     "3: tls-policy=\"required\" is what an <expect> without it is for"},
    {"ExpectOfThePolicyThatIsTold",
     expecting("<client tls-policy='enable'/>" + std::string(kExpect) + "\n" +
               std::string(kEnabled)),
     "3: the client is told tls-policy=\"enable\" already: one <expect> is enough", reader},
    {"ExpectOfAPolicyThatIsNone",
     expecting("<client mode='smtps'/>" + std::string(kExpect) + "\n" + std::string(kEnabled)),
     "3: mode=\"smtps\" is the same under every tls-policy: one <expect> is enough", reader},
    {"UnknownPolicy", with("<client tls-policy='enabled'/>"),
     "2: tls-policy=\"enabled\" is not one of: required, enable (did you mean \"enable\"?)"},
    {"TwoClients", with("<client/>\n<client/>"), "3: <client> stands in this case twice"},
    {"TwoReasonsWhy", with("<why>a</why>\n<why>b</why>"), "3: <why> stands in this case twice"},
    {"TextInThen", with_then("<then>text</then>"), "2: <then> holds no text of its own"},
    {"ThenWithAttribute", with_then("<then mode='smtps'/>"),
     "2: <then> has no attribute `mode`: it has none at all"},
    {"ThenInThen", with_then("<then><then/></then>"),
     "2: <then> holds no element `then`: known are server, client, expect"},
    {"TwoServersInThen", with_then("<then><server/>\n<server/></then>"),
     "3: <server> stands in this <then> twice"},
    {"ThenOfAnotherProtocol", with_then("<then><client mode='ldaps'/></then>"),
     "2: mode=\"ldaps\" is of another protocol than the first connection's", reader},
    {"PointThatThenNeverComesTo",
     with_then("<then><server><at point='starttls'><close/></at></server><client mode='smtps'/>"
               "</then>"),
     "2: mode=\"smtps\" never comes to the point `starttls`", reader},
    {"ManyAttempts", with("<client attempts='3'/>"),
     "2: attempts=\"3\" is no attempts: did you mean `1`?"},
    {"TextBesideElements", with("text"), "1: <case> holds no text of its own"},
    {"ElementInText", with("<why>a <b>b</b></why>"),
     "2: <why> holds no element `b`: it holds none at all"},
    {"NameOfAnotherNamespace",
     "<case xmlns='urn:other' summary='s'>" + std::string(kExpect) + "</case>",
     "1: Did not expect element case there", grammar},
};
INSTANTIATE_TEST_SUITE_P(Structure, BadCaseTest, testing::ValuesIn(kStructure),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kServer[] = {
    {"UnknownAttribute", with("<server certifcate='valid'/>"),
     "2: <server> has no attribute `certifcate`: did you mean `certificate`?"},
    {"UnknownElement", with("<server><att point='ehlo'/></server>"),
     "2: <server> holds no element `att`: did you mean `at`?"},
    {"UnauthenticatedNeitherWord", with("<server unauthenticated='yes'/>"),
     "2: unauthenticated=\"yes\" is not one of: refuse, accept"},
    {"InClearNeitherWord", with("<server in-clear='acept'/>"),
     "2: in-clear=\"acept\" is not one of: refuse, accept (did you mean \"accept\"?)"},
    {"TextInServer", with("<server>250 Ok</server>"), "2: <server> holds no text of its own"},
    {"UnknownCertificate", with("<server certificate='expierd'/>"),
     "2: there is no certificate `expierd`: did you mean `expired`? (`startle certs list` "
     "names all)",
     catalogue},
    {"CertificateNearToNone", with("<server certificate='x'/>"),
     "2: there is no certificate `x` (`startle certs list` names all)", catalogue},
    {"UnknownPoint", with("<server><at point='startls'><close/></at></server>"),
     "2: point=\"startls\" is not one of: greeting, ehlo, helo, starttls, ehlo-in-tls, auth, mail, "
     "rcpt, data, message, quit, root-dse, root-dse-in-tls, bind, whoami, search, unbind (did you "
     "mean "
     "\"starttls\"?)"},
    {"NoPoint", with("<server><at><close/></at></server>"), "2: <at> needs point=\"...\""},
    {"PointTwice",
     with("<server><at point='ehlo'><close/></at>\n<at point='ehlo'><reset/></at></server>"),
     "3: <at point=\"ehlo\"> stands here twice", reader},
    {"NoStep", with_step(""),
     "2: <at> needs a step: reply, send, respond, pause, usual, start-tls, alert, tls-message, "
     "end-tls, silence, close, reset"},
    {"TextForAStep", with_step("250 Ok"), "2: <at> holds no text of its own"},
    {"UnknownStep", with_step("<replay>250 Ok</replay>"),
     "2: <at> holds no element `replay`: did you mean `reply`?"},
    {"StepWithAttribute", with_step("<close now='true'/>"),
     "2: <close> has no attribute `now`: it has none at all"},
    {"StepInStep", with_step("<close><reset/></close>"),
     "2: <close> holds no element `reset`: it holds none at all"},
    {"ElementInReply", with_step("<reply>250 <b>Ok</b></reply>"),
     "2: <reply> holds no element `b`: it holds none at all"},
    {"PauseWithoutSeconds", with_step("<pause/>"), "2: <pause> needs seconds=\"...\""},
    {"PauseWithUnit", with_step("<pause seconds='1s'/>"),
     "2: seconds=\"1s\" is not a number above 0, at most 3600"},
    {"PauseInWords", with_step("<pause seconds='long'/>"),
     "2: seconds=\"long\" is not a number above 0, at most 3600"},
    {"PauseOfNothing", with_step("<pause seconds='0'/>"),
     "2: seconds=\"0\" is not a number above 0, at most 3600", reader},
    {"PauseBackwards", with_step("<pause seconds='-1'/>"),
     "2: seconds=\"-1\" is not a number above 0, at most 3600", reader},
    {"PauseOfAnHourAndMore", with_step("<pause seconds='3600.5'/>"),
     "2: seconds=\"3600.5\" is not a number above 0, at most 3600", reader},
    {"PauseForEver", with_step("<pause seconds='inf'/>"),
     "2: seconds=\"inf\" is not a number above 0, at most 3600"},
    {"PauseOfNoNumber", with_step("<pause seconds='nan'/>"),
     "2: seconds=\"nan\" is not a number above 0, at most 3600"},
    {"PauseInPowersOfTen", with_step("<pause seconds='1e2'/>"),
     "2: seconds=\"1e2\" is not a number above 0, at most 3600"},
    {"SendNoTimes", with_step("<send times='0'>x</send>"),
     "2: times=\"0\" is not a number from 1 to 1048576"},
    {"SendTooOften", with_step("<send times='1048577'>x</send>"),
     "2: times=\"1048577\" is not a number from 1 to 1048576", reader},
    {"SendEveryNow", with_step("<send times='2' every='0'>x</send>"),
     "2: every=\"0\" is not a number above 0, at most 3600", reader},
    {"BeginsInTls", with("<server begins='in-tls'/>"),
     "2: begins=\"in-tls\" is not one of: as-demanded, in-clear"},
    {"UnknownPlaceholder", with_step("<reply>250 {hots}</reply>"),
     "2: {hots} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"BraceLeftOpen", with_step("<send>250 {host</send>"),
     "2: `{` without `}`: a literal brace is {hex:7b}", reader},
    {"HalfAByte", with_step("<send>{hex:0}</send>"),
     "2: {hex:0} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"PasswordPlaceholder", with("<server password='{password}'/>"),
     "2: {password} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
};
INSTANTIATE_TEST_SUITE_P(Server, BadCaseTest, testing::ValuesIn(kServer),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kClient[] = {
    {"UnknownAttribute", with("<client pasword='x'/>"),
     "2: <client> has no attribute `pasword`: did you mean `password`?"},
    {"AttributeOfTheServer", with("<client certificate='valid'/>"),
     "2: <client> has no attribute `certificate`: known are mode, tls-policy, attempts, trust, "
     "username, password, sender, absent, base, filter, mechanism, client-certificate, store, "
     "host"},
    {"ElementInClient", with("<client><trust/></client>"),
     "2: <client> holds no element `trust`: it holds none at all"},
    {"UnknownMode", with("<client mode='smtp-startls'/>"),
     "2: mode=\"smtp-startls\" is not one of: smtp-starttls, smtps, ldap-starttls, ldaps, "
     "smtp-plain, ldap-plain (did you mean \"smtp-starttls\"?)"},
    {"ModeInUpperCase", with("<client mode='SMTP-PLAIN'/>"),
     "2: mode=\"SMTP-PLAIN\" is not one of: smtp-starttls, smtps, ldap-starttls, ldaps, "
     "smtp-plain, ldap-plain (did you mean \"smtp-plain\"?)"},
    {"UnknownPlaceholder", with_trust("{hots}"),
     "2: {hots} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"BraceLeftOpen", with_trust("{host"), "2: `{` without `}`: a literal brace is {hex:7b}",
     reader},
    {"SecretOfNoLength", with_trust("{secret:0}"),
     "2: {secret:0} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"SecretTooLong", with_trust("{secret:65537}"),
     "2: {secret:65537} is no placeholder: there are {host}, {HOST}, {user}, {secret}, "
     "{secret:4096}, {crlf} and {hex:00ff}",
     reader},
    {"SecretOfTextLength", with_trust("{secret:4k}"),
     "2: {secret:4k} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"AbsentAndGiven", with("<client trust='a' absent='username trust'/>"),
     "2: `trust` is both given and absent", reader},
    {"AbsentMisspelt", with("<client absent='pasword'/>"),
     "2: absent: `pasword` cannot be absent: did you mean `password`?", reader},
    {"AbsentSender", with("<client absent='sender'/>"),
     "2: absent: `sender` cannot be absent: known are trust, username, password", reader},
};
INSTANTIATE_TEST_SUITE_P(Client, BadCaseTest, testing::ValuesIn(kClient),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kCredentials[] = {
    {"UnknownMechanism", with("<client mechanism='EXTERNL'/>"),
     "2: mechanism=\"EXTERNL\" is no mechanism: did you mean `EXTERNAL`?"},
    {"MechanismInLowerCase", with("<client mechanism='plain'/>"),
     "2: mechanism=\"plain\" is no mechanism: did you mean `PLAIN`?"},
    {"EmptyMechanism", with("<client mechanism=''/>"),
     "2: mechanism=\"\" is no mechanism: known are SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, "
     "SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2"},
    {"MechanismOfMailInLdap", with("<client mode='ldaps' mechanism='LOGIN'/>"),
     "1: mechanism=\"LOGIN\" is for mail servers alone, and mode=\"ldaps\" is LDAP", reader},
    {"MechanismOfTheServer", with("<server mechanism='EXTERNAL'/>"),
     "2: <server> has no attribute `mechanism`: known are certificate, in-clear, unauthenticated, "
     "begins, username, password, sender, persona, tls"},
    {"UnknownClientCertificate", with("<client client-certificate='expierd'/>"),
     "2: client-certificate=\"expierd\" is not one of: none, valid, wrong-ca, expired (did you "
     "mean "
     "\"expired\"?)"},
    {"ClientCertificateOfARecipe", with("<client client-certificate='self-signed'/>"),
     "2: client-certificate=\"self-signed\" is not one of: none, valid, wrong-ca, expired"},
    {"BaseWithUnknownPlaceholder", with("<client mode='ldaps' base='dc={domain}'/>"),
     "2: {domain} is no placeholder: there are {host}, {HOST}, {user}, {secret}, {secret:4096}, "
     "{crlf} and {hex:00ff}",
     reader},
    {"FilterWithBraceLeftOpen", with("<client mode='ldaps' filter='(uid={user)'/>"),
     "2: `{` without `}`: a literal brace is {hex:7b}", reader},
    {"ModesOfACase", with("<client modes='ldaps'/>"),
     "2: <client> has no attribute `modes`: did you mean `mode`?"},
};
INSTANTIATE_TEST_SUITE_P(Credentials, BadCaseTest, testing::ValuesIn(kCredentials),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kLdapServer[] = {
    {"UnknownPersona", with("<server persona='openldpa'/>"),
     "2: persona=\"openldpa\" is not one of: openldap, active-directory (did you mean "
     "\"openldap\"?)"},
    {"CodeInWords", with_ldap_step("<respond code='success'/>"),
     "2: code=\"success\" is not a whole number"},
    {"EmptyCode", with_ldap_step("<respond code=''/>"), "2: code=\"\" is not a whole number"},
    {"CodeWithFraction", with_ldap_step("<respond code='1.5'/>"),
     "2: code=\"1.5\" is not a whole number"},
    {"CodeBeyondAllIntegers", with_ldap_step("<respond code='9223372036854775808'/>"),
     "2: code=\"9223372036854775808\" is not a whole number"},
    {"CodeInHexadecimal", with_ldap_step("<respond code='0x31'/>"),
     "2: code=\"0x31\" is not a whole number"},
    {"UnknownResponse", with_ldap_step("<respond as='bind-respone'/>"),
     "2: as=\"bind-respone\" is no response: did you mean `bind-response`?"},
    {"RequestForAResponse", with_ldap_step("<respond as='unbind'/>"),
     "2: as=\"unbind\" is no response: known are bind-response, extended-response, search-done, "
     "search-entry, search-reference, intermediate-response, notice-of-disconnection"},
    {"IdOffsetInWords", with_ldap_step("<respond id-offset='next'/>"),
     "2: id-offset=\"next\" is not a whole number"},
    {"NoOctets", with_ldap_step("<respond octets='0'/>"), "2: octets=\"0\" sends nothing"},
    {"OctetsBelowNone", with_ldap_step("<respond octets='-1'/>"), "2: octets=\"-1\" sends nothing"},
    {"OctetsInWords", with_ldap_step("<respond octets='half'/>"),
     "2: octets=\"half\" is not a whole number"},
    {"BytesThatAreNone", with_ldap_step("<respond bytes='30 5'/>"),
     "2: bytes=\"30 5\" are no octets: write them in hex, as in \"30 05 02 01 ID\"", reader},
    {"NoBytes", with_ldap_step("<respond bytes=''/>"),
     "2: bytes=\"\" are no octets: write them in hex, as in \"30 05 02 01 ID\"", reader},
    {"BytesBesideACode", with_ldap_step("<respond bytes='30 00' code='1'/>"),
     "2: bytes=\"..\" is all that is sent: code=\"..\" has no place", reader},
    {"CriticalNothing", with_ldap_step("<respond controls='1.2 !'/>"),
     "2: controls: `!` stands behind no type", reader},
    {"SizeOfNoText", with_ldap_step("<respond diagnostic-size='9'/>"),
     "2: diagnostic-size=\"..\" needs diagnostic=\"..\"", reader},
    {"TextTooLong", with_ldap_step("<respond diagnostic='x' diagnostic-size='1048577'/>"),
     "2: diagnostic-size=\"..\" is 1048576 at most", reader},
    {"HeldForAWhile", with_ldap_step("<respond held='1s'/>"),
     "2: held=\"1s\" is not one of: false, true"},
    {"HeldInUpperCase", with_ldap_step("<respond held='TRUE'/>"),
     "2: held=\"TRUE\" is not one of: false, true (did you mean \"true\"?)"},
    {"AttributeWithoutValue", with_ldap_step("<respond attributes='cn=a supportedExtension'/>"),
     "2: attributes: `supportedExtension` is not TYPE=VALUE", reader},
    {"AttributeWithoutType", with_ldap_step("<respond attributes='=1.2.3'/>"),
     "2: attributes: `=1.2.3` is not TYPE=VALUE", reader},
    {"ReferralToAnUnknownPlaceholder", with_ldap_step("<respond referrals='ldap://a {referal}'/>"),
     "2: referrals: `{referal}` is no URL: {referral} may stand in it, once", reader},
    {"ReferralToTheHost", with_ldap_step("<respond referrals='ldap://{host}/'/>"),
     "2: referrals: `ldap://{host}/` is no URL: {referral} may stand in it, once", reader},
    {"ReferralTwiceInOne", with_ldap_step("<respond referrals='{referral}{referral}'/>"),
     "2: referrals: `{referral}{referral}` is no URL: {referral} may stand in it, once", reader},
    {"ReferralWithBraceLeftOpen", with_ldap_step("<respond referrals='ldap://{'/>"),
     "2: referrals: `ldap://{` is no URL: {referral} may stand in it, once", reader},
    {"UnknownAttributeOfARespond", with_ldap_step("<respond cdoe='49'/>"),
     "2: <respond> has no attribute `cdoe`: did you mean `code`?"},
    {"TextInRespond", with_ldap_step("<respond>49</respond>"),
     "2: <respond> holds no text of its own"},
    {"ElementInRespond", with_ldap_step("<respond><close/></respond>"),
     "2: <respond> holds no element `close`: it holds none at all"},
    {"EndTlsWithText", with_ldap_step("<end-tls>now</end-tls>"),
     "2: <end-tls> holds no text of its own"},
    {"EndTlsWithAttribute", with_ldap_step("<end-tls seconds='1'/>"),
     "2: <end-tls> has no attribute `seconds`: it has none at all"},
};
INSTANTIATE_TEST_SUITE_P(LdapServer, BadCaseTest, testing::ValuesIn(kLdapServer),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kModes[] = {
    {"ResponseOfAnSmtpServer",
     with("<server><at point='auth'>\n<respond code='49'/></at></server>"),
     "3: <respond> is a message of LDAP: an SMTP server answers with <reply>", reader},
    {"ReplyOfAnLdapServer", with_ldap_step("\n<reply>250 Ok</reply>"),
     "3: <reply> is a line of SMTP: an LDAP server answers with <respond>, or with bytes of its "
     "own "
     "in <send>",
     reader},
    {"PointOfLdapInSmtp", with_mode("smtp-starttls", "bind"),
     "2: mode=\"smtp-starttls\" never comes to the point `bind`", reader},
    {"PointOfLdapInTheUsualMode",
     with("<server><at point='ehlo'><close/></at>\n<at point='root-dse'><close/></at></server>"),
     "3: mode=\"smtp-starttls\" never comes to the point `root-dse`", reader},
    {"PointOfSmtpInLdap", with_mode("ldap-starttls", "ehlo"),
     "2: mode=\"ldap-starttls\" never comes to the point `ehlo`", reader},
    {"EhloInLdap", with_mode("ldaps", "ehlo"), "2: mode=\"ldaps\" never comes to the point `ehlo`",
     reader},
    {"StarttlsInSmtps", with_mode("smtps", "starttls"),
     "2: mode=\"smtps\" never comes to the point `starttls`", reader},
    {"EhloInClearInSmtps", with_mode("smtps", "ehlo"),
     "2: mode=\"smtps\" never comes to the point `ehlo`", reader},
    {"StarttlsInLdaps", with_mode("ldaps", "starttls"),
     "2: mode=\"ldaps\" never comes to the point `starttls`", reader},
    {"RootDseInClearInLdaps", with_mode("ldaps", "root-dse"),
     "2: mode=\"ldaps\" never comes to the point `root-dse`", reader},
    {"StarttlsWithoutTls", with_mode("smtp-plain", "starttls"),
     "2: mode=\"smtp-plain\" never comes to the point `starttls`", reader},
    {"RootDseInTlsWithoutTls", with_mode("ldap-plain", "root-dse-in-tls"),
     "2: mode=\"ldap-plain\" never comes to the point `root-dse-in-tls`", reader},
};
INSTANTIATE_TEST_SUITE_P(Modes, BadCaseTest, testing::ValuesIn(kModes),
                         [](const auto& row) { return std::string(row.param.name); });

const BadFile kExpectations[] = {
    {"UnknownEnding", expecting("<expect endings='delivred' reason='r'/>"),
     "2: endings: `delivred` is no ending: did you mean `delivered`?", reader},
    {"EndingNearToNone", expecting("<expect endings='ok' reason='r'/>"),
     "2: endings: `ok` is no ending: known are delivered, bound, delivered-in-clear, "
     "starttls-not-supported, starttls-refused, protocol-error, certificate-host-mismatch, "
     "certificate-expired, ...",
     reader},
    {"SecondEndingUnknown", expecting("<expect endings='timeout conection-lost' reason='r'/>"),
     "2: endings: `conection-lost` is no ending: did you mean `connection-lost`?", reader},
    {"EndingTwice", expecting("<expect endings='timeout timeout' reason='r'/>"),
     "2: endings: `timeout` stands here twice", reader},
    {"EmptyEndings", expecting("<expect endings='' reason='r'/>"),
     "2: endings=\"\" expects nothing", reader},
    {"NoEndings", expecting("<expect reason='r'/>"), "2: <expect> needs endings=\"...\""},
    {"EmptyReason", expecting("<expect endings='timeout' reason=''/>"),
     "2: reason=\"\" says nothing", reader},
    {"NoReason", expecting("<expect endings='timeout'/>"), "2: <expect> needs reason=\"...\""},
    {"UnknownAttribute", expecting("<expect ending='timeout' reason='r'/>"),
     "2: <expect> has no attribute `ending`: did you mean `endings`?"},
    {"ElementInside", expecting("<expect endings='timeout' reason='r'><why/></expect>"),
     "2: <expect> holds no element `why`: it holds none at all"},
};
INSTANTIATE_TEST_SUITE_P(Expectations, BadCaseTest, testing::ValuesIn(kExpectations),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::cases
