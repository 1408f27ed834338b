#include "cases/case_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cases/exchange.h"
#include "cases/server_reader.h"
#include "certs/element_reader.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using certs::words_in;
using policy::Ending;
using xml::Element;

// ---- what the client is told -------------------------------------------------------------------

constexpr std::array<std::string_view, 3> kMayBeAbsent{"trust", "username", "password"};
constexpr std::array<std::string_view, 1> kMechanisms{"EXTERNAL"};

// The attributes named by absent="..".
std::vector<std::string> absent_attributes(const Element& e) {
  auto names = words_in(e.maybe_attribute("absent").value_or(""));
  for (const std::string& name : names) {
    if (std::find(kMayBeAbsent.begin(), kMayBeAbsent.end(), name) == kMayBeAbsent.end()) {
      e.fail("absent: `" + name + "` cannot be absent: " + xml::hint(name, kMayBeAbsent));
    }
    if (e.maybe_attribute(name.c_str())) e.fail("`" + name + "` is both given and absent");
  }
  return names;
}

Change read_change(const Element& e) {
  Change change;
  if (e.maybe_attribute("mode")) change.mode = e.choice<policy::Mode>("mode");
  change.sender = checked_attribute(e, "sender");
  change.base = checked_attribute(e, "base");
  change.filter = checked_attribute(e, "filter");
  if (e.maybe_attribute("client-certificate")) {
    change.client_certificate = e.choice<certs::ClientCertificate>("client-certificate");
  }
  if (const auto mechanism = e.maybe_attribute("mechanism")) {
    if (*mechanism != kMechanisms.front()) {
      e.fail("mechanism=\"" + *mechanism +
             "\" is no mechanism: " + xml::hint(*mechanism, kMechanisms));
    }
    change.mechanism.emplace(mechanism);
  }
  const std::array<std::pair<const char*, std::optional<std::optional<std::string>>*>, 3> fields{
      {{"trust", &change.trust}, {"username", &change.username}, {"password", &change.password}}};
  for (const auto& [key, field] : fields) {
    if (const auto value = checked_attribute(e, key)) *field = value;
  }
  for (const std::string& name : absent_attributes(e)) {
    for (const auto& [key, field] : fields) {
      if (name == key) field->emplace(std::nullopt);
    }
  }
  return change;
}

void read_client(const Element& client, Setup& setup) {
  constexpr std::array<std::string_view, 10> kKeys{
      "mode",   "trust", "username", "password",  "sender",
      "absent", "base",  "filter",   "mechanism", "client-certificate"};
  allow(client, kKeys, {});
  read_change(client).apply_to(setup);
}

