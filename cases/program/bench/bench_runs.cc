#include "cases/program/bench/bench_runs.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "cases/engine/catalogue.h"
#include "cases/engine/trust_pem.h"
#include "cases/program/bench/combinations.h"
#include "cases/program/bench/first_look.h"
#include "cases/program/bench/latency.h"
#include "cases/program/bench/live_line.h"
#include "cases/program/bench/measure.h"
#include "cases/program/bench/outputs.h"
#include "cases/program/bench/remarks.h"
#include "cases/program/commands.h"
#include "cases/program/interruption.h"
#include "cases/program/machine_anchors.h"
#include "cases/program/password_file.h"
#include "certs/key_pool.h"
#include "harness/base/error.h"
#include "harness/load/bare_handshake.h"
#include "harness/load/cpu_time.h"
#include "harness/net/connect.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

constexpr double kShareOfCapacity = 0.7;

// `*` verifies nothing; a name is verified as RFC 9525 has it.
void trust(client::Settings& settings, const std::string& value) {
  settings.trust = value;
  settings.trust_model = value == "*" ? words::TrustModel::documented : words::TrustModel::pkix;
}

class Bench {
 public:
  Bench(const BenchOptions& options, BenchRequest request)
      : options_(options),
        request_(std::move(request)),
        mint_(now(), mint_options(options.no_cache)) {
    tls::set_run_clock(mint_.clock());
  }

  int run() {
    const std::vector<BenchOutput> outputs = open_bench_outputs(options_.reports);
    const Interruption interruption;
    for (const RowPlan& plan : request_.plans(options_)) make_room(plan.connections);
    if (request_.url) {
      load_url();
    } else if (options_.matrix) {
      load_matrix();
    } else if (!options_.client.empty()) {
      load_with_client();
    } else {
      load_own();
    }
    if (options_.self_check) self_check();
    live_.clear();
    report_.complete = Interruption::signal() == 0;
    report_.exceeded = exceeded(request_.limits, report_.rows);
    write_bench(outputs, report_);
    if (!report_.complete) return kBySignal + Interruption::signal();
    return exit_code();
  }

 private:
  static bool is_over() { return Interruption::signal() != 0; }

  // Of an open loop nobody has stated how many there may be at once: what is not to be had is told.
  void make_room(std::size_t connections) {
    const std::string sentence = make_room_for(connections);
    if (sentence.empty()) return;
    if (options_.connections) throw Error(Fault::system, sentence);
    report_.remarks.push_back(sentence);
  }

  int exit_code() const {
    const bool failed = std::ranges::any_of(report_.rows, [](const Row& row) {
      return row.result.failed() > 0 || row.result.done == 0;
    });
    if (failed || !report_.exceeded.empty()) return kFindings;
    return report_.rows.empty() ? kNotJudged : kAllAsExpected;
  }

  Row& measure_row(const RowPlan& plan, const BenchPlace& place) {
    Row row = measure(plan, place, [this](const RowPlan& of, const BenchMoment& moment) {
      live_.show(of, moment);
    });
    live_.clear();
    remark_on(row);
    report_.rows.push_back(std::move(row));
    return report_.rows.back();
  }

  // The rows of the plan, one after the other. False: there is no sense in going on.
  bool measure_plans(std::vector<RowPlan> plans, const BenchPlace& place) {
    std::optional<double> capacity;
    for (RowPlan& plan : plans) {
      if (is_over()) return false;
      if (plan.rate < 0) {
        if (!capacity) return false;
        plan.rate = kShareOfCapacity * *capacity;
      }
      const Row& row = measure_row(plan, place);
      if (row.result.done == 0) return false;
      if (!plan.is_open_loop()) capacity = row.rate();
    }
    return true;
  }

  certs::KeyKind key() const {
    return request_.keys.empty() ? certs::KeyKind::ecdsa_p256 : request_.keys.front();
  }
  bool resumes() const { return request_.tls.resumption == Resumption::ticket; }

  // ---- our own server ---------------------------------------------------------------------------

  void load_own() {
    const words::Mode mode = request_.mode.value_or(words::Mode::smtp_starttls);
    const std::vector<certs::KeyKind> keys =
        request_.keys.empty() ? std::vector{key()} : request_.keys;
    for (const certs::KeyKind kind : keys) {
      if (!is_over()) load_own_of(mode, kind, request_.plans(options_));
    }
    const std::string told = keys.size() == 1 ? told_default(report_.rows) : "";
    if (!told.empty()) report_.remarks.push_back(told);
  }

  // Where a certificate is to be verified each time, it has an issuer that the client holds.
  void load_own_of(words::Mode mode, certs::KeyKind kind, std::vector<RowPlan> plans) {
    for (RowPlan& plan : plans) plan.mode = mode;
    const bool verifies = options_.trust.value_or("*") != "*";
    const BenchEnds ends = bench_ends(mint_, mode, kind, resumes(),
                                      verifies ? BenchChain::issued : BenchChain::self_signed);
    BenchPlace place = place_of(ends, kind);
    if (verifies) trust(place.client, ends.client.host);
    if (plans.front().transport == cases::Transport::memory) {
      place.in_memory = &ends.server;
      measure_plans(std::move(plans), place);
      return;
    }
    const OwnServer server(ends, options_.threads);
    place.meets(server);
    measure_plans(std::move(plans), place);
  }

