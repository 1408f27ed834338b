#pragma once
// The built-in client as a program that speaks the contract of `run --client`
// (harness/subject/contract.h): it proves that a client is judged the same from outside.

#include <string>

namespace startle::program {

// True: this process was started by the contract, to do one task.
bool is_told_by_contract();

// One task, told by the environment. Returns the exit code of the contract. `client`: "builtin", or
// "defect:NAME".
int do_contract_task(const std::string& client);

// One task after the other, as JSON lines on stdin, until its end.
int do_worker_tasks(const std::string& client);

}  // namespace startle::program
