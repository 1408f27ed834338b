#include "harness/oracle/identity_setting.h"

#include "harness/base/text.h"

namespace startle::oracle {

using words::TrustModel;

// JavaMail's booleans: where the default is false only "true" turns them on, where it is true only
// "false" turns them off, in any case.
ReadSetting with_identity_setting(TrustModel model, const std::optional<std::string>& setting) {
  if (!setting || !words::has_literal_list(model)) return {.model = model};
  const bool on = equal_ignoring_case(*setting, "true");
  const bool off = equal_ignoring_case(*setting, "false");
  if (model == TrustModel::javamail) {
    if (on) return {.model = TrustModel::javamail_identity};
    if (off) return {.model = model};
    return {.model = model,
            .sentence =
                "checkserveridentity is neither true nor false, which JavaMail takes for "
                "false: a certificate issued to anybody is accepted"};
  }
  if (on) return {.model = model};
  if (off) {
    return {.model = TrustModel::javamail,
            .sentence =
                "checkserveridentity=\"false\" takes away the look at the name: a "
                "certificate issued to anybody is accepted, as under javamail"};
  }
  return {.model = model,
          .sentence =
              "checkserveridentity is neither true nor false, which Angus Mail takes for "
              "true, and JavaMail for false"};
}

}  // namespace startle::oracle
