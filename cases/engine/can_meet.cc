#include "cases/engine/can_meet.h"

#include <algorithm>
#include <vector>

#include "cases/engine/judge_program.h"
#include "certs/element_reader.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

template <class T>
bool has(const std::vector<T>& all, T one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// That the client knows no mechanism of those on offer; empty: it knows one, or it is right to know
// none. Without one it would never come to what the exchange is about.
std::string knows_none(const subject::Abilities& client, const Exchange& exchange) {
  const auto& listed = exchange.script.sasl.mechanisms;
  if (!listed || listed->empty() || exchange.mechanism) return "";
  if (row_of(words::protocol_of(exchange.mode)).is_directory) return "";  // it binds by a password
  if (exchange.stated && has(exchange.stated->endings, words::Ending::auth_unavailable)) return "";
  for (const std::string& name : certs::words_in(*listed)) {
    const auto offered = from_word<sasl::Mechanism>(name);
    const subject::Lack lack{.mode = exchange.mode, .known = offered};
    if (offered && has(client.knows, *offered) && !has(client.lacks, lack)) return "";
  }
  return "the client knows none of the mechanisms that the server offers: " + *listed;
}

// Why the client cannot be told what the exchange asks of it; empty: it can.
std::string cannot_be_told(const subject::Abilities& client, const Exchange& exchange) {
  if (!has(client.modes, exchange.mode)) {
    const bool tried = has(client.modes_in_vain, exchange.mode);
    return (tried ? "the client did not work with a sound server in "
                  : "the client does not speak ") +
           std::string(word(exchange.mode));
  }
  const auto mechanism = from_word<sasl::Mechanism>(exchange.mechanism.value_or(""));
  if (mechanism && !has(client.mechanisms, *mechanism)) {
    return "the client cannot be told to authenticate by " + *exchange.mechanism;
  }
  if (std::string why = knows_none(client, exchange); !why.empty()) return why;
  const auto credential = subject::credential_form_of(
      client::Settings{.username = exchange.username, .password = exchange.password});
  if (!has(client.credentials, credential)) {
    return "the client cannot be told to use the credential `" + std::string(word(credential)) +
           "`";
  }
  if (!has(client.tls_policies, exchange.tls_policy)) {
    return "the client cannot be told tls-policy=\"" + std::string(word(exchange.tls_policy)) +
           "\"";
  }
  const auto form = subject::form_of(exchange.trust, exchange.host);
  for (const subject::Lack& lack : client.lacks) {
    if (lack.mode != exchange.mode) continue;
    const std::string in_mode = " in " + std::string(word(exchange.mode));
    if (mechanism && lack.mechanism == mechanism) {
      return "the client cannot be told to authenticate by " + *exchange.mechanism + in_mode;
    }
    if (lack.credential == credential) {
      return "the client cannot be told to use the credential `" + std::string(word(credential)) +
             "`" + in_mode;
    }
    if (lack.trust == form) {
      return "the client cannot be told to trust `" + exchange.trust.value_or("") + "`" + in_mode;
    }
  }
  if (has(client.trust_forms, form)) return "";
  return exchange.trust ? "the client cannot be told to trust `" + *exchange.trust + "`"
                        : "the client cannot be left untold whom to trust";
}

// In TLS 1.2 GnuTLS reads the key of every certificate that it is sent before anybody may look at
// them, and ends the handshake over a curve that it lacks: the built-in client cannot judge such a
// chain.
std::string unreadable_to_gnutls(const certs::Recipe& recipe, const Exchange& exchange) {
  const auto is_brainpool = [](const auto& authority) {
    return authority.key == certs::KeyKind::brainpool_p256;
  };
  const auto& profile = exchange.script.profile;
  const bool has_1_3 = !profile || profile->versions.empty()
                           ? exchange.script.tls == tls::Versions::all
                           : has(profile->versions, tls::Version::tls_1_3);
  if (has_1_3 || std::ranges::none_of(recipe.intermediates, is_brainpool)) return "";
  return "in TLS 1.2 GnuTLS takes no chain with a key on a Brainpool curve, whoever judges it";
}

}  // namespace

std::string why_not(const subject::Subject& subject, const certs::Recipe& recipe,
                    const Exchange& exchange) {
  const subject::Abilities& client = subject.abilities();
  if (std::string why = beyond_reach(exchange, subject.standing()); !why.empty()) return why;
  if (std::string why = certs::inapplicable(recipe, exchange.host); !why.empty()) return why;
  if (std::string why = cannot_be_told(client, exchange); !why.empty()) return why;
  if (!subject.standing().is_program) {
    if (std::string why = unreadable_to_gnutls(recipe, exchange); !why.empty()) return why;
  }
  if (recipe.revocation_list && !client.takes_revocation_lists) {
    return "the client holds no certificate revocation list, and cannot be given one";
  }
  return client.has_own_clock ? certs::bound_to_the_clock(recipe) : "";
}

}  // namespace startle::cases
