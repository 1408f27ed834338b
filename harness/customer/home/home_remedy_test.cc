// The commands for Windows, word for word; those for a POSIX shell stand with the diagnoses that
// they mend (home_test.cc), and are carried out (home_keytool_test.cc).

#include "harness/customer/home/home_remedy.h"

#include <gtest/gtest.h>

#include "harness/customer/store/store_for_test.h"

namespace startle::customer {
namespace {

namespace fs = std::filesystem;

const fs::path kFile = "C:\\track plus/keystore/mail.example.com.ks";
const std::string kHost = "mail.example.com";
const std::string kInFile = "\"C:\\track plus\\keystore\\mail.example.com.ks\"";

class WindowsRemedy : public testing::Test {
 protected:
  StoreUse use_{.shell = Shell::cmd};
  Remedy remedy_{kFile, kHost, use_};
};

TEST_F(WindowsRemedy, TrustsWhatTheNetworkShowsLast) {
  EXPECT_EQ(
      remedy_.add({}),
      (Commands{"rem last, where nobody has the certificate in a file: what the network shows now",
                "openssl s_client -connect mail.example.com:465 -showcerts <NUL "
                ">mail.example.com-shown.pem",
                "keytool -printcert -file mail.example.com-shown.pem",
                "rem go on only where the operator of mail.example.com has told this fingerprint, "
                "SHA-256: somebody may stand between",
                "keytool -importcert -alias mail.example.com -file mail.example.com-shown.pem "
                "-keystore " +
                    kInFile}));
}

TEST_F(WindowsRemedy, TakesTheIssuerOutOfWhatIsShown) {
  use_.shown = ShownAnchor{.file = "D:\\it's shown.pem",
                           .number = 2,
                           .is_authority = true,
                           .subject = "CN=Root & Sons",
                           .fingerprint = "SHA-256 AB:CD"};
  EXPECT_EQ(remedy_.add({}),
            (Commands{"rem its issuer CN=Root  Sons, and not the server's own certificate, which "
                      "the next renewal replaces",
                      "powershell -Command \"[regex]::Matches((Get-Content -Raw 'D:\\it''s "
                      "shown.pem'), '(?s)-----BEGIN CERT.*?-----END CERT.*?-----')[1].Value | "
                      "Set-Content -Encoding ascii 'mail.example.com-issuer.pem'\"",
                      "rem go on only where its operator has told this fingerprint: SHA-256 AB:CD",
                      "keytool -importcert -alias mail.example.com -file "
                      "mail.example.com-issuer.pem -keystore " +
                          kInFile}));
}

TEST_F(WindowsRemedy, KeepsWhatIsThereBesideWhatIsMadeOfIt) {
  const std::string stem = "\"C:\\track plus\\keystore\\mail.example.com.ks";
  EXPECT_EQ(remedy_.decode({"base64 -d"}, "certutil -decode"),
            (Commands{"certutil -decode " + kInFile + " " + stem + ".new\"",
                      "keytool -list -keystore " + stem + ".new\"",
                      "copy " + kInFile + " " + stem + ".old\"",
                      "copy /Y " + stem + ".new\" " + kInFile}));
  EXPECT_EQ(
      remedy_.convert("JCEKS", "PKCS12"),
      (Commands{"keytool -importkeystore -srckeystore " + kInFile +
                    " -srcstoretype JCEKS -destkeystore " + stem + ".new\" -deststoretype PKCS12",
                "copy " + kInFile + " " + stem + ".old\"",
                "copy /Y " + stem + ".new\" " + kInFile}));
}

TEST_F(WindowsRemedy, MovesAndCopiesAsWindowsDoes) {
  EXPECT_EQ(remedy_.rename("C:\\track plus/keystore/MAIL.example.com.ks"),
            Commands{"move \"C:\\track plus\\keystore\\MAIL.example.com.ks\" " + kInFile});
  EXPECT_EQ(remedy_.copy("C:\\track plus/mail.example.com.ks"),
            (Commands{"md \"C:\\track plus\\keystore\"",
                      "copy \"C:\\track plus\\mail.example.com.ks\" " + kInFile}));
  EXPECT_EQ(remedy_.close(kFile), Commands{"icacls " + kInFile + " /remove:g *S-1-1-0"});
  EXPECT_EQ(remedy_.list().front(), "keytool -list -keystore " + kInFile);
  EXPECT_EQ(remedy_.show_rights(kFile).front(), "icacls " + kInFile);
}

TEST_F(WindowsRemedy, NamesTheStoreOfTheJavaRuntimeThatIsGiven) {
  use_.tls = Tls::starttls;
  EXPECT_TRUE(remedy_.make_missing().back().ends_with(" -cacerts"));
  use_.cacerts = "C:\\Program Files\\Java\\lib\\security\\cacerts";
  EXPECT_TRUE(remedy_.make_missing().back().ends_with(
      " -keystore \"C:\\Program Files\\Java\\lib\\security\\cacerts\""));
}

// No certificate is ever trusted without a question, and no store goes.
TEST(Remedy, NeverAnswersForTheUser) {
  const StoreUse use;
  const fs::path file = "/opt/keystore/mail.example.com.ks";
  const Remedy remedy(file, kHost, use);
  for (const Commands& commands :
       {remedy.make_anew(), remedy.make_missing(), remedy.add({}),
        remedy.import_from({.file = "a.pem"}, true), remedy.import_from({.file = "a.pem"}, false),
        remedy.import_own({.entries = {{.alias = "a"}}}), remedy.list(), remedy.from_backup()}) {
    for (const std::string& line : commands) {
      for (const char* never : {"-noprompt", "-trustcacerts", "-delete", "-storepass", "rm "}) {
        EXPECT_EQ(line.find(never), std::string::npos) << line;
      }
    }
  }
}

}  // namespace
}  // namespace startle::customer
