// startle bench: how many handshakes a second, and how long they take.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include "cases/engine/catalogue.h"
#include "cases/engine/trust_pem.h"
#include "cases/program/bench/bench_request.h"
#include "cases/program/bench/latency.h"
#include "cases/program/bench/measure.h"
#include "cases/program/bench/report.h"
#include "cases/program/commands.h"
#include "cases/program/interruption.h"
#include "cases/program/machine_anchors.h"
#include "cases/program/password_file.h"
#include "certs/key_pool.h"
#include "harness/base/error.h"
#include "harness/base/output_file.h"
#include "harness/client/decisions.h"
#include "harness/client/ldap_client.h"
#include "harness/client/smtp_client.h"
#include "harness/load/bare_handshake.h"
#include "harness/load/cpu_time.h"
#include "harness/net/host_connector.h"
#include "harness/net/tcp.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

constexpr double kShareOfCapacity = 0.7;

// ---- reports -----------------------------------------------------------------------------------

using Write = void (*)(std::ostream&, const BenchReport&);
constexpr std::pair<std::string_view, Write> kKinds[] = {
    {"text", write_bench_text}, {"json", write_bench_json}, {"csv", write_bench_csv}};

struct BenchOutput {
  Write write = nullptr;
  std::unique_ptr<OutputFile> file{};  // null: stdout
};

// --report KIND[=FILE]; where none goes to stdout, the text does.
std::vector<BenchOutput> open_outputs(const std::vector<std::string>& given) {
  std::vector<BenchOutput> outputs;
  bool stdout_taken = false;
  for (const std::string& one : given) {
    const std::size_t at = one.find('=');
    const auto kind = std::ranges::find(kKinds, std::string_view(one).substr(0, at),
                                        &std::pair<std::string_view, Write>::first);
    if (kind == std::end(kKinds)) {
      throw Error(Fault::usage, "--report " + one + " is not one of: text, json, csv");
    }
    BenchOutput output{.write = kind->second};
    if (at != std::string::npos) {
      output.file = std::make_unique<OutputFile>(one.substr(at + 1));
    } else if (std::exchange(stdout_taken, true)) {
      throw Error(Fault::usage,
                  "two reports go to stdout: write one to a file, --report " + one + "=FILE");
    }
    outputs.push_back(std::move(output));
  }
  if (!stdout_taken) outputs.push_back({.write = write_bench_text});
  return outputs;
}

void write_all(const std::vector<BenchOutput>& outputs, const BenchReport& report) {
  for (const BenchOutput& output : outputs) {
    output.write(output.file ? output.file->stream() : std::cout, report);
    if (output.file) output.file->finish();
  }
  std::cout.flush();
}

// ---- while it is under way ---------------------------------------------------------------------

// On a terminal a line that is written again and again.
class LiveLine {
 public:
  ~LiveLine() { clear(); }
  void show(const RowPlan& plan, const BenchMoment& now) {
    if (!terminal_ || now.seconds - shown_ < 0.1) {
      if (now.seconds < shown_) shown_ = 0;
      return;
    }
    shown_ = now.seconds;
    const double rate = static_cast<double>(now.done) / now.seconds;
    std::fprintf(stderr,
                 "\r%s: %.1f%s s, %zu handshakes, %s a second, %zu under way, %zu failed\033[K",
                 plan.name.c_str(), now.seconds,
                 plan.handshakes ? "" : (" of " + number_text(plan.seconds)).c_str(),
                 static_cast<std::size_t>(now.done), number_text(rate).c_str(),
                 static_cast<std::size_t>(now.open), static_cast<std::size_t>(now.failed));
    visible_ = true;
  }
  void clear() {
    if (std::exchange(visible_, false)) std::fputs("\r\033[K", stderr);
    shown_ = 0;
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) != 0;
  bool visible_ = false;
  double shown_ = 0;
};

// ---- remarks -----------------------------------------------------------------------------------

