#include "harness/diagnosis/weigh.h"

#include <algorithm>
#include <array>

#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/judgement.h"

namespace startle::diagnosis {
namespace {

constexpr std::array kCauses{
    CauseRow{"configuration-refused", file_refused},
    CauseRow{"server", seen_ending},
    CauseRow{"trust-not-in-force", trust_not_in_force},
    CauseRow{"clock-is-wrong", clock_is_wrong},
    CauseRow{"host-not-listed", host_not_listed},
    CauseRow{"store-unusable", unusable_store},
    CauseRow{"store", wrong_store},
    CauseRow{"certificate", refused_certificate},
    CauseRow{"wrong-port", wrong_port},
    CauseRow{"renewed-since-the-log", log_of_another_time},
    CauseRow{"mistake", mistaken_element},
    CauseRow{"log", logged_ending},
    CauseRow{"trust-absent", trust_absent},
    CauseRow{"log-of-another-protocol", log_of_another_protocol, true},
    CauseRow{"log-of-tls-in-clear", log_of_tls_in_clear, true},
    CauseRow{"log-of-another-host", log_of_another_host, true},
    CauseRow{"chain-of-another-host", chain_of_another_host, true},
    CauseRow{"chain-of-another-time", chain_of_another_time, true},
    CauseRow{"in-clear", in_clear},
    CauseRow{"doubtful", doubtful_element},
};

// A log of another server says nothing of this one.
bool is_foreign(const Evidence& evidence) {
  return log_of_another_protocol(evidence) || log_of_another_host(evidence) ||
         log_of_tls_in_clear(evidence);
}

struct Weighed {
  Claim claim{};
  int tier = 0;
};

// A better cause accounts for what the log says: it is certain, or rests on the log itself.
bool accounts_for_log(const Evidence& evidence, const Weighed& one) {
  const std::string log = quoted_log(evidence);
  return one.tier == 0 || (one.tier == 1 && !log.empty() &&
                           std::ranges::find(one.claim.rests_on, log) != one.claim.rests_on.end());
}
bool is_last_resort(const CauseRow& row) {
  return row.look == log_of_another_time || row.look == logged_ending;
}

int tier_of(const Claim& claim, bool is_contradiction) {
  switch (claim.confidence) {
    case Confidence::certain:
      return is_contradiction ? 2 : 0;
    case Confidence::likely:
      return is_contradiction ? 2 : 1;
    case Confidence::possible:
      break;
  }
  return 3;
}

Claim nothing_found(const Evidence& evidence, Health health) {
  Claim claim;
  const std::string server = name_of(evidence.server);
  claim.ask = ask_for_missing(evidence);
  if (health == Health::healthy) {
    claim.cause = "no-fault";
    claim.answer = "what " + server + " shows is accepted, read as " +
                   std::string(word(evidence.stated)) + ": no fault was found";
    claim.confidence =
        evidence.shown && evidence.shown->is_live() ? Confidence::certain : Confidence::likely;
    claim.rests_on.push_back(source_of_shown(evidence));
    claim.change.push_back({.text = "nothing"});
    return claim;
  }
  claim.cause = "cannot-tell";
  claim.answer = "what was given does not say what is wrong with " + server;
  claim.confidence = Confidence::possible;
  claim.rests_on.push_back(evidence.silent_log.empty()
                               ? "nothing that was given speaks for any cause"
                               : evidence.silent_log +
                                     " holds no message of a mail or LDAP client "
                                     "that is known");
  claim.change.push_back({.text = "nothing yet"});
  if (claim.ask.empty()) {
    claim.ask.push_back({.text = "a log of the failure that was written today"});
  }
  return claim;
}

}  // namespace

std::span<const CauseRow> causes() {
  return kCauses;
}

Diagnosis weigh(const Evidence& evidence) {
  Evidence own = evidence;
  if (is_foreign(evidence)) own.log.reset();
  Diagnosis diagnosis;
  std::vector<Weighed> weighed;
  for (const CauseRow& row : kCauses) {
    auto claim = row.look(row.is_contradiction ? evidence : own);
    if (!claim) continue;
    const auto accounts = [&](const Weighed& one) { return accounts_for_log(own, one); };
    if (is_last_resort(row) && std::ranges::any_of(weighed, accounts)) continue;
    if (row.is_contradiction) diagnosis.contradictions.push_back(claim->answer);
    const int tier = tier_of(*claim, row.is_contradiction);
    weighed.push_back({*std::move(claim), tier});
  }
  std::ranges::stable_sort(weighed, {}, &Weighed::tier);
  const bool is_refused = own.shown && !own.readings.empty() && !is_accepted_as_stated(own);
  const bool fails =
      is_refused || std::ranges::any_of(weighed, [](const Weighed& one) { return one.tier < 2; });
  const bool passes =
      is_accepted_as_stated(own) && (!own.seen || words::is_success(own.seen->ending));
  diagnosis.health = fails ? Health::fails : passes ? Health::healthy : Health::unknown;
  for (Weighed& one : weighed) diagnosis.claims.push_back(std::move(one.claim));
  if (diagnosis.health == Health::healthy || diagnosis.claims.empty()) {
    diagnosis.claims.insert(diagnosis.claims.begin(), nothing_found(own, diagnosis.health));
  }
  return diagnosis;
}

}  // namespace startle::diagnosis
