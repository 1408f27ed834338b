#include "cases/program/usage_advice.h"

#include <algorithm>
#include <iterator>

namespace startle::program {
namespace {

struct Example {
  std::string_view of{};
  std::string_view text{};
};

constexpr Example kCommands[] = {
    {"startle", "startle run"},
    {"startle certs", "startle certs show expired"},
    {"startle certs show", "startle certs show expired"},
    {"startle certs export", "startle certs export certificates"},
    {"startle explain", "startle explain smtp/injection/reply-after-go-ahead"},
    {"startle compare", "startle compare old.json new.json"},
    {"startle explain", "startle explain --log trace.txt"},
    {"startle merge", "startle merge 1.jsonl 2.jsonl --report junit=startle.xml"},
};

// By the option, or what --help calls its value.
constexpr Example kValues[] = {
    {"--cacerts", "cacerts"},
    {"--cacerts-password-file", "password.txt"},
    {"--client", "builtin"},
    {"--config", "conf/schedule.xml"},
    {"--keylog", "startle.keys"},
    {"--log", "trace.txt"},
    {"--pcap", "startle.pcapng"},
    {"--store-password-file", "password.txt"},
    {"ADDR:PORT", "127.0.0.1:2525"},
    {"DATE", "2026-11-21"},
    {"DIR", "/opt/trackplus"},
    {"FORMAT", "pkcs12"},
    {"HOST", "mail.example.com"},
    {"HOST:PORT", "mail.example.com:465"},
    {"HOST=FILE", "mail.example.com=shown.pem"},
    {"I/N", "1/3"},
    {"ID", "expired"},
    {"KIND", "tcp"},
    {"KIND[=FILE]", "junit=startle.xml"},
    {"LIE", "wrong-signature"},
    {"LIST", "PLAIN"},
    {"MODE", "smtp-starttls"},
    {"MODEL", "documented"},
    {"N", "1"},
    {"PERSONA", "active-directory"},
    {"POINT=TEXT|CODE", "starttls=454"},
    {"S", "60"},
    {"SEVERITY", "leak"},
    {"SUITE", "full"},
};

std::string_view text_of(const Example* begin, const Example* end, std::string_view of) {
  const Example* found = std::find_if(begin, end, [&](const Example& e) { return e.of == of; });
  return found == end ? std::string_view() : found->text;
}

// `{value}`: the word behind the option, or `otherwise`.
struct Advice {
  std::string_view command{};
  std::string_view option{};
  std::string_view text{};
  std::string_view otherwise{};
};

constexpr Advice kAdvice[] = {
    {"startle run", "--file", "write --config {value}", "schedule.xml"},
    {"startle run", "--output", "write --report junit={value}", "startle.xml"},
    {"startle run", "--quiet", "write --report text=/dev/null", ""},
    {"startle run", "--threads", "write --jobs {value}", "4"},
    {"startle run", "-o", "write --report junit={value}", "startle.xml"},
    {"startle serve", "--address", "write --listen {value}:2525", "127.0.0.1"},
    {"startle serve", "--bind", "write --listen {value}:2525", "127.0.0.1"},
    {"startle serve", "--host",
     "--name {value} says whom its certificate is issued to, --listen 127.0.0.1:2525 where it "
     "listens",
     "mail.example.com"},
    {"startle serve", "--key",
     "its keys are its own: `startle certs list` names the certificates "
     "of --certificate",
     ""},
    {"startle serve", "--password",
     "user and password are in the line that it prints when it is ready", ""},
    {"startle serve", "--port", "write --listen 127.0.0.1:{value}", "2525"},
    {"startle serve", "--protocol", "write `startle serve {value}`", "smtp"},
    {"startle serve", "--user", "user and password are in the line that it prints when it is ready",
     ""},
    {"startle serve", "-p", "write --listen 127.0.0.1:{value}", "2525"},
};

struct Apart {
  std::string_view one{};
  std::string_view other{};
  std::string_view why{};
};

constexpr Apart kApart[] = {
    {"--config", "--host", "the hosts are those of the file, so leave --host out"},
    {"--config", "--name", "the hosts are those of the file, so leave --name out"},
    {"--host", "--name", "the hosts are those of --host, so leave --name out"},
};

}  // namespace

std::string_view example_of(std::string_view command) {
  return text_of(std::begin(kCommands), std::end(kCommands), command);
}

std::string_view example_of_value(std::string_view option, std::string_view value) {
  const std::string_view own = text_of(std::begin(kValues), std::end(kValues), option);
  return own.empty() ? text_of(std::begin(kValues), std::end(kValues), value) : own;
}

std::string advice_on(std::string_view command, std::string_view option, const std::string& value) {
  for (const Advice& row : kAdvice) {
    if (row.command != command || row.option != option) continue;
    std::string text(row.text);
    constexpr std::string_view kPlace = "{value}";
    const std::size_t at = text.find(kPlace);
    const bool usable = !value.empty() && value.front() != '-';
    if (at != std::string::npos) {
      text.replace(at, kPlace.size(), usable ? value : std::string(row.otherwise));
    }
    return text;
  }
  return "";
}

std::string_view reason_apart(std::string_view one, std::string_view other) {
  for (const Apart& row : kApart) {
    if ((row.one == one && row.other == other) || (row.one == other && row.other == one)) {
      return row.why;
    }
  }
  return "leave one of them out";
}

}  // namespace startle::program
