#include "cases/engine/server_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "cases/engine/sasl_reader.h"
#include "cases/engine/setting_reader.h"
#include "cases/engine/tls_reader.h"
#include "certs/element_reader.h"
#include "fake-servers/ldap/response.h"
#include "harness/base/error.h"

namespace startle::cases {

using certs::words_in;
using xml::Element;

void allow(const Element& e, Words attributes, Words children) {
  certs::allow(e, attributes, children);
  certs::refuse_text(e);
}

std::chrono::milliseconds seconds_of(const Element& e, const char* key) {
  const std::string text = e.attribute(key);
  double seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool plain = text.find_first_not_of("0123456789.") == std::string::npos;
  if (!plain || failed != std::errc{} || end != text.data() + text.size() ||
      !(seconds > 0 && seconds <= 3600)) {
    e.fail(std::string(key) + "=\"" + text + "\" is not a number above 0, at most 3600");
  }
  return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

namespace {

std::int64_t whole_number(const Element& e, const char* key, std::int64_t otherwise) {
  const auto text = e.maybe_attribute(key);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (failed != std::errc{} || end != text->data() + text->size()) {
    e.fail(std::string(key) + "=\"" + *text + "\" is not a whole number");
  }
  return number;
}

enum class Held { no, yes };
constexpr auto kHeld = word_table<Held>({
    {Held::no, "false"},
    {Held::yes, "true"},
});
[[maybe_unused]] constexpr Words words_of(Held) {
  return kHeld;
}

// attributes="supportedLDAPVersion=3 supportedExtension=1.2.3"
std::vector<std::pair<std::string, std::string>> read_attributes(const Element& e) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const std::string& one : words_in(e.maybe_attribute("attributes").value_or(""))) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0) {
      e.fail("attributes: `" + one + "` is not TYPE=VALUE");
    }
    attributes.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  return attributes;
}

// URLs, in which {referral} stands for that of the second listener.
std::vector<std::string> read_referrals(const Element& e) {
  constexpr std::string_view kReferral = "{referral}";
  auto referrals = words_in(e.maybe_attribute("referrals").value_or(""));
  for (const std::string& url : referrals) {
    const std::size_t brace = url.find('{');
    if (brace == std::string::npos) continue;
    const std::size_t end = std::min(url.find('}', brace), url.size() - 1);
    const std::string given = url.substr(brace, end - brace + 1);
    if (given != kReferral || url.find('{', end) != std::string::npos) {
      e.fail("referrals: `" + url + "` is no URL: {referral} may stand in it, once");
    }
  }
  return referrals;
}

// controls="1.2.840.113556.1.4.319 2.16.840.1.113730.3.4.2!"
std::vector<std::pair<std::string, bool>> read_controls(const Element& e) {
  std::vector<std::pair<std::string, bool>> controls;
  for (std::string& type : words_in(e.maybe_attribute("controls").value_or(""))) {
    const bool critical = type.back() == '!';
    if (critical) type.pop_back();
    if (type.empty()) e.fail("controls: `!` stands behind no type");
    controls.emplace_back(std::move(type), critical);
  }
  return controls;
}

// Octets as they are leave nothing to state beside them.
std::string read_bytes(const Element& e, Words others) {
  const auto bytes = e.maybe_attribute("bytes");
  if (!bytes) return "";
  for (const std::string_view other : others) {
    if (other == "bytes" || other == "held" || !e.maybe_attribute(std::string(other).c_str())) {
      continue;
    }
    e.fail("bytes=\"..\" is all that is sent: " + std::string(other) + "=\"..\" has no place");
  }
  if (fake::scripted_octets(*bytes, 1).value_or("").empty()) {
    e.fail("bytes=\"" + *bytes + "\" are no octets: write them in hex, as in \"30 05 02 01 ID\"");
  }
  return *bytes;
}

// Of a count of octets.
std::size_t read_size(const Element& e, const char* key) {
  const std::int64_t octets = whole_number(e, key, 0);
  if (octets < 1) e.fail(std::string(key) + "=\"" + std::to_string(octets) + "\" sends nothing");
  return static_cast<std::size_t>(octets);
}

fake::Respond read_respond(const Element& e) {
  constexpr std::array<std::string_view, 14> kKeys{
      "code",  "as",       "name",  "id-offset", "id",         "diagnostic", "diagnostic-size",
      "value", "controls", "bytes", "referrals", "attributes", "octets",     "held"};
  constexpr std::array<std::string_view, 7> kOperations{
      "bind-response",          "extended-response", "search-done",
      "search-entry",           "search-reference",  "intermediate-response",
      "notice-of-disconnection"};
  allow(e, kKeys, {});
  fake::Respond respond{.code = whole_number(e, "code", 0),
                        .as = e.maybe_attribute("as").value_or(""),
                        .response_name = e.maybe_attribute("name"),
                        .id_offset = whole_number(e, "id-offset", 0),
                        .diagnostic = e.maybe_attribute("diagnostic").value_or(""),
                        .value = e.maybe_attribute("value"),
                        .controls = read_controls(e),
                        .referrals = read_referrals(e),
                        .attributes = read_attributes(e),
                        .bytes = read_bytes(e, kKeys),
                        .held = e.choice("held", Held::no) == Held::yes};
  if (!respond.as.empty() &&
      std::find(kOperations.begin(), kOperations.end(), respond.as) == kOperations.end()) {
    e.fail("as=\"" + respond.as + "\" is no response: " + xml::hint(respond.as, kOperations));
  }
  if (e.maybe_attribute("id")) respond.id = whole_number(e, "id", 0);
  if (e.maybe_attribute("octets")) respond.octets = read_size(e, "octets");
  if (e.maybe_attribute("diagnostic-size")) {
    respond.diagnostic_size = read_size(e, "diagnostic-size");
    if (respond.diagnostic.empty()) e.fail("diagnostic-size=\"..\" needs diagnostic=\"..\"");
    if (respond.diagnostic_size > 1 << 20) e.fail("diagnostic-size=\"..\" is 1048576 at most");
  }
  return respond;
}

