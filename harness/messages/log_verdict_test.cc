#include "harness/messages/log_verdict.h"

#include <gtest/gtest.h>

#include <sstream>

namespace startle::messages {
namespace {

const Signatures& shipped() {
  static const Signatures read = Signatures::read(STARTLE_TREE "/cases/clients/messages");
  return read;
}

LogVerdict verdict_of(const std::string& text) {
  std::istringstream in(text);
  return read_log(in, shipped());
}

TEST(LogVerdict, FindsTheDeepestCause) {
  const LogVerdict verdict = verdict_of(
      "javax.mail.MessagingException: Could not convert socket to TLS;\n"
      "\tat com.sun.mail.smtp.SMTPTransport.startTLS(SMTPTransport.java:2140)\n"
      "Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid "
      "certification path to requested target\n");
  ASSERT_NE(verdict.recognised(), nullptr);
  EXPECT_EQ(verdict.recognised()->line, 3U);
  EXPECT_EQ(verdict.recognised()->endings.front(),
            (Ranked{words::Ending::certificate_not_trusted, Certainty::certain}));
}

}  // namespace
}  // namespace startle::messages
