#include "certs/openssl_errors_for_test.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <tuple>

#include "harness/base/error.h"

namespace startle::certs {
namespace {

using words::Ending;

struct Meaning {
  int number;
  Check check;
  Ending ending;
};
// X509_V_ERR_.. of OpenSSL 3.0 (x509_vfy.h).
constexpr Meaning kMeanings[] = {
    {3, Check::status, Ending::validation_failure},           // UNABLE_TO_GET_CRL
    {6, Check::signature, Ending::validation_failure},        // UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY
    {7, Check::signature, Ending::validation_failure},        // CERT_SIGNATURE_FAILURE
    {8, Check::status, Ending::validation_failure},           // CRL_SIGNATURE_FAILURE
    {9, Check::dates, Ending::certificate_not_yet_valid},     // CERT_NOT_YET_VALID
    {10, Check::dates, Ending::certificate_expired},          // CERT_HAS_EXPIRED
    {11, Check::status, Ending::validation_failure},          // CRL_NOT_YET_VALID
    {12, Check::status, Ending::validation_failure},          // CRL_HAS_EXPIRED
    {18, Check::chain, Ending::certificate_not_trusted},      // DEPTH_ZERO_SELF_SIGNED_CERT
    {19, Check::chain, Ending::certificate_not_trusted},      // SELF_SIGNED_CERT_IN_CHAIN
    {20, Check::chain, Ending::certificate_not_trusted},      // UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    {21, Check::chain, Ending::certificate_not_trusted},      // UNABLE_TO_VERIFY_LEAF_SIGNATURE
    {23, Check::status, Ending::certificate_revoked},         // CERT_REVOKED
    {25, Check::chain, Ending::validation_failure},           // PATH_LENGTH_EXCEEDED
    {26, Check::purpose, Ending::certificate_wrong_purpose},  // INVALID_PURPOSE
    {32, Check::chain, Ending::validation_failure},           // KEYUSAGE_NO_CERTSIGN
    {34, Check::chain, Ending::validation_failure},           // UNHANDLED_CRITICAL_EXTENSION
    {47, Check::chain, Ending::validation_failure},           // PERMITTED_VIOLATION
    {48, Check::chain, Ending::validation_failure},           // EXCLUDED_VIOLATION
    {62, Check::name, Ending::certificate_host_mismatch},     // HOSTNAME_MISMATCH
    {66, Check::strength, Ending::validation_failure},        // EE_KEY_TOO_SMALL
    {67, Check::strength, Ending::validation_failure},        // CA_KEY_TOO_SMALL
    {68, Check::strength, Ending::validation_failure},        // CA_MD_TOO_WEAK
    {79, Check::chain, Ending::validation_failure},           // INVALID_CA
};

const Meaning& meaning_of(const OpensslError& error) {
  const auto* found = std::find_if(std::begin(kMeanings), std::end(kMeanings),
                                   [&](const Meaning& one) { return one.number == error.number; });
  if (found == std::end(kMeanings)) {
    throw Error(Fault::internal, "OpenSSL's error " + std::to_string(error.number) + " (" +
                                     error.text + ") has no meaning here yet");
  }
  return *found;
}

// The text between two marks of a line; empty when they are not in it.
std::string between(const std::string& line, std::string_view before, std::string_view behind) {
  const std::size_t at = line.find(before);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + before.size();
  const std::size_t end = behind.empty() ? line.size() : line.find(behind, begin);
  return end == std::string::npos ? "" : line.substr(begin, end - begin);
}

}  // namespace

Check check_of(const OpensslError& error) {
  return meaning_of(error).check;
}

bool is_missing_anchor(const OpensslError& error) {
  return meaning_of(error).ending == Ending::certificate_not_trusted;
}

std::string numbers_of(const std::vector<OpensslError>& errors) {
  std::string text;
  for (const OpensslError& one : errors) {
    text += (text.empty() ? "" : ", ") + std::to_string(one.number) + " at " +
            std::to_string(one.depth);
  }
  return text;
}

std::vector<OpensslError> errors_of_verify(const std::string& output) {
  std::vector<OpensslError> errors;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("error ") || line.find(" depth lookup: ") == std::string::npos) continue;
    errors.push_back({.number = std::atoi(between(line, "error ", " at ").c_str()),
                      .depth = std::atoi(between(line, " at ", " depth").c_str()),
                      .text = between(line, "depth lookup: ", "")});
  }
  return errors;
}

std::vector<OpensslError> errors_of_s_client(const std::string& output) {
  std::vector<OpensslError> errors;
  std::istringstream lines(output);
  int depth = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("depth=")) depth = std::atoi(line.c_str() + 6);
    const std::string number = between(line, "verify error:num=", ":");
    if (number.empty()) continue;
    errors.push_back({.number = std::atoi(number.c_str()),
                      .depth = depth,
                      .text = between(line, "num=" + number + ":", "")});
  }
  return errors;
}

LibraryEnding ending_of(const std::vector<OpensslError>& errors) {
  if (errors.empty()) return {.endings = {Ending::delivered}, .says = "accepts"};
  const auto first =
      std::min_element(errors.begin(), errors.end(), [](const auto& a, const auto& b) {
        return std::tuple(check_of(a), a.depth) < std::tuple(check_of(b), b.depth);
      });
  return {.endings = {meaning_of(*first).ending}, .says = first->text};
}

}  // namespace startle::certs
