#include "harness/messages/signatures.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/xml/complaint.h"

namespace startle::messages {
namespace {

namespace fs = std::filesystem;
using xml::Element;

// Words of mail, directories and TLS: where one is near, what happens to a connection is of them.
constexpr std::array<std::string_view, 18> kContext{
    "smtp",      "ldap",    "mail",     "starttls", "x509",   "certificate",
    "handshake", "sslexc",  "sslerror", "ssl3_",    "gnutls", "openssl",
    ".naming.",  "port 25", "port: 25", ":587",     ":465",   "tls"};

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || c == '-' || (c >= 'a' && c <= 'z');
  });
}

// An element's text, each run of blanks and line ends one blank, none in front or behind.
std::string sentence_of(const Element& e) {
  e.allow_children({});
  std::string made;
  for (const char c : e.text()) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      made += c;
    } else if (!made.empty() && made.back() != ' ') {
      made += ' ';
    }
  }
  if (made.ends_with(' ')) made.pop_back();
  if (made.empty()) e.fail("<" + e.name() + "> is empty: leave it out, or say it");
  return made;
}

Pattern read_pattern(const Element& e) {
  constexpr std::array<std::string_view, 1> kKeys{"text"};
  e.allow_attributes(kKeys);
  e.allow_children({});
  const std::string text = e.attribute("text");
  try {
    return Pattern::parse(text);
  } catch (const std::invalid_argument& why) {
    e.fail("text=" + xml::quotation(text) + " " + why.what());
  }
}

Ranked read_ending(const Element& e) {
  constexpr std::array<std::string_view, 2> kKeys{"is", "certainty"};
  e.allow_attributes(kKeys);
  return {e.choice<words::Ending>("is"), e.choice<Certainty>("certainty")};
}

Source read_source(const Element& e) {
  constexpr std::array<std::string_view, 3> kKeys{"client", "version", "page"};
  e.allow_attributes(kKeys);
  Source made{.client = e.maybe_attribute("client").value_or(""),
              .version = e.maybe_attribute("version").value_or(""),
              .page = e.maybe_attribute("page").value_or("")};
  if (made.client.empty() == made.page.empty()) {
    e.fail("<source> states either client and version, of a run here, or page, where it stands");
  }
  if (made.client.empty() != made.version.empty()) {
    e.fail("client and version go together: what was run here has both");
  }
  if (!made.page.empty() && !made.page.starts_with("http")) {
    e.fail("page=" + xml::quotation(made.page) + " is no URL: https://..");
  }
  return made;
}

// What every message has, in its parts.
void read_part(const Element& part, Signature& made) {
  const std::string name = part.name();
  const auto once = [&](std::string& into) {
    if (!into.empty()) part.fail("<" + name + "> stands in this <message> twice");
    into = sentence_of(part);
  };
  if (name == "pattern") made.patterns.push_back(read_pattern(part));
  if (name == "ending") {
    const Ranked ending = read_ending(part);
    if (std::ranges::find(made.endings, ending.ending, &Ranked::ending) != made.endings.end()) {
      part.fail("`" + std::string(word(ending.ending)) + "` stands in this <message> twice");
    }
    if (!made.endings.empty() && made.endings.back().certainty > ending.certainty) {
      part.fail("the endings stand in order, the likeliest first");
    }
    made.endings.push_back(ending);
  }
  if (name == "meaning") once(made.meaning);
  if (name == "ask") made.ask.push_back(part.choice<Ask>("for"));
  if (name == "case") made.cases.push_back(part.attribute("id"));
  if (name == "example") once(made.example);
  if (name == "source") made.source = read_source(part);
}

