#pragma once
// A <task> of a description: what a client does for one protocol.

#include <string>
#include <string_view>
#include <vector>

#include "harness/subject/description.h"
#include "harness/xml/document.h"

namespace startle::subject {

// `client` has all that its attributes and <variant>s say. Throws Error(Fault::input,
// "file:line: ..").
ClientTask read_task(const xml::Element& task, const ClientDescription& client);

// Split at white space.
std::vector<std::string> split_at_blanks(const std::string& text);

// Complains about text beside the children.
void refuse_text(const xml::Element& element);

// "true" or "false".
bool stated_true(const xml::Element& element, const char* key, bool otherwise = false);

}  // namespace startle::subject
