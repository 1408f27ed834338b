#pragma once
// What `startle bench` measures: a row is one load on one server, and what came of it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/engine/worker.h"
#include "certs/key_kind.h"
#include "harness/base/words.h"
#include "harness/client/settings.h"
#include "harness/load/load.h"
#include "harness/tls/server_profile.h"
#include "harness/words/words.h"

namespace startle::program {

// The groups that a handshake may be told to use, by the names that people know.
enum class BenchGroup { x25519, p256, p384, p521 };
inline constexpr auto kBenchGroups = word_table<BenchGroup>({
    {BenchGroup::x25519, "X25519"},
    {BenchGroup::p256, "P-256"},
    {BenchGroup::p384, "P-384"},
    {BenchGroup::p521, "P-521"},
});
constexpr Words words_of(BenchGroup) {
  return kBenchGroups;
}

// So in GnuTLS's words.
inline constexpr std::array<std::string_view, kBenchGroups.size()> kGroupNames{
    "X25519", "SECP256R1", "SECP384R1", "SECP521R1"};
// Of GnuTLS's word; nothing: of no group here.
std::optional<BenchGroup> group_called(std::string_view name);

enum class Resumption { off, ticket };
inline constexpr auto kResumptions = word_table<Resumption>({
    {Resumption::off, "off"},
    {Resumption::ticket, "ticket"},
});
constexpr Words words_of(Resumption) {
  return kResumptions;
}

// What the client speaks.
struct BenchTls {
  tls::Version version = tls::Version::tls_1_3;
  std::optional<BenchGroup> group{};  // nothing: any, X25519 first
  Resumption resumption = Resumption::off;
};

struct RowPlan {
  std::string name{};
  words::Mode mode = words::Mode::smtp_starttls;
  cases::Transport transport = cases::Transport::tcp;
  BenchTls tls{};
  client::StopAfter stop_after = client::StopAfter::tls;
  std::size_t connections = 1;
  double rate = 0;  // arrivals a second; 0: a closed loop
  unsigned threads = 1;
  double seconds = 10;
  std::optional<std::size_t> handshakes{};  // in place of the seconds

  bool is_open_loop() const { return rate > 0; }
};

struct Row {
  RowPlan plan{};
  std::string server{};                 // "own server", or the URL's host and port
  std::optional<certs::KeyKind> key{};  // of the server's certificate
  load::LoadResult result{};
  double wall_s = 0;
  double client_cpu_us = 0;               // of all; in memory that of both ends
  std::optional<double> server_cpu_us{};  // of a server of our own, in a process of its own
  std::optional<double> bare_us{};        // CPU of the bare handshake of these parameters, one
  bool interrupted = false;
  std::vector<std::string> remarks{};  // sentences

  double done() const { return static_cast<double>(result.done); }
  // Nothing where what failed makes a rate mean nothing: nothing succeeded, more than one in a
  // hundred failed, or the server has throttled its client.
  std::optional<double> rate() const;
  double client_cpu_per_handshake() const { return client_cpu_us / done(); }
  double cpu_per_handshake() const { return (client_cpu_us + server_cpu_us.value_or(0)) / done(); }
};

// "smtp-starttls, TLS 1.3, X25519, stops after tls"
std::string described(const RowPlan& plan);

}  // namespace startle::program
