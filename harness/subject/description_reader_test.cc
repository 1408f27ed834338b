#include "harness/subject/description_reader.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/subject/program.h"

namespace startle::subject {
namespace {

xml::Schema schema() {
  return xml::Schema::read(STARTLE_TREE "/cases/clients/clients.rng");
}

// What `act` throws; empty: nothing.
template <class Act>
std::string complaint_of(Act act, Fault fault = Fault::input) {
  try {
    act();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault) << e.what();
    return e.what();
  }
  return "";
}

struct BadDescription {
  const char* name;
  std::string content;
  std::string complaint;  // behind "FILE:"
};

void PrintTo(const BadDescription& bad, std::ostream* out) {
  *out << bad.name;
}

// What differs from a sound description stands on line 2.
constexpr std::string_view kTask =
    "<task protocol='smtp' modes='smtp-starttls' trust='host' credentials='none'>";

std::string with(std::string_view part) {
  return "<client summary='s'><variant name='odd' summary='s'/>\n" + std::string(part) + "\n" +
         std::string(kTask) + "<arg>p</arg></task></client>";
}
std::string in_task(std::string_view part) {
  return "<client summary='s'><variant name='odd' summary='s'/>" + std::string(kTask) +
         "<arg>p</arg>\n" + std::string(part) + "\n</task></client>";
}
std::string with_task(std::string_view attributes) {
  return "<client summary='s'>\n<task " + std::string(attributes) + "><arg>p</arg></task></client>";
}
std::string with_client(std::string_view attributes) {
  return "<client\n" + std::string(attributes) + ">" + std::string(kTask) +
         "<arg>p</arg></task></client>";
}

const BadDescription kClients[] = {
    {"AnotherRoot", "<case summary='s'/>",
     "1: <case> is no description of a client: that is a <client>"},
    {"NoSummary", with_client(""), "1: <client> needs summary=\"...\""},
    {"EmptySummary", with_client("summary=' '"), "1: summary=\"\" says nothing"},
    {"UnknownAttribute", with_client("summary='s' package='p'"),
     "1: <client> has no attribute `package`: did you mean `packages`?"},
    {"UnknownElement", with("<varient name='x' summary='s'/>"),
     "2: <client> holds no element `varient`: did you mean `variant`?"},
    {"UnknownSpeech", with_client("summary='s' speaks='shell'"),
     "1: speaks=\"shell\" is not one of: arguments, environment, worker"},
    {"UnknownResolver", with_client("summary='s' resolves='arguments'"),
     "1: resolves=\"arguments\" is not one of: argument, libc, own (did you mean \"argument\"?)"},
    {"NoTruth", with_client("summary='s' states-reason='yes'"),
     "1: states-reason=\"yes\" is not one of: false, true"},
    {"NothingToUnpack", with_client("summary='s' unpack='true'"),
     "1: unpack=\"true\" without packages=\"..\": there is nothing to unpack"},
    {"UnknownTrustModel", with_client("summary='s' trust-model='pkixx'"),
     "1: trust-model=\"pkixx\" is not one of: documented, javamail, javamail-identity, angus, "
     "jndi, pkix (did you mean "
     "\"pkix\"?)"},
    {"EmptyVersion", with("<version> </version>"),
     "2: <version> is empty: leave it out, or say it"},
    {"TwoVersions", with("<version>a</version><version>b</version>"),
     "2: <version> stands in this <client> twice"},
    {"VersionWithWhatIsNoPlaceholder", with("<version>ruby -e puts(\"#{X}\")</version>"),
     "2: \"puts(\"#{X}\")\": only {here}, {home} and {unpacked} are placeholders here"},
    {"VersionWithWhatATaskHas", with("<tls-library>x {host}</tls-library>"),
     "2: \"{host}\": only {here}, {home} and {unpacked} are placeholders here"},
    {"TwoReasonsAgainstAModel", with("<no-model>a</no-model><no-model>b</no-model>"),
     "2: <no-model> stands in this <client> twice"},
    {"DefaultVariant", with("<variant name='default' summary='s'/>"),
     "2: name=\"default\" is the client without a variant: call this one otherwise"},
    {"VariantWithASlash", with("<variant name='a/b' summary='s'/>"),
     "2: name=\"a/b\" is no name: letters, digits, -, _, . and +"},
    {"VariantTwice", with("<variant name='odd' summary='s'/>"),
     "2: there is a <variant name=\"odd\"> already"},
    {"NoTask", "<client summary='s'/>",
     "1: <client> has no <task>: it is never asked for anything"},
    {"ProtocolTwice", with(std::string(kTask) + "<arg>p</arg></task>"),
     "3: <task protocol=\"smtp\"> stands in this <client> twice"},
    {"StrayText", with("text"), "1: <client> holds no text of its own"},
};

const BadDescription kTasks[] = {
    {"NoProtocol", with_task("modes='smtps'"), "2: <task> needs protocol=\"...\""},
    {"NoModes", with_task("protocol='smtp' trust='host' credentials='none'"),
     "2: <task> needs modes=\"...\""},
    {"NoTrust", with_task("protocol='smtp' modes='smtps' credentials='none'"),
     "2: <task> needs trust=\"...\""},
    {"NoCredentials", with_task("protocol='smtp' modes='smtps' trust='host'"),
     "2: <task> needs credentials=\"...\""},
    {"UnknownMode", with_task("protocol='smtp' modes='smtp-startls' trust='host'"),
     "2: modes: `smtp-startls` is no mode: did you mean `smtp-starttls`?"},
    {"ModeTwice", with_task("protocol='smtp' modes='smtps smtps'"),
     "2: modes: `smtps` stands here twice"},
    {"EmptyModes", with_task("protocol='smtp' modes=''"), "2: modes=\"\" names nothing"},
    {"ModeOfAnotherProtocol",
     with_task("protocol='smtp' modes='ldaps' trust='host' credentials='none'"),
     "2: modes: `ldaps` is no mode of SMTP"},
    {"UnknownTrust", with_task("protocol='smtp' modes='smtps' trust='all'"),
     "2: trust: `all` is no form of trust: known are absent, any, host, names"},
    {"UnknownCredentials", with_task("protocol='smtp' modes='smtps' credentials='pasword'"),
     "2: credentials: `pasword` is no form of credentials: did you mean `password`?"},
    {"UnknownMechanism", with_task("protocol='smtp' modes='smtps' mechanisms='PLAINE'"),
     "2: mechanisms: `PLAINE` is no mechanism: did you mean `PLAIN`?"},
    {"UnknownPolicy", with_task("protocol='smtp' modes='smtps' tls-policies='require'"),
     "2: tls-policies: `require` is no policy: did you mean `required`?"},
    {"MailsMechanismOfADirectory",
     with_task("protocol='ldap' modes='ldaps' trust='host' credentials='none' mechanisms='LOGIN'"),
     "2: knows: `LOGIN` is for mail servers alone"},
    {"NoArgument", "<client summary='s'>\n" + std::string(kTask) + "</task></client>",
     "2: <task> has no <arg>: the first one is the program"},
    {"ProgramUnderACondition",
     "<client summary='s'>\n" + std::string(kTask) +
         "<arg mode='smtp-starttls'>p</arg></task></client>",
     "2: the first <arg> is the program, whatever the task: it has no condition"},
};

const BadDescription kParts[] = {
    {"UnknownPart", in_task("<args>x</args>"),
     "2: <task> holds no element `args`: did you mean `arg`?"},
    {"UnknownCondition", in_task("<arg modes='smtps'>x</arg>"),
     "2: <arg> has no attribute `modes`: did you mean `mode`?"},
    {"ElementInAnArgument", in_task("<arg><b/></arg>"),
     "2: <arg> holds no element `b`: it holds none at all"},
    {"UnknownPlaceholder", in_task("<arg>{hots}</arg>"),
     "2: {hots} is no placeholder: did you mean `host`?"},
    {"UnknownSpelling", in_task("<arg>{password:uri}</arg>"),
     "2: {password:uri}: `uri` is no spelling: did you mean `url`?"},
    {"UnclosedPlaceholder", in_task("<arg>{host</arg>"),
     "2: `{` without `}`: a literal brace is {hex:7b}"},
    {"NulInAnArgument", in_task("<arg>{hex:00}</arg>"),
     "2: {hex:00} ends what a program is given: no text of a description holds it"},
    {"UnknownPlaceholderOfAFile", in_task("<file name='rc'>\n{pasword}\n</file>"),
     "2: {pasword} is no placeholder: did you mean `password`?"},
    {"UnknownPlaceholderOfInput", in_task("<stdin>{massage}</stdin>"),
     "2: {massage} is no placeholder: did you mean `message`?"},
    {"InputTwice", in_task("<stdin>a</stdin><stdin>b</stdin>"),
     "2: <stdin> stands in this task twice"},
    {"ConditionOnAnotherMode", in_task("<arg mode='smtps'>x</arg>"),
     "2: mode: this task has no `smtps`, but smtp-starttls"},
    {"ConditionOnAnUnknownMode", in_task("<arg mode='tls'>x</arg>"),
     "2: mode: `tls` is no mode: known are smtp-starttls, smtps, ldap-starttls, ldaps, smtp-plain, "
     "ldap-plain"},
    {"ConditionOnAnotherTrust", in_task("<arg trust='any'>x</arg>"),
     "2: trust: this task has no `any`, but host"},
    {"ConditionOnAnotherCredential", in_task("<arg credential='password'>x</arg>"),
     "2: credential: this task has no `password`, but none"},
    {"ConditionOnAnotherPolicy", in_task("<arg tls-policy='enable'>x</arg>"),
     "2: tls-policy: this task has no `enable`, but required"},
    {"ConditionOnAnotherMechanism", in_task("<arg mechanism='PLAIN'>x</arg>"),
     "2: mechanism: this task has no `PLAIN`, but none"},
    {"ConditionOnAnUnknownMechanism", in_task("<arg mechanism='PLAIM'>x</arg>"),
     "2: mechanism: `PLAIM` is no mechanism: did you mean `PLAIN`?"},
    {"ConditionOnAnUnknownVariant", in_task("<arg variant='od'>x</arg>"),
     "2: variant: `od` is no <variant> of this client: did you mean `odd`?"},
    {"ConditionOnAnUnknownPlaceholder", in_task("<arg given='crll'>x</arg>"),
     "2: given: `crll` is no placeholder: did you mean `crl`?"},
    {"NamelessVariable", in_task("<variable>x</variable>"), "2: <variable> needs name=\"...\""},
    {"NoVariablesName", in_task("<variable name='A=B'>x</variable>"),
     "2: name=\"A=B\" is no name of a variable: letters, digits and _"},
    {"FileOutsideHome", in_task("<file name='../rc'>x</file>"),
     "2: name=\"../rc\" is no file of the task's HOME: write a relative name, such as .muttrc"},
    {"FileFromTheRoot", in_task("<file name='/etc/rc'>x</file>"),
     "2: name=\"/etc/rc\" is no file of the task's HOME: write a relative name, such as .muttrc"},
    {"EndWithoutAMark", in_task("<ends as='refused'/>"),
     "2: <ends> needs exit=\"..\" or matches=\"..\""},
    {"EndWithoutAMeaning", in_task("<ends exit='1'/>"), "2: <ends> needs as=\"...\""},
    {"UnknownEnding", in_task("<ends exit='1' as='time-out'/>"),
     "2: as: `time-out` is no ending: did you mean `timeout`?"},
    {"EndingOfAnotherProtocol", in_task("<ends exit='1' as='bound'/>"),
     "2: as: `bound` is no ending of SMTP: `delivered` is its success"},
    {"ExitCodeTooHigh", in_task("<ends exit='256' as='refused'/>"),
     "2: exit=\"256\" is not a number from 0 to 255"},
    {"TextBesideTheParts", in_task("text"), "1: <task> holds no text of its own"},
    {"BrokenExpression", in_task("<ends matches='(' as='refused'/>"),
     "2: matches=\"(\" is no regular expression of ECMAScript: Mismatched '(' and "
     "')' in regular expression"},
    {"EmptyExpression", in_task("<ends matches='' as='refused'/>"),
     "2: matches=\"\" fits everything"},
    {"InabilityWithoutAReason", in_task("<cannot mechanism='none'> </cannot>"),
     "2: <cannot> says why, in one sentence: the skip's reason"},
    {"InabilityWithoutACondition", in_task("<cannot>it has no</cannot>"),
     "2: <cannot> needs a condition: it says what cannot be asked"},
    {"InputOfOneThatIsToldByItsEnvironment",
     "<client summary='s' speaks='environment'><task protocol='smtp'><arg>p</arg>\n"
     "<stdin>x</stdin></task></client>",
     "2: <task> holds no element `stdin`: known are arg, variable"},
};

class BadDescriptionTest : public testing::TestWithParam<BadDescription> {};

TEST_P(BadDescriptionTest, IsRefusedWithFileAndLineInOneSentence) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file, GetParam().content);
  const std::string said = complaint_of([&] { read_description(file, schema()); });
  EXPECT_EQ(said, file.string() + ":" + GetParam().complaint);
}

