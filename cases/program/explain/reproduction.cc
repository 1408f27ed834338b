#include "cases/program/explain/reproduction.h"

#include <algorithm>

#include "cases/engine/judge_process.h"
#include "cases/program/certs_json.h"
#include "harness/base/shell_word.h"
#include "harness/oracle/host_name.h"

namespace startle::program {
namespace {

using cases::Exchange;
using Who = DrawnLine::Who;

// The member of the ready event, which is the first line of ready.json.
std::string member(const std::string& name, const char* value) {
  return "\"$(sed -n '1s/.*\"" + name + "\":" + value + ".*/\\1/p' ready.json)\"";
}
std::string text_member(const std::string& name) {
  return member(name, "\"\\([^\"]*\\)\"");
}

std::vector<std::string> served_lines(const std::string& served) {
  return {"rm -f ready.json; startle serve " + served + " --once >ready.json &",
          "until [ -s ready.json ]; do sleep 0.1; done"};
}

bool begins_in_clear(const Exchange& exchange) {
  return !words::is_implicit_tls(exchange.mode);
}

std::string outcome(std::optional<bool> refuses, const std::string& accepted,
                    const std::string& ending) {
  if (!refuses) return "what becomes of the handshake; " + ending;
  if (*refuses) return "it refuses, with another status than 0 and the reason";
  return accepted;
}

// What both tools do with a case of the handshake.
std::optional<bool> refused(certs::Library library, const Exchange& exchange,
                            const certs::Recipe& recipe) {
  const bool faulty = exchange.script.profile || !exchange.script.taps.empty() ||
                      exchange.script.tls != tls::Versions::all ||
                      !exchange.script.deviations.empty();
  if (faulty) return std::nullopt;
  return refused_by(library, recipe, exchange.host);
}

Reproduction by_openssl(const Exchange& exchange, const certs::Recipe& recipe,
                        const std::string& served) {
  const bool address = oracle::address_octets(exchange.host).has_value();
  const std::string protocol(words::row_of(words::protocol_of(exchange.mode)).word);
  Reproduction made{.tool = "openssl", .lines = served_lines(served)};
  made.lines.push_back("openssl s_client -connect 127.0.0.1:" + member("port", "\\([0-9]*\\)") +
                       (begins_in_clear(exchange) ? " -starttls " + protocol : "") +
                       (address ? " -verify_ip " + shell_word(exchange.host)
                                : " -servername " + shell_word(exchange.host) +
                                      " -verify_hostname " + shell_word(exchange.host)) +
                       " -verify_return_error -CAfile " + text_member("ca") + " </dev/null");
  made.refuses = refused(certs::Library::openssl, exchange, recipe);
  if (made.refuses == false) made.prints = "Verify return code: 0 (ok)";
  made.shows = outcome(made.refuses, "it accepts: Verify return code: 0 (ok)",
                       "s_client looks at no revocation list, and at no staple, by itself");
  return made;
}

Reproduction by_gnutls(const Exchange& exchange, const certs::Recipe& recipe,
                       const std::string& served) {
  const std::string protocol(words::row_of(words::protocol_of(exchange.mode)).word);
  Reproduction made{.tool = "gnutls-cli", .lines = served_lines(served)};
  made.lines.push_back("gnutls-cli --port " + member("port", "\\([0-9]*\\)") +
                       (begins_in_clear(exchange) ? " --starttls-proto=" + protocol : "") +
                       " --sni-hostname " + shell_word(exchange.host) + " --verify-hostname " +
                       shell_word(exchange.host) + " --x509cafile " + text_member("ca") +
                       " --priority NORMAL:%PROFILE_MEDIUM 127.0.0.1 </dev/null");
  made.refuses = refused(certs::Library::gnutls, exchange, recipe);
  made.shows = outcome(made.refuses, "it accepts: - Status: The certificate is trusted.",
                       "its words are those of GnuTLS");
  return made;
}

// ---- a socket of Python's ----------------------------------------------------------------------

// What Python sends for a command that was drawn; empty: it takes more than a line of text.
class PythonCommands {
 public:
  explicit PythonCommands(const Exchange& exchange) : exchange_(exchange) {}

