#pragma once
// Runs and merges `startle` in a folder of the test's own; a report is called as its kind: x.json,
// x.jsonl.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {

class MergeTest : public testing::Test {
 protected:
  using Arguments = std::vector<std::string>;
  using Json = nlohmann::ordered_json;
  static constexpr std::size_t kLimit = 32 << 20;

  std::string path(const std::string& name) const { return folder_.path() / name; }
  std::string text_of(const std::string& name) const { return read_file(path(name), kLimit); }
  Json json_of(const std::string& name) const { return Json::parse(text_of(name)); }
  // "json=FOLDER/x.json"
  std::string report(const std::string& name) const {
    return name.substr(name.find('.') + 1) + "=" + path(name);
  }

  // All but what differs from one run to the next: a line, or in JSON Lines several.
  std::string comparable(const std::string& name) const {
    std::string all;
    const auto add = [&](Json json) {
      for (const char* member : {"wall_s", "shard", "ms"}) json.erase(member);
      if (json.contains("cases")) {
        for (Json& c : json["cases"]) c.erase("ms");
      }
      all += json.dump() + "\n";
    };
    if (name.ends_with(".json")) {
      add(json_of(name));
    } else {
      std::istringstream lines(text_of(name));
      for (std::string line; std::getline(lines, line);) add(Json::parse(line));
    }
    return all;
  }

  // Runs with `arguments` at a stated clock, its report in `name`.
  ProgramRun run(const std::string& name, Arguments arguments) const {
    arguments.insert(arguments.begin(), "run");
    for (const char* more : {"--at", "2030-01-02", "--report"}) arguments.emplace_back(more);
    arguments.push_back(report(name));
    return run_startle(arguments);
  }
  ProgramRun merge(const Arguments& names, const Arguments& more = {}) const {
    Arguments arguments{"merge"};
    for (const std::string& name : names) arguments.push_back(path(name));
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_startle(arguments);
  }
  // What is complained of, without the folder.
  std::string complaint(const Arguments& names, int status) const {
    const ProgramRun merged = merge(names);
    EXPECT_EQ(merged.status, status);
    EXPECT_EQ(merged.out, "");
    std::string text = merged.err;
    const std::string folder = folder_.path().string() + "/";
    for (std::size_t at = 0; (at = text.find(folder, at)) != text.npos;) {
      text.erase(at, folder.size());
    }
    return text;
  }
  void change(const std::string& from, const std::string& to, void (*edit)(Json&)) const {
    Json report = json_of(from);
    edit(report);
    write_file(path(to), report.dump());
  }
  // The lines of `from` from the first to before the last, counted from 0, as `to`.
  void take_lines(const std::string& from, const std::string& to, std::size_t first,
                  std::size_t last) const {
    std::istringstream lines(text_of(from));
    std::string taken;
    std::string line;
    for (std::size_t n = 0; n < last && std::getline(lines, line); ++n) {
      if (n >= first) taken += line + "\n";
    }
    write_file(path(to), taken);
  }

  TemporaryFolder folder_{};
};

}  // namespace startle::cases
