#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool follows_referral(const std::string&) const override { return true; }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

}  // namespace

extern const Defect follows_referral_in_clear;
const Defect follows_referral_in_clear{
    .name = "follows-referral-in-clear",
    .bug_class = "REFERRAL",
    .does = "LDAP: follows a reference without TLS and sends the password there",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
