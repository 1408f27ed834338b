#include "harness/report/run_for_test.h"

#include <sstream>

#include "harness/report/summary.h"

namespace startle::report {

using words::Ending;
using words::Invariant;
using words::Severity;
using words::TrustModel;

RunInfo run_for_test() {
  return {
      .version = "0.1.0",
      .client_name = "builtin",
      .client_version = "0.1.0",
      .tls_library = "GnuTLS 3.7.9",
      .trust_model = "documented",
      .transport = "memory",
      .clock = std::chrono::sys_days{std::chrono::year{2030} / 6 / 15} + std::chrono::seconds(3661),
      .clock_stated = true,
      .seed = 7,
      .selection = {"smtp", "hang", "a"},
      .selected = 7,
      .cases = 7};
}

std::vector<Verdict> verdicts_for_test() {
  return {{.id = "smtp/sender/ok",
           .expected = {Ending::delivered},
           .observed = Ending::delivered,
           .tls_version = "TLS1.3",
           .alert = "close_notify",
           .requirements = {"RFC3207-4-e", "RFC5321-3.8-a"},
           .reason = "a sound server",
           .ms = 2.5,
           .client_says = "delivered inside TLS1.3",
           .certificate = "valid",
           .connections = 1,
           .handshakes = 1},
          {.id = "smtp/injection/reply",
           .trust_model = TrustModel::pkix,
           .kind = VerdictKind::fail,
           .severity = Severity::leak,
           .expected = {Ending::protocol_error, Ending::delivered},
           .observed = Ending::auth_rejected,
           .violations = {Invariant::secret_in_clear, Invariant::payload_in_clear},
           .finding = "secret-in-clear",
           .reason = "it sent the password",
           .ms = 0.25,
           .certificate = "expired",
           .dialogue = {"S: 220 hi", "C: AUTH PLAIN <initial response>"},
           .connections = 2,
           .handshakes = 1},
          {.id = "hang",
           .kind = VerdictKind::fail,
           .severity = Severity::wrong_reason,
           .violations = {Invariant::hung},
           .finding = "hung",
           .reason = "no end"},
          {.id = "a/skipped", .kind = VerdictKind::skip, .reason = "no such mode"},
          {.id = "a/known",
           .kind = VerdictKind::xfail,
           .observed = Ending::timeout,
           .reason = "issue 9"},
          {.id = "a/fixed",
           .kind = VerdictKind::xpass,
           .observed = Ending::delivered,
           .reason = "expected to fail, and passed"},
          {.id = "a/broken", .kind = VerdictKind::error, .reason = "x.xml:3: no such recipe"}};
}

std::vector<Finding> findings_for_test() {
  return {{.id = "secret-in-clear",
           .severity = Severity::leak,
           .seen = "it sent the password",
           .why = "anyone can read it",
           .fix = "start TLS first",
           .reproduce = "startle run 'smtp/injection/reply' --trust-model pkix",
           .first_case = "smtp/injection/reply",
           .cases = 1,
           .requirements = {"RFC4954-14-a"},
           .clauses = {"RFC 4954, 14 (RFC4954-14-a): no password in clear"},
           .dialogue = {"S: 220 hi", "C: AUTH PLAIN <secret>"}},
          {.id = "hung",
           .severity = Severity::wrong_reason,
           .seen = "no end",
           .why = "a client that waits for ever",
           .fix = "give every wait a limit",
           .reproduce = "startle run 'hang'",
           .first_case = "hang",
           .further = {"hang/too"},
           .cases = 2}};
}

std::string written(Report& report, const std::ostream& out, const std::vector<Verdict>& verdicts,
                    const std::vector<Finding>& findings) {
  Tally tally;
  report.begin(run_for_test());
  for (const Verdict& verdict : verdicts) {
    tally.add(verdict, {.id = verdict.finding});
    report.add(verdict);
  }
  report.end({.findings = findings,
              .summary = tally.summary(),
              .warnings = {{.where = "conf/schedule.xml:3", .text = "the attribute is ignored"}},
              .wall_s = 1.5});
  return dynamic_cast<const std::ostringstream&>(out).str();
}

}  // namespace startle::report
