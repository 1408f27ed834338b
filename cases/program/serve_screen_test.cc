#include "cases/program/serve_screen.h"

#include <gtest/gtest.h>

namespace startle::program {
namespace {

report::Json ready() {
  return {{"event", "ready"},
          {"case", "smtp"},
          {"protocol", "smtp"},
          {"mode", "smtp-starttls"},
          {"address", "127.0.0.1"},
          {"port", 2525},
          {"name", "smtp.example.test"},
          {"ca", "/a/ca.pem"},
          {"truststore", "/a/truststore.jks"},
          {"truststore_password", "changeit"},
          {"username", "sender"},
          {"password", "secret"},
          {"bind_dn", nullptr},
          {"expected", {"delivered", "certificate-expired"}},
          {"reason", "r"}};
}

TEST(ServeScreen, HasSixLinesAndACommand) {
  EXPECT_EQ(ready_screen(ready()),
            "server    smtp, smtp-starttls, at 127.0.0.1:2525\n"
            "name      smtp.example.test\n"
            "trust     /a/ca.pem (for Java /a/truststore.jks, password changeit)\n"
            "user      sender, password secret\n"
            "right is  delivered or certificate-expired: r\n"
            "then      a line of JSON for each connection; Ctrl-C ends the server\n"
            "try       openssl s_client -connect 127.0.0.1:2525 -starttls smtp -servername "
            "smtp.example.test -verify_hostname smtp.example.test -verify_return_error -CAfile "
            "/a/ca.pem\n");
}

TEST(ServeScreen, OfImplicitTlsAtAnAddressAndOfADirectory) {
  report::Json directory = ready();
  directory.update({{"case", "ldap"},
                    {"protocol", "ldap"},
                    {"mode", "ldaps"},
                    {"name", "127.0.0.1"},
                    {"bind_dn", "cn=a"},
                    {"expected", report::Json::array()}});
  const std::string screen = ready_screen(directory);
  EXPECT_NE(screen.find("user      cn=a, password secret\nright is  r\n"), std::string::npos);
  EXPECT_NE(screen.find("openssl s_client -connect 127.0.0.1:2525 -verify_ip 127.0.0.1 "
                        "-verify_return_error"),
            std::string::npos)
      << screen;
}

}  // namespace
}  // namespace startle::program
