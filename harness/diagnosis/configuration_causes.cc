// What is wrong with the configuration, or is not in force of it.

#include <algorithm>

#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/judgement.h"
#include "harness/oracle/trust_value.h"

namespace startle::diagnosis {
namespace {

using customer::Weight;
using words::Ending;

bool is_of_mail(const Evidence& evidence) {
  return words::row_of(words::protocol_of(evidence.server.mode)).is_mail;
}

const customer::Mistake* mistake_of(const Evidence& evidence, Weight weight) {
  const auto found = std::ranges::find(evidence.mistakes, weight, &customer::Mistake::weight);
  return found == evidence.mistakes.end() ? nullptr : &*found;
}

// "schedule.xml" of "schedule.xml:4"
std::string file_of(const Server& server) {
  return server.where.substr(0, server.where.rfind(':'));
}

Claim claim_of(std::string_view cause, const customer::Mistake& mistake, Confidence confidence) {
  return {.cause = cause,
          .answer = mistake.text,
          .confidence = confidence,
          .rests_on = {"the configuration itself"}};
}

}  // namespace

std::optional<Claim> file_refused(const Evidence& evidence) {
  if (evidence.refusals.empty()) return std::nullopt;
  Claim claim{.cause = "configuration-refused",
              .answer = evidence.refusals.front(),
              .confidence = Confidence::certain,
              .rests_on = {"the configuration itself: no product can start with it"}};
  for (const std::string& refusal : evidence.refusals) {
    claim.change.push_back({.text = "mend " + refusal});
  }
  claim.ask.push_back({.text = "the file once more when that is mended"});
  return claim;
}

std::optional<Claim> trust_not_in_force(const Evidence& evidence) {
  if (!evidence.log || !is_of_mail(evidence) || !evidence.server.trust ||
      evidence.server.where.empty()) {
    return std::nullopt;
  }
  const JavaSays says = java_says(evidence.log);
  if (says != JavaSays::validated && says != JavaSays::no_anchors) return std::nullopt;
  if (evidence.log->protocol &&
      *evidence.log->protocol != words::protocol_of(evidence.server.mode)) {
    return std::nullopt;
  }
  Claim claim{.cause = "trust-not-in-force",
              .answer =
                  "JavaMail with this trust value cannot print this error: the line was not "
                  "in force",
              .confidence = Confidence::certain,
              .rests_on = {quoted_log(evidence),
                           evidence.server.where +
                               ": trust is there, and JavaMail then validates no certificate, "
                               "whatever the value"}};
  claim.change.push_back(
      {.text = "save " + file_of(evidence.server) +
               " on the machine that wrote the log, in the folder that the product was started "
               "from, and start the product anew"});
  claim.change.push_back(
      {.text = "look for a second place that names this server: another schedule.xml, or a "
               "mail.smtp.ssl.socketFactory, which STARTTLS prefers to trust"});
  if (auto import = import_anchor(evidence)) claim.change.push_back(*std::move(import));
  claim.ask.push_back({.text = "the command line of the product's Java, and which schedule.xml it "
                               "has opened",
                       .commands = {list_processes(evidence)}});
  claim.ask.push_back(ask_log(evidence));
  return claim;
}

std::optional<Claim> host_not_listed(const Evidence& evidence) {
  if (!is_of_mail(evidence) || evidence.server.is_in_clear()) return std::nullopt;
  const bool logged =
      evidence.log && java_says(evidence.log) == JavaSays::unlisted &&
      (evidence.log->hosts.empty() || evidence.server.host.empty() ||
       std::ranges::find(evidence.log->hosts, evidence.server.host) != evidence.log->hosts.end());
  const bool is_unlisted = !evidence.server.host.empty() && evidence.server.trust &&
                           oracle::java_trust(evidence.server.host, evidence.server.trust) ==
                               oracle::JavaTrust::unlisted;
  if (!logged && (!is_unlisted || evidence.log)) return std::nullopt;
  const std::string host = evidence.server.host.empty() ? "the host" : evidence.server.host;
  Claim claim{.cause = "host-not-listed",
              .answer = "trust does not list " + host +
                        ", letter for letter as url has it: JavaMail refuses that server, whatever "
                        "certificate it shows",
              .confidence = logged && is_unlisted ? Confidence::certain
                            : logged              ? Confidence::likely
                                                  : Confidence::possible};
  if (logged) claim.rests_on.push_back(quoted_log(evidence));
  if (is_unlisted) claim.rests_on.push_back(evidence.server.where + ": the value of trust");
  const std::string value = trust_to_write(evidence, false);
  claim.change.push_back(
      {.text = (evidence.server.where.empty() ? std::string("give")
                                              : "in " + evidence.server.where + " write") +
               " trust=\"" + value +
               "\": names apart by blanks, no port, no comma, the letter case "
               "of url"});
  if (auto anybody = trust_anybody(evidence)) claim.change.push_back(*std::move(anybody));
  claim.ask = ask_for_missing(evidence);
  return claim;
}

std::optional<Claim> trust_absent(const Evidence& evidence) {
  const bool is_demanded = std::ranges::any_of(evidence.readings, [](const Reading& one) {
    return one.is_stated && !one.endings.empty() &&
           one.endings.front() == Ending::configuration_error;
  });
  if (!is_demanded || evidence.server.trust) return std::nullopt;
  Claim claim{
      .cause = "trust-absent",
      .answer = evidence.server.where +
                " has no trust, which the product's page requires with TLS: Java then goes "
                "by its own trust store",
      .confidence = Confidence::likely,
      .rests_on = {evidence.server.where + ", read as " + std::string(word(evidence.stated))}};
  claim.change.push_back({.text = "in " + evidence.server.where + " write trust=\"" +
                                  trust_to_write(evidence, false) + "\""});
  if (auto anybody = trust_anybody(evidence)) claim.change.push_back(*std::move(anybody));
  claim.ask = ask_for_missing(evidence);
  return claim;
}

std::optional<Claim> mistaken_element(const Evidence& evidence) {
  const customer::Mistake* mistake = mistake_of(evidence, Weight::fails);
  if (mistake == nullptr) return std::nullopt;
  Claim claim = claim_of("mistake", *mistake, Confidence::likely);
  claim.change.push_back({.text = "write it as the sentence says, and start the product anew"});
  claim.ask = ask_for_missing(evidence);
  return claim;
}

std::optional<Claim> doubtful_element(const Evidence& evidence) {
  const customer::Mistake* mistake = mistake_of(evidence, Weight::doubtful);
  if (mistake == nullptr) return std::nullopt;
  Claim claim = claim_of("doubtful", *mistake, Confidence::possible);
  claim.change.push_back({.text = "write it as the sentence says, and start the product anew"});
  claim.ask = ask_for_missing(evidence);
  return claim;
}

std::optional<Claim> in_clear(const Evidence& evidence) {
  if (!evidence.server.is_in_clear() || evidence.server.where.empty()) return std::nullopt;
  const words::ProtocolRow& protocol = words::row_of(words::protocol_of(evidence.server.mode));
  Claim claim{.cause = "in-clear",
              .answer = evidence.server.where + " asks " + name_of(evidence.server) +
                        " for no TLS: all goes in clear, and no certificate is looked at",
              .confidence = Confidence::possible,
              .rests_on = {"the configuration itself"}};
  claim.change.push_back({.text = "in " + evidence.server.where + " write starttls=\"true\", for " +
                                  std::string(protocol.starttls) +
                                  ", or ssl=\"true\" for the port that begins with TLS"});
  claim.ask = ask_for_missing(evidence);
  return claim;
}

}  // namespace startle::diagnosis
