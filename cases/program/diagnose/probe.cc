#include "cases/program/diagnose/probe.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cases/engine/wire_evidence.h"
#include "cases/program/diagnose/probe_steps.h"
#include "cases/program/diagnose/seen_server.h"
#include "fake-servers/dialogue/secret.h"
#include "fake-servers/dialogue/secret_forms.h"
#include "harness/net/host_connector.h"
#include "harness/pcapng/recorded.h"
#include "harness/words/tls_policy.h"

namespace startle::program {
namespace {

using client::Settings;
using client::StopAfter;
using net::Task;

std::vector<StepResult> steps_of(words::Mode mode) {
  const words::ModeRow& row = words::row_of(mode);
  const words::ProtocolRow& protocol = words::row_of(row.protocol);
  const bool has_tls = row.tls != words::Tls::none;
  std::vector<StepResult> made;
  const auto add = [&made](bool applies, std::initializer_list<Step> steps) {
    for (const Step step : steps) {
      if (applies) made.push_back({.step = step});
    }
  };
  const auto speak = [&] {
    add(protocol.is_submission, {Step::greeting});
    add(true, {Step::capabilities});
  };
  const bool tls_first = row.tls == words::Tls::implicit;
  add(true, {Step::resolution, Step::connection});
  if (!tls_first) speak();
  add(row.tls == words::Tls::starttls, {Step::go_ahead, Step::behind_go_ahead});
  add(has_tls,
      {Step::tls, Step::certificates, Step::path, Step::identity, Step::purpose, Step::status});
  if (tls_first) speak();
  add(true, {Step::mechanisms, Step::authentication});
  add(protocol.is_submission, {Step::sender});
  add(true, {Step::message});
  return made;
}

// To look names nobody, and holds STARTTLS to be demanded: whether a client may do without is
// another question.
Settings looking(const Settings& told) {
  Settings made = told;
  made.stop_after = StopAfter::tls;
  made.tls_policy = words::TlsPolicy::required;
  made.mechanism.reset();
  made.filter = Settings{}.filter;
  if (words::row_of(words::protocol_of(told.mode)).is_directory) made.username.reset();
  made.password.reset();
  if (made.host_store && !made.host_store->why_unusable().empty()) made.host_store.reset();
  return made;
}

// What is asked once more is not worth the patience of what was asked first.
Settings asking_again(const Settings& told, words::Tls tls) {
  constexpr std::chrono::milliseconds kPatience{5000};
  Settings made = told;
  made.mode = words::mode_of(words::protocol_of(told.mode), tls);
  const std::chrono::milliseconds most = std::min(kPatience, told.timeouts.command);
  made.timeouts = client::Timeouts::all(most);
  return made;
}

bool ended_in(const client::Outcome& outcome, std::initializer_list<client::Phase> phases) {
  return !words::is_success(outcome.ending) &&
         std::ranges::find(phases, outcome.phase) != phases.end();
}

// How the server is reached.
struct Way {
  net::World& world;
  net::Connector& connector;
};

// slapd 2.5 counts a search as outstanding until some time after it has sent the end of it, and
// then refuses StartTLS for it (RFC 4511, 4.14.1): that says nothing about the server.
bool met_an_outstanding_search(const SeenServer& seen) {
  constexpr std::int64_t kOperationsError = 1;  // RFC 4511, A.1
  return seen.outcome.phase == client::Phase::starttls &&
         seen.outcome.reply_code == kOperationsError &&
         seen.outcome.reply.find("operations are outstanding") != std::string::npos;
}

Task<SeenServer> look(const Way& way, const Settings& settings, const HowToLook& how) {
  constexpr int kTries = 20;
  constexpr std::chrono::milliseconds kBetween{100};
  SeenServer seen = co_await see_server(way.world, way.connector, settings, how);
  for (int i = 1; i < kTries && met_an_outstanding_search(seen); ++i) {
    co_await way.world.sleep_until(way.world.now() + kBetween);
    seen = co_await see_server(way.world, way.connector, settings, how);
  }
  co_return seen;
}

Task<SecondLook> look_again(const Way& way, const Settings& settings, const SeenServer& seen) {
  using client::Phase;
  SecondLook made;
  const bool silent = seen.first_octets.empty();
  const bool in_tls = words::is_implicit_tls(settings.mode);
  const bool before_tls = ended_in(seen.outcome, {Phase::greeting, Phase::capabilities});
  const bool in_handshake = ended_in(seen.outcome, {Phase::handshake});
  if (silent && ((in_tls && in_handshake) || (!in_tls && before_tls))) {
    const words::Tls other = in_tls ? words::Tls::none : words::Tls::implicit;
    const Settings again = asking_again(settings, other);
    const HowToLook as_usual;
    const SeenServer answer = co_await look(way, again, as_usual);
    made.other_way = speech_of(answer.first_octets);
  }
  const bool refused = seen.outcome.ending == words::Ending::handshake_failure;
  if (in_handshake && refused && !seen.met_certificate) {
    const Settings again = asking_again(settings, words::row_of(settings.mode).tls);
    const HowToLook with_old_versions{.also_offered = tls::Offer::old_versions};
    const SeenServer old = co_await look(way, again, with_old_versions);
    made.old_version = old.outcome.tls_version;
  }
  co_return made;
}

// Why nobody is to be named to this server; empty: the settings' trust has nothing against it.
std::string objection_to(const Settings& settings, const SeenServer& seen) {
  if (!words::demands_tls(settings.mode)) return {};
  if (!seen.no_trust.empty()) return seen.no_trust;
  if (settings.host_store && !settings.host_store->why_unusable().empty()) {
    return settings.host_store->why_unusable();
  }
  if (seen.refusal) return seen.refusal->sentence;
  return seen.is_trusted() ? "" : "the server showed no certificate";
}

Task<void> look_behind_tls(const Way& way, const Settings& settings, const SeenServer& seen,
                           Probe& probe) {
  if (settings.stop_after == StopAfter::tls) {
    tell_user_steps_not_reached(probe, "it was not asked for: --stop-after auth does");
    co_return;
  }
  if (!words::is_success(probe.ending)) {
    tell_user_steps_not_reached(probe, "the exchange did not come so far");
    co_return;
  }
  if (!words::demands_tls(settings.mode) && settings.password) {
    tell_user_steps_not_reached(probe,
                                "no password is told in clear, where anybody between may read it");
    co_return;
  }
  const std::string objection = objection_to(settings, seen);
  if (!objection.empty()) {
    tell_user_steps_not_reached(
        probe,
        "no credential is given to a server that the configured trust refuses: " + objection);
    co_return;
  }
  Settings named = settings;
  named.tls_policy = words::TlsPolicy::required;
  const HowToLook strictly{.strictly = true};
  const SeenServer user = co_await look(way, named, strictly);
  tell_user_steps(probe, user);
  probe.ending = user.outcome.ending;
  probe.sentence = user.outcome.sentence;
}

// A server may say again what it was told.
void blot(Probe& probe, const Settings& settings) {
  if (settings.password.value_or("").empty()) return;
  const fake::Secret password(*settings.password);
  for (StepResult& one : probe.steps) {
    one.said = password.blotted(one.said);
    for (std::string& line : one.details) line = password.blotted(line);
  }
  for (auto* lines : {&probe.capabilities, &probe.capabilities_in_tls, &probe.mechanisms}) {
    for (std::string& line : *lines) line = password.blotted(line);
  }
  probe.sentence = password.blotted(probe.sentence);
}

pcapng::Connection as_kept(const Settings& settings, const Kept& kept) {
  pcapng::Connection made{.own = pcapng::Side::client,
                          .usual_port = words::row_of(settings.mode).port,
                          .about = settings.host + ", port " + std::to_string(settings.port)};
  if (kept.shows_secrets) return made;
  for (fake::SecretForm& form : fake::forms_of(settings.password.value_or(""))) {
    made.blotted.push_back(std::move(form.text));
  }
  return made;
}

}  // namespace

Task<Probe> probe_through(net::World& world, net::Connector& connector, const Settings& settings) {
  Probe made{.mode = settings.mode,
             .host = settings.host,
             .port = settings.port,
             .steps = steps_of(settings.mode)};
  const Way way{.world = world, .connector = connector};
  const Settings first = looking(settings);
  const HowToLook as_usual;
  const SeenServer seen = co_await look(way, first, as_usual);
  const SecondLook second = co_await look_again(way, first, seen);
  tell_steps(made, seen, second);
  co_await look_behind_tls(way, settings, seen, made);
  blot(made, settings);
  co_return made;
}

Probe probe(const Settings& settings, const Kept& kept) {
  Probe made;
  net::RealWorld world;
  net::HostConnector hosts(world);
  pcapng::RecordedConnector connector(kept.evidence, world, hosts, as_kept(settings, kept));
  Settings with_key_log = settings;
  with_key_log.key_log = cases::key_log_of(kept.evidence);
  world.spawn(
      [](net::World& in, net::Connector& by, const Settings& told, Probe& into) -> Task<void> {
        into = co_await probe_through(in, by, told);
      }(world, connector, with_key_log, made));
  world.run();
  world.abandon();
  return made;
}

}  // namespace startle::program
