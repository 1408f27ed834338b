#include "harness/client/smtp_decisions.h"

#include <algorithm>
#include <array>

namespace startle::client {

bool SmtpDecisions::speaks_of_credentials(const wire::SmtpReply& refusal) const {
  constexpr std::array kOfSomethingElse{503, 504, 523, 524, 530, 534, 538};
  return refusal.permanent_failure() && std::find(kOfSomethingElse.begin(), kOfSomethingElse.end(),
                                                  refusal.code) == kOfSomethingElse.end();
}

}  // namespace startle::client