Expectation read_expectation(const Element& e) {
  constexpr std::array<std::string_view, 2> kKeys{"endings", "reason"};
  allow(e, kKeys, {});
  Expectation expect{.reason = e.attribute("reason")};
  for (const std::string& given : words_in(e.attribute("endings"))) {
    const auto ending = from_word<Ending>(given);
    if (!ending) {
      e.fail("endings: `" + given + "` is no ending: " + xml::hint(given, policy::kEndings));
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

// ---- axes --------------------------------------------------------------------------------------

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

policy::Mode read_mode(const Element& e, const std::string& key, const std::string& text) {
  const auto mode = from_word<policy::Mode>(text);
  if (!mode) e.fail(key + ": `" + text + "` is no mode: " + xml::hint(text, policy::kModes));
  return *mode;
}

Axis read_axis(const Element& e) {
  constexpr std::array<std::string_view, 3> kKeys{"name", "base", "values"};
  constexpr std::array<std::string_view, 1> kChildren{"value"};
  constexpr std::array<std::string_view, 15> kValueKeys{"id",
                                                        "mode",
                                                        "trust",
                                                        "username",
                                                        "password",
                                                        "sender",
                                                        "absent",
                                                        "base",
                                                        "filter",
                                                        "mechanism",
                                                        "modes",
                                                        "server-username",
                                                        "server-password",
                                                        "server-sender",
                                                        "client-certificate"};
  allow(e, kKeys, kChildren);
  Axis axis{.name = part_of_id(e, "name")};
  // Short form: certificates and modes are their own ids.
  for (const std::string& id : words_in(e.maybe_attribute("values").value_or(""))) {
    Change& change = axis.values.emplace_back();
    change.id = id;
    if (axis.name == "certificate") {
      change.certificate = id;
    } else if (axis.name == "mode") {
      change.mode = read_mode(e, "values", id);
    } else {
      e.fail("values=\"..\" is for the axes `mode` and `certificate`; this one needs <value>s");
    }
  }
  for (const Element& value : e.children()) {
    if (axis.name == "certificate") {
      value.fail(
          "a <value> states no certificate: write <axis name=\"certificate\" values=\"..\"/>");
    }
    allow(value, kValueKeys, {});
    Change change = read_change(value);
    change.id = part_of_id(value, "id");
    change.server_username = checked_attribute(value, "server-username");
    change.server_password = checked_attribute(value, "server-password");
    change.server_sender = checked_attribute(value, "server-sender");
    for (const std::string& mode : words_in(value.maybe_attribute("modes").value_or(""))) {
      change.modes.push_back(read_mode(value, "modes", mode));
    }
    axis.values.push_back(std::move(change));
  }
  if (axis.values.empty()) e.fail("axis `" + axis.name + "` has no value");
  std::set<std::string_view> ids;
  for (const Change& value : axis.values) {
    if (!ids.insert(value.id).second)
      e.fail("value `" + value.id + "` stands in axis `" + axis.name + "` twice");
  }
  axis.base = e.maybe_attribute("base").value_or(axis.values.front().id);
  if (ids.count(axis.base) == 0) {
    const std::vector<std::string_view> known(ids.begin(), ids.end());
    e.fail("base=\"" + axis.base + "\" is no value of axis `" + axis.name +
           "`: " + xml::hint(axis.base, known));
  }
  return axis;
}

}  // namespace

Case read_case(const Element& root, std::string id) {
  constexpr std::array<std::string_view, 3> kKeys{"summary", "requirements", "bug-class"};
  constexpr std::array<std::string_view, 5> kChildren{"why", "fix", "server", "client", "expect"};
  allow(root, kKeys, kChildren);
  Case made{.id = std::move(id),
            .summary = root.attribute("summary"),
            .bug_class = root.maybe_attribute("bug-class").value_or(""),
            .requirements = words_in(root.maybe_attribute("requirements").value_or(""))};
  std::map<std::string, int> seen;
  for (const Element& part : root.children()) {
    const std::string name = part.name();
    if (++seen[name] > 1) part.fail("<" + name + "> stands in this case twice");
    if (name == "why" || name == "fix") {
      certs::allow(part, {}, {});
      (name == "why" ? made.why : made.fix) = part.text();
    }
    if (name == "server") read_server(part, made.setup);
    if (name == "client") read_client(part, made.setup);
    if (name == "expect") made.expect = read_expectation(part);
  }
  const policy::Protocol protocol = policy::protocol_of(made.setup.mode);
  for (const fake::Deviation& deviation : made.setup.script.deviations) {
    if (!fake::has_point(protocol, deviation.at)) {
      root.fail("mode=\"" + std::string(word(made.setup.mode)) + "\" never comes to the point `" +
                std::string(word(deviation.at)) + "`");
    }
  }
  if (seen.count("expect") == 0) root.fail("<case> needs <expect endings=\"..\" reason=\"..\"/>");
  return made;
}

Matrix read_matrix(const Element& root, std::string id) {
  constexpr std::size_t kMostCells = 100'000'000;  // days of handshakes
  constexpr std::array<std::string_view, 2> kKeys{"summary", "requirements"};
  constexpr std::array<std::string_view, 1> kChildren{"axis"};
  allow(root, kKeys, kChildren);
  Matrix made{.id = std::move(id),
              .summary = root.attribute("summary"),
              .requirements = words_in(root.maybe_attribute("requirements").value_or(""))};
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
    cells *= axis.values.size();
    if (cells > kMostCells) {
      root.fail("the axes make more than " + std::to_string(kMostCells) + " cells");
    }
  }
  return made;
}

}  // namespace startle::cases
