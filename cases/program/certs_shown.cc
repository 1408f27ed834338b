#include "cases/program/certs_shown.h"

#include <filesystem>
#include <sstream>

#include "cases/engine/customer_host.h"
#include "cases/program/certs_json.h"
#include "cases/program/commands.h"
#include "cases/program/machine_anchors.h"
#include "certs/shown_chain.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/printable.h"
#include "harness/customer/home/shown_file.h"
#include "harness/customer/store/store.h"
#include "harness/oracle/host_name.h"

namespace startle::program {
namespace {

using report::Json;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// A wildcard is nobody's name.
std::string first_host(const oracle::PresentedIdentity& presented, const std::string& file) {
  std::vector<std::string> names = presented.dns_names;
  names.insert(names.end(), presented.ip_addresses.begin(), presented.ip_addresses.end());
  if (!presented.has_san()) names.push_back(presented.common_name);
  for (const std::string& name : names) {
    if (oracle::is_host_name(name) || oracle::address_octets(name)) return name;
  }
  throw Error(Fault::usage,
              file + " presents no name that a client could be told: give one with --name HOST");
}

// As a recipe's page has them; whom it names stands above.
std::vector<std::pair<std::string, std::string>> unlike_valid(const oracle::Facts& facts) {
  const Json told = facts_json(facts);
  const Json usual = facts_json({.presented = facts.presented, .certificates = facts.certificates});
  std::vector<std::pair<std::string, std::string>> differing;
  for (const auto& [name, value] : told.items()) {
    if (value == usual.at(name)) continue;
    differing.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return differing;
}

}  // namespace

bool is_shown_file(const std::string& what) {
  std::error_code ignored;
  if (what.ends_with(".xml") || !std::filesystem::is_regular_file(what, ignored)) return false;
  return customer::may_show_certificates(read_file(what, customer::kLargestStore));
}

ShownFile read_shown_for(const std::string& file, const std::optional<std::string>& host) {
  ShownFile made{.file = file, .der = customer::read_shown_file(file)};
  const auto machine = machine_anchors();
  made.facts = certs::read_facts(made.der, machine->der);
  made.anchors = machine->described();
  made.host_given = host.has_value();
  made.host = host ? *host : first_host(made.facts.presented, file);
  check_host_name(made.host);
  return made;
}

std::string drawing_of(const ShownFile& shown, bool color) {
  std::ostringstream out;
  const auto bold = [color](const std::string& text) {
    return color ? "\033[1m" + text + "\033[0m" : text;
  };
  out << "certificate   " << bold(printable(shown.file)) << " (what a server shows)\n"
      << "judged for    " << shown.host
      << (shown.host_given ? "" : ", the first name it presents: --name HOST judges for another")
      << "\n\n"
      << bold("What is sent, end entity first") << '\n';
  for (std::size_t i = 0; i < shown.der.size(); ++i) {
    std::string number = std::to_string(i + 1);
    for (const auto& [name, text] : certs::described(shown.der[i])) {
      out << padded(number, 3) << padded(name, 13) << text << '\n';
      number.clear();
    }
  }
  out << '\n' << bold("Facts that differ from those of `valid`") << '\n';
  const auto differing = unlike_valid(shown.facts);
  for (const auto& [name, text] : differing) out << "  " << padded(name, 22) << text << '\n';
  if (differing.empty()) out << "  none\n";
  out << "\ntrust anchors " << shown.anchors << "\n\n"
      << bold("What a client makes of it") << " that is told to reach " << shown.host
      << ", with trust=\"" << shown.host << "\" (" << told_trust() << ") or without trust\n";
  for (const ModelEndings& one : endings_of(shown.facts, shown.host)) {
    out << "  " << padded(std::string(word(one.model)), kModelWidth) << bold(list_of(one.endings))
        << "\n              " << printable(one.reason) << '\n';
  }
  out << "  by the rules alone: no client met it, as nobody here has the server's key\n";
  return out.str();
}

Json shown_json(const ShownFile& shown) {
  Json sent = Json::array();
  for (const std::string& der : shown.der) {
    Json one;
    for (const auto& [name, text] : certs::described(der)) one[name] = text;
    sent.push_back(std::move(one));
  }
  return {{"file", shown.file},
          {"name", shown.host},
          {"trust_anchors", shown.anchors},
          {"certificates", std::move(sent)},
          {"endings", endings_json(endings_of(shown.facts, shown.host))},
          {"facts", facts_json(shown.facts)}};
}

}  // namespace startle::program
