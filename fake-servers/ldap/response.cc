#include "fake-servers/ldap/response.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::fake {
namespace {

using wire::LdapOperation;
using wire::LdapResult;

LdapOperation notice(LdapResult result) {
  return wire::LdapExtendedResponse{.result = std::move(result),
                                    .name = std::string(wire::kNoticeOfDisconnectionOid)};
}

// The content of an LDAPResult of one octet's code, without texts (RFC 4511, 4.1.9).
std::string plain_result(const LdapResult& result) {
  std::string content("\x0a\x01\x00\x04\x00\x04\x00", 7);
  content[2] = static_cast<char>(result.code);
  return content;
}

std::vector<std::string> filled_in(std::vector<std::string> urls, const std::string& referral) {
  constexpr std::string_view kReferral = "{referral}";
  for (std::string& url : urls) {
    const std::size_t at = url.find(kReferral);
    if (at != std::string::npos) url.replace(at, kReferral.size(), referral);
  }
  return urls;
}

const wire::LdapExtendedRequest* extended_request(const ResponseParts& parts) {
  return std::get_if<wire::LdapExtendedRequest>(&parts.request.operation);
}

bool asks_for(const ResponseParts& parts, std::string_view oid) {
  const auto* extended = extended_request(parts);
  return extended != nullptr && extended->name == oid;
}

wire::LdapExtendedResponse extended_response(LdapResult result, const ResponseParts& parts) {
  wire::LdapExtendedResponse response{.result = std::move(result)};
  if (response.result.code == wire::kLdapSuccess && asks_for(parts, wire::kWhoAmIOid)) {
    response.value = parts.authorization;
  }
  if (parts.starttls_name && asks_for(parts, wire::kStartTlsOid)) {
    response.name = wire::kStartTlsOid;
  }
  return response;
}

LdapOperation operation_called(const Respond& step, LdapResult result, const ResponseParts& parts) {
  const std::string& as = step.as;
  if (as == "bind-response") return wire::LdapBindResponse{std::move(result), std::nullopt};
  if (as == "search-done") return wire::LdapSearchDone{std::move(result)};
  if (as == "extended-response") return extended_response(std::move(result), parts);
  if (as == "notice-of-disconnection") return notice(std::move(result));
  if (as == "search-reference") return wire::LdapSearchReference{std::move(result.referrals)};
  if (as == "intermediate-response") return wire::LdapIntermediateResponse{};
  if (as == "search-entry") {
    const auto* search = std::get_if<wire::LdapSearchRequest>(&parts.request.operation);
    wire::LdapSearchEntry entry{search == nullptr ? "" : search->base, {}};
    for (const auto& [type, value] : step.attributes) {
      const bool known = !entry.attributes.empty() && entry.attributes.back().type == type;
      if (!known) entry.attributes.push_back({.type = type});
      entry.attributes.back().values.push_back(value);
    }
    return entry;
  }
  throw Error(Fault::input, "there is no response \"" + as + "\"");
}

// A client that has lived for long counts beyond what an octet holds. Where it is an INTEGER right
// behind the length of its message (RFC 4511, 4.1.1), both grow; elsewhere there is no room.
bool add_id(std::string& octets, std::int64_t id) {
  constexpr std::int64_t kHighest = 127;
  constexpr std::size_t kHighestLength = 127;
  constexpr std::string_view kInteger("\x02\x01", 2);
  std::string content(1, static_cast<char>(id & 0xff));
  for (std::int64_t rest = id; rest > kHighest; rest >>= 8) {
    content.insert(content.begin(), static_cast<char>((rest >> 8) & 0xff));
  }
  const std::size_t more = content.size() - 1;
  if (more > 0) {
    if (octets.size() < 4 || !octets.ends_with(kInteger)) return false;
    char& length = octets[octets.size() - 3];
    const std::size_t grown = static_cast<unsigned char>(length) + more;
    if (grown > kHighestLength) return false;
    length = static_cast<char>(grown);
    octets.back() = static_cast<char>(content.size());
  }
  octets += content;
  return true;
}

}  // namespace

