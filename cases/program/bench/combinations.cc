#include "cases/program/bench/combinations.h"

#include <string>

namespace startle::program {
namespace {

std::vector<certs::KeyKind> keys_of(const BenchRequest& request) {
  if (!request.keys.empty()) return request.keys;
  using enum certs::KeyKind;
  return {rsa_2048, rsa_3072, rsa_4096, ecdsa_p256, ecdsa_p384, ed25519};
}

std::vector<words::Mode> modes_of(const BenchRequest& request) {
  if (request.mode) return {*request.mode};
  std::vector<words::Mode> all;
  for (const words::ModeRow& row : words::kModeRows) {
    if (row.tls != words::Tls::none) all.push_back(row.value);
  }
  return all;
}

std::vector<BenchTls> tls_of(const BenchRequest& request) {
  std::vector<BenchTls> all;
  for (const tls::Version version : {tls::Version::tls_1_3, tls::Version::tls_1_2}) {
    if (request.version && *request.version != version) continue;
    for (const BenchGroup group : {BenchGroup::x25519, BenchGroup::p256}) {
      if (request.tls.group && *request.tls.group != group) continue;
      for (const Resumption resumption : {Resumption::off, Resumption::ticket}) {
        all.push_back({.version = version, .group = group, .resumption = resumption});
      }
    }
  }
  return all;
}

std::string name_of(certs::KeyKind key, const BenchTls& tls, words::Mode mode) {
  return std::string(word(key)) + ", " + std::string(word(tls.version)) + ", " +
         std::string(word(*tls.group)) + ", " + std::string(word(tls.resumption)) + ", " +
         std::string(word(mode));
}

}  // namespace

std::vector<Combination> combinations(const BenchRequest& request, const BenchOptions& options) {
  constexpr double kUsualSeconds = 0.5;
  RowPlan plan = request.plans(options).back();
  plan.transport = request.transport.value_or(cases::Transport::memory);
  plan.connections = options.connections.value_or(1);
  plan.rate = 0;
  if (options.duration <= 0) plan.seconds = kUsualSeconds;
  std::vector<Combination> all;
  for (const certs::KeyKind key : keys_of(request)) {
    for (const BenchTls& tls : tls_of(request)) {
      for (const words::Mode mode : modes_of(request)) {
        plan.tls = tls;
        plan.mode = mode;
        plan.name = name_of(key, tls, mode);
        all.push_back({key, plan});
      }
    }
  }
  return all;
}

}  // namespace startle::program
