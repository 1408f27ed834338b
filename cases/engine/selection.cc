#include "cases/engine/selection.h"

#include <algorithm>
#include <utility>

#include "cases/engine/customer_host.h"
#include "cases/engine/glob.h"
#include "cases/engine/model_choice.h"
#include "cases/engine/shown_row.h"
#include "cases/engine/under_policy.h"
#include "harness/customer/schedule/bind_name.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {

words::Mode mode_of(const customer::Entry& entry) {
  return words::mode_of(entry.protocol, entry.tls);
}

std::optional<Expectation> stated(const Expectation& expect) {
  return expect.endings.empty() ? std::nullopt : std::optional(expect);
}

namespace {

// How an entry demands TLS, in the words of its protocol (RFC 3207; RFC 4511, 4.14; RFC 8314).
std::string demanded_tls(const customer::Entry& entry) {
  if (entry.tls == words::Tls::implicit) return "implicit TLS";
  return std::string(row_of(entry.protocol).starttls);
}

std::optional<std::string> text(const std::optional<std::string>& given) {
  return given ? std::optional(literally(*given)) : std::nullopt;
}

// The value of the axis `credential`, but for what stays where it is: the customer's password, and
// the key of their certificate.
Change credential_of(const customer::Entry& entry, const std::string& id) {
  std::optional<std::string> password = text(entry.password);
  if (password && !password->empty()) password = "{secret}";
  Change change{.id = id};
  change.set(&Setup::username, text(entry.username))
      .set(&Setup::password, std::move(password))
      .set(&Setup::sender, literally(entry.email))
      .set(&Setup::base, literally(entry.base))
      .set(&Setup::filter, literally(entry.filter));
  const bool external = entry.mechanism == word(sasl::Mechanism::external);
  const bool sasl_name = entry.mechanism && !external;
  if (entry.username && !sasl_name && customer::is_bind_name(*entry.username) &&
      !customer::is_distinguished_name(*entry.username)) {
    // Nobody else knows such names.
    change.set(&Setup::persona, fake::Persona::active_directory);
  }
  if (entry.mechanism) change.set(&Setup::mechanism, entry.mechanism);
  if (external) change.set(&Setup::client_certificate, certs::ClientCertificate::valid);
  return change;
}

}  // namespace

Matrix for_customer(const Matrix& matrix, const customer::Entry& entry,
                    std::shared_ptr<const CustomerHost> host) {
  Matrix made = matrix;
  if (host && host->store) {
    const words::HostStore kind = host->store->kind;
    const std::string id(word(kind));
    made.axes.push_back(
        {.name = "store", .base = id, .values = {Change{.id = id}.set(&Setup::store, kind)}});
  }
  std::string value = "line-" + std::to_string(entry.line);
  if (entry.nth_of_line > 1) value += "-" + std::to_string(entry.nth_of_line);
  const bool is_shown = host && host->shown;
  made.customer = std::move(host);
  made.checkserveridentity = entry.checkserveridentity;
  made.subject_to =
      entry.file + ":" + std::to_string(entry.line) + ": " + entry.host + ":" +
      std::to_string(entry.port) +
      (entry.tls != words::Tls::none
           ? ", " + demanded_tls(entry) +
                 (entry.trust ? ", trust=\"" + *entry.trust + "\"" : ", without trust")
           : ", without TLS: no certificate is ever looked at");
  if (!entry.reading.empty()) made.subject_to += ", " + entry.reading;
  if (entry.nth_of_line > 1) made.subject_to += " (" + value + ")";
  const words::Mode mode = mode_of(entry);
  for (Axis& axis : made.axes) {
    if (axis.name == "mode") {
      axis.values = {Change{.id = std::string(word(mode))}.set(&Setup::mode, mode)};
    } else if (axis.name == "trust") {
      axis.values = {Change{.id = value}
                         .set(&Setup::host, literally(entry.host))
                         .set(&Setup::trust, text(entry.trust))};
    } else if (axis.name == "credential") {
      axis.values = {credential_of(entry, value)};
    } else if (axis.name == "certificate" && is_shown) {
      const std::string id(kShownCertificate);
      axis.values.insert(axis.values.begin(), Change{.id = id}.set(&Setup::certificate, id));
      continue;
    } else {
      continue;
    }
    axis.base = axis.values.front().id;
  }
  return made;
}

namespace {

constexpr std::string_view kEveryTrust = "matrix/trust";
constexpr std::string_view kEveryCertificate = "matrix/certificates";

// Of some matrices a suite has nothing; of the others it may have all.
bool is_in_suite(Suite suite, const std::string& matrix) {
  switch (suite) {
    case Suite::quick:
      return matrix == kEveryTrust;
    case Suite::standard:
      return matrix != "matrix/full";
    case Suite::full:
      break;
  }
  return true;
}

}  // namespace

