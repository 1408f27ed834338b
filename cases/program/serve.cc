// startle serve: fake servers to point one's own client at. Here are its options; serve_offer.h
// says what is served, serve_service.h is one server, serve_control.h many.

#include <unistd.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cases/program/commands.h"
#include "cases/program/serve_control.h"
#include "cases/program/serve_events.h"
#include "cases/program/serve_offer.h"
#include "cases/program/serve_reply.h"
#include "cases/program/serve_sasl.h"
#include "cases/program/serve_screen.h"
#include "cases/program/serve_service.h"
#include "cases/program/serve_threads.h"
#include "cases/program/wire_files.h"
#include "fake-servers/protocols.h"
#include "harness/base/error.h"
#include "harness/net/descriptor_limit.h"
#include "harness/net/hand_over.h"
#include "harness/net/interrupt.h"
#include "harness/net/line_input.h"
#include "harness/net/tcp.h"
#include "harness/sasl/mechanism.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

struct Options {
  ServeRequest request{};
  WireRequest wire{};
  std::vector<std::string> replies{};
  std::string listen{};
  std::string at{};
  unsigned threads = 1;
  bool once = false;
  bool control = false;
  bool allow_remote = false;
  bool no_cache = false;
};

std::vector<net::Endpoint> listen_addresses(const Options& options) {
  auto wanted = net::parse_listen_address(options.listen.empty() ? ":0" : options.listen);
  for (const net::Endpoint& at : wanted) {
    if (!net::is_loopback(at.address) && !options.allow_remote) {
      throw Error(Fault::usage, at.address +
                                    " is no loopback address: a fake server that others can reach "
                                    "needs --allow-remote");
    }
  }
  return wanted;
}

net::Task<void> end(net::RealWorld& world, Service& service) {
  const bool ended = co_await service.end();
  if (!ended) world.stop();
}

// Once the world stands still: what could not be written, a sentence each; "": all was.
std::string finish(Events& events, ServeThreads& threads,
                   const std::shared_ptr<pcapng::Evidence>& evidence) {
  std::string failures = events.finish();
  threads.end();
  threads.main().abandon();
  const std::string failure = evidence ? evidence->finish() : "";
  return failures + (failures.empty() || failure.empty() ? "" : "\n") + failure;
}

// `then` is the main thread's, whoever has failed to write.
void on_failure(const std::shared_ptr<pcapng::Evidence>& evidence, net::RealWorld& main,
                std::function<void()> then) {
  if (evidence == nullptr) return;
  evidence->on_failure([&main, then = std::move(then)] { net::hand_over(main, then); });
}

int serve_one(ServeThreads& threads, Offers& offers, const Options& options,
              const std::shared_ptr<pcapng::Evidence>& evidence) {
  net::RealWorld& world = threads.main();
  std::unique_ptr<Service> service;
  const auto end_it = [&] { world.spawn(end(world, *service)); };
  on_failure(evidence, world, end_it);
  Events events(world, end_it);
  service = std::make_unique<Service>(threads, events, offers.offer(options.request),
                                      listen_addresses(options), evidence);
  ServeFiles files;
  // Before anyone is told that the server is ready.
  const net::OnInterrupt stop(world, end_it);
  const Json ready = service->ready_event(files);
  if (isatty(STDOUT_FILENO) != 0) {
    events.show_to_person(ready_screen(ready));
  } else {
    events.tell(ready);
  }
  service->start(options.once ? std::function<void()>(end_it) : nullptr);
  world.run();
  const std::string untold = finish(events, threads, evidence);
  const std::optional<bool> passed = service->passed();
  // What came of it is more than that nobody was told.
  const bool failed = options.once && passed && !*passed;
  if (!untold.empty() && !failed) throw Error(Fault::system, untold);
  if (!untold.empty()) std::cerr << "startle: " << untold << std::endl;
  if (!options.once) return kAllAsExpected;
  return passed ? (*passed ? kAllAsExpected : kFindings) : kNotJudged;
}

// What a line of --control states is no option beside it.
void refuse_what_requests_state(const Options& options) {
  const ServeRequest& request = options.request;
  const std::string what = comma_separated(words::kProtocols) + ", a case or a file";
  const std::vector<std::pair<const char*, bool>> given{
      {what.c_str(), !request.what.empty()},
      {"--certificate", !request.certificate.empty()},
      {"--certificate-file", !request.certificate_file.empty()},
      {"--key-file", !request.key_file.empty()},
      {"--reply", !options.replies.empty()},
      {"--mode", !request.mode.empty()},
      {"--persona", !request.persona.empty()},
      {"--mechanisms", request.mechanisms.has_value()},
      {"--sasl-lie", !request.sasl_lie.empty()},
      {"--as-told", request.as_told},
      {"--once", options.once}};
  for (const auto& [option, is_given] : given) {
    if (!is_given) continue;
    throw Error(Fault::usage, std::string("--control and ") + option +
                                  " do not go together: its requests, lines on stdin, say what is "
                                  "served");
  }
}

