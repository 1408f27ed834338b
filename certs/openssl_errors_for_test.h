#pragma once
// What OpenSSL reports of a chain (`openssl verify`, `s_client`), as a client would end that is
// built on it and applies the order of checks of harness/oracle/README.md.

#include <string>
#include <string_view>
#include <vector>

#include "certs/disagreement_for_test.h"

namespace startle::certs {

struct OpensslError {
  int number = 0;      // X509_V_ERR_..
  int depth = 0;       // 0: the end entity
  std::string text{};  // OpenSSL's own: "certificate has expired"
  bool operator==(const OpensslError&) const = default;
};

// The checks of harness/oracle/README.md, in their order.
enum class Check { signature, dates, chain, status, strength, purpose, name };

// Throws Error(Fault::internal) for an error that nothing of ours should cause: it is looked at by
// a person and then put into the table.
Check check_of(const OpensslError& error);

// No path leads to an anchor: the one error of Check::chain that is certificate-not-trusted.
bool is_missing_anchor(const OpensslError& error);

// "10 at 0, 62 at 0"
std::string numbers_of(const std::vector<OpensslError>& errors);

// Of `openssl verify`: "error 10 at 0 depth lookup: certificate has expired".
std::vector<OpensslError> errors_of_verify(const std::string& output);
// Of `openssl s_client`: "depth=0 CN = x", "verify error:num=10:certificate has expired".
std::vector<OpensslError> errors_of_s_client(const std::string& output);

// The error that the first of the failed checks found decides.
LibraryEnding ending_of(const std::vector<OpensslError>& errors);

}  // namespace startle::certs
