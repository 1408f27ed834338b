#include "cases/program/serve_control_request.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/printable.h"
#include "harness/base/words.h"

namespace startle::program {
namespace {

using report::Json;

constexpr const char* kRequest =
    R"(a request is one JSON object on a line: {"start": {"protocol": "smtp"}} or {"stop": ID})";
// A path, the longest of what is named.
constexpr std::size_t kLongestName = 4096;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Fault::usage, why);
}

std::string shown(const std::string& text) {
  return report::shortened(printable(text));
}

// The one member that a request has.
std::pair<std::string, Json> read_request(const net::Line& line) {
  if (line.too_long) refuse("a request has at most 1048576 octets");
  auto read = report::read_json(line.text);
  if (const auto* wrong = std::get_if<report::NotJson>(&read)) {
    refuse(wrong->is_syntax ? kRequest : "the request " + wrong->why);
  }
  const Json& request = std::get<Json>(read);
  if (!request.is_object() || request.size() != 1) refuse(kRequest);
  const auto member = request.begin();
  if (member.key() == "start" && !member->is_object()) {
    refuse(R"("start" takes an object, for example {"protocol": "smtp"})");
  }
  if (member.key() != "start" && member.key() != "stop") refuse(kRequest);
  return {member.key(), *member};
}

// A NUL would hide what stands behind it from whoever takes the text for a name of the system's.
std::string without_nul(const std::string& member, std::string text) {
  if (text.find('\0') != std::string::npos) {
    refuse("\"" + member + "\" has an octet of NUL in it: " + shown(text));
  }
  return text;
}

std::string text_of(const std::string& member, const Json& value) {
  if (!value.is_string()) {
    refuse("\"" + member + "\" takes a string, not " + program::shown(value));
  }
  std::string text = without_nul(member, value.get<std::string>());
  if (text.size() > kLongestName) {
    refuse("\"" + member + "\" has " + std::to_string(text.size()) + " octets: it takes at most " +
           std::to_string(kLongestName));
  }
  return text;
}

std::vector<ServeRequest::Reply> replies_of(const Json& value) {
  if (!value.is_object()) {
    refuse(R"("replies" takes an object of points, for example {"starttls": 454}, not )" +
           program::shown(value));
  }
  std::vector<ServeRequest::Reply> replies;
  for (const auto& [point, says] : value.items()) {
    if (!says.is_string() && !says.is_number_integer()) {
      refuse("a reply is a text or a code, not " + program::shown(says));
    }
    const std::string text = says.is_string() ? says.get<std::string>() : program::shown(says);
    replies.push_back({.point = text_of("replies", point),
                       .says = without_nul("replies", text),
                       .is_a_number = !says.is_string()});
  }
  return replies;
}

ServeRequest serve_request(const Json& wanted, const ServeRequest& defaults) {
  constexpr std::array<std::string_view, 14> kMembers{
      "protocol",   "case",       "name",     "certificate", "certificate_file",
      "key_file",   "replies",    "mode",     "persona",     "trust_model",
      "tls_policy", "mechanisms", "sasl_lie", "as_told"};
  ServeRequest request = defaults;
  request.by_options = false;
  if (wanted.contains("case") == wanted.contains("protocol")) {
    refuse(R"(a start states either "protocol", which is smtp or ldap, or "case")");
  }
  for (const auto& [member, value] : wanted.items()) {
    if (member == "protocol") {
      request.what = text_of(member, value);
      if (request.what != "smtp" && request.what != "ldap") {
        refuse("protocol " + shown(request.what) + " is not one of: smtp, ldap");
      }
    } else if (member == "case") {
      request.what = text_of(member, value);
    } else if (member == "name") {
      request.name = text_of(member, value);
    } else if (member == "certificate") {
      request.certificate = text_of(member, value);
    } else if (member == "certificate_file") {
      request.certificate_file = text_of(member, value);
    } else if (member == "key_file") {
      request.key_file = text_of(member, value);
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
      if (!value.is_boolean())
        refuse("\"as_told\" takes true or false, not " + program::shown(value));
      request.as_told = value.get<bool>();
    } else {
      refuse("a start has no member \"" + shown(member) + "\": it may have " +
             comma_separated(kMembers));
    }
  }
  return request;
}

}  // namespace

std::string shown(const Json& value) {
  return report::shortened(printable(report::dumped(value)));
}

std::variant<ServeRequest, StopRequest> control_request(const net::Line& line,
                                                        const ServeRequest& defaults) {
  const auto [kind, value] = read_request(line);
  if (kind == "start") return serve_request(value, defaults);
  return StopRequest{value};
}

}  // namespace startle::program