  // Unverified.
  BenchPlace place_of(const BenchEnds& ends, certs::KeyKind kind) const {
    BenchPlace place{.server = "own server", .key = kind, .client = ends.client};
    trust(place.client, "*");
    place.deadline = deadline();
    return place;
  }

  std::chrono::milliseconds deadline() const {
    return std::chrono::milliseconds(static_cast<int>(options_.deadline * 1000));
  }

  // ---- somebody else's --------------------------------------------------------------------------

  client::Settings settings_for(const GivenUrl& url) const {
    client::Settings made{
        .mode = url.mode, .host = url.host, .port = url.port, .stop_after = request_.stop_after};
    trust(made, options_.trust.value_or(url.host));
    made.store = std::make_shared<const tls::TrustStore>(machine_anchors()->der);
    made.timeouts = client::Timeouts::all(deadline());
    if (!options_.username.empty()) made.username = options_.username;
    if (!options_.password_file.empty()) {
      made.password = read_password_file(options_.password_file).password;
    }
    if (!options_.sender.empty()) made.sender = options_.sender;
    if (!options_.recipient.empty()) made.recipient = options_.recipient;
    return made;
  }

  void load_url() {
    const GivenUrl& url = *request_.url;
    client::Settings settings = settings_for(url);
    const FirstLook look = look_at(settings);
    const client::Outcome& seen = look.seen;
    if (!words::is_success(seen.ending)) return fail_at_once(url, seen);
    if (!options_.trust) trust(settings, "*");  // verified once: what is measured is the server
    BenchPlace place{.server = net::host_and_port(url.host, url.port), .client = settings};
    if (!seen.shown_chain.empty()) place.key = certs::key_kind_of(seen.shown_chain.front());
    place.at = look.at;
    place.deadline = deadline();
    if (!request_.version && seen.tls_version == "TLS1.2") {
      request_.tls.version = tls::Version::tls_1_2;
    }
    std::vector<RowPlan> plans = request_.plans(options_);
    for (RowPlan& plan : plans) plan.mode = url.mode;
    if (!measure_plans(plans, place)) return;
    if (!request_.tls.group) request_.tls.group = group_called(seen.tls_group);
    compare_with_own(url.mode, place.key);
  }

  // What the same load is to a server that does nothing else, with the version and the group that
  // the other one showed.
  void compare_with_own(words::Mode mode, std::optional<certs::KeyKind> kind) {
    const std::vector<RowPlan> plans = request_.plans(options_);
    const auto closed =
        std::ranges::find_if(plans, [](const RowPlan& plan) { return plan.name != "latency"; });
    RowPlan plan = *closed;
    std::vector<certs::KeyKind> keys;
    if (kind) keys.push_back(*kind);
    if (kind != certs::KeyKind::ecdsa_p256) keys.push_back(certs::KeyKind::ecdsa_p256);
    for (const certs::KeyKind one : keys) {
      if (is_over()) return;
      load_own_of(mode, one, {plan});
    }
    report_.remarks.emplace_back(
        "the rows of `own server` are the same load on startle's fake server with the key kind of "
        "that server, and with P-256: what they are faster by is dialogue, network and whatever "
        "else that server does");
  }

  void fail_at_once(const GivenUrl& url, const client::Outcome& seen) {
    RowPlan plan = request_.plans(options_).front();
    plan.mode = url.mode;
    plan.name = "connect";
    Row row{.plan = plan, .server = net::host_and_port(url.host, url.port)};
    row.result.failures[seen.ending] = 1;
    row.result.said[seen.ending] = seen.sentence;
    const bool is_about_trust = words::is_certificate_ending(seen.ending);
    if (is_about_trust) {
      row.remarks.emplace_back(
          "nothing was measured: to load a server whose certificate this machine does not trust, "
          "say --trust '*', or name its authority's file in SSL_CERT_FILE");
    }
    report_.rows.push_back(std::move(row));
  }

  // ---- other people's clients -------------------------------------------------------------------

  void load_with_client() {
    RowPlan plan = request_.plans(options_).back();
    plan.rate = options_.rate;
    plan.stop_after = client::StopAfter::message;
    plan.connections = options_.connections.value_or(2);
    if (options_.duration <= 0) plan.seconds = 5;
    std::vector<words::Mode> modes =
        subject::make_subject(options_.client, cases::Catalogue::clients_folder())
            ->abilities()
            .modes;
    if (request_.mode) modes = {*request_.mode};
    for (const words::Mode mode : modes) {
      plan.mode = mode;
      if (!is_over() && words::demands_tls(mode)) load_with_client(plan);
    }
    report_.remarks.emplace_back(
        "each handshake is a task of the client: a mail that was taken, or a bind; client CPU is "
        "that of its processes");
  }

