#include "certs/java_ending_for_test.h"

#include <gtest/gtest.h>

namespace startle::certs {
namespace {

using words::Ending;

struct Meaning {
  const char* text;  // of one of the exceptions; the same in all of JDK 17
  std::vector<Ending> endings;
};

// The first that is found counts: where a path could not be built because of a date, that is known.
const std::vector<Meaning>& meanings() {
  using enum Ending;
  static const std::vector<Meaning> all{
      {"CertificateExpiredException", {certificate_expired}},
      {"CertificateNotYetValidException", {certificate_not_yet_valid}},
      {"No subject alternative", {certificate_host_mismatch}},
      {"No name matching", {certificate_host_mismatch}},
      {"does not permit use for TLS server authentication", {certificate_wrong_purpose}},
      {"lgorithm constraints", {validation_failure}},
      {"signature check failed", {validation_failure}},
      {"basic constraints check failed", {validation_failure}},
      {"CA key usage check failed", {validation_failure}},
      {"name constraints check failed", {validation_failure}},
      {"unrecognized critical extension", {validation_failure}},
      {"KeyUsage does not allow digital signatures", {validation_failure}},
      {"Key is too short", {handshake_failure}},
      {"Path does not chain with any of the trust anchors", {certificate_not_trusted}},
      {"unable to find valid certification path", {certificate_not_trusted}},
      {"the trustAnchors parameter must be non-empty", {certificate_not_trusted}},
      {"is not a CA certificate", {validation_failure}},  // of a trust anchor
      {"does not have keyCertSign bit set", {validation_failure}},
      // What cannot be parsed is a matter of the handshake as much as of the certificate.
      {"Could not parse certificate", {validation_failure, handshake_failure}},
      {"CertificateParsingException", {validation_failure, handshake_failure}},
      {"Signature algorithm mismatch", {validation_failure, handshake_failure}},
      {"exceeds the maximum allowed", {handshake_failure}},
      {"Received fatal alert: handshake_failure", {handshake_failure}},
  };
  return all;
}

}  // namespace

LibraryEnding java_ending(const std::string& result) {
  if (result == "accepted") return {.endings = {Ending::delivered}, .says = "accepts"};
  for (const Meaning& one : meanings()) {
    if (result.find(one.text) != std::string::npos) {
      return {.endings = one.endings, .says = one.text};
    }
  }
  ADD_FAILURE() << "what Java says has no meaning here yet: " << result;
  return {.endings = {Ending::refused}, .says = result};
}

}  // namespace startle::certs
