#include "cases/program/diagnose/subjects.h"

#include <algorithm>

#include "cases/program/given_url.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/customer/schedule/given_host.h"

namespace startle::program {
namespace {

constexpr std::size_t kMostBytes = 16 << 20;

Subjects of_file(const std::string& file) {
  Subjects subjects{.source = Subjects::Source::file, .file = file};
  const std::string content = read_file(file, kMostBytes);
  try {
    subjects.schedule = customer::parse_schedule(file, content);
  } catch (const Error& e) {
    std::string_view lines = e.what();
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      subjects.refusals.emplace_back(lines.substr(0, end));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }
  return subjects;
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
         std::to_string(port);
}

Subjects of_server(const std::string& host, std::uint16_t port, words::Mode mode,
                   const std::string& option) {
  Subjects subjects{.source = Subjects::Source::url, .file = option};
  subjects.schedule = customer::hosts_given({host_and_port(host, port)}, mode, option);
  return subjects;
}

Subjects guessed(const Hints& hints) {
  const auto protocol = hints.protocol.value_or(words::Protocol::smtp);
  words::Mode mode = words::mode_of(protocol, words::Tls::starttls);
  const words::Mode implicit = words::mode_of(protocol, words::Tls::implicit);
  if (hints.port == words::row_of(implicit).port) mode = implicit;
  const std::string host = hints.host.empty() ? "unnamed.invalid" : hints.host;
  const std::uint16_t port = hints.port != 0 ? hints.port : words::row_of(mode).port;
  Subjects subjects = of_server(host, port, mode, "the evidence");
  subjects.source = Subjects::Source::guess;
  subjects.knows_host = !hints.host.empty();
  subjects.knows_mode = hints.protocol.has_value();
  return subjects;
}

}  // namespace

std::string Subjects::where(const customer::Entry& entry) const {
  return source == Source::file ? file + ":" + std::to_string(entry.line) : "";
}

std::vector<Subjects> subjects_of(const DiagnoseRequest& request, const Hints& hints) {
  std::vector<Subjects> all;
  for (const std::string& what : request.what) {
    if (what.find("://") == std::string::npos) {
      all.push_back(of_file(what));
    } else {
      const GivenUrl url = parse_given_url(what);
      all.push_back(of_server(url.host, url.port, url.mode, what));
    }
  }
  if (all.empty()) all.push_back(guessed(hints));
  for (Subjects& subjects : all) {
    for (customer::Entry& entry : subjects.schedule.entries) {
      if (request.trust) entry.trust = request.trust;
    }
  }
  return all;
}

}  // namespace startle::program
