// What is judged otherwise of a program that has sockets and words of its own.

#include "cases/engine/judge_program.h"

#include <gtest/gtest.h>

#include "cases/engine/judge_for_test.h"

namespace startle::cases {
namespace {

using enum words::Ending;

// One that ended right behind the handshake.
cases::Run ended_behind_handshake(words::Ending ending) {
  cases::Run run = ended(ending);
  run.goal = subject::Goal::tls;
  run.seen.delivered = 0;
  run.seen.handshakes = 1;
  run.seen.tls_version = "TLS1.3";
  run.seen.alert = "close_notify";
  return run;
}

TEST(JudgeOfPrograms, WhoGoesNoFurtherThanTlsAcceptedTheCertificateIfHeSaysSo) {
  const subject::Standing standing{.goal = subject::Goal::tls, .is_program = true};
  const auto judged = [&standing](words::Ending right, words::Ending ending) {
    return judge_client(exchange(), {{right}, "r"}, ended_behind_handshake(ending), standing)
        .verdict;
  };
  EXPECT_EQ(judged(certificate_expired, delivered).severity, words::Severity::false_accept);
  EXPECT_EQ(judged(delivered, delivered).kind, report::VerdictKind::pass);
  EXPECT_EQ(judged(certificate_expired, certificate_expired).kind, report::VerdictKind::pass);
}

}  // namespace
}  // namespace startle::cases
