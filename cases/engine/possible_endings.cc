#include "cases/engine/possible_endings.h"

#include <algorithm>
#include <array>
#include <vector>

#include "cases/engine/code_endings.h"
#include "cases/engine/said.h"
#include "cases/engine/sasl_endings.h"
#include "fake-servers/protocols.h"

namespace startle::cases {
namespace {

using fake::Point;
using words::Ending;
using Endings = std::vector<Ending>;

constexpr std::array kEarly{Ending::protocol_error,    Ending::connection_lost,
                            Ending::timeout,           Ending::throttled,
                            Ending::refused_by_server, Ending::starttls_not_supported,
                            Ending::starttls_refused,  Ending::handshake_failure};
constexpr std::array kLate{
    Ending::protocol_error,   Ending::connection_lost,       Ending::timeout,
    Ending::throttled,        Ending::refused_by_server,     Ending::auth_rejected,
    Ending::auth_unavailable, Ending::sender_not_authorized, Ending::message_rejected};

constexpr std::array kPointsOfSmtp{Point::greeting,    Point::ehlo, Point::starttls,
                                   Point::ehlo_in_tls, Point::auth, Point::mail,
                                   Point::rcpt,        Point::data, Point::message};
constexpr std::array kPointsOfLdap{Point::root_dse, Point::starttls, Point::root_dse_in_tls,
                                   Point::bind,     Point::whoami,   Point::search};

// Below the first no client gives up, above the second every client does (RFC 5321, 4.5.3.2, of
// which the shortest is two minutes and the longest ten).
constexpr std::chrono::minutes kPatient{2};
constexpr std::chrono::minutes kImpatient{10};

bool is_early(Ending ending) {
  return words::is_certificate_ending(ending) || ending == Ending::handshake_failure;
}

bool is_of_encoding(oracle::Flaw flaw) {
  return flaw >= oracle::Flaw::unreadable && flaw <= oracle::Flaw::misused_time;
}

class Walk {
 public:
  Walk(const Exchange& exchange, const oracle::Facts& facts, const oracle::Answer& answer)
      : exchange_(exchange),
        facts_(facts),
        answer_(answer),
        mode_(words::row_of(exchange.mode)),
        directory_(words::row_of(mode_.protocol).is_directory) {}

  // Nothing may reach it.
  bool refuses_server() const { return !passes_certificate(); }

  Endings endings() {
    if (says(Ending::configuration_error)) return answer_.endings;
    if (mode_.tls == words::Tls::implicit) verify();
    const auto& points = fake::server_protocol(mode_.protocol);
    const auto walk = [&](const auto& all) {
      for (const Point point : all) {
        if (over_) return;
        if (fake::comes_to(points, exchange_.mode, point) && is_visited(point)) come_to(point);
        if (!over_ && point == Point::starttls && mode_.tls == words::Tls::starttls) verify();
      }
    };
    directory_ ? walk(kPointsOfLdap) : walk(kPointsOfSmtp);
    if (!over_) add_success();
    return endings_;
  }

 private:
  bool says(Ending ending) const {
    return std::find(answer_.endings.begin(), answer_.endings.end(), ending) !=
           answer_.endings.end();
  }
  // Of the oracle's: what lies behind the certificate.
  bool passes_certificate() const {
    return mode_.tls == words::Tls::none ||
           !std::all_of(answer_.endings.begin(), answer_.endings.end(), is_early);
  }

  void add(Ending ending) {
    if (std::find(endings_.begin(), endings_.end(), ending) == endings_.end()) {
      endings_.push_back(ending);
    }
  }
  template <class All>
  void add_all(const All& all) {
    for (const Ending ending : all) add(ending);
  }
  void add_success() {
    add(mode_.tls == words::Tls::none ? Ending::delivered_in_clear
                                      : words::row_of(mode_.protocol).success);
  }
  void end(Ending ending) {
    add(ending);
    over_ = true;
  }
  // It cannot be said what the client makes of the rest.
  void lose_track() {
    if (!in_tls_) add_all(kEarly);
    if (!in_tls_ && mode_.tls != words::Tls::none) {
      std::for_each(answer_.endings.begin(), answer_.endings.end(), [this](Ending ending) {
        if (is_early(ending)) add(ending);
      });
    }
    over_ = true;
    if (!in_tls_ && !passes_certificate()) return;
    add_all(kLate);
    add_success();
  }

