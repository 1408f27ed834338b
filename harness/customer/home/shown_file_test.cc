// What people write of a server's certificates, and how they write it.

#include "harness/customer/home/shown_file.h"

#include <gtest/gtest.h>
#include <openssl/pkcs7.h>

#include <optional>
#include <sstream>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_for_test.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::customer {
namespace {

std::string pem(const std::string& der) {
  return to_pem("CERTIFICATE", der);
}

// As s_client prints a connection, with -showcerts or without.
std::string s_client(bool all) {
  const std::string first = pem(certificate_one());
  return "CONNECTED(00000003)\n---\nCertificate chain\n"
         " 0 s:CN = one.example.test\n   i:CN = two.example.test\n" +
         (all ? first : "") + " 1 s:CN = two.example.test\n   i:CN = two.example.test\n" +
         (all ? pem(certificate_two()) : "") + "---\nServer certificate\n" + (all ? "" : first) +
         "subject=CN = one.example.test\n\nissuer=CN = two.example.test\n---\n"
         "    Start Time: 1 s:x\n 2 s:CN = below the list, in a ticket\nDONE\n";
}

std::string with_crlf(const std::string& text) {
  std::string made;
  for (const char c : text) made += c == '\n' ? "\r\n" : std::string(1, c);
  return made;
}

std::string prefixed(const std::string& prefix, const std::string& text) {
  std::string made;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) made += prefix + line + "\n";
  return made;
}

std::string swapped(std::string units) {
  for (std::size_t i = 0; i + 1 < units.size(); i += 2) std::swap(units[i], units[i + 1]);
  return units;
}

