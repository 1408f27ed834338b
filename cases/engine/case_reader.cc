#include "cases/engine/case_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cases/engine/sasl_reader.h"
#include "cases/engine/server_reader.h"
#include "cases/engine/setting_reader.h"
#include "cases/engine/tls_reader.h"
#include "certs/element_reader.h"
#include "fake-servers/protocols.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using certs::words_in;
using words::Ending;
using xml::Element;

Expectation read_expectation(const Element& e) {
  constexpr std::array<std::string_view, 3> kKeys{"endings", "reason", "tls-policy"};
  allow(e, kKeys, {});
  Expectation expect{.reason = e.attribute("reason")};
  for (const std::string& given : words_in(e.attribute("endings"))) {
    const auto ending = from_word<Ending>(given);
    if (!ending) {
      e.fail("endings: `" + given + "` is no ending: " + xml::hint(given, words::kEndings));
    }
    if (std::find(expect.endings.begin(), expect.endings.end(), *ending) != expect.endings.end()) {
      e.fail("endings: `" + given + "` stands here twice");
    }
    expect.endings.push_back(*ending);
  }
  if (expect.endings.empty()) e.fail("endings=\"\" expects nothing");
  if (expect.reason.empty()) e.fail("reason=\"\" says nothing");
  return expect;
}

// <expect tls-policy="enable" ..>, beside the one of the policy that the client is told.
bool is_of_enabled_tls(const Element& expect) {
  if (!expect.maybe_attribute("tls-policy")) return false;
  if (expect.choice<words::TlsPolicy>("tls-policy") == words::TlsPolicy::enable) return true;
  expect.fail("tls-policy=\"required\" is what an <expect> without it is for");
}

// ---- what goes together ------------------------------------------------------------------------

// What a mechanism is called for that `mode` has not got.
void check_mechanism(const Element& where, const Setup& setup) {
  const auto mechanism = from_word<sasl::Mechanism>(setup.mechanism.value_or(""));
  const words::ProtocolRow& protocol = row_of(words::protocol_of(setup.mode));
  if (!protocol.is_mail && mechanism && sasl::is_for_mail_alone(*mechanism)) {
    where.fail("mechanism=\"" + *setup.mechanism + "\" is for mail servers alone, and mode=\"" +
               std::string(word(setup.mode)) + "\" is " + std::string(protocol.title));
  }
}

// What <server> states against what the client's mode makes of it.
void check_mode(const Element& server, words::Mode mode) {
  const fake::ServerProtocol& protocol = fake::server_protocol(words::protocol_of(mode));
  for (const Element& at : server.descendants("at")) {
    const auto point = at.choice<fake::Point>("point");
    if (!comes_to(protocol, mode, point)) {
      at.fail("mode=\"" + std::string(word(mode)) + "\" never comes to the point `" +
              std::string(word(point)) + "`");
    }
  }
  for (const Element& sasl : server.descendants("sasl")) check_sasl(sasl, mode);
  if (!words::demands_tls(mode) && server.maybe_attribute("tls")) {
    server.fail("mode=\"" + std::string(word(mode)) + "\" has no TLS: tls=\"..\" is never seen");
  }
  check_tls(server, mode);
  for (const Element& step : server.descendants(protocol.foreign_step)) {
    step.fail(std::string(protocol.foreign_step_why));
  }
}

// An <expect> for a policy that the client could be told instead.
void check_enabled(const Element& expect, const Setup& setup) {
  if (setup.tls_policy == words::TlsPolicy::enable) {
    expect.fail("the client is told tls-policy=\"enable\" already: one <expect> is enough");
  }
  if (words::may_do_without_tls(setup.mode, words::TlsPolicy::enable)) return;
  expect.fail("mode=\"" + std::string(word(setup.mode)) +
              "\" is the same under every tls-policy: one <expect> is enough");
}

