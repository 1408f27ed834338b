#pragma once
// What follows from each flaw of a certificate, as data: a row per flaw, README.md, "Flaw".

#include "harness/oracle/certificate_verdict.h"
#include "harness/oracle/facts.h"

namespace startle::oracle {

// Whose flaw it is.
enum class Bearer { end_entity, authority };

// What a client does that meets it.
enum class FlawConsequence {
  passes,
  refuses,                   // validation-failure
  refuses_somehow,           // the same, or handshake-failure: the TLS library's own refusal
  may_refuse,                // validation-failure, and accepting is as legal
  may_refuse_somehow,        // validation-failure, handshake-failure, and accepting is as legal
  refuses_or_finds_no_path,  // certificate-not-trusted, where what cannot be read is passed over
  may_find_no_path,          // certificate-not-trusted, and accepting is as legal
  may_refuse_as_purpose,     // certificate-wrong-purpose, validation-failure, or accepting
};

struct FlawRule {
  Flaw flaw = Flaw::none;
  Bearer bearer = Bearer::end_entity;
  // Of its encoding or its own contents: looked at first. Otherwise of the path: behind the dates.
  bool of_path = false;
  FlawConsequence documented = FlawConsequence::passes;
  FlawConsequence documented_any = FlawConsequence::passes;  // where trust is `*`
  FlawConsequence pkix = FlawConsequence::passes;
  FlawConsequence java = FlawConsequence::passes;            // trust is absent
  FlawConsequence java_any_trust = FlawConsequence::passes;  // the parser's: whatever trust says
  std::string_view sentence{};  // what is wrong, with its clause; no full stop
};

// Null: nothing follows from it.
const FlawRule* rule_of(Bearer bearer, Flaw flaw);

// The consequence, said with the rule's sentence and `behind` it.
CheckResult result_of(const FlawRule& rule, FlawConsequence consequence,
                      std::string_view behind = "");

}  // namespace startle::oracle
