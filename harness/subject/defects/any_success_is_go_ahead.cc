#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_go_ahead(const wire::SmtpReply& reply) const override {
    return reply.positive_completion();
  }
};

}  // namespace

extern const Defect any_success_is_go_ahead;
const Defect any_success_is_go_ahead{
    .name = "any-success-is-go-ahead",
    .bug_class = "STRIP-ODDREPLY",
    .does = "takes every 2yz reply to STARTTLS for the go-ahead",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
