// What an Outcome tells of its phases: how long each took, and the reply that ended it.

#include <gtest/gtest.h>

#include <array>

#include "harness/client/ldap_session_for_test.h"
#include "harness/client/sasl_session_for_test.h"
#include "harness/client/smtp_client.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/session.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using net::Task;
using words::Mode;

constexpr const char* kHost = "smtp.example.test";
constexpr auto kPause = 30s;

// ---- a server of SMTP that is slow in one phase ------------------------------------------------

// What is said in a phase, to whatever has been heard.
struct Says {
  Phase phase;
  std::string line;
  bool last = true;  // of the phase
};

std::vector<Says> sound_dialogue(Mode mode) {
  std::vector<Says> all{{Phase::greeting, "220 hi"}};
  if (mode == Mode::smtp_starttls) {
    all.push_back({Phase::capabilities, "250-hi\r\n250 STARTTLS"});
    all.push_back({Phase::starttls, "220 go"});
  }
  all.push_back({Phase::capabilities_in_tls, "250-hi\r\n250 AUTH PLAIN"});
  all.push_back({Phase::authentication, "235 2.7.0 ok"});
  all.push_back({Phase::sender, "250 2.1.0 ok"});
  all.push_back({Phase::recipient, "250 2.1.5 ok"});
  all.push_back({Phase::message, "354 go", false});
  all.push_back({Phase::message, "250 2.0.0 ok"});
  all.push_back({Phase::quit, "221 bye"});
  return all;
}

struct Dialogue {
  Mode mode = Mode::smtp_starttls;
  std::vector<Says> says{};
  Phase slow = Phase::configuration;  // before the last of this phase it pauses
  std::chrono::seconds pause = kPause;
};

class SlowServer {
 public:
  SlowServer(net::World& world, const Dialogue& dialogue) : world_(world), dialogue_(dialogue) {}

  Task<void> serve(net::Acceptor& acceptor) {
    const auto stream = co_await acceptor.accept();
    if (!stream) co_return;
    net::Stream* current = stream.get();
    std::unique_ptr<tls::Session> session;
    std::array<char, 512> chunk{};
    if (dialogue_.mode == Mode::smtps) session = co_await begin_tls(*stream);
    if (session) current = session.get();
    for (const Says& says : dialogue_.says) {
      // One segment is one command, also the message.
      if (says.phase != Phase::greeting) co_await current->read_some(chunk);
      if (says.last) co_await pause_in(says.phase);
      co_await current->write(says.line + "\r\n");
      if (says.phase != Phase::starttls) continue;
      session = co_await begin_tls(*stream);
      current = session.get();
    }
    co_await current->read_some(chunk);
  }

 private:
  Task<void> pause_in(Phase phase) {
    if (phase == dialogue_.slow) co_await world_.sleep_until(world_.now() + dialogue_.pause);
  }

  Task<std::unique_ptr<tls::Session>> begin_tls(net::Stream& stream) {
    co_await pause_in(Phase::handshake);
    auto session = tls::Session::server(
        stream, std::make_shared<const tls::ServerCredentials>(
                    std::vector<std::string>{tls::self_signed({.dns_names = {kHost}})},
                    tls::key_for_test()));
    co_await session->handshake();
    co_return session;
  }

  net::World& world_;
  const Dialogue& dialogue_;
};

Task<void> use(net::World& world, net::MemoryListener& listener, const Settings& settings,
               Outcome& outcome) {
  outcome = co_await submit(world, listener, settings, Decisions());
  listener.interrupt();
}

Outcome run_smtp(const Dialogue& dialogue) {
  static const bool once = (tls::use_run_clock(), true);
  if (once) tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  Settings settings = smtps_settings();
  settings.mode = dialogue.mode;
  settings.host = kHost;
  settings.trust = kHost;
  Outcome outcome;
  net::MemoryWorld world;
  net::MemoryListener listener(world);
  SlowServer server(world, dialogue);
  world.spawn(server.serve(listener));
  world.spawn(use(world, listener, settings, outcome));
  world.run();
  return outcome;
}

// ---- what is told ------------------------------------------------------------------------------

std::vector<std::string> names_of(const Outcome& outcome) {
  std::vector<std::string> names;
  for (const PhaseRecord& one : outcome.phases) names.emplace_back(word(one.phase));
  return names;
}

// Every phase took no time but the slow one, and each begins where the one before it ended.
void expect_slow_in(Phase slow, const Outcome& outcome) {
  std::chrono::nanoseconds at{};
  for (const PhaseRecord& one : outcome.phases) {
    SCOPED_TRACE(word(one.phase));
    EXPECT_EQ(one.began, at);
    EXPECT_EQ(one.took(), one.phase == slow ? 30s : 0s);
    at = one.ended;
  }
  EXPECT_NE(outcome.find(slow), nullptr);
}

std::string reply_in(Phase phase, const Outcome& outcome) {
  const PhaseRecord* one = outcome.find(phase);
  if (one == nullptr || !one->reply) return "none";
  return std::to_string(one->reply->code) + "|" + one->reply->enhanced_code + "|" +
         one->reply->text;
}

using Names = std::vector<std::string>;