std::string pkcs7(const std::vector<std::string>& ders) {
  const Owned<PKCS7, PKCS7_free> bundle(PKCS7_new());
  PKCS7_set_type(bundle.get(), NID_pkcs7_signed);
  PKCS7_content_new(bundle.get(), NID_pkcs7_data);
  for (const std::string& der : ders) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const Owned<X509, X509_free> one(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    PKCS7_add_certificate(bundle.get(), one.get());
  }
  unsigned char* raw = nullptr;
  const int size = i2d_PKCS7(bundle.get(), &raw);
  std::string made(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
  OPENSSL_free(raw);
  return made;
}

std::string read(const std::string& bytes) {
  try {
    std::string text;
    for (const std::string& der : read_shown(bytes, "x.pem")) {
      text += der == certificate_one() ? "one " : der == certificate_two() ? "two " : "another ";
    }
    return text;
  } catch (const Error& e) {
    return e.what();
  }
}

struct FileRow {
  const char* name;
  std::string bytes;
  std::string expected;
};

void PrintTo(const FileRow& row, std::ostream* out) {
  *out << row.name;
}

std::vector<FileRow> file_rows() {
  const std::string one = pem(certificate_one());
  const std::string two = pem(certificate_two());
  const std::string all = s_client(true);
  return {
      {"pem", one + two, "one two "},
      {"s_client", all, "one two "},
      {"line_ends_of_windows", with_crlf(all), "one two "},
      {"text_around", "Dear all,\n\n" + one + "and its issuer:\n" + two + "Yours\n", "one two "},
      {"byte_order_mark", "\xef\xbb\xbf" + one, "one "},
      {"powershell", "\xff\xfe" + swapped(*utf_16_of_utf_8(with_crlf(all))), "one two "},
      {"utf_16_in_network_order", "\xfe\xff" + *utf_16_of_utf_8(all), "one two "},
      {"printed_again_below", all + one, "one two "},
      {"quoted_in_a_mail", prefixed("> ", all), "one two "},
      {"indented", prefixed("      ", one + two), "one two "},
      {"base64_in_one_line",
       "-----BEGIN CERTIFICATE-----\n" + to_base64(certificate_one()) +
           "\n-----END CERTIFICATE-----\n",
       "one "},
      {"other_labels", to_pem("X509 CRL", "\x30") + one, "one "},
      {"der", certificate_one(), "one "},
      {"base64_of_der", to_base64(certificate_one()) + "\n", "one "},
      {"base64_of_pem", to_base64(one + two), "one two "},
      {"utf_16_without_a_mark", swapped(*utf_16_of_utf_8(one)), "one "},
      {"pkcs7_in_der", pkcs7({certificate_one()}), "one "},
      {"pkcs7_in_pem", to_pem("PKCS7", pkcs7({certificate_one()})), "one "},
  };
}

const std::string kHow =
    "write what the server shows into a new file: openssl s_client -connect HOST:PORT -showcerts "
    "</dev/null >HOST-shown.pem";

std::vector<FileRow> refused_rows() {
  const std::string one = pem(certificate_one());
  const std::string two = pem(certificate_two());
  const std::string all = s_client(true);
  std::string cut = one + two;
  cut.resize(cut.size() - 60);
  return {
      {"without_showcerts", s_client(false),
       "x.pem: lists 2 certificates and holds 1: write it with -showcerts"},
      {"without_showcerts_from_powershell", "\xff\xfe" + swapped(*utf_16_of_utf_8(s_client(false))),
       "x.pem: lists 2 certificates and holds 1: write it with -showcerts"},
      {"one_that_was_not_sent", "Certificate chain\n 0 s:CN = x\n" + one + "---\n" + two,
       "x.pem: lists 1 certificate and holds 2: keep what s_client printed, and no more"},
      {"without_showcerts_in_a_mail", prefixed("> ", s_client(false)),
       "x.pem: lists 2 certificates and holds 1: write it with -showcerts"},
      {"two_connections", all + all,
       "x.pem: holds what s_client printed of 2 connections: keep that of one"},
      {"no_tls", "CONNECTED(00000003)\n---\nno peer certificate available\n---\n",
       "x.pem: says `no peer certificate available`: no TLS was spoken. Where the port speaks "
       "STARTTLS, s_client wants -starttls smtp or -starttls ldap"},
      {"cut_off", cut,
       "x.pem: certificate 2 of this PEM file is cut off or changed: fetch it again"},
      {"half_of_utf_16", "\xff\xfe" + std::string("-"),
       "x.pem: is UTF-16 that is cut off or changed: " + kHow},
      {"nothing", "",
       "x.pem: is empty, as s_client leaves it where there was no connection: " + kHow},
      {"prose", "Please see attached.\n", "x.pem: holds no certificate: " + kHow},
      {"key_store", write(JksForTest{}),
       "x.pem: is a key store (JKS), and not what a server shows: " + kHow},
      {"key_store_of_pkcs12", write(Pkcs12ForTest{}),
       "x.pem: is a key store (PKCS #12), and not what a server shows: " + kHow},
      {"keytool_for_people", "Certificate #0\n====\nOwner: CN=x\nCertificate fingerprints:\n",
       "x.pem: is what keytool -printcert prints for people, without a certificate: add -rfc "
       "(keytool -printcert -sslserver HOST:PORT -rfc)"},
      {"openssl_for_people", "Certificate:\n    Data:\n        Version: 3 (0x2)\n",
       "x.pem: is what openssl x509 -text -noout prints, without the certificate: leave -noout "
       "out"},
      {"certificates_taken_out", "Certificate chain\n 0 s:CN = x\n   i:CN = y\n---\n",
       "x.pem: is what s_client printed, and its certificates were taken out: leave it whole, as "
       "they hold no secret"},
      {"two_servers",
       pem(tls::self_signed({.common_name = "a"})) + pem(tls::self_signed({.common_name = "b"})),
       "x.pem: holds the certificates of two servers, CN=a and CN=b: keep what one of them shows"},
      {"a_key_alone", to_pem("PRIVATE KEY", "\x30"),
       "x.pem: is a PEM file without a certificate (`-----BEGIN CERTIFICATE-----`): name one that "
       "has it"},
      {"no_certificate_inside", pem(*from_hex("3003020101")),
       "x.pem: OpenSSL cannot read its certificate 1: nothing can be said of what is shown"},
  };
}

// Connections that failed, as OpenSSL 1.1.1 and 3.0 print them.
std::vector<FileRow> failed_rows() {
  return {
      {"refused", "connect:errno=111\n",
       "x.pem: says that there was no connection: name a host and port that can be reached from "
       "this machine, and look at the firewall"},
      {"refused_of_openssl_3",
       "4027B3:error:8000006F:system library:BIO_connect:Connection "
       "refused:../crypto/bio/bio_sock2.c:114:calling connect()\n"
       "connect:errno=111\n",
       "x.pem: says that there was no connection: name a host and port that can be reached from "
       "this machine, and look at the firewall"},
      {"unresolved",
       "40:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/"
       "bio_addr.c:738:Name or service not known\nconnect:errno=22\n",
       "x.pem: says that the host's name was not resolved: name one that this machine knows, or "
       "its address with -servername HOST"},
      {"clear_port",
       "CONNECTED(00000003)\n---\nno peer certificate available\n---\n"
       "error:0A00010B:SSL routines:ssl3_get_record:wrong version number\n",
       "x.pem: says `wrong version number`: no TLS was spoken. Where the port speaks STARTTLS, "
       "s_client wants -starttls smtp or -starttls ldap"},
      {"no_starttls_offered",
       "CONNECTED(00000003)\nDidn't find STARTTLS in server response, "
       "trying anyway...\n---\nno peer certificate available\n---\n",
       "x.pem: says that the server does not offer STARTTLS: name the port that does, or one that "
       "speaks TLS from the first octet, without -starttls"},
      {"no_starttls_in_ldap",
       "CONNECTED(00000003)\nUnexpected LDAP response\n"
       "ldap_ExtendedResponse_parse failed\n---\n"
       "no peer certificate available\n---\n",
       "x.pem: says that the server does not offer STARTTLS: name the port that does, or one that "
       "speaks TLS from the first octet, without -starttls"},
      {"handshake_refused",
       "CONNECTED(00000003)\n40:error:0A000410:SSL routines:ssl3_read_bytes:"
       "sslv3 alert handshake failure\n---\nno peer certificate available\n",
       "x.pem: says that the server refused the handshake before it showed a certificate: try "
       "-servername HOST, or a protocol version that it speaks, -tls1_2"},
  };
}

// What is in PKCS #7 is a set.
TEST(ShownFile, PutsWhatHasNoOrderIntoThatOfItsPath) {
  const std::string root = tls::self_signed({.common_name = "Root"});
  const std::string leaf =
      tls::self_signed({.common_name = "mail", .second_key = true, .issuer_common_name = "Root"});
  const std::vector<std::string> path{leaf, root};
  EXPECT_EQ(read_shown(pkcs7({leaf, root}), "x.p7b"), path);
  EXPECT_EQ(read_shown(pkcs7({root, leaf}), "x.p7b"), path);
}

TEST(ShownFile, IsToldFromWhatOtherProgramsCannotTake) {
  const std::string one = pem(certificate_one());
  EXPECT_TRUE(is_pem_as_it_stands("text\n" + one));
  EXPECT_FALSE(is_pem_as_it_stands("> " + one));
  EXPECT_FALSE(is_pem_as_it_stands("\xff\xfe" + swapped(*utf_16_of_utf_8(one))));
  EXPECT_FALSE(is_pem_as_it_stands("\xef\xbb\xbf" + one));
  EXPECT_FALSE(is_pem_as_it_stands(certificate_one()));
}

class ShownFileTest : public testing::TestWithParam<FileRow> {};

TEST_P(ShownFileTest, IsReadOrRefused) {
  EXPECT_EQ(read(GetParam().bytes), GetParam().expected);
}

constexpr auto kName = [](const auto& row) { return row.param.name; };
INSTANTIATE_TEST_SUITE_P(Row, ShownFileTest, testing::ValuesIn(file_rows()), kName);
INSTANTIATE_TEST_SUITE_P(Refused, ShownFileTest, testing::ValuesIn(refused_rows()), kName);
INSTANTIATE_TEST_SUITE_P(Failed, ShownFileTest, testing::ValuesIn(failed_rows()), kName);

TEST(ShownFile, IsKnownByWhatIsInIt) {
  EXPECT_TRUE(may_show_certificates(s_client(false)));
  EXPECT_TRUE(may_show_certificates("\xff\xfe" + swapped(*utf_16_of_utf_8(s_client(true)))));
  EXPECT_TRUE(may_show_certificates("no peer certificate available\n"));
  EXPECT_TRUE(may_show_certificates(certificate_one()));
  EXPECT_TRUE(may_show_certificates(to_base64(certificate_one()) + "\n"));
  EXPECT_TRUE(may_show_certificates(pkcs7({certificate_one()})));
  EXPECT_FALSE(may_show_certificates("<recipe id='x'/>"));
  EXPECT_FALSE(may_show_certificates(""));
}

}  // namespace
}  // namespace startle::customer
