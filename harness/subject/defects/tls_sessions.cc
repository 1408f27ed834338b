#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using words::Severity;

template <tls::Offer kOffer>
struct OffersAlso final : client::Decisions {
  tls::Offer also_offered() const override { return kOffer; }
};

struct OverlooksDowngradeMark final : client::Decisions {
  bool minds_downgrade_mark() const override { return false; }
};

struct SendsNoServerName final : client::Decisions {
  std::string server_name(const client::Settings&) const override { return ""; }
};

struct TakesEndForAnswer final : client::Decisions {
  bool takes_end_for_answer() const override { return true; }
};

constexpr Defect kRows[] = {
    {.name = "offers-anonymous",
     .bug_class = "CHAIN-NONE",
     .severity = Severity::false_accept,
     .does = "offers a key exchange without a certificate, and asks for none",
     .make = made<OffersAlso<tls::Offer::anonymous>>},
    {.name = "offers-null-cipher",
     .bug_class = "TLS-CIPHER",
     .severity = Severity::false_accept,
     .does = "offers TLS that does not encrypt",
     .make = made<OffersAlso<tls::Offer::null_cipher>>},
    {.name = "offers-old-versions",
     .bug_class = "TLS-VERSION",
     .severity = Severity::false_accept,
     .does = "offers TLS 1.0 and 1.1",
     .make = made<OffersAlso<tls::Offer::old_versions>>},
    {.name = "offers-rc4",
     .bug_class = "TLS-CIPHER",
     .severity = Severity::false_accept,
     .does = "offers a cipher that can be broken",
     .make = made<OffersAlso<tls::Offer::rc4>>},
    {.name = "offers-sha-1",
     .bug_class = "TLS-SIGNATURE",
     .severity = Severity::false_accept,
     .does = "takes a handshake that is signed over SHA-1",
     .make = made<OffersAlso<tls::Offer::sha_1>>},
    {.name = "offers-weak-dh",
     .bug_class = "TLS-CIPHER",
     .severity = Severity::false_accept,
     .does = "takes a Diffie-Hellman group of 1024 bits",
     .make = made<OffersAlso<tls::Offer::weak_dh>>},
    {.name = "overlooks-downgrade-mark",
     .bug_class = "TLS-VERSION",
     .severity = Severity::false_accept,
     .does = "does not look for the mark by which a server shows that somebody cut the versions",
     .make = made<OverlooksDowngradeMark>},
    {.name = "sends-no-server-name",
     .bug_class = "NO-SNI",
     .severity = Severity::false_refuse,
     .does = "does not tell the server which name it wants (SNI)",
     .make = made<SendsNoServerName>},
    {.name = "takes-end-for-answer",
     .bug_class = "TLS-CLOSURE",
     .severity = Severity::false_accept,
     .does = "takes the end of the connection, where an answer belongs, for success",
     .make = made<TakesEndForAnswer>},
};

}  // namespace

std::span<const Defect> tls_sessions() {
  return kRows;
}

}  // namespace startle::subject::defect
