#pragma once
// What `startle explain` says of one thing, before it is text, markdown or JSON.

#include <iosfwd>
#include <string>
#include <vector>

#include "cases/engine/requirements.h"
#include "cases/program/explain/dialogue_steps.h"
#include "cases/program/explain/knowledge.h"
#include "cases/program/explain/reproduction.h"

namespace startle::program {

struct Explanation {
  std::string kind{};  // "case", "finding"
  std::string id{};
  std::string title{};
  std::vector<std::string> what{};       // sentences
  std::vector<std::string> picture{};    // lines that are drawn: of a certificate, its chain
  std::string drawn_of{};                // the case whose dialogue it is, where that is another
  std::vector<DrawnLine> dialogue{};     // and after that, how the client ends
  std::vector<words::Ending> endings{};  // those that are right
  std::string reason{};                  // why these
  std::vector<std::string> why{};        // what a client that fails exposes its user to
  std::vector<const cases::Requirement*> clauses{};
  std::string clause{};  // of a certificate, which has one of its own
  std::vector<const KnownBug*> bugs{};
  std::vector<std::string> safe{};
  std::vector<Reproduction> reproduce{};
  std::string fix{};
  const Remedy* remedy = nullptr;
  std::vector<std::string> see{};  // further subjects
};

void write_text(std::ostream& out, const std::vector<Explanation>& all);
void write_markdown(std::ostream& out, const std::vector<Explanation>& all);
// {"format": 1, "startle", "subjects": [{"kind", "id", ..}]}
void write_json(std::ostream& out, const std::vector<Explanation>& all);

}  // namespace startle::program