// What the server of a further connection has of its own; of what it leaves out nothing is taken
// from the first.
Setup with_another_server(Setup setup) {
  const Setup sound;
  setup.certificate = sound.certificate;
  setup.persona = sound.persona;
  setup.script = sound.script;
  setup.server_username = sound.server_username;
  setup.server_password = sound.server_password;
  setup.server_sender = sound.server_sender;
  return setup;
}

// <then>, behind a first connection of `first`.
Connection read_then(const Element& then, const Setup& first) {
  constexpr std::array<std::string_view, 3> kChildren{"server", "client", "expect"};
  allow(then, {}, kChildren);
  Connection made{.setup = first};
  std::map<std::string, int> seen;
  for (const Element& part : then.children()) {
    const std::string name = part.name();
    if (++seen[name] > 1) part.fail("<" + name + "> stands in this <then> twice");
    if (name == "server") {
      made.setup = with_another_server(std::move(made.setup));
      read_server(part, made.setup);
    }
    if (name == "client") {
      allow(part, Place::client, {});
      Change{.assignments = read_settings(part, Place::client)}.apply_to(made.setup);
    }
    if (name == "expect") made.expect = read_expectation(part);
  }
  if (words::protocol_of(made.setup.mode) != words::protocol_of(first.mode)) {
    then.fail("mode=\"" + std::string(word(made.setup.mode)) +
              "\" is of another protocol than the first connection's");
  }
  for (const Element& part : then.children()) {
    if (part.name() == "server") check_mode(part, made.setup.mode);
  }
  check_mechanism(then, made.setup);
  return made;
}

}  // namespace

std::vector<std::string> read_requirement_ids(const Element& e) {
  std::vector<std::string> ids = words_in(e.maybe_attribute("requirements").value_or(""));
  std::set<std::string_view> seen;
  for (const std::string& id : ids) {
    if (!seen.insert(id).second) e.fail("requirements: `" + id + "` stands here twice");
  }
  return ids;
}

Case read_case(const Element& root, std::string id) {
  constexpr std::array<std::string_view, 4> kKeys{"summary", "requirements", "bug-class", "races"};
  constexpr std::array<std::string_view, 6> kChildren{"why",    "fix",    "server",
                                                      "client", "expect", "then"};
  allow(root, kKeys, kChildren);
  Case made{.id = std::move(id),
            .summary = root.attribute("summary"),
            .bug_class = root.maybe_attribute("bug-class").value_or(""),
            .races = root.maybe_attribute("races").value_or(""),
            .requirements = read_requirement_ids(root)};
  if (root.maybe_attribute("races") && made.races.empty()) root.fail("races=\"\" says nothing");
  std::map<std::string, int> seen;
  for (const Element& part : root.children()) {
    const std::string name = part.name();
    const bool enabled = name == "expect" && is_of_enabled_tls(part);
    if (name == "then") continue;  // once the first connection is known
    if (++seen[enabled ? "expect tls-policy=\"enable\"" : name] > 1) {
      part.fail("<" + name + "> stands in this case twice");
    }
    if (name == "why" || name == "fix") {
      certs::allow(part, {}, {});
      (name == "why" ? made.why : made.fix) = part.text();
    }
    if (name == "server") read_server(part, made.setup);
    if (name == "client") {
      allow(part, Place::client, {});
      Change{.assignments = read_settings(part, Place::client)}.apply_to(made.setup);
    }
    if (name != "expect") continue;
    (enabled ? made.expect_enabled.emplace() : made.expect) = read_expectation(part);
  }
  for (const Element& part : root.children()) {
    if (part.name() == "expect" && is_of_enabled_tls(part)) check_enabled(part, made.setup);
    if (part.name() == "server") check_mode(part, made.setup.mode);
    if (part.name() == "then") made.then.push_back(read_then(part, made.setup));
  }
  check_mechanism(root, made.setup);
  if (seen.count("expect") == 0 && made.then.empty())
    root.fail("<case> needs <expect endings=\"..\" reason=\"..\"/>");
  return made;
}

}  // namespace startle::cases
