#pragma once
// Cases and matrices from XML, strictly: every complaint is "file:line: ...".

#include <string>
#include <vector>

#include "cases/engine/case.h"
#include "harness/xml/document.h"

namespace startle::cases {

// `id` comes from the place of the file in the catalogue.
Case read_case(const xml::Element& root, std::string id);
Matrix read_matrix(const xml::Element& root, std::string id);

// The clauses that it covers, by their ids; the catalogue knows which there are.
std::vector<std::string> read_requirement_ids(const xml::Element& e);

}  // namespace startle::cases
