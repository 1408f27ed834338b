#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_answer(std::int64_t, std::int64_t) const override { return true; }
};

}  // namespace

extern const Defect believes_any_response;
const Defect believes_any_response{
    .name = "believes-any-response",
    .bug_class = "INJ-RESP",
    .does = "LDAP: takes a response whatever its message id is",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