  // Points that the client passes by: in clear it logs in nowhere, but that a directory has an
  // anonymous bind.
  bool is_visited(Point point) const {
    if (mode_.tls != words::Tls::none) return true;
    if (point == Point::auth) return says(Ending::auth_unavailable);
    return point != Point::root_dse;
  }

  // Of an exchange of SASL: the server has stated a list of mechanisms of its own, of which it may
  // not know all.
  bool has_own_list() const {
    if (!in_tls_ || is_simple_bind()) return false;
    const auto* stated =
        exchange_.script.at(directory_ ? Point::root_dse_in_tls : Point::ehlo_in_tls);
    return stated != nullptr && said_at(exchange_, *stated).first != Said::First::usual;
  }
  bool is_simple_bind() const { return directory_ && !exchange_.mechanism; }

  // ---- the handshake and the certificate

  void verify() {
    if (line_ != Said::Tail::none && line_ != Said::Tail::tls) return line_is_gone();
    wait();
    if (over_) return;
    for (const Ending ending : answer_.endings) {
      if (is_early(ending)) add(ending);
    }
    if (tls::is_given_up(exchange_.script.tls)) return end(Ending::handshake_failure);
    const bool older = exchange_.script.tls != tls::Versions::all;
    if (older && is_of_encoding(facts_.authority_flaw)) add(Ending::handshake_failure);
    in_tls_ = true;
    over_ = !passes_certificate();
  }

  // ---- waiting

  void wait(std::chrono::milliseconds more = {}) {
    pause_ += more;
    if (pause_ > kPatient) add(Ending::timeout);
    over_ = pause_ > kImpatient;
    pause_ = {};
  }

  void line_is_gone() {
    // It was silent before.
    if (pause_ > kPatient) add(Ending::timeout);
    switch (line_) {
      case Said::Tail::close:
      case Said::Tail::reset:
        return end(Ending::connection_lost);
      case Said::Tail::silence:
        return end(Ending::timeout);
      default:
        return lose_track();
    }
  }

  // ---- points

  void come_to(Point point) {
    const bool logs_in = point == Point::auth || point == Point::bind;
    if (logs_in && in_tls_ && has_nothing_to_bind_to(exchange_)) {
      return end(Ending::auth_unavailable);
    }
    if (logs_in && (has_own_list() || says(Ending::auth_unavailable))) {
      // Nothing is begun where nothing is offered.
      add(Ending::auth_unavailable);
      over_ = !has_own_list();
      if (over_) return;
    }
    if (line_ != Said::Tail::none) return line_is_gone();
    const fake::Deviation* deviation = exchange_.script.at(point);
    if (deviation == nullptr) return usual(point);
    const Said said = said_at(exchange_, *deviation);
    wait(said.before);
    if (over_) return;
    // Out of its order, the server answers otherwise.
    if (strayed_) add_all(kLate);
    // A reset may take with it what was on the way.
    if (resets(*deviation)) add(Ending::connection_lost);
    take(point, said);
    if (point == Point::bind && !is_simple_bind() && said.first == Said::First::usual &&
        deviation->steps.size() > 1) {
      return lose_track();  // each step of the exchange is answered so
    }
    pause_ = said.after;
    if (!over_) go_on_behind(point, said);
  }

  static bool resets(const fake::Deviation& deviation) {
    return std::any_of(deviation.steps.begin(), deviation.steps.end(), [](const fake::Step& step) {
      return std::holds_alternative<fake::Reset>(step);
    });
  }

  void take(Point point, const Said& said) {
    switch (said.first) {
      case Said::First::nothing:
        line_ = said.tail == Said::Tail::none ? Said::Tail::silence : said.tail;
        // A handshake that nobody has asked for is waited for as if it were the answer.
        if (line_ == Said::Tail::tls) line_ = Said::Tail::silence;
        if (line_ == Said::Tail::clear) return lose_track();
        return line_is_gone();
      case Said::First::usual:
        return usual(point);
      case Said::First::odd:
        return lose_track();
      case Said::First::notice:
        add(Ending::throttled);
        return end(Ending::refused_by_server);
      case Said::First::reply:
        break;
    }
    const Passage passage = directory_ ? passage_of_result(exchange_, point, said)
                                       : passage_of_reply(exchange_, point, said);
    add_all(passage.endings);
    if (passage.is_open) return lose_track();
    if (!passage.passes) over_ = true;
    if (passage.endings == Endings{Ending::auth_unavailable}) try_another_mechanism(said);
    // The server itself has not done what it says.
    strayed_ = strayed_ || (passage.passes && leaves_undone(point));
  }