void remark_on(Row& row) {
  constexpr double kBusy = 0.9;
  if (row.result.failures.count(words::Ending::throttled) > 0) {
    row.remarks.emplace_back(
        "the server throttled its client (421, or busy), and the rate is void: Postfix's anvil "
        "counts what a client does in a minute (smtpd_client_connection_rate_limit, "
        "smtpd_client_connection_count_limit, smtpd_client_new_tls_session_rate_limit)");
  }
  if (row.result.done == 0) return;
  const double share = row.client_cpu_us / (row.wall_s * 1e6 * row.plan.threads);
  if (row.plan.transport == cases::Transport::tcp && share > kBusy) {
    row.remarks.push_back("the generator used " + number_text(share * 100) +
                          " % of its threads: it, and not the server, may be the limit "
                          "(--threads)");
  }
  if (row.plan.tls.resumption == Resumption::ticket && row.result.resumed == 0) {
    row.remarks.emplace_back("the server resumed no session: these are full handshakes");
  }
  const bool hides_stalls = has_latencies(row) && !row.plan.is_open_loop();
  if (hides_stalls && row.plan.connections > 1 && !row.bare_us) {
    row.remarks.emplace_back(
        "a closed loop waits with a server that stalls: its latencies do not show how many "
        "would have been held up (coordinated omission); --rate does");
  }
}

std::string told_default(const std::vector<Row>& rows) {
  if (rows.size() < 3 || !rows[1].rate() || rows[2].result.done == 0) return "";
  const auto p = [](const Row& row, double share) {
    return duration_text(microseconds(row.result.of(load::Part::total).quantile(share)));
  };
  return "One connection at a time takes " + p(rows[0], 0.5) + " (p50) from connect to the end; " +
         std::to_string(rows[1].plan.connections) + " at once get " + number_text(*rows[1].rate()) +
         " handshakes a second; when " + number_text(rows[2].plan.rate) +
         " a second arrive by a schedule, 99 of 100 are done within " + p(rows[2], 0.99) +
         " of when they were to begin.";
}

// `*` verifies nothing; a name is verified as RFC 9525 has it.
void trust(client::Settings& settings, const std::string& value) {
  settings.trust = value;
  settings.trust_model = value == "*" ? words::TrustModel::documented : words::TrustModel::pkix;
}

// ---- the whole ---------------------------------------------------------------------------------

class Bench {
 public:
  Bench(const BenchOptions& options, BenchRequest request)
      : options_(options),
        request_(std::move(request)),
        mint_(now(), mint_options(options.no_cache)) {
    tls::set_run_clock(mint_.clock());
  }

  int run() {
    const std::vector<BenchOutput> outputs = open_outputs(options_.reports);
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
    write_all(outputs, report_);
    if (!report_.complete) return kBySignal + Interruption::signal();
    return exit_code();
  }

 private:
  static bool is_over() { return Interruption::signal() != 0; }