std::string name_of(const testing::TestParamInfo<BadDescription>& row) {
  return row.param.name;
}
INSTANTIATE_TEST_SUITE_P(Client, BadDescriptionTest, testing::ValuesIn(kClients), name_of);
INSTANTIATE_TEST_SUITE_P(Task, BadDescriptionTest, testing::ValuesIn(kTasks), name_of);
INSTANTIATE_TEST_SUITE_P(Part, BadDescriptionTest, testing::ValuesIn(kParts), name_of);

// ---- what is read ------------------------------------------------------------------------------

constexpr std::string_view kFull = R"(
<client summary="s" packages="a b" npm="n@6" unpack="true" trust-model="angus" states-timeout="true"
        states-reason="true" resolves="own">
  <version>p --version</version>
  <tls-library>p -t</tls-library>
  <no-model>it has
    its own rules</no-model>
  <variant name="odd" summary="o"/>
  <task protocol="smtp" modes="smtp-starttls smtps" trust="host any" credentials="password none"
        mechanisms="PLAIN" knows="PLAIN LOGIN" tls-policies="required enable" revocation-lists="true">
    <arg>p</arg>
    <arg mode="smtps" tls-policy="enable" trust="any" credential="none" mechanism="none PLAIN"
         variant="default odd" given="crl"> {crl} </arg>
    <arg/>
    <variable name="CA_FILE">{ca}</variable>
    <file name=".config/rc">
  set x
