#include "certs/name_constraint.h"

#include <algorithm>

#include "certs/alternative_name.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace startle::certs {
namespace {

using oracle::Flaw;

// Any name made by adding labels to the left of the constraint satisfies it. With a leading dot,
// which is not defined for a dNSName, at least one label.
bool within_domain(const std::string& name, const std::string& domain) {
  if (domain.starts_with('.')) return name.ends_with(domain) && name.size() > domain.size();
  return name == domain || name.ends_with("." + domain);
}

// A mailbox, all mailboxes of a host, or with a leading dot those of all hosts of a domain.
bool within_mailboxes(const std::string& address, const std::string& constraint) {
  if (constraint.find('@') != std::string::npos) return address == constraint;
  const std::string host = address.substr(address.rfind('@') + 1);
  if (constraint.starts_with('.')) return host.ends_with(constraint);
  return host == constraint;
}

bool within_range(const std::string& octets, const std::string& range) {
  const auto base = ip_range_octets(range);
  if (!base) throw Error(Fault::input, "`" + range + "` is no range of IP addresses");
  if (base->size() != octets.size() * 2) return false;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto octet = [i](const std::string& of, std::size_t offset) {
      return static_cast<unsigned char>(of[offset + i]);
    };
    const unsigned mask = octet(*base, octets.size());
    if ((octet(octets, 0) & mask) != (octet(*base, 0) & mask)) return false;
  }
  return true;
}

bool within(const PresentedName& name, const NameConstraint& constraint, const std::string& host) {
  const std::string value = fill_in(constraint.value, host);
  if (name.kind == NameKind::ip) return within_range(name.bytes, value);
  const std::string text = ascii_lower(name.bytes);
  if (name.kind == NameKind::email) return within_mailboxes(text, ascii_lower(value));
  return within_domain(text, ascii_lower(value));
}

struct Compliance {
  bool violated = false;
  bool by_leading_dot = false;  // permitted only by a constraint that is not defined
};

Compliance examine(const PresentedName& name, const std::vector<NameConstraint>& constraints,
                   const std::string& host) {
  bool limited = false;
  bool permitted = false;
  bool dotted = false;
  for (const NameConstraint& one : constraints) {
    if (one.kind != name.kind) continue;
    const bool covers = within(name, one, host);
    if (!one.permitted) {
      if (covers) return {.violated = true};
      continue;
    }
    limited = true;
    if (!covers) continue;
    const bool undefined = one.kind == NameKind::dns && one.value.starts_with('.');
    (undefined ? dotted : permitted) = true;
  }
  return {.violated = limited && !permitted && !dotted, .by_leading_dot = dotted && !permitted};
}

}  // namespace

bool may_be_host_name(const std::string& common_name) {
  return !ip_octets(common_name) && std::all_of(common_name.begin(), common_name.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '*';
  });
}

std::vector<AlternativeName> names_of(const CertificateRecipe& leaf) {
  if (leaf.version != 3 || leaf.damage == Damage::empty_names) return {};
  return leaf.names;
}

Flaw constraint_flaw(const std::vector<NameConstraint>& constraints, const CertificateRecipe& leaf,
                     const std::string& host) {
  if (constraints.empty()) return Flaw::none;
  const std::vector<PresentedName> names = present(names_of(leaf), host);
  bool leading_dot = false;
  for (const PresentedName& name : names) {
    const Compliance found = examine(name, constraints, host);
    if (found.violated) return Flaw::name_constraint_violated;
    leading_dot = leading_dot || found.by_leading_dot;
  }
  if (leading_dot) return Flaw::leading_dot_constraint;
  const std::string common_name = fill_in(leaf.common_name, host);
  if (names.empty() && may_be_host_name(common_name) &&
      examine({.kind = NameKind::dns, .bytes = common_name}, constraints, host).violated) {
    return Flaw::common_name_outside;
  }
  return Flaw::none;
}

}  // namespace startle::certs
