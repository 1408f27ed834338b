#pragma once
// `startle run --tls-policy`: every client is told one policy, and what is right follows it.

#include <string>

#include "cases/engine/case.h"

namespace startle::cases {

// The case with its client told `policy`, and what is right then.
Case under_policy(Case given, words::TlsPolicy policy);

// Why nobody knows what is right then; empty: it is known. That is so where the case says it, and
// where the policy changes nothing: the mode leaves no choice, or the server offers STARTTLS and
// goes ahead as a sound one does.
std::string why_left_out(const Case& given, words::TlsPolicy policy);

}  // namespace startle::cases
