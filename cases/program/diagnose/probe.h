#pragma once
// A server seen step by step, from its name to what it lets a user do, for whoever asks why mail or
// a bind fails. No certificate is refused on the way, so that the whole chain is seen; what it is
// worth is for others to say. Nobody is named to a server whose certificate the settings' trust
// refuses.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"
#include "harness/pcapng/evidence.h"
#include "harness/words/words.h"

namespace startle::program {

// In LDAP the root DSE is the capabilities, a search that is answered the message.
enum class Step {
  resolution,
  connection,
  greeting,
  capabilities,
  go_ahead,
  behind_go_ahead,
  tls,
  certificates,
  path,
  identity,
  purpose,
  status,
  mechanisms,
  authentication,
  sender,
  message,
};
inline constexpr auto kSteps = word_table<Step>({
    {Step::resolution, "resolution"},
    {Step::connection, "connection"},
    {Step::greeting, "greeting"},
    {Step::capabilities, "capabilities"},
    {Step::go_ahead, "go-ahead"},
    {Step::behind_go_ahead, "behind-go-ahead"},
    {Step::tls, "tls"},
    {Step::certificates, "certificates"},
    {Step::path, "path"},
    {Step::identity, "identity"},
    {Step::purpose, "purpose"},
    {Step::status, "status"},
    {Step::mechanisms, "mechanisms"},
    {Step::authentication, "authentication"},
    {Step::sender, "sender"},
    {Step::message, "message"},
});
constexpr Words words_of(Step) {
  return kSteps;
}

enum class StepState { ok, failed, not_reached };
inline constexpr auto kStepStates = word_table<StepState>({
    {StepState::ok, "ok"},
    {StepState::failed, "failed"},
    {StepState::not_reached, "not reached"},
});
constexpr Words words_of(StepState) {
  return kStepStates;
}

struct StepResult {
  Step step{};
  StepState state = StepState::not_reached;
  std::string said{};                  // one sentence, without a secret; empty: nothing to say
  std::vector<std::string> details{};  // a line each, so too
};

struct Probe {
  words::Mode mode{};
  std::string host{};
  std::uint16_t port = 0;
  // Those that the mode has, in the order in which they come: over implicit TLS the greeting is
  // behind the certificates. `path`, `identity`, `purpose` and `status` are not reached: whoever
  // judges the chain fills them in.
  std::vector<StepResult> steps{};
  std::vector<std::string> addresses{};     // numeric, in the order in which they are tried
  std::vector<std::string> chain_der{};     // as it was sent
  std::vector<std::string> capabilities{};  // before TLS: lines of EHLO's answer, OIDs
  std::vector<std::string> capabilities_in_tls{};
  std::vector<std::string> mechanisms{};  // of AUTH, or supportedSASLMechanisms: the last ones seen
  std::string tls_version{};              // "TLS1.3"; this and the next two empty: there is no TLS
  std::string cipher{};                   // "TLS_AES_256_GCM_SHA384"
  std::string group{};                    // "X25519"; empty also: a key exchange without one
  std::optional<std::string> staple{};    // the OCSP response, in DER
  // Of the exchange as far as it went, certificates aside; a success where nothing failed.
  words::Ending ending = words::Ending::not_connected;
  std::string sentence{};
};

// What is kept of the connections; `evidence` may be null.
struct Kept {
  std::shared_ptr<pcapng::Evidence> evidence{};
  bool shows_secrets = false;  // otherwise the password of the settings is blotted out of it
};

// As far as settings.stop_after, with the settings' time-outs. Behind TLS only where the settings'
// trust accepts the certificate.
Probe probe(const client::Settings& settings, const Kept& kept = {});
// So too, by a way of the caller's. All of them outlive the task.
net::Task<Probe> probe_through(net::World& world, net::Connector& connector,
                               const client::Settings& settings);

}  // namespace startle::program
