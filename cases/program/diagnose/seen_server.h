#pragma once
// What one exchange of the built-in client brings to light of a server: what it said in clear, what
// it offers, its certificates and what they are worth to the settings' trust, and how it ended.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/client/certificate_check.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"
#include "harness/tls/priority.h"

namespace startle::program {

struct SeenServer {
  std::optional<net::ConnectStep> not_connected{};
  std::vector<net::Attempt> attempts{};  // an entry per address
  // What it sent from the first octet on, whatever it was inside, kMostFirstOctets at most.
  std::string first_octets{};
  bool flooded = false;  // it sent more than the exchange may be, and was left
  // Lines of EHLO's answer, OIDs of supportedExtension; before TLS, and inside. Nullopt: unread.
  std::optional<std::vector<std::string>> offers{};
  std::optional<std::vector<std::string>> offers_in_tls{};
  std::vector<std::string> mechanisms{};  // in the last of these
  bool offers_starttls = false;           // as a client understands them
  std::string behind_go_ahead{};          // octets, as they came
  bool met_certificate = false;
  std::string no_trust{};  // why the settings do not say whom to trust; empty: they do
  std::optional<client::Refusal> refusal{};  // of the certificate, by the settings' trust
  std::string staple{};                      // in DER
  client::Outcome outcome{};

  bool is_trusted() const { return met_certificate && no_trust.empty() && !refusal; }
};
inline constexpr std::size_t kMostFirstOctets = 512;

struct HowToLook {
  // A certificate that the trust refuses ends it, as octets behind the go-ahead do: nothing else
  // may be done where somebody is named.
  bool strictly = false;
  tls::Offer also_offered = tls::Offer::nothing;
};

// As far as settings.stop_after, with the settings' time-outs. All of them outlive the task.
net::Task<SeenServer> see_server(net::World& world, net::Connector& connector,
                                 const client::Settings& settings, const HowToLook& how);

}  // namespace startle::program
