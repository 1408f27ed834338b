#pragma once
// What a customer reads first: why their configuration does not work, or what speaks against
// nothing being wrong with it.

#include <string>

#include "cases/engine/selection.h"
#include "cases/program/customer_stores.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::program {

// One line. "cause: conf/schedule.xml:4: mail.example.com: the store holds the certificate from
// before the renewal": the worst that was found, of several servers that of the first. "no fault
// found: ..": only what was looked at; what nobody has given is named. `plan`: with the matrix of
// each entry, in their order.
std::string cause_of(const customer::Schedule& schedule, CustomerStores& stores,
                     const cases::Plan& plan);

}  // namespace startle::program
