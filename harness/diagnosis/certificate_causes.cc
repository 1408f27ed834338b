// What is wrong with the certificate that the server shows, as those readings have it that refuse
// it.

#include <algorithm>
#include <array>

#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/judgement.h"

namespace startle::diagnosis {
namespace {

using oracle::Facts;
using oracle::Flaw;
using oracle::Path;
using oracle::Validity;
using words::Ending;

constexpr std::string_view kValid = "that is valid today";
constexpr std::string_view kKnown =
    "that an authority has issued which the product's Java knows, sent with its intermediates";

std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 4;
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
    list += (i > 0 ? ", " : "") + names[i];
  }
  return names.size() > kMost ? list + " and " + std::to_string(names.size() - kMost) + " more"
                              : list;
}

// What a row knows of the certificate.
struct Look {
  const Evidence& evidence;
  const Facts& facts;
  Ending ending;
  const Certificate& first() const { return evidence.shown->chain.front(); }
  std::string server() const { return name_of(evidence.server); }
  std::string expired_authority() const {
    const auto& chain = evidence.shown->chain;
    for (std::size_t i = 1; i < chain.size(); ++i) {
      if (chain[i].last_day < evidence.today) {
        return chain[i].subject + ", which expired on " + chain[i].last_day;
      }
    }
    return "one that has expired";
  }
};

// Why a certificate is refused: the first row that is so.
struct Row {
  std::string_view cause{};
  bool (*is_so)(const Look&);
  std::string (*answer)(const Look&);
  Trouble trouble{};
  std::string_view request{};  // "ask the owner for a certificate .."
};

bool ends(const Look& look, Ending ending) {
  return look.ending == ending;
}

constexpr std::array kRows{
    Row{"certificate-expired",
        [](const Look& l) {
          return ends(l, Ending::certificate_expired) && l.facts.end_entity == Validity::expired;
        },
        [](const Look& l) {
          return "the certificate that " + l.server() + " shows, " + l.first().subject +
                 ", expired on " + l.first().last_day;
        },
        Trouble::dates, kValid},
    Row{"issuer-expired", [](const Look& l) { return ends(l, Ending::certificate_expired); },
        [](const Look& l) {
          return "the certificate of " + l.server() +
                 " is valid, and one that it depends on is not: " + l.expired_authority();
        },
        Trouble::dates, "whose issuers are valid today too"},
    Row{"certificate-not-yet-valid",
        [](const Look& l) { return ends(l, Ending::certificate_not_yet_valid); },
        [](const Look& l) {
          return "the certificate that " + l.server() + " shows is valid from " +
                 l.first().first_day + " on, and not yet on " + l.evidence.today;
        },
        Trouble::dates, kValid},
    Row{"host-mismatch", [](const Look& l) { return ends(l, Ending::certificate_host_mismatch); },
        [](const Look& l) {
          const auto& names = l.first().names;
          return "the certificate that " + l.server() + " shows is issued to " +
                 (names.empty() ? "no name" : list_of(names)) + ", and not to " +
                 l.evidence.server.host;
        },
        Trouble::name, "that an authority of the product's Java has issued"},
    Row{"certificate-revoked", [](const Look& l) { return ends(l, Ending::certificate_revoked); },
        [](const Look& l) {
          return "the certificate that " + l.server() + " shows, " + l.first().subject +
                 ", is revoked";
        },
        Trouble::anything, "with a new key, in place of the revoked one"},
    Row{"certificate-wrong-purpose",
        [](const Look& l) { return ends(l, Ending::certificate_wrong_purpose); },
        [](const Look& l) {
          return "the certificate that " + l.server() + " shows, " + l.first().subject +
                 ", is not issued for TLS servers";
        },
        Trouble::anything, "whose extended key usage has serverAuth"},
    Row{"self-signed",
        [](const Look& l) {
          return ends(l, Ending::certificate_not_trusted) && l.facts.path == Path::self_signed;
        },
        [](const Look& l) {
          return "the certificate that " + l.server() + " shows, " + l.first().subject +
                 ", has signed itself, and no store that was given holds it";
        },
        Trouble::path, kKnown},
    Row{"chain-incomplete",
        [](const Look& l) {
          return ends(l, Ending::certificate_not_trusted) &&
                 (l.facts.path == Path::issuer_missing ||
                  (l.facts.path == Path::unknown_anchor && l.evidence.shown->chain.size() == 1));
        },
        [](const Look& l) {
          return l.server() + " does not send the certificate of its issuer, " + l.first().issuer +
                 ", and no store that was given holds it";
        },
        Trouble::path, "sent together with the intermediate that issued it"},
    Row{"issuer-of-that-name",
        [](const Look& l) {
          return ends(l, Ending::certificate_not_trusted) &&
                 (l.facts.path == Path::impostor || l.facts.path == Path::namesake);
        },
        [](const Look& l) {
          return "an issuer of the certificate that " + l.server() +
                 " shows has a name that is trusted and another key: it was renewed, or somebody "
                 "stands between";
        },
        Trouble::path, kKnown},
    Row{"unknown-authority", [](const Look& l) { return ends(l, Ending::certificate_not_trusted); },
        [](const Look& l) {
          return "the certificate that " + l.server() +
                 " shows is issued by an authority that no "
                 "store that was given holds: " +
                 l.evidence.shown->chain.back().issuer;
        },
        Trouble::path, kKnown},
    Row{"chain-too-long", [](const Look& l) { return l.facts.oversized; },
        [](const Look& l) {
          return l.server() + " sends " + std::to_string(l.evidence.shown->chain.size()) +
                 " certificates, which are longer together than a client takes";
        },
        Trouble::anything, "that is sent with its own intermediates, and nothing else"},
    Row{"certificate-invalid", [](const Look&) { return true; },
        [](const Look& l) {
          const Flaw own = l.facts.end_entity_flaw;
          const Flaw flaw = own != Flaw::none ? own : l.facts.authority_flaw;
          return "the certificate that " + l.server() + " shows breaks a rule" +
                 (flaw == Flaw::none ? "" : " (" + std::string(word(flaw)) + ")");
        },
        Trouble::anything, "that keeps RFC 5280, of RSA 2048 bits or P-256, and over SHA-256"},
};

Confidence confidence_of(const Evidence& evidence, const Reading& reading) {
  const auto logged = certificate_ending(evidence);
  const bool agree = logged && std::ranges::find(reading.endings, *logged) != reading.endings.end();
  if (agree || evidence.shown->is_live()) {
    return reading.is_stated || agree ? Confidence::certain : Confidence::likely;
  }
  // The log tells of another failure.
  return evidence.log && !evidence.log->endings.empty() ? Confidence::possible : Confidence::likely;
}

}  // namespace

std::optional<Claim> refused_certificate(const Evidence& evidence) {
  if (!evidence.shown) return std::nullopt;
  const Reading* reading = deciding_reading(evidence);
  if (reading == nullptr) return std::nullopt;
  const auto logged = certificate_ending(evidence);
  const bool agree =
      logged && std::ranges::find(reading->endings, *logged) != reading->endings.end();
  const Look look{evidence, evidence.shown->facts, agree ? *logged : reading->endings.front()};
  const auto row = std::ranges::find_if(kRows, [&](const Row& one) { return one.is_so(look); });
  Claim claim{.cause = row->cause,
              .answer = row->answer(look),
              .confidence = confidence_of(evidence, *reading),
              .rests_on = sources_of_refusal(evidence, *reading)};
  claim.change = changes_for(evidence, row->trouble, std::string(row->request));
  claim.ask = ask_for_missing(evidence);
  return claim;
}

}  // namespace startle::diagnosis