  void make_room(std::size_t connections) {
    const std::string sentence = make_room_for(std::min<std::size_t>(connections, 10'000));
    const bool is_stated = options_.connections.has_value();
    if (!sentence.empty() && is_stated) throw Error(Fault::system, sentence);
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

  // ---- our own server
  // ----------------------------------------------------------------------------

  void load_own() {
    const words::Mode mode = request_.mode.value_or(words::Mode::smtp_starttls);
    const std::vector<certs::KeyKind> keys =
        request_.keys.empty() ? std::vector{key()} : request_.keys;
    for (const certs::KeyKind kind : keys) {
      if (!is_over()) load_own_of(mode, kind, request_.plans(options_), "own server");
    }
    if (keys.size() == 1) report_.remarks.push_back(told_default(report_.rows));
    if (report_.remarks.back().empty()) report_.remarks.pop_back();
  }

  void load_own_of(words::Mode mode, certs::KeyKind kind, std::vector<RowPlan> plans,
                   const std::string& name) {
    for (RowPlan& plan : plans) plan.mode = mode;
    BenchEnds ends = bench_ends(mint_, mode, kind, resumes());
    BenchPlace place{.server = name, .key = kind, .client = ends.client};
    place.deadline = deadline();
    trust(place.client, options_.trust.value_or("*"));
    if (plans.front().transport == cases::Transport::memory) {
      place.in_memory = &ends.server;
      measure_plans(std::move(plans), place);
      return;
    }
    const OwnServer server(ends, options_.threads);
    place.at = server.endpoint();
    place.own = &server;
    measure_plans(std::move(plans), place);
  }

  std::chrono::milliseconds deadline() const {
    return std::chrono::milliseconds(static_cast<int>(options_.deadline * 1000));
  }

  // ---- somebody else's
  // ---------------------------------------------------------------------------

  client::Settings settings_for(const BenchUrl& url) const {
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

  // One exchange as far as TLS: what the server is like, and whether its certificate is trusted.
  client::Outcome look_at(const client::Settings& settings) const {
    net::RealWorld world;
    net::HostConnector connector(world);
    client::Settings told = settings;
    told.stop_after = client::StopAfter::tls;
    const client::Decisions decisions;
    client::Outcome outcome;
    world.spawn([](net::World& in, net::Connector& by, const client::Settings& with,
                   const client::Decisions& as, client::Outcome& into) -> net::Task<void> {
      const bool is_mail = words::row_of(words::protocol_of(with.mode)).is_mail;
      into = is_mail ? co_await client::submit(in, by, with, as)
                     : co_await client::bind_and_search(in, by, with, as);
    }(world, connector, told, decisions, outcome));
    world.run();
    world.abandon();
    return outcome;
  }

  void load_url() {
    const BenchUrl& url = *request_.url;
    client::Settings settings = settings_for(url);
    const client::Outcome seen = look_at(settings);
    if (!words::is_success(seen.ending)) return fail_at_once(url, seen);
    if (!options_.trust) trust(settings, "*");  // verified once: what is measured is the server
    BenchPlace place{.server = net::host_and_port(url.host, url.port), .client = settings};
    if (!seen.shown_chain.empty()) place.key = certs::key_kind_of(seen.shown_chain.front());
    place.deadline = deadline();
    if (!request_.version && seen.tls_version == "TLS1.2") {
      request_.tls.version = tls::Version::tls_1_2;
    }
    std::vector<RowPlan> plans = request_.plans(options_);
    for (RowPlan& plan : plans) plan.mode = url.mode;
    if (!measure_plans(plans, place)) return;
    compare_with_own(url.mode, place.key);
  }

  // What the same load is to a server that does nothing else.
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
      load_own_of(mode, one, {plan}, "own server");
    }
    report_.remarks.emplace_back(
        "the rows of `own server` are the same load on startle's fake server with the key kind of "
        "that server, and with P-256: what they are faster by is dialogue, network and whatever "
        "else that server does");
  }

  void fail_at_once(const BenchUrl& url, const client::Outcome& seen) {
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

  // ---- other people's clients
  // --------------------------------------------------------------------

  void load_with_client() {
    const auto subject = subject::make_subject(options_.client, cases::Catalogue::clients_folder());
    std::vector<words::Mode> modes = subject->abilities().modes;
    if (request_.mode) modes = {*request_.mode};
    RowPlan plan = request_.plans(options_).back();
    plan.rate = options_.rate;
    plan.stop_after = client::StopAfter::message;
    plan.connections = options_.connections.value_or(2);
    if (options_.duration <= 0) plan.seconds = 5;
    for (const words::Mode mode : modes) {
      if (is_over() || !words::demands_tls(mode)) continue;
      BenchEnds ends = bench_ends(mint_, mode, key(), false, BenchChain::issued);
      trust(ends.client, ends.client.host);
      if (!subject->cannot(ends.client).empty()) continue;
      const OwnServer server(ends, 1);
      plan.mode = mode;
      plan.name = subject->name() + " " + std::string(word(mode));
      BenchPlace place{.server = "own server", .key = key(), .client = ends.client};
      place.at = server.endpoint();
      place.client.port = server.endpoint().port;
      place.own = &server;
      place.subject = subject.get();
      place.trust = cases::trust_pem(subject->abilities(), *ends.chain, nullptr);
      place.deadline = deadline();
      measure_row(plan, place);
    }
    report_.remarks.emplace_back(
        "each handshake is a task of the client: a mail that was taken, or "
        "a bind; client CPU is that of its processes that have ended");
  }

  // ---- combinations
  // ------------------------------------------------------------------------------

  std::vector<certs::KeyKind> matrix_keys() const {
    if (!request_.keys.empty()) return request_.keys;
    using enum certs::KeyKind;
    return {rsa_2048, rsa_3072, rsa_4096, ecdsa_p256, ecdsa_p384, ed25519};
  }

  std::vector<words::Mode> matrix_modes() const {
    if (request_.mode) return {*request_.mode};
    return {words::Mode::smtp_starttls, words::Mode::smtps, words::Mode::ldap_starttls,
            words::Mode::ldaps};
  }

  std::vector<BenchTls> matrix_tls() const {
    std::vector<BenchTls> all;
    for (const tls::Version version : {tls::Version::tls_1_3, tls::Version::tls_1_2}) {
      if (request_.version && *request_.version != version) continue;
      for (const BenchGroup group : {BenchGroup::x25519, BenchGroup::p256}) {
        if (request_.tls.group && *request_.tls.group != group) continue;
        for (const Resumption resumption : {Resumption::off, Resumption::ticket}) {
          all.push_back({.version = version, .group = group, .resumption = resumption});
        }
      }
    }
    return all;
  }

  void load_matrix() {
    report_.is_matrix = true;
    RowPlan plan = request_.plans(options_).back();
    plan.transport = request_.transport.value_or(cases::Transport::memory);
    plan.connections = options_.connections.value_or(1);
    plan.rate = 0;
    if (options_.duration <= 0) plan.seconds = 0.5;
    for (const certs::KeyKind kind : matrix_keys()) {
      for (const BenchTls& tls : matrix_tls()) {
        for (const words::Mode mode : matrix_modes()) {
          if (is_over()) break;
          plan.tls = tls;
          plan.mode = mode;
          plan.name = std::string(word(kind)) + ", " + std::string(word(tls.version)) + ", " +
                      std::string(word(*tls.group)) + ", " + std::string(word(tls.resumption)) +
                      ", " + std::string(word(mode));
          load_cell(plan, kind);
        }
      }
    }
    std::ranges::stable_sort(report_.rows, [](const Row& a, const Row& b) {
      return a.rate().value_or(0) > b.rate().value_or(0);
    });
    report_.remarks.emplace_back(
        "of bare: what GnuTLS's handshake of the same parameters costs with both ends in memory "
        "and nothing around it, measured beside each row, as a part of what the row costs");
  }

  void load_cell(const RowPlan& plan, certs::KeyKind kind) {
    BenchEnds ends = bench_ends(mint_, plan.mode, kind, plan.tls.resumption == Resumption::ticket);
    BenchPlace place{.server = "own server", .key = kind, .client = ends.client};
    trust(place.client, "*");
    place.deadline = deadline();
    std::unique_ptr<OwnServer> server;
    if (plan.transport == cases::Transport::memory) {
      place.in_memory = &ends.server;
    } else {
      server = std::make_unique<OwnServer>(ends, options_.threads);
      place.at = server->endpoint();
      place.own = server.get();
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

  // ---- the generator itself
  // ----------------------------------------------------------------------

  // Against a server in another process, so that what the generator uses is its own.
  void self_check() {
    if (is_over()) return;
    const words::Mode mode =
        request_.url ? request_.url->mode : request_.mode.value_or(words::Mode::smtp_starttls);
    BenchEnds ends = bench_ends(mint_, mode, certs::KeyKind::ecdsa_p256, resumes());
    RowPlan plan{.name = "self-check", .mode = mode, .tls = request_.tls};
    plan.connections = 16;
    plan.threads = options_.threads;
    plan.seconds = 2;
    plan.stop_after = client::StopAfter::tls;
    const OwnServer server(ends, options_.threads);
    BenchPlace place{.server = "own server", .key = certs::KeyKind::ecdsa_p256};
    place.client = ends.client;
    trust(place.client, "*");
    place.at = server.endpoint();
    place.own = &server;
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

std::string footer() {
  return "Without options three rows: five seconds of one connection (latency), ten of 16 that go\n"
         "on as soon as they are done (capacity), ten of arrivals by a schedule at 70 % of that\n"
         "(load). Latencies of the last count from when each was to begin, so that a stall shows.\n"
         "Without a URL a fake server in a process of its own is loaded, its certificate "
         "unverified.\n"
         "Behind a URL the certificate is verified once, and with --trust each time; the same "
         "load\n"
         "on our own server stands beside it. Only load a server that is yours.\n"
         "Examples:\n"
         "  startle bench\n"
         "  startle bench smtp://localhost:2525 --connections 64 --duration 30\n"
         "  startle bench ldaps://localhost:1636 --rate 200 --fail-if 'tls.p99>200ms'\n"
         "  startle bench --key rsa-2048,ecdsa-p256 --connections 16 --tls 1.2\n"
         "  startle bench --matrix --mode smtp-starttls --report csv=matrix.csv\n"
         "  startle bench --client curl\n"
         "Exit: 0 all handshakes succeeded, 1 some failed, or --fail-if, 2 usage, 3 not measured;\n"
         "130 or 143 a signal, with the results so far.";
}

}  // namespace

void add_bench(CommandLine& startle) {
  auto options = std::make_shared<BenchOptions>();
  CommandLine sub = startle.command(
      "bench", "Measure handshakes a second and their latency, of a server or a key kind");
  sub.option("url", options->url, "The server to load [a fake one of our own]")
      .value("smtp://|smtps://|ldap://|ldaps://HOST[:PORT]");
  sub.option("--mode", options->mode,
             "Of our own server: " + comma_separated(words::kModes) + " [smtp-starttls]")
      .value("MODE");
  sub.option("--transport", options->transport,
             "To our own server: tcp, or memory (one thread, no sockets) [tcp]")
      .value("TRANSPORT");
  sub.option("--connections", options->connections,
             "So many at once; with --rate, no more than so many [16]")
      .value("N")
      .between(std::size_t{1}, std::size_t{1'000'000});
  sub.option("--threads", options->threads, "Of the generator, and of our own server")
      .value("N")
      .shows_default()
      .between(std::size_t{1}, std::size_t{1024});
  sub.option("--rate", options->rate, "An open loop: so many arrivals a second")
      .value("R")
      .between(0.001, 1e7);
  sub.option("--duration", options->duration, "How long [10]").value("S").between(0.1, 604800.0);
  sub.option("--handshakes", options->handshakes, "So many, however long they take")
      .value("N")
      .between(std::size_t{1}, std::size_t{1'000'000'000})
      .excludes("--duration");
  sub.option("--resume", options->resume, "off, or ticket: resume TLS sessions")
      .value("HOW")
      .shows_default();
  sub.option("--tls", options->tls, "1.2 or 1.3 [what the server takes; 1.3]").value("VERSION");
  sub.option("--key", options->key,
             "Key kinds of our own server's certificate, a row each: rsa-2048, ecdsa-p256, "
             "ed25519 .. [ecdsa-p256]")
      .value("KIND,..");
  sub.option("--group", options->group, "Of the key exchange: " + comma_separated(kBenchGroups))
      .value("G");
  sub.option("--stop-after", options->stop_after, "tls, auth, sender or message [tls]")
      .value("STEP");
  sub.option("--trust", options->trust,
             "Verify the certificate in each handshake: for this name; '*' verifies nothing")
      .value("V");
  sub.option("--username", options->username, "For --stop-after auth and message, behind a URL")
      .value("NAME");
  sub.option("--password-file", options->password_file, "Its password, in the file's one line")
      .value("FILE");
  sub.option("--sender", options->sender, "MAIL FROM").value("ADDRESS");
  sub.option("--recipient", options->recipient, "RCPT TO").value("ADDRESS");
  sub.option("--client", options->client,
             "Another client than ours against the fake server: a name of cases/clients, or as "
             "for run")
      .value("CLIENT");
  sub.option("--deadline", options->deadline, "For each step of an exchange")
      .value("S")
      .shows_default()
      .between(0.1, 3600.0);
  sub.option("--fail-if", options->fail_if,
             "End with 1 if so: tls.p99>200ms, handshakes_per_s<500, failures>0")
      .value("LIMIT")
      .each_time();
  sub.option("--report", options->reports, "text, json or csv, to stdout or a FILE [text]")
      .value("KIND[=FILE]")
      .each_time();
  sub.flag("--matrix", options->matrix,
           "Each key kind, TLS version, group, resumption and mode, best first");
  sub.flag("--self-check", options->self_check, "Measure, too, what the generator alone can do");
  sub.flag("--allow-remote", options->allow_remote,
           "Load a server on another machine: only one that is yours");
  add_no_cache(sub, options->no_cache);
  sub.footer(footer());
  sub.runs([options] { return Bench(*options, checked(*options)).run(); });
}

}  // namespace startle::program
