#include "cases/program/explain/dialogue_drawing.h"

#include <algorithm>
#include <optional>

#include "cases/engine/code_endings.h"
#include "cases/engine/said.h"

namespace startle::program {
namespace {

using cases::Exchange;
using fake::Point;
using words::Ending;
using Who = DrawnLine::Who;

// Of the server's TLS records, the first that holds what it says inside TLS (wire_tap.h).
constexpr unsigned kFirstRecordInside = 7;

class Drawing {
 public:
  Drawing(const Exchange& exchange, Ending ending, const std::string& certificate)
      : exchange_(exchange),
        ending_(ending),
        certificate_(certificate),
        course_(course_of(exchange.mode)),
        last_(last_place()) {}

  std::vector<DrawnLine> lines() {
    if (ends_before_it_connects()) {
      remark("the client ends before it connects");
      return drawn_;
    }
    for (std::size_t place = 0; place <= course_.points.size(); ++place) {
      if (place == course_.in_clear && has_tls()) {
        handshake();
        if (last_.in_handshake) break;
        in_tls_ = true;
      }
      if (place == course_.points.size()) break;
      if (is_visited(course_.points[place])) come_to(course_.points[place]);
      if (!last_.in_handshake && place == last_.place) break;
    }
    if (exchange_.attempts != cases::Setup{}.attempts && !words::is_success(ending_)) try_again();
    if (says_farewell()) {
      const bool mail = !words::row_of(words::protocol_of(exchange_.mode)).is_directory;
      add(Who::client, false, mail ? "QUIT" : "unbind");
    }
    return drawn_;
  }

 private:
  struct Place {
    std::size_t place = 0;  // among the points
    bool in_handshake = false;
  };

  std::size_t place_of(Point point) const {
    const auto found = std::find(course_.points.begin(), course_.points.end(), point);
    return static_cast<std::size_t>(found - course_.points.begin());
  }
  bool has(Point point) const { return place_of(point) < course_.points.size(); }
  bool deviates_at(Point point) const { return exchange_.script.at(point) != nullptr; }
  Place end() const { return {.place = course_.points.size()}; }

  // The last of these at which the server deviates, or else `otherwise`.
  Place last_of(std::initializer_list<Point> points, Point otherwise) const {
    Place found{.place = place_of(otherwise)};
    for (const Point point : points) {
      if (has(point) && deviates_at(point)) found.place = place_of(point);
    }
    return found;
  }

  bool is_directory() const {
    return words::row_of(words::protocol_of(exchange_.mode)).is_directory;
  }
  Point capabilities() const {
    if (is_directory()) return has(Point::root_dse) ? Point::root_dse : Point::root_dse_in_tls;
    return has(Point::ehlo) ? Point::ehlo : Point::ehlo_in_tls;
  }

  bool ends_before_it_connects() const {
    if (ending_ == Ending::not_connected) return true;
    // A password that its mechanism cannot take is found out once that is chosen.
    if (ending_ == Ending::configuration_error) {
      return exchange_.mechanism ||
             exchange_.script.sasl.mechanisms.value_or("").find("SCRAM") == std::string::npos;
    }
    return ending_ == Ending::auth_unavailable && is_directory() && !has_tls();
  }
  // A client that may do without TLS goes on without it where there is none.
  bool has_tls() const {
    return words::demands_tls(exchange_.mode) && ending_ != Ending::delivered_in_clear;
  }

  // Where the client ends: what that ending is about, or else where the server does what it cannot
  // go on behind.
  Place last_place() const {
    if (words::is_success(ending_)) return end();
    if (words::is_certificate_ending(ending_)) return {.in_handshake = true};
    switch (ending_) {
      case Ending::starttls_not_supported:
        return is_directory() ? last_of({Point::root_dse, Point::starttls}, Point::starttls)
                              : Place{.place = place_of(capabilities())};
      case Ending::starttls_refused:
        return {.place = place_of(Point::starttls)};
      case Ending::auth_rejected:
        return {.place = place_of(login())};
      case Ending::auth_unavailable:
        return where_nothing_is_offered();
      case Ending::configuration_error:
        return {.place = place_of(capabilities_in_tls())};
      case Ending::sender_not_authorized:
        return last_of({Point::mail, Point::rcpt, Point::data, Point::message}, Point::mail);
      case Ending::message_rejected:
        return where_the_message_is_refused();
      default:
        return where_it_is_odd();
    }
  }

