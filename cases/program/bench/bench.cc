// startle bench: how many handshakes a second, and how long they take. Here are its options.

#include <memory>
#include <string>

#include "cases/program/bench/bench_request.h"
#include "cases/program/bench/bench_runs.h"
#include "cases/program/commands.h"

namespace startle::program {
namespace {

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
  sub.runs([options] { return run_bench(*options, checked(*options)); });
}

}  // namespace startle::program
