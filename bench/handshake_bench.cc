// What GnuTLS alone costs, the floor beneath all else: the bare handshake of each kind of key with
// an intermediate, both ends in memory (harness/load/bare_handshake.h) and over plain blocking
// sockets (harness/load/bare_tcp_handshake.h). Counters of bench/beside.h; the yardstick is
//   memory  the same with P-256
//   tcp     the same in memory

#include <benchmark/benchmark.h>

#include "bench/beside.h"
#include "bench/shown.h"
#include "harness/load/bare_handshake.h"
#include "harness/load/bare_tcp_handshake.h"
#include "harness/tls/clock.h"

namespace startle::bench {
namespace {

using certs::KeyKind;

void BM_BareInMemory(benchmark::State& state, KeyKind key) {
  tls::set_run_clock(kClock);
  const auto chain = chain_of(key);
  const auto usual = chain_of(KeyKind::ecdsa_p256);
  const BareHandshake bare(chain->server, *chain->anchors, kHost);
  const BareHandshake yardstick(usual->server, *usual->anchors, kHost);
  set_beside(
      state, [&] { return yardstick.run(); }, [&] { return bare.run(); });
}

void BM_BareOverTcp(benchmark::State& state, KeyKind key) {
  tls::set_run_clock(kClock);
  const auto chain = chain_of(key);
  BareTcpHandshake bare(chain->server, *chain->anchors, kHost);
  const BareHandshake yardstick(chain->server, *chain->anchors, kHost);
  set_beside(
      state, [&] { return yardstick.run(); }, [&] { return bare.run(); }, {},
      {.cpu_time = [&] { return bare.server_cpu_time(); }, .is_of_work = true});
}

void add_all() {
  using enum KeyKind;
  for (const KeyKind key : {ecdsa_p256, ecdsa_p384, ed25519, rsa_2048, rsa_3072, rsa_4096}) {
    const std::string name(word(key));
    benchmark::RegisterBenchmark(("BM_BareHandshake/memory/" + name).c_str(),
                                 [key](benchmark::State& state) { BM_BareInMemory(state, key); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark(("BM_BareHandshake/tcp/" + name).c_str(),
                                 [key](benchmark::State& state) { BM_BareOverTcp(state, key); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  }
}

}  // namespace
}  // namespace startle::bench

int main(int argc, char** argv) {
  startle::tls::use_run_clock();
  startle::bench::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
