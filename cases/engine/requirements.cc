#include "cases/engine/requirements.h"

#include <algorithm>
#include <array>

#include "certs/element_reader.h"
#include "harness/base/text.h"
#include "harness/xml/complaint.h"

namespace startle::cases {
namespace {

using xml::Element;

std::string read_id(const Element& e) {
  constexpr std::size_t kLongestId = 64;
  const std::string id = e.attribute("id");
  const bool plain = !id.empty() && id.size() <= kLongestId &&
                     std::all_of(id.begin(), id.end(),
                                 [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
  if (!plain) {
    e.fail("id=" + xml::quotation(id) + " is not made of at most 64 letters, digits, `.` and `-`");
  }
  return id;
}

// What `part` says, on one line.
std::string sentence_in(const Element& part) {
  certs::allow(part, {}, {});
  std::string sentence;
  for (const std::string& word : certs::words_in(part.text())) {
    sentence += (sentence.empty() ? "" : " ") + word;
  }
  if (sentence.empty()) part.fail("<" + part.name() + "> says nothing");
  return sentence;
}

Requirement read_requirement(const Element& e) {
  constexpr std::array<std::string_view, 6> kKeys{"id",       "clause", "level",
                                                  "protocol", "party",  "out-of-scope"};
  constexpr std::array<std::string_view, 3> kChildren{"rule", "exposed-by", "safe-outcome"};
  certs::allow(e, kKeys, kChildren);
  certs::refuse_text(e);
  Requirement made{.id = read_id(e),
                   .clause = certs::one_line_of(e, "clause"),
                   .level = e.choice<Level>("level"),
                   .protocol = e.choice<Layer>("protocol"),
                   .party = e.choice<Party>("party", Party::client)};
  if (e.maybe_attribute("out-of-scope")) made.out_of_scope = certs::one_line_of(e, "out-of-scope");
  for (const Element& part : e.children()) {
    const std::string name = part.name();
    std::string& text = name == "rule"         ? made.rule
                        : name == "exposed-by" ? made.exposed_by
                                               : made.safe_outcome;
    if (!text.empty()) part.fail("<" + name + "> stands in this requirement twice");
    text = sentence_in(part);
  }
  const std::array<const std::string*, 3> texts{&made.rule, &made.exposed_by, &made.safe_outcome};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i]->empty()) {
      e.fail("the requirement `" + made.id + "` needs a <" + std::string(kChildren[i]) + ">");
    }
  }
  return made;
}

}  // namespace

std::vector<Requirement> read_requirements(const Element& root) {
  constexpr std::array<std::string_view, 1> kChildren{"requirement"};
  if (root.name() != "requirements") {
    root.fail("<" + root.name() + "> is not <requirements>, which alone belongs here");
  }
  certs::allow(root, {}, kChildren);
  certs::refuse_text(root);
  std::vector<Requirement> all;
  for (const Element& e : root.children()) all.push_back(read_requirement(e));
  if (all.empty()) root.fail("<requirements> holds no <requirement>");
  return all;
}

}  // namespace startle::cases
