#pragma once
// Evidence as customers send it, from which a test takes its own.

#include <string>
#include <vector>

#include "harness/diagnosis/evidence.h"

namespace startle::diagnosis {

inline constexpr const char* kPathMessage =
    "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable "
    "to find valid certification path to requested target";

// schedule.xml:4 has mail.example.test:587 with STARTTLS.
inline Evidence configured(std::optional<std::string> trust = "mail.example.test") {
  Evidence evidence;
  evidence.server = {.where = "schedule.xml:4",
                     .host = "mail.example.test",
                     .port = 587,
                     .mode = words::Mode::smtp_starttls,
                     .trust = std::move(trust)};
  evidence.today = "2026-12-01";
  evidence.repeated = "startle diagnose schedule.xml";
  return evidence;
}

// So of a URL, whose client is a Java program.
inline Evidence named(words::Mode mode) {
  Evidence evidence = configured(std::nullopt);
  evidence.server.where.clear();
  evidence.server.mode = mode;
  evidence.server.port = words::row_of(mode).port;
  evidence.stated = words::row_of(words::protocol_of(mode)).is_mail ? words::TrustModel::angus
                                                                    : words::TrustModel::jndi;
  return evidence;
}

inline Logged logged(const std::string& text, words::Ending ending,
                     std::optional<words::Protocol> protocol = words::Protocol::smtp) {
  return {.file = "app.log",
          .line = 17,
          .text = text,
          .endings = {ending},
          .protocol = protocol,
          .client = "Java",
          .is_java = true};
}

inline Shown shown(oracle::Path path = oracle::Path::anchored) {
  Shown made{.file = "shown.pem"};
  made.chain = {{.subject = "CN=mail.example.test",
                 .issuer = "CN=Example CA",
                 .names = {"mail.example.test"},
                 .first_day = "2026-06-01",
                 .last_day = "2027-06-01",
                 .fingerprint = "SHA-256 AA:BB",
                 .is_self_signed = path == oracle::Path::self_signed}};
  made.facts.path = path;
  made.facts.presented = {.common_name = "mail.example.test", .dns_names = {"mail.example.test"}};
  return made;
}

inline Reading reading(words::TrustModel model, words::Ending ending, bool is_stated = false) {
  return {.model = model, .is_stated = is_stated, .endings = {ending}, .reason = "the rule"};
}

}  // namespace startle::diagnosis
