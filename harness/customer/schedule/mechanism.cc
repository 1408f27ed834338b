#include "harness/customer/schedule/mechanism.h"

#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

using sasl::Mechanism;

std::vector<std::string_view> names_for(Protocol protocol) {
  std::vector<std::string_view> names;
  for (const std::string_view name : sasl::kMechanisms) {
    const bool mail_alone = sasl::is_for_mail_alone(*from_word<Mechanism>(name));
    if (row_of(protocol).is_mail || !mail_alone) names.push_back(name);
  }
  return names;
}

}  // namespace

std::optional<Mechanism> read_mechanism(const xml::Element& element, Protocol protocol) {
  const auto given = element.maybe_attribute("mechanism");
  if (!given) return std::nullopt;
  const std::string name = ascii_upper(*given);
  const auto mechanism = from_word<Mechanism>(name);
  const std::string written = "mechanism=" + xml::quotation(*given);
  if (!mechanism) {
    element.fail(written + " is no mechanism: " + xml::hint(name, names_for(protocol)));
  }
  if (!row_of(protocol).is_mail && sasl::is_for_mail_alone(*mechanism)) {
    const bool token = sasl::takes_token(*mechanism);
    element.fail(written + " is for mail servers: write " +
                 (token ? "OAUTHBEARER, which takes the same token"
                        : "PLAIN, which every directory server with LOGIN has too"));
  }
  return mechanism;
}

}  // namespace startle::customer
