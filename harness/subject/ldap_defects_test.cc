// What each defect of an LDAP client does, and that the sound client does not: one session per row.

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/client/ldap_session_for_test.h"
#include "harness/subject/defect.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::subject {
namespace {

using client::Act;
using client::bound;
using client::done;
using client::extended;
using client::LdapRun;
using client::LdapSession;
using client::message;
using client::root_dse_message;

const std::string kOid{wire::kStartTlsOid};

std::unique_ptr<client::Decisions> defect(std::string_view name) {
  const auto found = std::find_if(defects().begin(), defects().end(),
                                  [&](const Defect& one) { return one.name == name; });
  return found == defects().end() ? nullptr : found->make();
}

bool leaks(const LdapRun& run) {
  return run.bytes_in_clear.find("canary") != std::string::npos;
}

struct Row {
  const char* name;  // of the defect
  void (*change)(LdapSession&);
  const char* sound;      // the ending of the sound client
  const char* defective;  // of the defective one
  bool leaks;             // the password, in clear
};

const Row kRows[] = {
    {"accepts-any-certificate", [](LdapSession& s) { s.settings.trust = "other.example.test"; },
     "certificate-host-mismatch", "bound", false},
    {"accepts-any-name", [](LdapSession& s) { s.settings.trust = "other.example.test"; },
     "certificate-host-mismatch", "bound", false},
    {"authenticates-in-clear",
     [](LdapSession& s) {
       s.answer(client::root_dse, root_dse_message(1, {kOid}, {"PLAIN"}));
       s.at(client::starttls) = {.segments = {message(2, extended(0, kOid))},
                                 .then = Act::Then::start_tls};
     },
     "bound", "protocol-error", true},
    {"believes-any-response", [](LdapSession& s) { s.answer(client::bind, message(77, bound(0))); },
     "protocol-error", "bound", false},
    {"believes-injected-reply",
     [](LdapSession& s) {
       s.answer(client::starttls, message(2, extended(0, kOid)) + message(4, bound(0)));
       s.answer(client::bind, message(4, bound(49)));
     },
     "protocol-error", "bound", false},
    {"binds-before-starttls",
     [](LdapSession& s) { s.at(client::starttls) = {.segments = {message(2, bound(0))}}; },
     "protocol-error", "protocol-error", true},
    {"binds-without-password", [](LdapSession& s) { s.settings.password = ""; },
     "configuration-error", "bound", false},
    {"continues-after-refused-authentication",
     [](LdapSession& s) { s.answer(client::bind, message(4, bound(49))); }, "auth-rejected",
     "bound", false},
    {"cuts-result-codes",
     [](LdapSession& s) { s.answer(client::starttls, message(2, extended(65536, kOid))); },
     "starttls-refused", "bound", false},
    {"cuts-result-codes", [](LdapSession& s) { s.answer(client::bind, message(4, bound(65536))); },
     "auth-rejected", "bound", false},
    {"follows-referral-in-clear",
     [](LdapSession& s) {
       s.answer(
           client::search,
           message(6, wire::LdapSearchReference{.uris = {"ldap://other.example.test/"}}) + done(6));
     },
     "bound", "bound", true},
    {"goes-on-after-close-notify",
     [](LdapSession& s) {
       s.at(client::bind) = {
           .segments = {}, .then = Act::Then::close_notify, .in_clear = {message(4, bound(0))}};
     },
     "connection-lost", "bound", false},
    {"goes-on-after-close-notify",
     [](LdapSession& s) {
       s.at(client::root_dse_in_tls) = {.segments = {},
                                        .then = Act::Then::close_notify,
                                        .in_clear = {root_dse_message(3, {}, {})}};
     },
     "connection-lost", "bound", true},
    {"goes-on-after-refused-starttls",
     [](LdapSession& s) {
       s.at(client::starttls) = {.segments = {message(2, extended(52, kOid))}};
     },
     "starttls-refused", "protocol-error", true},
    {"goes-on-without-starttls",
     [](LdapSession& s) { s.answer(client::root_dse, root_dse_message(1, {"1.2.3"}, {})); },
     "starttls-not-supported", "protocol-error", true},
    {"ignores-starttls-result",
     [](LdapSession& s) { s.answer(client::starttls, message(2, extended(52, kOid))); },
     "starttls-refused", "bound", false},
    {"keeps-capabilities",
     [](LdapSession& s) {
       s.settings.mechanism = "EXTERNAL";
       s.settings.certificate = std::make_shared<const tls::ClientCredentials>(
           std::vector<std::string>{tls::self_signed()}, tls::key_for_test());
       s.answer(client::root_dse, root_dse_message(1, {kOid}, {"EXTERNAL"}));
       s.answer(client::root_dse_in_tls, root_dse_message(3, {}, {}));
     },
     "auth-unavailable", "bound", false},
    {"believes-surplus-responses",
     [](LdapSession& s) {
       s.answer(client::root_dse_in_tls, root_dse_message(3, {}, {}) + message(4, bound(0)));
       s.answer(client::bind, message(4, bound(49)));
     },
     "protocol-error", "bound", false},
    {"binds-before-go-ahead",
     [](LdapSession& s) { s.at(client::starttls) = {.segments = {message(2, bound(0))}}; },
     "protocol-error", "protocol-error", true},
    {"calls-every-refusal-wrong-credentials",
     [](LdapSession& s) { s.answer(client::bind, message(4, bound(51))); }, "throttled",
     "auth-rejected", false},
    {"demands-response-name",
     [](LdapSession& s) { s.answer(client::starttls, message(2, extended(0))); }, "bound",
     "protocol-error", false},
    {"follows-referral-of-refusal",
     [](LdapSession& s) {
       s.answer(client::bind,
                message(4, wire::LdapBindResponse{
                               {.code = 10, .referrals = {"ldap://other.example.test/"}}, {}}));
     },
     "refused-by-server", "refused-by-server", true},
    {"goes-by-diagnostic-message",
     [](LdapSession& s) {
       s.answer(client::bind,
                message(4, wire::LdapBindResponse{{.code = 49, .diagnostic = "success"}, {}}));
     },
     "auth-rejected", "bound", false},
    {"ignores-notice-of-disconnection",
     [](LdapSession& s) {
       s.at(client::bind) = {.segments = {client::notice(52)}, .then = Act::Then::close};
     },
     "throttled", "connection-lost", false},
    {"keeps-unreadable-root-dse",
     [](LdapSession& s) {
       s.settings.mechanism = "EXTERNAL";
       s.settings.certificate = std::make_shared<const tls::ClientCredentials>(
           std::vector<std::string>{tls::self_signed()}, tls::key_for_test());
       s.answer(client::root_dse, root_dse_message(1, {kOid}, {"EXTERNAL"}));
       s.answer(client::root_dse_in_tls, done(3, 50));
     },
     "auth-unavailable", "bound", false},
    {"refuses-critical-controls",
     [](LdapSession& s) {
       s.answer(client::bind,
                wire::written({.id = 4, .operation = bound(0), .controls = {{"1.2", true, {}}}}));
     },
     "bound", "protocol-error", false},
    {"refuses-long-lengths",
     [](LdapSession& s) {
       s.answer(client::bind,
                wire::written({.id = 4, .operation = bound(0)}, wire::BerLengths::four_octets));
     },
     "bound", "protocol-error", false},
    {"takes-end-for-result",
     [](LdapSession& s) {
       s.at(client::search) = {.segments = {message(6, wire::LdapSearchEntry{"dc=x", {}})},
                               .then = Act::Then::close};
     },
     "connection-lost", "bound", false},
    {"takes-notification-for-answer",
     [](LdapSession& s) { s.answer(client::bind, message(0, bound(0))); }, "protocol-error",
     "bound", false},
    {"takes-segment-for-message",
     [](LdapSession& s) {
       const std::string whole = message(4, bound(0));
       s.at(client::bind).segments = {whole.substr(0, 5), whole.substr(5)};
     },
     "bound", "protocol-error", false},
    {"takes-other-response-for-starttls",
     [](LdapSession& s) { s.answer(client::starttls, message(2, bound(0))); }, "protocol-error",
     "bound", false},
    {"takes-other-response-for-starttls",
     [](LdapSession& s) { s.answer(client::starttls, message(2, extended(0, "1.2.3"))); },
     "protocol-error", "bound", false},
};

TEST(LdapDefects, EachIsSeenInASession) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto wrong = defect(row.name);
    ASSERT_TRUE(wrong);
    LdapSession session = LdapSession::sound();
    row.change(session);
    const LdapRun sound = client::run(session);
    EXPECT_EQ(word(sound.outcome.ending), row.sound) << sound.outcome.sentence;
    EXPECT_FALSE(leaks(sound));
    const LdapRun defective = client::run(session, *wrong);
    EXPECT_EQ(word(defective.outcome.ending), row.defective) << defective.outcome.sentence;
    EXPECT_EQ(leaks(defective), row.leaks);
  }
}

}  // namespace
}  // namespace startle::subject
