#include "cases/program/serve_offer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>

#include "cases/engine/glob.h"
#include "cases/engine/judge_process.h"
#include "cases/engine/selection.h"
#include "cases/program/commands.h"
#include "cases/program/serve_own.h"
#include "cases/program/serve_reply.h"
#include "cases/program/serve_sasl.h"

namespace startle::program {
namespace {

using namespace cases;
using words::Mode;
using words::Protocol;

std::string what_there_is() {
  return comma_separated(words::kProtocols) + ", a file, or one of `startle list`";
}

std::string no_case(const std::string& what, const Catalogue& catalogue) {
  constexpr std::array<std::string_view, 6> kOthers{"imap", "imaps", "pop3",
                                                    "http", "https", "ftp"};
  if (std::find(kOthers.begin(), kOthers.end(), what) != kOthers.end()) {
    return "there is no fake server of " + what + ": write " + what_there_is();
  }
  std::vector<std::string> ids(words::kProtocols.begin(), words::kProtocols.end());
  for (const Case& single : catalogue.cases()) ids.push_back(single.id);
  const std::string_view near =
      nearest(what, std::vector<std::string_view>(ids.begin(), ids.end()));
  return "`" + what + "` is no case: " +
         (near.empty() ? "write " : "did you mean `" + std::string(near) + "`? Write ") +
         what_there_is();
}

// "smtp and ldap"
std::string every_protocol() {
  const Words all = words::kProtocols;
  return comma_separated(all.first(all.size() - 1)) + " and " + std::string(all.back());
}

// "trust-model" as the user has written it: --trust-model, or the member trust_model.
std::string option(const ServeRequest& request, std::string name) {
  if (request.by_options) return "--" + name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// `protocol`: nothing where either will do.
Mode mode_for(const ServeRequest& request, std::optional<Protocol> protocol) {
  if (request.mode.empty()) {
    return words::mode_of(protocol.value_or(Protocol::smtp), words::Tls::starttls);
  }
  std::string words;
  for (const words::ModeRow& row : words::kModeRows) {
    // What a client demands that is to be caught giving something away.
    if (row.tls == words::Tls::none || (protocol && row.protocol != *protocol)) continue;
    if (row.word == request.mode) return row.value;
    words += (words.empty() ? "" : ", ") + std::string(row.word);
  }
  throw Error(Fault::usage,
              option(request, "mode") + " " + request.mode + " is not one of: " + words);
}

template <class E>
E word_of(const ServeRequest& request, const char* name, const std::string& given) {
  return option_word<E>(option(request, name), given);
}

// The cells of `matrix` whose ids hold the axis=value pairs of `id`: few, or one, of thousands.
Matrix narrowed(Matrix matrix, const std::string& id) {
  for (Axis& axis : matrix.axes) {
    const auto is_named = [&](const Change& value) {
      return (id + "/").find("/" + axis.name + "=" + value.id + "/") != std::string::npos;
    };
    const auto named = std::find_if(axis.values.begin(), axis.values.end(), is_named);
    if (named != axis.values.end()) axis.values = {Change(*named)};
  }
  return matrix;
}

words::TrustModel trust_model_of(const ServeRequest& request) {
  if (request.trust_model.empty()) return words::TrustModel::pkix;
  return word_of<words::TrustModel>(request, "trust-model", request.trust_model);
}

std::optional<words::TlsPolicy> tls_policy_of(const ServeRequest& request) {
  if (request.tls_policy.empty()) return std::nullopt;
  return word_of<words::TlsPolicy>(request, "tls-policy", request.tls_policy);
}

Exchange asked_of_client(Exchange exchange, bool single) {
  const fake::User& user = exchange.users.front();
  if (!single || !exchange.username) exchange.username = user.name;
  // The secret of a single case is what it says of it: none, where all of it is public.
  if (!single || !exchange.password) {
    exchange.password = user.password;
    exchange.secret = user.password;
  }
  if (!single) exchange.sender = user.senders.front();
  return exchange;
}

// Whether the server says what no case has it say, or says it to a client that judges another
// certificate than the case speaks of.
bool has_own_words(const Exchange& exchange, const ServeRequest& request) {
  const bool added =
      !request.replies.empty() || request.mechanisms.has_value() || !request.sasl_lie.empty();
  const fake::SaslScript& sasl = exchange.script.sasl;
  const bool scripted = !exchange.script.deviations.empty() || sasl.mechanisms || sasl.in_clear ||
                        sasl.result || sasl.iterations || sasl.lie != fake::SaslLie::none ||
                        !sasl.hidden.empty() || !sasl.unknown.empty();
  const bool shows_another = !request.certificate.empty() || !request.certificate_file.empty();
  return added || (shows_another && scripted);
}

// Each of the two is of no use alone, and beside a certificate of the catalogue.
void check_files(const ServeRequest& request) {
  const std::string file = option(request, "certificate-file");
  const std::string key = option(request, "key-file");
  if (request.key_file.empty()) {
    throw Error(Fault::usage,
                file + " needs " + key + ": the private key of its first certificate");
  }
  if (request.certificate_file.empty()) {
    throw Error(Fault::usage, key + " needs " + file + ": the certificate that the key belongs to");
  }
  if (!request.certificate.empty()) {
    throw Error(Fault::usage, option(request, "certificate") + " and " + file +
                                  " do not go together: one server shows one certificate");
  }
}

ServerExpectation expected_of_client(const Exchange& asked, bool own_words,
                                     const oracle::Facts& facts) {
  ServerExpectation expected{expectation_of(asked, facts), own_words};
  if (!own_words || must_be_refused(expected.endings)) return expected;
  expected.endings.clear();
  expected.reason =
      "the server's words are your own: whatever they lead to, no invariant may be broken";
  return expected;
}

}  // namespace

Offers::Offers(std::chrono::sys_seconds clock, const certs::MintOptions& options, Clock machine)
    : catalogue_(Catalogue::load()),
      machine_(std::move(machine)),
      began_(machine_()),
      mint_(clock, options) {}

std::chrono::sys_seconds Offers::clock() const {
  return mint_.clock() + (machine_() - began_);
}

const Offers::Brought& Offers::read(const std::string& file) {
  const auto known = files_.find(file);
  if (known != files_.end()) return known->second;
  const std::size_t before = catalogue_.recipe_ids().size();
  Brought brought{.id = catalogue_.add_file(file).front()};
  brought.certificate = catalogue_.recipe_ids().size() > before;
  return files_.emplace(file, std::move(brought)).first->second;
}

Exchange Offers::selected(const ServeRequest& request, const std::string& id,
                          const std::string& host, std::uint64_t seed) const {
  Plan plan{.globs = {id},
            .models = {trust_model_of(request)},
            .tls_policy = tls_policy_of(request),
            .host = host,
            .seed = seed};
  for (const Case& single : catalogue_.cases()) {
    if (glob_matches(id, single.id)) plan.cases.push_back(single);
  }
  for (const Matrix& matrix : catalogue_.matrices()) plan.matrices.push_back(narrowed(matrix, id));
  Selection selection(std::move(plan));
  auto found = selection.next();
  if (!found) throw Error(Fault::usage, no_case(id, catalogue_));
  if (found->id != id) {
    throw Error(Fault::usage, "`" + id + "` is more than one case (the first is " + found->id +
                                  "): write " + what_there_is());
  }
  if (is_of_a_process(*found)) {
    throw Error(Fault::usage, "`" + id +
                                  "` is about several connections of one client process, which "
                                  "`startle run` alone makes: write " +
                                  what_there_is());
  }
  if (!found->left_out.empty()) {
    throw Error(Fault::usage, option(request, "tls-policy") + " " + request.tls_policy +
                                  " is nothing to judge `" + id + "` by: " + found->left_out);
  }
  if (!request.mode.empty()) {
    throw Error(Fault::usage, option(request, "mode") + " is for " + every_protocol() +
                                  ": the case `" + id + "` is of the mode " +
                                  std::string(word(found->mode)));
  }
  return *std::move(found);
}

Exchange Offers::exchange_for(const ServeRequest& request) {
  if (request.what.empty()) {
    throw Error(Fault::usage, "serve what? Write " + what_there_is());
  }
  const auto protocol = from_word<Protocol>(request.what);
  const std::string host =
      request.name.value_or(std::string(row_of(protocol.value_or(Protocol::smtp)).example_host));
  check_host_name(host, option(request, "name"));
  const std::uint64_t seed = std::random_device{}();
  const auto well_behaved = [&](std::string id) {
    Setup setup{.mode = mode_for(request, protocol)};
    setup.tls_policy = tls_policy_of(request).value_or(setup.tls_policy);
    // What a client gives away that may go on in clear, it is to be seen to give away.
    setup.script.accepts_in_clear = words::may_do_without_tls(setup.mode, setup.tls_policy);
    return make_exchange(setup, std::move(id), host, {.trust = trust_model_of(request)}, seed);
  };
  if (protocol) return well_behaved(request.what);
  if (!is_file(request.what)) return selected(request, request.what, host, seed);
  const Brought& brought = read(request.what);
  if (!brought.certificate) return selected(request, brought.id, host, seed);
  const Mode mode = mode_for(request, std::nullopt);
  Exchange made = well_behaved(std::string(word(words::protocol_of(mode))));
  made.certificate = brought.id;
  return made;
}

void Offers::change(Exchange& exchange, const ServeRequest& request) const {
  if (!request.certificate.empty()) exchange.certificate = request.certificate;
  if (!request.persona.empty()) {
    const words::ProtocolRow& protocol = row_of(words::protocol_of(exchange.mode));
    if (!protocol.is_directory) {
      throw Error(Fault::usage, option(request, "persona") + " is for LDAP servers: `" +
                                    request.what + "` speaks " + std::string(protocol.title));
    }
    exchange.persona = word_of<fake::Persona>(request, "persona", request.persona);
  }
  if (request.mechanisms) {
    set_mechanisms(exchange, *request.mechanisms, option(request, "mechanisms"));
  }
  if (!request.sasl_lie.empty()) {
    set_lie(exchange, request.sasl_lie, option(request, "sasl-lie"), option(request, "mechanisms"));
  }
  const std::string reply_option = request.by_options ? "--reply" : "replies";
  for (const ServeRequest::Reply& reply : request.replies) {
    fake::Deviation deviation = deviation_of(reply, exchange, reply_option);
    std::erase_if(exchange.script.deviations,
                  [&](const fake::Deviation& d) { return d.at == deviation.at; });
    exchange.script.deviations.push_back(std::move(deviation));
  }
}

// Nobody here knows whom the client trusts: what is right of it is not told, but what it must give
// to nobody is looked for as ever.
ServeOffer Offers::offer_own(const ServeRequest& request) {
  check_files(request);
  OwnCertificate own = read_own_certificate(request.certificate_file, request.key_file);
  ServeRequest named = request;
  if (!named.name) {
    if (own.host.empty()) {
      throw Error(Fault::usage,
                  request.certificate_file +
                      " presents no name that a client could be told: give one with " +
                      option(request, "name"));
    }
    named.name = own.host;
  }
  Exchange exchange = exchange_for(named);
  const bool single = exchange.stated.has_value();
  change(exchange, named);
  ServeOffer made{.asked = asked_of_client(exchange, single),
                  .chain = std::move(own.chain),
                  .client = mint_.client(exchange.client_certificate, exchange.client_name)};
  const bool own_words = has_own_words(exchange, named);
  made.asked.stated.reset();
  made.asked.why.clear();
  made.expected = expected_of_client(made.asked, own_words, made.chain->facts);
  made.expected.endings.clear();
  made.expected.untold =
      "the certificate is your own, and whom your client trusts is not known here";
  made.shown = [chain = made.chain] { return chain; };
  made.exchange = std::move(exchange);
  return made;
}

ServeOffer Offers::offer(const ServeRequest& request) {
  if (!request.certificate_file.empty() || !request.key_file.empty()) return offer_own(request);
  Exchange exchange = exchange_for(request);
  const bool single = exchange.stated.has_value();
  change(exchange, request);
  const certs::Recipe& recipe = catalogue_.recipe(exchange.certificate);
  if (const std::string why = certs::inapplicable(recipe, exchange.host); !why.empty()) {
    throw Error(Fault::usage, option(request, "certificate") + " " + recipe.id +
                                  " cannot be shown to clients of " + exchange.host + ": " + why);
  }
  const auto given = clock();
  ServeOffer made{.asked = asked_of_client(exchange, single),
                  .chain = mint_.chain_at(recipe, exchange.host, {given, given}),
                  .client = mint_.client(exchange.client_certificate, exchange.client_name)};
  const bool own_words = has_own_words(exchange, request);
  if (own_words || !request.certificate.empty()) {
    made.asked.stated.reset();  // the case speaks of other words, or of another certificate
    made.asked.why.clear();
  }
  made.expected = expected_of_client(made.asked, own_words, made.chain->facts);
  made.expected.untold = certs::bound_to_the_clock(recipe);
  made.expected.as_told = request.as_told;
  made.shown = [this, &recipe, host = exchange.host, given] {
    return mint_.chain_at(recipe, host, {.given = given, .now = clock()});
  };
  made.exchange = std::move(exchange);
  return made;
}

}  // namespace startle::program
