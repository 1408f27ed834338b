#pragma once
// The SASL mechanisms (RFC 4422) that both ends know, and what each asks of the channel.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/words.h"

namespace startle::sasl {

// Strongest first: those that bind to the TLS channel and prove the server (RFC 5802, RFC 7677);
// those that prove the server; the certificate (RFC 4422, A); those that only hide the password
// (RFC 2195); those that hand it over (RFC 4616; draft-murchison-sasl-login-00). A token (RFC 7628;
// XOAUTH2 as Google and Microsoft have it) is handed over too, and only where one is configured.
enum class Mechanism {
  scram_sha_256_plus,
  scram_sha_1_plus,
  scram_sha_256,
  scram_sha_1,
  external,
  cram_md5,
  plain,
  login,
  oauthbearer,
  xoauth2,
};
inline constexpr auto kMechanisms = word_table<Mechanism>({
    {Mechanism::scram_sha_256_plus, "SCRAM-SHA-256-PLUS"},
    {Mechanism::scram_sha_1_plus, "SCRAM-SHA-1-PLUS"},
    {Mechanism::scram_sha_256, "SCRAM-SHA-256"},
    {Mechanism::scram_sha_1, "SCRAM-SHA-1"},
    {Mechanism::external, "EXTERNAL"},
    {Mechanism::cram_md5, "CRAM-MD5"},
    {Mechanism::plain, "PLAIN"},
    {Mechanism::login, "LOGIN"},
    {Mechanism::oauthbearer, "OAUTHBEARER"},
    {Mechanism::xoauth2, "XOAUTH2"},
});
constexpr Words words_of(Mechanism) {
  return kMechanisms;
}

constexpr bool binds_to_channel(Mechanism m) {
  return m == Mechanism::scram_sha_256_plus || m == Mechanism::scram_sha_1_plus;
}
constexpr bool is_scram(Mechanism m) {
  return m <= Mechanism::scram_sha_1;
}
constexpr bool takes_token(Mechanism m) {
  return m == Mechanism::oauthbearer || m == Mechanism::xoauth2;
}
// Whoever is at the other end has the secret afterwards.
constexpr bool hands_over_secret(Mechanism m) {
  return m >= Mechanism::plain;
}

// Not for directories: XOAUTH2 is a convention of mail providers, and where a directory server
// lists LOGIN it lists PLAIN, which does the same in one step.
constexpr bool is_for_mail_alone(Mechanism m) {
  return m == Mechanism::login || m == Mechanism::xoauth2;
}

// What a -PLUS mechanism binds to (RFC 5056, 2): the name of the type and the data of this channel.
struct ChannelBinding {
  std::string type{};  // "tls-exporter" (RFC 9266), "tls-unique" (RFC 5929, 3)
  std::string data{};
};

}  // namespace startle::sasl
