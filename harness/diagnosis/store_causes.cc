// What is wrong with the key stores that the product reads, or does not read.

#include <algorithm>
#include <array>

#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/judgement.h"

namespace startle::diagnosis {
namespace {

using customer::StoreProblem;

// How far a problem of the store goes.
enum class Reach {
  everything,  // Java opens no connection at all
  this_path,   // the path to what this server shows is missing; without a chain nobody can tell
  nothing,     // it may stay so
};
struct StoreCause {
  StoreProblem problem{};
  std::string_view cause{};
  Reach reach{};
  std::string_view is{};  // behind "the key store of HOST" or "the Java runtime's own store"
};
// From the worst on.
constexpr std::array kStoreCauses{
    StoreCause{StoreProblem::empty, "store-empty", Reach::everything, "is an empty file"},
    StoreCause{StoreProblem::not_a_store, "store-not-a-store", Reach::everything,
               "is a file of another kind"},
    StoreCause{StoreProblem::encoded, "store-encoded", Reach::everything,
               "was not decoded: it is still text, as base64 is"},
    StoreCause{StoreProblem::garbled, "store-garbled", Reach::everything,
               "was destroyed by a text filter"},
    StoreCause{StoreProblem::wrong_format, "store-wrong-format", Reach::everything,
               "is in JCEKS, which Java does not open unless told"},
    StoreCause{StoreProblem::damaged, "store-damaged", Reach::everything, "is damaged"},
    StoreCause{StoreProblem::wrong_password, "store-wrong-password", Reach::everything,
               "is not opened by the password that is tried"},
    StoreCause{StoreProblem::renewed, "store-renewed", Reach::this_path,
               "holds the certificate that was renewed"},
    StoreCause{StoreProblem::other_certificate, "store-other-certificate", Reach::this_path,
               "holds neither the server's certificate nor its issuer's"},
    StoreCause{StoreProblem::expired_path, "store-expired-path", Reach::this_path,
               "is reached from the server's certificate through an expired one alone"},
    StoreCause{StoreProblem::unread, "store-unread", Reach::this_path,
               "is not read for STARTTLS: Java's own store is"},
    StoreCause{StoreProblem::locked, "store-locked", Reach::this_path,
               "was opened without its password, and Java sees nothing of it"},
    StoreCause{StoreProblem::no_certificate, "store-no-certificate", Reach::this_path,
               "holds no certificate"},
    StoreCause{StoreProblem::not_trusted, "store-not-trusted", Reach::this_path,
               "holds no trusted certificate"},
    StoreCause{StoreProblem::misnamed, "store-misnamed", Reach::this_path,
               "has a name that Java does not look for"},
    StoreCause{StoreProblem::misplaced, "store-misplaced", Reach::this_path,
               "stands in a folder that Java does not look into"},
    StoreCause{StoreProblem::wrong_extension, "store-wrong-extension", Reach::this_path,
               "has an extension that Java does not look for"},
    StoreCause{StoreProblem::unreadable, "store-unreadable", Reach::this_path, "cannot be read"},
    StoreCause{StoreProblem::missing, "store-missing", Reach::nothing, "is missing"},
    StoreCause{StoreProblem::world_writable, "store-world-writable", Reach::nothing,
               "can be written by every user of the machine"},
    StoreCause{StoreProblem::expired, "store-expired", Reach::nothing,
               "holds a certificate that has expired"},
    StoreCause{StoreProblem::octets_behind, "store-octets-behind", Reach::nothing,
               "has octets behind its end"},
    StoreCause{StoreProblem::padded_password, "store-padded-password", Reach::nothing,
               "is opened by the password without the blanks around it"},
};
static_assert(kStoreCauses.size() == customer::kStoreProblems.size());

struct FoundCause {
  const StoreCause* cause = nullptr;
  const StoreFinding* finding = nullptr;
};

FoundCause worst(const Evidence& evidence, Reach reach) {
  for (const StoreCause& cause : kStoreCauses) {
    if (cause.reach != reach) continue;
    const auto found = std::ranges::find(evidence.stores, cause.problem, &StoreFinding::problem);
    if (found != evidence.stores.end()) return {&cause, &*found};
  }
  return {};
}

std::string whose(const Evidence& evidence, const StoreFinding& finding) {
  if (finding.is_javas) return "the Java runtime's own store ";
  return evidence.server.host.empty() ? "the key store "
                                      : "the key store of " + evidence.server.host + " ";
}

Claim claim_of(const Evidence& evidence, const FoundCause& found, Confidence confidence) {
  const auto& [cause, finding] = found;
  Claim claim{.cause = cause->cause,
              .answer = whose(evidence, *finding) + std::string(cause->is),
              .confidence = confidence,
              .rests_on = {finding->sentence}};
  if (cause->problem == StoreProblem::renewed && evidence.shown) {
    claim.answer += " on " + evidence.shown->chain.front().first_day;
  }
  if (!finding->remedy.empty()) {
    claim.change.push_back({.text = "mend the store", .commands = finding->remedy});
  } else if (auto import = import_anchor(evidence)) {
    claim.change.push_back(*std::move(import));
  }
  if (claim.change.empty()) {
    claim.change.push_back({.text = "put a copy in its place that was made before, or make it anew "
                                    "with the command that was used for it then"});
  }
  claim.ask = ask_for_missing(evidence);
  return claim;
}

// The path to what the server shows is missing, as far as was seen.
Confidence about_path(const Evidence& evidence) {
  const bool seen = evidence.shown && java_misses_path(evidence);
  const bool logged = log_misses_path(evidence) ||
                      (evidence.log && java_says(evidence.log) == JavaSays::no_anchors);
  if (seen && logged) return Confidence::certain;
  if (seen && !is_accepted_as_stated(evidence)) return Confidence::certain;
  return logged ? Confidence::likely : Confidence::possible;
}

}  // namespace

std::optional<Claim> unusable_store(const Evidence& evidence) {
  const FoundCause found = worst(evidence, Reach::everything);
  if (found.cause == nullptr) return std::nullopt;
  // A certificate that was validated, or refused by its host, is proof of a store that was opened.
  const JavaSays says = java_says(evidence.log);
  const bool opened =
      says == JavaSays::validated || says == JavaSays::unlisted || says == JavaSays::name;
  Claim claim = claim_of(evidence, found, opened ? Confidence::possible : Confidence::certain);
  if (says == JavaSays::closed) claim.rests_on.push_back(quoted_log(evidence));
  if (opened) {
    claim.rests_on.push_back(quoted_log(evidence) +
                             " is printed where Java has opened its store: this file is another");
  }
  return claim;
}

std::optional<Claim> wrong_store(const Evidence& evidence) {
  FoundCause found = worst(evidence, Reach::this_path);
  if (found.cause == nullptr) return std::nullopt;
  Claim claim = claim_of(evidence, found, about_path(evidence));
  const JavaSays says = java_says(evidence.log);
  if (log_misses_path(evidence) || says == JavaSays::validated || says == JavaSays::no_anchors) {
    claim.rests_on.push_back(quoted_log(evidence));
  }
  return claim;
}

}  // namespace startle::diagnosis
