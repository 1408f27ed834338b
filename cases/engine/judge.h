#pragma once
// The judgement: an exchange's expectation against what the client says of itself and what the
// server saw.

#include "cases/engine/exchange.h"
#include "cases/engine/worker.h"
#include "harness/oracle/facts.h"
#include "harness/report/verdict.h"

namespace startle::cases {

// What is right: stated by a single case, asked of the oracle for a matrix.
Expectation expectation_of(const Exchange& exchange, const oracle::Facts& facts);

// nullopt: the client has no store for the host, so there is nothing to read in two ways.
std::optional<words::StoreModel> store_model_of(const Exchange& exchange);

struct Judgement {
  report::Verdict verdict{};
  report::Finding finding{};  // of a failure; its `cases` is empty
};

Judgement judge(const Exchange& exchange, const Expectation& expected, const Run& run);

}  // namespace startle::cases
