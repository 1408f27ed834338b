#include "cases/engine/case_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cases/engine/exchange.h"
#include "cases/engine/sasl_reader.h"
#include "cases/engine/server_reader.h"
#include "certs/element_reader.h"
#include "fake-servers/protocols.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using certs::words_in;
using words::Ending;
using xml::Element;

// ---- what the client is told -------------------------------------------------------------------

constexpr std::array<std::string_view, 3> kMayBeAbsent{"trust", "username", "password"};

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
  if (e.maybe_attribute("mode")) change.mode = e.choice<words::Mode>("mode");
  change.sender = checked_attribute(e, "sender");
  change.base = checked_attribute(e, "base");
  change.filter = checked_attribute(e, "filter");
  if (e.maybe_attribute("client-certificate")) {
    change.client_certificate = e.choice<certs::ClientCertificate>("client-certificate");
  }
  if (const auto mechanism = e.maybe_attribute("mechanism")) {
    if (!from_word<sasl::Mechanism>(*mechanism)) {
      e.fail("mechanism=\"" + *mechanism +
             "\" is no mechanism: " + xml::hint(*mechanism, sasl::kMechanisms));
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

// The clauses that it covers, by their ids; the catalogue knows which there are.
std::vector<std::string> read_requirement_ids(const Element& e) {
  std::vector<std::string> ids = words_in(e.maybe_attribute("requirements").value_or(""));
  std::set<std::string_view> seen;
  for (const std::string& id : ids) {
    if (!seen.insert(id).second) e.fail("requirements: `" + id + "` stands here twice");
  }
  return ids;
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

words::HostStore read_store(const Element& axis, const std::string& text) {
  if (const auto store = from_word<words::HostStore>(text)) return *store;
  axis.fail("values: `" + text + "` is no store: " + xml::hint(text, words::kHostStores));
}

// values="*": those of the catalogue, whichever there are.
bool reads_every_certificate(const Element& e, const std::string& axis,
                             const std::vector<std::string>& values) {
  if (axis != "certificate") return false;
  if (std::find(values.begin(), values.end(), "*") == values.end()) return false;
  if (values.size() > 1) e.fail("values: `*` is every certificate: it stands alone");
  return true;
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
  const std::vector<std::string> ids_given = words_in(e.maybe_attribute("values").value_or(""));
  axis.every_certificate = reads_every_certificate(e, axis.name, ids_given);
  // Short form: certificates, modes and stores are their own ids.
  for (const std::string& id : ids_given) {
    if (axis.every_certificate) break;
    Change& change = axis.values.emplace_back();
    change.id = id;
    if (axis.name == "certificate") {
      change.certificate = id;
    } else if (axis.name == "mode") {
      change.mode = read_mode(e, "values", id);
    } else if (axis.name == "store") {
      change.store = read_store(e, id);
    } else {
      e.fail(
          "values=\"..\" is for the axes `mode`, `certificate` and `store`; this one needs "
          "<value>s");
    }
  }
  for (const Element& value : e.children()) {
    if (axis.name == "certificate" || axis.name == "store") {
      value.fail("a <value> states no " + axis.name + ": write <axis name=\"" + axis.name +
                 "\" values=\"..\"/>");
    }
    allow(value, kValueKeys, {});
    Change change = read_change(value);
    change.id = part_of_id(value, "id");
    change.server_username = checked_attribute(value, "server-username");
    change.server_password = checked_attribute(value, "server-password");
    change.server_sender = checked_attribute(value, "server-sender");
    change.modes = read_modes(value);
    axis.values.push_back(std::move(change));
  }
  if (axis.every_certificate) {
    axis.base = e.maybe_attribute("base").value_or("");
    return axis;
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
void check_mode(const Element& root, words::Mode mode) {
  const fake::ServerProtocol& protocol = fake::server_protocol(words::protocol_of(mode));
  for (const Element& at : root.descendants("at")) {
    const auto point = at.choice<fake::Point>("point");
    if (!comes_to(protocol, mode, point)) {
      at.fail("mode=\"" + std::string(word(mode)) + "\" never comes to the point `" +
              std::string(word(point)) + "`");
    }
  }
  for (const Element& sasl : root.descendants("sasl")) check_sasl(sasl, mode);
  for (const Element& server : root.descendants("server")) {
    if (words::demands_tls(mode) || !server.maybe_attribute("tls")) continue;
    server.fail("mode=\"" + std::string(word(mode)) + "\" has no TLS: tls=\"..\" is never seen");
  }
  for (const Element& step : root.descendants(protocol.foreign_step)) {
    step.fail(std::string(protocol.foreign_step_why));
  }
}

}  // namespace

Case read_case(const Element& root, std::string id) {
  constexpr std::array<std::string_view, 3> kKeys{"summary", "requirements", "bug-class"};
  constexpr std::array<std::string_view, 5> kChildren{"why", "fix", "server", "client", "expect"};
  allow(root, kKeys, kChildren);
  Case made{.id = std::move(id),
            .summary = root.attribute("summary"),
            .bug_class = root.maybe_attribute("bug-class").value_or(""),
            .requirements = read_requirement_ids(root)};
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
  check_mode(root, made.setup.mode);
  check_mechanism(root, made.setup);
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
