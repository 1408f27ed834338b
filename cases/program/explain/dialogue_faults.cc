// What is wrong below the dialogue: the server's TLS, the wire, and what it says in SASL.

#include "cases/program/explain/dialogue_steps.h"
#include "harness/base/printable.h"
#include "harness/tls/alert.h"

namespace startle::program {
namespace {

using fake::TapKind;

std::string octet_text(int octet) {
  return octet < 0 ? "octet " + std::to_string(-octet) + " from its end"
                   : "octet " + std::to_string(octet);
}

std::string text_of(tls::ServerLie lie) {
  switch (lie) {
    case tls::ServerLie::none:
      return "";
    case tls::ServerLie::another_key:
      return "the server signs the handshake with a key that is not its certificate's";
    case tls::ServerLie::no_certificates:
      return "the server sends an empty list where its certificates belong";
    case tls::ServerLie::anonymous:
      return "the server chooses a cipher suite without any certificate";
    case tls::ServerLie::downgrade_mark_tls_1_1:
    case tls::ServerLie::downgrade_mark_tls_1_2:
      return "the server's random has the mark of a downgrade (RFC 8446, 4.1.3)";
    case tls::ServerLie::demands_server_name:
      return "the server ends the handshake of a client that sends no server name (SNI)";
    case tls::ServerLie::strict_server_name:
      return "the server ends the handshake where SNI is no host name, or has a final dot";
    case tls::ServerLie::reply_in_first_flight:
      return "the server speaks before it has the client's Finished, which is legal";
    case tls::ServerLie::weak_dh:
      return "the server chooses a Diffie-Hellman group of 1024 bits";
    case tls::ServerLie::no_secure_renegotiation:
      return "the server knows nothing of secure renegotiation (RFC 5746)";
  }
  return "";
}

std::string text_of(const fake::WireTap& tap) {
  const std::string record = tap.record ? "record " + std::to_string(*tap.record) + " of the server"
                                        : "what the server writes";
  switch (tap.kind) {
    case TapKind::split:
      return record + " arrives an octet at a time";
    case TapKind::one_byte_records:
      return "the handshake arrives in records of one octet";
    case TapKind::delay:
      return record + " is " + std::to_string(tap.how_long.count() / 1000) + " s late";
    case TapKind::drop:
      return record + " is lost";
    case TapKind::duplicate:
      return record + " arrives twice";
    case TapKind::flip:
      return record + " arrives with a bit of " + octet_text(tap.octet) + " turned";
    case TapKind::truncate:
      return "the connection ends behind octet " + std::to_string(tap.octet) + " of " + record;
    case TapKind::reset:
      return "the connection is reset behind octet " + std::to_string(tap.octet) + " of " + record;
    case TapKind::insert:
      return printable(tap.bytes) + " arrives before " + record;
    case TapKind::replace:
      return printable(tap.bytes) + " arrives in place of " + record;
  }
  return "";
}

template <class All, class Text>
std::string listed(const All& all, Text text) {
  std::string list;
  for (const auto& one : all) list += (list.empty() ? "" : ", ") + std::string(text(one));
  return list;
}

void add_choices(const tls::ServerProfile& profile, std::vector<std::string>& faults) {
  const auto as_it_is = [](const std::string& name) { return name; };
  if (!profile.versions.empty()) {
    faults.push_back("the server speaks TLS " +
                     listed(profile.versions, [](tls::Version one) { return word(one); }) +
                     " and no other version");
  }
  if (!profile.groups.empty())
    faults.push_back("the server has the key exchange groups " + listed(profile.groups, as_it_is) +
                     " alone");
  if (!profile.ciphers.empty())
    faults.push_back("the server has the ciphers " + listed(profile.ciphers, as_it_is) + " alone");
  if (!profile.signatures.empty())
    faults.push_back("the server signs with " + listed(profile.signatures, as_it_is) + " alone");
}

}  // namespace

std::vector<std::string> faults_of_tls(const fake::Script& script) {
  std::vector<std::string> faults;
  if (script.tls != tls::Versions::all) {
    faults.push_back("the server speaks TLS " + std::string(word(script.tls)) + " alone");
  }
  if (script.profile) {
    add_choices(*script.profile, faults);
    if (script.profile->lie != tls::ServerLie::none) {
      faults.push_back(text_of(script.profile->lie));
    }
    for (const tls::MessageChange& change : script.profile->changes) {
      const std::string where =
          octet_text(change.octet) + " of its TLS message " + std::string(word(change.message));
      faults.push_back(change.bytes.empty()
                           ? "a bit is turned in " + where
                           : "the server puts " + printable(change.bytes) + " at " + where);
    }
    if (script.profile->alert) {
      const tls::AlertBefore& alert = *script.profile->alert;
      faults.push_back("the server sends the alert " + tls::alert_name(alert.alert.number) + ", " +
                       std::string(word(alert.alert.level)) + ", before its " +
                       std::string(word(alert.before)));
    }
  }
  for (const fake::WireTap& tap : script.taps) faults.push_back(text_of(tap));
  return faults;
}

std::string sasl_lie_text(fake::SaslLie lie) {
  using fake::SaslLie;
  switch (lie) {
    case SaslLie::none:
      return "";
    case SaslLie::no_signature:
      return "says success without the server's signature (RFC 5802, 5)";
    case SaslLie::wrong_signature:
      return "sends a wrong server signature, then success";
    case SaslLie::signature_in_reply:
      return "puts its signature into the text of 235, where nobody may look for it";
    case SaslLie::unchanged_nonce:
      return "adds nothing to the client's nonce (RFC 5802, 5.1)";
    case SaslLie::foreign_nonce:
      return "sends a nonce that does not begin with the client's (RFC 5802, 5.1)";
    case SaslLie::mandatory_extension:
      return "demands an extension with m= in its first message (RFC 5802, 5.1)";
    case SaslLie::optional_extension:
      return "adds x= to its messages, which is legal and to be passed over";
    case SaslLie::missing_salt:
      return "leaves the salt out";
    case SaslLie::swapped_attributes:
      return "sends the salt before the nonce";
    case SaslLie::any_channel_binding:
      return "takes whatever the client says that it is bound to";
    case SaslLie::binding_error:
      return "says that the channel bindings do not match, whatever the client sends";
    case SaslLie::error_then_success:
      return "states an error, then success";
    case SaslLie::success_at_once:
      return "says success to the client's first message";
    case SaslLie::success_without_last_step:
      return "says success where the mechanism's last message belongs";
    case SaslLie::challenge_for_success:
      return "sends one more challenge where success belongs";
    case SaslLie::challenges_for_ever:
      return "sends challenges for ever";
    case SaslLie::no_credentials:
      return "sends no credentials where a challenge belongs";
    case SaslLie::no_base64:
      return "sends a challenge that is no base64 (RFC 4954, 4)";
    case SaslLie::no_space:
      return "sends 334 with nothing behind it (RFC 4954, 4)";
    case SaslLie::huge_challenge:
      return "sends a challenge of 64 KiB";
    case SaslLie::padded_challenge:
      return "sends a challenge of 8 KiB, which is legal (RFC 4954, 4)";
    case SaslLie::swapped_prompts:
      return "asks for the password first";
    case SaslLie::any_credentials:
      return "says success to any credentials";
    case SaslLie::short_signature:
      return "sends the first half of its signature, then success (RFC 5802, 5)";
    case SaslLie::late_extension:
      return "demands an extension with m= behind i= (RFC 5802, 5.1)";
    case SaslLie::final_extension:
      return "demands an extension with m= in its last message (RFC 5802, 5.1)";
    case SaslLie::swapped_salt:
      return "sends i= before s=, so that each could be the other";
  }
  return "";
}

}  // namespace startle::program
