#pragma once
// What is left of a judgement where a client can only be held to so much: nobody has said that it
// ends by itself, or no trust model is known that is its own.

#include "cases/engine/judge.h"
#include "harness/subject/subject.h"

namespace startle::cases {

// Stands in a reason before why what was found is no more than that.
inline constexpr std::string_view kNoteOnly = "; a note only: ";

// Why such a client never comes to what the exchange is about; empty: it does.
std::string beyond_reach(const Exchange& exchange, const subject::Standing& standing);

// The judgement on a client's exchange; on a program's, as far as nothing but what its server saw
// can hold it to.
Judgement judge_client(const Exchange& exchange, const Expectation& expected, const Run& run,
                       const subject::Standing& standing);

// The judgement, or a note in its place: of severity `note`, with why.
Judgement as_far_as_it_stands(Judgement made, const Exchange& exchange,
                              const subject::Standing& standing);

}  // namespace startle::cases
