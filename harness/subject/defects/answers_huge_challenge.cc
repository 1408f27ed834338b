#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::size_t longest_challenge() const override { return 1 << 20; }
};

}  // namespace

extern const Defect answers_huge_challenge;
const Defect answers_huge_challenge{
    .name = "answers-huge-challenge",
    .bug_class = "SASL-SIZE",
    .does = "reads challenges of up to a mebibyte",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
