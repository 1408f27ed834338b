#include "cases/program/diagnose/step_sentences.h"

#include <algorithm>
#include <string_view>

#include "cases/program/diagnose/server_speech.h"
#include "certs/shown_chain.h"
#include "harness/base/printable.h"
#include "harness/tls/alert.h"

namespace startle::program {
namespace {

using client::Phase;
using words::Ending;

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& one : items) text += (text.empty() ? "" : ", ") + one;
  return text;
}

// The first octets of what a server said, to be shown.
std::string excerpt(std::string_view octets) {
  constexpr std::size_t kMost = 60;
  const std::string_view line = octets.substr(0, octets.find_first_of("\r\n"));
  const std::string_view shown = line.empty() ? octets : line;
  return "`" + printable(shown.substr(0, kMost)) + (shown.size() > kMost ? "..`" : "`");
}

std::string_view protocol_title(words::Mode mode) {
  return words::row_of(words::protocol_of(mode)).title;
}

bool speaks_as_configured(Speech speech, words::Mode mode) {
  const bool directory = words::row_of(words::protocol_of(mode)).is_directory;
  return speech == (directory ? Speech::ldap : Speech::smtp);
}

bool speaks_tls_first(const SeenServer& seen, const SecondLook& second) {
  return speech_of(seen.first_octets) == Speech::tls || second.other_way == Speech::tls;
}

// What a server said that speaks in lines of text.
std::string quoted(Speech speech, std::string_view octets) {
  const bool is_binary =
      speech == Speech::ldap || speech == Speech::mysql || speech_of(octets) != speech;
  return is_binary ? "" : ": " + excerpt(octets);
}

}  // namespace

// ---- the way to the server ---------------------------------------------------------------------

std::string resolution_sentence(const std::string& host,
                                const std::vector<std::string>& addresses) {
  if (addresses.size() == 1 && (addresses.front() == host || "[" + addresses.front() + "]" == host))
    return host + " is an address: there is nothing to resolve";
  if (addresses.empty()) return host + " was reached";
  return host + (addresses.size() == 1 ? " has the address " : " has the addresses ") +
         listed(addresses);
}

std::string connection_sentence(const std::vector<net::Attempt>& attempts) {
  const auto connected =
      std::ranges::find(attempts, net::AttemptEnd::connected, &net::Attempt::end);
  if (connected == attempts.end()) return "connected";
  return "connected to " + net::host_and_port(connected->to.address, connected->to.port);
}

std::string no_connection_sentence(const SeenServer& seen) {
  const std::string& why = seen.outcome.sentence;
  const auto all = [&seen](std::string_view word) {
    return std::ranges::all_of(seen.attempts, [word](const net::Attempt& one) {
      return one.why.find(word) != std::string::npos;
    });
  };
  if (seen.not_connected == net::ConnectStep::deadline) {
    return why + ": a firewall drops the connection, or the host is down";
  }
  if (all("refused")) {
    return why + ": the host answers, and no service listens on the port";
  }
  if (all("unreachable") || all("no route")) {
    return why + ": no route leads from this machine to the server's network";
  }
  return why;
}

std::vector<std::string> attempt_lines(const std::vector<net::Attempt>& attempts) {
  std::vector<std::string> lines;
  for (const net::Attempt& one : attempts) {
    if (one.end == net::AttemptEnd::failed) lines.push_back(one.to.address + ": " + one.why);
    if (one.end == net::AttemptEnd::unanswered) lines.push_back(one.to.address + ": no answer");
  }
  return lines;
}

// ---- what it says ------------------------------------------------------------------------------

std::string speech_sentence(const Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const bool in_clear = !seen.met_certificate;
  const std::string protocol(protocol_title(probe.mode));
  if (seen.flooded) return seen.outcome.sentence;
  if (in_clear && speaks_tls_first(seen, second)) {
    return "the port speaks TLS from the first octet, and waits for the client to begin: it is no "
           "port on which " +
           protocol + " begins in clear";
  }
  const Speech speech = in_clear ? speech_of(seen.first_octets) : Speech::nothing;
  const Speech found = speech == Speech::nothing ? second.other_way : speech;
  const bool foreign = found != Speech::nothing && found != Speech::unknown &&
                       !speaks_as_configured(found, probe.mode);
  if (foreign) {
    return std::string(title_of(found)) + " speaks on this port, not " + protocol +
           quoted(found, seen.first_octets);
  }
  if (seen.outcome.ending == Ending::protocol_error && speech == Speech::unknown) {
    return "what speaks on this port is not " + protocol + ": it begins with " +
           excerpt(seen.first_octets);
  }
  return seen.outcome.sentence;
}

