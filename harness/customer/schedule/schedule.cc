#include "harness/customer/schedule/schedule.h"

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/customer/schedule/entry_reader.h"
#include "harness/xml/document.h"

namespace startle::customer {
namespace {

constexpr std::size_t kMostEntries = 1000;

struct ServerElement {
  Protocol protocol;
  xml::Element element;
};

// `element` and what is inside it, in document order.
void collect(const xml::Element& element, std::vector<ServerElement>& found) {
  if (const auto protocol = from_word<Protocol>(element.name())) {
    if (found.size() == kMostEntries) {
      element.fail("more than " + std::to_string(kMostEntries) + " <smtp> and <ldap> elements");
    }
    found.push_back({*protocol, element});
  }
  for (const xml::Element& child : element.children()) collect(child, found);
}

[[noreturn]] void refuse_without_servers(const xml::Element& root) {
  for (const std::string_view right : words::kProtocols) {
    const std::string upper = ascii_upper(right);
    for (const std::string& spelling : {upper, upper[0] + std::string(right.substr(1))}) {
      const auto found = root.name() == spelling ? std::vector{root} : root.descendants(spelling);
      if (found.empty()) continue;
      found.front().fail("<" + spelling + "> is not <" + std::string(right) +
                         ">: the name is written in lower case");
    }
  }
  root.fail(
      "no <smtp> or <ldap> element in this file: it needs one, like <smtp "
      "url=\"smtp.example.com\" port=\"25\" email=\"scheduler@example.com\"/>");
}

// Where several stand on a line, its number alone does not say which.
void say_which(const ServerElement& server, unsigned nth, std::string& complaint) {
  const std::string place = server.element.complaint("");
  if (!complaint.starts_with(place)) return;
  complaint.insert(place.size(), "<" + std::string(word(server.protocol)) + "> " +
                                     std::to_string(nth) + " of this line: ");
}

// All of them, in the order of the file: who mends one is to know of the others.
[[noreturn]] void refuse(const Mistakes& mistakes) {
  std::string lines;
  for (const Mistake& mistake : mistakes) lines += (lines.empty() ? "" : "\n") + mistake.text;
  throw Error(Fault::input, lines);
}

bool is_ascii(const xml::Element& element) {
  return std::ranges::all_of(element.attributes(), [](const xml::Attribute& one) {
    return std::ranges::all_of(one.value, [](char c) { return (c & 0x80) == 0; });
  });
}

Schedule schedule_of(const xml::Document& document) {
  std::vector<ServerElement> servers;
  collect(document.root(), servers);
  if (servers.empty()) refuse_without_servers(document.root());
  Schedule schedule;
  const bool is_all_ascii = std::ranges::all_of(servers, is_ascii, &ServerElement::element);
  if (!document.misread().empty() && !is_all_ascii) {
    schedule.mistakes.push_back({document.file() + ":1: " + document.misread()});
  }
  std::map<long, unsigned> on_line;
  for (const ServerElement& server : servers) ++on_line[server.element.line()];
  std::map<long, unsigned> read_of_line;
  for (const ServerElement& server : servers) {
    const long line = server.element.line();
    const std::size_t before = schedule.mistakes.size();
    for (Entry& entry : read_entries(server.element, server.protocol, schedule.mistakes)) {
      if (!schedule.entries.empty() && schedule.entries.back().line == entry.line) {
        entry.nth_of_line = schedule.entries.back().nth_of_line + 1;
      }
      schedule.entries.push_back(std::move(entry));
    }
    const unsigned nth = ++read_of_line[line];
    if (on_line[line] == 1) continue;
    for (std::size_t i = before; i < schedule.mistakes.size(); ++i) {
      say_which(server, nth, schedule.mistakes[i].text);
    }
  }
  const bool is_refused = std::ranges::any_of(
      schedule.mistakes, [](const Mistake& one) { return one.weight == Weight::refused; });
  if (is_refused) refuse(schedule.mistakes);
  return schedule;
}

}  // namespace

std::vector<std::string> Schedule::warnings() const {
  std::vector<std::string> texts;
  for (const Mistake& mistake : mistakes) texts.push_back(mistake.text);
  return texts;
}

Schedule read_schedule(const std::filesystem::path& file) {
  return schedule_of(xml::Document::read(file));
}

Schedule parse_schedule(std::string file, std::string_view content) {
  return schedule_of(xml::Document::parse(std::move(file), content));
}

}  // namespace startle::customer
