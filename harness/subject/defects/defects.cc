#include "harness/subject/defect.h"

namespace startle::subject {

// Each is defined in the file of its name.
namespace defect {
extern const Defect accepts_any_certificate;
extern const Defect accepts_any_issuer;
extern const Defect accepts_any_name;
extern const Defect accepts_appended_root;
extern const Defect accepts_early_success;
extern const Defect accepts_expired;
extern const Defect accepts_foreign_nonce;
extern const Defect accepts_foreign_staple;
extern const Defect accepts_missing_signature;
extern const Defect accepts_other_purpose;
extern const Defect accepts_revoked;
extern const Defect accepts_success_after_error;
extern const Defect accepts_unchanged_nonce;
extern const Defect accepts_unknown_authority;
extern const Defect accepts_version_1_authority;
extern const Defect accepts_wrong_signature;
extern const Defect answers_absent_challenge;
extern const Defect answers_beyond_end;
extern const Defect answers_broken_base64;
extern const Defect answers_huge_challenge;
extern const Defect authenticates_in_clear;
extern const Defect believes_any_response;
extern const Defect believes_injected_reply;
extern const Defect binds_before_starttls;
extern const Defect binds_to_another_channel;
extern const Defect binds_without_ems;
extern const Defect binds_without_password;
extern const Defect computes_any_iterations;
extern const Defect continues_after_refused_authentication;
extern const Defect counts_common_name;
extern const Defect cuts_names_at_nul;
extern const Defect cuts_result_codes;
extern const Defect drops_channel_binding;
extern const Defect follows_referral_in_clear;
extern const Defect gives_up_after_504;
extern const Defect goes_on_after_close_notify;
extern const Defect goes_on_after_refused_starttls;
extern const Defect goes_on_without_starttls;
extern const Defect hides_that_it_can_bind;
extern const Defect ignores_configured_mechanism;
extern const Defect ignores_critical_extension;
extern const Defect ignores_key_usage;
extern const Defect ignores_mandatory_extension;
extern const Defect ignores_name_constraints;
extern const Defect ignores_path_length;
extern const Defect ignores_starttls_result;
extern const Defect keeps_capabilities;
extern const Defect names_in_other_case_differ;
extern const Defect pins_by_name;
extern const Defect reads_attributes_in_any_order;
extern const Defect reads_signature_in_reply;
extern const Defect steps_down_after_failure;
extern const Defect takes_late_504_for_unknown;
extern const Defect takes_other_response_for_starttls;
extern const Defect takes_other_success_for_tls;
extern const Defect takes_partial_wildcards;
extern const Defect uses_tls_unique_in_tls_1_3;
}  // namespace defect

const std::vector<Defect>& defects() {
  static const std::vector<Defect> all{
      defect::accepts_any_certificate,
      defect::accepts_any_issuer,
      defect::accepts_any_name,
      defect::accepts_appended_root,
      defect::accepts_early_success,
      defect::accepts_expired,
      defect::accepts_foreign_nonce,
      defect::accepts_foreign_staple,
      defect::accepts_missing_signature,
      defect::accepts_other_purpose,
      defect::accepts_revoked,
      defect::accepts_success_after_error,
      defect::accepts_unchanged_nonce,
      defect::accepts_unknown_authority,
      defect::accepts_version_1_authority,
      defect::accepts_wrong_signature,
      defect::answers_absent_challenge,
      defect::answers_beyond_end,
      defect::answers_broken_base64,
      defect::answers_huge_challenge,
      defect::authenticates_in_clear,
      defect::believes_any_response,
      defect::believes_injected_reply,
      defect::binds_before_starttls,
      defect::binds_to_another_channel,
      defect::binds_without_ems,
      defect::binds_without_password,
      defect::computes_any_iterations,
      defect::continues_after_refused_authentication,
      defect::counts_common_name,
      defect::cuts_names_at_nul,
      defect::cuts_result_codes,
      defect::drops_channel_binding,
      defect::follows_referral_in_clear,
      defect::gives_up_after_504,
      defect::goes_on_after_close_notify,
      defect::goes_on_after_refused_starttls,
      defect::goes_on_without_starttls,
      defect::hides_that_it_can_bind,
      defect::ignores_configured_mechanism,
      defect::ignores_critical_extension,
      defect::ignores_key_usage,
      defect::ignores_mandatory_extension,
      defect::ignores_name_constraints,
      defect::ignores_path_length,
      defect::ignores_starttls_result,
      defect::keeps_capabilities,
      defect::names_in_other_case_differ,
      defect::pins_by_name,
      defect::reads_attributes_in_any_order,
      defect::reads_signature_in_reply,
      defect::steps_down_after_failure,
      defect::takes_late_504_for_unknown,
      defect::takes_other_response_for_starttls,
      defect::takes_other_success_for_tls,
      defect::takes_partial_wildcards,
      defect::uses_tls_unique_in_tls_1_3,
  };
  return all;
}

}  // namespace startle::subject
