// An explanation as JSON; within format 1 members are only added.

#include <ostream>

#include "cases/program/explain/explanation.h"
#include "harness/report/json_value.h"

namespace startle::program {
namespace {

using report::Json;

Json dialogue_json(const std::vector<DrawnLine>& dialogue) {
  Json all = Json::array();
  for (const DrawnLine& line : dialogue) {
    const char* who = line.who == DrawnLine::Who::server   ? "server"
                      : line.who == DrawnLine::Who::client ? "client"
                                                           : "remark";
    all.push_back({{"who", who},
                   {"tls", line.in_tls},
                   {"deviates", line.deviates},
                   {"handshake", line.handshake},
                   {"text", line.text}});
  }
  return all;
}

Json clauses_json(const Explanation& e) {
  Json all = Json::array();
  for (const cases::Requirement* one : e.clauses) {
    all.push_back({{"id", one->id},
                   {"clause", one->clause},
                   {"level", word(one->level)},
                   {"rule", one->rule}});
  }
  return all;
}

Json bugs_json(const Explanation& e) {
  Json all = Json::array();
  for (const KnownBug* bug : e.bugs) {
    all.push_back({{"id", bug->id},
                   {"also", report::text_or_null(bug->also)},
                   {"product", bug->product},
                   {"protocol", bug->protocol},
                   {"bug_class", bug->bug_class},
                   {"what", bug->what},
                   {"source", bug->source},
                   {"case", report::text_or_null(bug->case_id)},
                   {"certificate", report::text_or_null(bug->certificate)},
                   {"unshown", report::text_or_null(bug->unshown)}});
  }
  return all;
}

Json reproduce_json(const Explanation& e) {
  Json all = Json::array();
  for (const Reproduction& one : e.reproduce) {
    all.push_back({{"tool", one.tool},
                   {"lines", one.lines},
                   {"shows", one.shows},
                   {"prints", report::text_or_null(one.prints)},
                   {"refuses", one.refuses ? Json(*one.refuses) : Json()}});
  }
  return all;
}

Json fixes_json(const Explanation& e) {
  Json all = Json::array();
  if (e.remedy == nullptr) return all;
  for (const auto& [language, text] : e.remedy->in) {
    all.push_back({{"language", word(language)}, {"text", text}});
  }
  return all;
}

Json as_json(const Explanation& e) {
  return {{"kind", e.kind},
          {"id", e.id},
          {"title", e.title},
          {"what", e.what},
          {"picture", e.picture},
          {"dialogue_of", report::text_or_null(e.drawn_of)},
          {"dialogue", dialogue_json(e.dialogue)},
          {"endings", report::words_json(e.endings)},
          {"reason", report::text_or_null(e.reason)},
          {"why", e.why},
          {"clause", report::text_or_null(e.clause)},
          {"clauses", clauses_json(e)},
          {"bugs", bugs_json(e)},
          {"safe", e.safe},
          {"reproduce", reproduce_json(e)},
          {"fix", report::text_or_null(e.fix)},
          {"remedy", e.remedy == nullptr ? Json() : Json(e.remedy->id)},
          {"fixes", fixes_json(e)},
          {"see", e.see}};
}

}  // namespace

void write_json(std::ostream& out, const std::vector<Explanation>& all) {
  Json subjects = Json::array();
  for (const Explanation& e : all) subjects.push_back(as_json(e));
  out << Json{{"format", 1}, {"startle", STARTLE_VERSION}, {"subjects", subjects}}.dump(
             1, ' ', false, Json::error_handler_t::replace)
      << '\n';
}

}  // namespace startle::program
