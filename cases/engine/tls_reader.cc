#include "cases/engine/tls_reader.h"

#include <algorithm>
#include <array>

#include "cases/engine/server_reader.h"
#include "cases/engine/setting_reader.h"
#include "certs/element_reader.h"

namespace startle::cases {
namespace {

using certs::words_in;
using fake::TapKind;
using xml::Element;

constexpr long kMostTimes = 1 << 20;
constexpr long kMostOctets = 1 << 16;

// Names that stand in `known`.
std::vector<std::string> read_names(const Element& e, const char* key, Words known) {
  auto names = words_in(e.maybe_attribute(key).value_or(""));
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      e.fail(std::string(key) + ": `" + name + "` is none here: " + xml::hint(name, known));
    }
  }
  return names;
}

// From 1, or from the end: -1 is the last.
int read_octet(const Element& e) {
  const std::string text = e.attribute("octet");
  const bool from_end = text.starts_with('-');
  const std::string digits = text.substr(from_end ? 1 : 0);
  const bool plain = !digits.empty() && digits.size() <= 5 &&
                     digits.find_first_not_of("0123456789") == std::string::npos;
  const int number = plain ? std::stoi(digits) : 0;
  if (number == 0 || number > kMostOctets) {
    e.fail("octet=\"" + text + "\" is no place: the first is 1, the last -1");
  }
  return from_end ? -number : number;
}

tls::SaidAlert alert_of(const Element& e) {
  return {.number = static_cast<unsigned>(e.number("number", 0, 255)),
          .level = e.choice("level", tls::AlertLevel::fatal)};
}

tls::MessageChange read_change(const Element& e) {
  constexpr std::array<std::string_view, 2> kKeys{"message", "octet"};
  certs::allow(e, kKeys, {});
  return {.message = e.choice<tls::Message>("message"),
          .octet = read_octet(e),
          .bytes = checked(e, e.text())};
}

tls::AlertBefore read_alert_before(const Element& e) {
  constexpr std::array<std::string_view, 3> kKeys{"before", "number", "level"};
  certs::allow(e, kKeys, {});
  certs::refuse_text(e);
  return {.before = e.choice<tls::Message>("before"), .alert = alert_of(e)};
}

// Which attributes a kind has beside kind and record, and whether it has octets of its own.
struct TapForm {
  bool needs_record = true;
  bool octet = false;
  bool needs_octet = false;
  bool seconds = false;
  bool bytes = false;
  bool needs_bytes = false;
};

TapForm form_of(TapKind kind) {
  switch (kind) {
    case TapKind::split:
    case TapKind::one_byte_records:
      return {.needs_record = false};
    case TapKind::delay:
      return {.seconds = true};
    case TapKind::flip:
      return {.octet = true, .needs_octet = true};
    case TapKind::truncate:
    case TapKind::reset:
      return {.octet = true, .bytes = true};
    case TapKind::insert:
    case TapKind::replace:
      return {.bytes = true, .needs_bytes = true};
    case TapKind::drop:
    case TapKind::duplicate:
      break;
  }
  return {};
}

void check_form(const Element& e, const TapForm& form) {
  const std::string kind = "kind=\"" + e.attribute("kind") + "\" ";
  const auto check = [&](const char* key, bool may, bool must) {
    const bool has = e.maybe_attribute(key).has_value();
    if (has && !may) e.fail(kind + "has no " + key + "=\"..\"");
    if (!has && must) e.fail(kind + "needs " + key + "=\"..\"");
  };
  check("record", true, form.needs_record);
  check("octet", form.octet, form.needs_octet);
  check("seconds", form.seconds, form.seconds);
  if (!form.bytes) certs::refuse_text(e);
  if (form.needs_bytes && e.text().empty()) e.fail(kind + "needs octets: {hex:..}");
}

}  // namespace

tls::ServerProfile read_tls(const Element& e) {
  constexpr std::array<std::string_view, 5> kKeys{"versions", "groups", "ciphers", "signatures",
                                                  "lie"};
  constexpr std::array<std::string_view, 2> kChildren{"change", "alert"};
  certs::allow(e, kKeys, kChildren);
  certs::refuse_text(e);
  tls::ServerProfile profile{.groups = read_names(e, "groups", tls::kGroups),
                             .ciphers = read_names(e, "ciphers", tls::kCiphers),
                             .signatures = read_names(e, "signatures", tls::kSignatures),
                             .lie = e.choice("lie", tls::ServerLie::none)};
  for (const std::string& number : words_in(e.maybe_attribute("versions").value_or(""))) {
    const auto version = from_word<tls::Version>(number);
    if (!version) {
      e.fail("versions: `" + number +
             "` is none here: " + xml::hint(number, words_of(tls::Version{})));
    }
    profile.versions.push_back(*version);
  }
  for (const Element& child : e.children()) {
    if (child.name() == "change") {
      profile.changes.push_back(read_change(child));
      continue;
    }
    if (profile.alert) child.fail("<alert> stands here twice");
    profile.alert = read_alert_before(child);
  }
  return profile;
}

fake::WireTap read_tap(const Element& e) {
  constexpr std::array<std::string_view, 4> kKeys{"kind", "record", "octet", "seconds"};
  constexpr long kLastRecord = 10000;
  certs::allow(e, kKeys, {});
  fake::WireTap tap{.kind = e.choice<TapKind>("kind")};
  check_form(e, form_of(tap.kind));
  if (e.maybe_attribute("record")) {
    tap.record = static_cast<unsigned>(e.number("record", 1, kLastRecord));
  }
  if (e.maybe_attribute("octet")) tap.octet = read_octet(e);
  if (e.maybe_attribute("seconds")) tap.how_long = seconds_of(e);
  tap.bytes = checked(e, e.text());
  return tap;
}

fake::SayTls read_alert(const Element& e) {
  constexpr std::array<std::string_view, 2> kKeys{"number", "level"};
  certs::allow(e, kKeys, {});
  certs::refuse_text(e);
  return {.what = alert_of(e)};
}

std::vector<fake::Step> read_tls_messages(const Element& e) {
  constexpr std::array<std::string_view, 2> kKeys{"type", "times"};
  certs::allow(e, kKeys, {});
  certs::refuse_text(e);
  const fake::SayTls once{.what = e.choice<tls::Message>("type")};
  return std::vector<fake::Step>(times_of(e), once);
}

std::size_t times_of(const Element& e) {
  return e.maybe_attribute("times") ? static_cast<std::size_t>(e.number("times", 1, kMostTimes))
                                    : 1;
}

void check_tls(const Element& root, words::Mode mode) {
  if (words::demands_tls(mode)) return;
  for (const char* name : {"tls", "alert", "tls-message"}) {
    for (const Element& e : root.descendants(name)) {
      e.fail("mode=\"" + std::string(word(mode)) + "\" has no TLS: <" + name + "> is never seen");
    }
  }
}

}  // namespace startle::cases
