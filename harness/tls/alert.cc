#include "harness/tls/alert.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace startle::tls {
namespace {

constexpr std::array<std::pair<unsigned, std::string_view>, 34> kNames{{
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
}};

constexpr std::string_view kUnnamed = "alert_";

constexpr std::array<std::pair<unsigned, std::string_view>, 17> kMeanings{{
    {40, "nothing that both sides offer suits it"},
    {42,
     "it cannot use it: a signature, the encoding, a date, the key's strength or, to some clients, "
     "the name is wrong"},
    {43, "its kind or its purpose does not suit"},
    {44, "it takes it for revoked"},
    {45, "it takes it for expired, or for not valid yet"},
    {46, "for a reason of its own, such as the name; Java says so of an unknown authority too"},
    {47, "a value in the handshake is one that may not stand there"},
    {48, "it does not trust who issued it"},
    {49, "it takes it, and does not let its owner in"},
    {50, "it cannot read a message"},
    {51, "a signature or a checksum of the handshake is wrong"},
    {70, "it does not speak the versions of TLS that are offered"},
    {71, "what is offered is too weak for it"},
    {80, "something went wrong on its side"},
    {90, "its user cancelled"},
    {112, "it does not know the server name that was asked for"},
    {113, "the stapled OCSP response does not satisfy it"},
}};

}  // namespace

std::optional<unsigned> alert_number(std::string_view name) {
  for (const auto& [number, known] : kNames) {
    if (known == name) return number;
  }
  if (!name.starts_with(kUnnamed)) return std::nullopt;
  name.remove_prefix(kUnnamed.size());
  unsigned number = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || stop != name.data() + name.size()) return std::nullopt;
  return number;
}

std::string_view alert_meaning(unsigned description) {
  const auto found =
      std::ranges::find(kMeanings, description, &decltype(kMeanings)::value_type::first);
  return found == kMeanings.end() ? std::string_view() : found->second;
}

bool is_about_certificate(unsigned description) {
  return (description >= 42 && description <= 46) || description == 48 || description == 49 ||
         description == 113;
}

std::string alert_name(unsigned description) {
  for (const auto& [number, name] : kNames) {
    if (number == description) return std::string(name);
  }
  return std::string(kUnnamed) + std::to_string(description);
}

}  // namespace startle::tls
