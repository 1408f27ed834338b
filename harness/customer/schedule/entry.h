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

  // How the element is read, where that is not plain, such as "as Java reads it"; empty: it is. An
  // element that is read in two ways makes two entries.
  std::string reading{};

  // As written, never split or trimmed: what `trust` means is the trust model's business. With TLS,
  // with a `mechanism` and in an <ldap> neither `username` nor `password` is empty: what was cut
  // out has kCutOut in its place. With a `mechanism` both are there, except with EXTERNAL, where
  // neither is. The `username` of an <ldap> is a DN or a name that Active Directory takes
  // (bind_name.h) unless there is a `mechanism`: then it is a SASL name, a uid.
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

// Stands for a name or a password that was cut out before the file was handed on, in place of
// nothing.
inline constexpr std::string_view kCutOut = "cut-out";

}  // namespace startle::customer
