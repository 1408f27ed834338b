#include "cases/engine/minimised.h"

#include <utility>
#include <vector>

#include "cases/engine/case_reader.h"
#include "cases/engine/case_writer.h"
#include "cases/engine/setting.h"
#include "harness/base/error.h"
#include "harness/xml/document.h"

namespace startle::cases {
namespace {

using All = std::vector<Composition>;

// Without a deviation, or a step of one.
void add_shorter_scripts(const Composition& from, All& all) {
  const auto& deviations = from.setup.script.deviations;
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    auto& left = all.emplace_back(from).setup.script.deviations;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    for (std::size_t j = 0; deviations[i].steps.size() > 1 && j < deviations[i].steps.size(); ++j) {
      auto& left = all.emplace_back(from).setup.script.deviations[i].steps;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
}

// With a line of what is sent left out, or a response that states less.
void add_plainer_steps(const Composition& from, All& all) {
  constexpr std::string_view kCrlf = "{crlf}";
  const auto& deviations = from.setup.script.deviations;
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    for (std::size_t j = 0; j < deviations[i].steps.size(); ++j) {
      const auto with = [&](fake::Step step) {
        all.emplace_back(from).setup.script.deviations[i].steps[j] = std::move(step);
      };
      const fake::Step& step = deviations[i].steps[j];
      if (const auto* send = std::get_if<fake::Send>(&step)) {
        const std::size_t end = send->bytes.find(kCrlf);
        if (end == std::string::npos || end + kCrlf.size() == send->bytes.size()) continue;
        with(fake::Send{.bytes = send->bytes.substr(end + kCrlf.size())});
        with(fake::Send{.bytes = send->bytes.substr(0, end + kCrlf.size())});
      }
      const auto* respond = std::get_if<fake::Respond>(&step);
      if (respond == nullptr) continue;
      with(fake::Respond{});
      with(fake::Respond{.code = respond->code});
      with(fake::Respond{.code = respond->code, .as = respond->as});
      fake::Respond less = *respond;
      less.attributes.clear();
      less.referrals.clear();
      less.diagnostic.clear();
      less.held = false;
      with(less);
    }
  }
}

template <class T>
void add_reset(const Composition& from, All& all, T fake::SaslScript::*member) {
  all.emplace_back(from).setup.script.sasl.*member = T{};
}

void add_plainer_servers(const Composition& from, All& all) {
  all.emplace_back(from).setup.script.sasl = {};
  add_reset(from, all, &fake::SaslScript::mechanisms);
  add_reset(from, all, &fake::SaslScript::in_clear);
  add_reset(from, all, &fake::SaslScript::hidden);
  add_reset(from, all, &fake::SaslScript::unknown);
  add_reset(from, all, &fake::SaslScript::lie);
  add_reset(from, all, &fake::SaslScript::iterations);
  add_reset(from, all, &fake::SaslScript::result);
  all.emplace_back(from).setup.script.tls = tls::Versions::all;
  all.emplace_back(from).setup.script.accepts_in_clear = false;
}

// With a setting that is as it is where nothing is said.
void add_usual_settings(const Composition& from, All& all) {
  const Setup usual;
  for (const Setting& setting : all_settings()) {
    with_member(setting,
                [&](auto member) { all.emplace_back(from).setup.*member = usual.*member; });
  }
  all.emplace_back(from).reading.trust = Reading{}.trust;
  all.emplace_back(from).reading.store = Reading{}.store;
}

// Everything that it is to tell of itself, so that what changed nothing is not tried.
std::string text_of(const Composition& one) {
  const Case as_case{.setup = one.setup, .expect = {.endings = {words::Ending::delivered}}};
  return case_xml(as_case) + std::string(word(one.reading.trust)) +
         std::string(word(one.reading.store));
}

All smaller_than(const Composition& from) {
  All all;
  add_shorter_scripts(from, all);
  add_plainer_servers(from, all);
  add_usual_settings(from, all);
  add_plainer_steps(from, all);
  return all;
}

}  // namespace

bool is_valid(const Setup& setup) {
  const Case stated{.summary = "composed",
                    .setup = setup,
                    .expect = {.endings = {words::Ending::delivered}, .reason = "none"}};
  try {
    const xml::Document document = xml::Document::parse("composed", case_xml(stated));
    read_case(document.root(), "composed");
    return true;
  } catch (const Error&) {
    return false;
  }
}

Composition minimised(Composition given, const std::function<bool(const Composition&)>& disagrees) {
  bool smaller = true;
  while (smaller) {
    smaller = false;
    const std::string before = text_of(given);
    for (Composition& one : smaller_than(given)) {
      const bool tried = text_of(one) != before && is_valid(one.setup) && disagrees(one);
      if (!tried) continue;
      given = std::move(one);
      smaller = true;
      break;
    }
  }
  return given;
}

}  // namespace startle::cases
