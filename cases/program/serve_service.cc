#include "cases/program/serve_service.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "cases/engine/finding_texts.h"
#include "cases/engine/judge.h"
#include "cases/engine/worker.h"
#include "cases/program/serve_screen.h"
#include "fake-servers/dialogue/distinguished_name.h"
#include "fake-servers/dialogue/handshake_story.h"
#include "fake-servers/dialogue/recorder.h"
#include "fake-servers/ldap/server.h"
#include "fake-servers/protocols.h"
#include "harness/base/error.h"
#include "harness/client/settings.h"

namespace startle::program {
namespace {

using namespace cases;
using namespace std::chrono_literals;
using words::Protocol;

constexpr auto kGrace = 250ms;      // for clients that are about to go anyway
constexpr auto kMostGrace = 5s;     // for those that go on talking
constexpr auto kLastMoment = 1s;    // for dialogues whose connections are gone: one ends
constexpr auto kReferredSoon = 1s;  // a client that was referred elsewhere connects there
// --once: with a silent client; what a server should have at least (RFC 5321, 4.5.3.2.7).
constexpr auto kPatienceOfOnce = 5min;

// Of what the script does, it may be this that a client is to end by a time-out of its own.
bool stalls(const fake::Deviation& deviation) {
  return std::ranges::any_of(deviation.steps, [](const fake::Step& step) {
    return std::holds_alternative<fake::Silence>(step);
  });
}
bool stalls(const fake::Script& script) {
  return std::ranges::any_of(script.deviations,
                             [](const auto& deviation) { return stalls(deviation); });
}

// How long a client stays at least that has noticed how slow the server is there.
std::chrono::milliseconds stall(const fake::Deviation& deviation) {
  std::chrono::milliseconds all = stalls(deviation) ? 1s : 0s;
  for (const fake::Step& step : deviation.steps) {
    if (const auto* pause = std::get_if<fake::Pause>(&step)) all += pause->how_long;
    if (const auto* send = std::get_if<fake::Send>(&step)) {
      all += std::min<std::chrono::milliseconds>(send->every, 1s) * (send->times > 1 ? 2 : 1);
    }
  }
  return std::min<std::chrono::milliseconds>(all, 1s);
}

bool refers(const fake::Script& script) {
  const auto step_refers = [](const fake::Step& step) {
    const auto* respond = std::get_if<fake::Respond>(&step);
    return respond != nullptr &&
           std::any_of(respond->referrals.begin(), respond->referrals.end(),
                       [](const std::string& to) { return to.find('{') != std::string::npos; });
  };
  return std::any_of(
      script.deviations.begin(), script.deviations.end(), [&](const fake::Deviation& deviation) {
        return std::any_of(deviation.steps.begin(), deviation.steps.end(), step_refers);
      });
}

// What the client is told.
Json credential_json(const Exchange& asked) {
  const std::string& told = *asked.username;
  const std::string& known = asked.users.front().name;
  if (!row_of(words::protocol_of(asked.mode)).is_directory) {
    return {{"username", told},
            {"password", *asked.password},
            {"bind_dn", Json()},
            {"sender", asked.sender},
            {"recipients", Json::array({client::Settings{}.recipient})}};
  }
  const bool is_dn = told == known || !asked.mechanism;
  return {{"username", is_dn ? fake::first_value(told) : told},
          {"password", *asked.password},
          {"bind_dn", is_dn ? told : known},
          {"sender", Json()},
          {"recipients", Json()}};
}

// Why nothing came of TLS, for a person; empty: something did, or there was none to be. Some
// clients look at the name when the handshake is over (JavaMail, and Angus Mail before 2.0.3), and
// then only close.
std::string why_no_session(const fake::Observation& seen, words::Mode mode) {
  if (!words::is_implicit_tls(mode) && fake::is_tls_record(seen.bytes_in_clear)) {
    const words::ModeRow& row = words::row_of(mode);
    const std::string implicit = std::string(row.scheme) + "s";
    return "the client begins with TLS, as on a port of " + implicit +
           ", and this server in clear: tell the client to use STARTTLS, or serve it with --mode " +
           implicit;
  }
  if (!seen.handshake_failure.empty()) return seen.handshake_failure;
  if (seen.reached != fake::Reached::tls || !seen.tls_commands.empty()) return {};
  if (!seen.alert.empty() && seen.alert != "close_notify") {
    return fake::told_refusal(seen.alert);
  }
  return "the handshake was completed, and the client left without a word: it may have looked at "
         "the certificate's name only then, as JavaMail does";
}

// What is right, and who is hurt where it is not so.
Json expectation_json(const Exchange& asked, const ServerExpectation& expected) {
  const bool known = expected.untold.empty();
  const bool demands = known && !expected.endings.empty();
  return {{"expected", known ? report::words_json(expected.endings) : Json::array()},
          {"reason", known ? expected.reason : expected.untold},
          {"why", demands ? Json(why_it_matters(asked, expected)) : Json()}};
}

}  // namespace

Service::Service(ServeThreads& threads, Events& events, ServeOffer offer,
                 const std::vector<net::Endpoint>& at,
                 const std::shared_ptr<pcapng::Evidence>& evidence, std::optional<unsigned> id)
    : threads_(threads),
      world_(threads.main()),
      events_(events),
      offer_(std::move(offer)),
      id_(id),
      recording_(evidence, offer_.exchange),
      visits_(std::make_shared<Visits>(threads)),
      idle_(world_) {
  const Exchange& exchange = offer_.exchange;
  server_ = server_for(exchange, *offer_.chain, offer_.client.get());
  server_.secret = offer_.asked.secret;
  server_.key_log = key_log_of(evidence);
  listen(at);
  if (refers(exchange.script)) listen_for_referred(at.front());
  for (const auto& listener : listeners_) listener->acknowledge_at_once();
}

Service::~Service() = default;

void Service::listen(const std::vector<net::Endpoint>& at) {
  const bool any_port = at.front().port == 0;
  for (int attempt = 0;; ++attempt) {
    listeners_.clear();
    listeners_.push_back(std::make_unique<net::TcpListener>(world_, at.front()));
    if (at.size() == 1) return;
    try {
      // The same port on the other address, so that it does not matter how a name resolves.
      const net::Endpoint other{.address = at.back().address,
                                .port = listeners_.front()->endpoint().port};
      listeners_.push_back(std::make_unique<net::TcpListener>(world_, other));
      return;
    } catch (const net::PortInUse&) {
      if (!any_port || attempt == 16) throw;
    } catch (const Error&) {
      return;  // a machine without IPv6
    }
  }
}

void Service::listen_for_referred(const net::Endpoint& at) {
  referral_ = std::make_unique<net::TcpListener>(world_, net::Endpoint{.address = at.address});
  server_.directory.referral =
      "ldap://" + offer_.exchange.host + ":" + std::to_string(referral_->endpoint().port);
}

Json Service::ready_event(ServeFiles& files) const {
  const Exchange& asked = offer_.asked;
  const net::Endpoint at = listeners_.front()->endpoint();
  const ServeFiles::Anchors& anchors = files.anchors_of(*offer_.chain);
  Json event{{"event", "ready"}};
  if (id_) event["id"] = *id_;
  event.update({{"case", asked.id},
                {"protocol", word(words::protocol_of(asked.mode))},
                {"mode", word(asked.mode)},
                {"address", at.address},
                {"port", at.port},
                {"name", asked.host},
                {"ca", anchors.ca},
                {"ca_pem", anchors.pem},
                {"truststore", anchors.truststore},
                {"truststore_password", kTrustStorePassword}});
  event.update(credential_json(asked));
  event.update(expectation_json(asked, offer_.expected));
  if (asked.mechanism) event["mechanism"] = *asked.mechanism;
  if (referral_) event["referral"] = server_.directory.referral;
  if (!offer_.chain->revocation_list_der.empty()) {
    event["crl"] = files.revocation_list_of(*offer_.chain);
  }
  if (offer_.client) {
    const ServeFiles::Client& client = files.files_of(*offer_.client);
    event["client_certificate"] = client.certificate;
    event["client_key"] = client.key;
  }
  return event;
}

void Service::start(std::function<void()> after_first) {
  after_first_ = std::move(after_first);
  if (after_first_ && !stalls(offer_.exchange.script)) server_.patience = kPatienceOfOnce;
  const auto tell = [](const std::string& sentence) {
    std::cerr << "startle: " << sentence << std::endl;
  };
  for (const auto& listener : listeners_) {
    ++tasks_;
    listener->on_trouble(tell);
    world_.spawn(accept(*listener, Role::server));
  }
  if (!referral_) return;
  ++tasks_;
  referral_->on_trouble(tell);
  world_.spawn(accept(*referral_, Role::referral));
}

net::Task<void> Service::accept(net::TcpListener& listener, Role role) {
  const unsigned port = listener.endpoint().port;
  ServeThreads::Place* place = nullptr;
  const std::function<net::RealWorld&()> whose = [&]() -> net::RealWorld& {
    place = &threads_.least_busy();
    return *place->world;
  };
  while (auto stream = co_await listener.accept_for(whose)) {
    serve(std::move(stream), *place, port, role);
  }
  listener.close();
  one_less();
}

void Service::serve(std::unique_ptr<net::Stream> stream, ServeThreads::Place& place, unsigned port,
                    Role role) {
  ++tasks_;
  ++clients_;
  ++place.clients;
  stream = role == Role::server ? recording_.of(*place.world, std::move(stream))
                                : recording_.of_referral(*place.world, std::move(stream));
  const auto visit = std::make_shared<Visit>(
      Visit{.port = port, .role = role, .server = server_, .stream = std::move(stream)});
  if (role == Role::server) {
    if (visits_->was_there_before()) {
      visit->server = fake::with_bait_in_clear(
          std::move(visit->server), fake::server_protocol(words::protocol_of(server_.mode)));
    }
    visit->server.credentials = offer_.shown()->server;
  }
  visits_->serve(visit, place, [this, visit, &place] {
    report(*visit);
    --place.clients;
    --clients_;
    one_less();
  });
}

// Who was to be greeted in the script's own words, or by silence, is not expected to say anything.
bool Service::counts(const Visit& visit) const {
  if (visit.said_anything || visit.role == Role::referral) return true;
  const fake::Script& script = offer_.exchange.script;
  if (script.at(fake::Point::greeting) == nullptr || !visit.seen.unmet.empty()) return false;
  return visit.lasted >= stall(*script.at(fake::Point::greeting));
}

void Service::report(const Visit& visit) {
  const fake::Observation& seen = visit.seen;
  const auto [port, role] = std::pair(visit.port, visit.role);
  const bool counted = counts(visit);
  if (counted && role == Role::server) visits_->note_visit();
  const bool first = role == Role::server && counted && !std::exchange(reported_, true);
  if (after_first_ && role == Role::server && !first) return;
  const ServerJudgement judged = judge_connection(seen, role);
  failed_ = failed_ || judged.kind == report::VerdictKind::fail;
  passed_ = passed_ || judged.kind == report::VerdictKind::pass;
  Json event{{"event", "connection"}};
  if (id_) event["id"] = *id_;
  event.update(
      {{"case", offer_.exchange.id},
       {"port", port},
       {"phase", word(role == Role::server ? seen.reached : fake::Reached::connection)},
       {"tls_version", report::text_or_null(seen.tls_version)},
       {"alert", report::text_or_null(seen.alert)},
       {"alert_sent", report::text_or_null(seen.alert_sent)},
       {"handshake_failure", report::text_or_null(why_no_session(seen, offer_.exchange.mode))},
       {"verdict", judged.kind ? Json(word(*judged.kind)) : Json()},
       {"ending", judged.ending ? Json(word(*judged.ending)) : Json()},
       {"reason", judged.reason},
       {"violations", report::words_json(judged.violations)},
       {"clear_commands", role == Role::server ? seen.clear_commands : seen.referred_commands},
       {"authenticated", seen.authenticated},
       {"delivered", seen.delivered > 0}});
  const std::size_t cut =
      role == Role::server ? seen.clear_commands_cut : seen.referred_commands_cut;
  if (cut > 0) event["more_clear_commands"] = cut;
  if (seen.octets_dropped > 0) event["octets_dropped"] = seen.octets_dropped;
  if (const std::string why = why_no_session(seen, offer_.exchange.mode); !why.empty()) {
    events_.remark(handshake_line(why));
  }
  events_.tell(event);
  if (!after_first_ || !first) return;
  if (referral_) {
    world_.spawn(call_after_first());
  } else {
    after_first_();
  }
}

// What comes to the referral's listener is no exchange: an invariant may be broken, that is all.
ServerJudgement Service::judge_connection(const fake::Observation& seen, Role role) const {
  ServerJudgement judged = judge_seen(offer_.asked, offer_.expected, seen);
  if (judged.kind == report::VerdictKind::fail && !judged.violations.empty()) return judged;
  if (role == Role::referral) {
    judged = {.reason = "the client was referred here, and broke no invariant"};
  } else if (cut_off_) {
    judged = {.reason = "the server was stopped while the client was connected"};
  }
  return judged;
}

std::optional<bool> Service::passed() const {
  if (failed_) return false;
  return passed_ ? std::optional(true) : std::nullopt;
}

net::Task<void> Service::call_after_first() {
  const net::Instant soon = world_.now() + kReferredSoon;
  co_await world_.sleep_until(soon);
  after_first_();
}

void Service::one_less() {
  if (--tasks_ == 0) idle_.notify();
}

bool Service::is_busy() const {
  return clients_ > 0;
}

net::Task<bool> Service::idle(std::chrono::milliseconds within) {
  bool in_time = tasks_ == 0;
  if (!in_time) in_time = co_await idle_.wait(world_.now() + within);
  co_return in_time;
}

net::Task<bool> Service::end() {
  if (std::exchange(ending_, true)) co_return true;  // whoever asked first sees to it
  for (const auto& listener : listeners_) listener->interrupt();
  if (referral_) referral_->interrupt();
  const net::Instant latest = world_.now() + kMostGrace;
  bool ended = false;
  bool goes_on = true;
  while (!ended && goes_on) {
    const std::uint64_t heard = visits_->heard();
    ended = co_await idle(kGrace);
    goes_on = visits_->heard() != heard && world_.now() < latest;
  }
  if (ended) co_return true;
  cut_off_ = true;
  visits_->reset();
  std::size_t left = 0;
  do {
    left = tasks_;
    ended = co_await idle(kLastMoment);
  } while (!ended && tasks_ < left);
  co_return ended;
}

}  // namespace startle::program
