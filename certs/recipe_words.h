#pragma once
// The words of recipe files that are no words of a recipe's own: the readers turn them into others.

#include <array>
#include <string_view>

#include "harness/base/words.h"

namespace startle::certs {

enum class Boolean { no, yes };
inline constexpr auto kBooleans = word_table<Boolean>({
    {Boolean::no, "false"},
    {Boolean::yes, "true"},
});
constexpr Words words_of(Boolean) {
  return kBooleans;
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

enum class CertStatus { good, revoked };
inline constexpr auto kCertStatuses = word_table<CertStatus>({
    {CertStatus::good, "good"},
    {CertStatus::revoked, "revoked"},
});
constexpr Words words_of(CertStatus) {
  return kCertStatuses;
}

enum class StapleSubject { leaf, another };
inline constexpr auto kStapleSubjects = word_table<StapleSubject>({
    {StapleSubject::leaf, "leaf"},
    {StapleSubject::another, "another"},
});
constexpr Words words_of(StapleSubject) {
  return kStapleSubjects;
}

enum class StatusSigner { issuer, stranger };
inline constexpr auto kStatusSigners = word_table<StatusSigner>({
    {StatusSigner::issuer, "issuer"},
    {StatusSigner::stranger, "stranger"},
});
constexpr Words words_of(StatusSigner) {
  return kStatusSigners;
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
