#include <algorithm>

#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using sasl::Objection;
using sasl::Standing;
using words::Severity;

// ---- success that proves nothing ---------------------------------------------------------------

// Takes success also where the exchange stands so.
template <Standing kUnproven>
struct TakesForProof final : client::Decisions {
  bool is_proven(Standing standing, std::string_view text) const override {
    return standing == kUnproven || Decisions::is_proven(standing, text);
  }
};

struct ReadsSignatureInReply final : client::Decisions {
  // "v=" is "dj0" to "dj3" in base64.
  bool is_proven(Standing standing, std::string_view text) const override {
    const bool signs = text.find("v=") != text.npos || text.find("dj") != text.npos;
    return (standing == Standing::unsigned_ && signs) || Decisions::is_proven(standing, text);
  }
};

struct ContinuesAfterRefusedAuthentication final : client::Decisions {
  bool is_authenticated(const wire::SmtpReply&) const override { return true; }
  bool is_bound(const wire::LdapResult&) const override { return true; }
};

// ---- challenges that are not to be answered ----------------------------------------------------

// Answers a challenge to which there is this one objection.
template <Objection::Kind kOverlooked>
struct Overlooks final : client::Decisions {
  std::optional<std::string> challenge(std::string_view challenge,
                                       const std::optional<Objection>& objection) const override {
    const bool let_pass = objection && objection->kind == kOverlooked;
    return let_pass ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

struct AnswersBrokenBase64 final : client::Decisions {
  std::optional<std::string> decoded(std::string_view text) const override {
    if (const auto strict = Decisions::decoded(text)) return strict;
    std::string kept;
    for (const char c : text) {
      if (is_alphanumeric(c) || c == '+' || c == '/') kept += c;
    }
    kept.resize(kept.size() / 4 * 4);
    return kept.empty() ? std::string(text) : from_base64(kept);
  }
};

struct AnswersHugeChallenge final : client::Decisions {
  std::size_t longest_challenge() const override { return 1 << 20; }
};

struct ComputesAnyIterations final : client::Decisions {
  // The time that takes is not the point here: it computes with the usual count.
  std::optional<std::string> challenge(std::string_view challenge,
                                       const std::optional<Objection>& objection) const override {
    constexpr std::string_view kCount = ",i=";
    const std::size_t at = challenge.find(kCount);
    if (!objection || at == challenge.npos) return Decisions::challenge(challenge, objection);
    if (objection->kind != Objection::Kind::iterations &&
        objection->kind != Objection::Kind::malformed) {
      return std::nullopt;
    }
    const std::size_t end = std::min(challenge.find(',', at + 1), challenge.size());
    return std::string(challenge.substr(0, at)) + ",i=4096" + std::string(challenge.substr(end));
  }
};

struct ReadsAttributesInAnyOrder final : client::Decisions {
  std::optional<std::string> challenge(std::string_view challenge,
                                       const std::optional<Objection>& objection) const override {
    if (!objection || objection->kind != Objection::Kind::malformed) {
      return Decisions::challenge(challenge, objection);
    }
    const std::string all = "," + std::string(challenge) + ",";
    return "r=" + value(all, ",r=", "") + ",s=" + value(all, ",s=", "AAAA") +
           ",i=" + value(all, ",i=", "4096");
  }
  static std::string value(const std::string& all, std::string_view name, const char* otherwise) {
    const std::size_t at = all.find(name);
    if (at == all.npos) return otherwise;
    const std::size_t from = at + name.size();
    return all.substr(from, all.find(',', from) - from);
  }
};

// m= behind i=, where other attributes that are not known may be passed over.
struct OverlooksLateExtension final : client::Decisions {
  std::optional<std::string> challenge(std::string_view challenge,
                                       const std::optional<Objection>& objection) const override {
    const bool late = objection && objection->kind == Objection::Kind::mandatory_extension &&
                      !challenge.starts_with("m=");
    return late ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

constexpr Defect kRows[] = {
    {.name = "accepts-early-success",
     .bug_class = "SASL-EARLY",
     .severity = Severity::false_accept,
     .does = "takes success before it has said its part",
     .make = made<TakesForProof<Standing::early>>},
    {.name = "accepts-foreign-nonce",
     .bug_class = "SASL-NONCE",
     .severity = Severity::false_accept,
     .does = "SCRAM: does not look for its nonce in that of the server",
     .make = made<Overlooks<Objection::Kind::foreign_nonce>>},
    {.name = "accepts-missing-signature",
     .bug_class = "SASL-UNPROVEN",
     .severity = Severity::false_accept,
     .does = "SCRAM: takes success although the server never proved that it knows the password",
     .make = made<TakesForProof<Standing::unsigned_>>},
    {.name = "accepts-short-signature",
     .bug_class = "SASL-UNPROVEN",
     .severity = Severity::false_accept,
     .does = "SCRAM: compares as much of the signature as the server says",
     .make = made<TakesForProof<Standing::short_signature>>},
    {.name = "accepts-success-after-error",
     .bug_class = "SASL-UNPROVEN",
     .severity = Severity::false_accept,
     .does = "takes success although the server has stated an error before",
     .make = made<TakesForProof<Standing::error_stated>>},
    {.name = "accepts-unchanged-nonce",
     .bug_class = "SASL-NONCE",
     .severity = Severity::false_accept,
     .does = "SCRAM: takes its own nonce, nothing added, for that of both",
     .make = made<Overlooks<Objection::Kind::unchanged_nonce>>},
    {.name = "accepts-wrong-signature",
     .bug_class = "SASL-UNPROVEN",
     .severity = Severity::false_accept,
     .does = "SCRAM: does not compare the signature of the server",
     .make = made<TakesForProof<Standing::wrong_signature>>},
    {.name = "answers-absent-challenge",
     .bug_class = "SASL-GRAMMAR",
     .severity = Severity::false_accept,
     .does = "LDAP: takes serverSaslCreds that are absent for an empty challenge",
     .make = made<Overlooks<Objection::Kind::absent>>},
    {.name = "answers-beyond-end",
     .bug_class = "SASL-ENDLESS",
     .severity = Severity::false_accept,
     .does = "answers challenges that its mechanism does not have",
     .make = made<Overlooks<Objection::Kind::after_end>>},
    {.name = "answers-broken-base64",
     .bug_class = "SASL-GRAMMAR",
     .severity = Severity::false_accept,
     .does = "SMTP: skips what is no base64 in a challenge",
     .make = made<AnswersBrokenBase64>},
    {.name = "answers-huge-challenge",
     .bug_class = "SASL-SIZE",
     .severity = Severity::false_accept,
     .does = "reads challenges of up to a mebibyte",
     .make = made<AnswersHugeChallenge>},
    {.name = "computes-any-iterations",
     .bug_class = "SASL-ITERATIONS",
     .severity = Severity::false_accept,
     .does = "SCRAM: takes any iteration count, 0 and 2^31 too",
     .make = made<ComputesAnyIterations>},
    {.name = "continues-after-refused-authentication",
     .bug_class = "LATE-CONTINUE",
     .severity = Severity::false_accept,
     .does = "takes any reply to AUTH for success",
     .make = made<ContinuesAfterRefusedAuthentication>},
    {.name = "ignores-mandatory-extension",
     .bug_class = "SASL-EXTENSION",
     .severity = Severity::false_accept,
     .does = "SCRAM: passes over an extension that it has to know (m=)",
     .make = made<Overlooks<Objection::Kind::mandatory_extension>>},
    {.name = "overlooks-late-extension",
     .bug_class = "SASL-EXTENSION",
     .severity = Severity::false_accept,
     .does = "SCRAM: looks for an extension that it has to know (m=) in the first place alone",
     .make = made<OverlooksLateExtension>},
    {.name = "reads-attributes-in-any-order",
     .bug_class = "SASL-GRAMMAR",
     .severity = Severity::false_accept,
     .does =
         "SCRAM: takes the attributes of a challenge in any order, and none where one is missing",
     .make = made<ReadsAttributesInAnyOrder>},
    {.name = "reads-signature-in-reply",
     .bug_class = "SASL-UNPROVEN",
     .severity = Severity::false_accept,
     .does = "SMTP, SCRAM: takes a signature in the text of 235 for proof",
     .make = made<ReadsSignatureInReply>},
};

}  // namespace

std::span<const Defect> sasl_challenges() {
  return kRows;
}

}  // namespace startle::subject::defect
