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

// What every certificate has.
std::string common(const CertificateRecipe& one) {
  return attribute("common-name", one.common_name) + attribute("key", one.key) +
         attribute("from", duration_text(one.validity.from)) +
         attribute("until", duration_text(one.validity.until));
}

std::string purposes(const CertificateRecipe& leaf) {
  std::string words;
  for (const Purpose purpose : leaf.purposes) {
    if (!words.empty()) words += ' ';
    words += word(purpose);
  }
  return attribute("purposes", words.empty() ? std::string(kNoPurpose) : words);
}

std::string write_leaf(const Recipe& recipe) {
  const CertificateRecipe& leaf = recipe.leaf;
  std::string out =
      "<leaf" + attribute("issuer", recipe.leaf_issuer) + common(leaf) +
      attribute("digest", leaf.digest) + purposes(leaf) +
      attribute("signature", leaf.break_signature ? Signature::broken : Signature::valid) +
      answer("ca", leaf.is_ca) + ">";
  for (const AlternativeName& name : leaf.names) {
    const std::string kind(word(name.kind));
    out += "<" + kind + ">" + escaped(name.value) + "</" + kind + ">";
  }
  if (leaf.names.empty()) out += "<no-names/>";
  return out + "</leaf>";
}

std::string write_sent(const Recipe& recipe) {
  if (recipe.sent.empty()) return {};
  std::string order;
  for (const std::size_t index : recipe.sent) {
    if (!order.empty()) order += ' ';
    order += std::to_string(index);
  }
  return "  <sent" + attribute("order", order) + "/>\n";
}

}  // namespace

std::string write_root(const Recipe& recipe) {
  return "<root" + answer("trusted", recipe.root_trusted) + common(recipe.root) + "/>";
}

std::string write_intermediate(const CertificateRecipe& authority) {
  std::string out = "<intermediate" + common(authority) + answer("ca", authority.is_ca);
  if (authority.path_length) {
    out += attribute("path-length", std::to_string(*authority.path_length));
  }
  out += ">";
  for (const std::string& domain : authority.permitted_dns) {
    out += "<permitted" + attribute("dns", domain) + "/>";
  }
  return out + "</intermediate>";
}

std::string write_recipe(const Recipe& recipe) {
  std::string out = "<recipe" + attribute("id", recipe.id) + attribute("reason", recipe.reason) +
                    attribute("clause", recipe.clause) + ">\n  " + write_root(recipe) + "\n";
  for (const CertificateRecipe& one : recipe.intermediates) {
    out += "  " + write_intermediate(one) + "\n";
  }
  return out + "  " + write_leaf(recipe) + "\n" + write_sent(recipe) + "</recipe>\n";
}

}  // namespace startle::certs
