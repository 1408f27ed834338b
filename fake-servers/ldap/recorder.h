#pragma once
// Writes down an LDAP dialogue: requests as lines of text, what responses tell the client.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/recorder.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {

// How requests stand in an observation; names, filters and DNs follow in quotes.
inline constexpr std::string_view kRootDseSearch = "search root DSE";
inline constexpr std::string_view kSearch = "search \"";
inline constexpr std::string_view kAnonymousBind = "bind (anonymous)";
inline constexpr std::string_view kBind = "bind ";  // bind "uid=user,dc=test" (simple)
inline constexpr std::string_view kExtended = "extended ";
inline constexpr std::string_view kUnbind = "unbind";
inline constexpr std::string_view kAbandon = "abandon ";

// Without the password or the SASL credentials.
std::string request_text(const wire::LdapOperation& request);

// What a result says of a bind.
AuthReply ldap_auth_reply(std::int64_t code);

// The messages of one write, as a transcript has them.
std::vector<std::string> response_texts(std::string_view bytes);

class LdapRecorder final : public Recorder {
 public:
  using Recorder::Recorder;

  void request(const wire::LdapMessage& message);
  void no_command(std::string_view bytes) override;
  void reply(Point point, std::string_view before, std::string_view bytes) override;

 private:
  std::string shown(std::string_view bytes) const;
  void answered_attempt(std::string_view bytes) override;
  bool had_to_wait(std::string_view more) const override;
  std::string_view kind_of(std::string_view shown) const override;
  bool is_farewell(std::string_view bytes) const override;
  bool had_to_wait(const wire::LdapOperation& request) const;

  bool binding_ = false;  // the request that is being answered is a bind
};

}  // namespace startle::fake