TEST(Phases, APauseOfAServerOfSmtpShowsInItsPhase) {
  for (const Mode mode : {Mode::smtp_starttls, Mode::smtps}) {
    const std::vector<Says> says = sound_dialogue(mode);
    std::vector<Phase> phases{Phase::handshake};
    for (const Says& one : says) {
      if (one.last) phases.push_back(one.phase);
    }
    for (const Phase slow : phases) {
      SCOPED_TRACE(std::string(word(mode)) + " " + std::string(word(slow)));
      const Outcome outcome = run_smtp({.mode = mode, .says = says, .slow = slow});
      EXPECT_EQ(word(outcome.ending), "delivered") << outcome.sentence;
      EXPECT_EQ(
          names_of(outcome),
          mode == Mode::smtps
              ? (Names{"configuration", "connect", "handshake", "greeting", "capabilities-in-tls",
                       "authentication", "sender", "recipient", "message", "quit"})
              : (Names{"configuration", "connect", "greeting", "capabilities", "starttls",
                       "handshake", "capabilities-in-tls", "authentication", "sender", "recipient",
                       "message", "quit"}));
      expect_slow_in(slow, outcome);
    }
  }
}

TEST(Phases, APauseOfAServerOfLdapShowsInItsPhase) {
  const std::vector<std::pair<LdapRequest, Phase>> all{
      {root_dse, Phase::capabilities},
      {starttls, Phase::starttls},
      {root_dse_in_tls, Phase::capabilities_in_tls},
      {bind, Phase::authentication},
      {whoami, Phase::whoami},
      {search, Phase::search},
  };
  for (const Mode mode : {Mode::ldap_starttls, Mode::ldaps}) {
    for (const auto& [request, slow] : all) {
      if (mode == Mode::ldaps && request < root_dse_in_tls) continue;
      SCOPED_TRACE(std::string(word(mode)) + " " + std::string(word(slow)));
      LdapSession session = LdapSession::sound(mode);
      session.at(request).pause = kPause;
      const Outcome outcome = run(session).outcome;
      EXPECT_EQ(word(outcome.ending), "bound") << outcome.sentence;
      EXPECT_EQ(names_of(outcome),
                mode == Mode::ldaps
                    ? (Names{"configuration", "connect", "handshake", "capabilities-in-tls",
                             "authentication", "whoami", "search", "quit"})
                    : (Names{"configuration", "connect", "capabilities", "starttls", "handshake",
                             "capabilities-in-tls", "authentication", "whoami", "search", "quit"}));
      expect_slow_in(slow, outcome);
    }
  }
}

TEST(Phases, EachHasTheReplyThatEndedIt) {
  const Outcome smtp = run_smtp({.says = sound_dialogue(Mode::smtp_starttls)});
  EXPECT_EQ(reply_in(Phase::connect, smtp), "none");
  EXPECT_EQ(reply_in(Phase::greeting, smtp), "220||hi");
  EXPECT_EQ(reply_in(Phase::capabilities, smtp), "250||hi / STARTTLS");
  EXPECT_EQ(reply_in(Phase::starttls, smtp), "220||go");
  EXPECT_EQ(reply_in(Phase::handshake, smtp), "none");
  EXPECT_EQ(reply_in(Phase::authentication, smtp), "235|2.7.0|2.7.0 ok");
  EXPECT_EQ(reply_in(Phase::message, smtp), "250|2.0.0|2.0.0 ok");
  EXPECT_EQ(reply_in(Phase::quit, smtp), "221||bye");

  LdapSession session = LdapSession::sound();
  session.answer(
      bind, message(4, wire::LdapBindResponse{.result = {.code = 49, .diagnostic = "who\x01?"}}));
  const Outcome ldap = run(session).outcome;
  EXPECT_EQ(reply_in(Phase::starttls, ldap), "0||");
  EXPECT_EQ(reply_in(Phase::authentication, ldap), "49||" + ldap.reply);
  EXPECT_NE(ldap.reply, "");
  EXPECT_EQ(reply_in(Phase::quit, ldap), "none");
}

TEST(Phases, ATimeOutIsTheLast) {
  for (const auto& [mode, before] :
       {std::pair{Mode::smtp_starttls, Names{"configuration", "connect", "greeting"}},
        std::pair{Mode::smtps, Names{"configuration", "connect", "handshake", "greeting"}}}) {
    SCOPED_TRACE(word(mode));
    const Outcome outcome = run_smtp(
        {.mode = mode, .says = sound_dialogue(mode), .slow = Phase::greeting, .pause = 24h});
    EXPECT_EQ(word(outcome.ending), "timeout");
    EXPECT_EQ(names_of(outcome), before);
    EXPECT_EQ(outcome.phases.back().took(), 5min);
    EXPECT_EQ(reply_in(Phase::greeting, outcome), "none");
    EXPECT_EQ(outcome.find(Phase::authentication), nullptr);
  }
}

// A last word is a phase of its own: it lengthens none that failed.
TEST(Phases, AQuitBehindAFailureIsNotPartOfIt) {
  std::vector<Says> says = sound_dialogue(Mode::smtps);
  says.resize(3);
  says.back().line = "535 5.7.8 no";
  says.push_back({Phase::quit, "221 bye"});
  const Outcome outcome = run_smtp({.mode = Mode::smtps, .says = says, .slow = Phase::quit});
  EXPECT_EQ(word(outcome.ending), "auth-rejected");
  EXPECT_EQ(outcome.phase, Phase::authentication);
  EXPECT_EQ(names_of(outcome), (Names{"configuration", "connect", "handshake", "greeting",
                                      "capabilities-in-tls", "authentication", "quit"}));
  expect_slow_in(Phase::quit, outcome);
  EXPECT_EQ(reply_in(Phase::authentication, outcome), "535|5.7.8|5.7.8 no");
}

TEST(Phases, AConfigurationThatIsRefusedIsTheOnlyOne) {
  LdapSession session = LdapSession::sound();
  session.settings.password.reset();
  const Outcome outcome = run(session).outcome;
  EXPECT_EQ(word(outcome.ending), "configuration-error");
  EXPECT_EQ(names_of(outcome), Names{"configuration"});
  EXPECT_EQ(outcome.shown_chain, Names{});
}

}  // namespace
}  // namespace startle::client
