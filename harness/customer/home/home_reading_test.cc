// What is wrong inside the store of a host: each sentence and the command that mends it, word for
// word.

#include "harness/customer/home/home_reading.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"
#include "harness/base/utf_8.h"
#include "harness/customer/home/home_for_test.h"
#include "harness/customer/store/certificate_text.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::customer {
namespace {

using enum StoreProblem;

class ReadingTest : public testing::TestWithParam<HomeRow> {};

TEST_P(ReadingTest, SaysWhatIsWrongAndWhatMendsIt) {
  expect_found(GetParam());
}

std::string expired_der() {
  return tls::self_signed(
      {.from = std::chrono::year{2029} / 1 / 1, .until = std::chrono::year{2030} / 5 / 31});
}

// Made once: an ECDSA signature is never the same twice.
const std::string& issuer_der() {
  static const std::string kDer = tls::self_signed({.common_name = "Root"});
  return kDer;
}
const std::string& issued_der() {
  static const std::string kDer = tls::self_signed(
      {.common_name = "mail.example.com", .second_key = true, .issuer_common_name = "Root"});
  return kDer;
}

const std::string kNoAnchors =
    ": Java trusts no server then (`the trustAnchors parameter must be non-empty`)";
const Commands kList{
    "keytool -list " + kInto,
    "# the password that opens it goes into the file of --store-password-file; where the product "
    "has another, that is the mistake"};

// A store in an encoding, and the pipe that decodes it.
HomeRow encoded_row(const char* name, const std::string& bytes, const std::string& what,
                    const std::string& pipe) {
  return {name,
          own_file(bytes),
          "host-corrupt",
          {{encoded, kFile, kFile + " is " + what + ", and has to be decoded" + kRefused,
            written_anew(
                {pipe + " >" + kFile + ".new", "keytool -list -keystore " + kFile + ".new"})}}};
}

HomeRow garbled_row(const char* name, const std::string& bytes, const std::string& with) {
  return {name,
          own_file(bytes),
          "host-corrupt",
          {{garbled,
            kFile,
            kFile + " was a key store that passed through a text filter (" + with +
                "), and cannot be mended: copy the original in binary; until then Java cannot open "
                "it and refuses every connection, whatever `trust` says",
            {kBackup}}}};
}

// What a filter makes of octets that are no ASCII.
std::string filtered(const std::string& bytes, const std::string& put) {
  std::string made;
  for (const char c : bytes) made += (c & 0x80) != 0 ? put : std::string(1, c);
  return made;
}
std::string as_utf_8(const std::string& bytes) {
  std::string made;
  for (const char c : bytes) add_utf_8(made, static_cast<unsigned char>(c));
  return made;
}
std::string little_endian(const std::string& ascii) {
  std::string made;
  for (const char c : ascii) made += std::string{c, '\0'};
  return made;
}
std::string in_lines(const std::string& text, const std::string& line_end) {
  std::string made;
  for (std::size_t at = 0; at < text.size(); at += 76) made += text.substr(at, 76) + line_end;
  return made;
}
std::string with_crlf(const std::string& bytes) {
  std::string made;
  for (const char c : bytes) made += c == '\n' ? "\r\n" : std::string(1, c);
  return made;
}
// With an LF in its alias.
std::string jks_with_line_feed() {
  return write(JksForTest{.entries = {trusted_entry("a\nb", certificate_one())}});
}

const HomeRow kRows[] = {
    {"Empty", own_file(""), "host-corrupt", {refused_for(empty, "is empty")}},
    {"Zip",
     own_file("PK\x03\x04zip"),
     "host-corrupt",
     {refused_for(not_a_store, "is no key store but a zip archive")}},
    {"Key",
     own_file(to_pem_for_test("x", "PRIVATE KEY")),
     "host-corrupt",
     {refused_for(not_a_store, "is no key store but a private key in PEM")}},
    {"Pem",
     own_file(to_pem_for_test(certificate_one())),
     "host-corrupt",
     {{not_a_store, kFile, kFile + " is no key store but a certificate in PEM" + kRefused,
       written_anew({"keytool -importcert -alias mail.example.com -file " + kFile + " " + kInto +
                     ".new"})}}},
    {"Jceks",
     own_file(write(JksForTest{.magic = "cececece"})),
     "host-corrupt",
     {{wrong_format, kFile,
       kFile + " is a key store in JCEKS, and Java expects JKS or PKCS #12" + kRefused,
       written_anew({"keytool -importkeystore -srckeystore " + kFile +
                     " -srcstoretype JCEKS -destkeystore " + kFile +
                     ".new -deststoretype PKCS12"})}}},
    {"CutOff",
     own_file(jks().substr(0, 40)),
     "host-corrupt",
     {refused_for(damaged, "is a JKS key store, but damaged: it is cut off within entry 1")}},
    {"CutOffAfterTheMagic",
     own_file(jks().substr(0, 4)),
     "host-corrupt",
     {refused_for(damaged, "is a JKS key store, but damaged: it is cut off")}},
    {"Pkcs12CutOff",
     own_file(pkcs12().substr(0, 100)),
     "host-corrupt",
     {refused_for(damaged,
                  "is a PKCS #12 key store, but damaged: it is cut off, or cannot be decoded")}},
    {"Huge",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::resize_file(keystore / "mail.example.com.ks", kLargestStore + 1);  // a hole
     },
     "host-corrupt",
     {{damaged, kFile, kFile + " has more than 16 MiB: that is no key store of a host",
       made_anew()}}},
    {"NotChangeit",
     own_file(jks("its own")),
     "host-wrong-password",
     {{wrong_password, kFile,
       kFile + " is not opened by changeit, which is tried where no password is given "
               "(--store-password-file, STARTLE_STORE_PASSWORD), or it is "
               "damaged: with that password Java cannot open it and refuses every connection, "
               "whatever `trust` says",
       kList}}},
    {"WrongPassword",
     own_file(pkcs12()),
     "host-wrong-password",
     {{wrong_password, kFile,
       kFile + " is not opened by the given password, or it is damaged: with that password Java "
               "cannot open it and refuses every connection, whatever `trust` says",
       kList}},
     "another"},
    {"Locked",
     own_file(pkcs12()),
     "host-no-password",
     {{locked, kFile,
       kFile + " was opened without a password: its certificates are encrypted, and Java sees 0 "
               "of them; a store in JKS opens without one",
       written_anew({"keytool -importkeystore -srckeystore " + kFile +
                     " -srcstoretype PKCS12 -destkeystore " + kFile + ".new -deststoretype JKS"})}},
     ""},
    {"NoEntry",
     own_file(write(JksForTest{})),
     "host-no-password",
     {{no_certificate, kFile, kFile + " holds no certificate" + kNoAnchors, from_network()}}},
    {"KeyAlone",
     own_file(write(JksForTest{.entries = {key_entry("mail.example.com", {certificate_one()})}})),
     "host-no-password",
     {{not_trusted, kFile,
       kFile + " holds private keys and no trusted certificate: Java trusts nobody but the owners "
               "of these keys, as a key store is no trust store",
       from_network({}, "mail.example.com-2")}}},
    {"WithoutOraclesAttribute",
     own_file(pkcs12("mail", false)),
     "host-no-password",
     {{not_trusted,
       kFile,
       kFile +
           " holds no trusted certificate, only such as lack the attribute that keytool writes "
           "(openssl and certtool do not)" +
           kNoAnchors,
       {"openssl pkcs12 -in " + kFile + " -nokeys -out mail.example.com-store.pem",
        "cp -p " + kFile + " " + kFile + ".old",
        "keytool -importcert -alias mail.example.com -file mail.example.com-store.pem " + kInto}}}},
    {"Expired",
     own_file(write(JksForTest{.entries = {trusted_entry("the mail server", expired_der()),
                                           trusted_entry("old", expired_der()),
                                           trusted_entry("new", certificate_one())}})),
     "host-jks",
     {{expired,
       kFile,
       kFile + " holds the certificate 'the mail server', which expired on 2030-05-31 (and 1 more "
               "that have expired): Java takes it all the same",
       {}}}},
    {"OctetBehindTheEnd",
     own_file(jks() + "\n"),
     "host-jks",
     {{octets_behind,
       kFile,
       kFile + " has 1 octet behind its end, which Java does not look at",
       {}}}},
    {"OctetsBehindTheEnd",
     own_file(pkcs12() + "\r\n"),
     "host-pkcs12",
     {{octets_behind,
       kFile,
       kFile + " has 2 octets behind its end, which Java does not look at",
       {}}}},
    {"WithoutItsPasswordToo",
     own_file(jks("its own") + "xyz"),
     "host-jks",
     {{octets_behind,
       kFile,
       kFile + " has 3 octets behind its end, which Java does not look at",
       {}}},
     ""},