  std::string of(const std::string& drawn) {
    if (drawn.starts_with("AUTH")) return login(R"(b"AUTH PLAIN " + login + b"\r\n")");
    if (drawn == "<message>") return R"(b"Subject: a test\r\n\r\nHello.\r\n.\r\n")";
    if (drawn.starts_with("bind")) return bind();
    if (drawn == "search root DSE") {
      return message(
          R"(bytes.fromhex("632004000a01000a0100020100020100010100870b6f626a656374436c6173733000"))");
    }
    if (drawn.starts_with("extended ")) {
      const std::string oid = drawn.substr(9, drawn.find(' ', 9) - 9);
      return message("ber(0x77, ber(0x80, b\"" + oid + "\"))");
    }
    if (drawn.starts_with("search ")) {
      return message(
          "ber(0x63, ber(4, b\"" + exchange_.base +
          R"(") + bytes.fromhex("0a01020a0100020100020100010100870b6f626a656374436c6173733000")))");
    }
    if (drawn == "unbind") return message(R"(b"\x42\x00")");
    return "b\"" + drawn + R"(\r\n")";
  }
  bool needs_login() const { return needs_login_; }
  bool needs_ber() const { return id_ > 0; }

 private:
  static bool is_plain_text(const std::optional<std::string>& text) {
    return !text || std::all_of(text->begin(), text->end(), [](char c) {
      return c >= ' ' && c <= '~' && c != '"' && c != '\\';
    });
  }
  bool fits_one_length() const {
    return is_plain_text(exchange_.username) && is_plain_text(exchange_.password) &&
           exchange_.username.value_or("").size() + exchange_.password.value_or("").size() < 80;
  }
  bool is_simple() const {
    return exchange_.script.sasl.lie == fake::SaslLie::none && exchange_.username &&
           exchange_.password && fits_one_length();
  }
  std::string login(const std::string& line) {
    const std::string offered = exchange_.script.sasl.mechanisms.value_or("PLAIN");
    const bool plain = exchange_.mechanism.value_or("PLAIN") == "PLAIN" &&
                       (" " + offered + " ").find(" PLAIN ") != std::string::npos;
    if (!plain || !is_simple()) return "";
    needs_login_ = true;
    return line;
  }
  std::string bind() {
    if (exchange_.mechanism || !is_simple()) return "";
    return message(
        R"(ber(0x60, ber(2, b"\x03") + ber(4, ready["bind_dn"].encode()) + ber(0x80, ready["password"].encode())))");
  }
  std::string message(const std::string& operation) {
    return "ber(0x30, ber(2, b\"\\x0" + std::to_string(++id_) + "\") + " + operation + ")";
  }

  const Exchange& exchange_;
  int id_ = 0;
  bool needs_login_ = false;
};

// What the server says first at its last deviation, where that is short, plain and whole.
std::string said_there(const std::vector<DrawnLine>& drawn) {
  std::string said;
  bool before = false;
  for (const DrawnLine& line : drawn) {
    const bool counts = line.deviates && line.who == Who::server;
    if (counts && !before) said = line.text;
    before = line.deviates;
  }
  const bool plain = std::all_of(said.begin(), said.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '\\' && c != '\'' && c != '"';
  });
  const bool whole =
      said.find(" octets)") == std::string::npos && said.find("(no CRLF)") == std::string::npos;
  return plain && whole ? said : "";
}

