#pragma once
// A program that somebody else wrote, under test: by the contract, as a worker, or as its
// description has it. Each task is a process of its own, or a worker's; it has a HOME of its own,
// the server's name leads to the fake server, and nothing of it is left behind.

#include <memory>
#include <string>

#include "harness/subject/description.h"
#include "harness/subject/subject.h"

namespace startle::subject {

// A description of a program that is told everything by the contract and may be able to do
// anything.
ClientDescription by_contract(const std::string& file, Speech speech);

// `variant`: one of the description's, or kDefaultVariant. While this process has one thread.
// Throws Error(Fault::usage) where the program is not to be had here.
std::unique_ptr<Subject> make_program(ClientDescription description, std::string variant);

}  // namespace startle::subject
