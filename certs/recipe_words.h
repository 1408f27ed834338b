#pragma once
// The words of recipe files that the reader and the writer share.

#include <array>
#include <string_view>

#include "harness/base/words.h"

namespace startle::certs {

enum class Answer { no, yes };
inline constexpr std::array<std::string_view, 2> kAnswers{"false", "true"};
inline Words words_of(Answer) {
  return kAnswers;
}

enum class Criticality { non_critical, critical };
inline constexpr std::array<std::string_view, 2> kCriticalities{"non-critical", "critical"};
inline Words words_of(Criticality) {
  return kCriticalities;
}

enum class Revokes { nothing, leaf };
inline constexpr std::array<std::string_view, 2> kRevokes{"nothing", "leaf"};
inline Words words_of(Revokes) {
  return kRevokes;
}

enum class StapleStatus { good, revoked };
inline constexpr std::array<std::string_view, 2> kStapleStatuses{"good", "revoked"};
inline Words words_of(StapleStatus) {
  return kStapleStatuses;
}

enum class StapleSubject { leaf, another };
inline constexpr std::array<std::string_view, 2> kStapleSubjects{"leaf", "another"};
inline Words words_of(StapleSubject) {
  return kStapleSubjects;
}

enum class SentVersion { tls_1_2 };
inline constexpr std::array<std::string_view, 1> kSentVersions{"1.2"};
inline Words words_of(SentVersion) {
  return kSentVersions;
}

enum class CertificateVersion { v1, v2, v3 };
inline constexpr std::array<std::string_view, 3> kCertificateVersions{"1", "2", "3"};
inline Words words_of(CertificateVersion) {
  return kCertificateVersions;
}

inline constexpr std::string_view kNone = "none";  // no extended key usage, no key usage

}  // namespace startle::certs
