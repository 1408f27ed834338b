#include "certs/outcome_reader.h"

#include <algorithm>
#include <array>

#include "certs/element_reader.h"
#include "certs/recipe_words.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using words::Ending;
using words::TrustModel;
using xml::Element;

std::vector<Ending> read_endings(const Element& element, const std::string& model) {
  std::vector<Ending> endings;
  for (const std::string& given : words_in(element.attribute(model.c_str()))) {
    const auto ending = from_word<Ending>(given);
    if (!ending) {
      element.fail(model + ": no ending is called " + xml::quotation(given) + ", " +
                   xml::hint(given, words_of(Ending{})));
    }
    if (std::find(endings.begin(), endings.end(), *ending) != endings.end()) {
      element.fail(model + ": " + given + " stands twice");
    }
    endings.push_back(*ending);
  }
  if (endings.empty()) element.fail(model + "=\"\": what does such a client end with?");
  if (endings.size() > 1 && !element.maybe_attribute("why")) {
    element.fail(model + ": why=\"...\" says why several endings are legal");
  }
  return endings;
}

bool is_by_a_stranger(const Element& element) {
  return element.choice<StatusSigner>("by", StatusSigner::issuer) == StatusSigner::stranger;
}

}  // namespace

void read_revocation_list(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 4> kAttributes{"revokes", "by", "from", "until"};
  allow(element, kAttributes, {});
  refuse_text(element);
  RevocationListRecipe list{
      .revokes_leaf = element.choice<Revokes>("revokes", Revokes::leaf) == Revokes::leaf,
      .by_a_stranger = is_by_a_stranger(element)};
  read_times(element, list.validity);
  recipe.revocation_list = list;
}

void read_staple(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 5> kAttributes{"status", "of", "by", "from", "until"};
  allow(element, kAttributes, {});
  refuse_text(element);
  StapleRecipe staple{
      .revoked = element.choice<CertStatus>("status", CertStatus::good) == CertStatus::revoked,
      .of_another =
          element.choice<StapleSubject>("of", StapleSubject::leaf) == StapleSubject::another,
      .by_a_stranger = is_by_a_stranger(element)};
  read_times(element, staple.validity);
  recipe.staple = staple;
}

void read_expected(const Element& element, Recipe& recipe) {
  std::array<std::string_view, words::kTrustModels.size() + 1> attributes{"why"};
  std::copy(words::kTrustModels.begin(), words::kTrustModels.end(), attributes.begin() + 1);
  allow(element, attributes, {});
  refuse_text(element);
  ExpectedEndings& expected = recipe.expected;
  for (const TrustModel model : words::kEveryTrustModel) {
    const std::string key(word(model));
    if (!words::is_root(model) && !element.maybe_attribute(key.c_str())) continue;
    expected.stated[model] = read_endings(element, key);
  }
  if (element.maybe_attribute("why")) expected.why = one_line_of(element, "why");
}

void read_disagreement(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 3> kAttributes{"library", "says", "why"};
  allow(element, kAttributes, {});
  refuse_text(element);
  recipe.disagreements.push_back({.library = element.choice<Library>("library"),
                                  .says = one_line_of(element, "says"),
                                  .why = one_line_of(element, "why")});
}

}  // namespace startle::certs