Selection::Selection(Plan plan) : plan_(std::move(plan)) {
  state_.random.seed(plan_.seed);
  const auto add_models = [&](const std::optional<std::string>& setting) {
    Models& models = models_.emplace_back();
    for (const words::ProtocolRow& row : words::kProtocolRows) {
      models[row.value] = models_for(row.value, plan_.models, setting);
    }
  };
  for (std::size_t i = 0; i < plan_.cases.size(); ++i) add_models(std::nullopt);
  for (const Matrix& matrix : plan_.matrices) {
    add_models(matrix.checkserveridentity);
    for (const Axis& axis : matrix.axes) {
      if (matrix.id != kEveryTrust || axis.name != "certificate") continue;
      for (const Change& value : axis.values) in_trust_.insert(value.id);
    }
  }
  read_globs();
}

void Selection::read_globs() {
  const auto is_whole = [&](const std::string& id) {
    return std::find(plan_.whole.begin(), plan_.whole.end(), id) != plan_.whole.end() ||
           std::any_of(plan_.globs.begin(), plan_.globs.end(),
                       [&](const std::string& glob) { return selects_all_of(glob, id); });
  };
  whole_.clear();
  ranges_.clear();
  for (const Case& single : plan_.cases) whole_.push_back(is_whole(single.id));
  for (const Matrix& matrix : plan_.matrices) {
    whole_.push_back(is_whole(matrix.id));
    ranges_.emplace_back(matrix, plan_.globs);
  }
}

void Selection::select_only(const std::string& glob, std::optional<words::Mode> mode) {
  plan_.globs = {glob};
  plan_.whole.clear();
  plan_.mode = mode;
  read_globs();
}

std::size_t Selection::next_candidate(const Position& at) const {
  const bool globs = !plan_.globs.empty() || !plan_.whole.empty();
  if (at.source < plan_.cases.size()) return at.cell;
  const Matrix& matrix = plan_.matrices[at.source - plan_.cases.size()];
  if (!globs && is_foreign_suite() && matrix.id == kEveryTrust) return matrix.size();
  if (!globs) return is_in_suite(plan_.suite, matrix.id) ? at.cell : matrix.size();
  if (whole_[at.source]) return at.cell;
  return ranges_[at.source - plan_.cases.size()].next(at.cell);
}

std::size_t Selection::cells(std::size_t source) const {
  return source < plan_.cases.size() ? 1 : plan_.matrices[source - plan_.cases.size()].size();
}

const std::vector<words::TrustModel>& Selection::models(const Position& at) const {
  const words::Mode mode = at.source < plan_.cases.size()
                               ? plan_.cases[at.source].setup.mode
                               : plan_.matrices[at.source - plan_.cases.size()].mode_of(at.cell);
  return models_[at.source].at(words::protocol_of(mode));
}

std::size_t Selection::readings(const Position& at) const {
  const bool single = at.source < plan_.cases.size();
  const bool has_store = single ? plan_.cases[at.source].setup.store != words::HostStore::system
                                : plan_.matrices[at.source - plan_.cases.size()].has_store(at.cell);
  return models(at).size() * (has_store ? plan_.store_models.size() : 1);
}

std::string Selection::id(const Position& at) const {
  if (at.source < plan_.cases.size()) return plan_.cases[at.source].id;
  return plan_.matrices[at.source - plan_.cases.size()].cell_id(at.cell);
}

bool Selection::globs_match(const std::string& id) const {
  return std::any_of(plan_.globs.begin(), plan_.globs.end(),
                     [&](const std::string& glob) { return glob_matches(glob, id); });
}

bool Selection::selected(const Position& at) const {
  const bool single = at.source < plan_.cases.size();
  if (!single && !plan_.matrices[at.source - plan_.cases.size()].has_cell(at.cell)) return false;
  if (plan_.mode) {
    const auto mode = single ? plan_.cases[at.source].setup.mode
                             : plan_.matrices[at.source - plan_.cases.size()].mode_of(at.cell);
    if (mode != *plan_.mode) return false;
  }
  if (!plan_.globs.empty() || !plan_.whole.empty()) {
    return whole_[at.source] || globs_match(id(at));
  }
  if (single) return true;
  const Matrix& matrix = plan_.matrices[at.source - plan_.cases.size()];
  if (is_foreign_suite()) return matrix.cell(at.cell).trust.has_value();
  const bool only_others = plan_.suite == Suite::standard && matrix.id == kEveryCertificate;
  if (only_others && matrix.mode_of(at.cell) != plan_.mode.value_or(matrix.mode_of(0)))
    return false;
  const bool nearby = plan_.suite == Suite::quick || only_others;
  if (nearby && matrix.distance_from_base(at.cell) > 1) return false;
  return !only_others || in_trust_.count(matrix.cell(at.cell).certificate) == 0;
}

