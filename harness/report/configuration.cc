#include "harness/report/configuration.h"

#include <algorithm>

namespace startle::report {
namespace {

using words::Ending;

bool accepts(Ending ending) {
  return words::is_success(ending) && ending != Ending::delivered_in_clear;
}

// What no client can meet has the endings that the rules say.
std::vector<Ending> endings_of(const Verdict& v) {
  if (v.observed) return {*v.observed};
  return v.facts.empty() ? std::vector<Ending>{} : v.expected;
}

std::string list_of(const std::vector<Ending>& endings) {
  std::string list;
  for (const Ending one : endings) list += (list.empty() ? "" : " or ") + std::string(word(one));
  return list.empty() ? "no ending" : list;
}

bool is_looked_at(const std::vector<Ending>& endings) {
  return std::any_of(endings.begin(), endings.end(), words::is_certificate_ending);
}

// "conf/schedule.xml:2" of "conf/schedule.xml:2: mail.example.com:465, ..".
std::string where_of(const std::string& server) {
  for (std::size_t at = server.find(": "); at != std::string::npos;
       at = server.find(": ", at + 1)) {
    const std::size_t before = server.find_last_not_of("0123456789", at - 1);
    if (at > 0 && before != std::string::npos && before + 1 < at && server[before] == ':') {
      return server.substr(0, at);
    }
  }
  return server;
}

std::string counted(std::size_t accepted, std::size_t certificates) {
  return std::to_string(accepted) + " of " + std::to_string(certificates) +
         (certificates == 1 ? " certificate" : " certificates");
}

}  // namespace

bool is_of_whole_configuration(const RunInfo& info) {
  const auto& words = info.selection;
  const auto has = [&](const char* option) {
    return std::find(words.begin(), words.end(), option) != words.end();
  };
  return (has("--config") || has("--host")) && words.front().starts_with("--") &&
         info.sampled_from == 0 && info.shard.empty();
}

void Configurations::add(const Verdict& v) {
  const bool judged = v.kind == VerdictKind::pass || v.kind == VerdictKind::fail;
  if (v.subject_to.empty() || !judged) return;
  const auto [at, is_new] = servers_.try_emplace(v.subject_to);
  if (is_new) order_.push_back(v.subject_to);
  Server& server = at->second;
  const std::vector<Ending> endings = endings_of(v);
  const bool accepted = std::any_of(endings.begin(), endings.end(), accepts);
  // Without TLS no certificate is looked at, be there a user or not.
  const bool in_clear =
      std::find(endings.begin(), endings.end(), Ending::delivered_in_clear) != endings.end() ||
      v.id.find("/mode=smtp-plain/") != std::string::npos ||
      v.id.find("/mode=ldap-plain/") != std::string::npos;
  server.in_clear = server.in_clear || in_clear;
  const Refusal refusal{.certificate = v.certificate, .endings = endings, .reason = v.reason};
  if (!v.facts.empty()) {
    if (!accepted && server.of_shown.reason.empty()) server.of_shown = refusal;
    server.shown_accepted = server.shown_accepted.value_or(false) || accepted;
    return;
  }
  bool& known = server.accepted[v.certificate];
  known = known || accepted;
  const bool other = std::none_of(server.refusals.begin(), server.refusals.end(),
                                  [&](const Refusal& one) { return one.reason == v.reason; });
  if (!accepted && other && server.refusals.size() < 2) server.refusals.push_back(refusal);
}

std::string Configurations::why_none(const std::vector<Refusal>& refusals) {
  const Refusal& first = refusals.front();
  const std::string which =
      refusals.size() == 1 ? "each ends in " : "`" + first.certificate + "`, the first, ends in ";
  const std::string hint = is_looked_at(first.endings)
                               ? "; what its own server shows is judged by --shown HOST=FILE"
                               : "";
  return which + list_of(first.endings) + " (" + first.reason + ")" + hint;
}

std::vector<ConfiguredServer> Configurations::servers() const {
  std::vector<ConfiguredServer> all;
  for (const std::string& server : order_) all.push_back(judged(server, servers_.at(server)));
  return all;
}

ConfiguredServer Configurations::judged(const std::string& server, const Server& met) {
  ConfiguredServer made{.server = server,
                        .where = where_of(server),
                        .certificates = met.accepted.size(),
                        .shown_accepted = met.in_clear ? std::nullopt : met.shown_accepted};
  for (const auto& [certificate, accepted] : met.accepted) made.accepted += accepted ? 1 : 0;
  if (met.in_clear) {
    made.text = "this configuration looks at no certificate: everything goes in clear";
    return made;
  }
  const bool none = made.accepted == 0 && made.certificates > 0;
  const bool refuses_shown = made.shown_accepted == false;
  made.works = !refuses_shown && (!none || made.shown_accepted == true);
  const std::string accepts =
      "this configuration accepts " + counted(made.accepted, made.certificates);
  if (refuses_shown) {
    made.text = (none ? accepts + ", and not what its server shows: "
                      : "this configuration does not accept what its server shows: ") +
                list_of(met.of_shown.endings) + " (" + met.of_shown.reason + ")";
  } else if (made.shown_accepted == true) {
    made.text = accepts + (none ? ", but does accept" : ", and") + " what its server shows";
  } else {
    made.text = accepts + (none ? ": " + why_none(met.refusals) : "");
  }
  return made;
}

}  // namespace startle::report
