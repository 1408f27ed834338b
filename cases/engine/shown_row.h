#pragma once
// The row of a customer's table that is no certificate of ours: what their own server shows, judged
// by the oracle alone. Nobody here has that server's private key, so no client can meet it.

#include <string>
#include <utility>
#include <vector>

#include "cases/engine/exchange.h"
#include "harness/report/verdict.h"

namespace startle::cases {

// The certificate's value on the axis, among the ids of recipes.
inline constexpr std::string_view kShownCertificate = "shown";

bool is_shown_row(const Exchange& exchange);

// Passes whatever comes of it, and observes nothing: `expected` is what the rules say. The reason
// says which trust anchors there were. `exchange`: is_shown_row().
report::Verdict judge_shown(const Exchange& exchange);

// What a person is to know of it: of the first certificate, and how many there are.
std::vector<std::pair<std::string, std::string>> facts_for_a_person(
    const std::vector<std::string>& sent_der, const std::string& file);

}  // namespace startle::cases
