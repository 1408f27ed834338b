#include "cases/program/foreign_client.h"

#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

#include "harness/base/error.h"
#include "harness/tls/clock.h"

namespace startle::program {

using cases::Sanity;

ForeignClient::ForeignClient(const cases::Catalogue& catalogue, subject::Subject& client,
                             const cases::RunOptions& how, std::string host)
    : catalogue_(catalogue), client_(client), how_(how) {
  settings_.host = std::move(host);
  settings_.trust_model = client.standing().trust_model;
}

void ForeignClient::warn(const std::string& text) {
  std::cerr << "startle: " << text << '\n';
  warnings_.push_back({.where = client_.name(), .text = text});
}

Sanity ForeignClient::sane_in(const std::vector<words::Mode>& modes) const {
  return cases::sanity(catalogue_, client_, how_, settings_, modes);
}

void ForeignClient::get_to_know(const std::vector<words::Mode>& modes) {
  Sanity found;
  std::optional<Error> complaint;  // it could not be started, for one
  try {
    found = sane_in(modes);
  } catch (const Error& e) {
    complaint = e;
  }
  if (found.usable.empty() && client_.take_more_privileges()) {
    Sanity as_we_are = sane_in(modes);
    complaint.reset();
    if (!as_we_are.usable.empty()) {
      warn(client_.name() + " is run as root: as an unprivileged user it does not work");
      found = std::move(as_we_are);
    }
  }
  if (complaint) throw Error(*complaint);
  for (const cases::UnusableMode& mode : found.unusable) {
    sane_ = false;
    warn(client_.name() + " is not usable in " + std::string(word(mode.mode)) +
         ": of a sound server, which it met first, " + mode.why +
         ". Nothing of that mode is judged; a client that does not speak it ends with 89, and one "
         "that needs longer is given it by --deadline");
  }
  usable_ = found.usable;
  subject::Abilities abilities = client_.abilities();
  abilities.modes = usable_;
  for (const cases::UnusableMode& mode : found.unusable) {
    abilities.modes_in_vain.push_back(mode.mode);
  }
  client_.learn(abilities);
  if (client_.standing().is_tried) {
    client_.learn(cases::abilities_found(catalogue_, client_, how_, settings_, usable_));
  }
}

void ForeignClient::try_again() {
  for (const cases::UnusableMode& mode : sane_in(usable_).unusable) {
    sane_ = false;
    warn(client_.name() + " is not usable in " + std::string(word(mode.mode)) +
         " any more behind the last case, so that its verdicts do not count: " + mode.why);
  }
}

void LateInability::begin(const report::RunInfo& info) {
  client_ = info.client_name;
}

void LateInability::add(const report::Verdict& verdict) {
  if (verdict.kind == report::VerdictKind::skip && verdict.reason.ends_with(cases::kSaidLate)) {
    ++cases_;
  }
}

std::optional<report::Warning> LateInability::warning() const {
  if (cases_ == 0) return std::nullopt;
  return report::Warning{
      .where = client_,
      .text = "it said behind a handshake that it cannot do " +
              (cases_ == 1 ? std::string("a case") : std::to_string(cases_) + " cases") +
              ", which nobody judges so: exit code 89 is for what it knows before it connects; who "
              "refuses a server ends with another"};
}

std::vector<words::Mode> modes_of(const cases::Plan& plan) {
  std::vector<words::Mode> modes;
  cases::Plan all = plan;
  all.models.resize(1);
  all.shard.reset();
  all.sample.reset();
  for (std::size_t i = 0; i < words::kModes.size(); ++i) {
    const auto mode = static_cast<words::Mode>(i);
    if (!words::demands_tls(mode) || (plan.mode && *plan.mode != mode)) continue;
    all.mode = mode;
    if (cases::Selection(all).any()) modes.push_back(mode);
  }
  return modes;
}

}  // namespace startle::program
