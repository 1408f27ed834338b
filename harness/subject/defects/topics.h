#pragma once
// The tables of defects, a topic and a file each; harness/subject/defects.cc joins them. A new
// defect is a row, and the decision that it makes wrongly stands above its table.

#include <memory>
#include <optional>
#include <span>

#include "harness/client/certificate_check.h"
#include "harness/subject/defect.h"

namespace startle::subject::defect {

using MaybeRefusal = std::optional<client::Refusal>;

// Refused for the names alone: another reading of them may accept it.
inline bool is_mismatch(const MaybeRefusal& correct) {
  return correct && correct->ending == words::Ending::certificate_host_mismatch;
}

std::span<const Defect> certificates();          // what the server shows, whoever it is
std::span<const Defect> presented_identities();  // and to whom it was issued
std::span<const Defect> starttls();              // how TLS begins, and what counts from before it
std::span<const Defect> smtp_reading();          // where a reply of SMTP ends, and what it holds
std::span<const Defect> smtp_replies();          // and what it amounts to
std::span<const Defect> settings();              // what a client is told, and does not keep
std::span<const Defect> ldap();                  // results, message ids, referrals, the end of TLS
std::span<const Defect> ldap_responses();        // what counts as one, and what is made of it
std::span<const Defect> tls_sessions();          // what TLS is spoken, and how it ends
std::span<const Defect> verification_paths();    // what is verified at all, and where
std::span<const Defect> sasl_challenges();       // what is answered, and when success is believed
std::span<const Defect> sasl_choices();          // which mechanism, and what after a refusal
std::span<const Defect> channel_bindings();      // SCRAM -PLUS
std::span<const Defect> process_state();         // what one connection leaves to the next

// For `make` of a row.
template <class Wrong>
std::unique_ptr<client::Decisions> made() {
  return std::make_unique<Wrong>();
}

}  // namespace startle::subject::defect