set y
    </file>
    <stdin>{message}</stdin>
    <ends exit="60" as="certificate-not-trusted"/>
    <ends exit="0" matches="^no" mode="smtps" as="cannot"/>
    <cannot mechanism="none">it has
      no choice</cannot>
  </task>
</client>
)";

TEST(DescriptionReader, ReadsEverything) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "full.xml";
  write_file(file, kFull.substr(1));
  const ClientDescription made = read_description(file, schema());
  EXPECT_EQ(made.name, "full");
  EXPECT_EQ(made.file, file.string());
  EXPECT_EQ(made.packages, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(made.npm_packages, std::vector<std::string>{"n@6"});
  EXPECT_TRUE(made.unpacked);
  EXPECT_EQ(made.version, (std::vector<std::string>{"p", "--version"}));
  EXPECT_EQ(made.tls_library, (std::vector<std::string>{"p", "-t"}));
  EXPECT_EQ(made.trust_model, words::TrustModel::angus);
  EXPECT_EQ(made.no_model, "it has its own rules");
  EXPECT_TRUE(made.states_timeout);
  EXPECT_TRUE(made.states_reason);
  EXPECT_EQ(made.speech, Speech::arguments);
  EXPECT_EQ(made.resolver, Resolver::own);
  ASSERT_EQ(made.variants.size(), 1U);
  EXPECT_EQ(made.variants[0].name, "odd");
  ASSERT_EQ(made.tasks.size(), 1U);

  const ClientTask& task = made.tasks[0];
  const Abilities& can = task.abilities;
  EXPECT_EQ(can.modes, (std::vector<words::Mode>{words::Mode::smtp_starttls, words::Mode::smtps}));
  EXPECT_EQ(can.trust_forms, (std::vector<TrustForm>{TrustForm::host, TrustForm::any}));
  EXPECT_EQ(can.credentials,
            (std::vector<CredentialForm>{CredentialForm::password, CredentialForm::none}));
  EXPECT_EQ(can.mechanisms, std::vector<sasl::Mechanism>{sasl::Mechanism::plain});
  EXPECT_EQ(can.knows.size(), 2U);
  EXPECT_EQ(can.tls_policies.size(), 2U);
  EXPECT_TRUE(can.takes_revocation_lists);
  EXPECT_TRUE(can.has_own_clock);
  EXPECT_TRUE(can.reads_files);
  EXPECT_FALSE(can.keeps_process);

  ASSERT_EQ(task.arguments.size(), 3U);
  EXPECT_EQ(task.arguments[1].text, " {crl} ");
  EXPECT_EQ(task.arguments[2].text, "");
  const Condition& when = task.arguments[1].when;
  EXPECT_EQ(when.modes, std::vector<words::Mode>{words::Mode::smtps});
  EXPECT_EQ(when.tls_policies, std::vector<words::TlsPolicy>{words::TlsPolicy::enable});
  EXPECT_EQ(when.trust, std::vector<TrustForm>{TrustForm::any});
  EXPECT_EQ(when.credentials, std::vector<CredentialForm>{CredentialForm::none});
  EXPECT_EQ(when.mechanisms, (std::vector<std::string>{"none", "PLAIN"}));
  EXPECT_EQ(when.variants, (std::vector<std::string>{"default", "odd"}));
  EXPECT_EQ(when.given, std::vector<std::string>{"crl"});
  ASSERT_EQ(task.variables.size(), 1U);
  EXPECT_EQ(task.variables[0].name, "CA_FILE");
  ASSERT_EQ(task.files.size(), 1U);
  EXPECT_EQ(task.files[0].name, ".config/rc");
  EXPECT_EQ(task.files[0].text, "  set x\nset y\n");
  EXPECT_EQ(task.input, "{message}");
  ASSERT_EQ(task.ends.size(), 2U);
  EXPECT_EQ(task.ends[0].exit, 60);
  EXPECT_EQ(task.ends[0].ending, words::Ending::certificate_not_trusted);
  EXPECT_EQ(task.ends[1].match, "^no");
  EXPECT_EQ(task.ends[1].ending, std::nullopt);
  ASSERT_EQ(task.cannot.size(), 1U);
  EXPECT_EQ(task.cannot[0].reason, "it has no choice");
}