  Point login() const { return is_directory() ? Point::bind : Point::auth; }
  Point capabilities_in_tls() const {
    return is_directory() ? Point::root_dse_in_tls : Point::ehlo_in_tls;
  }
  bool has_own_answers() const {
    const fake::SaslScript& sasl = exchange_.script.sasl;
    return sasl.lie != fake::SaslLie::none || sasl.iterations || sasl.result;
  }

  Place where_nothing_is_offered() const {
    const auto& offered = exchange_.script.sasl.mechanisms;
    if (deviates_at(Point::mail) && offered.value_or("usual") != "") {
      return {.place = place_of(Point::mail)};
    }
    const bool asks =
        deviates_at(login()) || has_own_answers() || !exchange_.script.sasl.unknown.empty();
    if (asks) return {.place = place_of(login())};
    if (is_directory()) return {.place = place_of(Point::root_dse_in_tls)};
    return last_of({Point::ehlo, Point::helo, Point::ehlo_in_tls},
                   has(Point::ehlo_in_tls) ? Point::ehlo_in_tls : Point::ehlo);
  }

  Place where_the_message_is_refused() const {
    Place found = last_of({Point::mail, Point::rcpt, Point::data, Point::message}, Point::message);
    const Point point = course_.points[found.place];
    const fake::Deviation* deviation = exchange_.script.at(point);
    // It goes on: the server refuses the next.
    if (deviation != nullptr && passes(point, cases::said_at(exchange_, *deviation))) ++found.place;
    return found;
  }

  bool passes(Point point, const cases::Said& said) const {
    switch (said.first) {
      case cases::Said::First::usual:
        return true;
      case cases::Said::First::reply: {
        const cases::Passage passage = is_directory()
                                           ? cases::passage_of_result(exchange_, point, said)
                                           : cases::passage_of_reply(exchange_, point, said);
        return passage.passes && !passage.is_open;
      }
      default:
        return false;
    }
  }

  // A deviation that the client does not go on behind, counted from what is said first; nullopt: it
  // goes on.
  std::optional<Place> end_at(std::size_t place, const fake::Deviation& deviation) const {
    const Point point = deviation.at;
    const cases::Said said = cases::said_at(exchange_, deviation);
    const bool says_tls = std::any_of(
        deviation.steps.begin(), deviation.steps.end(),
        [](const fake::Step& step) { return std::holds_alternative<fake::SayTls>(step); });
    if (says_tls) return Place{.place = place};
    // Who speaks first takes a response that came before for the answer.
    if (point == Point::greeting && is_directory()) {
      const bool is_answer = said.first != cases::Said::First::notice &&
                             std::holds_alternative<fake::Respond>(deviation.steps.front());
      return Place{.place = is_answer ? place + 1 : place};
    }
    if (!passes(point, said)) return Place{.place = place};
    if (said.more && !said.behind_tail) {
      // In a segment of its own it comes when the next command is out.
      const bool later = point == Point::greeting && deviation.steps.size() > 1;
      return Place{.place = later ? place + 1 : place};
    }
    if (point == Point::starttls && said.behind_tail) return behind_tls(place, deviation);
    return std::nullopt;
  }

  // What is said unasked inside TLS answers the next command, and the real answer the one after it.
  static Place behind_tls(std::size_t place, const fake::Deviation& deviation) {
    const auto* last = std::get_if<fake::Send>(&deviation.steps.back());
    const bool is_list = last != nullptr && last->bytes.starts_with("250");
    return {.place = place + (is_list ? 2 : 1)};
  }

  Place where_it_is_odd() const {
    std::optional<Place> found;
    for (std::size_t i = 0; i < course_.points.size(); ++i) {
      const Point point = course_.points[i];
      if (point == Point::quit || point == Point::unbind || !deviates_at(point)) continue;
      if (const auto end = end_at(i, *exchange_.script.at(point))) return *end;
      found = Place{.place = i};
    }
    if (has_own_answers()) return {.place = place_of(login())};
    if (ending_ == Ending::handshake_failure) return {.in_handshake = true};
    if (found) return *found;
    for (const fake::WireTap& tap : exchange_.script.taps) {
      if (tap.record.value_or(1) < kFirstRecordInside) continue;
      // A record that comes again is read when the next is waited for.
      const std::size_t later = tap.kind == fake::TapKind::duplicate ? 1 : 0;
      return {.place = std::min(course_.in_clear + *tap.record - kFirstRecordInside + later,
                                course_.points.size() - 1)};
    }
    return {.in_handshake = true};
  }

