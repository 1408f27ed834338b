#pragma once
// What a whole reply of SMTP, or a result of LDAP, comes to at a point, by its code alone.

#include <vector>

#include "cases/engine/exchange.h"
#include "cases/engine/said.h"

namespace startle::cases {

struct Passage {
  std::vector<words::Ending> endings{};
  bool passes = false;   // the dialogue goes on
  bool is_open = false;  // or anything may come of it
};

// RFC 5321, 3.8, 4.2.1, 4.3.2; RFC 3207, 4 and 5; RFC 4954, 4 and 6.
Passage passage_of_reply(const Exchange& exchange, fake::Point point, const Said& said);
// RFC 4511, A and 4.14; RFC 4513, 5.2.1; harness/oracle/README.md.
Passage passage_of_result(const Exchange& exchange, fake::Point point, const Said& said);

}  // namespace startle::cases
