#include "harness/diagnosis/advice.h"

#include <algorithm>

#include "harness/oracle/trust_value.h"

namespace startle::diagnosis {
namespace {

using words::TrustModel;

bool is_mail(const Server& server) {
  return words::row_of(words::protocol_of(server.mode)).is_mail;
}

// Nothing outside a configuration has such an attribute.
bool has_trust_attribute(const Server& server) {
  return !server.where.empty() || server.trust.has_value();
}

bool reads_trust(const Evidence& evidence) {
  return has_trust_attribute(evidence.server) && evidence.stated != TrustModel::jndi;
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

std::string in_place(const Server& server) {
  return server.where.empty() ? "give" : "in " + server.where + " write";
}

std::string host_of(const Evidence& evidence) {
  return evidence.server.host.empty() ? "the host of the configuration" : evidence.server.host;
}

// A name that the certificate has and that no wildcard stands in; nullptr: it has none.
const std::string* plain_name(const Evidence& evidence) {
  if (!evidence.shown) return nullptr;
  const auto& names = evidence.shown->chain.front().names;
  const auto found = std::ranges::find_if(
      names, [](const std::string& name) { return name.find('*') == std::string::npos; });
  return found == names.end() ? nullptr : &*found;
}

// To reach the server by a name that its certificate has.
std::optional<Advice> other_name(const Evidence& evidence) {
  const std::string* name = plain_name(evidence);
  if (name == nullptr) return std::nullopt;
  const std::string& where = evidence.server.where;
  return Advice{.text = (where.empty() ? "reach the server as " + *name
                                       : "in " + where + " write url=\"" + *name + "\"") +
                        ", where that name leads to the same server"};
}

}  // namespace

std::string name_of(const Server& server) {
  if (server.host.empty()) return "the server";
  const bool ipv6 = server.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

bool trust_cures(TrustModel model, Trouble trouble) {
  if (model == TrustModel::jndi) return false;
  if (oracle::is_documented(model)) return trouble == Trouble::path || trouble == Trouble::name;
  if (words::has_literal_list(model)) return trouble == Trouble::path;
  return trouble == Trouble::name;
}

std::string trust_to_write(const Evidence& evidence, bool with_certificate) {
  std::string written = evidence.server.trust.value_or("");
  std::ranges::replace_if(
      written, [](char c) { return c == ',' || c == ';'; }, ' ');
  std::vector<std::string> names;
  for (const oracle::Token& token : oracle::tokens_of(written)) {
    using enum oracle::TokenKind;
    if (token.kind == host_name || token.kind == ip_address) add(names, token.text);
  }
  if (!evidence.server.host.empty()) add(names, evidence.server.host);
  if (const std::string* name = with_certificate ? plain_name(evidence) : nullptr) {
    add(names, *name);
  }
  std::string value;
  for (const std::string& name : names) value += (value.empty() ? "" : " ") + name;
  return value;
}

std::optional<Advice> write_trust(const Evidence& evidence, Trouble trouble) {
  const Server& server = evidence.server;
  if (!reads_trust(evidence) || !trust_cures(evidence.stated, trouble)) return std::nullopt;
  const std::string value = trust_to_write(evidence, trouble == Trouble::name);
  if (value.empty() || value == server.trust) return std::nullopt;
  Advice advice{.text = in_place(server) + " trust=\"" + value + "\""};
  if (trouble == Trouble::name) {
    advice.text += ": the name that the certificate is issued to, besides the host";
  } else if (is_mail(server)) {
    advice.text +=
        ": letter for letter the host of url. The page reads it as the names that a certificate is "
        "trusted for, JavaMail as the hosts whose certificate it does not validate";
  }
  return advice;
}

std::optional<Advice> import_anchor(const Evidence& evidence) {
  if (!evidence.shown || evidence.shown->import.empty()) return std::nullopt;
  return Advice{.text =
                    "import the certificate into the store that the product reads, once its "
                    "operator has told the fingerprint",
                .commands = evidence.shown->import};
}

Advice request_certificate(const Evidence& evidence, const std::string& which) {
  return {.text = "ask the owner of " + name_of(evidence.server) + " for a certificate " + which +
                  "; its subjectAltName is to hold " + host_of(evidence)};
}

std::optional<Advice> trust_anybody(const Evidence& evidence) {
  if (!reads_trust(evidence) || evidence.server.trust == "*") return std::nullopt;
  return Advice{.text = in_place(evidence.server) +
                        " trust=\"*\": it mends nothing, and whoever stands between reads the "
                        "password and the mail",
                .hides = true};
}

std::vector<Advice> changes_for(const Evidence& evidence, Trouble trouble,
                                const std::string& which_certificate) {
  std::vector<Advice> all;
  if (auto trust = write_trust(evidence, trouble)) all.push_back(*std::move(trust));
  if (trouble == Trouble::path) {
    if (auto import = import_anchor(evidence)) all.push_back(*std::move(import));
  }
  if (trouble == Trouble::name) {
    if (auto name = other_name(evidence)) all.push_back(*std::move(name));
  }
  all.push_back(request_certificate(evidence, which_certificate));
  if (auto anybody = trust_anybody(evidence)) all.push_back(*std::move(anybody));
  return all;
}

// ---- what to send next -------------------------------------------------------------------------

std::string fetch_command(const Evidence& evidence, const std::string& file) {
  const Server& server = evidence.server;
  const words::ModeRow& row = words::row_of(server.mode);
  std::string command = "openssl s_client ";
  if (row.tls != words::Tls::implicit) {
    command += "-starttls " + std::string(words::row_of(row.protocol).word) + " ";
  }
  command += "-connect " + word_for(evidence.shell, name_of(server)) + " -showcerts " +
             (evidence.shell == Shell::cmd ? "<NUL" : "</dev/null");
  if (!file.empty()) command += " >" + path_for(evidence.shell, file);
  return command;
}

std::string list_processes(const Evidence& evidence) {
  return evidence.shell == Shell::cmd ? "wmic process get commandline" : "ps -eo args";
}

Advice ask_chain(const Evidence& evidence) {
  if (evidence.server.host.empty()) {
    return {.text = "the host and the port of the server, as the product is told them"};
  }
  const std::string file = evidence.server.host + ".pem";
  Advice advice{.text = "what the server shows, written on the machine of the product",
                .commands = {fetch_command(evidence, file)}};
  if (!evidence.repeated.empty()) {
    advice.commands.push_back(evidence.repeated + " --chain " + path_for(evidence.shell, file));
  }
  return advice;
}

Advice ask_log(const Evidence& evidence) {
  Advice advice{.text =
                    "the product's log from the failure on, with the whole stack trace and each "
                    "`Caused by`"};
  if (evidence.server.where.empty() && evidence.server.host.empty()) return advice;
  advice.text += "; where there is none, that of Java with -Djavax.net.debug=ssl:handshake";
  return advice;
}

std::vector<Advice> ask_for_missing(const Evidence& evidence) {
  std::vector<Advice> all;
  if (!evidence.log) all.push_back(ask_log(evidence));
  if (!evidence.shown && !evidence.server.is_in_clear()) all.push_back(ask_chain(evidence));
  if (evidence.server.where.empty() && evidence.server.host_is_guess) {
    all.push_back({.text = "the product's configuration: schedule.xml, or the host, the port and "
                           "the kind of TLS that its pages show"});
  }
  if (!evidence.has_store && !evidence.server.is_in_clear()) {
    all.push_back({.text = "the store that the product reads: its Java's lib/security/cacerts, or "
                           "the file of -Djavax.net.ssl.trustStore; and what that holds",
                   .commands = {"keytool -list -cacerts -storepass changeit"}});
  }
  return all;
}

}  // namespace startle::diagnosis
