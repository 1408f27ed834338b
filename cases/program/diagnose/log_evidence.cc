#include "cases/program/diagnose/log_evidence.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "cases/engine/catalogue.h"
#include "harness/base/error.h"
#include "harness/messages/log_verdict.h"

namespace startle::program {
namespace {

messages::LogVerdict verdict_of(const std::string& file) {
  const auto signatures =
      messages::Signatures::read(cases::Catalogue::clients_folder() / "messages");
  if (file == "-") return messages::read_log(std::cin, signatures);
  // A device may never end.
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  const bool is_odd = std::filesystem::exists(status) &&
                      !std::filesystem::is_regular_file(status) &&
                      !std::filesystem::is_fifo(status);
  if (is_odd) throw Error(Fault::input, file + ": is not a file");
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw Error(Fault::input, file + ": cannot be read: " + std::generic_category().message(errno));
  }
  return messages::read_log(in, signatures);
}

// What a message calls the server; the names of a certificate are none of its own.
bool is_host(const messages::Fact& fact) {
  return fact.name == "host" || fact.name == "address";
}

// Java's TLS, or one of its libraries.
bool is_javas(const std::string& signature_id) {
  const std::string family = signature_id.substr(0, signature_id.find('/'));
  return family == "java" || family == "javamail" || family == "jndi";
}

std::uint16_t port_of(const std::string& digits) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return failed == std::errc{} && end == digits.data() + digits.size() ? port : std::uint16_t{0};
}

}  // namespace

LogEvidence read_log_evidence(const std::string& file) {
  const messages::LogVerdict verdict = verdict_of(file);
  LogEvidence evidence{.logged = {.file = file == "-" ? "standard input" : file}};
  diagnosis::Logged& logged = evidence.logged;
  const messages::Recognised* known = verdict.recognised();
  if (known == nullptr) return evidence;
  logged.line = static_cast<long>(known->line);
  logged.text = known->text;
  logged.protocol = known->protocol;
  logged.client = known->printed_by;
  logged.is_java = is_javas(known->signature_id);
  for (const messages::Ranked& ranked : known->endings) logged.endings.push_back(ranked.ending);
  for (const messages::Mention& mention : known->besides) {
    logged.besides.push_back(mention.text);
    logged.is_java = logged.is_java || is_javas(mention.signature_id);
  }
  for (const messages::Fact& fact : known->facts) {
    if (fact.name == "port") evidence.hints.port = port_of(fact.value);
    if (!is_host(fact)) continue;
    // "mail.example.test:587", of which an IPv6 address has more than one colon
    std::string host = fact.value;
    const std::size_t colon = host.find(':');
    if (colon != std::string::npos && colon == host.rfind(':')) {
      evidence.hints.port = port_of(host.substr(colon + 1));
      host.erase(colon);
    }
    if (host.empty() || std::ranges::find(logged.hosts, host) != logged.hosts.end()) continue;
    logged.hosts.push_back(std::move(host));
  }
  if (!logged.hosts.empty()) evidence.hints.host = logged.hosts.front();
  evidence.hints.protocol = logged.protocol;
  return evidence;
}

}  // namespace startle::program
