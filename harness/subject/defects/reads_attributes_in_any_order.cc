#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    if (!objection || objection->kind != sasl::Objection::Kind::malformed) {
      return Decisions::challenge(challenge, objection);
    }
    const std::string all = "," + std::string(challenge) + ",";
    return "r=" + value(all, ",r=", "") + ",s=" + value(all, ",s=", "AAAA") +
           ",i=" + value(all, ",i=", "4096");
  }
  static std::string value(const std::string& all, std::string_view name, const char* otherwise) {
    const std::size_t at = all.find(name);
    if (at == all.npos) return otherwise;
    const std::size_t from = at + name.size();
    return all.substr(from, all.find(',', from) - from);
  }
};

}  // namespace

extern const Defect reads_attributes_in_any_order;
const Defect reads_attributes_in_any_order{
    .name = "reads-attributes-in-any-order",
    .bug_class = "SASL-GRAMMAR",
    .does =
        "SCRAM: takes the attributes of a challenge in any order, and none where one is missing",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
