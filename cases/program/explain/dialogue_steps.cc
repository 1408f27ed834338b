#include "cases/program/explain/dialogue_steps.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "fake-servers/protocols.h"
#include "harness/base/printable.h"
#include "harness/tls/alert.h"
#include "harness/wire/ldap_message.h"

namespace startle::program {
namespace {

using cases::Exchange;
using fake::Point;
using Who = DrawnLine::Who;

constexpr std::size_t kLongestLine = 120;

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

// Its beginning, where it is long, and how long it is.
std::string shortened(const std::string& bytes) {
  if (bytes.size() <= kLongestLine) return printable(bytes);
  return printable(bytes.substr(0, kLongestLine / 2)) + ".. (" + std::to_string(bytes.size()) +
         " octets)";
}

std::string seconds_of(std::chrono::milliseconds time) {
  std::ostringstream text;
  text << static_cast<double>(time.count()) / 1000 << " s";
  return text.str();
}

// The lines of a write, without CRLF; one that does not end with that says so.
std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < bytes.size()) {
    const std::size_t end = bytes.find("\r\n", begin);
    if (end == std::string::npos) {
      lines.push_back(shortened(bytes.substr(begin)) + " (no CRLF)");
      break;
    }
    lines.push_back(shortened(bytes.substr(begin, end - begin)));
    begin = end + 2;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : between) + word;
  return all;
}

// "bind-response", of a response that states no operation of its own.
std::string right_operation(Point point) {
  switch (point) {
    case Point::bind:
      return "bind-response";
    case Point::root_dse:
    case Point::root_dse_in_tls:
    case Point::search:
      return "search-done";
    case Point::greeting:
      return "notice-of-disconnection";
    default:
      return "extended-response";
  }
}

std::string text_of(const fake::Respond& said, Point point) {
  if (!said.bytes.empty()) return "the octets " + shortened(said.bytes) + " (hex)";
  const std::string operation = said.as.empty() ? right_operation(point) : said.as;
  std::string text = operation;
  if (operation == "search-entry") {
    for (const auto& [type, value] : said.attributes)
      text += " " + printable(type) + "=" + shortened(value);
  } else if (operation != "search-reference" && operation != "intermediate-response") {
    text += ": " + wire::ldap_code_text(said.code);
  }
  if (!said.diagnostic.empty()) text += " '" + shortened(said.diagnostic) + "'";
  if (said.diagnostic_size != 0)
    text += ", " + std::to_string(said.diagnostic_size) + " octets of it";
  if (!said.referrals.empty()) text += ", referral to " + joined(said.referrals, " ");
  if (said.response_name) {
    text += said.response_name->empty() ? ", without a response name"
                                        : ", response name " + printable(*said.response_name);
  }
  if (said.id_offset != 0)
    text += ", message id of the request " + std::string(said.id_offset > 0 ? "+" : "") +
            std::to_string(said.id_offset);
  if (said.id) text += ", message id " + std::to_string(*said.id);
  if (said.value) text += ", value '" + shortened(*said.value) + "'";
  for (const auto& [type, critical] : said.controls) {
    text += ", control " + printable(type) + (critical ? " (critical)" : "");
  }
  if (said.octets) text += ", cut behind " + std::to_string(*said.octets) + " octets";
  if (said.held) text += ", in one segment with what follows";
  return text;
}

std::string text_of(const fake::SayTls& said) {
  if (const auto* alert = std::get_if<tls::SaidAlert>(&said.what)) {
    return "the alert " + tls::alert_name(alert->number) + ", " + std::string(word(alert->level)) +
           ", inside TLS";
  }
  return "the TLS message " + std::string(word(std::get<tls::Message>(said.what))) +
         ", where none belongs";
}

}  // namespace

Course course_of(words::Mode mode) {
  constexpr std::array kOfMail{Point::greeting,    Point::ehlo,    Point::helo, Point::starttls,
                               Point::ehlo_in_tls, Point::auth,    Point::mail, Point::rcpt,
                               Point::data,        Point::message, Point::quit};
  constexpr std::array kOfDirectories{Point::greeting,        Point::root_dse, Point::starttls,
                                      Point::root_dse_in_tls, Point::bind,     Point::whoami,
                                      Point::search,          Point::unbind};
  const words::ModeRow& row = words::row_of(mode);
  const fake::ServerProtocol& protocol = fake::server_protocol(row.protocol);
  Course made;
  const auto add = [&](const auto& all) {
    for (const Point point : all) {
      if (fake::comes_to(protocol, mode, point)) made.points.push_back(point);
    }
  };
  words::row_of(row.protocol).is_directory ? add(kOfDirectories) : add(kOfMail);
  if (row.tls == words::Tls::none) made.in_clear = made.points.size();
  if (row.tls == words::Tls::starttls) {
    const auto go_ahead = std::find(made.points.begin(), made.points.end(), Point::starttls);
    made.in_clear = static_cast<std::size_t>(go_ahead - made.points.begin()) + 1;
  }
  return made;
}

