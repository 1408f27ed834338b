// How an exchange ended that was seen, or that a log tells of, where no certificate is to blame
// that was given.

#include <algorithm>
#include <array>

#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/judgement.h"

namespace startle::diagnosis {
namespace {

using words::Ending;

// {server}: host and port; {host}; {starttls}: as the protocol spells it; {where}: the place in the
// configuration, or "the configuration".
struct Row {
  Ending ending{};
  std::string_view cause{};
  std::string_view answer{};
  std::string_view change{};  // lines, each an advice
  enum class Next { connection, dialogue, chain, log } next{};
};
constexpr std::array kRows{
    Row{Ending::delivered_in_clear, "delivered-in-clear",
        "the mail goes out in clear: {server} offers no {starttls}, and the client goes on without",
        "demand TLS of the client: mail.smtp.starttls.required=true\n"
        "ask the owner of {server} to offer {starttls}",
        Row::Next::dialogue},
    Row{Ending::starttls_not_supported, "starttls-not-offered",
        "{server} does not offer {starttls}",
        "ask the owner of {server} which port offers {starttls}, and write that port in {where}: "
        "{clear-port}\n"
        "where the port begins with TLS, as {tls-port} does, write ssl=\"true\" in {where} in "
        "place "
        "of starttls=\"true\"",
        Row::Next::dialogue},
    Row{Ending::starttls_refused, "starttls-refused",
        "{server} offers {starttls} and refuses to begin it",
        "ask the owner of {server} for what its log says of that moment: mostly it cannot read its "
        "certificate or its key",
        Row::Next::dialogue},
    Row{Ending::protocol_error, "protocol-error",
        "what {server} says is not the protocol that the client speaks",
        "compare the port in {where} with the server's own page: one that begins with TLS answers "
        "nothing in clear, and one that begins in clear no TLS",
        Row::Next::dialogue},
    Row{Ending::certificate_host_mismatch, "host-mismatch",
        "the certificate of {server} is not issued to the name that the client looks for",
        "ask the owner of {server} for a certificate whose subjectAltName holds {host}",
        Row::Next::chain},
    Row{Ending::certificate_expired, "certificate-expired",
        "the certificate of {server}, or one that it depends on, has expired",
        "ask the owner of {server} for a certificate that is valid today; its subjectAltName is to "
        "hold {host}",
        Row::Next::chain},
    Row{Ending::certificate_not_yet_valid, "certificate-not-yet-valid",
        "the certificate of {server} is not valid yet by the clock of the client's machine",
        "compare the clock of the client's machine with another\n"
        "ask the owner of {server} for a certificate that is valid today",
        Row::Next::chain},
    Row{Ending::certificate_not_trusted, "certificate-not-trusted",
        "the client finds no path from the certificate of {server} to an authority that it trusts",
        "import what {server} shows, once its owner has told the fingerprint, into the store that "
        "the product reads\n"
        "ask the owner of {server} for a certificate of a known authority, sent with its "
        "intermediates; its subjectAltName is to hold {host}",
        Row::Next::chain},
    Row{Ending::certificate_revoked, "certificate-revoked",
        "the certificate of {server} is revoked",
        "ask the owner of {server} for a certificate with a new key; its subjectAltName is to hold "
        "{host}",
        Row::Next::chain},
    Row{Ending::certificate_wrong_purpose, "certificate-wrong-purpose",
        "the certificate of {server} is not issued for TLS servers",
        "ask the owner of {server} for a certificate whose extended key usage has serverAuth; its "
        "subjectAltName is to hold {host}",
        Row::Next::chain},
    Row{Ending::validation_failure, "certificate-invalid",
        "the client cannot validate the certificate of {server}",
        "compare the trust store that the product reads with a copy of it that opens\n"
        "ask the owner of {server} for a certificate that keeps RFC 5280, of RSA 2048 bits or "
        "P-256",
        Row::Next::chain},
    Row{Ending::handshake_failure, "handshake-failure",
        "TLS with {server} fails before any certificate is refused: the two have no version, "
        "cipher or group in common, or what answers is no TLS",
        "bring the older of the two to TLS 1.2 at least: Java 8u261 and later have TLS 1.3\n"
        "compare the port in {where} with the server's own page: one that begins in clear answers "
        "no TLS",
        Row::Next::connection},
    Row{Ending::auth_rejected, "auth-rejected",
        "{server} takes the connection and refuses the user's name or password",
        "compare the user's name and password in {where} with what its owner has given, and set "
        "them anew; where the account has a second factor, an application password",
        Row::Next::log},
    Row{Ending::auth_unavailable, "auth-unavailable",
        "{server} offers no way to authenticate that the client takes",
        "ask the owner of {server} which port and which mechanisms are for clients that "
        "authenticate: {clear-port}, or {tls-port} with TLS from the first octet",
        Row::Next::dialogue},
    Row{Ending::sender_not_authorized, "sender-not-authorized",
        "{server} takes the user and does not let it send from the configured address",
        "ask the owner of {server} to let the user of {where} send as the address of email, or "
        "write an address there that it owns",
        Row::Next::log},
    Row{Ending::message_rejected, "message-rejected",
        "{server} takes the sender and refuses the message",
        "read the reply: it names the recipient, the size or the content that is refused",
        Row::Next::log},
    Row{Ending::refused_by_server, "refused-by-server",
        "{server} refuses this client before anything is asked of it",
        "ask the owner of {server} to let the address of the product's machine in",
        Row::Next::dialogue},
    Row{Ending::throttled, "throttled",
        "{server} puts this client off: it has come too often, or the server is busy",
        "wait, and ask the owner of {server} for the limit of connections per client",
        Row::Next::log},
    Row{Ending::configuration_error, "client-configuration",
        "the client ends before it connects to {server}: its own configuration is mistaken",
        "mend what the message names in {where}", Row::Next::log},
    Row{Ending::not_connected, "server-unreachable", "no connection to {server} comes about",
        "compare host and port in {where} with the server's own page\n"
        "ask whoever runs the network to let the product's machine reach {server}",
        Row::Next::connection},
    Row{Ending::connection_lost, "connection-lost",
        "{server}, or something on the way to it, ends the connection in the middle",
        "ask the owner of {server} for what its log says of that moment\n"
        "look for a firewall or a virus scanner on the way that breaks TLS",
        Row::Next::connection},
    Row{Ending::timeout, "timeout", "{server} does not answer in time",
        "compare host and port in {where} with the server's own page: a client that begins in "
        "clear waits for an answer that a port which begins with TLS never sends\n"
        "ask whoever runs the network whether a firewall on the way drops what it does not know",
        Row::Next::connection},
    Row{Ending::refused, "refused", "the client refuses {server} and does not say why",
        "raise the client's own log level", Row::Next::log},
    Row{Ending::crashed, "crashed", "the client has crashed",
        "bring the client to its latest version", Row::Next::log},
};

const Row* row_of(Ending ending) {
  const auto found = std::ranges::find(kRows, ending, &Row::ending);
  return found == kRows.end() ? nullptr : &*found;
}

// Where a server of the protocol awaits clients that begin in clear, as its owner is likely to have
// it.
std::string clear_port(words::Protocol protocol) {
  return protocol == words::Protocol::smtp
             ? "587"  // RFC 6409, 3.1: 25 is for mail between servers
             : std::to_string(words::mode_row(protocol, words::Tls::starttls).port);
}

std::string tls_port(words::Protocol protocol) {
  return std::to_string(words::mode_row(protocol, words::Tls::implicit).port);
}

std::string filled(std::string_view text, const Evidence& evidence) {
  const Server& server = evidence.server;
  const words::Protocol protocol = words::protocol_of(server.mode);
  const std::array<std::pair<std::string_view, std::string>, 6> values{{
      {"{server}", name_of(server)},
      {"{host}", server.host.empty() ? "the host that the client is told" : server.host},
      {"{starttls}", std::string(words::row_of(protocol).starttls)},
      {"{clear-port}", clear_port(protocol)},
      {"{tls-port}", tls_port(protocol)},
      {"{where}", server.where.empty() ? "the product's configuration" : server.where},
  }};
  std::string result(text);
  for (const auto& [name, value] : values) {
    for (std::size_t at = result.find(name); at != std::string::npos;
         at = result.find(name, at + value.size())) {
      result.replace(at, name.size(), value);
    }
  }
  return result;
}

std::vector<Advice> lines_of(std::string_view text, const Evidence& evidence) {
  std::vector<Advice> all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    all.push_back({.text = filled(text.substr(0, end), evidence)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

// What shows more of the same failure.
std::vector<Advice> ask_about(const Evidence& evidence, Row::Next next) {
  std::vector<Advice> all;
  const bool named = !evidence.server.host.empty();
  const std::string word = word_for(evidence.shell, evidence.server.host);
  switch (next) {
    case Row::Next::connection:
    case Row::Next::dialogue:
      if (!named) break;
      all.push_back({.text = next == Row::Next::dialogue
                                 ? "the dialogue, written on the machine of the product"
                                 : "whether the name and the port answer on the machine of the "
                                   "product",
                     .commands = {"getent hosts " + word, fetch_command(evidence, "")}});
      break;
    case Row::Next::chain:
    case Row::Next::log:
      break;
  }
  for (Advice& more : ask_for_missing(evidence)) {
    if (next != Row::Next::chain && !more.commands.empty()) continue;  // of certificates
    all.push_back(std::move(more));
  }
  return all;
}

std::optional<Claim> claim_of(const Evidence& evidence, Ending ending) {
  const Row* row = row_of(ending);
  if (row == nullptr) return std::nullopt;
  Claim claim{.cause = row->cause, .answer = filled(row->answer, evidence)};
  claim.change = lines_of(row->change, evidence);
  claim.ask = ask_about(evidence, row->next);
  return claim;
}

bool is_port_of_other_kind(const Evidence& evidence) {
  const Server& server = evidence.server;
  const words::Protocol protocol = words::protocol_of(server.mode);
  const bool begins_with_tls = server.port == words::mode_row(protocol, words::Tls::implicit).port;
  return words::is_implicit_tls(server.mode)
             ? server.port == 25 || server.port == 587 || server.port == 389
             : begins_with_tls;
}

}  // namespace

std::optional<Claim> seen_ending(const Evidence& evidence) {
  if (!evidence.seen || words::is_success(evidence.seen->ending) ||
      words::is_certificate_ending(evidence.seen->ending)) {
    return std::nullopt;
  }
  std::optional<Claim> claim = claim_of(evidence, evidence.seen->ending);
  if (!claim) return std::nullopt;
  const std::string& step = evidence.seen->failed_step;
  // The customer's network is another: what they have sent is better evidence of it.
  const bool out_of_reach = step == "resolution" || step == "connection";
  const bool has_better = evidence.log || evidence.shown;
  claim->confidence = !out_of_reach ? Confidence::certain
                      : has_better  ? Confidence::possible
                                    : Confidence::likely;
  claim->rests_on.push_back("a look at the server itself" +
                            (step.empty() ? "" : ", which failed at the step " + step) + ": " +
                            evidence.seen->sentence);
  if (step == "resolution") {
    claim->cause = "host-unknown";
    claim->answer = "nobody knows the name " + evidence.server.host;
    claim->change.front().text =
        "write the server's name as its owner has it in " +
        (evidence.server.where.empty() ? "the product's configuration" : evidence.server.where);
  }
  if (evidence.seen->offers_tls_masked && evidence.seen->ending == Ending::starttls_not_supported) {
    claim->cause = "starttls-masked";
    claim->answer = "something between the client and " + name_of(evidence.server) +
                    " has overwritten the offer of STARTTLS: a firewall or virus scanner that "
                    "wants to read the mail";
    claim->change = {{.text = "have whoever runs the firewall switch its inspection of SMTP off "
                              "for " +
                              name_of(evidence.server) +
                              " (Cisco: no fixup protocol smtp, no inspect esmtp)"}};
  }
  return claim;
}

std::optional<Claim> wrong_port(const Evidence& evidence) {
  if (!evidence.log || evidence.log->endings.empty() || evidence.server.host.empty() ||
      !is_port_of_other_kind(evidence)) {
    return std::nullopt;
  }
  constexpr std::array kEarly{Ending::handshake_failure, Ending::timeout, Ending::not_connected,
                              Ending::connection_lost, Ending::protocol_error};
  const Ending ending = evidence.log->endings.front();
  if (std::ranges::find(kEarly, ending) == kEarly.end()) return std::nullopt;
  std::optional<Claim> claim = claim_of(evidence, ending);
  const bool implicit = words::is_implicit_tls(evidence.server.mode);
  const std::string place = evidence.server.where.empty() ? "the client" : evidence.server.where;
  claim->cause = "wrong-port";
  claim->answer = place +
                  (implicit ? " speaks TLS from the first octet on to a port that begins in clear: "
                            : " speaks in clear to a port that begins with TLS: ") +
                  name_of(evidence.server);
  claim->confidence = Confidence::likely;
  claim->rests_on = {quoted_log(evidence), "the port that " + place + " names"};
  claim->change.clear();
  const words::Protocol protocol = words::protocol_of(evidence.server.mode);
  claim->change.push_back(
      {.text = implicit ? "in " + place +
                              " write starttls=\"true\" in place of ssl=\"true\", and "
                              "leave the port"
                        : "in " + place +
                              " write ssl=\"true\" in place of starttls=\"true\", and "
                              "leave the port"});
  claim->change.push_back({.text = "or leave that, and write the port of the other kind: " +
                                   (implicit ? tls_port(protocol) : clear_port(protocol))});
  return claim;
}

std::optional<Claim> logged_ending(const Evidence& evidence) {
  if (!evidence.log || evidence.log->endings.empty()) return std::nullopt;
  const Ending ending = evidence.log->endings.front();
  if (words::is_success(ending)) return std::nullopt;
  std::optional<Claim> claim = claim_of(evidence, ending);
  if (!claim) return std::nullopt;
  // What is seen today is another thing.
  const bool passes_today = evidence.seen && words::is_success(evidence.seen->ending) &&
                            !words::is_certificate_ending(ending);
  claim->confidence = passes_today ? Confidence::possible : Confidence::likely;
  claim->rests_on.push_back(quoted_log(evidence));
  return claim;
}

}  // namespace startle::diagnosis
