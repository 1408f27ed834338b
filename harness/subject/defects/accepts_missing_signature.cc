#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_proven(sasl::Standing standing, std::string_view text) const override {
    return standing == sasl::Standing::unsigned_ || Decisions::is_proven(standing, text);
  }
};

}  // namespace

extern const Defect accepts_missing_signature;
const Defect accepts_missing_signature{
    .name = "accepts-missing-signature",
    .bug_class = "SASL-UNPROVEN",
    .does = "SCRAM: takes success although the server never proved that it knows the password",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
