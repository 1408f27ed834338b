#include "harness/customer/home/shown_text.h"

namespace startle::customer {

std::string why_none(const std::string& text) {
  const auto says = [&](const char* what) { return text.find(what) != std::string::npos; };
  constexpr const char* kOtherPort =
      "no TLS was spoken. Where the port speaks STARTTLS, s_client wants -starttls smtp or "
      "-starttls ldap";
  if (says("idn't find STARTTLS in server response") || says("Unexpected LDAP response")) {
    return "says that the server does not offer STARTTLS: name the port that does, or one that "
           "speaks TLS from the first octet, without -starttls";
  }
  if (says("wrong version number") || says("record layer failure")) {
    return std::string("says `wrong version number`: ") + kOtherPort;
  }
  if (says("Name or service not known") || says("nodename nor servname") ||
      says("No such host is known") || says("emporary failure in name resolution")) {
    return "says that the host's name was not resolved: name one that this machine knows, or its "
           "address with -servername HOST";
  }
  if (says("connect:errno=") || says("Connection refused") || says("Connection timed out")) {
    return "says that there was no connection: name a host and port that can be reached from this "
           "machine, and look at the firewall";
  }
  if (says("alert handshake failure") || says("alert protocol version") ||
      says("alert internal error") || says("alert unrecognized name")) {
    return "says that the server refused the handshake before it showed a certificate: try "
           "-servername HOST, or a protocol version that it speaks, -tls1_2";
  }
  if (says("no peer certificate available")) {
    return std::string("says `no peer certificate available`: ") + kOtherPort;
  }
  return "";
}

std::string kind_of_text(const std::string& text, const std::string& how_to_write) {
  const auto says = [&](const char* what) { return text.find(what) != std::string::npos; };
  if (text.find_first_not_of(" \t\n") == std::string::npos) {
    return "is empty, as s_client leaves it where there was no connection: " + how_to_write;
  }
  if (says("Certificate #0\n") || says("\nCertificate fingerprints:")) {
    return "is what keytool -printcert prints for people, without a certificate: add -rfc "
           "(keytool -printcert -sslserver HOST:PORT -rfc)";
  }
  if (says("Certificate:\n") && says("Data:\n")) {
    return "is what openssl x509 -text -noout prints, without the certificate: leave -noout out";
  }
  if (says("Certificate chain\n")) {
    return "is what s_client printed, and its certificates were taken out: leave it whole, as they "
           "hold no secret";
  }
  return "holds no certificate: " + how_to_write;
}

}  // namespace startle::customer