bool Selection::is_foreign_suite() const {
  return plan_.foreign && plan_.suite == Suite::standard;
}

bool Selection::settle(Position& at) const {
  const std::size_t sources = plan_.cases.size() + plan_.matrices.size();
  while (at.source < sources) {
    if (at.cell >= cells(at.source)) {
      at = {.source = at.source + 1};
    } else if (at.reading > 0 && at.reading >= readings(at)) {
      at = {.source = at.source, .cell = at.cell + 1};
    } else if (at.reading > 0) {
      return true;  // the readings of a selected cell are selected with it
    } else if (const std::size_t next = next_candidate(at); next > at.cell) {
      at.cell = next;
    } else if (selected(at)) {
      return true;
    } else {
      ++at.cell;
    }
  }
  return false;
}

Selection::Counts Selection::counts() const {
  Counts counted;
  for (Position at; settle(at); ++at.cell) counted.selected += readings(at);
  counted.sampled = std::min(counted.selected, plan_.sample.value_or(counted.selected));
  counted.own = plan_.shard ? share_of(*plan_.shard, counted.sampled) : counted.sampled;
  return counted;
}

bool Selection::any() const {
  Position first;
  return settle(first);
}

bool Selection::drawn() {
  if (plan_.sample) {
    if (!state_.left) state_.left = counts();
    // Each is taken with the chance that is left to it, so that there are never more or fewer.
    const bool taken = state_.random() % state_.left->selected < state_.left->sampled;
    --state_.left->selected;
    if (!taken) return false;
    --state_.left->sampled;
  }
  const std::size_t ordinal = state_.ordinal++;
  return !plan_.shard || shard_of(ordinal, plan_.shard->total) == plan_.shard->index;
}

Exchange Selection::connection_of(const Case& of, const Connection& connection,
                                  const Reading& reading) const {
  Exchange made = make_exchange(connection.setup, of.id, plan_.host,
                                as_told(connection.setup, reading), plan_.seed);
  made.stated = stated(connection.expect);
  made.summary = of.summary;
  made.why = of.why;
  made.fix = of.fix;
  made.bug_class = of.bug_class;
  made.races = of.races;
  made.requirements = of.requirements;
  return made;
}

// Somebody else's client that is to trust any certificate is told so: its own words for it, not the
// customer's `*`, which to RFC 9525 names nobody.
Reading Selection::as_told(const Setup& setup, Reading reading) const {
  const bool any = setup.trust && *setup.trust == "*";
  if (plan_.foreign && any && words::is_root(reading.trust)) {
    reading.trust = words::TrustModel::documented;
  }
  return reading;
}

Reading Selection::reading_of(const Position& at) const {
  const auto& by = models(at);
  return {.trust = by[at.reading % by.size()], .store = plan_.store_models[at.reading / by.size()]};
}

Exchange Selection::made(const Position& at) const {
  const Reading reading = reading_of(at);
  Exchange made;
  if (at.source < plan_.cases.size()) {
    const Case& given = plan_.cases[at.source];
    const Case single = plan_.tls_policy ? under_policy(given, *plan_.tls_policy) : given;
    made = connection_of(single, {single.setup, single.expect}, reading);
    if (plan_.tls_policy) made.left_out = why_left_out(given, *plan_.tls_policy);
    for (const Connection& next : single.then) {
      made.then.push_back(connection_of(single, next, reading));
    }
  } else {
    const Matrix& matrix = plan_.matrices[at.source - plan_.cases.size()];
    Setup cell = matrix.cell(at.cell);
    if (plan_.tls_policy) cell.tls_policy = *plan_.tls_policy;
    made = make_exchange(cell, matrix.cell_id(at.cell), plan_.host, as_told(cell, reading),
                         plan_.seed);
    made.requirements = matrix.requirements;
    made.subject_to = matrix.subject_to;
    made.customer = matrix.customer;
  }
  return made;
}

bool Selection::seek() {
  for (; !state_.found && settle(state_.at); ++state_.at.reading) {
    state_.found = drawn();
    if (state_.found) break;
  }
  return state_.found;
}

std::optional<Exchange> Selection::next() {
  if (!seek()) return std::nullopt;
  Exchange found = made(state_.at);
  skip();
  return found;
}

std::optional<Selection::Name> Selection::peek() {
  if (!seek()) return std::nullopt;
  const Position& at = state_.at;
  Reading reading = reading_of(at);
  const bool single = at.source < plan_.cases.size();
  if (plan_.foreign) {
    reading = as_told(single ? plan_.cases[at.source].setup
                             : plan_.matrices[at.source - plan_.cases.size()].cell(at.cell),
                      reading);
  }
  return Name{.id = id(at), .reading = reading};
}

void Selection::skip() {
  ++state_.at.reading;
  state_.found = false;
}

}  // namespace startle::cases
