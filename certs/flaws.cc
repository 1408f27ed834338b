#include "certs/flaws.h"

#include <algorithm>

#include "certs/alternative_name.h"
#include "certs/duration.h"
#include "certs/name_constraint.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using oracle::Flaw;

// Before 2050 GeneralizedTime is not to be used (RFC 5280, 4.1.2.5). A time relative to the clock
// is before it, as the clock must be.
bool misuses_time(const ValidityPeriod& validity) {
  return validity.from_type == TimeType::generalized_time ||
         (validity.until_type == TimeType::generalized_time && validity.until_date.empty());
}

// RFC 3629, 4
bool is_utf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto octet = [&](std::size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned lead = octet(i);
    std::size_t length = 1;
    unsigned low = 0x80;
    unsigned high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      length = 3;
      if (lead == 0xe0) low = 0xa0;
      if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      length = 4;
      if (lead == 0xf0) low = 0x90;
      if (lead == 0xf4) high = 0x8f;
    } else if (lead >= 0x80) {
      return false;
    }
    for (std::size_t k = 1; k < length; ++k) {
      if (octet(i + k) < low || octet(i + k) > high) return false;
      low = 0x80;
      high = 0xbf;
    }
    i += length;
  }
  return true;
}

Flaw flaw_of(Damage damage) {
  switch (damage) {
    case Damage::none:
      return Flaw::none;
    case Damage::broken_signature:
      return Flaw::wrong_signature;
    case Damage::algorithms_differ:
      return Flaw::algorithms_differ;
    case Damage::truncated:
      return Flaw::unreadable;
    case Damage::trailing_bytes:
      return Flaw::trailing_bytes;
    case Damage::not_minimal:
      return Flaw::not_minimal;
    case Damage::duplicate_extension:
      return Flaw::duplicate_extension;
    case Damage::wrong_authority_key:
      return Flaw::wrong_authority_key;
    case Damage::empty_names:
      return Flaw::empty_names;
  }
  throw Error(Fault::internal, "a Damage without a flaw");
}

Flaw flaw_of(Serial serial) {
  switch (serial) {
    case Serial::digest:
      return Flaw::none;
    case Serial::zero:
      return Flaw::zero_serial;
    case Serial::negative:
      return Flaw::negative_serial;
    case Serial::forty_octets:
      return Flaw::long_serial;
  }
  throw Error(Fault::internal, "a Serial without a flaw");
}

// Of the first `count` of a path: self-issued ones do not count (RFC 5280, 4.2.1.9).
std::ptrdiff_t not_self_issued(const std::vector<Certified>& path, std::size_t count) {
  return std::count_if(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(count),
                       [](const Certified& one) { return !one.self_issued(); });
}

bool exceeds_path_length(const std::vector<Certified>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto& limit = path[i].recipe.path_length;
    if (limit && not_self_issued(path, i) > *limit) return true;
  }
  return false;
}

// RFC 9325, 4.5; 1024 bits are the least that Java takes.
constexpr int kLeastRsaBits = 2048;
constexpr int kLeastRsaBitsOfJava = 1024;

}  // namespace

oracle::Validity validity_now(const ValidityPeriod& validity) {
  // A date that is no matter of the clock is after it, unless two digits of its year make it 19xx.
  const bool ended = validity.until_date.empty() ? validity.until.count() < 0
                                                 : validity.until_type == TimeType::utc_time;
  const bool begun = validity.from.count() <= 0;
  if (ended) return begun ? oracle::Validity::expired : oracle::Validity::never;
  return begun ? oracle::Validity::current : oracle::Validity::not_yet_valid;
}