std::string offers_sentence(words::Mode mode, const SeenServer& seen) {
  const bool tls_first = words::is_implicit_tls(mode);
  const auto& offers = tls_first ? seen.offers_in_tls : seen.offers;
  const bool directory = words::row_of(words::protocol_of(mode)).is_directory;
  const std::string starttls(words::row_of(words::protocol_of(mode)).starttls);
  if (!offers) {
    return directory ? "the root DSE cannot be read here, which does not keep a client from asking"
                     : "the server knows no EHLO";
  }
  std::string said = directory
                         ? "the root DSE lists " +
                               counted(offers->size(), "extended operation", "extended operations")
                         : "EHLO is answered with " + counted(offers->size(), "line", "lines");
  if (words::row_of(mode).tls != words::Tls::starttls) return said;
  if (seen.offers_starttls) return said + ", " + starttls + " among them";
  return said + ", and the server hides whether it knows " + starttls;
}

std::string no_starttls_sentence(words::Mode mode, const std::vector<std::string>& offers) {
  if (words::row_of(words::protocol_of(mode)).is_directory) {
    return "the server does not offer StartTLS: supportedExtension of its root DSE lacks "
           "1.3.6.1.4.1.1466.20037";
  }
  for (const std::string& one : offers) {
    std::string rewriter = rewriter_of_starttls(one);
    if (!rewriter.empty()) return "the server does not offer STARTTLS: " + rewriter;
  }
  return "the server does not offer STARTTLS on this port";
}

std::string behind_sentence(const std::string& octets) {
  return "the server sent " + counted(octets.size(), "octet", "octets") +
         " in clear behind its go-ahead, which somebody on the way may have put there (response "
         "injection): " +
         excerpt(octets);
}

// ---- TLS ---------------------------------------------------------------------------------------

std::string tls_sentence(const client::Outcome& outcome) {
  std::string said = outcome.tls_version + " with " + outcome.tls_cipher;
  if (!outcome.tls_group.empty()) said += ", key exchange by " + outcome.tls_group;
  return said;
}

std::string no_tls_sentence(const Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const client::Outcome& outcome = seen.outcome;
  if (seen.flooded) return seen.outcome.sentence;
  if (!second.old_version.empty()) {
    return "the server speaks " + second.old_version +
           " and nothing later, which no client of today accepts (RFC 8996)";
  }
  if (words::is_implicit_tls(probe.mode)) {
    const Speech first = speech_of(seen.first_octets);
    const Speech found = first == Speech::nothing ? second.other_way : first;
    const bool plain = found != Speech::nothing && found != Speech::unknown && found != Speech::tls;
    if (plain) {
      return std::string(title_of(found)) + " speaks on this port, not TLS" +
             quoted(found, seen.first_octets);
    }
    if (outcome.ending == Ending::protocol_error && first == Speech::unknown) {
      return "what speaks on this port is not TLS: it begins with " + excerpt(seen.first_octets);
    }
  }
  if (outcome.ending == Ending::timeout) {
    return "the server did not answer the handshake in time: " + outcome.sentence;
  }
  if (outcome.ending == Ending::connection_lost) {
    return "the connection was lost in the handshake: " + outcome.sentence;
  }
  const auto number = tls::alert_number(outcome.alert_received);
  const std::string_view meaning = number ? tls::alert_meaning(*number) : "";
  return outcome.sentence + (meaning.empty() ? "" : ": " + std::string(meaning));
}

std::string certificates_sentence(const std::vector<std::string>& chain, bool readable) {
  if (!readable) return "the server's certificate cannot be read";
  return counted(chain.size(), "certificate was sent", "certificates were sent") + ", of " +
         certs::subject_text(chain.front()) + (chain.size() > 1 ? " first" : "");
}

std::string mechanisms_sentence(words::Mode mode, const SeenServer& seen) {
  const bool directory = words::row_of(words::protocol_of(mode)).is_directory;
  const std::string where = words::demands_tls(mode) ? " inside TLS" : "";
  if (!seen.mechanisms.empty()) {
    return "the server offers " + listed(seen.mechanisms) + where;
  }
  if (directory) return "the server offers no SASL mechanism" + where + ": a simple bind remains";
  return "the server offers no AUTH" + where;
}

}  // namespace startle::program
