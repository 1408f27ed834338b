#pragma once
// Descriptions of other people's clients from XML (cases/clients/README.md), strictly: every
// complaint is one sentence, "file:line: ...".

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/subject/description.h"
#include "harness/xml/document.h"

namespace startle::subject {

// Throws Error(Fault::input). The schema is that of cases/clients/clients.rng.
ClientDescription read_description(const std::filesystem::path& file, const xml::Schema& schema);

// That of `folder` which `name` names: "curl", or with a variant "curl/insecure". Throws
// Error(Fault::usage) with what there is, and whatever read_description throws.
ClientDescription find_description(const std::string& name, const std::filesystem::path& folder,
                                   const xml::Schema& schema);

// The variant that a name asks for: "insecure" of "curl/insecure", kDefaultVariant of "curl".
std::string variant_in(std::string_view name);

// What `folder` describes, by name, each followed by its variants: "curl", "curl/insecure".
// Throws Error(Fault::input) where a file of it is no XML.
std::vector<std::string> description_names(const std::filesystem::path& folder);

}  // namespace startle::subject
