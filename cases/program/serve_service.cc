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

constexpr auto kGrace = 50ms;       // for clients that are about to go anyway
constexpr auto kLastMoment = 1s;    // for a dialogue whose connection is gone
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

// A stream that is known to its service as long as it lives.
class Service::Connection final : public net::Stream {
 public:
  Connection(std::unique_ptr<net::Stream> inner, std::shared_ptr<Shared> shared,
             std::shared_ptr<Visit> visit)
      : inner_(std::move(inner)),
        shared_(std::move(shared)),
        visit_(std::move(visit)),
        place_(shared_->open.insert(shared_->open.end(), this)) {}
  ~Connection() override { shared_->open.erase(place_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::optional<net::IoResult> read_now(std::span<char> into) override {
    const std::optional<net::IoResult> got = inner_->read_now(into);
    if (got && got->count > 0) {
      visit_->said_anything = true;
      if (visit_->role == Role::server) shared_->was_visited = true;
    }
    return got;
  }
  net::Task<bool> readable() override { return inner_->readable(); }
  std::optional<net::IoResult> write_now(std::string_view bytes) override {
    return inner_->write_now(bytes);
  }
  net::Task<net::IoResult> written() override { return inner_->written(); }
  void set_deadline(net::Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 private:
  std::unique_ptr<net::Stream> inner_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Visit> visit_;
  std::list<net::Stream*>::iterator place_;
};

Service::Service(net::RealWorld& world, Events& events, ServeOffer offer,
                 const std::vector<net::Endpoint>& at, std::optional<unsigned> id)
    : world_(world), events_(events), offer_(std::move(offer)), id_(id), idle_(world) {
  const Exchange& exchange = offer_.exchange;
  server_ = server_for(exchange, *offer_.chain, offer_.client.get());
  server_.secret = offer_.asked.secret;
  listen(at);
  if (refers(exchange.script)) listen_for_referred(at.front());
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
  while (auto stream = co_await listener.accept()) {
    ++tasks_;
    world_.spawn(serve(std::move(stream), listener.endpoint().port, role));
  }
  one_less();
}

net::Task<void> Service::serve(std::unique_ptr<net::Stream> stream, unsigned port, Role role) {
  const auto visit =
      std::make_shared<Visit>(Visit{.port = port, .role = role, .began = world_.now()});
  const bool came_back = shared_->was_visited;
  stream = std::make_unique<Connection>(std::move(stream), shared_, visit);
  fake::Observation seen;
  fake::Server server = server_;
  if (role == Role::referral) {
    co_await fake::serve_referred(world_, std::move(stream), server, seen);
  } else {
    if (came_back) {
      server = fake::with_bait_in_clear(std::move(server),
                                        fake::server_protocol(words::protocol_of(server.mode)));
    }
    server.credentials = offer_.shown()->server;
    co_await fake::serve(world_, std::move(stream), server, seen);
  }
  report(seen, *visit);
  one_less();
}

// Who was to be greeted in the script's own words, or by silence, is not expected to say anything.
bool Service::counts(const Visit& visit, const fake::Observation& seen) const {
  if (visit.said_anything || visit.role == Role::referral) return true;
  const fake::Script& script = offer_.exchange.script;
  if (script.at(fake::Point::greeting) == nullptr || !seen.unmet.empty()) return false;
  return world_.now() - visit.began >= stall(*script.at(fake::Point::greeting));
}

void Service::report(const fake::Observation& seen, const Visit& visit) {
  const auto [port, role] = std::pair(visit.port, visit.role);
  const bool counted = counts(visit, seen);
  if (counted && role == Role::server) shared_->was_visited = true;
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
  return !shared_->open.empty();
}

net::Task<bool> Service::idle(net::Instant deadline) {
  bool in_time = tasks_ == 0;
  if (!in_time) in_time = co_await idle_.wait(deadline);
  co_return in_time;
}

net::Task<bool> Service::end() {
  if (std::exchange(ending_, true)) co_return true;  // whoever asked first sees to it
  for (const auto& listener : listeners_) listener->interrupt();
  if (referral_) referral_->interrupt();
  bool ended = co_await idle(world_.now() + kGrace);
  if (!ended) {
    cut_off_ = true;
    for (net::Stream* stream : shared_->open) stream->reset();
    ended = co_await idle(world_.now() + kLastMoment);
  }
  co_return ended;
}

}  // namespace startle::program
