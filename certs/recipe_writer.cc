#include "certs/recipe_writer.h"

#include "certs/duration.h"
#include "certs/recipe_words.h"
#include "harness/base/bytes.h"

namespace startle::certs {
namespace {

// What XML folds or forbids is written so that it reads back: blanks as character references, other
// control bytes as the placeholder for bytes.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\t' || c == '\n' || c == '\r') {
      out += "&#" + std::to_string(byte) + ";";
    } else if (byte < 0x20) {
      out += "{hex:" + to_hex(std::string_view(&c, 1)) + "}";
    } else {
      out += c;
    }
  }
  return out;
}

std::string attribute(std::string_view key, const std::string& value) {
  return " " + std::string(key) + "=\"" + escaped(value) + "\"";
}

template <Worded E>
std::string attribute(std::string_view key, E value) {
  return attribute(key, std::string(word(value)));
}

std::string answer(std::string_view key, bool value) {
  return attribute(key, value ? Answer::yes : Answer::no);
}

template <Worded E>
std::string list(std::string_view key, const std::vector<E>& of) {
  std::string words;
  for (const E one : of) {
    if (!words.empty()) words += ' ';
    words += word(one);
  }
  return attribute(key, words.empty() ? std::string(kNone) : words);
}

std::string times(std::chrono::seconds from, std::chrono::seconds until) {
  return attribute("from", duration_text(from)) + attribute("until", duration_text(until));
}

std::string validity(const Validity& of) {
  std::string out = of.until_date.empty() ? times(of.from, of.until)
                                          : attribute("from", duration_text(of.from)) +
                                                attribute("until-date", of.until_date);
  if (of.from_type != TimeType::by_rule) out += attribute("from-type", of.from_type);
  if (of.until_type != TimeType::by_rule) out += attribute("until-type", of.until_type);
  return out;
}

// What every certificate has but its name.
std::string common(const CertificateRecipe& one) {
  std::string out = attribute("key", one.key) + validity(one.validity) +
                    attribute("digest", one.digest) + list("purposes", one.purposes) +
                    attribute("basic-constraints", one.basic_constraints);
  if (one.purposes_critical) out += answer("purposes-critical", true);
  if (one.key_usage) out += list("key-usage", *one.key_usage);
  if (one.version != 3) out += attribute("version", std::to_string(one.version));
  if (one.serial != Serial::digest) out += attribute("serial", one.serial);
  if (one.pss_signature) out += answer("pss-signature", true);
  if (one.unknown_extension) {
    out +=
        attribute("unknown-extension", one.unknown_extension->critical ? Criticality::critical
                                                                       : Criticality::non_critical);
  }
  if (one.damage != Damage::none) out += attribute("damage", one.damage);
  return out;
}

std::string write_leaf(const Recipe& recipe) {
  const CertificateRecipe& leaf = recipe.leaf;
  std::string out = "<leaf" + attribute("issuer", recipe.leaf_issuer) +
                    attribute("common-name", leaf.common_name) + common(leaf);
  if (leaf.names_critical) out += answer("names-critical", *leaf.names_critical);
  if (leaf.must_staple) out += answer("must-staple", true);
  out += ">";
  for (const AlternativeName& name : leaf.names) {
    const std::string kind(word(name.kind));
    out += "<" + kind;
    if (name.count != 1) out += attribute("count", std::to_string(name.count));
    out += ">" + escaped(name.value) + "</" + kind + ">";
  }
  if (leaf.names.empty()) out += "<no-names/>";
  return out + "</leaf>";
}

std::string write_sent(const Recipe& recipe) {
  if (recipe.sent.empty() && !recipe.tls_1_2_only) return {};
  const std::size_t chain = chain_length(recipe);
  std::string order;
  for (const std::size_t place : recipe.sent) {
    if (!order.empty()) order += ' ';
    if (place < chain) {
      order += std::to_string(place);
    } else {
      order += static_cast<char>('a' + (place - chain));
    }
  }
  return "  <sent" + (order.empty() ? "" : attribute("order", order)) +
         (recipe.tls_1_2_only ? attribute("tls", SentVersion::tls_1_2) : "") + "/>\n";
}

std::string write_status(const Recipe& recipe) {
  std::string out;
  if (const auto& crl = recipe.revocation_list) {
    out += "  <crl" + attribute("revokes", crl->revokes_leaf ? Revokes::leaf : Revokes::nothing) +
           times(crl->validity.from, crl->validity.until) + "/>\n";
  }
  if (const auto& staple = recipe.staple) {
    out += "  <staple" +
           attribute("status", staple->revoked ? StapleStatus::revoked : StapleStatus::good) +
           attribute("of", staple->of_another ? StapleSubject::another : StapleSubject::leaf) +
           times(staple->validity.from, staple->validity.until) + "/>\n";
  }
  return out;
}

std::string write_outcome(const Recipe& recipe) {
  std::string out;
  const ExpectedEndings& expected = recipe.expected;
  if (!expected.stated.empty()) {
    out += "  <expect";
    for (const auto& [model, endings] : expected.stated) out += list(word(model), endings);
    out += (expected.why.empty() ? "" : attribute("why", expected.why)) + "/>\n";
  }
  for (const Disagreement& one : recipe.disagreements) {
    out += "  <disagreement" + attribute("library", one.library) + attribute("says", one.says) +
           attribute("why", one.why) + "/>\n";
  }
  return out;
}

}  // namespace

std::string write_root(const Recipe& recipe) {
  return "<root" + answer("trusted", recipe.root_trusted) +
         attribute("common-name", recipe.root.common_name) + common(recipe.root) + "/>";
}

std::string write_intermediate(const CertificateRecipe& authority) {
  std::string out =
      "<intermediate" + attribute("common-name", authority.common_name) + common(authority);
  if (authority.path_length) {
    out += attribute("path-length", std::to_string(*authority.path_length));
  }
  out += ">";
  for (const NameConstraint& one : authority.name_constraints) {
    out +=
        (one.permitted ? "<permitted" : "<excluded") + attribute(word(one.kind), one.value) + "/>";
  }
  return out + "</intermediate>";
}

std::string write_extra(const ExtraCertificate& extra) {
  std::string out = "<extra" + attribute("issuer", extra.issuer);
  if (extra.issuer == ExtraCertificate::Issuer::anchor_itself) return out + "/>";
  if (extra.subject_of) {
    out += attribute("subject-of", std::to_string(*extra.subject_of)) +
           answer("same-key", extra.same_key);
  } else {
    out += attribute("common-name", extra.certificate.common_name);
  }
  return out + common(extra.certificate) + "/>";
}

std::string write_recipe(const Recipe& recipe) {
  std::string out = "<recipe" + attribute("id", recipe.id) + attribute("reason", recipe.reason) +
                    attribute("clause", recipe.clause) + ">\n  " + write_root(recipe) + "\n";
  for (const CertificateRecipe& one : recipe.intermediates) {
    out += "  " + write_intermediate(one) + "\n";
  }
  out += "  " + write_leaf(recipe) + "\n";
  for (const ExtraCertificate& extra : recipe.extras) out += "  " + write_extra(extra) + "\n";
  return out + write_sent(recipe) + write_status(recipe) + write_outcome(recipe) + "</recipe>\n";
}

}  // namespace startle::certs
