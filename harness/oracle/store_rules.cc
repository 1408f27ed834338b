#include "harness/oracle/store_rules.h"

#include <algorithm>
#include <array>

#include "harness/oracle/flaw_rules.h"

namespace startle::oracle {
namespace {

using enum StoreEffect;

constexpr std::array<StoreRule, words::kHostStores.size()> kRules{{
    {words::HostStore::system, none, none, "there is no key store for the host"},
    {words::HostStore::host_jks, adds_shown, accepts_shown,
     "the host's key store holds the certificate that the server shows"},
    {words::HostStore::host_pkcs12, adds_shown, accepts_shown,
     "the host's key store holds the certificate that the server shows"},
    {words::HostStore::host_no_password, adds_shown, replaces,
     "no password is configured for the host's key store, which is encrypted with `changeit`"},
    {words::HostStore::host_wrong_password, unusable, unusable,
     "the password configured for the host's key store is wrong"},
    {words::HostStore::host_misnamed, none, none, "the key store's file has not the host's name"},
    {words::HostStore::host_missing, none, none, "the host has no key store in the folder"},
    {words::HostStore::host_corrupt, unusable, unusable, "the host's key store is damaged"},
    {words::HostStore::host_other_certificate, none, replaces,
     "the host's key store holds the certificate of another server"},
    {words::HostStore::host_renewed_certificate, none, replaces,
     "the host's key store holds the server's former certificate, of the same name and with "
     "another key"},
    {words::HostStore::cacerts, adds_shown, accepts_shown,
     "the Java runtime's own store holds the certificate that the server shows"},
}};

}  // namespace

const StoreRule& rule_of(words::HostStore store) {
  return *std::find_if(kRules.begin(), kRules.end(),
                       [&](const StoreRule& rule) { return rule.store == store; });
}

StoreEffect effect_of(words::StoreModel model, words::HostStore store) {
  const StoreRule& rule = rule_of(store);
  return model == words::StoreModel::documented ? rule.documented : rule.jsse;
}

StoreEffect effect_of(const Question& question) {
  if (!question.kept) return effect_of(question.store_model, question.store);
  const bool java = question.kept->is_system || question.store_model == words::StoreModel::jsse;
  switch (question.kept->state) {
    case KeptStore::State::absent:
      break;
    case KeptStore::State::unusable:
      return unusable;
    case KeptStore::State::opened:
      if (question.kept->holds_shown) return java ? accepts_shown : adds_shown;
      return java && !question.kept->is_in_path ? replaces : none;
  }
  return none;
}

std::string sentence_of(const Question& question) {
  if (question.kept) return question.kept->sentence;
  if (effect_of(question) == none) return "";
  return std::string(rule_of(question.store).sentence);
}

Facts seen_with(StoreEffect effect, Facts facts) {
  if (effect == adds_shown) {
    // A path of one certificate: nobody above it is looked at.
    if (facts.path != Path::impostor) facts.path = Path::anchored;
    facts.intermediates = Validity::current;
    facts.anchor = Validity::current;
    const FlawRule* flaw = rule_of(Bearer::authority, facts.authority_flaw);
    if (flaw != nullptr && flaw->of_path) facts.authority_flaw = Flaw::none;
  } else if (effect == replaces) {
    if (facts.path == Path::anchored) facts.path = Path::unknown_anchor;
    facts.anchor = Validity::current;
  }
  return facts;
}

}  // namespace startle::oracle