TEST(DescriptionReader, OneThatIsToldByItsEnvironmentIsAskedWhatItCanDo) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "own.xml";
  write_file(file,
             "<client summary='s' speaks='worker'><task protocol='ldap'><arg>{here}/own</arg>"
             "<variable name='X' mechanism='PLAIN' mode='ldaps'>1</variable></task></client>");
  const ClientDescription made = read_description(file, schema());
  EXPECT_EQ(made.speech, Speech::worker);
  EXPECT_EQ(made.tasks[0].abilities.modes, Abilities::all().modes);
  EXPECT_EQ(made.tasks[0].abilities.trust_forms, Abilities::all().trust_forms);
  EXPECT_TRUE(made.tasks[0].abilities.takes_revocation_lists);
  EXPECT_EQ(made.tasks[0].variables[0].when.mechanisms, std::vector<std::string>{"PLAIN"});
}

TEST(DescriptionReader, WhatIsStatedOfOneThatIsToldByItsEnvironmentHolds) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "own.xml";
  write_file(file,
             "<client summary='s' speaks='worker'><task protocol='ldap' modes='ldaps' trust='host' "
             "credentials='none' mechanisms='PLAIN' revocation-lists='false'><arg>/bin/false</arg>"
             "</task></client>");
  const auto client = make_program(read_description(file, schema()), "default");
  const Abilities& can = client->abilities();
  EXPECT_EQ(can.modes, std::vector<words::Mode>{words::Mode::ldaps});
  EXPECT_EQ(can.trust_forms, std::vector<TrustForm>{TrustForm::host});
  EXPECT_EQ(can.mechanisms, std::vector<sasl::Mechanism>{sasl::Mechanism::plain});
  EXPECT_EQ(can.knows, can.mechanisms);
  EXPECT_EQ(can.tls_policies, Abilities::all().tls_policies);
  EXPECT_FALSE(can.takes_revocation_lists);
  client::Settings told{.mode = words::Mode::ldaps, .host = "localhost", .trust = "localhost"};
  EXPECT_EQ(client->cannot(told), "");
  told.trust = "*";
  EXPECT_EQ(client->cannot(told), "the client cannot be told whom to trust by `any` in ldaps");
  told.mode = words::Mode::ldap_starttls;
  EXPECT_EQ(client->cannot(told), "the client does not speak ldap-starttls");
}

