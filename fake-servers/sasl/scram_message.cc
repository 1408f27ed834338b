#include "fake-servers/sasl/scram_message.h"

#include <algorithm>

#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

// The text up to the next comma, taken off with the comma.
std::string_view next_part(std::string_view& text) {
  const std::size_t comma = std::min(text.find(','), text.size());
  const std::string_view part = text.substr(0, comma);
  text.remove_prefix(std::min(comma + 1, text.size()));
  return part;
}

// saslname (RFC 5802, 7)
std::optional<std::string> read_name(std::string_view written) {
  std::string name;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] != '=') {
      name += written[i];
      continue;
    }
    const std::string_view escape = written.substr(i, 3);
    if (escape != "=2C" && escape != "=3D") return std::nullopt;
    name += escape == "=2C" ? ',' : '=';
    i += 2;
  }
  if (name.empty()) return std::nullopt;
  return name;
}

// The value of "x=value".
std::optional<std::string_view> value_of(char attribute, std::string_view part) {
  if (part.size() < 2 || part[0] != attribute || part[1] != '=') return std::nullopt;
  return part.substr(2);
}

constexpr std::string_view kOfCertificate = "tls-server-end-point";

bool is_exporter_in_1_2(const ScramClientFirst& first, const sasl::ChannelBinding& channel) {
  return channel.type == "tls-unique" && first.type == "tls-exporter";
}

}  // namespace

std::optional<ScramClientFirst> read_scram_client_first(std::string_view message) {
  ScramClientFirst first;
  std::string_view rest = message;
  const std::string_view flag = next_part(rest);
  if (const auto type = value_of('p', flag)) {
    first.says = SaysOfBinding::binds;
    first.type = *type;
  } else if (flag == "y") {
    first.says = SaysOfBinding::saw_no_plus;
  } else if (flag != "n") {
    return std::nullopt;
  }
  const std::string_view authorization = next_part(rest);
  if (!authorization.empty()) {
    const auto value = value_of('a', authorization);
    const auto name = value ? read_name(*value) : std::nullopt;
    if (!name) return std::nullopt;
    first.authorization = *name;
  }
  first.header = message.substr(0, message.size() - rest.size());
  first.bare = rest;
  const auto name = value_of('n', next_part(rest));
  const auto nonce = value_of('r', next_part(rest));
  const auto plain = name ? read_name(*name) : std::nullopt;
  if (!plain || !nonce || nonce->empty()) return std::nullopt;
  first.name = *plain;
  first.nonce = *nonce;
  return first;
}

std::optional<ScramClientFinal> read_scram_client_final(std::string_view message) {
  ScramClientFinal final;
  const std::size_t end = message.rfind(",p=");
  if (end == std::string_view::npos) return std::nullopt;
  final.without_proof = message.substr(0, end);
  std::string_view rest = final.without_proof;
  const auto binding = value_of('c', next_part(rest));
  const auto nonce = value_of('r', next_part(rest));
  const auto channel = binding ? from_base64(*binding) : std::nullopt;
  const auto proof = from_base64(message.substr(end + 3));
  if (!channel || !nonce || !proof) return std::nullopt;
  final.binding = *channel;
  final.nonce = *nonce;
  final.proof = *proof;
  return final;
}

std::optional<sasl::ChannelBinding> channel_of(const tls::Session& session) {
  auto made = session.channel_binding();
  if (made) made->type = session.version() == "TLS1.3" ? "tls-exporter" : "tls-unique";
  return made;
}

bool names_safe_binding(const ScramClientFirst& first,
                        const std::optional<sasl::ChannelBinding>& channel) {
  if (first.says != SaysOfBinding::binds || first.type == kOfCertificate) return true;
  return channel && (channel->type == first.type || is_exporter_in_1_2(first, *channel));
}

bool is_bound_to(const ScramClientFirst& first, const ScramClientFinal& final,
                 const std::optional<sasl::ChannelBinding>& channel) {
  if (!final.binding.starts_with(first.header)) return false;
  const std::string_view data = std::string_view(final.binding).substr(first.header.size());
  if (first.says != SaysOfBinding::binds) return data.empty();
  if (first.type == kOfCertificate) return !data.empty();
  if (!channel || !names_safe_binding(first, channel)) return false;
  return is_exporter_in_1_2(first, *channel) ? !data.empty() : channel->data == data;
}

}  // namespace startle::fake
