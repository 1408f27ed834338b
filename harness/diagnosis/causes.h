#pragma once
// The causes that there are, a row each: what speaks for one, and the four parts that it then has.
// Pure functions of the evidence.

#include <optional>
#include <span>
#include <string_view>

#include "harness/diagnosis/claim.h"
#include "harness/diagnosis/evidence.h"

namespace startle::diagnosis {

struct CauseRow {
  std::string_view word{};  // a family of causes: its claims have this word, or begin with it
  // nullopt: nothing speaks for it.
  std::optional<Claim> (*look)(const Evidence&) = nullptr;
  // It says that pieces of the evidence do not belong together: named whatever else is found, and a
  // cause where nothing better is.
  bool is_contradiction = false;
};

// In the order in which they decide where they are equally sure.
std::span<const CauseRow> causes();

// By the part of the evidence that they look at first.
std::optional<Claim> file_refused(const Evidence&);
std::optional<Claim> trust_not_in_force(const Evidence&);
std::optional<Claim> host_not_listed(const Evidence&);
std::optional<Claim> trust_absent(const Evidence&);
std::optional<Claim> mistaken_element(const Evidence&);
std::optional<Claim> doubtful_element(const Evidence&);
std::optional<Claim> in_clear(const Evidence&);

std::optional<Claim> unusable_store(const Evidence&);
std::optional<Claim> wrong_store(const Evidence&);

std::optional<Claim> refused_certificate(const Evidence&);

std::optional<Claim> seen_ending(const Evidence&);
std::optional<Claim> wrong_port(const Evidence&);
std::optional<Claim> logged_ending(const Evidence&);

std::optional<Claim> clock_is_wrong(const Evidence&);
std::optional<Claim> log_of_another_protocol(const Evidence&);
std::optional<Claim> log_of_another_host(const Evidence&);
std::optional<Claim> log_of_tls_in_clear(const Evidence&);
std::optional<Claim> chain_of_another_host(const Evidence&);
std::optional<Claim> chain_of_another_time(const Evidence&);
std::optional<Claim> log_of_another_time(const Evidence&);

}  // namespace startle::diagnosis
