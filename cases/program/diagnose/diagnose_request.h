#pragma once
// What `startle diagnose` was asked for.

#include <optional>
#include <string>
#include <vector>

#include "cases/program/customer_stores.h"
#include "cases/program/wire_request.h"

namespace startle::program {

struct DiagnoseRequest {
  std::vector<std::string> what{};  // configurations and URLs
  HomeOptions home{};               // hosts and shown stay empty
  std::string log{};
  std::string chain{};
  bool offline = false;
  std::string stop_after = "tls";
  std::optional<std::string> trust{};  // in place of each server's own
  std::string trust_model{};           // empty: documented; of a URL without --trust Java's
  std::string store_model{};           // so: documented, jsse
  std::string report = "text";
  std::string at{};
  double deadline = 10;  // seconds, for each step
  WireRequest wire{};
  bool show_secrets = false;  // in the files of `wire`

  // The command line again, without --chain and what only concerns the report: more evidence is
  // added behind it.
  std::string command() const;
};

}  // namespace startle::program
