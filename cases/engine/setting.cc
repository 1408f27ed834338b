#include "cases/engine/setting.h"

#include <array>

#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

constexpr unsigned operator|(Place a, Place b) {
  return static_cast<unsigned>(a) | static_cast<unsigned>(b);
}
constexpr unsigned operator|(unsigned a, Place b) {
  return a | static_cast<unsigned>(b);
}

constexpr std::string_view kOfTheServer = "server-";

using enum Place;
using enum Content;

constexpr std::array<std::string_view, 2> kAttempts{"1", "2"};
constexpr unsigned kServer = static_cast<unsigned>(server);
constexpr unsigned kValue = static_cast<unsigned>(value);

// Rows without a member are attributes of the same elements that are read by hand.
constexpr std::array kSettings{
    Setting{.word = "id", .places = kValue},
    Setting{.word = "mode", .places = client | value | axis, .member = &Setup::mode},
    Setting{.word = "tls-policy", .places = client | value | axis, .member = &Setup::tls_policy},
    Setting{.word = "attempts",
            .places = static_cast<unsigned>(client),
            .member = &Setup::attempts,
            .known = kAttempts},
    Setting{.word = "certificate", .places = server | axis, .member = &Setup::certificate},
    Setting{.word = "in-clear", .places = kServer},
    Setting{.word = "unauthenticated", .places = kServer},
    Setting{.word = "begins", .places = kServer},
    Setting{.word = "trust",
            .places = client | value,
            .member = &Setup::trust,
            .content = placeholders,
            .may_be_absent = true},
    Setting{.word = "username",
            .places = client | value,
            .member = &Setup::username,
            .content = placeholders,
            .may_be_absent = true},
    Setting{.word = "password",
            .places = client | value,
            .member = &Setup::password,
            .content = placeholders,
            .may_be_absent = true},
    Setting{.word = "sender",
            .places = client | value,
            .member = &Setup::sender,
            .content = placeholders},
    Setting{.word = "absent", .places = client | value},
    Setting{
        .word = "base", .places = client | value, .member = &Setup::base, .content = placeholders},
    Setting{.word = "filter",
            .places = client | value,
            .member = &Setup::filter,
            .content = placeholders},
    Setting{.word = "mechanism",
            .places = client | value,
            .member = &Setup::mechanism,
            .known = sasl::kMechanisms},
    Setting{.word = "modes", .places = kValue},
    Setting{.word = "server-username",
            .places = server | value,
            .member = &Setup::server_username,
            .content = placeholders},
    Setting{.word = "server-password",
            .places = server | value,
            .member = &Setup::server_password,
            .content = placeholders},
    Setting{.word = "server-sender",
            .places = server | value,
            .member = &Setup::server_sender,
            .content = placeholders},
    Setting{.word = "client-certificate",
            .places = client | value,
            .member = &Setup::client_certificate},
    Setting{.word = "persona", .places = kServer, .member = &Setup::persona},
    Setting{.word = "tls", .places = kServer},
    Setting{.word = "store", .places = client | axis, .member = &Setup::store},
    // It is what {host} stands for, and so filled in before all others.
    Setting{.word = "host", .places = static_cast<unsigned>(client), .member = &Setup::host},
};

std::optional<std::string> text_of(const std::string& value) {
  return value;
}
std::optional<std::string> text_of(const std::optional<std::string>& value) {
  return value;
}
std::optional<std::string> text_of(Worded auto value) {
  return std::string(word(value));
}

void fill(std::string& value, const FillIn& fill_in) {
  value = fill_in(value);
}
void fill(std::optional<std::string>& value, const FillIn& fill_in) {
  if (value) *value = fill_in(*value);
}
void fill(Worded auto&, const FillIn&) {}

}  // namespace

std::string_view Setting::attribute(Place place) const {
  const bool bare = place == server && word.starts_with(kOfTheServer);
  return bare ? word.substr(kOfTheServer.size()) : word;
}

std::span<const Setting> all_settings() {
  return kSettings;
}

std::vector<std::string_view> attributes_of(Place place) {
  std::vector<std::string_view> attributes;
  for (const Setting& setting : kSettings) {
    if (setting.stands_in(place)) attributes.push_back(setting.attribute(place));
  }
  return attributes;
}

const Setting* setting_of_axis(std::string_view name) {
  for (const Setting& setting : kSettings) {
    if (setting.word == name && setting.stands_in(axis)) return &setting;
  }
  return nullptr;
}

void fill_in_settings(Setup& setup, const FillIn& fill_in) {
  for (const Setting& setting : kSettings) {
    if (setting.content != placeholders) continue;
    with_member(setting, [&](auto member) { fill(setup.*member, fill_in); });
  }
}

std::optional<std::string> text_of(const Setting& setting, const Setup& setup) {
  std::optional<std::string> text;
  with_member(setting, [&](auto member) { text = text_of(setup.*member); });
  return text;
}

std::vector<std::string> described(const Setup& setup) {
  std::vector<std::string> settings;
  for (const Setting& setting : kSettings) {
    if (std::holds_alternative<std::monostate>(setting.member)) continue;
    const std::optional<std::string> text = text_of(setting, setup);
    settings.push_back(std::string(setting.word) + (text ? "=" + *text : ""));
  }
  return settings;
}

}  // namespace startle::cases
