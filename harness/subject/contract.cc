#include "harness/subject/contract.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "harness/base/error.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/report/json_value.h"

namespace startle::subject {
namespace {

using report::Json;

constexpr std::string_view kPrefix = "STARTLE_";
// What is a number in a worker's line.
constexpr std::string_view kNumbers[] = {"STARTLE_PORT", "STARTLE_DEADLINE"};

std::string seconds_of(std::chrono::milliseconds time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count());
}

// In LDAP a name is one of SASL where a mechanism takes it, otherwise a DN.
bool is_bind_name(const client::Settings& settings) {
  return row_of(words::protocol_of(settings.mode)).is_directory && !settings.mechanism;
}

WorkerAnswer::Result result_of(const std::string& word, const std::string& where) {
  if (word == "done") return WorkerAnswer::Result::done;
  if (word == "refused") return WorkerAnswer::Result::refused;
  if (word == "cannot") return WorkerAnswer::Result::cannot;
  throw Error(Fault::input, where + ": \"result\" is `" + report::shortened(printable(word)) +
                                "`: a worker answers done, refused or cannot");
}

Json object_of(const std::string& line, const std::string& where) {
  constexpr std::size_t kShown = 80;
  auto read = report::read_json(line);
  if (Json* json = std::get_if<Json>(&read); json != nullptr && json->is_object()) {
    return std::move(*json);
  }
  const auto* wrong = std::get_if<report::NotJson>(&read);
  const bool is_json = wrong != nullptr && !wrong->is_syntax;
  throw Error(Fault::input, where + ": `" + printable(line.substr(0, kShown)) + "` " +
                                (is_json ? wrong->why : "is no JSON object") +
                                ": a worker writes one on each line of stdout, and nothing else");
}

std::string text_of(const Json& json, const char* member, const std::string& where) {
  const auto found = json.find(member);
  if (found == json.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  throw Error(Fault::input, where + ": \"" + member + "\" is no text");
}

}  // namespace

std::vector<ContractVariable> contract_variables(const ExchangeRequest& request,
                                                 const TaskFiles& files) {
  const client::Settings& told = request.settings;
  const words::ProtocolRow& protocol = row_of(words::protocol_of(told.mode));
  std::vector<ContractVariable> all;
  const auto add = [&all](const char* name, const std::string& value) {
    all.emplace_back(std::string(kPrefix) + name, value);
  };
  const auto maybe = [&add](const char* name, const auto& value) {
    if (value) add(name, *value);
  };
  add("CONTRACT", "1");
  add("PROTOCOL", std::string(word(words::protocol_of(told.mode))));
  add("MODE", std::string(word(told.mode)));
  add("HOST", told.host);
  add("ADDRESS", request.endpoint.address);
  add("PORT", std::to_string(request.endpoint.port));
  // A description says itself when its client is given them.
  if (form_of(told.trust, told.host) != TrustForm::any) {
    maybe("CA", files.trust.authorities);
    maybe("CRL", files.trust.revocation_lists);
  }
  maybe("TRUST", told.trust);
  maybe(is_bind_name(told) ? "BIND_DN" : "USERNAME", told.username);
  if (told.password) add("PASSWORD_FILE", files.password);
  maybe("MECHANISM", told.mechanism);
  maybe("CLIENT_CERTIFICATE", files.trust.certificate);
  maybe("CLIENT_KEY", files.trust.key);
  if (told.tls_policy != words::TlsPolicy::required) {
    add("TLS_POLICY", std::string(word(told.tls_policy)));
  }
  if (protocol.is_mail) {
    add("SENDER", told.sender);
    add("RECIPIENT", told.recipient);
    add("MESSAGE_FILE", files.message);
  } else {
    add("BASE", told.base);
    add("FILTER", told.filter);
  }
  add("DEADLINE", seconds_of(request.deadline));
  if (request.more) add("MORE", "true");
  return all;
}

std::string task_line(unsigned task, const std::vector<ContractVariable>& variables) {
  Json line{{"task", task}};
  for (const auto& [name, value] : variables) {
    if (name == "STARTLE_CONTRACT") continue;
    const std::string member = ascii_lower(name.substr(kPrefix.size()));
    const bool number =
        std::find(std::begin(kNumbers), std::end(kNumbers), name) != std::end(kNumbers);
    line[member] = number ? Json(std::stoul(value)) : Json(value);
  }
  return report::dumped(line) + "\n";
}

void read_greeting(const std::string& line, const std::string& where) {
  const Json json = object_of(line, where);
  const auto version = json.find("startle");
  if (version != json.end() && *version == 1) return;
  throw Error(Fault::input, where + ": a worker begins with {\"startle\": 1}, not with `" +
                                printable(line.substr(0, 80)) + "`");
}

WorkerAnswer read_answer(const std::string& line, unsigned task, const std::string& where) {
  const Json json = object_of(line, where);
  const auto number = json.find("task");
  if (number == json.end() || *number != task) {
    throw Error(Fault::input, where +
                                  ": this answers no task, or another one: \"task\" has to be " +
                                  std::to_string(task));
  }
  WorkerAnswer answer{.result = result_of(text_of(json, "result", where), where),
                      .reason = text_of(json, "reason", where)};
  const std::string ending = text_of(json, "ending", where);
  if (ending.empty()) return answer;
  answer.ending = from_word<words::Ending>(ending);
  if (answer.ending) return answer;
  throw Error(Fault::input, where + ": \"ending\" is `" + report::shortened(printable(ending)) +
                                "`, which is no ending: known are " +
                                comma_separated(words::kEndings));
}

}  // namespace startle::subject
