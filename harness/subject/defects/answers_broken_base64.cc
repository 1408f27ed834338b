#include "harness/subject/defect.h"

#include "harness/base/bytes.h"
#include "harness/base/text.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> decoded(std::string_view text) const override {
    if (const auto strict = Decisions::decoded(text)) return strict;
    std::string kept;
    for (const char c : text) {
      if (is_alphanumeric(c) || c == '+' || c == '/') kept += c;
    }
    kept.resize(kept.size() / 4 * 4);
    return kept.empty() ? std::string(text) : from_base64(kept);
  }
};

}  // namespace

extern const Defect answers_broken_base64;
const Defect answers_broken_base64{
    .name = "answers-broken-base64",
    .bug_class = "SASL-GRAMMAR",
    .does = "SMTP: skips what is no base64 in a challenge",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
