#include "harness/client/state_decisions.h"

namespace startle::client {

using words::Ending;

bool same_server(const Settings& a, const Settings& b) {
  return words::protocol_of(a.mode) == words::protocol_of(b.mode) && a.host == b.host &&
         a.port == b.port;
}

bool same_protection(const Settings& a, const Settings& b) {
  return a.mode == b.mode && a.tls_policy == b.tls_policy;
}

bool same_trust(const Settings& a, const Settings& b) {
  return a.trust == b.trust && a.trust_model == b.trust_model;
}

bool same_anchors(const Settings& a, const Settings& b) {
  return a.store == b.store && a.host_store == b.host_store;
}

bool same_user(const Settings& a, const Settings& b) {
  return a.username == b.username && a.password == b.password && a.mechanism == b.mechanism &&
         a.certificate == b.certificate;
}

bool StateDecisions::may_reuse(const Settings& had, const Settings& wanted) const {
  return same_server(had, wanted) && same_protection(had, wanted) && same_trust(had, wanted) &&
         same_anchors(had, wanted) && same_user(had, wanted);
}

bool StateDecisions::may_resume(const Settings& had, bool verified, const Settings& wanted) const {
  return verified && same_server(had, wanted) && same_trust(had, wanted) &&
         same_anchors(had, wanted) && had.certificate == wanted.certificate;
}

std::optional<Settings> StateDecisions::retry(const Outcome& failed,
                                              const Settings& settings) const {
  const bool is_mail = row_of(words::protocol_of(settings.mode)).is_mail;
  const bool for_now = failed.ending == Ending::connection_lost ||
                       failed.ending == Ending::throttled ||
                       (is_mail && failed.reply_code / 100 == 4);
  if (!for_now || failed.phase >= Phase::message) return std::nullopt;
  return settings;
}

}  // namespace startle::client