int serve_many(ServeThreads& threads, Offers& offers, const Options& options,
               const std::shared_ptr<pcapng::Evidence>& evidence) {
  net::RealWorld& world = threads.main();
  net::LineInput input(world, STDIN_FILENO);
  Events events(world, [&] { input.interrupt(); });
  on_failure(evidence, world, [&] { input.interrupt(); });
  Control control(threads, events, offers, options.request, listen_addresses(options), evidence);
  const net::OnInterrupt stop(world, [&] { input.interrupt(); });
  world.spawn(control.run(input));
  world.run();
  const std::string untold = finish(events, threads, evidence);
  if (!untold.empty()) throw Error(Fault::system, untold);
  if (!input.failure().empty()) {
    throw Error(Fault::input, "stdin: " + input.failure() + ": a request is one line of JSON");
  }
  return kAllAsExpected;
}

// No file of the wire may take their place.
std::vector<InputFile> read_by(const ServeRequest& request) {
  std::vector<InputFile> files;
  for (const auto& [what, file] : {std::pair{"a file of cases", request.what},
                                   std::pair{"--certificate-file", request.certificate_file},
                                   std::pair{"--key-file", request.key_file}}) {
    if (is_file(file)) files.push_back({what, file});
  }
  return files;
}

int serve(Options options) {
  if (options.control) refuse_what_requests_state(options);
  for (const std::string& reply : options.replies) {
    options.request.replies.push_back(parse_reply(reply));
  }
  const auto clock = options.at.empty() ? now() : clock_at("--at", options.at);
  tls::set_run_clock(clock);
  Offers offers(clock, mint_options(options.no_cache), now);
  check_wire_files(options.wire, read_by(options.request));
  const auto evidence = open_wire_files(
      options.wire,
      options.at.empty() ? pcapng::Time(std::chrono::system_clock::now()) : pcapng::Time(clock));
  net::raise_descriptor_limit();  // a connection needs one
  net::RealWorld world;
  ServeThreads threads(world, options.threads);
  return options.control ? serve_many(threads, offers, options, evidence)
                         : serve_one(threads, offers, options, evidence);
}

// "Of smtp: smtp-starttls (the default), smtps; of ldap: .."
std::string modes_help() {
  std::string help;
  for (const words::ProtocolRow& protocol : words::kProtocolRows) {
    const bool first = help.empty();
    help += (first ? "Of " : "; of ") + std::string(protocol.word) + ": " +
            std::string(word(words::mode_of(protocol.value, words::Tls::starttls))) +
            (first ? " (the default), " : ", ") +
            std::string(word(words::mode_of(protocol.value, words::Tls::implicit)));
  }
  return help;
}

// "smtp.example.test; ldap.example.test for ldap"
std::string hosts_help() {
  std::string help;
  for (const words::ProtocolRow& protocol : words::kProtocolRows) {
    const bool first = help.empty();
    help += (first ? "" : "; ") + std::string(protocol.example_host) +
            (first ? "" : " for " + std::string(protocol.word));
  }
  return help;
}

std::string points_with_note(words::Protocol protocol) {
  return points_of(protocol) + std::string(fake::server_protocol(protocol).reply_note);
}

// "in SMTP: ..;\nin LDAP: .."
std::string of_each(const std::string& before, const std::string& behind,
                    std::string (*list)(words::Protocol)) {
  std::string text;
  for (const words::ProtocolRow& protocol : words::kProtocolRows) {
    text += (text.empty() ? "" : ";\n") + before + std::string(protocol.title) + behind +
            list(protocol.value);
  }
  return text;
}

