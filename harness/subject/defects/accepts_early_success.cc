#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_proven(sasl::Standing standing, std::string_view text) const override {
    return standing == sasl::Standing::early || Decisions::is_proven(standing, text);
  }
};

}  // namespace

extern const Defect accepts_early_success;
const Defect accepts_early_success{
    .name = "accepts-early-success",
    .bug_class = "SASL-EARLY",
    .does = "takes success before it has said its part",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
