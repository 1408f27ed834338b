#include "certs/recipe_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "certs/certificate_reader.h"
#include "certs/element_reader.h"
#include "certs/outcome_reader.h"
#include "certs/recipe_words.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

// From the first authority on that is not the default one, or has a rival beside the chain, names
// say whose they are.
void name_authorities(Recipe& recipe, const std::vector<bool>& named) {
  const std::string whose = " of " + recipe.id;
  CertificateRecipe root = default_root();
  bool ours = !recipe.root_trusted || !(recipe.root == root);
  if (recipe.root_trusted && ours && recipe.root.common_name == kRootName) {
    recipe.root.common_name += whose;
  }
  for (std::size_t i = 0; i < recipe.intermediates.size(); ++i) {
    CertificateRecipe& one = recipe.intermediates[i];
    const std::size_t place = recipe.intermediates.size() - i;
    const bool has_rival =
        std::any_of(recipe.extras.begin(), recipe.extras.end(),
                    [&](const ExtraCertificate& extra) { return extra.subject_of == place; });
    ours = ours || has_rival || !(one == default_intermediate(i + 1));
    if (ours && !named[i]) one.common_name += whose;
  }
}

// A number, or a letter behind the chain.
std::optional<std::size_t> read_place(const std::string& text, std::size_t chain) {
  if (text.size() == 1 && text[0] >= 'a' && text[0] <= 'z') {
    return chain + static_cast<std::size_t>(text[0] - 'a');
  }
  std::size_t place = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), place);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return place < chain ? std::optional(place) : std::nullopt;
}

void read_sent(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 2> kAttributes{"order", "tls"};
  allow(element, kAttributes, {});
  refuse_text(element);
  if (element.maybe_attribute("tls")) {
    element.choice<SentVersion>("tls");
    recipe.tls_1_2_only = true;
    if (!element.maybe_attribute("order")) return;
  }
  const std::string order = element.attribute("order");
  const std::size_t chain = chain_length(recipe);
  const std::size_t end = chain + recipe.extras.size();
  for (const std::string& given : words_in(order)) {
    const auto place = read_place(given, chain);
    if (!place || *place >= end) {
      std::string known =
          "0 to " + std::to_string(chain - 1) + " in the chain, counted from the end entity";
      if (end > chain) {
        known +=
            std::string(", and a to ") + static_cast<char>('a' + (end - chain - 1)) + " beside it";
      }
      element.fail("order: there is no certificate " + xml::quotation(given) + ": they are " +
                   known);
    }
    recipe.sent.push_back(*place);
  }
  if (recipe.sent.empty()) {
    element.fail("order=\"\": a server sends its own certificate, 0, at least");
  }
}

std::string read_id(const Element& element) {
  const std::string id = element.attribute("id");
  const bool plain =
      !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (!plain) {
    element.fail("id=" + xml::quotation(id) +
                 " is not made of at most 64 lower-case letters, digits and `-`");
  }
  return id;
}

// The certificates, in the order of their elements; says of each intermediate whether it is named.
std::vector<bool> read_chain(const Element& element, Recipe& recipe) {
  std::vector<CertificateRecipe> intermediates;
  std::vector<bool> named;
  for (const Element& child : element.children()) {
    const std::string name = child.name();
    if (name == "root") read_root(child, recipe);
    if (name == "leaf") read_leaf(child, recipe);
    if (name == "extra") {
      recipe.extras.push_back(read_extra(child, recipe, recipe.extras.size()));
    }
    if (name != "intermediate") continue;
    for (CertificateRecipe& one : read_intermediates(child, intermediates.size() + 1)) {
      intermediates.push_back(std::move(one));
      named.push_back(child.maybe_attribute("common-name").has_value());
    }
    if (intermediates.size() > kMostIntermediates) {
      child.fail("a chain has at most " + std::to_string(kMostIntermediates) + " intermediates");
    }
  }
  if (!intermediates.empty()) {
    recipe.intermediates = std::move(intermediates);
  } else {
    named.push_back(false);
    if (recipe.leaf_issuer != LeafIssuer::intermediate) recipe.intermediates.clear();
  }
  return named;
}

}  // namespace

Recipe read_recipe(const Element& element) {
  // The last two are for who keeps a catalogue of cases.
  constexpr std::array<std::string_view, 5> kAttributes{"id", "reason", "clause", "requirements",
                                                        "bug-class"};
  constexpr std::array<std::string_view, 9> kChildren{
      "root", "intermediate", "leaf", "extra", "sent", "crl", "staple", "expect", "disagreement"};
  constexpr std::array<std::string_view, 3> kSeveral{"intermediate", "extra", "disagreement"};
  allow(element, kAttributes, kChildren);
  refuse_text(element);
  Recipe recipe = valid_recipe();
  recipe.expected = {};  // what another recipe states
  recipe.id = read_id(element);
  recipe.reason = one_line_of(element, "reason");
  recipe.clause = one_line_of(element, "clause");
  std::set<std::string> met;
  for (const Element& child : element.children()) {
    const std::string name = child.name();
    const bool several = std::find(kSeveral.begin(), kSeveral.end(), name) != kSeveral.end();
    if (!several && !met.insert(name).second) child.fail("<recipe> has one <" + name + "> at most");
  }
  name_authorities(recipe, read_chain(element, recipe));
  for (const Element& child : element.children()) {
    const std::string name = child.name();
    if (name == "sent") read_sent(child, recipe);
    if (name == "crl") read_revocation_list(child, recipe);
    if (name == "staple") read_staple(child, recipe);
    if (name == "expect") read_expected(child, recipe);
    if (name == "disagreement") read_disagreement(child, recipe);
  }
  if (const std::string why = contradiction(recipe); !why.empty()) element.fail(why);
  return recipe;
}

std::vector<Recipe> read_recipes(const xml::Document& document) {
  constexpr std::array<std::string_view, 1> kChildren{"recipe"};
  const Element root = document.root();
  if (root.name() != "recipes") {
    root.fail("expected <recipes>, not <" + xml::one_line(root.name(), xml::kLongestQuotation) +
              ">");
  }
  allow(root, {}, kChildren);
  refuse_text(root);
  std::vector<Recipe> recipes;
  std::set<std::string> ids;
  for (const Element& child : root.children()) {
    recipes.push_back(read_recipe(child));
    if (!ids.insert(recipes.back().id).second) {
      child.fail("a recipe `" + recipes.back().id + "` stands above already");
    }
  }
  if (recipes.empty()) root.fail("<recipes> holds no <recipe>");
  return recipes;
}

}  // namespace startle::certs