void check(const Element& e, const Signature& made) {
  if (made.patterns.empty()) e.fail("<message> has no <pattern>: nothing is known by it");
  if (made.example.empty()) e.fail("<message> has no <example>: nobody sees what it is");
  if (made.meaning.empty()) e.fail("<message> has no <meaning>: it says nothing");
  if (made.source.client.empty() && made.source.page.empty()) {
    e.fail("<message> has no <source>: who has seen it?");
  }
  const bool success = made.says == Says::success;
  if (success != made.endings.empty()) {
    e.fail(success ? "a success has no <ending>" : "<message> has no <ending>: what does it mean?");
  }
  if (!success && made.ask.empty()) e.fail("<message> has no <ask>: what would say more?");
  if (success) return;
  const bool found = std::ranges::any_of(made.patterns, [&made](const Pattern& pattern) {
    return pattern.find(made.example).has_value();
  });
  if (!found) e.fail("no <pattern> of `" + made.id + "` is in its own <example>");
}

Signature read_message(const Element& e, const Signature& family) {
  constexpr std::array<std::string_view, 4> kKeys{"id", "says", "by", "protocol"};
  constexpr std::array<std::string_view, 7> kChildren{"pattern", "ending",  "meaning", "ask",
                                                      "case",    "example", "source"};
  e.allow_attributes(kKeys);
  e.allow_children(kChildren);
  Signature made = family;
  const std::string id = e.attribute("id");
  if (!is_name(id)) e.fail("id=" + xml::quotation(id) + " is no name: a-z, digits and -");
  made.id = made.family + "/" + id;
  made.line = e.line();
  made.says = e.choice("says", Says::reason);
  made.printed_by = e.maybe_attribute("by").value_or(family.printed_by);
  if (e.maybe_attribute("protocol")) made.protocol = e.choice<words::Protocol>("protocol");
  for (const Element& part : e.children()) read_part(part, made);
  check(e, made);
  return made;
}

std::vector<std::string> literals_of(const std::vector<Signature>& all) {
  std::vector<std::string> literals;
  for (const Signature& one : all) {
    for (const Pattern& pattern : one.patterns) literals.push_back(pattern.last_piece());
  }
  literals.insert(literals.end(), kContext.begin(), kContext.end());
  return literals;
}

}  // namespace

std::vector<Signature> read_signatures(const fs::path& file, const xml::Schema& schema) {
  const xml::Document document = xml::Document::read(file);
  const Element root = document.root();
  if (root.name() != "messages") {
    root.fail("<" + root.name() + "> holds no messages: that is a <messages>");
  }
  constexpr std::array<std::string_view, 1> kKeys{"by"};
  constexpr std::array<std::string_view, 1> kChildren{"message"};
  root.allow_attributes(kKeys);
  root.allow_children(kChildren);
  const Signature family{
      .family = file.stem().string(), .file = file.string(), .printed_by = root.attribute("by")};
  if (!is_name(family.family)) {
    root.fail("the messages are called after their file, and " + xml::quotation(family.family) +
              " is no name: a-z, digits and -");
  }
  std::vector<Signature> made;
  std::set<std::string> ids;
  for (const Element& e : root.children()) {
    made.push_back(read_message(e, family));
    if (!ids.insert(made.back().id).second) {
      e.fail("there is a message `" + made.back().id + "` already");
    }
  }
  schema.check(document);  // last: our own complaints say more
  return made;
}

Signatures Signatures::read(const fs::path& folder) {
  const xml::Schema schema = xml::Schema::read(folder / "messages.rng");
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().extension() == ".xml") files.push_back(at->path());
  }
  if (failed) throw Error(Fault::input, folder.string() + ": " + failed.message());
  std::ranges::sort(files);
  std::vector<Signature> all;
  for (const fs::path& file : files) {
    for (Signature& one : read_signatures(file, schema)) all.push_back(std::move(one));
  }
  return Signatures(std::move(all));
}

Signatures::Signatures(std::vector<Signature> all)
    : all_(std::move(all)), finder_(literals_of(all_)) {
  for (const Signature& one : all_) {
    for (const Pattern& pattern : one.patterns) known_.push_back({&one, &pattern});
  }
  known_.resize(known_.size() + kContext.size());
}

const Signature* Signatures::find(const std::string& id) const {
  const auto found = std::ranges::find(all_, id, &Signature::id);
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace startle::messages
