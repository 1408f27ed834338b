// Pieces of the evidence that do not belong together.

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/judgement.h"
#include "harness/oracle/oracle.h"
#include "harness/oracle/trust_value.h"

namespace startle::diagnosis {
namespace {

using words::Ending;

std::string client_of(const Logged& log) {
  return "a" + std::string(log.protocol == words::Protocol::ldap ? "n LDAP" : " mail") + " client";
}

bool names_host(const std::vector<std::string>& names, const std::string& host) {
  return std::ranges::any_of(
      names, [&](const std::string& name) { return equal_ignoring_case(name, host); });
}

// "Tue Nov 17 12:00:00 UTC 2026" behind "NotAfter: ", as Java prints a date: "2026-11-17".
std::optional<std::string> day_in_log(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view date = text.substr(at + label.size(), 64);
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (date.size() < 24) return std::nullopt;
  const auto month = std::ranges::find(kMonths, date.substr(4, 3));
  const std::size_t year = date.find(" 20", 19);
  if (month == kMonths.end() || year == std::string_view::npos || year + 5 > date.size()) {
    return std::nullopt;
  }
  const auto number = static_cast<std::size_t>(month - kMonths.begin()) + 1;
  return std::string(date.substr(year + 1, 4)) + (number < 10 ? "-0" : "-") +
         std::to_string(number) + "-" + std::string(date.substr(8, 2));
}

// What everybody here finds a path for, the client found none for.
Claim another_store(const Evidence& evidence) {
  Claim claim{.cause = "another-store",
              .answer =
                  "the client finds no path where there is one: it reads another store than "
                  "the one that was judged by, or was shown another certificate then",
              .confidence = Confidence::likely,
              .rests_on = {quoted_log(evidence), source_of_shown(evidence) + ": issued by " +
                                                     evidence.shown->chain.back().issuer +
                                                     ", which is known where it was judged"}};
  claim.change.push_back({.text = "bring the product's Java to its latest update: authorities come "
                                  "with it"});
  if (auto import = import_anchor(evidence)) claim.change.push_back(*std::move(import));
  claim.ask = ask_for_missing(evidence);
  claim.ask.push_back({.text = "the command line of the product's Java: -Djavax.net.ssl.trustStore "
                               "names another store",
                       .commands = {list_processes(evidence)}});
  return claim;
}

}  // namespace

std::optional<Claim> clock_is_wrong(const Evidence& evidence) {
  const auto logged = certificate_ending(evidence);
  if (!logged || !evidence.shown) return std::nullopt;
  const Certificate& first = evidence.shown->chain.front();
  if (evidence.today < first.first_day || evidence.today > first.last_day) return std::nullopt;
  const bool ahead = *logged == Ending::certificate_expired &&
                     day_in_log(evidence.log->text, "NotAfter: ") == first.last_day;
  const bool behind = *logged == Ending::certificate_not_yet_valid &&
                      day_in_log(evidence.log->text, "NotBefore: ") == first.first_day;
  if (!ahead && !behind) return std::nullopt;
  Claim claim{.cause = "clock-is-wrong",
              .answer = "the clock of the machine that wrote the log is " +
                        std::string(ahead ? "ahead" : "behind") +
                        ": the certificate that it calls " +
                        (ahead ? "expired is valid until " + first.last_day
                               : "not yet valid is valid from " + first.first_day + " on"),
              .confidence = Confidence::certain,
              .rests_on = {quoted_log(evidence), source_of_shown(evidence) +
                                                     ": the same certificate, valid from " +
                                                     first.first_day + " to " + first.last_day}};
  claim.change.push_back({.text = "set the clock of that machine, and its time zone; have it "
                                  "follow a time server"});
  claim.ask.push_back({.text = "what time that machine has, in UTC", .commands = {"date -u"}});
  return claim;
}

std::optional<Claim> log_of_another_protocol(const Evidence& evidence) {
  if (!evidence.log || !evidence.log->protocol || evidence.server.mode_is_guess) {
    return std::nullopt;
  }
  const words::Protocol configured = words::protocol_of(evidence.server.mode);
  if (*evidence.log->protocol == configured) return std::nullopt;
  const std::string title(words::row_of(configured).title);
  Claim claim{
      .cause = "log-of-another-protocol",
      .answer =
          "this stack trace is of " + client_of(*evidence.log) + ", the file configures " + title,
      .confidence = Confidence::certain,
      .rests_on = {quoted_log(evidence), (evidence.server.where.empty() ? name_of(evidence.server)
                                                                        : evidence.server.where) +
                                             ": " + title}};
  claim.change.push_back({.text = "nothing yet: what the log tells of is another server"});
  claim.ask.push_back(ask_log(evidence));
  claim.ask.push_back({.text = "the configuration of the " +
                               std::string(words::row_of(*evidence.log->protocol).title) +
                               " server that the log is about"});
  return claim;
}

std::optional<Claim> log_of_another_host(const Evidence& evidence) {
  if (!evidence.log || evidence.log->hosts.empty() || evidence.server.host.empty() ||
      evidence.server.host_is_guess) {
    return std::nullopt;
  }
  if (names_host(evidence.log->hosts, evidence.server.host)) return std::nullopt;
  Claim claim{.cause = "log-of-another-host",
              .answer = "the log is about " + evidence.log->hosts.front() +
                        ", which is not the host of " +
                        (evidence.server.where.empty() ? "this diagnosis" : evidence.server.where) +
                        ": " + evidence.server.host,
              .confidence = Confidence::certain,
              .rests_on = {quoted_log(evidence)}};
  claim.change.push_back(
      {.text = "look for the place that names " + evidence.log->hosts.front() +
               ": another configuration is in force, or url was changed since the log"});
  claim.ask.push_back(ask_log(evidence));
  return claim;
}

std::optional<Claim> log_of_tls_in_clear(const Evidence& evidence) {
  if (!evidence.log || !evidence.server.is_in_clear() || evidence.server.where.empty()) {
    return std::nullopt;
  }
  const bool of_tls =
      certificate_ending(evidence) || (!evidence.log->endings.empty() &&
                                       evidence.log->endings.front() == Ending::handshake_failure);
  if (!of_tls) return std::nullopt;
  Claim claim{.cause = "log-of-tls-in-clear",
              .answer = "the log tells of TLS, and " + evidence.server.where +
                        " asks for none: the line was not in force",
              .confidence = Confidence::certain,
              .rests_on = {quoted_log(evidence)}};
  claim.change.push_back({.text = "save the file that is meant on the machine that wrote the log, "
                                  "and start the product anew"});
  claim.ask.push_back({.text = "the schedule.xml of the machine that wrote the log"});
  return claim;
}

std::optional<Claim> chain_of_another_host(const Evidence& evidence) {
  if (!evidence.shown || evidence.shown->is_live() || evidence.server.host.empty() ||
      evidence.server.host_is_guess) {
    return std::nullopt;
  }
  // Only a log that tells of another failure says that the server shows something else.
  const auto logged = certificate_ending(evidence);
  if (!logged || *logged == Ending::certificate_host_mismatch) return std::nullopt;
  const auto& presented = evidence.shown->facts.presented;
  if (oracle::matches(evidence.server.host, presented)) return std::nullopt;
  for (const oracle::Token& token : oracle::tokens_of(evidence.server.trust.value_or(""))) {
    if (oracle::matches(token.text, presented)) return std::nullopt;
  }
  const std::string common_name = presented.common_name;
  if (equal_ignoring_case(common_name, evidence.server.host)) return std::nullopt;
  const auto& names = evidence.shown->chain.front().names;
  const bool mail = words::row_of(words::protocol_of(evidence.server.mode)).is_mail;
  // A mail client that looks at no name would not have said so.
  Claim claim{.cause = "chain-of-another-host",
              .answer = evidence.shown->file +
                        " seems to be what another server shows: it is "
                        "issued to " +
                        (names.empty() ? "no name" : names.front()) + ", and the log of " +
                        evidence.server.host + " complains of no name",
              .confidence = mail ? Confidence::possible : Confidence::likely,
              .rests_on = {evidence.shown->file, quoted_log(evidence)}};
  claim.change.push_back({.text = "nothing yet: first the chain of the right server"});
  Evidence without = evidence;
  without.shown.reset();
  claim.ask.push_back(ask_chain(without));
  return claim;
}

std::optional<Claim> chain_of_another_time(const Evidence& evidence) {
  if (!evidence.given || !evidence.shown || !evidence.shown->is_live()) return std::nullopt;
  const Certificate& now = evidence.shown->chain.front();
  if (evidence.given->fingerprint == now.fingerprint) return std::nullopt;
  const bool renewed = evidence.given->subject == now.subject;
  Claim claim{.cause = "chain-of-another-time",
              .answer = evidence.given_file + " is not what " + name_of(evidence.server) +
                        " shows now: " +
                        (renewed ? "it was renewed on " + now.first_day
                                 : "it is issued to " + now.subject + ", and the file's to " +
                                       evidence.given->subject),
              .confidence = Confidence::certain,
              .rests_on = {evidence.given_file, source_of_shown(evidence)}};
  claim.change.push_back({.text = renewed ? "import what is shown now wherever the former one was "
                                            "imported"
                                          : "look for a second server behind that name: a load "
                                            "balancer, or somebody between"});
  if (auto import = import_anchor(evidence)) claim.change.push_back(*std::move(import));
  claim.ask.push_back(ask_log(evidence));
  return claim;
}

std::optional<Claim> log_of_another_time(const Evidence& evidence) {
  const auto logged = certificate_ending(evidence);
  if (!logged || !evidence.shown || evidence.readings.empty()) return std::nullopt;
  const bool explained = std::ranges::any_of(evidence.readings, [&](const Reading& one) {
    return std::ranges::find(one.endings, *logged) != one.endings.end();
  });
  if (explained || java_says(evidence.log) == JavaSays::unlisted) return std::nullopt;
  if (*logged == Ending::certificate_not_trusted) return another_store(evidence);
  const Certificate& first = evidence.shown->chain.front();
  const bool renewed = *logged == Ending::certificate_expired && first.last_day >= evidence.today;
  Claim claim{.cause = renewed ? "renewed-since-the-log" : "log-of-another-time",
              .answer = renewed
                            ? "the certificate that had expired when the log was written was "
                              "renewed on " +
                                  first.first_day + ": " + source_of_shown(evidence) +
                                  " is valid until " + first.last_day
                            : "no client that is known refuses " + source_of_shown(evidence) +
                                  " as the log has it: the server showed something else then, or "
                                  "the client reads another store",
              .confidence = Confidence::likely,
              .rests_on = {quoted_log(evidence), source_of_shown(evidence)}};
  claim.change.push_back({.text = "try again: what is shown now has not that fault"});
  claim.ask.push_back({.text = "a log of today, where it still fails"});
  if (!evidence.shown->is_live()) {
    Evidence without = evidence;
    without.shown.reset();
    claim.ask.push_back(ask_chain(without));
  }
  return claim;
}

}  // namespace startle::diagnosis
