#include "cases/program/serve_reply.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <variant>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/wire/ldap_message.h"

namespace startle::program {
namespace {

using words::Protocol;

fake::Point point_of(const std::string& name, Protocol protocol, const std::string& option) {
  const auto point = from_word<fake::Point>(name);
  if (point && fake::has_point(protocol, *point)) return *point;
  throw Error(Fault::usage, option + " " + name + " is not one of: " + points_of(protocol));
}

bool is_smtp_code(const std::string& text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), is_digit);
}

// Nothing: `text` is no number, but octets.
std::optional<std::int64_t> result_code(const std::string& text, const std::string& option) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() == sign || text.find_first_not_of("0123456789", sign) != std::string::npos) {
    return std::nullopt;
  }
  std::int64_t code = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (failed != std::errc{}) {
    throw Error(Fault::usage, option + " " + text + " is no result code: it has 64 bits at most");
  }
  return code;
}

// RFC 4511, 4.14.2
bool is_go_ahead(const std::string& octets) {
  const auto parsed = wire::parse_ldap_message(octets);
  const auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
  if (whole == nullptr) return false;
  const auto* response = std::get_if<wire::LdapExtendedResponse>(&whole->message.operation);
  return response != nullptr && response->result.code == wire::kLdapSuccess;
}

std::string filled(const std::string& text, const cases::Exchange& exchange,
                   const std::string& option) {
  try {
    return cases::fill_in_exchange(
        text, {.host = exchange.host, .secret = exchange.users.front().password});
  } catch (const Error& e) {
    throw Error(Fault::usage, option + ": " + e.what());
  }
}

}  // namespace

std::string points_of(Protocol protocol) {
  std::string list;
  for (std::size_t i = 0; i < fake::kPoints.size(); ++i) {
    if (!fake::has_point(protocol, static_cast<fake::Point>(i))) continue;
    list += (list.empty() ? "" : ", ") + std::string(fake::kPoints[i]);
  }
  return list;
}

ServeRequest::Reply parse_reply(const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos) {
    throw Error(Fault::usage, "--reply " + given + " is not POINT=TEXT or POINT=CODE");
  }
  return {.point = given.substr(0, equals), .says = given.substr(equals + 1)};
}

fake::Deviation deviation_of(const ServeRequest::Reply& reply, const cases::Exchange& exchange,
                             const std::string& option) {
  const Protocol protocol = words::protocol_of(exchange.mode);
  fake::Deviation deviation{.at = point_of(reply.point, protocol, option)};
  bool goes_ahead = false;
  if (protocol == Protocol::ldap) {
    if (const auto code = result_code(reply.says, option)) {
      deviation.steps.emplace_back(fake::Respond{.code = *code});
      goes_ahead = *code == wire::kLdapSuccess;
    } else {
      const std::string octets = filled(reply.says, exchange, option);
      goes_ahead = is_go_ahead(octets);
      deviation.steps.emplace_back(fake::Send{.bytes = octets});
    }
  } else {
    const bool code = is_smtp_code(reply.says);
    if (reply.is_a_number && !code) {
      throw Error(Fault::usage,
                  option + " " + reply.says + " is no reply code: SMTP's have three digits");
    }
    const std::string line =
        filled(code ? reply.says + " as told by " + option : reply.says, exchange, option);
    goes_ahead = line.starts_with("220");
    deviation.steps.emplace_back(fake::Send{.bytes = line + "\r\n"});
  }
  // A go-ahead is followed by what it promises.
  if (deviation.at == fake::Point::starttls && goes_ahead &&
      !words::is_implicit_tls(exchange.mode)) {
    deviation.steps.emplace_back(fake::StartTls{});
  }
  return deviation;
}

}  // namespace startle::program