  // The refusal is of one mechanism; the next one is answered so, too, if there is anybody.
  void try_another_mechanism(const Said& said) {
    if (said.more) return lose_track();
    line_ = said.tail;
    if (line_ != Said::Tail::none) line_is_gone();
  }

  static bool leaves_undone(Point point) {
    return point == Point::auth || point == Point::bind || point == Point::mail ||
           point == Point::rcpt || point == Point::data;
  }

  void go_on_behind(Point point, const Said& said) {
    if (said.more || said.behind_tail) return lose_track();
    if (point != Point::starttls) {
      line_ = said.tail;
      return;
    }
    // A go-ahead, and nothing behind it but TLS.
    if (said.tail == Said::Tail::none) return lose_track();
    line_ = said.tail == Said::Tail::tls ? Said::Tail::none : said.tail;
  }

  void usual(Point point) {
    wait();
    if (over_) return;
    if (strayed_) add_all(kLate);
    if (point == Point::auth || point == Point::bind) return log_in(point);
    if (point == Point::mail && says(Ending::sender_not_authorized)) {
      end(Ending::sender_not_authorized);
    }
  }

  void log_in(Point point) {
    if (has_own_list()) {
      const fake::SaslScript& sasl = exchange_.script.sasl;
      add_all(std::array{Ending::auth_rejected, Ending::protocol_error});
      if (sasl.result) add_all(std::array{Ending::throttled, Ending::refused_by_server});
      const bool rejects = std::all_of(
          answer_.endings.begin(), answer_.endings.end(),
          [](Ending ending) { return is_early(ending) || ending == Ending::auth_rejected; });
      over_ = rejects && sasl.lie == fake::SaslLie::none;
      return;
    }
    const Endings logins = login_endings(exchange_, answer_, point);
    for (const Ending ending : logins) {
      if (!words::is_success(ending)) add(ending);
    }
    over_ = std::none_of(logins.begin(), logins.end(), words::is_success);
  }

  const Exchange& exchange_;
  const oracle::Facts& facts_;
  const oracle::Answer& answer_;
  const words::ModeRow& mode_;
  const bool directory_;
  Endings endings_{};
  bool over_ = false;
  bool in_tls_ = false;
  bool strayed_ = false;
  Said::Tail line_ = Said::Tail::none;
  std::chrono::milliseconds pause_{};
};

}  // namespace

bool has_rules(words::Mode mode, fake::Point point) {
  const bool directory = row_of(words::protocol_of(mode)).is_directory;
  return point != fake::Point::helo && (point != fake::Point::greeting || !directory);
}

bool deviates(const Exchange& exchange) {
  const fake::SaslScript& sasl = exchange.script.sasl;
  // What is offered the oracle knows (credential_facts).
  return !exchange.script.deviations.empty() || sasl.lie != fake::SaslLie::none ||
         !sasl.hidden.empty() || !sasl.unknown.empty() || !sasl.refused.empty() ||
         sasl.iterations || sasl.result || sasl.mechanisms ||
         exchange.script.tls != tls::Versions::all;
}

Expectation possible_endings(const Exchange& exchange, const oracle::Facts& facts,
                             const oracle::Answer& answer) {
  Walk walk(exchange, facts, answer);
  Expectation made{.endings = walk.endings(), .refuse_server = walk.refuses_server()};
  made.reason = "left open by what the server says";
  for (const fake::Deviation& deviation : exchange.script.deviations) {
    made.reason += (&deviation == &exchange.script.deviations.front() ? " at " : ", ") +
                   std::string(word(deviation.at));
  }
  made.reason += "; if it behaved: " + answer.reason;
  return made;
}

}  // namespace startle::cases
