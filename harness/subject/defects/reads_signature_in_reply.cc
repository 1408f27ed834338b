#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  // "v=" is "dj0" to "dj3" in base64.
  bool is_proven(sasl::Standing standing, std::string_view text) const override {
    const bool signs = text.find("v=") != text.npos || text.find("dj") != text.npos;
    return (standing == sasl::Standing::unsigned_ && signs) || Decisions::is_proven(standing, text);
  }
};

}  // namespace

extern const Defect reads_signature_in_reply;
const Defect reads_signature_in_reply{
    .name = "reads-signature-in-reply",
    .bug_class = "SASL-UNPROVEN",
    .does = "SMTP, SCRAM: takes a signature in the text of 235 for proof",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
