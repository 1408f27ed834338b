#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_proven(sasl::Standing standing, std::string_view text) const override {
    return standing == sasl::Standing::error_stated || Decisions::is_proven(standing, text);
  }
};

}  // namespace

extern const Defect accepts_success_after_error;
const Defect accepts_success_after_error{
    .name = "accepts-success-after-error",
    .bug_class = "SASL-UNPROVEN",
    .does = "takes success although the server has stated an error before",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
