#pragma once
// The judgement on a client process: each of its connections as if it were the only one, but for
// what its server saw since the last.

#include <vector>

#include "cases/engine/judge.h"
#include "harness/subject/subject.h"

namespace startle::cases {

// The connections that the exchange is made of, in order; itself where it has no others.
std::vector<const Exchange*> connections_of(const Exchange& exchange);
// It takes a client that remembers.
bool is_of_a_process(const Exchange& exchange);

// `runs`: one for each connection, as far as the client came; `expected` beside them. The worst of
// what they are judged to be, the first of these.
Judgement judge_process(const Exchange& exchange, const std::vector<Expectation>& expected,
                        const ProcessRun& process, const subject::Standing& standing = {});

}  // namespace startle::cases
