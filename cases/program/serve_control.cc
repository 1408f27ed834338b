#include "cases/program/serve_control.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/base/error.h"

namespace startle::program {
namespace {

constexpr const char* kRequest =
    R"(a request is one JSON object on a line: {"start": {"protocol": "smtp"}} or {"stop": ID})";

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Fault::usage, why);
}

std::string shown(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The one member that a request has.
std::pair<std::string, Json> read_request(const net::Line& line) {
  if (line.too_long) refuse("a request has at most 1048576 octets");
  const Json request = Json::parse(line.text, nullptr, /*allow_exceptions=*/false);
  if (!request.is_object() || request.size() != 1) refuse(kRequest);
  const auto member = request.begin();
  if (member.key() == "start" && !member->is_object()) {
    refuse(R"("start" takes an object, for example {"protocol": "smtp"})");
  }
  if (member.key() != "start" && member.key() != "stop") refuse(kRequest);
  return {member.key(), *member};
}

std::string text_of(const std::string& member, const Json& value) {
  if (!value.is_string()) refuse("\"" + member + "\" takes a string, not " + shown(value));
  return value.get<std::string>();
}

std::vector<ServeRequest::Reply> replies_of(const Json& value) {
  if (!value.is_object()) {
    refuse(R"("replies" takes an object of points, for example {"starttls": 454}, not )" +
           shown(value));
  }
  std::vector<ServeRequest::Reply> replies;
  for (const auto& [point, says] : value.items()) {
    if (!says.is_string() && !says.is_number_integer()) {
      refuse("a reply is a text or a code, not " + shown(says));
    }
    replies.push_back({.point = point,
                       .says = says.is_string() ? says.get<std::string>() : shown(says),
                       .is_a_number = !says.is_string()});
  }
  return replies;
}

ServeRequest serve_request(const Json& wanted, const ServeRequest& defaults) {
  constexpr std::array<std::string_view, 12> kMembers{
      "protocol", "case",        "name",       "certificate", "replies",  "mode",
      "persona",  "trust_model", "tls_policy", "mechanisms",  "sasl_lie", "as_told"};
  ServeRequest request = defaults;
  request.by_options = false;
  if (wanted.contains("case") == wanted.contains("protocol")) {
    refuse(R"(a start states either "protocol", which is smtp or ldap, or "case")");
  }
  for (const auto& [member, value] : wanted.items()) {
    if (member == "protocol") {
      request.what = text_of(member, value);
      if (request.what != "smtp" && request.what != "ldap") {
        refuse("protocol " + request.what + " is not one of: smtp, ldap");
      }
    } else if (member == "case") {
      request.what = text_of(member, value);
    } else if (member == "name") {
      request.name = text_of(member, value);
    } else if (member == "certificate") {
      request.certificate = text_of(member, value);
    } else if (member == "replies") {
      request.replies = replies_of(value);
    } else if (member == "mode") {
      request.mode = text_of(member, value);
    } else if (member == "persona") {
      request.persona = text_of(member, value);
    } else if (member == "trust_model") {
      request.trust_model = text_of(member, value);
    } else if (member == "tls_policy") {
      request.tls_policy = text_of(member, value);
    } else if (member == "mechanisms") {
      request.mechanisms = text_of(member, value);
    } else if (member == "sasl_lie") {
      request.sasl_lie = text_of(member, value);
    } else if (member == "as_told") {
      if (!value.is_boolean()) refuse("\"as_told\" takes true or false, not " + shown(value));
      request.as_told = value.get<bool>();
    } else {
      refuse("a start has no member \"" + member + "\": it may have " + comma_separated(kMembers));
    }
  }
  return request;
}

}  // namespace

Control::Control(net::RealWorld& world, Offers& offers, ServeRequest defaults,
                 std::vector<net::Endpoint> at)
    : world_(world), offers_(offers), defaults_(std::move(defaults)), at_(std::move(at)) {}

net::Task<void> Control::run(net::LineInput& input) {
  while (auto line = co_await input.next()) {
    if (line->text.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::optional<unsigned> stopped;
    try {
      const auto [kind, value] = read_request(*line);
      if (kind == "start") {
        start(value);
      } else {
        const auto is_id = [&, &wanted = value](const auto& one) { return wanted == one.first; };
        const auto found = std::find_if(services_.begin(), services_.end(), is_id);
        if (found == services_.end()) {
          refuse("there is no server " + shown(value) + ": \"stop\" takes the id of a ready event");
        }
        stopped = found->first;
      }
    } catch (const Error& e) {
      print_event({{"event", "error"}, {"line", line->number}, {"message", e.what()}});
    }
    if (stopped) co_await stop(*stopped);
  }
  for (const auto& [id, service] : services_) world_.spawn(end(*service));
}

void Control::start(const Json& wanted) {
  const unsigned id = last_id_ + 1;
  auto service =
      std::make_unique<Service>(world_, offers_.offer(serve_request(wanted, defaults_)), at_, id);
  print_event(service->ready_event(files_));
  service->start();
  services_.emplace(id, std::move(service));
  last_id_ = id;
}

net::Task<void> Control::stop(unsigned id) {
  const auto found = services_.find(id);
  std::unique_ptr<Service> service = std::move(found->second);
  services_.erase(found);
  const bool ended = co_await service->end();
  if (!ended) not_ended_.push_back(std::move(service));
  print_event({{"event", "stopped"}, {"id", id}});
}

net::Task<void> Control::end(Service& service) {
  const bool ended = co_await service.end();
  if (!ended) world_.stop();
}

}  // namespace startle::program
