// startle serve: fake servers to point one's own client at. Here are its options; serve_offer.h
// says what is served, serve_service.h is one server, serve_control.h many.

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "cases/program/commands.h"
#include "cases/program/serve_control.h"
#include "cases/program/serve_offer.h"
#include "cases/program/serve_reply.h"
#include "cases/program/serve_sasl.h"
#include "cases/program/serve_service.h"
#include "harness/base/error.h"
#include "harness/net/interrupt.h"
#include "harness/net/line_input.h"
#include "harness/net/tcp.h"
#include "harness/sasl/mechanism.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

struct Options {
  ServeRequest request{};
  std::vector<std::string> replies{};
  std::string listen{};
  std::string at{};
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

int serve_one(net::RealWorld& world, Offers& offers, const Options& options) {
  Service service(world, offers.offer(options.request), listen_addresses(options));
  ServeFiles files;
  const auto end_it = [&] { world.spawn(end(world, service)); };
  // Before anyone is told that the server is ready.
  const net::OnInterrupt stop(world, end_it);
  print_event(service.ready_event(files));
  service.start(options.once ? std::function<void()>(end_it) : nullptr);
  world.run();
  world.abandon();
  return options.once && service.violated() ? kFindings : kAllAsExpected;
}

// What a line of --control states is no option beside it.
void refuse_what_requests_state(const Options& options) {
  const ServeRequest& request = options.request;
  const std::vector<std::pair<const char*, bool>> given{
      {"smtp, ldap, a case or a file", !request.what.empty()},
      {"--certificate", !request.certificate.empty()},
      {"--reply", !options.replies.empty()},
      {"--mode", !request.mode.empty()},
      {"--persona", !request.persona.empty()},
      {"--mechanisms", request.mechanisms.has_value()},
      {"--sasl-lie", !request.sasl_lie.empty()},
      {"--once", options.once}};
  for (const auto& [what, is_given] : given) {
    if (!is_given) continue;
    throw Error(Fault::usage, std::string("--control and ") + what +
                                  " do not go together: its requests, lines on stdin, say what is "
                                  "served");
  }
}

int serve_many(net::RealWorld& world, Offers& offers, const Options& options) {
  Control control(world, offers, options.request, listen_addresses(options));
  net::LineInput input(world, STDIN_FILENO);
  const net::OnInterrupt stop(world, [&] { input.interrupt(); });
  world.spawn(control.run(input));
  world.run();
  world.abandon();
  return kAllAsExpected;
}

int serve(Options options) {
  if (options.control) refuse_what_requests_state(options);
  for (const std::string& reply : options.replies) {
    options.request.replies.push_back(parse_reply(reply));
  }
  const auto clock = options.at.empty() ? now() : clock_at("--at", options.at);
  tls::set_run_clock(clock);
  Offers offers(clock, mint_options(options.no_cache));
  net::RealWorld world;
  return options.control ? serve_many(world, offers, options) : serve_one(world, offers, options);
}

}  // namespace

void add_serve(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  ServeRequest& request = options->request;
  CommandLine sub = startle.command("serve", "Run a fake server to point a client of your own at");
  sub.option("what", request.what, "smtp, ldap, the id of a case, or a file of your own")
      .value("smtp|ldap|CASE|FILE");
  sub.option("--certificate", request.certificate, "What it shows (`startle certs list`)")
      .value("ID");
  sub.option("--mode", request.mode,
             "Of smtp: smtp-starttls (the default), smtps; of ldap: ldap-starttls, ldaps")
      .value("MODE");
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
  sub.option("--listen", options->listen, "Address and port [127.0.0.1 and ::1, a free port]")
      .value("ADDR:PORT");
  sub.option("--name", request.name,
             "The host name its certificate is issued to [smtp.example.test; "
             "ldap.example.test for ldap]")
      .value("HOST");
  sub.option("--trust-model", request.trust_model,
             "What your client should make of the certificate [pkix]")
      .value("MODEL");
  sub.option("--at", options->at, "The date that validity is relative to [now]").value("DATE");
  sub.flag("--once", options->once,
           "End after one connection, with 1 if the client violated an invariant");
  sub.flag("--control", options->control,
           "Start and stop any number of servers by JSON lines on stdin");
  sub.flag("--allow-remote", options->allow_remote, "Listen on an address that others can reach");
  add_no_cache(sub, options->no_cache);
  sub.footer(
      "It prints JSON lines: first {\"event\": \"ready\", ..} with port, CA file, user and "
      "password, then one\n"
      "for each connection. It ends on SIGINT, SIGTERM or SIGHUP; with --control, with its input.\n"
      "Points of a reply: of SMTP, " +
      points_of(words::Protocol::smtp) + ";\nof LDAP, " + points_of(words::Protocol::ldap) +
      ",\nwhere a CODE is a result code and a TEXT are octets, bind='{hex:300c..}'.\n"
      "Mechanisms: " +
      comma_separated(sasl::kMechanisms) +
      ".\n"
      "Lies in SMTP: " +
      lies_of(words::Protocol::smtp) + ";\nin LDAP: " + lies_of(words::Protocol::ldap) +
      ".\n"
      "Examples:\n"
      "  startle serve smtp --certificate expired --listen 127.0.0.1:2525 --name localhost\n"
      "  startle serve smtp/injection/reply-after-go-ahead --once\n"
      "  curl --ssl-reqd --url smtp://localhost:2525 --cacert CA --user USER:PASSWORD \\\n"
      "       --mail-from sender@example.test --mail-rcpt you@example.test -T message.eml\n"
      "  startle serve ldap --persona active-directory --reply bind=49 --name 127.0.0.1\n"
      "  LDAPTLS_CACERT=CA ldapwhoami -ZZ -x -H ldap://127.0.0.1:PORT -D BIND_DN -w PASSWORD\n"
      "  startle serve smtp --mechanisms 'SCRAM-SHA-256 PLAIN' --sasl-lie wrong-signature\n"
      "  startle serve --control\n"
      "  {\"start\": {\"protocol\": \"ldap\", \"mode\": \"ldaps\", \"certificate\": \"expired\"}}\n"
      "  {\"start\": {\"protocol\": \"smtp\", \"replies\": {\"starttls\": 454}}}\n"
      "  {\"stop\": 1}");
  sub.runs([options] { return serve(*options); });
}

}  // namespace startle::program
