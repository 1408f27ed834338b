#pragma once
// The subcommands of `startle`: each adds itself to the command line and says what it returns.

#include <chrono>
#include <string>
#include <vector>

#include "cases/program/command_line.h"
#include "certs/mint.h"
#include "harness/base/error.h"
#include "harness/base/words.h"

namespace startle::program {

// DESIGN of the exit codes, which scripts depend on.
inline constexpr int kAllAsExpected = 0;
inline constexpr int kFindings = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotJudged = 3;

// Each adds its command.
void add_run(CommandLine& startle);
void add_list(CommandLine& startle);
void add_serve(CommandLine& startle);
void add_certs(CommandLine& startle);
void add_compare(CommandLine& startle);
void add_merge(CommandLine& startle);
void add_client(CommandLine& startle);
void add_fuzz(CommandLine& startle);
void add_bench(CommandLine& startle);
void add_explain(CommandLine& startle);
void add_diagnose(CommandLine& startle);

// Throws Error(Fault::usage) unless `name` is a host name (A-labels) or an IP address; `option` is
// what the user calls it.
void check_host_name(const std::string& name, const std::string& option = "--name");

// "2026-11-21" (noon) or "2026-11-21T12:00:00Z". Throws Error(Fault::usage).
std::chrono::sys_seconds clock_at(const std::string& option, const std::string& text);
std::chrono::sys_seconds now();

// A file of the user's own, among ids and globs.
bool is_file(const std::string& what);

// --no-cache, and what it means to a mint: without it, private keys that cost much are kept in the
// user's cache folder, and stderr is told what is wrong with those.
void add_no_cache(CommandLine& command, bool& no_cache);
certs::MintOptions mint_options(bool no_cache);

// "--mode smtp is not one of: smtp-starttls, .. (did you mean smtp-starttls?)"; `more` stands
// behind the words: ", all".
std::string no_word(const std::string& option, const std::string& given, Words words,
                    const std::string& more = "");

// ": did you mean `smtp/auth`?" of an id of these, or a folder of them, that is near to `given`;
// nothing where none is.
std::string near_id(const std::string& given, const std::vector<std::string>& ids);

// The option's value as a word of E, or Error(Fault::usage) with the words there are.
template <class E>
E option_word(const std::string& option, const std::string& given) {
  if (const auto value = from_word<E>(given)) return *value;
  throw Error(Fault::usage, no_word(option, given, words_of(E{})));
}

}  // namespace startle::program
