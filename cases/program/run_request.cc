#include "cases/program/run_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/base/shell_word.h"

namespace startle::program {
namespace {

// How a value is written for a shell. Ids and the customer's file always stand in quotes.
enum class Written { word, path, quoted_path };

// An option, with the values of one request; a flag that is set has one, empty, which is not said.
struct Row {
  std::string_view option{};  // empty: the words that belong to no option
  std::vector<std::string> (*values)(const RunRequest&) = nullptr;
  Written written = Written::word;
  bool is_flag = false;
};

using Values = std::vector<std::string>;

Values of(const std::string& value) {
  return {value};
}
Values of(bool flag) {
  return flag ? Values{""} : Values{};
}
Values of(const std::optional<std::string>& value) {
  return value ? Values{*value} : Values{};
}
template <class Number>
requires std::is_unsigned_v<Number> Values of(Number value) {
  return {std::to_string(value)};
}
// With six decimals, or as many as it has.
Values of(double value) {
  std::string text = std::to_string(value);
  if (std::stod(text) == value) return {text};
  std::array<char, 400> exact{};
  const auto end =
      std::to_chars(exact.data(), exact.data() + exact.size(), value, std::chars_format::fixed);
  return {std::string(exact.data(), end.ptr)};
}

// In the order in which a command says them.
constexpr Row kRows[] = {
    {"", [](const RunRequest& r) { return r.what; }, Written::quoted_path},
    {"--suite", [](const RunRequest& r) { return of(r.suite); }},
    {"--mode", [](const RunRequest& r) { return of(r.mode); }},
    {"--trust-model", [](const RunRequest& r) { return of(r.trust_model); }},
    {"--store-model", [](const RunRequest& r) { return of(r.store_model); }},
    {"--tls-policy", [](const RunRequest& r) { return of(r.tls_policy); }},
    {"--client", [](const RunRequest& r) { return of(r.client); }},
    {"--seed", [](const RunRequest& r) { return of(r.seed); }},
    {"--transport", [](const RunRequest& r) { return of(r.transport); }},
    {"--at", [](const RunRequest& r) { return of(r.at); }},
    {"--name", [](const RunRequest& r) { return of(r.name); }},
    {"--deadline", [](const RunRequest& r) { return of(r.deadline); }},
    {"--config", [](const RunRequest& r) { return of(r.config); }, Written::quoted_path},
    {"--host", [](const RunRequest& r) { return r.home.hosts; }},
    {"--home", [](const RunRequest& r) { return of(r.home.home); }, Written::path},
    {"--store-password-file", [](const RunRequest& r) { return of(r.home.password_file); },
     Written::path},
    {"--shown", [](const RunRequest& r) { return r.home.shown; }},
    {"--cacerts", [](const RunRequest& r) { return of(r.home.cacerts); }, Written::path},
    {"--cacerts-password-file",
     [](const RunRequest& r) { return of(r.home.cacerts_password_file); }, Written::path},
    {"--sample", [](const RunRequest& r) { return r.sample ? of(*r.sample) : Values{}; }},
    {"--shard", [](const RunRequest& r) { return of(r.shard); }},
    {"--jobs", [](const RunRequest& r) { return of(r.jobs); }},
    {"--report", [](const RunRequest& r) { return r.reports; }},
    {"--resume", [](const RunRequest& r) { return of(r.resume); }, Written::path},
    {"--expected-failures", [](const RunRequest& r) { return of(r.expected_failures); },
     Written::path},
    {"--write-expected", [](const RunRequest& r) { return of(r.write_expected); }, Written::path},
    {"--pcap", [](const RunRequest& r) { return of(r.wire.pcap); }, Written::path},
    {"--keylog", [](const RunRequest& r) { return of(r.wire.key_log); }, Written::path},
    {"--fail-on", [](const RunRequest& r) { return of(r.fail_on); }},
    {"--dialogue", [](const RunRequest& r) { return of(r.dialogue); }, Written::word, true},
    {"--verbose", [](const RunRequest& r) { return of(r.verbose); }, Written::word, true},
    {"--no-cache", [](const RunRequest& r) { return of(r.no_cache); }, Written::word, true},
};

// Which options say what is run, in the order of a report's `selection`.
constexpr std::array<std::string_view, 10> kSelecting{
    "--suite", "--config", "--host",  "--mode",    "--tls-policy",
    "--name",  "--home",   "--shown", "--cacerts", "--sample"};

bool holds(RunRequest::Names names, std::string_view option) {
  return std::find(names.begin(), names.end(), option) != names.end();
}

// The values of a row that are to be said: all, or none.
Values said(const RunRequest& request, const Row& row, RunRequest::Names stated = {}) {
  Values values = row.values(request);
  if (values == row.values(RunRequest{}) && !holds(stated, row.option)) return {};
  return values;
}

std::string written(const Row& row, const std::string& value) {
  switch (row.written) {
    case Written::word:
      break;
    case Written::path:
      return shell_path(value);
    case Written::quoted_path:
      return shell_path(value, Quotes::always);
  }
  return shell_word(value);
}

void add_words(std::vector<std::string>& words, const Row& row, const Values& values) {
  for (const std::string& value : values) {
    if (!row.option.empty()) words.emplace_back(row.option);
    if (!row.is_flag) words.push_back(value);
  }
}

}  // namespace

std::vector<std::string> RunRequest::words(Names stated) const {
  std::vector<std::string> words{"run"};
  for (const Row& row : kRows) add_words(words, row, said(*this, row, stated));
  return words;
}

std::string RunRequest::command(Names stated) const {
  std::string command = "startle run";
  for (const Row& row : kRows) {
    for (const std::string& value : said(*this, row, stated)) {
      if (!row.option.empty()) command += " " + std::string(row.option);
      if (!row.is_flag) command += " " + written(row, value);
    }
  }
  return command;
}

std::vector<std::string> RunRequest::selection() const {
  std::vector<std::string> words = what;
  for (const std::string_view option : kSelecting) {
    if (option == "--suite" && !what.empty()) continue;
    const auto row = std::find_if(std::begin(kRows), std::end(kRows),
                                  [&](const Row& each) { return each.option == option; });
    add_words(words, *row, said(*this, *row));
  }
  return words;
}

std::string reproducing_command(const RunRequest& request, const Reproduced& exchange) {
  const RunRequest otherwise;
  RunRequest one = request;
  one.what = exchange.what;
  one.trust_model = exchange.trust_model;
  one.store_model = exchange.store_model.value_or(otherwise.store_model);
  // Which exchanges are run and what is told of them: it is one, whatever else was run with it.
  one.suite = otherwise.suite;
  if (request.home.hosts.empty()) one.mode = otherwise.mode;  // or it says what is spoken
  one.sample = otherwise.sample;
  one.shard = otherwise.shard;
  one.jobs = otherwise.jobs;
  one.reports = otherwise.reports;
  one.resume = otherwise.resume;
  one.expected_failures = otherwise.expected_failures;
  one.write_expected = otherwise.write_expected;
  one.wire = otherwise.wire;
  one.fail_on = otherwise.fail_on;
  one.dialogue = otherwise.dialogue;
  one.verbose = otherwise.verbose;
  one.no_cache = otherwise.no_cache;
  std::vector<std::string_view> stated{"--trust-model", "--client", "--seed"};
  if (exchange.store_model) stated.push_back("--store-model");
  return one.command(stated);
}

}  // namespace startle::program
