#pragma once
// What `startle explain` knows beside the catalogue: bugs that clients have had, how such bugs are
// mended in each language, what an ending means. Data: cases/explained/*.xml.

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cases/engine/catalogue.h"
#include "harness/base/words.h"
#include "harness/words/words.h"

namespace startle::program {

enum class Language { java, python, node, c, go };
inline constexpr auto kLanguages = word_table<Language>({
    {Language::java, "java"},
    {Language::python, "python"},
    {Language::node, "node"},
    {Language::c, "c"},
    {Language::go, "go"},
});
constexpr Words words_of(Language) {
  return kLanguages;
}
// "Node.js"
std::string_view title_of(Language language);

struct KnownBug {
  std::string id{};
  std::string also{};
  std::string product{};
  std::string protocol{};
  std::string bug_class{};
  std::string source{};
  std::string case_id{};      // that shows it; or ..
  std::string certificate{};  // .. this certificate; or ..
  std::string unshown{};      // .. why nothing does
  std::string what{};
};

struct Remedy {
  std::string id{};
  std::string title{};
  std::vector<std::string> classes{};
  std::vector<std::string> findings{};  // ids, or globs over them
  std::string safe{};                   // what a client does that has not the bug
  std::map<Language, std::string> in{};
};

struct EndingText {
  std::string means{};
  std::string ask{};
};

class Knowledge {
 public:
  // From the folder beside the cases. Throws Error(Fault::input, "file:line: ..") for what breaks
  // the grammar, stands twice, or names a case or certificate that there is not.
  static Knowledge load(const cases::Catalogue& catalogue);
  static Knowledge load_from(const std::filesystem::path& folder,
                             const cases::Catalogue& catalogue);

  const std::vector<KnownBug>& bugs() const { return bugs_; }
  const std::vector<Remedy>& remedies() const { return remedies_; }
  std::vector<const KnownBug*> bugs_of(const std::string& bug_class) const;
  // null: there is none.
  const Remedy* of_class(const std::string& bug_class) const;
  // Of two whose globs fit, the one with the longer.
  const Remedy* of_finding(const std::string& finding) const;
  const EndingText& of_ending(words::Ending ending) const { return endings_.at(ending); }

 private:
  void read_bugs(const xml::Element& root, const cases::Catalogue& catalogue);
  void read_remedies(const xml::Element& root);
  void read_endings(const xml::Element& root);

  std::vector<KnownBug> bugs_{};
  std::vector<Remedy> remedies_{};
  std::map<words::Ending, EndingText> endings_{};
};

// Whether `run` can report a finding of that id: an invariant, accepts/ENDING, refuses/ENDING,
// reason/ENDING/ENDING, accepts/common-name.
bool is_finding(const std::string& id);
// All of them; of reason/.. one for each ending that was right.
std::vector<std::string> every_finding();

}  // namespace startle::program
