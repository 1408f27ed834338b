#include "certs/issue.h"

#include <cstdint>

#include "certs/der.h"
#include "certs/duration.h"
#include "certs/extensions.h"
#include "certs/signature.h"
#include "harness/base/bytes.h"
#include "harness/base/date.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using std::chrono::sys_seconds;

constexpr sys_seconds kFrom2050 = std::chrono::sys_days{std::chrono::year{2050} / 1 / 1};

void refuse_clock(bool impossible, const char* why) {
  if (impossible) throw Error(Fault::input, std::string(why) + ": move the clock");
}

sys_seconds at(sys_seconds clock, std::chrono::seconds offset) {
  constexpr sys_seconds kFirst{};  // 1970
  constexpr sys_seconds kLast = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
  const sys_seconds time = clock + offset;
  refuse_clock(time < kFirst || time > kLast,
               "a certificate's validity lies between the years 1970 and 9999");
  return time;
}

// RFC 5280, 4.1.2.5
std::string written(sys_seconds time, TimeType type) {
  const bool utc = type == TimeType::by_rule ? time < kFrom2050 : type == TimeType::utc_time;
  return der::time(utc ? der::kUtcTime : der::kGeneralizedTime, time);
}

std::string relative(sys_seconds clock, std::chrono::seconds offset, TimeType type) {
  const sys_seconds time = at(clock, offset);
  refuse_clock(type != TimeType::by_rule && time >= kFrom2050,
               "a time whose type is stated lies before 2050");
  return written(time, type);
}

std::string validity(const ValidityPeriod& validity, sys_seconds clock) {
  const std::string from = relative(clock, validity.from, validity.from_type);
  if (validity.until_date.empty()) {
    return der::sequence(from + relative(clock, validity.until, validity.until_type));
  }
  const sys_seconds date = read_time(validity.until_date).value();
  refuse_clock(date < clock, "until-date is over");
  return der::sequence(from + written(date, validity.until_type));
}

std::string digest_octets(const std::string& of, std::size_t count) {
  std::string octets;
  for (std::uint64_t seed = 1; octets.size() < count; ++seed) {
    std::uint64_t digest = fingerprint(of, seed);
    for (std::size_t i = 0; i < 8; ++i, digest >>= 8) octets += static_cast<char>(digest);
  }
  return octets.substr(0, count);
}

// How the signature says it was made, where it lies about it: with another digest.
std::string another_identifier(gnutls_x509_privkey_t key, oracle::Digest digest) {
  const auto other =
      digest == oracle::Digest::sha384 ? oracle::Digest::sha256 : oracle::Digest::sha384;
  const std::string same_family = scheme_of(key, other).identifier;
  if (same_family != scheme_of(key, digest).identifier) return same_family;
  return der::sequence(der::object_identifier("1.2.840.10045.4.3.3"));  // ecdsa-with-SHA384
}

std::string to_be_signed(const IssueRequest& request, const Signer& issuer,
                         const std::string& algorithm, sys_seconds clock) {
  const CertificateRecipe& recipe = request.recipe;
  std::string content;
  if (recipe.version != 1) content += der::element(0xa0, der::integer(recipe.version - 1));
  content += der::element(der::kInteger, serial_number(request, clock)) + algorithm +
             distinguished_name(issuer.common_name) + validity(recipe.validity, clock) +
             distinguished_name(fill_in(recipe.common_name, request.host)) +
             public_key_info(request.key);
  if (recipe.version == 3) {
    content += der::element(0xa3, extensions_of({.recipe = recipe,
                                                 .host = request.host,
                                                 .key = request.key,
                                                 .issuer_key = issuer.key,
                                                 .signs_others = request.signs_others}));
  }
  return der::sequence(content);
}

// What happens to the bytes of the whole.
std::string damaged(std::string certificate, Damage damage) {
  constexpr std::size_t kMissing = 16;
  switch (damage) {
    case Damage::truncated:
      certificate.resize(certificate.size() - kMissing);
      break;
    case Damage::trailing_bytes:
      certificate += std::string("\x05\x00\x05\x00", 4);  // two NULLs
      break;
    case Damage::not_minimal: {
      const std::string_view content = der::read(certificate).content;
      const std::size_t octets = certificate.size() - content.size() - 2;  // of the length
      certificate[1] = static_cast<char>(0x80 + octets + 1);
      certificate.insert(2, 1, '\0');
      break;
    }
    default:
      break;
  }
  return certificate;
}

}  // namespace

std::string serial_number(const IssueRequest& request, sys_seconds clock) {
  const std::string identity = request.identity + std::to_string(clock.time_since_epoch().count());
  constexpr std::size_t kShort = 16;  // RFC 5280, 4.1.2.2: at most 20 octets
  constexpr std::size_t kLong = 40;
  std::string serial =
      digest_octets(identity, request.recipe.serial == Serial::forty_octets ? kLong : kShort);
  auto first = static_cast<unsigned char>((static_cast<unsigned char>(serial[0]) & 0x3f) | 0x40);
  switch (request.recipe.serial) {
    case Serial::zero:
      return std::string(1, '\0');
    case Serial::negative:
      first ^= 0xc0;  // 10..: below zero, and no longer than it must be
      break;
    case Serial::digest:
    case Serial::forty_octets:
      break;
  }
  serial[0] = static_cast<char>(first);
  return serial;
}

std::string time_at(sys_seconds clock, std::chrono::seconds offset) {
  return relative(clock, offset, TimeType::by_rule);
}

std::string distinguished_name(const std::string& common_name) {
  if (common_name.empty()) return der::sequence("");
  const std::string attribute = der::sequence(der::object_identifier("2.5.4.3") +
                                              der::element(der::kUtf8String, common_name));
  return der::sequence(der::element(der::kSet, attribute));
}

std::string issue(const IssueRequest& request, sys_seconds clock) {
  const CertificateRecipe& recipe = request.recipe;
  const Signer issuer =
      request.issuer.key != nullptr
          ? request.issuer
          : Signer{.common_name = fill_in(recipe.common_name, request.host), .key = request.key};
  const SignatureScheme scheme = scheme_of(issuer.key, recipe.digest, recipe.pss_signature);
  const std::string inside = recipe.damage == Damage::algorithms_differ
                                 ? another_identifier(issuer.key, recipe.digest)
                                 : scheme.identifier;
  const std::string content = to_be_signed(request, issuer, inside, clock);
  std::string signature = sign(issuer.key, scheme, content);
  // Signatures of every kind stay well-formed: the last bit is inside ECDSA's second integer, RSA's
  // number, EdDSA's S.
  if (recipe.damage == Damage::broken_signature) {
    signature.back() = static_cast<char>(static_cast<unsigned char>(signature.back()) ^ 1U);
  }
  return damaged(der::sequence(content + scheme.identifier + der::bit_string(signature)),
                 recipe.damage);
}

}  // namespace startle::certs
