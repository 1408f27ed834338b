#include <nlohmann/json.hpp>

#include "cases/program/diagnose/report.h"
#include "harness/base/date.h"
#include "harness/base/printable.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using Json = nlohmann::ordered_json;

Json texts(const std::vector<std::string>& all) {
  Json list = Json::array();
  for (const std::string& one : all) list.push_back(printable(one));
  return list;
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(printable(text));
}

Json advice(const std::vector<diagnosis::Advice>& all, bool is_change) {
  Json list = Json::array();
  for (const diagnosis::Advice& one : all) {
    Json made{{"text", printable(one.text)}, {"commands", texts(one.commands)}};
    if (is_change) made["hides"] = one.hides;
    list.push_back(std::move(made));
  }
  return list;
}

Json claim_of(const diagnosis::Claim& claim) {
  return {{"cause", std::string(claim.cause)},
          {"answer", printable(claim.answer)},
          {"confidence", std::string(word(claim.confidence))},
          {"rests_on", texts(claim.rests_on)},
          {"change", advice(claim.change, true)},
          {"ask", advice(claim.ask, false)}};
}

Json diagnosis_of(const Diagnosed& one) {
  const diagnosis::Evidence& evidence = one.gathered.evidence;
  const diagnosis::Server& server = evidence.server;
  Json steps = Json::array();
  for (const StepResult& step : one.gathered.steps) {
    steps.push_back({{"step", std::string(word(step.step))},
                     {"state", std::string(word(step.state))},
                     {"said", printable(step.said)},
                     {"details", texts(step.details)}});
  }
  Json verdict = Json::array();
  for (const diagnosis::Reading& reading : evidence.readings) {
    Json endings = Json::array();
    for (const words::Ending ending : reading.endings) endings.push_back(std::string(word(ending)));
    verdict.push_back({{"trust_model", std::string(word(reading.model))},
                       {"store_model",
                        reading.has_store ? Json(std::string(word(reading.store))) : Json(nullptr)},
                       {"stated", reading.is_stated},
                       {"accepted", reading.accepted()},
                       {"endings", std::move(endings)},
                       {"reason", printable(reading.reason)}});
  }
  Json causes = Json::array();
  for (const diagnosis::Claim& claim : one.diagnosis.claims) causes.push_back(claim_of(claim));
  return {{"where", or_null(server.where)},
          {"host", or_null(server.host)},
          {"port", server.host.empty() ? Json(nullptr) : Json(server.port)},
          {"mode", server.mode_is_guess ? Json(nullptr) : Json(std::string(word(server.mode)))},
          {"health", std::string(word(one.diagnosis.health))},
          {"steps", std::move(steps)},
          {"certificates", texts(one.gathered.chain)},
          {"verdict", std::move(verdict)},
          {"contradictions", texts(one.diagnosis.contradictions)},
          {"causes", std::move(causes)}};
}

}  // namespace

std::string json_report(const std::vector<Diagnosed>& all) {
  Json diagnoses = Json::array();
  for (const Diagnosed& one : all) diagnoses.push_back(diagnosis_of(one));
  const Json report{{"format", 1},
                    {"startle", STARTLE_VERSION},
                    {"clock", time_text(tls::run_clock())},
                    {"diagnoses", std::move(diagnoses)}};
  return report.dump(2) + "\n";
}

}  // namespace startle::program
