#include "cases/program/serve_reply.h"

#include <utility>

#include "fake-servers/protocols.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

using words::Protocol;

fake::Point point_of(const std::string& name, Protocol protocol, const std::string& option) {
  const auto point = from_word<fake::Point>(name);
  if (point && fake::has_point(fake::server_protocol(protocol), *point)) return *point;
  throw Error(Fault::usage, option + " " + name + " is not one of: " + points_of(protocol));
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
    if (!fake::has_point(fake::server_protocol(protocol), static_cast<fake::Point>(i))) continue;
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
  fake::WordedReply worded = fake::server_protocol(protocol).worded_reply(
      filled(reply.says, exchange, option), reply.is_a_number, option);
  if (!worded.complaint.empty()) {
    throw Error(Fault::usage, option + " " + reply.says + " " + worded.complaint);
  }
  deviation.steps.push_back(std::move(worded.step));
  // A go-ahead is followed by what it promises.
  if (deviation.at == fake::Point::starttls && worded.goes_ahead &&
      !words::is_implicit_tls(exchange.mode)) {
    deviation.steps.emplace_back(fake::StartTls{});
  }
  return deviation;
}

}  // namespace startle::program
