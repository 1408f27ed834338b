#include "harness/messages/ask.h"

#include <algorithm>
#include <string_view>

#include "harness/base/text.h"

namespace startle::messages {
namespace {

// A name that a shell takes as it stands, and no placeholder of a log.
bool is_host(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.find('.') != std::string_view::npos &&
         std::ranges::all_of(name,
                             [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

struct Server {
  std::string host{};
  std::string port{};
  bool is_mail = true;
  bool is_implicit = false;

  std::string address() const { return host + ":" + port; }
  std::string scheme() const {
    return std::string(is_mail ? "smtp" : "ldap") + (is_implicit ? "s" : "");
  }
  std::string s_client(const std::string& more) const {
    return "openssl s_client -connect " + address() +
           (is_implicit ? "" : std::string(" -starttls ") + (is_mail ? "smtp" : "ldap")) +
           " -servername " + host + more + " </dev/null";
  }
};

Server server_of(words::Protocol protocol, const std::vector<Fact>& facts) {
  const words::ProtocolRow& row = row_of(protocol);
  Server made{.host = row.is_directory ? "ldap.example.com" : "mail.example.com",
              .port = std::to_string(mode_row(protocol, words::Tls::starttls).port),
              .is_mail = row.is_mail};
  for (const Fact& fact : facts) {
    if (fact.name == "host" && is_host(fact.value)) made.host = fact.value;
    if (fact.name == "port" && fact.value.size() <= 5) made.port = fact.value;
  }
  made.is_implicit = made.port == std::to_string(mode_row(protocol, words::Tls::implicit).port);
  return made;
}

std::string of_certificate(const Server& server, const std::string& shown) {
  return "`" + server.s_client("") + " | openssl x509 -noout " + shown + "`";
}

}  // namespace

std::string sentence_of(Ask ask, words::Protocol protocol, const std::vector<Fact>& facts) {
  const Server server = server_of(protocol, facts);
  switch (ask) {
    case Ask::chain:
      return "the certificates that the server shows, as a file: `" +
             server.s_client(" -showcerts") + "`";
    case Ask::names:
      return "the server's name as it is configured, and the names of its certificate: " +
             of_certificate(server, "-subject -ext subjectAltName");
    case Ask::dates:
      return "the dates of the server's certificate, " + of_certificate(server, "-dates") +
             ", and the clock of the client's machine, `date -u`";
    case Ask::java_store:
      return "what Java trusts: `keytool -list -cacerts -storepass changeit`, with the keytool of "
             "the very Java that the product runs on; of Allegra, TRACKPLUS_HOME/keystore too";
    case Ask::store:
      return "the file or folder of authorities that the client trusts; where OpenSSL looks for "
             "them says `openssl version -d`";
    case Ask::configuration:
      return "the client's configuration of that server, schedule.xml for example, without the "
             "password";
    case Ask::capabilities:
      return server.is_mail ? "what the server offers before TLS: `curl -sv --max-time 10 smtp://" +
                                  server.address() + "`"
                            : "what the server offers: `ldapsearch -x -H " + server.scheme() +
                                  "://" + server.address() + " -s base -b '' supportedExtension`";
    case Ask::tls_versions:
      return "which versions of TLS the server takes: `" + server.s_client(" -tls1_2") +
             "`, and so with -tls1_3";
    case Ask::revocation:
      return "where the certificate's revocation is told: " +
             of_certificate(server, "-ext crlDistributionPoints,authorityInfoAccess");
    case Ask::network:
      return "whether the client's machine reaches the port: `curl -sv --connect-timeout 10 "
             "--max-time 10 telnet://" +
             server.address() + " </dev/null`";
    case Ask::credentials:
      return "from the server's owner, whether this user may log in with a password there, and by "
             "which mechanism; never the password itself";
    case Ask::sender:
      return "from the server's owner, whether this user may send from that address, and to that "
             "recipient";
    case Ask::server_log:
      return "the server's own log of the same minute";
    case Ask::java_debug:
      return "the same once more with -Djavax.net.debug=ssl:handshake added to the product's "
             "start, the log from the connection on";
    case Ask::verbose:
      return "the same once more with the client's most talkative setting (-v, --verbose, "
             "mail.debug), lines of AUTH left out";
    case Ask::whole_log:
      return "the whole log from the connection on, of a stack trace every `Caused by`";
    case Ask::versions:
      return "the versions of the client, of its TLS library and of its runtime";
  }
  return "";
}

}  // namespace startle::messages
