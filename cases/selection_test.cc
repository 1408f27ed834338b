#include "cases/selection.h"

#include <gtest/gtest.h>

#include <map>

#include "cases/catalogue_for_test.h"

namespace startle::cases {
namespace {

using policy::Mode;
using policy::TrustModel;

struct GlobRow {
  const char* name;
  const char* pattern;
  const char* id;
  bool matches;
};

void PrintTo(const GlobRow& row, std::ostream* out) {
  *out << row.pattern << " on " << row.id;
}

class GlobTest : public testing::TestWithParam<GlobRow> {};

TEST_P(GlobTest, Matches) {
  EXPECT_EQ(glob_matches(GetParam().pattern, GetParam().id), GetParam().matches);
}

const GlobRow kGlobs[] = {
    {"Itself", "smtp/auth/rejected-535", "smtp/auth/rejected-535", true},
    {"AFolder", "smtp/auth", "smtp/auth/rejected-535", true},
    {"AFolderOfFolders", "smtp", "smtp/auth/rejected-535", true},
    {"NotPartOfAName", "smtp/au", "smtp/auth/rejected-535", false},
    {"NotWhatIsAbove", "smtp/auth/rejected-535/x", "smtp/auth/rejected-535", false},
    {"CaseMatters", "SMTP", "smtp/auth/rejected-535", false},
    {"NotWithASlashAtTheEnd", "smtp/", "smtp/auth/rejected-535", false},
    {"Empty", "", "smtp/auth/rejected-535", false},
    {"Everything", "*", "smtp/auth/rejected-535", true},
    {"StarCrossesSlashes", "smtp/*535", "smtp/auth/rejected-535", true},
    {"StarMayBeEmpty", "smtp/auth*/rejected-535", "smtp/auth/rejected-535", true},
    {"StarStopsWhereTheRestFails", "smtp/*536", "smtp/auth/rejected-535", false},
    {"StarLooksFurther", "*credential=valid", "credential=valid/credential=valid", true},
    {"TwoStars", "*/trust=host/*/credential=valid",
     "matrix/trust/mode=smtp-starttls/trust=host/certificate=valid/credential=valid", true},
    {"WholeComponent", "*/trust=host/*",
     "matrix/trust/mode=smtp-starttls/trust=host-x/certificate=valid/credential=valid", false},
    {"AStarSelectsNothingBelow", "smtp/au*h", "smtp/auth/rejected-535", false},
    {"OneCharacter", "smtp/auth/rejected-53?", "smtp/auth/rejected-535", true},
    {"ExactlyOneCharacter", "smtp/auth/rejected-535?", "smtp/auth/rejected-535", false},
    {"ManyStars", "*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};
INSTANTIATE_TEST_SUITE_P(All, GlobTest, testing::ValuesIn(kGlobs),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- cells -------------------------------------------------------------------------------------

Plan plan_of_tree(std::vector<std::string> globs = {}) {
  return {.cases = tree_catalogue().cases(),
          .matrices = tree_catalogue().matrices(),
          .globs = std::move(globs)};
}

std::vector<Exchange> all_of(Plan plan) {
  Selection selection(std::move(plan));
  const std::size_t count = selection.count();
  std::vector<Exchange> all;
  while (auto next = selection.next()) all.push_back(std::move(*next));
  EXPECT_EQ(all.size(), count);
  return all;
}

// Each mode lacks one of the 14 credentials.
constexpr std::size_t kCellsOfAMode = 18U * 26 * 13;
constexpr std::size_t kCells = 4 * kCellsOfAMode;
constexpr std::size_t kSingleCases = 13U + 49;

TEST(Selection, ACellThatIsNotThereIsNotSelectedByItsIdEither) {
  const std::string of = "matrix/trust/mode=ldaps/trust=host/certificate=valid/credential=";
  EXPECT_FALSE(
      Selection({.matrices = {trust_matrix()}, .globs = {of + "sender-not-authorized"}}).any());
  EXPECT_EQ(Selection({.matrices = {trust_matrix()}, .globs = {of + "anonymous"}}).count(), 1U);
}

TEST(Selection, TheTrustValuesAreThoseOfTheContract) {
  const std::pair<const char*, std::optional<std::string>> rows[] = {
      {"absent", std::nullopt},
      {"empty", ""},
      {"host", "smtp.example.test"},
      {"upper-case", "SMTP.EXAMPLE.TEST"},
      {"other", "other.example.test"},
      {"list", "other.example.test smtp.example.test third.example.test"},
      {"list-other", "other.example.test third.example.test"},
      {"any", "*"},
      {"any-padded", " * "},
      {"any-in-list", "* other.example.test"},
      {"any-with-host", "* smtp.example.test"},
      {"padded", "  smtp.example.test  "},
      {"tab", "other.example.test\tsmtp.example.test"},
      {"comma", "smtp.example.test,other.example.test"},
      {"wildcard", "*.example.test"},
      {"ip", "127.0.0.1"},
      {"trailing-dot", "smtp.example.test."},
      {"with-port", "smtp.example.test:25"},
  };
  for (const auto& [id, trust] : rows) {
    const auto found = all_of(
        plan_of_tree({"*/trust=" + std::string(id) + "/certificate=valid/credential=valid"}));
    ASSERT_EQ(found.size(), 4U) << id;
    for (const Exchange& e : found) EXPECT_EQ(e.trust, trust) << e.id;
  }
}

std::string everything_of(const Exchange& e) {
  std::string text = e.id + "|" + std::string(word(e.trust_model)) + "|" +
                     std::string(word(e.mode)) + "|" + e.host + "|" + e.trust.value_or("-") + "|" +
                     e.username.value_or("-") + "|" + e.password.value_or("-") + "|" + e.sender +
                     "|" + e.mechanism.value_or("-") + "|" +
                     std::string(word(e.client_certificate)) + "|" + e.client_name + "|" + e.base +
                     "|" + e.filter + "|" + std::string(word(e.persona)) + "|" + e.certificate +
                     "|" + e.secret + "|" + e.summary + e.why + e.fix;
  for (const fake::User& user : e.users) {
    text += "|" + user.name + ":" + user.password;
    for (const std::string& sender : user.senders) text += "," + sender;
  }
  for (const fake::Deviation& at : e.script.deviations) {
    text += "|" + std::string(word(at.at));
    for (const fake::Step& step : at.steps) text += ";" + fake::describe(step);
  }
  for (const std::string& requirement : e.requirements) text += "|" + requirement;
  return text;
}

TEST(Selection, ACellSelectedByItsIdIsTheSameExchange) {
  const std::vector<Exchange> all = all_of(plan_of_tree());
  ASSERT_EQ(all.size(), kSingleCases + kCells);
  // A prime: other values each time, of every mode and of the single cases.
  for (std::size_t i = 7; i < all.size(); i += 1901) {
    const auto alone = all_of(plan_of_tree({all[i].id}));
    ASSERT_EQ(alone.size(), 1U) << all[i].id;
    EXPECT_EQ(everything_of(alone[0]), everything_of(all[i]));
  }
}

TEST(Selection, CountsBySuite) {
  Plan plan = plan_of_tree();
  EXPECT_EQ(Selection(plan).count(), kSingleCases + kCells);
  plan.suite = Suite::full;
  EXPECT_EQ(Selection(plan).count(), kSingleCases + kCells);
  plan.suite = Suite::quick;  // of each mode the base cell, and each axis by itself
  EXPECT_EQ(Selection(plan).count(), kSingleCases + 4U * (1 + 17 + 25 + 12));
}

TEST(Selection, TheQuickSuiteHasEveryValueOfEveryMode) {
  Plan plan{.matrices = {trust_matrix()}, .suite = Suite::quick};
  std::map<std::string, std::size_t> of_axis;
  for (const Exchange& e : all_of(plan)) {
    const std::string mode = "/mode=" + std::string(word(e.mode)) + "/";
    const std::size_t at = e.id.find(mode);
    ASSERT_NE(at, std::string::npos) << e.id;
    const std::string rest = e.id.substr(at + mode.size());
    const bool trust = !rest.starts_with("trust=host/");
    const bool certificate = rest.find("/certificate=valid/") == std::string::npos;
    const bool credential = !rest.ends_with("/credential=valid");
    EXPECT_LE(trust + certificate + credential, 1) << e.id;
    ++of_axis[mode + (trust         ? "trust"
                      : certificate ? "certificate"
                      : credential  ? "credential"
                                    : "base")];
  }
  for (const char* mode : {"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}) {
    const std::string of = "/mode=" + std::string(mode) + "/";
    EXPECT_EQ(of_axis[of + "base"], 1U) << mode;
    EXPECT_EQ(of_axis[of + "trust"], 17U) << mode;
    EXPECT_EQ(of_axis[of + "certificate"], 25U) << mode;
    EXPECT_EQ(of_axis[of + "credential"], 12U) << mode;
  }
}

TEST(Selection, AMatrixCalledFullRunsOnlyInTheFullSuiteOrByName) {
  Plan plan{.matrices = {trust_matrix()}};
  plan.matrices.front().id = "matrix/full";
  EXPECT_EQ(Selection(plan).count(), 0U);
  plan.suite = Suite::quick;
  EXPECT_EQ(Selection(plan).count(), 0U);
  plan.suite = Suite::full;
  EXPECT_EQ(Selection(plan).count(), kCells);
  plan.suite = Suite::standard;
  plan.globs = {"matrix/full"};
  EXPECT_EQ(Selection(plan).count(), kCells);
}

TEST(Selection, TheSuiteDoesNotCountBesideAGlob) {
  Plan plan = plan_of_tree({"matrix/trust"});
  plan.suite = Suite::quick;
  EXPECT_EQ(Selection(plan).count(), kCells);
}

TEST(Selection, TrustModelsStandSideBySide) {
  using enum TrustModel;
  Plan plan =
      plan_of_tree({"smtp/auth", "*/mode=ldaps/trust=host/certificate=valid/credential=utf8"});
  plan.models = {pkix, documented};
  const auto all = all_of(plan);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].id, all[1].id);
  EXPECT_EQ(all[2].id, all[3].id);
  EXPECT_NE(all[0].id, all[2].id);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(all[i].trust_model, plan.models[i % 2]);
}

TEST(Selection, ACaseThatTwoGlobsMatchRunsOnce) {
  EXPECT_EQ(Selection(plan_of_tree({"smtp", "smtp/auth", "*535"})).count(), 13U);
}

TEST(Selection, NothingSelectedIsNothing) {
  EXPECT_EQ(all_of(plan_of_tree({"smpt"})).size(), 0U);
  EXPECT_EQ(all_of({}).size(), 0U);
}

TEST(Selection, TheModeIsAFilter) {
  Plan plan = plan_of_tree();
  const std::pair<Mode, std::size_t> rows[] = {{Mode::smtp_starttls, kCellsOfAMode + 13},
                                               {Mode::smtps, kCellsOfAMode},
                                               {Mode::ldap_starttls, kCellsOfAMode + 48},
                                               {Mode::ldaps, kCellsOfAMode + 1},
                                               {Mode::smtp_plain, 0},
                                               {Mode::ldap_plain, 0}};
  for (const auto& [mode, count] : rows) {
    plan.mode = mode;
    EXPECT_EQ(Selection(plan).count(), count) << word(mode);
  }
  plan.mode = Mode::smtp_plain;
  plan.matrices.front().axes[0].values.push_back({.id = "smtp-plain", .mode = Mode::smtp_plain});
  plan.globs = {"*/trust=host/*"};
  EXPECT_EQ(Selection(plan).count(), 26U * 12);  // two credentials name the modes that have them
  for (const Exchange& e : all_of(plan)) EXPECT_EQ(e.mode, Mode::smtp_plain);
}

TEST(Selection, TheHostGoesIntoEveryPlaceholder) {
  Plan plan = plan_of_tree({"*/trust=upper-case/certificate=valid/credential=valid"});
  plan.host = "mail.customer.test";
  const auto all = all_of(plan);
  ASSERT_EQ(all.size(), 4U);
  for (const Exchange& e : all) {
    EXPECT_EQ(e.host, "mail.customer.test");
    EXPECT_EQ(e.trust, "MAIL.CUSTOMER.TEST");
  }
}

// ---- a customer's <smtp> -----------------------------------------------------------------------

config::Entry entry() {
  return {.line = 7,
          .tls = config::Tls::starttls,
          .host = "smtp.ixiasoft.local",
          .username = "{user}",
          .password = "their own password",
          .trust = "a.test {host}",
          .email = "noreply@ixiasoft.com"};
}

TEST(ForCustomer, TrustAndCredentialAreTheirs) {
  const cases::Matrix matrix = for_customer(trust_matrix(), entry());
  EXPECT_EQ(matrix.size(), 26U);
  EXPECT_EQ(matrix.cell_id(0),
            "matrix/trust/mode=smtp-starttls/trust=line-7/certificate=valid/credential=line-7");
  const auto all = all_of({.matrices = {matrix}});
  ASSERT_EQ(all.size(), 26U);
  for (const Exchange& e : all) {
    EXPECT_EQ(e.mode, Mode::smtp_starttls);
    EXPECT_EQ(e.host, "smtp.ixiasoft.local");
    EXPECT_EQ(e.trust, "a.test {host}");  // braces in values stand for themselves
    EXPECT_EQ(e.username, "{user}");
    EXPECT_EQ(e.sender, "noreply@ixiasoft.com");
    const policy::CredentialFacts facts = credential_facts(e);
    EXPECT_TRUE(facts.accepted && facts.sender_authorized);
  }
}

TEST(ForCustomer, TheirPasswordIsNeverUsed) {
  for (const Exchange& e : all_of({.matrices = {for_customer(trust_matrix(), entry())}})) {
    EXPECT_EQ(everything_of(e).find("their own"), std::string::npos);
    EXPECT_TRUE(e.password && e.password == e.secret && e.secret.starts_with("canary"));
  }
}

TEST(ForCustomer, WithoutStarttlsNothingIsDemanded) {
  config::Entry plain{.line = 3, .host = "relay.test", .email = "m@relay.test"};
  const auto all = all_of({.matrices = {for_customer(trust_matrix(), plain)}});
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all[0].id,
            "matrix/trust/mode=smtp-plain/trust=line-3/certificate=valid/credential=line-3");
  for (const Exchange& e : all) {
    EXPECT_EQ(e.mode, Mode::smtp_plain);
    EXPECT_EQ(e.username, std::nullopt);
    EXPECT_EQ(e.password, std::nullopt);
    EXPECT_EQ(e.trust, std::nullopt);
    EXPECT_EQ(e.secret, "");
  }
}

TEST(ForCustomer, EveryElementHasItsMode) {
  using enum config::Tls;
  const auto mode = [](config::Protocol protocol, config::Tls tls) {
    return mode_of({.protocol = protocol, .tls = tls});
  };
  EXPECT_EQ(mode(config::Protocol::smtp, none), Mode::smtp_plain);
  EXPECT_EQ(mode(config::Protocol::smtp, starttls), Mode::smtp_starttls);
  EXPECT_EQ(mode(config::Protocol::smtp, implicit), Mode::smtps);
  EXPECT_EQ(mode(config::Protocol::ldap, none), Mode::ldap_plain);
  EXPECT_EQ(mode(config::Protocol::ldap, starttls), Mode::ldap_starttls);
  EXPECT_EQ(mode(config::Protocol::ldap, implicit), Mode::ldaps);
}

config::Entry ldap_entry() {
  return {.line = 9,
          .protocol = config::Protocol::ldap,
          .tls = config::Tls::implicit,
          .host = "ldap.customer.test",
          .port = 636,
          .username = "cn=reader,dc=customer,dc=test",
          .password = "their own password",
          .trust = "ldap.customer.test",
          .base = "ou=staff,dc=customer,dc=test",
          .filter = "(cn={a})"};
}

TEST(ForCustomer, NameBaseAndFilterOfADirectoryAreTheirs) {
  const auto all = all_of({.matrices = {for_customer(trust_matrix(), ldap_entry())}});
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all[0].id, "matrix/trust/mode=ldaps/trust=line-9/certificate=valid/credential=line-9");
  EXPECT_EQ(all[0].subject_to,
            ":9: ldap.customer.test:636, implicit TLS, trust=\"ldap.customer.test\"");
  for (const Exchange& e : all) {
    EXPECT_EQ(e.mode, Mode::ldaps);
    EXPECT_EQ(e.username, "cn=reader,dc=customer,dc=test");
    EXPECT_EQ(e.users.at(0).name, "cn=reader,dc=customer,dc=test");
    EXPECT_EQ(e.base, "ou=staff,dc=customer,dc=test");
    EXPECT_EQ(e.filter, "(cn={a})");
    EXPECT_TRUE(credential_facts(e).accepted);
    EXPECT_EQ(everything_of(e).find("their own"), std::string::npos);
  }
}

TEST(ForCustomer, WhoBindsAsActiveDirectoryDoesMeetsOne) {
  config::Entry theirs = ldap_entry();
  for (const auto& [name, persona] :
       {std::pair{"svc@customer.test", fake::Persona::active_directory},
        {"CORP\\svc", fake::Persona::active_directory},
        {"cn=svc,dc=customer", fake::Persona::openldap}}) {
    theirs.username = name;
    const auto all = all_of({.matrices = {for_customer(trust_matrix(), theirs)}});
    EXPECT_EQ(all.at(0).persona, persona) << name;
    EXPECT_EQ(all.at(0).username, name);
    EXPECT_TRUE(credential_facts(all.at(0)).accepted) << name;
  }
}

TEST(ForCustomer, WithNeitherNameNorPasswordADirectoryIsAskedAnonymously) {
  config::Entry anonymous = ldap_entry();
  anonymous.username.reset();
  anonymous.password.reset();
  const auto all = all_of({.matrices = {for_customer(trust_matrix(), anonymous)}});
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all[0].username, std::nullopt);
  EXPECT_EQ(all[0].password, std::nullopt);
}

TEST(ForCustomer, ACertificateOfOursStandsForTheirs) {
  using certs::ClientCertificate;
  for (config::Entry external : {entry(), ldap_entry()}) {
    external.password.reset();
    external.mechanism = "EXTERNAL";
    external.certificate = "their-own.p12";
    for (const bool named : {true, false}) {
      if (!named) external.username.reset();
      const Exchange e = all_of({.matrices = {for_customer(trust_matrix(), external)}}).front();
      EXPECT_EQ(e.mechanism, "EXTERNAL");
      EXPECT_EQ(e.client_certificate, ClientCertificate::valid);
      const policy::CredentialFacts facts = credential_facts(e);
      EXPECT_TRUE(facts.external && facts.certificate_present && facts.accepted) << named;
    }
  }
  const Exchange without = all_of({.matrices = {for_customer(trust_matrix(), entry())}}).front();
  EXPECT_EQ(without.mechanism, std::nullopt);
  EXPECT_EQ(without.client_certificate, ClientCertificate::none);
}

TEST(ForCustomer, AnEmptyOrAbsentPasswordStaysSo) {
  config::Entry bare = entry();
  bare.password = "";
  EXPECT_EQ(all_of({.matrices = {for_customer(trust_matrix(), bare)}}).front().password, "");
  bare.password.reset();
  EXPECT_EQ(all_of({.matrices = {for_customer(trust_matrix(), bare)}}).front().password,
            std::nullopt);
}

}  // namespace
}  // namespace startle::cases
