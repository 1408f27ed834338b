#pragma once
// The attribute `url`, which in spite of its name is a plain host name in the product's
// documentation. It may also be smtp://host[:port], smtps://, ldap:// or ldaps:// (RFC 4516, 2,
// without everything behind the port: base and filter are attributes).

#include <cstdint>
#include <optional>
#include <string>

#include "harness/customer/schedule/entry.h"
#include "harness/customer/schedule/mistake.h"
#include "harness/xml/document.h"

namespace startle::customer {

struct ServerUrl {
  std::string written{};        // url="..", fit for a complaint
  std::optional<Tls> scheme{};  // none for smtp:// and ldap://, implicit for smtps:// and ldaps://
  std::string host{};           // not empty, no white space
  std::optional<std::uint16_t> port{};
};

// Reads `url` of `element`; what is doubtful goes to `mistakes`. Throws Error(Fault::input,
// "file:line: ..").
ServerUrl read_server_url(const xml::Element& element, Protocol protocol, Mistakes& mistakes);

}  // namespace startle::customer
