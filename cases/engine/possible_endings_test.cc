#include "cases/engine/possible_endings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/case_reader.h"
#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/judge.h"
#include "certs/mint.h"
#include "harness/xml/document.h"

namespace startle::cases {
namespace {

using words::Ending;

std::string text_of(std::vector<Ending> endings) {
  std::sort(endings.begin(), endings.end());
  std::string text;
  for (const Ending ending : endings) text += (text.empty() ? "" : " ") + std::string(word(ending));
  return text;
}

struct PossibleRow {
  const char* name;
  const char* server;  // what stands in <server>
  const char* client;  // attributes of <client>
  Ending answer;       // the oracle's
  const char* endings;
};

void PrintTo(const PossibleRow& row, std::ostream* out) {
  *out << row.name;
}

class PossibleEndingsTest : public testing::TestWithParam<PossibleRow> {};

TEST_P(PossibleEndingsTest, AreThoseThatTheClausesLeaveOpen) {
  const PossibleRow& row = GetParam();
  const xml::Document document = xml::Document::parse(
      "x.xml", "<case summary='s'><server>" + std::string(row.server) + "</server><client " +
                   row.client + "/><expect endings='delivered' reason='r'/></case>");
  const Case one = read_case(document.root(), "x");
  const Exchange exchange = make_exchange(one.setup, "x", "smtp.example.test", {}, 1);
  ASSERT_TRUE(deviates(exchange));
  const Expectation made = possible_endings(exchange, {}, {.endings = {row.answer}, .reason = "r"});
  EXPECT_EQ(text_of(made.endings), row.endings);
}

constexpr const char* kLdap = "mode='ldap-starttls'";
constexpr Ending deli = Ending::delivered;
constexpr Ending bound = Ending::bound;
constexpr Ending expi = Ending::certificate_expired;

INSTANTIATE_TEST_SUITE_P(
    All, PossibleEndingsTest,
    testing::Values(
        PossibleRow{"ClosingGreeting", "<at point='greeting'><reply>421 later</reply></at>", "",
                    deli, "throttled"},
        PossibleRow{"RefusingGreeting", "<at point='greeting'><reply>554 no</reply></at>", "", deli,
                    "refused-by-server"},
        PossibleRow{"OtherGreeting", "<at point='greeting'><reply>250 hello</reply></at>", "", deli,
                    "protocol-error"},
        PossibleRow{"NoStarttls", "<at point='ehlo'><reply>250 STARTTLS</reply></at>", "", deli,
                    "starttls-not-supported"},
        PossibleRow{"Starttls", "<at point='ehlo'><send>250-a{crlf}250 STARTTLS{crlf}</send></at>",
                    "", deli, "delivered"},
        PossibleRow{"Refused", "<at point='starttls'><reply>454 no</reply></at>", "", deli,
                    "starttls-refused"},
        PossibleRow{"RefusedAndStarted",
                    "<at point='starttls'><reply>454 no</reply><start-tls/></at>", "", deli,
                    "starttls-refused"},
        PossibleRow{"OtherSuccess", "<at point='starttls'><reply>250 ok</reply><start-tls/></at>",
                    "", deli, "protocol-error"},
        PossibleRow{"ClosedBehindGoAhead",
                    "<at point='starttls'><reply>220 go</reply><close/></at>", "", deli,
                    "connection-lost"},
        PossibleRow{"SilentBehindGoAhead",
                    "<at point='starttls'><reply>220 go</reply><silence/></at>", "", deli,
                    "timeout"},
        PossibleRow{"PatientlyAwaited", "<at point='starttls'><pause seconds='30'/><usual/></at>",
                    "", deli, "delivered"},
        PossibleRow{"TooLate", "<at point='starttls'><pause seconds='700'/><usual/></at>", "", deli,
                    "timeout"},
        PossibleRow{"ExpiredBeforeAuth", "<at point='auth'><reply>535 no</reply></at>", "", expi,
                    "certificate-expired"},
        PossibleRow{"Auth535", "<at point='auth'><reply>535 no</reply></at>", "", deli,
                    "auth-rejected"},
        PossibleRow{"Auth250", "<at point='auth'><reply>250 ok</reply></at>", "", deli,
                    "protocol-error"},
        PossibleRow{"Recipient", "<at point='rcpt'><reply>550 no</reply></at>", "", deli,
                    "message-rejected"},
        PossibleRow{"Message", "<at point='message'><reply>554 no</reply></at>", "", deli,
                    "message-rejected"},
        PossibleRow{"ClosedBehindMessage", "<at point='message'><reply>250 ok</reply><close/></at>",
                    "", deli, "delivered"},
        PossibleRow{"ResetBehindMessage", "<at point='message'><reply>250 ok</reply><reset/></at>",
                    "", deli, "delivered connection-lost"},
        PossibleRow{"ResetBehindTheEndOfTls",
                    "<at point='rcpt'><reply>550 no</reply><end-tls/><reset/></at>", "", deli,
                    "message-rejected connection-lost"},
        PossibleRow{"UnknownMechanism", "<at point='auth'><reply>504 no</reply></at>", "", deli,
                    "auth-unavailable"},
        PossibleRow{"SilentBehindAnUnknownMechanism",
                    "<at point='auth'><reply>504 no</reply><silence/></at>", "", deli,
                    "auth-unavailable timeout"},
        PossibleRow{"LoggedInBehindAnUnknownMechanism",
                    "<at point='auth'><reply>504 no</reply><usual/></at>", "", deli,
                    "delivered protocol-error auth-rejected auth-unavailable sender-not-authorized "
                    "message-rejected refused-by-server throttled connection-lost timeout"},
        PossibleRow{"OutOfOrder",
                    "<at point='mail'><reply>250 ok</reply></at>"
                    "<at point='rcpt'><pause seconds='30'/></at>",
                    "", deli,
                    "protocol-error auth-rejected auth-unavailable sender-not-authorized "
                    "message-rejected refused-by-server throttled connection-lost timeout"},
        PossibleRow{"Quit", "<at point='quit'><reply>550 no</reply></at>", "", deli, "delivered"},
        PossibleRow{"Misconfigured", "<at point='greeting'><close/></at>", "",
                    Ending::configuration_error, "configuration-error"},
        PossibleRow{"UnprovenScram", "<sasl lie='no-signature'/>", "mechanism='SCRAM-SHA-256'",
                    deli, "protocol-error"},
        PossibleRow{"SeveralLies", "<sasl lie='any-credentials' iterations='4096'/>",
                    "mechanism='SCRAM-SHA-256'", deli,
                    "delivered protocol-error auth-rejected auth-unavailable"},
        PossibleRow{"Bind49", "<at point='bind'><respond code='49'/></at>", kLdap, bound,
                    "auth-rejected"},
        PossibleRow{"BusyBind", "<at point='bind'><respond code='51'/></at>", kLdap, bound,
                    "throttled"},
        PossibleRow{"WhoAmI", "<at point='whoami'><respond code='53'/></at>", kLdap, bound,
                    "bound"},
        PossibleRow{"RefusedSearch", "<at point='search'><respond code='50'/></at>", kLdap, bound,
                    "refused-by-server"},
        PossibleRow{"StartTlsUnknown", "<at point='starttls'><respond code='2'/></at>", kLdap,
                    bound, "starttls-not-supported"}),
    [](const auto& row) { return std::string(row.param.name); });

// What the rules speak of: neither faults below the protocol, nor several connections, nor points
// that they do not know.
bool has_rules_for(const Case& one) {
  const fake::Script& script = one.setup.script;
  return script.taps.empty() && !script.profile && one.then.empty() && !script.begins_in_clear &&
         one.setup.tls_policy == words::TlsPolicy::required &&
         std::all_of(script.deviations.begin(), script.deviations.end(),
                     [&](const auto& at) { return has_rules(one.setup.mode, at.at); });
}

// Cases were written from the clauses by hand, one at a time, with what other clients may end with
// besides: the rules and they have an ending in common.
// RFC 7677, 4; nobody begins XOAUTH2 who is not told to.
TEST(PossibleEndings, AreOneWhereNoMechanismIsLeft) {
  cases::Setup setup;
  setup.script.tls = tls::Versions::tls_1_2_without_ems;
  setup.script.sasl.mechanisms = "XOAUTH2 SCRAM-SHA-1-PLUS";
  setup.script.deviations = {{.at = fake::Point::auth, .steps = {fake::Reset{}}}};
  const auto endings = [&setup] {
    const Exchange exchange = make_exchange(setup, "x", "smtp.example.test", {}, 1);
    return text_of(possible_endings(exchange, {}, {.endings = {Ending::delivered}}).endings);
  };
  EXPECT_EQ(endings(), "auth-unavailable");
  *setup.script.sasl.mechanisms += " SCRAM-SHA-1";
  EXPECT_EQ(endings(), "connection-lost");
  setup.script.sasl.mechanisms = "SCRAM-SHA-1-PLUS";
  setup.script.deviations = {
      {.at = fake::Point::ehlo_in_tls, .steps = {fake::Send{"250-x\r\n250 AUTH PLAIN\r\n"}}}};
  EXPECT_NE(endings().find("delivered"), std::string::npos);
  setup.script.deviations = {{.at = fake::Point::auth, .steps = {fake::Reset{}}}};
  setup.mode = words::Mode::ldap_starttls;  // nobody asks for a mechanism in a simple bind
  EXPECT_EQ(endings(), "bound");
}

TEST(PossibleEndings, AgreeWithEveryCaseOfTheCatalogue) {
  certs::Mint mint(kTestClock);
  std::size_t deviating = 0;
  for (const Case& one : tree_catalogue().cases()) {
    const Exchange exchange = make_exchange(one.setup, one.id, "smtp.example.test", {}, 1);
    if (!deviates(exchange) || !has_rules_for(one)) continue;
    // What SASLprep makes of names and passwords is for single cases, too.
    if (one.id.find("-prepared-") != std::string::npos) continue;
    ++deviating;
    const auto& recipe = tree_catalogue().recipe(one.setup.certificate);
    const auto chain = mint.chain(recipe, exchange.host);
    const Expectation made = expectation_of(exchange, chain->facts);
    const auto& stated = one.expect.endings;
    const bool agree = std::any_of(stated.begin(), stated.end(), [&](Ending ending) {
      // What a name or password makes of itself is for single cases: the oracle is not told.
      return ending == Ending::configuration_error ||
             std::find(made.endings.begin(), made.endings.end(), ending) != made.endings.end();
    });
    EXPECT_TRUE(agree) << one.id << " states " << text_of(stated) << ", the rules say "
                       << text_of(made.endings);
  }
  EXPECT_GT(deviating, tree_catalogue().cases().size() / 2);
}

}  // namespace
}  // namespace startle::cases