std::vector<Flaw> end_entity_flaws(const CertificateRecipe& leaf, const std::string& host) {
  std::vector<Flaw> flaws;
  const auto note = [&](bool present, Flaw flaw) {
    if (present) flaws.push_back(flaw);
  };
  const std::string common_name = fill_in(leaf.common_name, host);
  const Flaw damage = flaw_of(leaf.damage);
  // Its own signature is a fact of its own.
  note(damage != Flaw::none && damage != Flaw::wrong_signature, damage);
  note(leaf.serial != Serial::digest, flaw_of(leaf.serial));
  note(misuses_time(leaf.validity), Flaw::misused_time);
  note(!is_utf8(common_name), Flaw::invalid_text);
  note(common_name.empty() && leaf.names_critical == false, Flaw::uncritical_names);
  note(leaf.unknown_extension && leaf.unknown_extension->critical,
       Flaw::unknown_critical_extension);
  const auto& usage = leaf.key_usage;
  note(usage && !usage->empty() &&
           std::find(usage->begin(), usage->end(), KeyUsage::digital_signature) == usage->end(),
       Flaw::signing_not_allowed);
  return flaws;
}

std::vector<Flaw> authority_flaws(const CertificateRecipe& authority) {
  std::vector<Flaw> flaws;
  const auto note = [&](bool present, Flaw flaw) {
    if (present) flaws.push_back(flaw);
  };
  const auto& usage = authority.key_usage;
  const auto has = [](const auto& list, auto one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  const bool extended = authority.version == 3;
  const Flaw damage = flaw_of(authority.damage);
  note(damage != Flaw::none, damage);
  note(authority.serial != Serial::digest, flaw_of(authority.serial));
  note(misuses_time(authority.validity), Flaw::misused_time);
  note(!extended, Flaw::version_1);
  note(extended && authority.basic_constraints == BasicConstraints::absent,
       Flaw::no_basic_constraints);
  note(authority.basic_constraints == BasicConstraints::end_entity, Flaw::not_ca);
  note(usage && !usage->empty() && !has(*usage, KeyUsage::cert_sign), Flaw::no_cert_sign);
  note(authority.unknown_extension && authority.unknown_extension->critical,
       Flaw::unknown_critical_extension);
  note(!authority.purposes.empty() && !has(authority.purposes, Purpose::server_auth) &&
           !has(authority.purposes, Purpose::any),
       authority.purposes_critical ? Flaw::other_purpose_critical : Flaw::other_purpose);
  const int bits = rsa_bits(authority.key);
  note(bits != 0 && bits < kLeastRsaBits,
       bits < kLeastRsaBitsOfJava ? Flaw::very_weak_key : Flaw::weak_key);
  note(authority.digest == oracle::Digest::sha1, Flaw::sha1_signature);
  note(authority.digest == oracle::Digest::md5, Flaw::md5_signature);
  note(authority.key == KeyKind::brainpool_p256, Flaw::unknown_curve);
  return flaws;
}

std::vector<Flaw> anchor_flaws(const CertificateRecipe& anchor,
                               const std::vector<Certified>& path) {
  std::vector<Flaw> flaws;
  const int bits = rsa_bits(anchor.key);
  if (bits != 0 && bits < kLeastRsaBits) {
    flaws.push_back(bits < kLeastRsaBitsOfJava ? Flaw::very_weak_anchor_key
                                               : Flaw::weak_anchor_key);
  }
  if (anchor.key == KeyKind::brainpool_p256) flaws.push_back(Flaw::unknown_curve);
  if (anchor.path_length && not_self_issued(path, path.size()) > *anchor.path_length) {
    flaws.push_back(Flaw::anchor_path_length_exceeded);
  }
  return flaws;
}

Flaw authorities_flaw(const std::vector<Certified>& path, const CertificateRecipe& leaf,
                      const std::string& host) {
  for (const Certified& one : path) {
    const std::vector<Flaw> own = authority_flaws(one.recipe);
    if (!own.empty()) return own.front();
  }
  if (exceeds_path_length(path)) return Flaw::path_length_exceeded;
  for (const Certified& one : path) {
    const Flaw flaw = constraint_flaw(one.recipe.name_constraints, leaf, host);
    if (flaw != Flaw::none) return flaw;
  }
  return Flaw::none;
}

}  // namespace startle::certs