std::string said_by_client(const Exchange& exchange, Point point) {
  switch (point) {
    case Point::greeting:
      return "";
    case Point::ehlo:
    case Point::ehlo_in_tls:
      return "EHLO client.example.test";
    case Point::helo:
      return "HELO client.example.test";
    case Point::starttls:
      return words::row_of(words::protocol_of(exchange.mode)).is_directory
                 ? "extended 1.3.6.1.4.1.1466.20037 (StartTLS)"
                 : "STARTTLS";
    case Point::auth:
      return exchange.mechanism ? "AUTH " + *exchange.mechanism + " .."
                                : "AUTH, with a mechanism that is offered";
    case Point::mail:
      return "MAIL FROM:<" + printable(exchange.sender) + ">";
    case Point::rcpt:
      return "RCPT TO:<recipient@example.test>";
    case Point::data:
      return "DATA";
    case Point::message:
      return "<message>";
    case Point::quit:
      return "QUIT";
    case Point::root_dse:
    case Point::root_dse_in_tls:
      return "search root DSE";
    case Point::bind:
      if (exchange.mechanism) return "bind (" + *exchange.mechanism + ")";
      return exchange.username.value_or("").empty() ? "bind, anonymous" : "bind (simple)";
    case Point::whoami:
      return "extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)";
    case Point::search:
      return "search \"" + printable(exchange.base) + "\"";
    case Point::unbind:
      return "unbind";
  }
  return "";
}

std::string usual_answer(const Exchange& exchange, Point point) {
  const fake::SaslScript& sasl = exchange.script.sasl;
  switch (point) {
    case Point::greeting:
      return words::row_of(words::protocol_of(exchange.mode)).is_directory
                 ? ""
                 : "220 " + printable(exchange.host) + " ESMTP startle";
    case Point::ehlo:
      if (!words::demands_tls(exchange.mode)) return "250-.., 250 8BITMIME";
      return "250-.., 250 STARTTLS";
    case Point::helo:
      return "250 " + printable(exchange.host);
    case Point::starttls:
      return words::row_of(words::protocol_of(exchange.mode)).is_directory
                 ? "extended-response: success (0)"
                 : "220 2.0.0 Ready to start TLS";
    case Point::ehlo_in_tls:
      if (!sasl.mechanisms) return "250-.., 250 AUTH PLAIN LOGIN";
      return sasl.mechanisms->empty() ? "250-.., and no AUTH"
                                      : "250-.., 250 AUTH " + printable(*sasl.mechanisms);
    case Point::auth:
      return "235 2.7.0 Authentication successful";
    case Point::mail:
      return "250 2.1.0 Ok";
    case Point::rcpt:
      return "250 2.1.5 Ok";
    case Point::data:
      return "354 End data with <CR><LF>.<CR><LF>";
    case Point::message:
      return "250 2.0.0 Ok: accepted";
    case Point::quit:
      return "221 2.0.0 Bye";
    case Point::root_dse:
      return "search-entry \"\", search-done: success (0)";
    case Point::root_dse_in_tls:
      if (!sasl.mechanisms) return "search-entry \"\", search-done: success (0)";
      return "search-entry \"\" supportedSASLMechanisms=" + printable(*sasl.mechanisms) +
             ", search-done: success (0)";
    case Point::bind:
      return "bind-response: success (0)";
    case Point::whoami:
      return "extended-response: success (0)";
    case Point::search:
      return "search-entry .., search-done: success (0)";
    case Point::unbind:
      return "";
  }
  return "";
}

std::vector<DrawnLine> drawn_steps(const Exchange& exchange, const fake::Deviation& deviation,
                                   bool in_tls) {
  std::vector<DrawnLine> drawn;
  const auto add = [&](Who who, const std::string& text) {
    drawn.push_back({.who = who, .in_tls = in_tls, .deviates = true, .text = text});
  };
  const auto send = [&](const fake::Send& said) {
    const std::vector<std::string> lines = lines_of(said.bytes);
    for (const std::string& line : lines) add(Who::server, line);
    if (lines.empty()) add(Who::remark, "the server sends an empty segment");
    if (said.times != 1) {
      add(Who::remark, std::to_string(said.times) + " times" +
                           (said.every.count() == 0 ? std::string(", in one segment")
                                                    : ", one every " + seconds_of(said.every)));
    } else if (lines.size() > 1) {
      add(Who::remark, "these " + std::to_string(lines.size()) + " lines in one segment");
    }
  };
  for (const fake::Step& step : deviation.steps) {
    std::visit(
        Overloaded{
            send,
            [&](const fake::Respond& said) { add(Who::server, text_of(said, deviation.at)); },
            [&](const fake::Pause& pause) {
              add(Who::remark, "the server waits " + seconds_of(pause.how_long));
            },
            [&](const fake::Usual&) {
              const std::string answer = usual_answer(exchange, deviation.at);
              if (!answer.empty()) add(Who::server, answer);
            },
            [&](const fake::StartTls&) { add(Who::remark, "the server begins TLS"); },
            [&](const fake::SayTls& said) { add(Who::server, text_of(said)); },
            [&](const fake::EndTls&) {
              add(Who::remark, "the server ends TLS, and goes on in clear");
              in_tls = false;
            },
            [&](const fake::Silence&) {
              add(Who::remark, "the server says nothing any more, and keeps the connection");
            },
            [&](const fake::Close&) { add(Who::remark, "the server closes the connection"); },
            [&](const fake::Reset&) { add(Who::remark, "the server resets the connection"); },
        },
        step);
  }
  return drawn;
}

}  // namespace startle::program
