#include "harness/subject/task_reader.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>

#include "harness/base/text.h"
#include "harness/subject/fill_in.h"
#include "harness/xml/complaint.h"

namespace startle::subject {
namespace {

using xml::Element;

enum class Truth { no, yes };
constexpr auto kTruths = word_table<Truth>({{Truth::no, "false"}, {Truth::yes, "true"}});
constexpr Words words_of(Truth) {
  return kTruths;
}

// What an <ends> means that is no ending.
constexpr std::string_view kCannot = "cannot";

constexpr std::array<std::string_view, 7> kConditions{
    "mode", "tls-policy", "trust", "credential", "mechanism", "variant", "given"};

// The words of `key`, none of them twice; an empty list where it is absent.
std::vector<std::string> listed(const Element& e, const char* key) {
  const auto given = e.maybe_attribute(key);
  if (!given) return {};
  std::vector<std::string> words = split_at_blanks(*given);
  if (words.empty()) e.fail(std::string(key) + "=\"\" names nothing");
  for (auto at = words.begin(); at != words.end(); ++at) {
    if (std::find(words.begin(), at, *at) == at) continue;
    e.fail(std::string(key) + ": `" + *at + "` stands here twice");
  }
  return words;
}

[[noreturn]] void refuse(const Element& e, const std::string& key, const std::string& given,
                         const std::string& what, Words known) {
  e.fail(key + ": `" + given + "` is " + what + ": " + xml::hint(given, known));
}

// The words of `key` as values of E.
template <Worded E>
std::vector<E> choices(const Element& e, const char* key, const std::string& what) {
  std::vector<E> values;
  for (const std::string& given : listed(e, key)) {
    const auto value = from_word<E>(given);
    if (!value) refuse(e, key, given, what, words_of(E{}));
    values.push_back(*value);
  }
  return values;
}

// The same, of a condition: what the task has not got never holds. An empty `stated`: all is open.
template <Worded E>
std::vector<E> conditions(const Element& e, const char* key, const std::string& what,
                          const std::vector<E>& stated) {
  std::vector<E> values = choices<E>(e, key, what);
  std::vector<std::string_view> known;
  for (const E one : stated) known.push_back(word(one));
  for (const E value : values) {
    if (stated.empty() || std::find(stated.begin(), stated.end(), value) != stated.end()) continue;
    e.fail(std::string(key) + ": this task has no `" + std::string(word(value)) + "`, but " +
           comma_separated(known));
  }
  return values;
}

class TaskReader {
 public:
  TaskReader(const Element& element, const ClientDescription& client)
      : element_(element), client_(client) {}

  ClientTask read() {
    read_abilities();
    for (const Element& part : element_.children()) read_part(part);
    if (made_.arguments.empty()) {
      element_.fail("<task> has no <arg>: the first one is the program");
    }
    const Condition& when = made_.arguments.front().when;
    if (has_any(when)) {
      element_.fail("the first <arg> is the program, whatever the task: it has no condition");
    }
    return std::move(made_);
  }

 private:
  bool is_told_by_arguments() const { return client_.speech == Speech::arguments; }

  void read_abilities() {
    constexpr std::array<std::string_view, 8> kKeys{"protocol",     "modes",           "trust",
                                                    "credentials",  "mechanisms",      "knows",
                                                    "tls-policies", "revocation-lists"};
    constexpr std::array<std::string_view, 6> kChildren{"arg",   "variable", "file",
                                                        "stdin", "ends",     "cannot"};
    constexpr std::array<std::string_view, 2> kAbleItself{"arg", "variable"};
    element_.allow_attributes(kKeys);
    element_.allow_children(is_told_by_arguments() ? Words(kChildren) : Words(kAbleItself));
    refuse_text(element_);
    made_.protocol = element_.choice<words::Protocol>("protocol");
    Abilities& can = made_.abilities;
    can.modes = choices<words::Mode>(element_, "modes", "no mode");
    can.trust_forms = choices<TrustForm>(element_, "trust", "no form of trust");
    can.credentials = choices<CredentialForm>(element_, "credentials", "no form of credentials");
    can.mechanisms = choices<sasl::Mechanism>(element_, "mechanisms", "no mechanism");
    can.knows = choices<sasl::Mechanism>(element_, "knows", "no mechanism");
    if (can.knows.empty()) can.knows = can.mechanisms;
    const auto policies = choices<words::TlsPolicy>(element_, "tls-policies", "no policy");
    if (!policies.empty()) can.tls_policies = policies;
    can.takes_revocation_lists = stated_true(element_, "revocation-lists", !is_told_by_arguments());
    can.has_own_clock = true;
    can.reads_files = true;
    check_abilities();
    if (!is_told_by_arguments()) leave_unstated_open();
  }