  void load_with_client(RowPlan plan) {
    auto subject = subject::make_subject(options_.client, cases::Catalogue::clients_folder());
    const BenchEnds ends = bench_ends(mint_, plan.mode, key(), false, BenchChain::issued);
    BenchPlace place = place_of(ends, key());
    trust(place.client, ends.client.host);
    plan.name = subject->name() + " " + std::string(word(plan.mode));
    if (const std::string why = subject->cannot(place.client); !why.empty()) {
      report_.remarks.push_back(plan.name + ": not measured: " + why);
      return;
    }
    const OwnServer server(ends, 1);
    place.meets(server);
    place.client.port = server.endpoint().port;
    place.subject = subject.get();
    place.trust = cases::trust_pem(subject->abilities(), *ends.chain, nullptr);
    const double before = ended_children_cpu_us();
    Row& row = measure_row(plan, place);
    subject.reset();  // and with it whoever has waited for its processes
    row.client_cpu_us += ended_children_cpu_us() - before;
  }

  // ---- combinations
  // ------------------------------------------------------------------------------

  void load_matrix() {
    report_.is_matrix = true;
    for (const Combination& one : combinations(request_, options_)) {
      if (!is_over()) load_cell(one.plan, one.key);
    }
    std::ranges::stable_sort(report_.rows, [](const Row& a, const Row& b) {
      return a.rate().value_or(0) > b.rate().value_or(0);
    });
    report_.remarks.emplace_back(
        "of bare: what GnuTLS's handshake of the same parameters costs with both ends in memory "
        "and nothing around it, measured beside each row, as a part of what the row costs");
  }

  void load_cell(const RowPlan& plan, certs::KeyKind kind) {
    const BenchEnds ends =
        bench_ends(mint_, plan.mode, kind, plan.tls.resumption == Resumption::ticket);
    BenchPlace place = place_of(ends, kind);
    std::unique_ptr<OwnServer> server;
    if (plan.transport == cases::Transport::memory) {
      place.in_memory = &ends.server;
    } else {
      server = std::make_unique<OwnServer>(ends, options_.threads);
      place.meets(*server);
    }
    const double before = bare_us(plan, ends);
    Row& row = measure_row(plan, place);
    // What the machine did meanwhile falls on both.
    row.bare_us = (before + bare_us(plan, ends)) / 2;
  }

  static double bare_us(const RowPlan& plan, const BenchEnds& ends) {
    const tls::PriorityHandle priority = tls::parse_priority(bench_priority(plan.tls));
    const BareHandshake bare(
        ends.chain->server, *ends.chain->anchors, ends.client.host,
        {.client = priority.get(), .verifies = false, .tickets = ends.server.tickets.get()});
    bare.run();  // the first has no session to resume
    constexpr int kTimes = 20;
    return cost_of([&] {
             for (int i = 0; i < kTimes; ++i) bare.run();
           }) /
           kTimes;
  }

  // ---- the generator itself ---------------------------------------------------------------------

  // Against a server in another process, so that what the generator uses is its own.
  void self_check() {
    if (is_over()) return;
    const words::Mode mode =
        request_.url ? request_.url->mode : request_.mode.value_or(words::Mode::smtp_starttls);
    constexpr auto kKind = certs::KeyKind::ecdsa_p256;
    const BenchEnds ends = bench_ends(mint_, mode, kKind, resumes());
    RowPlan plan{.name = "self-check", .mode = mode, .tls = request_.tls};
    plan.connections = 16;
    plan.threads = options_.threads;
    plan.seconds = 2;
    const OwnServer server(ends, options_.threads);
    BenchPlace place = place_of(ends, kKind);
    place.meets(server);
    Row& row = measure_row(plan, place);
    if (row.result.done == 0) return;
    const double most = plan.threads * 1e6 / row.client_cpu_per_handshake();
    row.remarks.clear();
    row.remarks.push_back("the generator alone uses " +
                          duration_text(row.client_cpu_per_handshake()) +
                          " of CPU a handshake (P-256): it cannot ask for more than " +
                          number_text(most) + " a second with " + std::to_string(plan.threads) +
                          (plan.threads == 1 ? " thread" : " threads"));
    for (const Row& other : report_.rows) {
      constexpr double kNear = 0.8;
      if (&other == &row || !other.rate() || *other.rate() < kNear * most) continue;
      report_.remarks.push_back(other.plan.name +
                                " is near to that: the generator, not the server, is its limit");
    }
  }

  const BenchOptions& options_;
  BenchRequest request_;
  certs::Mint mint_;
  LiveLine live_{};
  BenchReport report_{};
};

}  // namespace

int run_bench(const BenchOptions& options, const BenchRequest& request) {
  return Bench(options, request).run();
}

}  // namespace startle::program
