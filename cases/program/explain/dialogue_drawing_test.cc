// A dialogue that is drawn from a script is the one that the correct client has with its server.

#include "cases/program/explain/dialogue_drawing.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "cases/engine/catalogue.h"
#include "cases/engine/startle_for_test.h"
#include "cases/program/explain/subject_exchange.h"

namespace startle::program {
namespace {

using Who = DrawnLine::Who;

// What a client said, by its verbs: "tls AUTH". Of an exchange of SASL the first command alone; a
// farewell is nobody's matter.
void add_command(std::vector<std::string>& commands, bool in_tls, const std::string& text) {
  std::istringstream words(text);
  std::string verb;
  words >> verb;
  while (verb.ends_with(',')) verb.pop_back();
  if (verb == "search") {
    std::string what;
    words >> what;
    verb += what == "root" ? " root" : "";
  }
  if (verb == "QUIT" || verb == "unbind" || verb == "<answer>" || verb == "*") return;
  if (verb.starts_with("\\x")) return;  // of a handshake, to a server that knows of none
  const std::string command = (in_tls ? "tls " : "") + verb;
  const bool again = !commands.empty() && commands.back() == command;
  if (again && (verb == "AUTH" || verb == "bind" || verb == "search")) return;
  commands.push_back(command);
}

struct Seen {
  words::Ending ending{};
  std::vector<std::string> commands{};
};

// By case: what `run --dialogue` of all of them says.
std::map<std::string, Seen> seen_dialogues() {
  const cases::ProgramRun run = cases::run_startle(
      {"run", "smtp/*", "ldap/*", "--transport", "memory", "--trust-model", "pkix", "--dialogue"});
  EXPECT_EQ(run.status, 0) << run.err;
  std::map<std::string, Seen> all;
  Seen* current = nullptr;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t model = line.find(" [pkix] ");
    if (line.starts_with("pass  ") && model != std::string::npos) {
      const std::string behind = line.substr(model + 8);
      const auto ending = from_word<words::Ending>(behind.substr(0, behind.find(':')));
      if (!ending) continue;
      current = &all[line.substr(6, model - 6)];
      current->ending = *ending;
    } else if (current != nullptr && line.starts_with("      C: ")) {
      add_command(current->commands, false, line.substr(9));
    } else if (current != nullptr && line.starts_with("      C (tls): ")) {
      add_command(current->commands, true, line.substr(15));
    }
  }
  return all;
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
  return text;
}

TEST(DialogueDrawing, HasTheCommandsThatTheCorrectClientSays) {
  const cases::Catalogue catalogue = cases::Catalogue::load();
  const auto seen = seen_dialogues();
  EXPECT_GT(seen.size(), 900U);
  for (const cases::Case& single : catalogue.cases()) {
    const auto found = seen.find(single.id);
    if (found == seen.end() || !single.then.empty()) continue;
    const auto exchange = exchange_of(catalogue, single.id);
    ASSERT_TRUE(exchange) << single.id;
    std::vector<std::string> drawn;
    for (const DrawnLine& line : drawn_dialogue(*exchange, found->second.ending, "")) {
      if (line.who == Who::client) add_command(drawn, line.in_tls, line.text);
    }
    EXPECT_EQ(joined(drawn), joined(found->second.commands))
        << single.id << " " << word(found->second.ending);
  }
}

}  // namespace
}  // namespace startle::program
