#include "cases/engine/sasl_reader.h"

#include <algorithm>
#include <array>

#include "cases/engine/server_reader.h"
#include "certs/element_reader.h"
#include "fake-servers/protocols.h"
#include "harness/base/text.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using fake::SaslLie;
using xml::Element;

// RFC 4422, 3.1. A server may offer mechanisms that nobody here knows.
bool is_mechanism_name(std::string_view name) {
  constexpr std::size_t kLongest = 20;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
         });
}

std::optional<std::string> read_list(const Element& e, const char* key) {
  const auto list = e.maybe_attribute(key);
  for (const std::string& name : certs::words_in(list.value_or(""))) {
    if (!is_mechanism_name(name)) {
      e.fail(std::string(key) + ": `" + name +
             "` is no name of a mechanism: up to 20 capitals, digits, `-` and `_`");
    }
  }
  return list;
}

// What is hidden is not offered, and what is unknown is.
void check_list(const Element& sasl) {
  const auto mechanisms = sasl.maybe_attribute("mechanisms");
  const auto offered = certs::words_in(mechanisms.value_or(""));
  const auto is_offered = [&](const std::string& name) {
    return std::find(offered.begin(), offered.end(), name) != offered.end();
  };
  for (const std::string& name : certs::words_in(sasl.maybe_attribute("hidden").value_or(""))) {
    if (is_offered(name)) sasl.fail("hidden: `" + name + "` stands in mechanisms: it is offered");
  }
  for (const char* key : {"unknown", "refused"}) {
    for (const std::string& name : certs::words_in(sasl.maybe_attribute(key).value_or(""))) {
      if (!mechanisms || is_offered(name)) continue;
      sasl.fail(std::string(key) + ": `" + name +
                "` does not stand in mechanisms: nobody will ask for it");
    }
  }
}

}  // namespace

bool has_lie(words::Protocol protocol, SaslLie lie) {
  const words::ProtocolRow& row = row_of(protocol);
  switch (lie) {
    case SaslLie::swapped_prompts:  // of LOGIN
      return row.is_mail;
    case SaslLie::signature_in_reply:
    case SaslLie::no_base64:
    case SaslLie::no_space:
      return row.sasl == words::SaslFraming::base64_lines;
    case SaslLie::challenges_for_ever:
    case SaslLie::no_credentials:
      return row.sasl == words::SaslFraming::octets;
    default:
      return true;
  }
}

fake::SaslScript read_sasl(const Element& sasl) {
  constexpr std::array<std::string_view, 8> kKeys{"mechanisms", "in-clear", "hidden",     "unknown",
                                                  "refused",    "lie",      "iterations", "result"};
  allow(sasl, kKeys, {});
  return {.mechanisms = read_list(sasl, "mechanisms"),
          .in_clear = read_list(sasl, "in-clear"),
          .hidden = read_list(sasl, "hidden").value_or(""),
          .unknown = read_list(sasl, "unknown").value_or(""),
          .refused = read_list(sasl, "refused").value_or(""),
          .lie = sasl.choice("lie", SaslLie::none),
          .iterations = sasl.maybe_attribute("iterations"),
          .result = sasl.maybe_attribute("result")};
}

void check_sasl(const Element& sasl, words::Mode mode) {
  const words::Protocol protocol = words::protocol_of(mode);
  const std::string in_mode = "mode=\"" + std::string(word(mode)) + "\"";
  if (words::is_implicit_tls(mode) && sasl.maybe_attribute("in-clear")) {
    sasl.fail(in_mode + " says nothing in clear: in-clear=\"..\" is never seen");
  }
  if (!words::demands_tls(mode) && sasl.maybe_attribute("mechanisms")) {
    sasl.fail(in_mode + " has no TLS: mechanisms=\"..\" is never seen, in-clear=\"..\" is");
  }
  if (const auto lie = sasl.choice("lie", SaslLie::none); !has_lie(protocol, lie)) {
    sasl.fail(in_mode + " has no place for lie=\"" + std::string(word(lie)) + "\"");
  }
  check_list(sasl);
  const auto result = sasl.maybe_attribute("result");
  if (!result) return;
  const fake::ServerProtocol& server = fake::server_protocol(protocol);
  if (!server.is_result(*result)) {
    sasl.fail("result=\"" + *result + "\" is no " + std::string(server.result_form));
  }
}

}  // namespace startle::cases
