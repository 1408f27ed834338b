// What certificates cost on either side: a recipe to its chain, and the client's judgement on a
// chain under each trust model, read from DER each time as a handshake does. Counters of
// bench/beside.h; the yardstick is the bare handshake (harness/load/bare_handshake.h) of a chain
// with an intermediate, which verifies it.

#include <benchmark/benchmark.h>

#include <span>
#include <string>
#include <vector>

#include "bench/beside.h"
#include "bench/shown.h"
#include "harness/client/certificate_check.h"
#include "harness/client/trust.h"
#include "harness/load/bare_handshake.h"
#include "harness/tls/clock.h"
#include "harness/tls/peer_chain.h"

namespace startle::bench {
namespace {

// The keys and authorities are there already, as they are in a run behind the first chain.
void BM_Chain(benchmark::State& state, const char* recipe) {
  tls::set_run_clock(kClock);
  const auto shown = shown_chain("valid");
  const BareHandshake bare(shown.server, *shown.anchors, kHost);
  const certs::Recipe& made = catalogue().recipe(recipe);
  certs::Mint own_mint(kClock);  // it keeps every chain that it makes
  own_mint.chain(made, kHost);
  std::size_t number = 0;
  set_beside(
      state, [&] { return bare.run(); },
      [&] {
        const std::string host = "h" + std::to_string(++number) + ".example.test";
        return own_mint.chain(made, host)->server != nullptr;
      });
}

void BM_Verification(benchmark::State& state, words::TrustModel model) {
  tls::set_run_clock(kClock);
  const auto shown = shown_chain("valid");
  const BareHandshake bare(shown.server, *shown.anchors, kHost);
  const client::Settings settings{
      .host = kHost, .trust = kHost, .trust_model = model, .store = shown.anchors};
  std::string why;
  const auto trust = client::read_trust(settings, why);
  if (!trust) return state.SkipWithError(why.c_str());
  std::vector<std::string> sent = shown.sent_der;  // GnuTLS wants it mutable but only reads it
  std::vector<gnutls_datum_t> der;
  for (std::string& one : sent) {
    der.push_back({.data = reinterpret_cast<unsigned char*>(one.data()),
                   .size = static_cast<unsigned>(one.size())});
  }
  set_beside(
      state, [&] { return bare.run(); },
      [&] { return !client::check_certificate(tls::PeerChain(der), *trust, settings); });
}

void add_all() {
  for (const char* recipe : {"valid", "self-signed", "revoked-by-crl"}) {
    benchmark::RegisterBenchmark((std::string("BM_Chain/") + recipe).c_str(),
                                 [=](benchmark::State& state) { BM_Chain(state, recipe); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  }
  for (const words::TrustModel model : words::kEveryTrustModel) {
    benchmark::RegisterBenchmark(("BM_Verification/" + std::string(word(model))).c_str(),
                                 [=](benchmark::State& state) { BM_Verification(state, model); })
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