  // By the contract a client says itself what it cannot do.
  void leave_unstated_open() {
    Abilities& can = made_.abilities;
    const Abilities all = Abilities::all();
    if (can.modes.empty()) can.modes = all.modes;
    if (can.trust_forms.empty()) can.trust_forms = all.trust_forms;
    if (can.credentials.empty()) can.credentials = all.credentials;
    if (can.knows.empty()) can.knows = all.knows;
    if (can.mechanisms.empty()) can.mechanisms = all.mechanisms;
    if (!element_.maybe_attribute("tls-policies")) can.tls_policies = all.tls_policies;
  }

  void check_abilities() const {
    const Abilities& can = made_.abilities;
    if (is_told_by_arguments()) {
      for (const char* key : {"modes", "trust", "credentials"}) element_.attribute(key);
    }
    const words::ProtocolRow& protocol = words::row_of(made_.protocol);
    const std::string title(protocol.title);
    for (const words::Mode mode : can.modes) {
      if (words::protocol_of(mode) == made_.protocol) continue;
      element_.fail("modes: `" + std::string(word(mode)) + "` is no mode of " + title);
    }
    for (const sasl::Mechanism one : can.knows) check_mechanism("knows", one);
    for (const sasl::Mechanism one : can.mechanisms) check_mechanism("mechanisms", one);
  }

  void check_mechanism(const std::string& key, sasl::Mechanism one) const {
    if (words::row_of(made_.protocol).is_mail || !sasl::is_for_mail_alone(one)) return;
    element_.fail(key + ": `" + std::string(word(one)) + "` is for mail servers alone");
  }

  void read_part(const Element& part) {
    const std::string name = part.name();
    part.allow_children({});
    if (name == "arg") made_.arguments.push_back(conditional_text(part, false));
    if (name == "variable") {
      made_.variables.push_back(conditional_text(part, true));
      check_variable(part, made_.variables.back().name);
    }
    if (name == "file") {
      made_.files.push_back(conditional_text(part, true));
      made_.files.back().text = block_of(part);
      check_file(part, made_.files.back().name);
    }
    if (name == "stdin") {
      part.allow_attributes({});
      if (made_.input) part.fail("<stdin> stands in this task twice");
      made_.input = block_of(part);
    }
    if (name == "ends") made_.ends.push_back(read_end(part));
    if (name == "cannot") made_.cannot.push_back(read_inability(part));
  }

  static std::string checked(const Element& part, std::string text) {
    if (const std::string why = unfillable(text); !why.empty()) part.fail(why);
    return text;
  }

  // Without the line break behind the start tag, and the blanks before the end tag where that
  // begins a line.
  static std::string block_of(const Element& part) {
    std::string text = part.text();
    if (text.starts_with('\n')) text.erase(0, 1);
    const std::size_t last = text.find_last_not_of(" \t");
    if (last != std::string::npos && text[last] == '\n') text.erase(last + 1);
    return checked(part, std::move(text));
  }

  void allow_with_conditions(const Element& part, Words keys) const {
    std::vector<std::string_view> all(keys.begin(), keys.end());
    all.insert(all.end(), kConditions.begin(), kConditions.end());
    part.allow_attributes(all);
  }

  ConditionalText conditional_text(const Element& part, bool named) const {
    constexpr std::array<std::string_view, 1> kName{"name"};
    allow_with_conditions(part, named ? Words(kName) : Words());
    return {.name = named ? part.attribute("name") : "",
            .text = checked(part, part.text()),
            .when = condition(part)};
  }

  static void check_variable(const Element& part, const std::string& name) {
    const bool begins = !name.empty() && !is_digit(name.front());
    if (begins && std::all_of(name.begin(), name.end(),
                              [](char c) { return is_alphanumeric(c) || c == '_'; })) {
      return;
    }
    part.fail("name=" + xml::quotation(name) + " is no name of a variable: letters, digits and _");
  }

  // It is to stay in the task's HOME.
  static void check_file(const Element& part, const std::string& name) {
    const std::filesystem::path path(name);
    const bool climbs = std::find(path.begin(), path.end(), "..") != path.end();
    if (!path.empty() && path.has_filename() && path.is_relative() && !climbs) return;
    part.fail("name=" + xml::quotation(name) +
              " is no file of the task's HOME: write a relative name, such as .muttrc");
  }

  Condition condition(const Element& part) const {
    const Abilities& can = made_.abilities;
    Condition when{
        .modes = conditions(part, "mode", "no mode", can.modes),
        .tls_policies = conditions(part, "tls-policy", "no policy", can.tls_policies),
        .trust = conditions(part, "trust", "no form of trust", can.trust_forms),
        .credentials = conditions(part, "credential", "no form of credentials", can.credentials),
        .mechanisms = listed(part, "mechanism"),
        .variants = listed(part, "variant"),
        .given = listed(part, "given")};
    check_told_mechanisms(part, when.mechanisms);
    std::vector<std::string_view> variants{kDefaultVariant};
    for (const ClientVariant& one : client_.variants) variants.push_back(one.name);
    for (const std::string& given : when.variants) {
      if (std::find(variants.begin(), variants.end(), given) != variants.end()) continue;
      refuse(part, "variant", given, "no <variant> of this client", variants);
    }
    for (const std::string& given : when.given) {
      if (from_word<ClientPlaceholder>(given)) continue;
      refuse(part, "given", given, "no placeholder", kClientPlaceholders);
    }
    return when;
  }

