#include "cases/program/bench/bench_request.h"

#include <array>
#include <sstream>

#include "cases/program/commands.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

void refuse_together(const std::string& a, const std::string& b, const std::string& why) {
  throw Error(Fault::usage, a + " and " + b + " do not go together: " + why);
}

// Which of these were given, and cannot be told a server that is somebody else's, or a client.
void refuse_what_a_url_decides(const BenchOptions& options) {
  const std::array<std::pair<const char*, bool>, 4> given{
      {{"--key", !options.key.empty()},
       {"--mode", !options.mode.empty()},
       {"--matrix", options.matrix},
       {"--transport", options.transport == "memory"}}};
  for (const auto& [option, is_given] : given) {
    if (is_given) {
      refuse_together(option, options.url,
                      "the key, the protocol and the way there are the server's");
    }
  }
}

std::vector<certs::KeyKind> keys_of(const std::string& list) {
  std::vector<certs::KeyKind> keys;
  std::istringstream words(list);
  for (std::string one; std::getline(words, one, ',');) {
    keys.push_back(option_word<certs::KeyKind>("--key", one));
    if (keys.back() == certs::KeyKind::brainpool_p256 || keys.back() == certs::KeyKind::dsa_2048) {
      throw Error(Fault::usage, "--key " + one + ": GnuTLS makes no handshake with such a key");
    }
  }
  return keys;
}

tls::Version version_of(const std::string& given) {
  const auto version = option_word<tls::Version>("--tls", given);
  if (version == tls::Version::tls_1_2 || version == tls::Version::tls_1_3) return version;
  throw Error(Fault::usage, "--tls " + given + ": a client of today speaks 1.2 or 1.3 (RFC 8996)");
}

}  // namespace

BenchRequest checked(const BenchOptions& options) {
  BenchRequest request;
  if (!options.url.empty()) {
    request.url = parse_given_url(options.url);
    refuse_what_a_url_decides(options);
    if (!is_here(request.url->host) && !options.allow_remote) {
      throw Error(Fault::usage, request.url->host +
                                    " is no loopback address: to load a server on another machine, "
                                    "which has to be your own, say --allow-remote");
    }
  }
  if (!options.mode.empty()) request.mode = option_word<words::Mode>("--mode", options.mode);
  if (request.mode && !words::demands_tls(*request.mode)) {
    throw Error(Fault::usage, "--mode " + options.mode + " has no handshake to measure");
  }
  if (!options.transport.empty()) {
    request.transport = option_word<cases::Transport>("--transport", options.transport);
  }
  const bool in_memory = request.transport == cases::Transport::memory;
  if (in_memory && options.rate > 0) {
    refuse_together("--rate", "--transport memory", "there time is virtual, and nothing takes any");
  }
  if (in_memory && !options.client.empty()) {
    refuse_together("--client", "--transport memory", "a program has sockets of its own");
  }
  if (!options.key.empty()) request.keys = keys_of(options.key);
  if (!options.tls.empty()) request.tls.version = version_of(options.tls);
  if (!options.tls.empty()) request.version = request.tls.version;
  if (!options.group.empty()) {
    request.tls.group = option_word<BenchGroup>("--group", options.group);
  }
  request.tls.resumption = option_word<Resumption>("--resume", options.resume);
  if (!options.stop_after.empty()) {
    request.stop_after = option_word<client::StopAfter>("--stop-after", options.stop_after);
  }
  const bool names_somebody = request.stop_after != client::StopAfter::tls;
  if (request.url && names_somebody && options.username.empty()) {
    throw Error(Fault::usage, "--stop-after " + options.stop_after +
                                  " needs a user that the server knows: --username NAME "
                                  "--password-file FILE");
  }
  if (!options.client.empty() && request.url) {
    refuse_together("--client", options.url, "other people's clients meet the fake server");
  }
  for (const std::string& limit : options.fail_if) {
    request.limits.push_back(parse_bench_limit(limit));
  }
  return request;
}

std::vector<RowPlan> BenchRequest::plans(const BenchOptions& options) const {
  RowPlan plan{.transport = transport.value_or(cases::Transport::tcp),
               .tls = tls,
               .stop_after = stop_after,
               .threads = options.threads,
               .handshakes = options.handshakes};
  const bool is_told = options.connections || options.rate > 0 || options.duration > 0 ||
                       options.handshakes || plan.transport == cases::Transport::memory;
  constexpr std::size_t kUsualConnections = 16;
  constexpr std::size_t kMostOfOpenLoop = 10'000;
  if (is_told) {
    plan.name = options.rate > 0 ? "load" : "capacity";
    plan.rate = options.rate;
    plan.connections =
        options.connections.value_or(options.rate > 0 ? kMostOfOpenLoop : kUsualConnections);
    if (options.duration > 0) plan.seconds = options.duration;
    return {plan};
  }
  std::vector<RowPlan> rows(3, plan);
  rows[0].name = "latency";
  rows[0].seconds = 5;
  rows[1].name = "capacity";
  rows[1].connections = kUsualConnections;
  rows[2].name = "load";
  rows[2].connections = kMostOfOpenLoop;
  rows[2].rate = -1;  // of what the capacity is
  return rows;
}

}  // namespace startle::program
