// startle serve: a fake server to point one's own client at.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "cases/catalogue.h"
#include "cases/commands/commands.h"
#include "cases/commands/date.h"
#include "cases/judge.h"
#include "cases/selection.h"
#include "certs/jks.h"
#include "certs/mint.h"
#include "fake-servers/smtp_server.h"
#include "fake-servers/violations.h"
#include "harness/base/file.h"
#include "harness/net/interrupt.h"
#include "harness/net/tcp.h"
#include "harness/tls/clock.h"

namespace startle::commands {
namespace {

using namespace cases;
using Json = nlohmann::ordered_json;

constexpr std::string_view kTrustStorePassword = "changeit";

struct Options {
  std::string what{};
  std::string certificate{};
  std::vector<std::string> replies{};
  std::string listen{};
  std::string name = "smtp.example.test";
  std::string at{};
  std::string trust_model = "pkix";
  bool once = false;
  bool allow_remote = false;
};

// ---- what is served ----------------------------------------------------------------------------

// "starttls=454 4.7.0 Not now", "mail=553"
fake::Deviation deviation_of(const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos) {
    throw Error(Fault::usage, "--reply " + given + " is not POINT=TEXT or POINT=CODE");
  }
  fake::Deviation deviation{.at = option_word<fake::Point>("--reply", given.substr(0, equals))};
  std::string text = given.substr(equals + 1);
  const bool only_a_code = text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) {
                             return c >= '0' && c <= '9';
                           });
  if (only_a_code) text += " as told by --reply";
  try {
    deviation.steps.emplace_back(fake::Send{.bytes = fill_in_exchange(text, {}) + "\r\n"});
  } catch (const Error& e) {
    throw Error(Fault::usage, std::string("--reply: ") + e.what());
  }
  // A go-ahead is followed by what it promises.
  if (deviation.at == fake::Point::starttls && text.starts_with("220")) {
    deviation.steps.emplace_back(fake::StartTls{});
  }
  return deviation;
}

bool is_file(const std::string& what) {
  return what.ends_with(".xml") || std::filesystem::is_regular_file(what);
}

Exchange exchange_for(const Options& options, Catalogue& catalogue) {
  if (options.what.empty()) {
    throw Error(Fault::usage, "serve what? Write smtp, a file, or one of `startle list`");
  }
  Plan plan{.models = {option_word<policy::TrustModel>("--trust-model", options.trust_model)},
            .host = options.name,
            .seed = std::random_device{}()};
  const auto well_behaved = [&] {
    return make_exchange({}, "smtp", plan.host, plan.models.front(), plan.seed);
  };
  std::string id = options.what;
  if (id == "smtp") return well_behaved();
  if (is_file(id)) {
    const auto size = [&] { return catalogue.cases().size() + catalogue.matrices().size(); };
    const std::size_t before = size();
    id = catalogue.add_file(id).front();
    if (size() == before) {  // certificates of the user's own
      Exchange made = well_behaved();
      made.certificate = id;
      return made;
    }
  }
  plan.cases = catalogue.cases();
  plan.matrices = catalogue.matrices();
  plan.globs = {id};
  Selection selection(plan);
  auto found = selection.next();
  if (!found || found->id != id) {
    throw Error(Fault::usage,
                "`" + id + "` is " +
                    (found ? "more than one case (the first is " + found->id + ")" : "no case") +
                    ": write smtp, a file, or one of `startle list`");
  }
  return *found;
}

// What a client should do that believes in the exchange's trust model and was given the credential
// of the `ready` event.
fake::Demands demands_of(Exchange exchange, const policy::Facts& facts) {
  const fake::User& user = exchange.users.front();
  exchange.username = user.name;
  exchange.password = user.password;
  const Expectation expected = expectation_of(exchange, facts);
  return {.mode = exchange.mode,
          .refuse_server = std::all_of(expected.endings.begin(), expected.endings.end(),
                                       policy::is_certificate_ending),
          .secret = user.password};
}

// ---- events ------------------------------------------------------------------------------------

