#include "cases/program/explain/knowledge.h"

#include <algorithm>
#include <set>

#include "cases/engine/glob.h"
#include "certs/element_reader.h"
#include "harness/xml/complaint.h"

namespace startle::program {
namespace {

namespace fs = std::filesystem;
using xml::Element;

// On one line.
std::string text_of(const Element& element) {
  std::string text;
  for (const std::string& word : certs::words_in(element.text())) {
    text += (text.empty() ? "" : " ") + word;
  }
  if (text.empty()) element.fail("<" + element.name() + "> says nothing");
  return text;
}

Element child(const Element& element, std::string_view name) {
  for (const Element& one : element.children()) {
    if (one.name() == name) return one;
  }
  element.fail("<" + element.name() + "> needs a <" + std::string(name) + ">");
}

std::vector<std::string> list_of(const Element& element, const char* key) {
  return certs::words_in(element.maybe_attribute(key).value_or(""));
}

// Ids of one kind, each once.
class Ids {
 public:
  explicit Ids(std::string kind) : kind_(std::move(kind)) {}
  std::string add(const Element& element, std::string id) {
    if (!known_.insert(id).second) element.fail("the " + kind_ + " `" + id + "` stands here twice");
    return id;
  }

 private:
  std::string kind_;
  std::set<std::string> known_{};
};

bool has_case(const cases::Catalogue& catalogue, const std::string& id) {
  const auto& all = catalogue.cases();
  return std::any_of(all.begin(), all.end(), [&](const cases::Case& one) { return one.id == id; });
}

bool has_certificate(const cases::Catalogue& catalogue, const std::string& id) {
  const auto& all = catalogue.recipe_ids();
  return std::find(all.begin(), all.end(), id) != all.end();
}

xml::Document checked(const xml::Schema& schema, const fs::path& file) {
  xml::Document document = xml::Document::read(file);
  schema.check(document);
  return document;
}

}  // namespace

std::string_view title_of(Language language) {
  switch (language) {
    case Language::java:
      return "Java";
    case Language::python:
      return "Python";
    case Language::node:
      return "Node.js";
    case Language::c:
      return "C";
    case Language::go:
      return "Go";
  }
  return "";
}

Knowledge Knowledge::load(const cases::Catalogue& catalogue) {
  return load_from(cases::Catalogue::clients_folder().parent_path() / "explained", catalogue);
}

Knowledge Knowledge::load_from(const fs::path& folder, const cases::Catalogue& catalogue) {
  const xml::Schema schema = xml::Schema::read(folder / "explained.rng");
  Knowledge made;
  made.read_bugs(checked(schema, folder / "known-bugs.xml").root(), catalogue);
  made.read_remedies(checked(schema, folder / "remedies.xml").root());
  made.read_endings(checked(schema, folder / "endings.xml").root());
  return made;
}

void Knowledge::read_bugs(const Element& root, const cases::Catalogue& catalogue) {
  Ids ids("bug");
  for (const Element& e : root.children()) {
    KnownBug bug{.id = ids.add(e, e.attribute("id")),
                 .also = e.maybe_attribute("also").value_or(""),
                 .product = certs::one_line_of(e, "product"),
                 .protocol = certs::one_line_of(e, "protocol"),
                 .bug_class = e.attribute("class"),
                 .source = certs::one_line_of(e, "source"),
                 .case_id = e.maybe_attribute("case").value_or(""),
                 .certificate = e.maybe_attribute("certificate").value_or(""),
                 .unshown = e.maybe_attribute("unshown").value_or(""),
                 .what = text_of(e)};
    if (!bug.case_id.empty() && !has_case(catalogue, bug.case_id)) {
      e.fail("there is no case `" + bug.case_id + "` (`startle list` shows all)");
    }
    if (!bug.certificate.empty() && !has_certificate(catalogue, bug.certificate)) {
      e.fail("there is no certificate `" + bug.certificate + "` (`startle certs list` shows all)");
    }
    bugs_.push_back(std::move(bug));
  }
}

void Knowledge::read_remedies(const Element& root) {
  Ids ids("remedy");
  Ids classes("bug class");
  Ids findings("finding");
  for (const Element& e : root.children()) {
    Remedy remedy{.id = ids.add(e, e.attribute("id")),
                  .title = certs::one_line_of(e, "title"),
                  .classes = list_of(e, "classes"),
                  .findings = list_of(e, "findings"),
                  .safe = text_of(child(e, "safe"))};
    for (const std::string& one : remedy.classes) classes.add(e, one);
    for (const std::string& one : remedy.findings) findings.add(e, one);
    for (const Element& part : e.children()) {
      if (part.name() != "in") continue;
      const auto language = part.choice<Language>("language");
      if (!remedy.in.emplace(language, text_of(part)).second) {
        part.fail("the remedy `" + remedy.id + "` has two texts for " +
                  std::string(word(language)));
      }
    }
    for (const std::string_view language : kLanguages) {
      if (!remedy.in.contains(*from_word<Language>(language))) {
        e.fail("the remedy `" + remedy.id + "` needs an <in language=\"" + std::string(language) +
               "\">");
      }
    }
    remedies_.push_back(std::move(remedy));
  }
}

void Knowledge::read_endings(const Element& root) {
  for (const Element& e : root.children()) {
    const auto ending = e.choice<words::Ending>("id");
    if (!endings_.emplace(ending, EndingText{text_of(child(e, "means")), text_of(child(e, "ask"))})
             .second) {
      e.fail("the ending `" + e.attribute("id") + "` stands here twice");
    }
  }
  for (const std::string_view id : words::kEndings) {
    if (!endings_.contains(*from_word<words::Ending>(id))) {
      root.fail("the ending `" + std::string(id) + "` is missing");
    }
  }
}

std::vector<const KnownBug*> Knowledge::bugs_of(const std::string& bug_class) const {
  std::vector<const KnownBug*> found;
  for (const KnownBug& bug : bugs_) {
    if (bug.bug_class == bug_class) found.push_back(&bug);
  }
  return found;
}

const Remedy* Knowledge::of_class(const std::string& bug_class) const {
  for (const Remedy& remedy : remedies_) {
    const auto& all = remedy.classes;
    if (std::find(all.begin(), all.end(), bug_class) != all.end()) return &remedy;
  }
  return nullptr;
}

const Remedy* Knowledge::of_finding(const std::string& finding) const {
  const Remedy* found = nullptr;
  std::size_t longest = 0;
  for (const Remedy& remedy : remedies_) {
    for (const std::string& glob : remedy.findings) {
      if (glob.size() <= longest || !cases::glob_matches(glob, finding)) continue;
      longest = glob.size();
      found = &remedy;
    }
  }
  return found;
}

std::vector<std::string> every_finding() {
  std::vector<std::string> all(words::kInvariants.begin(), words::kInvariants.end());
  for (const std::string_view ending : words::kEndings) {
    all.push_back("accepts/" + std::string(ending));
    all.push_back("refuses/" + std::string(ending));
  }
  all.push_back("accepts/common-name");
  for (const std::string_view right : words::kEndings) {
    all.push_back("reason/" + std::string(right) + "/" + std::string(words::kEndings.front()));
  }
  return all;
}

bool is_finding(const std::string& id) {
  const auto ending = [](const std::string& text) {
    return from_word<words::Ending>(text).has_value();
  };
  if (from_word<words::Invariant>(id) || id == "accepts/common-name") return true;
  for (const std::string beginning : {"accepts/", "refuses/"}) {
    if (id.starts_with(beginning)) return ending(id.substr(beginning.size()));
  }
  constexpr std::string_view kReason = "reason/";
  if (!id.starts_with(kReason)) return false;
  const std::size_t slash = id.find('/', kReason.size());
  return slash != std::string::npos && ending(id.substr(kReason.size(), slash - kReason.size())) &&
         ending(id.substr(slash + 1));
}

}  // namespace startle::program
