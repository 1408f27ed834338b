// What is right of an exchange: as its case states it, or as the oracle has it.

#include <algorithm>

#include "cases/engine/judge.h"
#include "cases/engine/possible_endings.h"

namespace startle::cases {
namespace {

// RFC 6125, 6.4.4, and RFC 7817, 3: in want of any name of another kind. To LDAP it has no wildcard
// (RFC 4513, 3.1.3).
bool may_stand_in(const oracle::PresentedIdentity& presented, words::Mode mode) {
  const bool is_directory = row_of(words::protocol_of(mode)).is_directory;
  const bool is_wildcard = presented.common_name.find('*') != std::string::npos;
  return !presented.has_san() && !presented.common_name.empty() && !(is_directory && is_wildcard);
}

bool is_a_librarys(words::TrustModel model) {
  return !std::ranges::all_of(words::kProtocolRows, [&](const words::ProtocolRow& row) {
    return words::fits(model, row.value);
  });
}

// What a case states is right of every client that takes the certificate. To a library's model one
// that states success takes for granted that it names the host, and to the library of a model it
// may not: there the host's form decides (a final dot, a U-label).
Expectation as_stated(const Expectation& stated, const oracle::Question& question) {
  if (!std::all_of(stated.endings.begin(), stated.endings.end(), words::is_success)) return stated;
  oracle::Answer answer = oracle::expect(question);
  if (answer.endings != std::vector{words::Ending::certificate_host_mismatch}) return stated;
  return {.endings = std::move(answer.endings), .reason = std::move(answer.reason)};
}

}  // namespace

Expectation expectation_of(const Exchange& exchange, const oracle::Facts& facts,
                           std::optional<oracle::KeptStore> kept) {
  if (exchange.stated && !is_a_librarys(exchange.trust_model)) return *exchange.stated;
  oracle::Question question{.model = exchange.trust_model,
                            .mode = exchange.mode,
                            .host = exchange.host,
                            .trust = exchange.trust,
                            .credential = credential_facts(exchange),
                            .facts = facts,
                            .store_model = exchange.store_model,
                            .store = exchange.store,
                            .kept = std::move(kept)};
  if (exchange.stated) return as_stated(*exchange.stated, question);
  oracle::Answer answer = oracle::expect(question);
  if (deviates(exchange)) return possible_endings(exchange, facts, answer);
  Expectation expected{.endings = std::move(answer.endings), .reason = std::move(answer.reason)};
  const auto is_another = [&] { return oracle::expect(question).endings != expected.endings; };
  if (facts.must_staple || facts.staple != oracle::Staple::none) {
    question.facts.must_staple = false;
    question.facts.staple = oracle::Staple::none;
    expected.rests_on_staple = is_another();
    question.facts = facts;
  }
  if (facts.revocation != oracle::Revocation::none) {
    question.facts.revocation = oracle::Revocation::none;
    expected.rests_on_revocation_list = is_another();
    question.facts = facts;
  }
  if (may_stand_in(facts.presented, exchange.mode)) {
    question.facts.presented.dns_names = {facts.presented.common_name};
    const auto then = oracle::expect(question).endings;
    expected.rests_on_common_name = !words::is_success(expected.endings.front()) &&
                                    std::all_of(then.begin(), then.end(), words::is_success);
  }
  return expected;
}

}  // namespace startle::cases