    // ---- encodings
    encoded_row("JksInBase64", to_base64(jks()), "a JKS key store in base64",
                "base64 -d <" + kFile),
    encoded_row("Pkcs12InBase64", in_lines(to_base64(pkcs12()), "\n"),
                "a PKCS #12 key store in base64", "base64 -d <" + kFile),
    encoded_row("JceksInBase64", to_base64(write(JksForTest{.magic = "cececece"})) + "\n",
                "a JCEKS key store in base64", "base64 -d <" + kFile),
    encoded_row("Base64InLinesOfWindows", in_lines(to_base64(jks()), "\r\n"),
                "a JKS key store in base64", "tr -d ' \\t\\r' <" + kFile + " | base64 -d"),
    encoded_row("AsCertutilEncodesIt", to_pem_for_test(jks()), "a JKS key store in base64",
                "sed /-----/d <" + kFile + " | base64 -d"),
    encoded_row("Base64InUtf16", "\xff\xfe" + little_endian(to_base64(jks())),
                "a JKS key store in base64", "iconv -f UTF-16 -t UTF-8 <" + kFile + " | base64 -d"),
    encoded_row("Base64BehindAByteOrderMark", "\xef\xbb\xbf" + to_base64(jks()),
                "a JKS key store in base64", "tail -c +4 <" + kFile + " | base64 -d"),
    encoded_row("Base64Twice", to_base64(to_base64(jks())), "a JKS key store in base64 twice",
                "base64 -d <" + kFile + " | base64 -d"),
    encoded_row("Hexadecimal", to_hex(jks()), "a JKS key store in hexadecimal digits",
                "xxd -r -p <" + kFile),
    encoded_row("Latin1AsUtf8", as_utf_8(jks()),
                "a JKS key store in UTF-8, as if it were text in ISO 8859-1",
                "iconv -f UTF-8 -t ISO-8859-1 <" + kFile),
    encoded_row("Pkcs12AsUtf8", as_utf_8(pkcs12()),
                "a PKCS #12 key store in UTF-8, as if it were text in ISO 8859-1",
                "iconv -f UTF-8 -t ISO-8859-1 <" + kFile),
    {"Base64CutOff",
     own_file(to_base64(jks()).substr(0, 101)),
     "host-corrupt",
     {{encoded,
       kFile,
       kFile + " is a JKS key store in base64 that is cut off or changed, and has to be decoded" +
           kRefused,
       {kBackup}}}},
    {"CertificateInBase64",
     own_file(to_base64(certificate_one())),
     "host-corrupt",
     {{not_a_store, kFile,
       kFile + " is no key store but a certificate in base64 without its BEGIN and END lines" +
           kRefused,
       written_anew({"# the server's certificate has signed itself: there is no issuer to trust in "
                     "its place",
                     "startle certs show " + kFile + " --pem >mail.example.com-all.pem",
                     "# go on only where its operator has told this fingerprint: " +
                         fingerprint_text(certificate_one()),
                     "keytool -importcert -alias mail.example.com -file mail.example.com-all.pem " +
                         kInto + ".new"})}}},
    {"PemWithItsIssuer",
     own_file(to_pem_for_test(issued_der()) + to_pem_for_test(issuer_der())),
     "host-corrupt",
     {{not_a_store, kFile, kFile + " is no key store but a certificate in PEM" + kRefused,
       written_anew({"# its issuer CN=Root, and not the server's own certificate, which the next "
                     "renewal replaces",
                     "awk '/-----BEGIN CERTIFICATE-----/ {n++} n == 2' " + kFile +
                         " >mail.example.com-issuer.pem",
                     "# go on only where its operator has told this fingerprint: " +
                         fingerprint_text(issuer_der()),
                     "keytool -importcert -alias mail.example.com -file "
                     "mail.example.com-issuer.pem " +
                         kInto + ".new"})}}},
    garbled_row("JksThroughAFilter", filtered(jks(), "\xef\xbf\xbd"), "U+FFFD"),
    garbled_row("Pkcs12ThroughAFilter", filtered(pkcs12(), "\xef\xbf\xbd"), "U+FFFD"),
    garbled_row("JceksThroughAFilter",
                filtered(write(JksForTest{.magic = "cececece"}), "\xef\xbf\xbd"), "U+FFFD"),
    garbled_row("ThroughAFilterToAscii", filtered(jks(), "?"), "a question mark"),
    garbled_row("InTextMode", with_crlf(jks_with_line_feed()), "CR LF for LF"),
};
INSTANTIATE_TEST_SUITE_P(All, ReadingTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
