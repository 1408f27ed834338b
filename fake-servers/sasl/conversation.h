#pragma once
// One SASL exchange of a fake server, in whichever protocol: the honest server's half, or the lie
// that the script tells, and an eye on what the client must not do.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/server.h"
#include "fake-servers/sasl/scram_message.h"
#include "harness/sasl/server_exchange.h"

namespace startle::fake {

// What the protocol makes of the exchange's surroundings.
struct SaslSurroundings {
  // Where success has no place for SCRAM's last message, it goes in a challenge of its own (RFC
  // 4954, 4).
  words::SaslFraming framing = words::SaslFraming::base64_lines;
  std::function<const User*(const std::string& name)> user_called{};
  const User* certified = nullptr;  // whom the client's certificate stands for
  // Whether he may act under this authorization identity.
  std::function<bool(const std::string& authorization)> is_himself{};
  std::optional<sasl::ChannelBinding> channel{};
  bool can_bind = false;  // the server has a -PLUS mechanism
};

struct SaslReply {
  // result: what the script says in place of success.
  enum class Kind { challenge, success, failure, nonsense, result };
  Kind kind = Kind::challenge;
  std::optional<std::string> data{};  // of a challenge; LDAP: with an end, too
  bool spoilt = false;                // SMTP: the challenge in a base64 that is none
  std::string remark{};               // to stand in the text of success
};

class SaslConversation {
 public:
  // `server` and `seen` must outlive it.
  SaslConversation(sasl::Mechanism mechanism, const Server& server, SaslSurroundings surroundings,
                   Observation& seen);

  sasl::Mechanism mechanism() const { return mechanism_; }
  // The client's message, decoded; nothing, at the first step only: no initial response.
  SaslReply step(const std::optional<std::string>& message);
  // The client answered something that cannot be decoded.
  void answered();
  // Behind success; null: the server has no users.
  const User* user() const { return user_; }

 private:
  bool success_has_data() const { return around_.framing == words::SaslFraming::octets; }
  bool spoils_base64() const {
    return script_.lie == SaslLie::no_base64 && around_.framing == words::SaslFraming::base64_lines;
  }
  enum class Stage { exchange, signature_told, error_told, one_more, anyone };

  SaslReply exchange(const std::optional<std::string>& message);
  SaslReply made_of(sasl::ServerStep step, bool asked_for_nothing);
  SaslReply challenge(std::string data, bool first);
  SaslReply succeed(const std::string& name, std::optional<std::string> data);
  SaslReply end_well();
  bool succeeds_early(const std::optional<std::string>& message) const;
  void watch(const std::string& message);

  sasl::Mechanism mechanism_;
  const Server& server_;
  const SaslScript& script_;
  SaslSurroundings around_;
  Observation& seen_;
  sasl::ServerSide side_{};
  std::unique_ptr<sasl::ServerExchange> exchange_{};
  Stage stage_ = Stage::exchange;
  bool begun_ = false;
  bool challenged_ = false;  // by more than an invitation to begin
  bool forged_ = false;      // the last challenge is one to refuse
  unsigned more_ = 0;        // challenges behind the end
  std::string name_{};       // whose success it is to be
  std::optional<std::string> data_{};
  const User* user_ = nullptr;
  std::optional<ScramClientFirst> scram_first_{};
};

// The mechanisms that are offered: the script's list, or the `usual` ones and those that
// Server::sasl_mechanisms adds to them inside TLS, -PLUS only where the channel can be bound to.
std::vector<std::string> offered_mechanisms(const Server& server, bool in_tls,
                                            std::vector<std::string> usual, bool can_bind);
// Whether `given`, in whatever form, is this name of a user (RFC 4013).
bool is_called(const std::string& name, const std::string& given);
// Whether one of them is a -PLUS mechanism.
bool offers_binding(const std::vector<std::string>& offered);
// The same of what the server has, whether or not it shows.
bool can_bind(const Server& server, const std::vector<std::string>& offered);
// Whether the server plays a mechanism of this name, in clear or in TLS: one of the `usual` or what
// was added to them; where a script has a list, what its lists hold and nothing else. What the
// script hides is played, what it says is unknown is not. Nothing: no.
std::optional<sasl::Mechanism> played_mechanism(const Server& server, std::string_view name,
                                                const std::vector<std::string_view>& usual);

}  // namespace startle::fake