std::optional<unsigned char> response_tag(unsigned char request_tag) {
  switch (request_tag) {
    case 0x66:  // modify
    case 0x68:  // add
    case 0x6c:  // modify DN
    case 0x6e:  // compare
      return static_cast<unsigned char>(request_tag + 1);
    case 0x4a:  // delete, a primitive
      return 0x6b;
    default:
      return std::nullopt;
  }
}

LdapOperation response_to(const LdapOperation& request, LdapResult result) {
  if (std::holds_alternative<wire::LdapBindRequest>(request)) {
    return wire::LdapBindResponse{std::move(result), std::nullopt};
  }
  if (std::holds_alternative<wire::LdapSearchRequest>(request)) {
    return wire::LdapSearchDone{std::move(result)};
  }
  if (std::holds_alternative<wire::LdapExtendedRequest>(request)) {
    return wire::LdapExtendedResponse{.result = std::move(result)};
  }
  if (const auto* other = std::get_if<wire::LdapOtherOperation>(&request)) {
    if (const auto tag = response_tag(other->tag)) {
      return wire::LdapOtherOperation{.tag = *tag, .content = plain_result(result)};
    }
  }
  return notice(std::move(result));
}

wire::LdapMessage notice_of_disconnection(const std::string& why) {
  return {.id = 0, .operation = notice({.code = wire::kLdapProtocolError, .diagnostic = why})};
}

std::optional<std::string> scripted_octets(std::string_view hex, std::int64_t id) {
  constexpr std::string_view kId = "ID";
  std::string octets;
  while (!hex.empty()) {
    const std::size_t end = std::min(hex.find(' '), hex.size());
    std::string_view one = hex.substr(0, end);
    hex.remove_prefix(std::min(end + 1, hex.size()));
    if (!one.starts_with(kId)) {
      const auto plain = from_hex(one);
      if (!plain) return std::nullopt;
      octets += *plain;
      continue;
    }
    one.remove_prefix(kId.size());
    std::int64_t offset = 0;
    if (!one.empty()) {
      const auto [stop, failed] = std::from_chars(one.data() + 1, one.data() + one.size(), offset);
      if (one[0] != '+' || failed != std::errc{} || stop != one.data() + one.size()) {
        return std::nullopt;
      }
    }
    if (id + offset < 0 || !add_id(octets, id + offset)) return std::nullopt;
  }
  return octets;
}

wire::LdapMessage scripted_response(const Respond& step, const ResponseParts& parts) {
  LdapResult result{.code = step.code,
                    .diagnostic = step.diagnostic,
                    .referrals = filled_in(step.referrals, parts.referral)};
  while (result.diagnostic.size() < step.diagnostic_size) result.diagnostic += step.diagnostic;
  if (step.diagnostic_size > 0) result.diagnostic.resize(step.diagnostic_size);
  wire::LdapMessage message{.id = parts.request.id + step.id_offset};
  for (const auto& [type, critical] : step.controls) {
    message.controls.push_back({.type = type, .critical = critical});
  }
  if (!step.as.empty()) {
    message.operation = operation_called(step, std::move(result), parts);
  } else if (extended_request(parts) != nullptr) {
    message.operation = extended_response(std::move(result), parts);
  } else {
    message.operation = response_to(parts.request.operation, std::move(result));
  }
  auto* extended = std::get_if<wire::LdapExtendedResponse>(&message.operation);
  auto* intermediate = std::get_if<wire::LdapIntermediateResponse>(&message.operation);
  if (extended != nullptr && extended->name == wire::kNoticeOfDisconnectionOid) {
    message.id = step.id_offset;
  }
  if (step.response_name) {
    const auto name =
        step.response_name->empty() ? std::nullopt : std::optional(*step.response_name);
    if (extended != nullptr) extended->name = name;
    if (intermediate != nullptr) intermediate->name = name;
  }
  if (step.value) {
    auto* bind = std::get_if<wire::LdapBindResponse>(&message.operation);
    if (extended != nullptr) extended->value = step.value;
    if (intermediate != nullptr) intermediate->value = step.value;
    if (bind != nullptr) bind->server_credentials = step.value;
  }
  if (step.id) message.id = *step.id;
  return message;
}

}  // namespace startle::fake
