#include "certs/recipe_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "certs/certificate_reader.h"
#include "certs/element_reader.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

// From the first authority on that is not the default one, names say whose they are.
void name_authorities(Recipe& recipe, const std::vector<bool>& named) {
  const std::string whose = " of " + recipe.id;
  CertificateRecipe root = default_root();
  bool ours = !recipe.root_trusted || !(recipe.root == root);
  if (recipe.root_trusted && ours && recipe.root.common_name == kRootName) {
    recipe.root.common_name += whose;
  }
  for (std::size_t i = 0; i < recipe.intermediates.size(); ++i) {
    CertificateRecipe& one = recipe.intermediates[i];
    ours = ours || !(one == default_intermediate(i + 1));
    if (ours && !named[i]) one.common_name += whose;
  }
}

void read_sent(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 1> kAttributes{"order"};
  allow(element, kAttributes, {});
  refuse_text(element);
  const std::string order = element.attribute("order");
  recipe.sent.clear();
  for (const std::string& given : words_in(order)) {
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(given.data(), given.data() + given.size(), index);
    if (error != std::errc() || stop != given.data() + given.size() || index > 99) {
      element.fail("order=" + xml::quotation(order) +
                   " is not a list of places in the chain, counted from the end entity, 0");
    }
    recipe.sent.push_back(index);
  }
  if (recipe.sent.empty())
    element.fail("order=\"\": a server sends its own certificate, 0, at least");
}

std::string one_line_of(const Element& element, const char* key) {
  const std::string text = element.attribute(key);
  if (visible(text) == 0) element.fail(std::string(key) + "=\"\" says nothing");
  if (text.find_first_of("\r\n") != std::string::npos) {
    element.fail(std::string(key) + " is one line");
  }
  return text;
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

}  // namespace

Recipe read_recipe(const Element& element) {
  constexpr std::array<std::string_view, 3> kAttributes{"id", "reason", "clause"};
  constexpr std::array<std::string_view, 4> kChildren{"root", "intermediate", "leaf", "sent"};
  allow(element, kAttributes, kChildren);
  refuse_text(element);
  Recipe recipe = valid_recipe();
  recipe.id = read_id(element);
  recipe.reason = one_line_of(element, "reason");
  recipe.clause = one_line_of(element, "clause");

  std::vector<CertificateRecipe> intermediates;
  std::vector<bool> named;
  std::set<std::string> met;
  for (const Element& child : element.children()) {
    const std::string name = child.name();
    if (name == "intermediate") {
      intermediates.push_back(read_intermediate(child, intermediates.size() + 1));
      named.push_back(child.maybe_attribute("common-name").has_value());
      continue;
    }
    if (!met.insert(name).second) child.fail("<recipe> has one <" + name + "> at most");
    if (name == "root") read_root(child, recipe);
    if (name == "leaf") read_leaf(child, recipe);
    if (name == "sent") read_sent(child, recipe);
  }
  if (!intermediates.empty()) {
    recipe.intermediates = std::move(intermediates);
  } else {
    named.push_back(false);
    if (recipe.leaf_issuer != LeafIssuer::intermediate) recipe.intermediates.clear();
  }
  name_authorities(recipe, named);
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