TEST(DescriptionReader, FindsOneByItsNameAndVariant) {
  const TemporaryFolder folder;
  write_file(folder.path() / "cur.xml", with(""));
  write_file(folder.path() / "mail.xml", with("<variant name='b' summary='s'/>"));
  write_file(folder.path() / "README.md", "");
  const auto find = [&](const std::string& name) {
    return find_description(name, folder.path(), schema());
  };
  EXPECT_EQ(description_names(folder.path()),
            (std::vector<std::string>{"cur", "cur/odd", "mail", "mail/odd", "mail/b"}));
  EXPECT_EQ(find("mail").name, "mail");
  EXPECT_EQ(find("mail/b").name, "mail");
  EXPECT_EQ(variant_in("mail/b"), "b");
  EXPECT_EQ(variant_in("mail"), "default");
  const auto refused = [&](const std::string& name) {
    return complaint_of([&] { find(name); }, Fault::usage);
  };
  EXPECT_EQ(refused("curl"),
            "`curl` is no client: did you mean `cur`? there are cur, cur/odd, mail, mail/odd, "
            "mail/b");
  EXPECT_EQ(refused("mail/x1234"),
            "`mail/x1234` is no variant of mail: there are mail, mail/odd, mail/b");
  EXPECT_EQ(refused("mail/"),
            "`mail/` is no variant of mail: did you mean `mail`? there are mail, "
            "mail/odd, mail/b");
  EXPECT_EQ(refused("../mail").substr(0, 22), "`../mail` is no client");
}

}  // namespace
}  // namespace startle::subject
