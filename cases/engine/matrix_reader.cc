#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "cases/engine/case_reader.h"
#include "cases/engine/server_reader.h"
#include "cases/engine/setting_reader.h"
#include "certs/element_reader.h"

namespace startle::cases {
namespace {

using certs::words_in;
using xml::Element;

// Ids of cells are made of it: "matrix/trust/mode=smtp-starttls/..".
std::string part_of_id(const Element& e, const char* key) {
  const std::string part = e.attribute(key);
  const bool plain = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!plain) {
    e.fail(std::string(key) + "=\"" + part +
           "\" is not made of lower-case letters, digits and `-`");
  }
  return part;
}

words::Mode read_mode(const Element& e, const std::string& key, const std::string& text) {
  const auto mode = from_word<words::Mode>(text);
  if (!mode) e.fail(key + ": `" + text + "` is no mode: " + xml::hint(text, words::kModes));
  return *mode;
}

// Of a value that not every mode has; empty: all have it.
std::vector<words::Mode> read_modes(const Element& value) {
  std::vector<words::Mode> modes;
  const auto given = value.maybe_attribute("modes");
  if (!given) return modes;
  for (const std::string& text : words_in(*given)) {
    const words::Mode mode = read_mode(value, "modes", text);
    if (std::find(modes.begin(), modes.end(), mode) != modes.end()) {
      value.fail("modes: `" + text + "` stands here twice");
    }
    modes.push_back(mode);
  }
  if (modes.empty()) value.fail("modes=\"\" leaves no mode that has this value");
  return modes;
}

// values="*": those of the catalogue, whichever there are.
bool reads_every_certificate(const Element& e, const std::string& axis,
                             const std::vector<std::string>& values) {
  if (axis != "certificate") return false;
  if (std::find(values.begin(), values.end(), "*") == values.end()) return false;
  if (values.size() > 1) e.fail("values: `*` is every certificate: it stands alone");
  return true;
}

// Short form: values that are their own ids.
std::vector<Change> read_own_ids(const Element& e, const std::string& axis,
                                 const std::vector<std::string>& ids) {
  const Setting* setting = setting_of_axis(axis);
  if (setting == nullptr && !ids.empty()) {
    e.fail(
        "values=\"..\" is for the axes `mode`, `certificate` and `store`; this one needs <value>s");
  }
  std::vector<Change> values;
  for (const std::string& id : ids) {
    values.push_back({.id = id, .assignments = {read_own_id(e, *setting, id)}});
  }
  return values;
}

Change read_value(const Element& value, const Axis& axis) {
  const Setting* setting = setting_of_axis(axis.name);
  if (setting != nullptr && !setting->stands_in(Place::value)) {
    value.fail("a <value> states no " + axis.name + ": write <axis name=\"" + axis.name +
               "\" values=\"..\"/>");
  }
  allow(value, Place::value, {});
  std::vector<AnyAssignment> assignments = read_settings(value, Place::value);
  return {.id = part_of_id(value, "id"),
          .assignments = std::move(assignments),
          .modes = read_modes(value)};
}

// What `base` names is there, and nothing is there twice.
void check_values(const Element& e, const Axis& axis, const std::optional<std::string>& base) {
  if (axis.values.empty()) e.fail("axis `" + axis.name + "` has no value");
  std::set<std::string_view> ids;
  for (const Change& value : axis.values) {
    if (!ids.insert(value.id).second)
      e.fail("value `" + value.id + "` stands in axis `" + axis.name + "` twice");
  }
  if (!base || ids.count(*base) > 0) return;
  const std::vector<std::string_view> known(ids.begin(), ids.end());
  e.fail("base=\"" + *base + "\" is no value of axis `" + axis.name +
         "`: " + xml::hint(*base, known));
}

Axis read_axis(const Element& e) {
  constexpr std::array<std::string_view, 3> kKeys{"name", "base", "values"};
  constexpr std::array<std::string_view, 1> kChildren{"value"};
  allow(e, kKeys, kChildren);
  Axis axis{.name = part_of_id(e, "name")};
  const std::vector<std::string> ids = words_in(e.maybe_attribute("values").value_or(""));
  axis.every_certificate = reads_every_certificate(e, axis.name, ids);
  if (!axis.every_certificate) axis.values = read_own_ids(e, axis.name, ids);
  for (const Element& value : e.children()) axis.values.push_back(read_value(value, axis));
  const auto base = e.maybe_attribute("base");
  if (axis.every_certificate) {
    axis.base = base.value_or("");
    return axis;
  }
  check_values(e, axis, base);
  axis.base = base.value_or(axis.values.front().id);
  return axis;
}

}  // namespace

Matrix read_matrix(const Element& root, std::string id) {
  constexpr std::size_t kMostCells = 100'000'000;  // days of handshakes
  constexpr std::array<std::string_view, 2> kKeys{"summary", "requirements"};
  constexpr std::array<std::string_view, 1> kChildren{"axis"};
  allow(root, kKeys, kChildren);
  Matrix made{.id = std::move(id),
              .summary = root.attribute("summary"),
              .requirements = read_requirement_ids(root)};
  for (const Element& part : root.children()) {
    Axis axis = read_axis(part);
    if (std::any_of(made.axes.begin(), made.axes.end(),
                    [&](const Axis& other) { return other.name == axis.name; })) {
      part.fail("axis `" + axis.name + "` stands in this matrix twice");
    }
    made.axes.push_back(std::move(axis));
  }
  if (made.axes.empty()) root.fail("<matrix> needs an <axis>");
  std::size_t cells = 1;
  for (const Axis& axis : made.axes) {
    cells *= std::max<std::size_t>(axis.values.size(), 1);
    if (cells > kMostCells) {
      root.fail("the axes make more than " + std::to_string(kMostCells) + " cells");
    }
  }
  return made;
}

}  // namespace startle::cases