  void check_told_mechanisms(const Element& part, const std::vector<std::string>& told) const {
    std::vector<std::string_view> known{kNoMechanism};
    for (const sasl::Mechanism one : made_.abilities.mechanisms) known.push_back(word(one));
    const bool open = !is_told_by_arguments() && made_.abilities.mechanisms.empty();
    if (open) known.insert(known.end(), sasl::kMechanisms.begin(), sasl::kMechanisms.end());
    for (const std::string& given : told) {
      if (std::find(known.begin(), known.end(), given) != known.end()) continue;
      if (!from_word<sasl::Mechanism>(given)) {
        refuse(part, "mechanism", given, "no mechanism", sasl::kMechanisms);
      }
      part.fail("mechanism: this task has no `" + given + "`, but " + comma_separated(known));
    }
  }

  static bool has_any(const Condition& when) {
    return !(when.modes.empty() && when.tls_policies.empty() && when.trust.empty() &&
             when.credentials.empty() && when.mechanisms.empty() && when.variants.empty() &&
             when.given.empty());
  }

  EndMeaning read_end(const Element& part) const {
    constexpr std::array<std::string_view, 3> kKeys{"exit", "matches", "as"};
    allow_with_conditions(part, kKeys);
    EndMeaning made{.match = part.maybe_attribute("matches"), .when = condition(part)};
    if (part.maybe_attribute("exit")) made.exit = static_cast<int>(part.number("exit", 0, 255));
    if (!made.exit && !made.match) part.fail("<ends> needs exit=\"..\" or matches=\"..\"");
    if (made.match) check_match(part, *made.match);
    const std::string as = part.attribute("as");
    if (as == kCannot) return made;
    made.ending = from_word<words::Ending>(as);
    if (!made.ending) {
      std::vector<std::string_view> known(words::kEndings.begin(), words::kEndings.end());
      known.push_back(kCannot);
      refuse(part, "as", as, "no ending", known);
    }
    const words::ProtocolRow& protocol = words::row_of(made_.protocol);
    const bool ours =
        *made.ending == protocol.success || *made.ending == words::Ending::delivered_in_clear;
    if (words::is_success(*made.ending) && !ours) {
      part.fail("as: `" + as + "` is no ending of " + std::string(protocol.title) + ": `" +
                std::string(word(protocol.success)) + "` is its success");
    }
    return made;
  }

  static void check_match(const Element& part, const std::string& match) {
    if (match.empty()) part.fail("matches=\"\" fits everything");
    try {
      const std::regex compiled(match, std::regex::ECMAScript);
    } catch (const std::regex_error& why) {
      part.fail("matches=" + xml::quotation(match) +
                " is no regular expression of ECMAScript: " + why.what());
    }
  }

  Inability read_inability(const Element& part) const {
    allow_with_conditions(part, {});
    Inability made{.when = condition(part)};
    for (const std::string& one : split_at_blanks(part.text())) {
      made.reason += (made.reason.empty() ? "" : " ") + one;
    }
    if (made.reason.empty()) part.fail("<cannot> says why, in one sentence: the skip's reason");
    if (!has_any(made.when)) part.fail("<cannot> needs a condition: it says what cannot be asked");
    return made;
  }

  const Element& element_;
  const ClientDescription& client_;
  ClientTask made_{};
};

}  // namespace

std::vector<std::string> split_at_blanks(const std::string& text) {
  constexpr const char* kBlanks = " \t\r\n";
  std::vector<std::string> words;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string::npos;) {
    const std::size_t end = text.find_first_of(kBlanks, at);
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

void refuse_text(const Element& element) {
  const auto visible = [](const std::string& text) {
    std::size_t count = 0;
    for (const std::string& one : split_at_blanks(text)) count += one.size();
    return count;
  };
  std::size_t inside = 0;
  for (const Element& child : element.children()) inside += visible(child.text());
  if (visible(element.text()) == inside) return;
  element.fail("<" + element.name() + "> holds no text of its own");
}

bool stated_true(const Element& element, const char* key, bool otherwise) {
  return element.choice<Truth>(key, otherwise ? Truth::yes : Truth::no) == Truth::yes;
}

ClientTask read_task(const Element& task, const ClientDescription& client) {
  return TaskReader(task, client).read();
}

}  // namespace startle::subject
