#pragma once
// One server of a customer's file: what an <smtp> or an <ldap> element says, defaults filled in.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/words/protocol.h"

namespace startle::customer {

using words::Protocol;
using words::Tls;  // implicit: ssl="true", smtps://, ldaps://

struct Entry {
  std::string file{};
  long line = 0;
  unsigned nth_of_line = 1;  // of the entries that stand on this line
  Protocol protocol = Protocol::smtp;
  Tls tls = Tls::none;
  std::string host{};  // of `url`: not empty, no white space, an IPv6 address without its brackets
  std::uint16_t port = 25;  // 1-65535

  // As written, never split or trimmed: what `trust` means is the trust model's business. With TLS,
  // `trust` is there and not blank. `username` and `password` are there and not empty where an
  // <smtp> has TLS or either has a `mechanism`, except with EXTERNAL, where neither is there. Any
  // other <ldap> has both or neither (an anonymous bind); its `username` is a DN or a name that
  // Active Directory takes (bind_name.h) unless there is a `mechanism`: then it is a SASL name, a
  // uid.
  std::optional<std::string> username{};
  std::optional<std::string> password{};  // with OAUTHBEARER or XOAUTH2: the token
  std::optional<std::string> trust{};
  // <smtp>: JavaMail's mail.smtp.ssl.checkserveridentity, as written. What it means is the trust
  // model's business too.
  std::optional<std::string> checkserveridentity{};

  // A word of sasl::Mechanism, for an <ldap> none that is for mail alone. With "EXTERNAL" (RFC
  // 4422, A) `certificate` is there. nullopt: what the server offers decides; in an <ldap> a simple
  // bind.
  std::optional<std::string> mechanism{};
  std::optional<std::string>
      certificate{};  // a .pem, .p12 or .pfx file; relative: to that of `file`
  std::optional<std::string> certificate_password{};

  std::string email{};                     // <smtp>: one plain address, fit for MAIL FROM
  std::string base{};                      // <ldap>: a DN, or empty: the root DSE
  std::string filter = "(objectClass=*)";  // <ldap>: RFC 4515
};

}  // namespace startle::customer
