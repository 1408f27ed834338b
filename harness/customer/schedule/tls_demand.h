#pragma once
// How an element asks for TLS: `starttls`, `ssl`, and the scheme of its URL.

#include <string>

#include "harness/customer/schedule/entry.h"
#include "harness/customer/schedule/mistake.h"
#include "harness/customer/schedule/server_url.h"
#include "harness/xml/document.h"

namespace startle::customer {

struct TlsDemand {
  Tls meant = Tls::none;
  Tls as_java_reads_it = Tls::none;  // otherwise, where a value is true for people alone
  std::string asked{};               // what says so, such as ssl="true"; empty: nothing
  std::string contradiction{};       // a sentence: what of it nobody can follow; empty: nothing
};

// What is doubtful goes to `mistakes`.
TlsDemand read_tls_demand(const xml::Element& element, Protocol protocol, const ServerUrl& url,
                          Mistakes& mistakes);

}  // namespace startle::customer
