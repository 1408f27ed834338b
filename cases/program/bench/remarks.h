#pragma once
// Sentences on rows: what their numbers do not say by themselves.

#include <string>
#include <vector>

#include "cases/program/bench/plan.h"

namespace startle::program {

// Adds to the remarks of a row that has been measured.
void remark_on(Row& row);

// Of the three rows that stand where nothing was asked for: one sentence; empty: they are others,
// or have no rate.
std::string told_default(const std::vector<Row>& rows);

}  // namespace startle::program