std::string footer() {
  return "It prints JSON lines: first {\"event\": \"ready\", ..} with port, CA file, user\n"
         "and password, then one for each connection. It ends on SIGINT, SIGTERM or\n"
         "SIGHUP, when clients that go on talking have five seconds to finish; with --control,\n"
         "with its input; with 3 once nobody can be told any more.\n"
         "Events that nobody reads wait, and hold up no server; of those that are lost\n"
         "{\"event\": \"lost\", \"count\": N} is told. On a terminal six lines and a command to\n"
         "try it with stand in place of the first.\n"
         "With --once a connection counts once its client has said anything, or has met what\n"
         "the case has for who says nothing: not a look whether the port is open (nc -z).\n"
         "Points of a reply: " +
         of_each("of ", ", ", points_with_note) +
         ".\n"
         "Mechanisms: " +
         comma_separated(sasl::kMechanisms) +
         ".\n"
         "Lies " +
         of_each("in ", ": ", lies_of) +
         ".\n"
         "Examples:\n"
         "  startle serve smtp --certificate expired --name localhost\n"
         "  startle serve smtp --listen 127.0.0.1:2525 --name localhost\n"
         "  startle serve smtp --certificate-file chain.pem --key-file key.pem\n"
         "  startle serve smtp/injection/reply-after-go-ahead --once\n"
         "  startle serve smtp --threads 2 --listen 127.0.0.1:2525 >events.jsonl\n"
         "  startle serve smtp --name localhost --pcap seen.pcapng\n"
         "  curl --ssl-reqd --url smtp://localhost:2525 --cacert CA \\\n"
         "       --user USER:PASSWORD --mail-from sender@example.test \\\n"
         "       --mail-rcpt you@example.test -T message.eml\n"
         "  startle serve ldap --persona active-directory --reply bind=49\n"
         "  startle serve ldap --name 127.0.0.1\n"
         "  LDAPTLS_CACERT=CA ldapwhoami -ZZ -x -H ldap://127.0.0.1:PORT -D BIND_DN \\\n"
         "       -w PASSWORD\n"
         "  startle serve smtp --mechanisms SCRAM-SHA-256 --sasl-lie wrong-signature\n"
         "  startle serve --control\n"
         "  {\"start\": {\"protocol\": \"ldap\", \"mode\": \"ldaps\", \"certificate\": "
         "\"expired\"}}\n"
         "  {\"start\": {\"protocol\": \"smtp\", \"replies\": {\"starttls\": 454}}}\n"
         "  {\"stop\": 1}";
}

}  // namespace

void add_serve(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  ServeRequest& request = options->request;
  CommandLine sub = startle.command("serve", "Run a fake server to point a client of your own at");
  std::string kinds;
  for (const std::string_view protocol : words::kProtocols) kinds += std::string(protocol) + "|";
  sub.option("what", request.what,
             comma_separated(words::kProtocols) + ", the id of a case, or a file of your own")
      .value(kinds + "CASE|FILE");
  sub.option("--certificate", request.certificate, "What it shows (`startle certs list`)")
      .value("ID");
  sub.option("--certificate-file", request.certificate_file,
             "A certificate of your own in its place: PEM, your server's first, then its issuers")
      .value("CHAIN.pem");
  sub.option("--key-file", request.key_file,
             "The private key of that file's first certificate: PEM, not encrypted")
      .value("KEY.pem");
  sub.option("--mode", request.mode, modes_help()).value("MODE");
  sub.option("--persona", request.persona,
             "Whose LDAP server it is like: openldap (the default), active-directory")
      .value("PERSONA");
  sub.option("--reply", options->replies,
             "What it says at a point of the dialogue: starttls=454, mail='553 5.7.1 no'")
      .value("POINT=TEXT|CODE")
      .each_time();
  sub.option("--mechanisms", request.mechanisms,
             "SASL mechanisms it offers inside TLS, parted by spaces: 'SCRAM-SHA-256 PLAIN'")
      .value("LIST");
  sub.option("--sasl-lie", request.sasl_lie,
             "How it lies to who authenticates with one of them: wrong-signature")
      .value("LIE");
  sub.flag("--as-told", request.as_told,
           "Your client was told all of the ready line, its revocation list and mechanism too");
  sub.option("--listen", options->listen, "Address and port [127.0.0.1 and ::1, a free port]")
      .value("ADDR:PORT");
  sub.option("--name", request.name,
             "The host name its certificate is issued to [" + hosts_help() + "]")
      .value("HOST");
  sub.option("--trust-model", request.trust_model,
             "What your client should make of the certificate [pkix]")
      .value("MODEL");
  sub.option("--tls-policy", request.tls_policy,
             "What your client is told: required, or enable (it may go on in clear where STARTTLS "
             "is not offered, or refused) [required]")
      .value("POLICY");
  sub.option("--at", options->at, "The date that validity is relative to [now]").value("DATE");
  sub.option("--threads", options->threads,
             "Serve clients on so many threads, however many connections each has open")
      .value("N")
      .shows_default()
      .between(std::size_t{1}, std::size_t{1024});
  sub.flag(
      "--once", options->once,
      "End after one connection in which the client said anything, with its verdict: 0 pass, 1 "
      "fail, 3 it cannot be told");
  sub.flag("--control", options->control,
           "Start and stop any number of servers by JSON lines on stdin");
  add_wire_files(sub, options->wire);
  sub.flag("--allow-remote", options->allow_remote, "Listen on an address that others can reach");
  add_no_cache(sub, options->no_cache);
  sub.footer(footer());
  sub.runs([options] { return serve(*options); });
}

}  // namespace startle::program
