#include "certs/disagreement_for_test.h"

#include <algorithm>
#include <set>

namespace startle::certs {

std::string words_of_endings(const std::vector<words::Ending>& endings) {
  std::string text;
  for (const words::Ending one : endings) {
    text += (text.empty() ? "" : ", ") + std::string(word(one));
  }
  return text;
}

bool agree(const std::vector<words::Ending>& expected, const LibraryEnding& seen) {
  return std::any_of(seen.endings.begin(), seen.endings.end(), [&](words::Ending one) {
    return std::find(expected.begin(), expected.end(), one) != expected.end();
  });
}

std::string unlisted_disagreement(const Recipe& recipe, Library library,
                                  const std::vector<Comparison>& comparisons) {
  std::set<std::string> listed;
  for (const Disagreement& one : recipe.disagreements) {
    if (one.library == library) listed.insert(one.says);
  }
  std::set<std::string> seen;
  std::string complaint;
  for (const Comparison& one : comparisons) {
    if (agree(one.expected, one.seen)) continue;
    seen.insert(one.seen.says);
    if (listed.count(one.seen.says) != 0) continue;
    complaint += recipe.id + ": " + std::string(word(one.model)) + " expects " +
                 words_of_endings(one.expected) + ", but " + std::string(word(library)) + " (" +
                 words_of_endings(one.seen.endings) + ") says `" + one.seen.says + "`\n";
  }
  for (const std::string& one : listed) {
    if (seen.count(one) != 0) continue;
    complaint += recipe.id + ": " + std::string(word(library)) + " does not say `" + one +
                 "`, as the recipe lists\n";
  }
  return complaint;
}

}  // namespace startle::certs
