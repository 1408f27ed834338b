#pragma once
// The words of recipe files that are no words of a recipe's own: the readers turn them into others.

#include <array>
#include <string_view>

#include "harness/base/words.h"

namespace startle::certs {

enum class Answer { no, yes };
inline constexpr auto kAnswers = word_table<Answer>({
    {Answer::no, "false"},
    {Answer::yes, "true"},
});
constexpr Words words_of(Answer) {
  return kAnswers;
}

enum class Criticality { non_critical, critical };
inline constexpr auto kCriticalities = word_table<Criticality>({
    {Criticality::non_critical, "non-critical"},
    {Criticality::critical, "critical"},
});
constexpr Words words_of(Criticality) {
  return kCriticalities;
}

enum class Revokes { nothing, leaf };
inline constexpr auto kRevokes = word_table<Revokes>({
    {Revokes::nothing, "nothing"},
    {Revokes::leaf, "leaf"},
});
constexpr Words words_of(Revokes) {
  return kRevokes;
}

enum class StapleStatus { good, revoked };
inline constexpr auto kStapleStatuses = word_table<StapleStatus>({
    {StapleStatus::good, "good"},
    {StapleStatus::revoked, "revoked"},
});
constexpr Words words_of(StapleStatus) {
  return kStapleStatuses;
}

enum class StapleSubject { leaf, another };
inline constexpr auto kStapleSubjects = word_table<StapleSubject>({
    {StapleSubject::leaf, "leaf"},
    {StapleSubject::another, "another"},
});
constexpr Words words_of(StapleSubject) {
  return kStapleSubjects;
}

enum class SentVersion { tls_1_2 };
inline constexpr auto kSentVersions = word_table<SentVersion>({
    {SentVersion::tls_1_2, "1.2"},
});
constexpr Words words_of(SentVersion) {
  return kSentVersions;
}

enum class CertificateVersion { v1, v2, v3 };
inline constexpr auto kCertificateVersions = word_table<CertificateVersion>({
    {CertificateVersion::v1, "1"},
    {CertificateVersion::v2, "2"},
    {CertificateVersion::v3, "3"},
});
constexpr Words words_of(CertificateVersion) {
  return kCertificateVersions;
}

inline constexpr std::string_view kNone = "none";  // no extended key usage, no key usage

}  // namespace startle::certs
