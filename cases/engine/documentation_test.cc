// cases/README.md documents the whole language of the catalogue.

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "harness/base/file.h"

namespace startle::cases {
namespace {

std::set<std::string> names_in(const std::string& grammar, const std::string& kind) {
  const std::regex named("<" + kind + " name=\"([^\"]+)\"");
  std::set<std::string> names;
  for (std::sregex_iterator at(grammar.begin(), grammar.end(), named), end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

TEST(Documentation, HasEveryElementWithAnExampleAndEveryAttribute) {
  const std::string grammar = read_file(STARTLE_TREE "/cases/startle.rng", 1 << 20);
  const std::string readme = read_file(STARTLE_TREE "/cases/README.md", 1 << 20);
  const std::set<std::string> elements = names_in(grammar, "element");
  EXPECT_GT(elements.size(), 20U);
  for (const std::string& element : elements) {
    // A row of a table: the element, what it says, and an example with it.
    const std::regex row("\n\\| `<" + element + ">` \\|[^\n]*\\| `[^`\n]*<" + element +
                         "[ />][^`\n]*` \\|\n");
    EXPECT_TRUE(std::regex_search(readme, row)) << "<" << element << ">";
  }
  for (const std::string& attribute : names_in(grammar, "attribute")) {
    const std::regex mentioned("[`\\s]" + attribute + "[`=]");
    EXPECT_TRUE(std::regex_search(readme, mentioned)) << attribute;
  }
}

}  // namespace
}  // namespace startle::cases
