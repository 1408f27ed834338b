#pragma once
// The judgement on a server's certificate: checks in the order of the trust model (README.md,
// "Order of checks"). The first that must refuse decides; one that may refuse leaves the rest to
// be checked, so that a verdict can hold several endings.

#include <string>
#include <vector>

#include "harness/oracle/oracle.h"

namespace startle::oracle {

// What one check says.
struct CheckResult {
  std::vector<words::Ending> refusals{};  // the legal ways to refuse; empty: the check passes
  bool may_pass = false;                  // going on is as legal as refusing
  std::string reason{};                   // one sentence without its full stop
};
CheckResult refuse(words::Ending ending, std::string reason);
CheckResult may_refuse(words::Ending ending, std::string reason);

// `whose` opens the sentence: "the certificate".
CheckResult check_dates(Validity validity, const std::string& whose);

struct CertificateVerdict {
  std::vector<words::Ending> refusals{};  // in the order of checks, no doubles
  bool acceptable = true;                 // accepting is legal; with refusals, as legal as they are
  std::string reason{};                   // of what decided; of several, one after the other
};

// Takes results in the order of checks.
class Checks {
 public:
  // False: the check must refuse, so nothing behind it is looked at.
  bool goes_on(CheckResult result);
  // Where all checks are passed: `reason` says why the certificate is accepted, unless one of them
  // might have refused it.
  CertificateVerdict accept(std::string reason) &&;
  CertificateVerdict refuse() && { return std::move(verdict_); }

 private:
  CertificateVerdict verdict_{};
};

// `documented` and `pkix`: encoding and signature, dates, chain, revocation, strength, purpose,
// name. A `documented` client leaves out all that is not the end entity's own, and where trust is
// `*` alone, all but what no TLS library reads over.
CertificateVerdict judge_by_names(const Question& question);

// Java's models: what Java's parser and limits refuse, algorithm constraints, PKIX where trust is
// absent, name (but for `javamail`), list. `jndi` knows no trust and no list.
CertificateVerdict judge_as_java(const Question& question);

}  // namespace startle::oracle
