#include <algorithm>

#include "harness/subject/defects/topics.h"

namespace startle::subject {
namespace {

std::vector<Defect> joined() {
  std::vector<Defect> all;
  for (const auto topic :
       {defect::certificates, defect::presented_identities, defect::settings, defect::starttls,
        defect::smtp_reading, defect::smtp_replies, defect::ldap, defect::ldap_responses,
        defect::tls_sessions, defect::verification_paths, defect::sasl_challenges,
        defect::sasl_choices, defect::channel_bindings, defect::process_state}) {
    const auto rows = topic();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  std::sort(all.begin(), all.end(),
            [](const Defect& a, const Defect& b) { return a.name < b.name; });
  return all;
}

}  // namespace

const std::vector<Defect>& defects() {
  static const std::vector<Defect> all = joined();
  return all;
}

}  // namespace startle::subject
