#include "harness/customer/schedule/given_host.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/base/error.h"
#include "harness/customer/schedule/host_form.h"

namespace startle::customer {
namespace {

using words::Mode;

Mode mode_of_port(std::uint16_t port) {
  struct Known {
    std::uint16_t port;
    Mode mode;
  };
  // 3268 and 3269: the global catalogue of Active Directory.
  constexpr std::array kKnown{Known{389, Mode::ldap_starttls}, Known{3268, Mode::ldap_starttls},
                              Known{636, Mode::ldaps}, Known{3269, Mode::ldaps},
                              Known{465, Mode::smtps}};
  const auto* const known = std::find_if(kKnown.begin(), kKnown.end(),
                                         [port](const Known& one) { return one.port == port; });
  return known == kKnown.end() ? Mode::smtp_starttls : known->mode;
}

std::uint16_t port_of(const std::string& text, const std::string& said) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc() || end != text.data() + text.size() || port == 0) {
    throw Error(Fault::usage, said + " names no port from 1 to 65535 behind its last colon");
  }
  return port;
}

Entry entry_of(const std::string& given, std::optional<Mode> mode, const std::string& option) {
  const std::string said = option + " " + given;
  const std::size_t colon = given.rfind(':');
  if (colon == std::string::npos || colon == 0 || given.find("://") != std::string::npos) {
    throw Error(Fault::usage, said + " is not HOST:PORT, for example mail.example.com:465");
  }
  std::string host = given.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (!in_brackets && host.find(':') != std::string::npos) {
    throw Error(Fault::usage,
                said + " is an IPv6 address without brackets: write [2001:db8::1]:636");
  }
  const HostForm form = host_form(host);
  if (!form.complaint.empty()) {
    throw Error(Fault::usage, option + " `" + host + "` " + form.complaint);
  }
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const std::uint16_t port = port_of(given.substr(colon + 1), said);
  const words::ModeRow& row = words::row_of(mode.value_or(mode_of_port(port)));
  Entry entry{.file = option,
              .protocol = row.protocol,
              .tls = row.tls,
              .host = std::move(host),
              .port = port};
  if (words::row_of(row.protocol).is_submission) {
    entry.email = "user@example.com";
    if (row.tls != Tls::none) {
      entry.username = "user@example.com";
      entry.password = "a password";
    }
  }
  return entry;
}

}  // namespace

Schedule hosts_given(const std::vector<std::string>& given, std::optional<Mode> mode,
                     const std::string& option) {
  Schedule schedule;
  for (const std::string& one : given) {
    Entry entry = entry_of(one, mode, option);
    const bool is_there = std::any_of(
        schedule.entries.begin(), schedule.entries.end(),
        [&](const Entry& other) { return other.host == entry.host && other.port == entry.port; });
    if (is_there) throw Error(Fault::usage, option + " " + one + " is given twice");
    entry.line = static_cast<long>(schedule.entries.size()) + 1;
    schedule.entries.push_back(std::move(entry));
  }
  return schedule;
}

}  // namespace startle::customer
