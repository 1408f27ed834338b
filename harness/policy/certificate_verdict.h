#pragma once
// The judgement on a server's certificate: the first check that fails decides, in the order of the
// trust model (README.md, "Order of checks").

#include <optional>
#include <string>

#include "harness/policy/oracle.h"

namespace startle::policy {

struct CertificateVerdict {
  std::optional<Ending> refusal{};  // nullopt: accepted
  bool debatable = false;           // refused, but accepting it would be as legal
  std::string reason{};             // one sentence, of refusal and acceptance alike
};

// What one check says; nullopt: it passes.
using Refusal = std::optional<CertificateVerdict>;
CertificateVerdict refuse(Ending ending, std::string reason);
// `whose` opens the sentence: "the certificate".
Refusal check_dates(Validity validity, const std::string& whose);

// `documented` and `pkix`: signature, dates, chain, key strength, purpose, name. A `documented`
// client leaves out all that is not the end entity's own, and everything where trust is `*` alone.
CertificateVerdict judge_by_names(const Question& question);

// `javamail` and `angus`: algorithm constraints, PKIX where trust is absent, name (angus), list.
CertificateVerdict judge_as_java(const Question& question);

}  // namespace startle::policy
