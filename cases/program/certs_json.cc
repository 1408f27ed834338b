#include "cases/program/certs_json.h"

#include <algorithm>
#include <functional>

#include "harness/oracle/oracle.h"

namespace startle::program {
namespace {

using certs::Recipe;
using words::Ending;
using words::TrustModel;

// Those first that are told `trust`.
std::vector<TrustModel> java_last() {
  std::vector<TrustModel> models(words::kEveryTrustModel.begin(), words::kEveryTrustModel.end());
  std::stable_partition(models.begin(), models.end(), std::not_fn(words::is_javas));
  return models;
}

}  // namespace

std::string list_of(const std::vector<Ending>& endings) {
  std::string list;
  for (const Ending ending : endings) {
    list += (list.empty() ? "" : " or ") + std::string(word(ending));
  }
  return list;
}

std::string told_trust() {
  std::string models;
  for (const TrustModel model : java_last()) {
    if (words::is_javas(model)) continue;
    models += (models.empty() ? "" : ", ") + std::string(word(model));
  }
  return models;
}

std::vector<ModelEndings> endings_of(const oracle::Facts& facts, const std::string& host) {
  std::vector<ModelEndings> all;
  for (const TrustModel model : java_last()) {
    oracle::Question question{.model = model, .host = host, .facts = facts};
    if (!words::is_javas(model)) question.trust = host;
    oracle::Answer answer = oracle::expect(question);
    all.push_back(
        {.model = model, .endings = std::move(answer.endings), .reason = std::move(answer.reason)});
  }
  return all;
}

std::vector<ModelEndings> endings_of(const Recipe& recipe, const std::string& host) {
  std::vector<ModelEndings> all = endings_of(certs::facts_of(recipe, host), host);
  for (ModelEndings& made : all) {
    const std::vector<Ending>& stated = recipe.expected.of(made.model);
    const bool as_stated =
        stated.empty() ||
        std::is_permutation(stated.begin(), stated.end(), made.endings.begin(), made.endings.end());
    if (as_stated) continue;
    made.reason =
        "so the recipe says; the rules say " + list_of(made.endings) + " (" + made.reason + ")";
    made.endings = stated;
  }
  return all;
}

Json endings_json(const std::vector<ModelEndings>& endings) {
  Json all;
  for (const ModelEndings& one : endings) {
    all[std::string(word(one.model))] = {{"endings", report::words_json(one.endings)},
                                         {"reason", one.reason}};
  }
  return all;
}

Json facts_json(const oracle::Facts& facts) {
  return {{"common_name", facts.presented.common_name},
          {"dns_names", facts.presented.dns_names},
          {"ip_addresses", facts.presented.ip_addresses},
          {"other_names", facts.presented.other_names},
          {"end_entity", word(facts.end_entity)},
          {"intermediates", word(facts.intermediates)},
          {"anchor", word(facts.anchor)},
          {"path", word(facts.path)},
          {"end_entity_flaw", word(facts.end_entity_flaw)},
          {"authority_flaw", word(facts.authority_flaw)},
          {"signature_valid", facts.signature_valid},
          {"signature_checkable", facts.signature_checkable},
          {"server_purpose", word(facts.server_purpose)},
          {"rsa_bits", facts.rsa_bits},
          {"dsa_key", facts.dsa_key},
          {"dsa_signature", facts.dsa_signature},
          {"digest", word(facts.digest)},
          {"certificates", facts.certificates},
          {"oversized", facts.oversized},
          {"revocation", word(facts.revocation)},
          {"must_staple", facts.must_staple},
          {"staple", word(facts.staple)}};
}

Json recipe_json(const Recipe& recipe, const std::string& kind, const std::string& host) {
  Json disagreements = Json::array();
  for (const certs::Disagreement& one : recipe.disagreements) {
    disagreements.push_back({{"library", word(one.library)}, {"says", one.says}, {"why", one.why}});
  }
  return {{"id", recipe.id},
          {"kind", kind},
          {"reason", recipe.reason},
          {"clause", recipe.clause},
          {"endings", endings_json(endings_of(recipe, host))},
          {"why", report::text_or_null(recipe.expected.why)},
          {"facts", facts_json(certs::facts_of(recipe, host))},
          {"disagreements", std::move(disagreements)}};
}

}  // namespace startle::program
