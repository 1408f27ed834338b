#pragma once
// What a program that is put under test is told and what it answers: the contract of
// `run --client`. The same names stand in the environment of a program that is run once for each
// task and, without STARTLE_ and in lower case, in the JSON line of a worker's task
// (cases/clients/README.md).

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/subject/subject.h"
#include "harness/subject/task_folder.h"

namespace startle::subject {

// Exit codes of a program; every other one: it refused, or it failed.
inline constexpr int kDone = 0;           // the mail was sent, or the directory was bound to
inline constexpr int kCannotDoThis = 89;  // the last line that it printed says why

// "STARTLE_CONTRACT", "1", and so on; what the task has not got is absent.
//   STARTLE_PROTOCOL            smtp or ldap
//   STARTLE_MODE                smtp-starttls, smtps, ldap-starttls, ldaps, ..
//   STARTLE_HOST                the name that the certificate is to be checked for
//   STARTLE_ADDRESS             where the server is: 127.0.0.1
//   STARTLE_PORT
//   STARTLE_CA                  PEM; absent: nothing is to be verified
//   STARTLE_CRL                 PEM; absent: there is no certificate revocation list
//   STARTLE_TRUST               as the customer would write it; absent: it is not configured
//   STARTLE_USERNAME
//   STARTLE_PASSWORD_FILE       its octets, without an end of line
//   STARTLE_BIND_DN             LDAP: the name of a simple bind
//   STARTLE_MECHANISM           the SASL mechanism to use; absent: what is offered decides
//   STARTLE_CLIENT_CERTIFICATE  PEM
//   STARTLE_CLIENT_KEY          PEM
//   STARTLE_TLS_POLICY          enable: to go on without TLS is allowed; absent: it is required
//   STARTLE_SENDER, STARTLE_RECIPIENT, STARTLE_MESSAGE_FILE   SMTP
//   STARTLE_BASE, STARTLE_FILTER                              LDAP
//   STARTLE_DEADLINE            seconds, after which the program is ended
//   STARTLE_MORE                true: to a worker, further tasks of the same user follow, for which
//                               it may keep connections open; absent: whatever is open is closed
using ContractVariable = std::pair<std::string, std::string>;
std::vector<ContractVariable> contract_variables(const ExchangeRequest& request,
                                                 const TaskFiles& files);

// The line that tells a worker its task number `task`; it ends with a newline.
std::string task_line(unsigned task, const std::vector<ContractVariable>& variables);

// What a worker answers. Throws Error(Fault::input, "where: why") for anything else than an answer
// to `task`.
struct WorkerAnswer {
  enum class Result { done, refused, cannot };
  Result result = Result::refused;
  std::optional<words::Ending> ending{};
  std::string reason{};
};
WorkerAnswer read_answer(const std::string& line, unsigned task, const std::string& where);
// That it is a worker at all: {"startle": 1}.
void read_greeting(const std::string& line, const std::string& where);

}  // namespace startle::subject
