// What people write of a server's certificates, and how they write it.

#include "harness/customer/shown_file.h"

#include <gtest/gtest.h>

#include <optional>
#include <sstream>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store_for_test.h"

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
  const std::string how =
      "write it with openssl s_client -connect HOST:PORT -showcerts </dev/null >x.pem";
  std::string cut = one + two;
  cut.resize(cut.size() - 60);
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
       "x.pem: is UTF-16 that is cut off or changed: " + how},
      {"der", certificate_one(), "x.pem: is no PEM file: " + how},
      {"nothing", "", "x.pem: is no PEM file: " + how},
      {"a_key_alone", to_pem("PRIVATE KEY", "\x30"),
       "x.pem: is a PEM file without a certificate (`-----BEGIN CERTIFICATE-----`): name one that "
       "has it"},
      {"no_certificate_inside", pem(*from_hex("3003020101")),
       "x.pem: OpenSSL cannot read its certificate 1: nothing can be said of what is shown"},
  };
}

class ShownFileTest : public testing::TestWithParam<FileRow> {};

TEST_P(ShownFileTest, IsReadOrRefused) {
  EXPECT_EQ(read(GetParam().bytes), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Row, ShownFileTest, testing::ValuesIn(file_rows()),
                         [](const auto& row) { return row.param.name; });

TEST(ShownFile, IsKnownByWhatIsInIt) {
  EXPECT_TRUE(may_show_certificates(s_client(false)));
  EXPECT_TRUE(may_show_certificates("\xff\xfe" + swapped(*utf_16_of_utf_8(s_client(true)))));
  EXPECT_TRUE(may_show_certificates("no peer certificate available\n"));
  EXPECT_FALSE(may_show_certificates("<recipe id='x'/>"));
  EXPECT_FALSE(may_show_certificates(""));
}

}  // namespace
}  // namespace startle::customer