// One line, at once: the other side reads a pipe.
void print(const Json& event) {
  std::cout << event.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

template <class E>
Json words_json(const std::vector<E>& values) {
  Json list = Json::array();
  for (const E value : values) list.push_back(word(value));
  return list;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

// ---- serving -----------------------------------------------------------------------------------

class Service {
 public:
  Service(net::RealWorld& world, const Options& options, Exchange exchange,
          std::shared_ptr<const certs::Chain> chain)
      : world_(world), options_(options), exchange_(std::move(exchange)), chain_(std::move(chain)) {
    server_ = {.name = exchange_.host,
               .script = exchange_.script,
               .credentials = chain_->server,
               .users = exchange_.users,
               .secret = exchange_.users.front().password};
    demands_ = demands_of(exchange_, chain_->facts);
  }

  int run() {
    listen();
    announce();
    for (const auto& listener : listeners_) world_.spawn(accept(*listener));
    world_.run();
    return options_.once && violated_ ? kFindings : kAllAsExpected;
  }

 private:
  void listen() {
    auto wanted = net::parse_listen_address(options_.listen.empty() ? ":0" : options_.listen);
    for (const net::Endpoint& at : wanted) {
      if (!net::is_loopback(at.address) && !options_.allow_remote) {
        throw Error(Fault::usage, at.address +
                                      " is no loopback address: a fake server that others can "
                                      "reach needs --allow-remote");
      }
    }
    const bool any_port = wanted.front().port == 0;
    for (int attempt = 0;; ++attempt) {
      listeners_.clear();
      listeners_.push_back(std::make_unique<net::TcpListener>(world_, wanted.front()));
      if (wanted.size() == 1) return;
      try {
        // The same port on the other address, so that it does not matter how a name resolves.
        const net::Endpoint other{.address = wanted.back().address,
                                  .port = listeners_.front()->endpoint().port};
        listeners_.push_back(std::make_unique<net::TcpListener>(world_, other));
        return;
      } catch (const Error& e) {
        const bool taken = std::string_view(e.what()).find("in use") != std::string_view::npos;
        if (taken && any_port && attempt < 16) continue;
        if (taken) throw;
        return;  // a machine without IPv6
      }
    }
  }

  void announce() {
    const auto ca = folder_.path() / "ca.pem";
    const auto truststore = folder_.path() / "truststore.jks";
    const std::string ca_pem = certs::to_pem(chain_->anchors_der);
    std::vector<std::pair<std::string, std::string>> entries;
    for (const std::string& der : chain_->anchors_der) {
      entries.emplace_back("startle-" + std::to_string(entries.size() + 1), der);
    }
    write_file(ca, ca_pem);
    write_file(truststore, certs::write_jks(entries, kTrustStorePassword, today()));
    const net::Endpoint at = listeners_.front()->endpoint();
    print({{"event", "ready"},
           {"case", exchange_.id},
           {"protocol", "smtp"},
           {"mode", word(exchange_.mode)},
           {"address", at.address},
           {"port", at.port},
           {"name", exchange_.host},
           {"ca", ca.string()},
           {"ca_pem", ca_pem},
           {"truststore", truststore.string()},
           {"truststore_password", kTrustStorePassword},
           {"username", exchange_.users.front().name},
           {"password", exchange_.users.front().password},
           {"bind_dn", nullptr}});
  }

  net::Task<void> accept(net::TcpListener& listener) {
    while (auto stream = co_await listener.accept()) {
      world_.spawn(serve(std::move(stream), listener.endpoint().port));
    }
  }

  net::Task<void> serve(std::unique_ptr<net::Stream> stream, unsigned port) {
    fake::Observation seen;
    co_await fake::serve_smtp(world_, std::move(stream), server_, seen);
    const auto violations = fake::violations(seen, demands_);
    violated_ = violated_ || !violations.empty();
    print({{"event", "connection"},
           {"case", exchange_.id},
           {"port", port},
           {"phase", word(seen.reached)},
           {"tls_version", text_or_null(seen.tls_version)},
           {"alert", text_or_null(seen.alert)},
           {"violations", words_json(violations)},
           {"clear_commands", seen.clear_commands},
           {"authenticated", seen.authenticated},
           {"delivered", seen.delivered > 0}});
    if (options_.once) world_.stop();
  }

  net::RealWorld& world_;
  const Options& options_;
  Exchange exchange_;
  std::shared_ptr<const certs::Chain> chain_;
  fake::SmtpServer server_{};
  fake::Demands demands_{};
  TemporaryFolder folder_{};
  std::vector<std::unique_ptr<net::TcpListener>> listeners_{};
  bool violated_ = false;
};

int serve(const Options& options) {
  check_host_name(options.name);
  Catalogue catalogue = Catalogue::load();
  Exchange exchange = exchange_for(options, catalogue);
  if (!options.certificate.empty()) {
    exchange.certificate = options.certificate;
    exchange.stated.reset();  // the case speaks of another certificate
  }
  for (const std::string& reply : options.replies) {
    fake::Deviation deviation = deviation_of(reply);
    std::erase_if(exchange.script.deviations,
                  [&](const fake::Deviation& d) { return d.at == deviation.at; });
    exchange.script.deviations.push_back(std::move(deviation));
  }
  const auto clock = options.at.empty() ? today() : parse_date("--at", options.at);
  tls::set_run_clock(clock);
  certs::Mint mint(clock);
  auto chain = mint.chain(catalogue.recipe(exchange.certificate), exchange.host);
  net::RealWorld world;
  // Before anyone is told that the server is ready, and before there are files to clear away.
  const net::OnInterrupt stop(world, [&world] { world.stop(); });
  Service service(world, options, std::move(exchange), std::move(chain));
  const int code = service.run();
  world.abandon();
  return code;
}

}  // namespace

void add_serve(CLI::App& app, Command& command) {
  auto options = std::make_shared<Options>();
  CLI::App* sub = app.add_subcommand("serve", "Run a fake server to point a client of your own at");
  sub->add_option("what", options->what, "smtp, the id of a case, or a case file of your own")
      ->type_name("smtp|CASE|FILE");
  sub->add_option("--certificate", options->certificate,
                  "What it shows (`startle list --certificates`)")
      ->type_name("ID");
  sub->add_option(
         "--reply", options->replies,
         "What it says at a point of the dialogue: starttls=454, mail='553 5.7.1 no'; points: " +
             comma_separated(fake::kPoints))
      ->type_name("POINT=TEXT|CODE")
      ->take_all();
  sub->add_option("--listen", options->listen, "Address and port [127.0.0.1 and ::1, a free port]")
      ->type_name("ADDR:PORT");
  sub->add_option("--name", options->name, "The host name its certificate is issued to")
      ->type_name("HOST")
      ->capture_default_str();
  sub->add_option("--trust-model", options->trust_model,
                  "What your client should make of the certificate")
      ->type_name("MODEL")
      ->capture_default_str();
  sub->add_option("--at", options->at, "The date that validity is relative to [now]")
      ->type_name("DATE");
  sub->add_flag("--once", options->once,
                "End after one connection, with 1 if the client violated an invariant");
  sub->add_flag("--allow-remote", options->allow_remote,
                "Listen on an address that others can reach");
  sub->footer(
      "It prints JSON lines: first {\"event\": \"ready\", ..} with port, CA file, user and "
      "password, then one\n"
      "for each connection. It ends on SIGINT or SIGTERM.\n"
      "Examples:\n"
      "  startle serve smtp --certificate expired --listen 127.0.0.1:2525 --name localhost\n"
      "  startle serve smtp/injection/reply-after-go-ahead --once\n"
      "  curl --ssl-reqd --url smtp://localhost:2525 --cacert CA --user USER:PASSWORD \\\n"
      "       --mail-from sender@example.test --mail-rcpt you@example.test -T message.eml");
  sub->callback([options, &command] { command = [options] { return serve(*options); }; });
}

}  // namespace startle::commands