// <send times="100" every="1">: so many writes, or one of so many copies; <reply> ends with CRLF.
fake::Send read_send(const Element& e) {
  constexpr std::array<std::string_view, 2> kKeys{"times", "every"};
  certs::allow(e, kKeys, {});
  fake::Send send{.bytes = checked(e, e.text()) + (e.name() == "reply" ? "\r\n" : ""),
                  .times = times_of(e)};
  if (e.maybe_attribute("every")) send.every = seconds_of(e, "every");
  return send;
}

fake::Step read_step(const Element& e) {
  const std::string name = e.name();
  if (name == "pause") {
    constexpr std::array<std::string_view, 1> kKeys{"seconds"};
    allow(e, kKeys, {});
    return fake::Pause{.how_long = seconds_of(e, "seconds")};
  }
  if (name == "respond") return read_respond(e);
  if (name == "reply" || name == "send") return read_send(e);
  if (name == "alert") return read_alert(e);
  certs::allow(e, {}, {});
  certs::refuse_text(e);
  if (name == "usual") return fake::Usual{};
  if (name == "start-tls") return fake::StartTls{};
  if (name == "end-tls") return fake::EndTls{};
  if (name == "silence") return fake::Silence{};
  if (name == "close") return fake::Close{};
  return fake::Reset{};
}

fake::Deviation read_deviation(const Element& at) {
  constexpr std::array<std::string_view, 1> kKeys{"point"};
  constexpr std::array<std::string_view, 12> kSteps{
      "reply", "send",        "respond", "pause",   "usual", "start-tls",
      "alert", "tls-message", "end-tls", "silence", "close", "reset"};
  allow(at, kKeys, kSteps);
  fake::Deviation deviation{.at = at.choice<fake::Point>("point")};
  for (const Element& step : at.children()) {
    if (step.name() != "tls-message") {
      deviation.steps.push_back(read_step(step));
      continue;
    }
    for (fake::Step& one : read_tls_messages(step)) deviation.steps.push_back(std::move(one));
  }
  if (deviation.steps.empty()) at.fail("<at> needs a step: " + comma_separated(kSteps));
  return deviation;
}

// What the server does with a request that a sound one refuses.
enum class Unsafe { refuse, accept };
constexpr auto kUnsafe = word_table<Unsafe>({
    {Unsafe::refuse, "refuse"},
    {Unsafe::accept, "accept"},
});
[[maybe_unused]] constexpr Words words_of(Unsafe) {
  return kUnsafe;
}

bool accepts(const Element& server, const char* what) {
  return server.choice(what, Unsafe::refuse) == Unsafe::accept;
}

enum class Begins { as_demanded, in_clear };
constexpr auto kBegins = word_table<Begins>({
    {Begins::as_demanded, "as-demanded"},
    {Begins::in_clear, "in-clear"},
});
[[maybe_unused]] constexpr Words words_of(Begins) {
  return kBegins;
}

}  // namespace

void read_server(const Element& server, Setup& setup) {
  constexpr std::array<std::string_view, 4> kChildren{"at", "sasl", "tls", "tap"};
  allow(server, Place::server, kChildren);
  Change{.assignments = read_settings(server, Place::server)}.apply_to(setup);
  setup.script.tls = server.choice("tls", tls::Versions::all);
  setup.script.accepts_in_clear = accepts(server, "in-clear");
  setup.script.accepts_unauthenticated = accepts(server, "unauthenticated");
  setup.script.begins_in_clear = server.choice("begins", Begins::as_demanded) == Begins::in_clear;
  bool has_sasl = false;
  for (const Element& at : server.children()) {
    if (at.name() == "tap") {
      setup.script.taps.push_back(read_tap(at));
      continue;
    }
    if (at.name() == "tls") {
      if (setup.script.profile) at.fail("<tls> stands here twice");
      setup.script.profile = read_tls(at);
      continue;
    }
    if (at.name() == "sasl") {
      if (has_sasl) at.fail("<sasl> stands here twice");
      has_sasl = true;
      setup.script.sasl = read_sasl(at);
      continue;
    }
    fake::Deviation deviation = read_deviation(at);
    if (setup.script.at(deviation.at) != nullptr) {
      at.fail("<at point=\"" + std::string(word(deviation.at)) + "\"> stands here twice");
    }
    setup.script.deviations.push_back(std::move(deviation));
  }
}

}  // namespace startle::cases
