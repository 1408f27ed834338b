#include "cases/program/commands.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>

#include "certs/key_cache.h"
#include "harness/base/date.h"
#include "harness/customer/schedule/host_form.h"

namespace startle::program {

void check_host_name(const std::string& name, const std::string& option) {
  const customer::HostForm form = customer::host_form(name);
  const std::string quoted = name.empty() ? option : option + " `" + name + "`";
  if (!form.complaint.empty()) throw Error(Fault::usage, quoted + " " + form.complaint);
  if (!form.warning.empty())
    std::cerr << "startle: warning: " << quoted << " " << form.warning << '\n';
}

std::chrono::sys_seconds clock_at(const std::string& option, const std::string& text) {
  using namespace std::chrono;
  std::optional<sys_seconds> time = read_time(text);
  if (const auto day = read_day(text)) time = *day + hours(12);
  // Chains reach some years around the clock, and X.509 has four digits for the year.
  const sys_days first = sys_days(year(1990) / 1 / 1);
  const sys_days end = sys_days(year(9901) / 1 / 1);
  if (time && *time >= first && *time < end) return *time;
  throw Error(Fault::usage,
              option + " " + text +
                  " is no date from 1990 to 9900: write 2026-11-21 or 2026-11-21T12:00:00Z");
}

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string no_word(const std::string& option, const std::string& given, Words words,
                    const std::string& more) {
  const auto begun = std::ranges::find_if(
      words, [&](std::string_view word) { return !given.empty() && word.starts_with(given); });
  std::string_view near = begun != words.end() ? *begun : nearest(given, words);
  // Who means another word, as imaps, has most often begun it differently.
  if (!near.empty() && near.front() != given.front()) near = {};
  return option + " " + given + " is not one of: " + comma_separated(words) + more +
         (near.empty() ? "" : " (did you mean " + std::string(near) + "?)");
}

std::string near_id(const std::string& given, const std::vector<std::string>& ids) {
  std::set<std::string_view> known;
  for (const std::string_view id : ids) {
    known.insert(id);
    for (std::size_t at = id.find('/'); at != std::string_view::npos; at = id.find('/', at + 1)) {
      known.insert(id.substr(0, at));
    }
  }
  std::string bare = given;
  while (bare.ends_with('/')) bare.pop_back();
  const std::string_view near = nearest(bare, std::vector(known.begin(), known.end()));
  return near.empty() ? "" : ": did you mean `" + std::string(near) + "`?";
}

bool is_file(const std::string& what) {
  std::error_code ignored;
  return what.ends_with(".xml") || std::filesystem::is_regular_file(what, ignored);
}

void add_no_cache(CommandLine& command, bool& no_cache) {
  command.flag("--no-cache", no_cache,
               "Make new private keys, rather than keep them in the user's cache folder");
}

namespace {

// Once, however many mints have the same to say.
void warn_once(const std::string& sentence) {
  static std::mutex mutex;
  static std::set<std::string> told;
  const std::lock_guard lock(mutex);
  if (told.insert(sentence).second) std::cerr << "startle: warning: " + sentence + "\n";
}

}  // namespace

certs::MintOptions mint_options(bool no_cache) {
  return {.key_cache = no_cache ? "" : certs::users_key_cache(), .tell = warn_once};
}

}  // namespace startle::program
