#include "cases/engine/shown_row.h"

#include "cases/engine/customer_host.h"
#include "cases/engine/judge.h"
#include "certs/java_anchors.h"
#include "certs/shown_chain.h"

namespace startle::cases {
namespace {

using oracle::KeptStore;

// The anchors that count beside the customer's store, or in its place, and what they are called.
struct Anchors {
  std::vector<std::string> der{};
  std::string sentence{};
  bool as_in_java = false;
};

Anchors anchors_of(const CustomerHost& host, words::StoreModel model) {
  const NamedAnchors& machine = *host.shown->machine;
  const bool opened = host.store && host.store->state == KeptStore::State::opened;
  if (opened && reading_of(*host.store, model) == words::StoreModel::jsse) {
    return {host.store->trusted_der,
            host.store->is_system ? "trust anchors: " + machine.described()
                                  : "trust anchors: the host's key store alone",
            true};
  }
  Anchors made{machine.der, "trust anchors: "};
  if (opened) {
    made.der.insert(made.der.end(), host.store->trusted_der.begin(), host.store->trusted_der.end());
    made.sentence += "the host's key store and ";
  }
  made.sentence += machine.described();
  return made;
}

// Of the path that Java finds. It looks at an anchor, too: a path that only one has that is no
// authority breaks the rule for authorities.
oracle::Facts path_in_java(const std::vector<std::string>& sent,
                           const std::vector<std::string>& held) {
  const std::vector<std::string> anchors = certs::found_anchors(held, sent);
  oracle::Facts facts = certs::read_facts(sent, anchors);
  if (facts.path == oracle::Path::impostor) {
    // Its builder goes by names: without an anchor above the impostor there is no path to check.
    const certs::StoreMatch match = certs::match_store(sent, anchors);
    if (!match.has_issued && !match.has_namesake) facts.path = oracle::Path::unknown_anchor;
  }
  if (facts.path != oracle::Path::anchored) return facts;
  oracle::Facts in_java = certs::read_facts(sent, certs::issuing_anchors(anchors, sent.front()));
  if (in_java.path == oracle::Path::anchored) return in_java;
  for (const std::string& der : anchors) {
    const oracle::Flaw flaw = certs::anchor_flaw(der);
    if (flaw != oracle::Flaw::none) facts.authority_flaw = flaw;
    if (flaw == oracle::Flaw::not_ca) break;
  }
  return facts;
}

// As the client with these anchors meets it.
oracle::Facts met_facts(const std::vector<std::string>& sent, const Anchors& anchors) {
  if (!anchors.as_in_java) return certs::read_facts(sent, anchors.der);
  oracle::Facts facts = path_in_java(sent, anchors.der);
  const oracle::Flaw unread = certs::unread_authority(sent);
  if (unread != oracle::Flaw::none) facts.authority_flaw = unread;
  return facts;
}

}  // namespace

bool is_shown_row(const Exchange& exchange) {
  return exchange.certificate == kShownCertificate && exchange.customer && exchange.customer->shown;
}

report::Verdict judge_shown(const Exchange& exchange) {
  const CustomerHost& host = *exchange.customer;
  const std::vector<std::string>& sent = host.shown->der;
  const Anchors anchors = anchors_of(host, exchange.store_model);
  std::optional<KeptStore> kept;
  if (host.store) kept = kept_for(*host.store, exchange.store_model, sent);
  if (kept) kept->is_in_path = true;
  const Expectation expected = expectation_of(exchange, met_facts(sent, anchors), std::move(kept));
  report::Verdict verdict = verdict_on(exchange);
  verdict.expected = expected.endings;
  verdict.reason = expected.reason;
  verdict.facts = facts_for_a_person(sent, host.shown->file);
  // Of what is refused before any certificate is looked at, they say nothing.
  const bool looked_at = words::demands_tls(exchange.mode) &&
                         expected.endings.front() != words::Ending::configuration_error;
  if (looked_at) verdict.reason += "; " + anchors.sentence;
  return verdict;
}

std::vector<std::pair<std::string, std::string>> facts_for_a_person(
    const std::vector<std::string>& sent_der, const std::string& file) {
  auto facts = certs::described(sent_der.front());
  const std::size_t count = sent_der.size();
  std::string chain = std::to_string(count) + (count == 1 ? " certificate" : " certificates");
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 1; i < std::min(count, kMost); ++i) {
    chain += (i == 1 ? ", behind the first " : ", then ") + certs::subject_text(sent_der[i]);
  }
  facts.emplace_back("chain", chain + (count > kMost ? " .." : ""));
  facts.emplace_back("judged", "by the rules alone, from " + file +
                                   ": no client met it, as nobody here has the server's key");
  return facts;
}

}  // namespace startle::cases
