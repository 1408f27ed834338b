#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  wire::Capabilities in_effect(const wire::Capabilities& before,
                               const std::optional<wire::Capabilities>&) const override {
    return before;
  }
  client::RootDse root_dse_in_effect(const client::RootDse& before,
                                     const std::optional<client::RootDse>&) const override {
    return before;
  }
};

}  // namespace

extern const Defect keeps_capabilities;
const Defect keeps_capabilities{
    .name = "keeps-capabilities",
    .bug_class = "STATE-KEEP",
    .does = "goes by what the server offered before TLS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
