#pragma once
// What single pieces of the evidence amount to: shared by the causes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/diagnosis/claim.h"
#include "harness/diagnosis/evidence.h"

namespace startle::diagnosis {

// What a message of Java's TLS, or of its mail and LDAP clients, gives away of what they did
// (measured: the stable part of each).
enum class JavaSays {
  nothing,
  unlisted,    // JavaMail: the host is not in `trust`; no certificate was validated
  validated,   // the certificate was validated, so that no value of `trust` was in force
  no_anchors,  // so, and the store holds nothing that Java trusts
  closed,      // the trust store cannot be opened
  name,        // the name was looked at
};
JavaSays java_says(const Logged& log);
JavaSays java_says(const std::optional<Logged>& log);  // nothing where there is none

// The log's certificate ending, if it has one.
std::optional<words::Ending> certificate_ending(const Evidence& evidence);
// Of what was logged: it says that a path to a trust anchor lacks.
bool log_misses_path(const Evidence& evidence);

// All stated readings accept what is shown; false where nothing is shown.
bool is_accepted_as_stated(const Evidence& evidence);
// Of the readings as Java's libraries have it, one at least refuses what is shown for its path.
bool java_misses_path(const Evidence& evidence);

// The reading that tells why the client refuses what is shown: that which ends as the log does, or
// the stated one, or, where that ends before it looks at any certificate, a reading of Java's.
// Null: none refuses, or nothing is shown.
const Reading* deciding_reading(const Evidence& evidence);

// "schedule.xml:4", "what mail.example.test:587 shows now", "shown.pem", "app.log:17".
std::string source_of_shown(const Evidence& evidence);
std::string source_of_log(const Evidence& evidence);
// "app.log:17: `..`", the message cut where it is long.
std::string quoted_log(const Evidence& evidence);

// Every source that agrees with a refusal of what is shown.
std::vector<std::string> sources_of_refusal(const Evidence& evidence, const Reading& reading);

}  // namespace startle::diagnosis
