#include "cases/engine/setting_reader.h"

#include <algorithm>

#include "cases/engine/exchange.h"
#include "certs/element_reader.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using xml::Element;

// Of texts and of words of an enumeration: the value of the attribute `key`.
template <class Text>
Text read(const Element& e, const Setting& setting, const char* key) {
  const std::string text = e.attribute(key);
  if (setting.content == Content::placeholders) checked(e, text);
  const Words known = setting.known;
  if (!known.empty() && std::find(known.begin(), known.end(), text) == known.end()) {
    e.fail(std::string(key) + "=\"" + text + "\" is no " + std::string(setting.word) + ": " +
           xml::hint(text, known));
  }
  return text;
}
template <Worded E>
E read(const Element& e, const Setting&, const char* key) {
  return e.choice<E>(key);
}

template <class Text>
Text of_axis(const Element&, const Setting&, const std::string& text) {
  return text;
}
template <Worded E>
E of_axis(const Element& axis, const Setting& setting, const std::string& text) {
  if (const auto value = from_word<E>(text)) return *value;
  axis.fail("values: `" + text + "` is no " + std::string(setting.word) + ": " +
            xml::hint(text, words_of(E{})));
}

// The attributes named by absent="..".
std::vector<std::string> absent_attributes(const Element& e) {
  std::vector<std::string_view> known;
  for (const Setting& setting : all_settings()) {
    if (setting.may_be_absent) known.push_back(setting.word);
  }
  auto names = certs::words_in(e.maybe_attribute("absent").value_or(""));
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      e.fail("absent: `" + name + "` cannot be absent: " + xml::hint(name, known));
    }
    if (e.maybe_attribute(name.c_str())) e.fail("`" + name + "` is both given and absent");
  }
  return names;
}

}  // namespace

const std::string& checked(const Element& where, const std::string& text) {
  try {
    fill_in_exchange(text, {});
  } catch (const Error& e) {
    where.fail(e.what());
  }
  return text;
}

void allow(const Element& e, Place place, Words children) {
  certs::allow(e, attributes_of(place), children);
  certs::refuse_text(e);
}

std::vector<AnyAssignment> read_settings(const Element& e, Place place) {
  const std::vector<std::string> absent =
      place == Place::server ? std::vector<std::string>{} : absent_attributes(e);
  std::vector<AnyAssignment> assignments;
  for (const Setting& setting : all_settings()) {
    if (!setting.stands_in(place)) continue;
    const std::string key(setting.attribute(place));
    const bool given = e.maybe_attribute(key.c_str()).has_value();
    const bool is_absent = std::find(absent.begin(), absent.end(), key) != absent.end();
    if (!given && !is_absent) continue;
    with_member(setting, [&]<class T>(T Setup::*member) {
      Assignment<T> made{.setting = member};  // of what may be absent: nullopt
      if (given) made.value = read<T>(e, setting, key.c_str());
      assignments.emplace_back(std::move(made));
    });
  }
  return assignments;
}

AnyAssignment read_own_id(const Element& axis, const Setting& setting, const std::string& text) {
  AnyAssignment assignment;
  with_member(setting, [&]<class T>(T Setup::*member) {
    assignment = Assignment<T>{member, of_axis<T>(axis, setting, text)};
  });
  return assignment;
}

}  // namespace startle::cases
