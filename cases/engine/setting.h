#pragma once
// What the settings of a case are called, who states them and how: one row each, from which the
// readers of the XML, the filling-in of placeholders and what is printed of a Setup follow. A new
// setting is a member of Setup (case.h), a row of setting.cc, an attribute in cases/startle.rng,
// and what the client or the server does with it.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cases/engine/case.h"

namespace startle::cases {

// Where an attribute may stand.
enum class Place : unsigned {
  client = 1,  // of <client>
  server = 2,  // of <server>
  value = 4,   // of <value>, one value of an axis
  axis = 8,    // an axis of its name: values="..", which are their own ids
};

using SettingMember =
    std::variant<std::monostate, std::string Setup::*, std::optional<std::string> Setup::*,
                 words::Mode Setup::*, words::TlsPolicy Setup::*, words::HostStore Setup::*,
                 certs::ClientCertificate Setup::*, fake::Persona Setup::*>;

enum class Content {
  placeholders,  // which are filled in for each exchange
  literal,       // text that stands for itself, or a word of the member's enumeration
};

struct Setting {
  std::string_view word{};
  unsigned places = 0;     // of Place, or-ed
  SettingMember member{};  // monostate: an attribute of these elements that is no setting
  Content content = Content::literal;
  bool may_be_absent = false;
  Words known{};  // the texts that there are; empty: any

  bool stands_in(Place place) const { return (places & static_cast<unsigned>(place)) != 0; }
  // What its attribute of that element is called: in <server>, `server-username` is `username`.
  std::string_view attribute(Place place) const;
};

// Calls `each` with the member, a T Setup::*, where there is one.
template <class Each>
void with_member(const Setting& setting, Each each) {
  std::visit(
      [&]<class Member>(Member member) {
        if constexpr (!std::is_same_v<Member, std::monostate>) each(member);
      },
      setting.member);
}

// In the order in which complaints list them.
std::span<const Setting> all_settings();
// The attributes that an element of that place may have.
std::vector<std::string_view> attributes_of(Place place);
// The setting whose values are an axis of this name; null for none.
const Setting* setting_of_axis(std::string_view name);

using FillIn = std::function<std::string(const std::string&)>;
void fill_in_settings(Setup& setup, const FillIn& fill_in);
// As an element would state it; nullopt: it is absent, or no setting.
std::optional<std::string> text_of(const Setting& setting, const Setup& setup);
// "mode=smtp-starttls", "password" where it is absent; in the order of the table.
std::vector<std::string> described(const Setup& setup);

}  // namespace startle::cases