std::optional<Reproduction> by_socket(const Exchange& exchange, const std::vector<DrawnLine>& drawn,
                                      const std::string& served) {
  const auto last = std::find_if(drawn.rbegin(), drawn.rend(),
                                 [](const DrawnLine& line) { return line.deviates; });
  if (last == drawn.rend()) return std::nullopt;
  const bool directory = words::row_of(words::protocol_of(exchange.mode)).is_directory;
  PythonCommands commands(exchange);
  std::vector<std::string> body;
  bool waits = false;
  const auto read = [&] {
    if (waits) body.emplace_back("print(s.recv(65536))");
    waits = false;
  };
  for (auto line = drawn.begin(); line != last.base(); ++line) {
    if (line->handshake) {
      read();
      body.emplace_back(
          "s = ssl.create_default_context(cafile=ready[\"ca\"]).wrap_socket(s, "
          "server_hostname=ready[\"name\"])");
    } else if (line->who == Who::client) {
      read();
      const std::string bytes = commands.of(line->text);
      if (bytes.empty()) return std::nullopt;
      body.push_back("s.sendall(" + bytes + ")");
      waits = true;
    } else {
      waits = true;
    }
  }
  read();
  Reproduction made{.tool = "python3", .lines = served_lines(served)};
  const auto add = [&](const char* line) { made.lines.emplace_back(line); };
  add("python3 <<'END'");
  add(commands.needs_login() ? "import base64, json, socket, ssl" : "import json, socket, ssl");
  add("ready = json.loads(open(\"ready.json\").readline())");
  if (commands.needs_ber()) add("ber = lambda tag, body: bytes([tag, len(body)]) + body");
  if (commands.needs_login()) {
    add("login = base64.b64encode((\"\\0\" + ready[\"username\"] + \"\\0\" + "
        "ready[\"password\"]).encode())");
  }
  add("s = socket.create_connection((ready[\"address\"], ready[\"port\"]), 5)");
  made.lines.insert(made.lines.end(), body.begin(), body.end());
  add("END");
  if (!directory) made.prints = said_there(drawn);
  made.shows =
      made.prints.empty()
          ? "each write of the server as Python reads it, or how the connection ends"
          : "each write of the server as Python reads it; among them `" + made.prints + "`";
  return made;
}

bool is_about_tls(const Exchange& exchange, const std::vector<DrawnLine>& drawn) {
  return words::demands_tls(exchange.mode) && exchange.script.deviations.empty() &&
         std::any_of(drawn.begin(), drawn.end(),
                     [](const DrawnLine& line) { return line.handshake; });
}

}  // namespace

namespace {

// gnutls-cli builds paths and compares names in ways of its own (it goes by the common name where
// there is nothing else to compare): its answer is known for the plain chain, and for plain
// reasons.
bool is_plain(const certs::Recipe& recipe, const std::string& host, words::Ending ending) {
  const oracle::PresentedIdentity names = certs::facts_of(recipe, host).presented;
  if (names.dns_names.empty() && names.ip_addresses.empty()) return false;
  const certs::Recipe usual = certs::valid_recipe();
  const bool usual_chain = recipe.intermediates == usual.intermediates && recipe.extras.empty() &&
                           recipe.sent.empty() && recipe.root == usual.root;
  return usual_chain &&
         (words::is_success(ending) ||
          (words::is_certificate_ending(ending) && ending != words::Ending::validation_failure));
}

}  // namespace

std::optional<bool> refused_by(certs::Library library, const certs::Recipe& recipe,
                               const std::string& host) {
  for (const certs::Disagreement& one : recipe.disagreements) {
    if (one.library == library) return one.says != "accepts";
  }
  const bool by_its_own_clock = !certs::bound_to_the_clock(recipe).empty();
  if (recipe.revocation_list || recipe.staple || by_its_own_clock) return std::nullopt;
  for (const ModelEndings& of : endings_of(recipe, host)) {
    if (of.model != words::TrustModel::pkix) continue;
    const auto succeeds = std::count_if(of.endings.begin(), of.endings.end(), words::is_success);
    if (library == certs::Library::gnutls && !is_plain(recipe, host, of.endings.front())) break;
    if (succeeds == 0) return true;
    if (succeeds == static_cast<std::ptrdiff_t>(of.endings.size())) return false;
  }
  return std::nullopt;
}

std::vector<Reproduction> reproductions_of(const Exchange& exchange,
                                           const std::vector<DrawnLine>& drawn,
                                           const certs::Recipe& recipe, const std::string& served,
                                           const std::string& run) {
  std::vector<Reproduction> all;
  if (!served.empty() && is_about_tls(exchange, drawn)) {
    all.push_back(by_openssl(exchange, recipe, served));
    all.push_back(by_gnutls(exchange, recipe, served));
  } else if (!served.empty()) {
    if (auto made = by_socket(exchange, drawn, served)) all.push_back(std::move(*made));
  }
  if (!run.empty()) {
    all.push_back({.tool = "startle",
                   .lines = {"startle run " + run + " --dialogue"},
                   .shows = "the built-in client, and what it says",
                   .refuses = false});
  }
  return all;
}

}  // namespace startle::program
