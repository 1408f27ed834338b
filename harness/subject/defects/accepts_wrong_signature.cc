#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_proven(sasl::Standing standing, std::string_view text) const override {
    return standing == sasl::Standing::wrong_signature || Decisions::is_proven(standing, text);
  }
};

}  // namespace

extern const Defect accepts_wrong_signature;
const Defect accepts_wrong_signature{
    .name = "accepts-wrong-signature",
    .bug_class = "SASL-UNPROVEN",
    .does = "SCRAM: does not compare the signature of the server",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
