#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  client::LeftBehind left_behind(std::string_view) const override {
    return client::LeftBehind::believe;
  }
};

}  // namespace

extern const Defect believes_injected_reply;
const Defect believes_injected_reply{
    .name = "believes-injected-reply",
    .bug_class = "INJ-RESP",
    .does = "reads bytes from behind the go-ahead as if they had come inside TLS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