  void add(Who who, bool deviates, const std::string& text) {
    drawn_.push_back({.who = who, .in_tls = in_tls_, .deviates = deviates, .text = text});
  }
  void remark(const std::string& text) { add(Who::remark, false, text); }

  // HELO is for a server that refuses EHLO, a login in clear for who may do without TLS.
  bool is_visited(Point point) const {
    switch (point) {
      case Point::helo:
        return !has_tls() && refuses_ehlo();
      case Point::starttls:
        return has_tls() || (deviates_at(point) && !deviates_at(capabilities()));
      case Point::ehlo_in_tls:
      case Point::root_dse_in_tls:
        return has_tls();
      case Point::auth:
        if (!has_tls()) return may_log_in_in_clear();
        return exchange_.username.has_value() || exchange_.mechanism.has_value();
      case Point::greeting:
        return !is_directory() || deviates_at(point);
      case Point::quit:
      case Point::unbind:
        return words::is_success(ending_) && deviates_at(point);
      default:
        return true;
    }
  }

  bool refuses_ehlo() const {
    const fake::Deviation* deviation = exchange_.script.at(Point::ehlo);
    if (deviation == nullptr) return false;
    const cases::Said said = cases::said_at(exchange_, *deviation);
    return said.first == cases::Said::First::reply && said.code >= 500;
  }
  // Where TLS was only tried.
  bool may_log_in_in_clear() const {
    if (!words::demands_tls(exchange_.mode) || refuses_ehlo()) return false;
    const fake::Deviation* deviation = exchange_.script.at(Point::ehlo);
    if (deviation == nullptr) return !exchange_.script.sasl.in_clear.value_or("").empty();
    const auto lines = cases::said_at(exchange_, *deviation).lines;
    return std::any_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return line.starts_with("AUTH "); });
  }

  void come_to(Point point) {
    const std::string said = said_by_client(exchange_, point);
    if (!said.empty()) add(Who::client, false, said);
    const fake::SaslScript& sasl = exchange_.script.sasl;
    const bool logs_in = point == Point::auth || point == Point::bind;
    if (const fake::Deviation* deviation = exchange_.script.at(point)) {
      for (DrawnLine& line : drawn_steps(exchange_, *deviation, in_tls_)) {
        drawn_.push_back(std::move(line));
      }
      return;
    }
    if (logs_in && sasl.lie != fake::SaslLie::none) {
      add(Who::remark, true, "the server " + sasl_lie_text(sasl.lie));
      return;
    }
    if (logs_in && ending_ == Ending::auth_rejected) {
      add(Who::server, true,
          is_directory() ? "bind-response: invalidCredentials (49)"
                         : "535 5.7.8 Authentication credentials invalid");
      return;
    }
    if (point == Point::mail && ending_ == Ending::sender_not_authorized &&
        last_.place == place_of(point)) {
      add(Who::server, true, "553 5.7.1 This user may not send from that address");
      return;
    }
    const std::string answer = usual_answer(exchange_, point);
    if (!answer.empty()) add(Who::server, false, answer);
  }

  void try_again() {
    const std::vector<DrawnLine> once = drawn_;
    in_tls_ = false;
    remark("the client was told to try twice, and comes again on a connection of its own");
    drawn_.insert(drawn_.end(), once.begin(), once.end());
  }

  void handshake() {
    remark("TLS handshake; the server shows the certificate " + certificate_);
    drawn_.back().handshake = true;
    for (const std::string& fault : faults_of_tls(exchange_.script)) {
      add(Who::remark, true, fault);
    }
  }

  // A client that has been refused what it asked for, or has all it wanted, says so.
  bool says_farewell() const {
    if (words::is_success(ending_)) {
      return !deviates_at(is_directory() ? Point::unbind : Point::quit);
    }
    switch (ending_) {
      case Ending::starttls_not_supported:
      case Ending::starttls_refused:
      case Ending::auth_rejected:
      case Ending::auth_unavailable:
      case Ending::sender_not_authorized:
      case Ending::message_rejected:
        return true;
      default:
        return false;
    }
  }

  const Exchange& exchange_;
  const Ending ending_;
  const std::string& certificate_;
  const Course course_;
  const Place last_;
  std::vector<DrawnLine> drawn_{};
  bool in_tls_ = false;
};

}  // namespace

std::vector<DrawnLine> drawn_dialogue(const Exchange& exchange, Ending ending,
                                      const std::string& certificate) {
  return Drawing(exchange, ending, certificate).lines();
}

}  // namespace startle::program
