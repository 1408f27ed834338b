#include "harness/subject/defect.h"

namespace startle::subject {

// Each is defined in the file of its name.
namespace defect {
extern const Defect accepts_any_certificate;
extern const Defect accepts_any_name;
extern const Defect accepts_expired;
extern const Defect accepts_other_purpose;
extern const Defect accepts_unknown_authority;
extern const Defect authenticates_in_clear;
extern const Defect believes_any_response;
extern const Defect believes_injected_reply;
extern const Defect binds_before_starttls;
extern const Defect binds_without_password;
extern const Defect continues_after_refused_authentication;
extern const Defect cuts_result_codes;
extern const Defect follows_referral_in_clear;
extern const Defect goes_on_after_close_notify;
extern const Defect goes_on_after_refused_starttls;
extern const Defect goes_on_without_starttls;
extern const Defect ignores_starttls_result;
extern const Defect keeps_capabilities;
extern const Defect names_in_other_case_differ;
extern const Defect takes_other_response_for_starttls;
extern const Defect takes_other_success_for_tls;
}  // namespace defect

const std::vector<Defect>& defects() {
  static const std::vector<Defect> all{
      defect::accepts_any_certificate,
      defect::accepts_any_name,
      defect::accepts_expired,
      defect::accepts_other_purpose,
      defect::accepts_unknown_authority,
      defect::authenticates_in_clear,
      defect::believes_any_response,
      defect::believes_injected_reply,
      defect::binds_before_starttls,
      defect::binds_without_password,
      defect::continues_after_refused_authentication,
      defect::cuts_result_codes,
      defect::follows_referral_in_clear,
      defect::goes_on_after_close_notify,
      defect::goes_on_after_refused_starttls,
      defect::goes_on_without_starttls,
      defect::ignores_starttls_result,
      defect::keeps_capabilities,
      defect::names_in_other_case_differ,
      defect::takes_other_response_for_starttls,
      defect::takes_other_success_for_tls,
  };
  return all;
}

}  // namespace startle::subject
