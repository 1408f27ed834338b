#include "harness/customer/schedule/email_advice.h"

#include "harness/customer/schedule/host_form.h"

namespace startle::customer {
namespace {

constexpr std::string_view kRightForm = ": write it like scheduler@example.com";

bool is_quoted(std::string_view local) {
  return local.size() > 1 && local.front() == '"' && local.back() == '"';
}

std::string of_local_part(std::string_view local) {
  if (local.empty()) return "has nothing before its @";
  if (is_quoted(local)) return "";
  if (local.find_first_of(",;") != local.npos) {
    return "has a comma or a semicolon in it: a sender has one address";
  }
  if (local.find('@') != local.npos) return "has more than one @";
  if (local.front() == '.' || local.back() == '.' || local.find("..") != local.npos) {
    return "has a full stop too many before its @";
  }
  return local.find_first_of("\"()[]\\:") != local.npos
             ? "has a mark before its @ that no address has"
             : "";
}

std::string of_domain(std::string_view domain) {
  if (domain.empty()) return "has nothing behind its @";
  if (domain.find_first_of(",;") != domain.npos) {
    return "has a comma or a semicolon in it: a sender has one address";
  }
  if (domain.front() == '[' && domain.back() == ']') return "";  // an address literal
  const HostForm form = host_form(domain);
  if (!form.complaint.empty()) return "has a domain that is no host name";
  return form.warning.empty() ? "" : "has a domain that no mail is delivered to";
}

}  // namespace

std::string email_advice(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == address.npos) return "has no @" + std::string(kRightForm);
  std::string odd = of_local_part(address.substr(0, at));
  if (odd.empty()) odd = of_domain(address.substr(at + 1));
  if (odd.empty() || odd.find(": ") != odd.npos) return odd;
  return odd + std::string(kRightForm);
}

}  // namespace startle::customer
