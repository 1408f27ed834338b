// Where a recipe cannot show its flaw: hosts without labels, clients with a clock of their own.

#include <algorithm>
#include <chrono>
#include <vector>

#include "certs/alternative_name.h"
#include "certs/name_constraint.h"
#include "certs/recipe.h"

namespace startle::certs {
namespace {

// Every text of a recipe that placeholders may stand in.
std::vector<std::string> texts_of(const Recipe& recipe) {
  std::vector<std::string> texts;
  const auto note = [&texts](const CertificateRecipe& one) {
    texts.push_back(one.common_name);
    for (const AlternativeName& name : one.names) texts.push_back(name.value);
    for (const NameConstraint& constraint : one.name_constraints) texts.push_back(constraint.value);
  };
  note(recipe.root);
  note(recipe.leaf);
  for (const CertificateRecipe& one : recipe.intermediates) note(one);
  for (const ExtraCertificate& extra : recipe.extras) note(extra.certificate);
  return texts;
}

bool mentions(const std::vector<std::string>& texts, std::string_view placeholder) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return text.find(placeholder) != std::string::npos;
  });
}

std::string about_placeholders(const Recipe& recipe, const std::string& host) {
  const std::vector<std::string> texts = texts_of(recipe);
  const std::string name = fill_in("{host}", host);
  const bool address = ip_octets(name).has_value();
  for (const std::string_view one :
       {"{HOST}", "{label}", "{label-start}", "{parent}", "{fullwidth-host}"}) {
    if (address && mentions(texts, one)) {
      return "it goes by the labels of a host name, and an IP address has none";
    }
  }
  if (fill_in("{parent}", host).empty() && mentions(texts, "{parent}")) {
    return "it goes by the domain above the host, and a host of one label has none";
  }
  return {};
}

std::string_view called(NameKind kind) {
  switch (kind) {
    case NameKind::dns:
      return "dNSName";
    case NameKind::ip:
      return "iPAddress";
    default:
      return "rfc822Name";
  }
}

// Constraints say something of the forms of name that they name alone.
std::string about_constraints(const Recipe& recipe, const std::string& host) {
  const auto names = present(names_of(recipe.leaf), host);
  std::string unheard;
  for (const CertificateRecipe& one : recipe.intermediates) {
    for (const NameConstraint& constraint : one.name_constraints) {
      const bool heard = std::any_of(names.begin(), names.end(), [&](const PresentedName& name) {
        return name.kind == constraint.kind;
      });
      const bool common_name = constraint.kind == NameKind::dns && names.empty() &&
                               may_be_host_name(fill_in(recipe.leaf.common_name, host));
      if (heard || common_name) return {};
      unheard = std::string(called(constraint.kind)) + " constraints say nothing about " +
                (ip_octets(fill_in("{host}", host)) ? "an IP address"
                 : names.empty()                    ? "a common name that is no host name"
                                                    : "a DNS name") +
                " (RFC 5280, 4.2.1.10)";
    }
  }
  return unheard;
}

}  // namespace

std::string inapplicable(const Recipe& recipe, const std::string& host) {
  if (std::string why = about_placeholders(recipe, host); !why.empty()) return why;
  return about_constraints(recipe, host);
}

std::chrono::seconds edge_of(const ValidityPeriod& validity) {
  const auto from = std::chrono::abs(validity.from);
  return validity.until_date.empty() ? std::min(from, std::chrono::abs(validity.until)) : from;
}

std::chrono::seconds nearest_edge(const Recipe& recipe) {
  auto nearest = std::min(edge_of(recipe.leaf.validity), edge_of(recipe.root.validity));
  const auto note = [&nearest](const ValidityPeriod& validity) {
    nearest = std::min(nearest, edge_of(validity));
  };
  for (const CertificateRecipe& one : recipe.intermediates) note(one.validity);
  for (const ExtraCertificate& one : recipe.extras) note(one.certificate.validity);
  if (recipe.revocation_list) note(recipe.revocation_list->validity);
  if (recipe.staple) note(recipe.staple->validity);
  return nearest;
}

std::string bound_to_the_clock(const Recipe& recipe) {
  if (nearest_edge(recipe) >= std::chrono::minutes{1}) return "";
  return "a validity begins or ends within a minute of the clock, and the client goes by its own";
}

}  // namespace startle::certs
