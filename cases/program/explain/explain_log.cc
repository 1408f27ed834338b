#include "cases/program/explain/explain_log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "cases/engine/catalogue.h"
#include "cases/program/commands.h"
#include "cases/program/explain/explain_text.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

using Json = nlohmann::ordered_json;
using messages::LogVerdict;
using messages::Mention;
using messages::Recognised;
using messages::Signatures;

constexpr std::size_t kMostCases = 6;
constexpr std::size_t kMostCasesOfOneEnding = 2;

Json mention_json(const Mention& mention) {
  return {{"line", mention.line}, {"text", mention.text}, {"message", mention.signature_id}};
}

Json mentions_json(const std::vector<Mention>& mentions) {
  Json all = Json::array();
  for (const Mention& one : mentions) all.push_back(mention_json(one));
  return all;
}

Json optional_json(const std::optional<Mention>& mention) {
  return mention ? mention_json(*mention) : Json();
}

Json source_json(const messages::Source& source) {
  if (source.client.empty()) return {{"page", source.page}};
  return {{"client", source.client}, {"version", source.version}};
}

void add_recognised(Json& made, const Recognised& recognised, const Signatures& signatures) {
  made["line"] = recognised.line;
  made["text"] = recognised.text;
  made["message"] = recognised.signature_id;
  made["family"] = recognised.family;
  made["printed_by"] = recognised.printed_by;
  made["protocol"] = recognised.protocol ? Json(word(*recognised.protocol)) : Json();
  made["meaning"] = recognised.meaning;
  made["endings"] = Json::array();
  for (const messages::Ranked& one : recognised.endings) {
    made["endings"].push_back({{"ending", word(one.ending)}, {"certainty", word(one.certainty)}});
  }
  made["facts"] = Json::array();
  for (const messages::Fact& fact : recognised.facts) {
    made["facts"].push_back({{"name", fact.name}, {"value", fact.value}});
  }
  made["cases"] = Json::array();
  for (const PrintingCase& one : printing_cases(recognised, signatures)) {
    made["cases"].push_back(
        {{"id", one.id}, {"ending", word(one.ending)}, {"was_printed", one.was_printed}});
  }
  made["ask"] = recognised.ask;
  made["source"] = source_json(recognised.source);
  made["besides"] = mentions_json(recognised.besides);
  made["failures"] = recognised.failures;
  made["earlier"] = mentions_json(recognised.earlier);
  made["later_success"] = optional_json(recognised.later_success);
}

Json json_of(const std::string& log, const LogVerdict& verdict, const Signatures& signatures) {
  Json made{{"format", 1},
            {"startle", STARTLE_VERSION},
            {"log", log},
            {"octets", verdict.octets},
            {"lines", verdict.lines},
            {"answer", verdict.recognised() == nullptr ? "unknown" : "recognised"}};
  if (const auto* recognised = verdict.recognised()) {
    add_recognised(made, *recognised, signatures);
  } else {
    made["reason"] = why_unknown(verdict);
    made["success"] = optional_json(verdict.nothing()->success);
  }
  return made;
}

}  // namespace

Signatures shipped_messages() {
  return Signatures::read(cases::Catalogue::clients_folder() / "messages");
}

LogVerdict read_log_file(const std::string& log, const Signatures& signatures) {
  if (log == "-") return messages::read_log(std::cin, signatures);
  std::error_code none;
  if (std::filesystem::is_directory(log, none)) {
    throw Error(Fault::input, log + ": is a folder: name a file in it");
  }
  std::ifstream in(log, std::ios::binary);
  if (!in) throw Error(Fault::input, log + ": cannot be read: " + std::strerror(errno));
  LogVerdict verdict = messages::read_log(in, signatures);
  if (in.bad()) throw Error(Fault::input, log + ": cannot be read: " + std::strerror(errno));
  return verdict;
}

std::vector<PrintingCase> printing_cases(const Recognised& recognised,
                                         const Signatures& signatures) {
  std::vector<PrintingCase> all;
  const auto add = [&all](const std::string& id, words::Ending ending, bool was_printed) {
    const bool known = std::ranges::find(all, id, &PrintingCase::id) != all.end();
    if (!known && all.size() < kMostCases) all.push_back({id, ending, was_printed});
  };
  for (const std::string& id : recognised.cases) {
    add(id, recognised.endings.front().ending, true);
  }
  for (const messages::Ranked& ranked : recognised.endings) {
    std::size_t found = 0;
    for (const messages::Signature& other : signatures.all()) {
      const bool same =
          !other.endings.empty() && other.endings.front().ending == ranked.ending &&
          (!recognised.protocol || other.protocol == recognised.protocol || !other.protocol) &&
          other.says == messages::Says::reason && !other.cases.empty();
      if (!same || found == kMostCasesOfOneEnding) continue;
      const std::size_t before = all.size();
      add(other.cases.front(), ranked.ending, false);
      found += all.size() - before;
    }
  }
  return all;
}

int explain_log(const std::string& log, const std::string& report, std::ostream& out) {
  const auto kind = option_word<LogReport>("--report", report);
  const Signatures signatures = shipped_messages();
  const LogVerdict verdict = read_log_file(log, signatures);
  const std::string name = log == "-" ? "stdin" : log;
  if (kind == LogReport::json) {
    const Json made = json_of(name, verdict, signatures);
    out << made.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    write_explanation(name, verdict, signatures, out);
  }
  if (!out.flush()) throw Error(Fault::system, "the explanation could not be written");
  return verdict.recognised() == nullptr ? kNotJudged : kFindings;
}

}  // namespace startle::program
