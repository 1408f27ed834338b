// What is wrong inside the store of a host: each sentence and the command that mends it, word for
// word.

#include "harness/customer/home_reading.h"

#include <gtest/gtest.h>

#include "harness/customer/home_for_test.h"
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

const std::string kAdd = kFetch + " && " + kImport;

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
       "mv " + kFile + " " + kFile +
           ".old && keytool -importcert -noprompt -trustcacerts -alias mail.example.com -file " +
           kFile + ".old -keystore " + kFile}}},
    {"Jceks",
     own_file(write(JksForTest{.magic = "cececece"})),
     "host-corrupt",
     {{wrong_format, kFile,
       kFile + " is a key store in JCEKS, and Java expects JKS or PKCS #12" + kRefused,
       "mv " + kFile + " " + kFile + ".old && keytool -importkeystore -srckeystore " + kFile +
           ".old -srcstoretype JCEKS -destkeystore " + kFile + " -deststoretype PKCS12"}}},
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
     {{damaged, kFile, kFile + " has more than 16 MiB: that is no key store of a host", kAnew}}},
    {"NotChangeit",
     own_file(jks("its own")),
     "host-wrong-password",
     {{wrong_password, kFile,
       kFile + " is not opened by changeit, which is tried where no password is given "
               "(--store-password-file, STARTLE_STORE_PASSWORD), or it is "
               "damaged: with that password Java cannot open it and refuses every connection, "
               "whatever `trust` says",
       kAnew}}},
    {"WrongPassword",
     own_file(pkcs12()),
     "host-wrong-password",
     {{wrong_password, kFile,
       kFile + " is not opened by the given password, or it is damaged: with that password Java "
               "cannot open it and refuses every connection, whatever `trust` says",
       kAnew}},
     "another"},
    {"Locked",
     own_file(pkcs12()),
     "host-no-password",
     {{locked, kFile,
       kFile + " was opened without a password: its certificates are encrypted, and Java sees 0 "
               "of them; a store in JKS opens without one",
       "mv " + kFile + " " + kFile + ".old && keytool -importkeystore -srckeystore " + kFile +
           ".old -srcstoretype PKCS12 -destkeystore " + kFile + " -deststoretype JKS"}},
     ""},
    {"NoEntry",
     own_file(write(JksForTest{})),
     "host-no-password",
     {{no_certificate, kFile, kFile + " holds no certificate: Java trusts no server then", kAdd}}},
    {"KeyAlone",
     own_file(write(JksForTest{.entries = {key_entry("mail.example.com", {certificate_one()})}})),
     "host-jks",
     {}},
    {"WithoutOraclesAttribute",
     own_file(pkcs12("mail", false)),
     "host-no-password",
     {{not_trusted, kFile,
       kFile + " holds no trusted certificate, only such as lack the attribute that keytool writes "
               "(openssl and certtool do not): Java trusts no server then",
       kAdd}}},
    {"Expired",
     own_file(write(JksForTest{.entries = {trusted_entry("the mail server", expired_der()),
                                           trusted_entry("old", expired_der()),
                                           trusted_entry("new", certificate_one())}})),
     "host-jks",
     {{expired, kFile,
       kFile + " holds the certificate 'the mail server', which expired on 2030-05-31 (and 1 more "
               "that have expired): Java takes it all the same",
       kFetch + " && keytool -delete -alias 'the mail server' -keystore " + kFile +
           " && keytool -importcert -noprompt -trustcacerts -alias 'the mail server' -file "
           "mail.example.com.pem -keystore " +
           kFile}}},
};
INSTANTIATE_TEST_SUITE_P(All, ReadingTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
