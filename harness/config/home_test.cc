// Every mistake with the store of a host: its sentence and the command that mends it, word for
// word.

#include "harness/config/home.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "harness/base/file.h"
#include "harness/config/store_for_test.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

namespace startle::config {
namespace {

namespace fs = std::filesystem;
using enum StoreProblem;

constexpr const char* kHost = "mail.example.com";

// The store of a host with one certificate.
std::string jks(const std::string& password = "changeit") {
  return write(
      JksForTest{.entries = {trusted_entry("mail", certificate_one())}, .password = password});
}

std::string pkcs12(const std::string& alias = "mail", bool trusted = true) {
  return write(Pkcs12ForTest{.entries = {{alias, certificate_one(), trusted}}});
}

// `text` with each DIR made the folder of the test.
std::string at(const fs::path& folder, std::string text) {
  for (std::size_t i = text.find("DIR"); i != std::string::npos; i = text.find("DIR", i)) {
    text.replace(i, 3, folder.string());
  }
  return text;
}

struct Expected {
  StoreProblem problem = missing;
  std::string file{};
  std::string sentence{};
  std::string remedy{};
};

struct HomeRow {
  const char* name;
  std::function<void(const fs::path& keystore)> arrange;
  std::string axis;
  std::vector<Expected> expected;
  std::optional<std::string> password{};
  StoreUse use{};
  std::string host = kHost;
};

void PrintTo(const HomeRow& row, std::ostream* out) {
  *out << row.name;
}

class HomeTest : public testing::TestWithParam<HomeRow> {};

TEST_P(HomeTest, SaysWhatIsWrongAndWhatMendsIt) {
  const HomeRow& row = GetParam();
  tls::set_run_clock(std::chrono::sys_days(std::chrono::year{2030} / 6 / 1));
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  row.arrange(folder.path() / "keystore");
  const HostStore found = find_host_store(folder.path(), row.host, row.password, row.use);
  EXPECT_EQ(axis_value(found), row.axis);
  ASSERT_EQ(found.diagnoses.size(), row.expected.size())
      << (found.diagnoses.empty() ? "" : found.diagnoses.back().sentence);
  for (std::size_t i = 0; i < row.expected.size(); ++i) {
    const StoreDiagnosis& said = found.diagnoses[i];
    EXPECT_EQ(word(said.problem), word(row.expected[i].problem));
    EXPECT_EQ(said.file, at(folder.path(), row.expected[i].file));
    EXPECT_EQ(said.sentence, at(folder.path(), row.expected[i].sentence));
    EXPECT_EQ(said.remedy, at(folder.path(), row.expected[i].remedy));
  }
}

auto file(const std::string& name, const std::string& content) {
  return [=](const fs::path& keystore) { write_file(keystore / name, content); };
}
auto own_file(const std::string& content) {
  return file("mail.example.com.ks", content);
}

const std::string kFile = "DIR/keystore/mail.example.com.ks";
const std::string kFetch =
    "openssl s_client -connect mail.example.com:465 -showcerts </dev/null >mail.example.com.pem";
const std::string kImport =
    "keytool -importcert -noprompt -trustcacerts -alias mail.example.com -file "
    "mail.example.com.pem -keystore DIR/keystore/mail.example.com.ks";
const std::string kAnew =
    "mv DIR/keystore/mail.example.com.ks DIR/keystore/mail.example.com.ks.old && " + kFetch +
    " && " + kImport;
const std::string kRefused =
    ": Java cannot open it and refuses every connection, whatever `trust` says";

Expected missing_with(const std::string& others) {
  return {missing, kFile,
          kFile + " is missing" + others +
              ": Java trusts what its cacerts holds and says nothing of it; the certificate of a "
              "known authority needs nothing more",
          kFetch + " && " + kImport};
}

Expected misnamed_as(const std::string& name, const std::string& why,
                     const std::string& in_shell = "") {
  const std::string path = "DIR/keystore/" + name;
  const std::string shown = in_shell.empty() ? path : in_shell;
  return {misnamed, path,
          shown + " does not serve mail.example.com: " + why + ", and Java opens exactly " + kFile,
          "mv " + shown + " " + kFile};
}

Expected refused_for(StoreProblem problem, const std::string& what) {
  return {problem, kFile, kFile + " " + what + kRefused, kAnew};
}

const HomeRow kRows[] = {
    {"Jks", own_file(jks()), "host-jks", {}},
    {"JksWithItsPassword", own_file(jks("p\xc3\xa4ss")), "host-jks", {}, "p\xc3\xa4ss"},
    {"JksWithoutPassword", own_file(jks("its own")), "host-jks", {}, ""},
    {"Pkcs12", own_file(pkcs12()), "host-pkcs12", {}},
    {"Pkcs12WithoutMac",
     own_file(write(Pkcs12ForTest{
         .entries = {{"mail", certificate_one(), true}}, .encrypted = false, .with_mac = false})),
     "host-pkcs12",
     {}},
    {"UntrustedBesideTrusted",
     own_file(write(JksForTest{.entries = {key_entry("key", {certificate_two()}),
                                           trusted_entry("mail", certificate_one())}})),
     "host-jks",
     {}},
    {"HostInCapitals",
     file("MAIL.example.com.ks", jks()),
     "host-jks",
     {},
     {},
     {},
     "MAIL.example.com"},

    // ---- where Java finds none
    {"Missing", [](const fs::path&) {}, "host-missing", {missing_with("")}},
    {"MissingInASharedFolder",
     [](const fs::path& keystore) {
       for (const char* name : {"a.ks", "b.ks", "c.ks", "d.ks", "notes.txt"}) {
         write_file(keystore / name, jks());
       }
     },
     "host-missing",
     {missing_with(" (there are a.ks, b.ks, c.ks and 1 more)")}},
    {"MissingBesideThatOfAnotherHost",
     file("ldap.example.com.ks", jks()),
     "host-missing",
     {missing_with("")},
     {},
     {.other_hosts = {"ldap.example.com", kHost}}},
    {"MissingWithItsFolder",
     [](const fs::path& keystore) { fs::remove(keystore); },
     "host-missing",
     {{missing, kFile, missing_with("").sentence,
       "mkdir -p DIR/keystore && " + kFetch + " && " + kImport}}},
    {"MissingForStarttls",
     [](const fs::path&) {},
     "host-missing",
     {{missing, kFile,
       kFile + " is missing: Java trusts what its cacerts holds and says nothing of it; for "
               "STARTTLS that is where the product wants the certificate of an unknown authority "
               "(the password of cacerts is changeit unless somebody changed it), and one of a "
               "known authority needs nothing",
       "openssl s_client -starttls smtp -connect mail.example.com:587 -showcerts </dev/null "
       ">mail.example.com.pem && keytool -importcert -noprompt -trustcacerts -alias "
       "mail.example.com -file mail.example.com.pem -cacerts"}},
     {},
     {.tls = Tls::starttls, .port = 587}},
    {"DanglingLink",
     [](const fs::path& keystore) {
       fs::create_symlink("gone.ks", keystore / "mail.example.com.ks");
     },
     "host-missing",
     {{missing, kFile,
       kFile + " is a link to gone.ks, which is missing: Java trusts what its cacerts holds and "
               "says nothing of it",
       kAnew}}},
    {"NoHostName",
     [](const fs::path&) {},
     "host-missing",
     {{missing, "DIR/keystore/../../etc/passwd.ks",
       "DIR/keystore/../../etc/passwd.ks cannot be: ../../etc/passwd is no host name", ""}},
     {},
     {},
     "../../etc/passwd"},

    // ---- misnamed
    {"LetterCase",
     file("Mail.Example.com.ks", jks()),
     "host-misnamed",
     {misnamed_as("Mail.Example.com.ks", "its name differs in letter case")}},
    {"Padding",
     file("mail.example.com .ks", jks()),
     "host-misnamed",
     {misnamed_as("mail.example.com .ks", "its name has a dot or a blank too many",
                  "'DIR/keystore/mail.example.com .ks'")}},
    {"Port",
     file("mail.example.com:465.ks", jks()),
     "host-misnamed",
     {misnamed_as("mail.example.com:465.ks", "its name has the port in it")}},
    {"ShortName",
     file("mail.ks", jks()),
     "host-misnamed",
     {misnamed_as("mail.ks", "its name is the short one of the host")}},
    {"LongerName",
     file("mail.example.com.local.ks", jks()),
     "host-misnamed",
     {misnamed_as("mail.example.com.local.ks",
                  "its name is longer than that of the configured host")}},
    {"Address",
     file("192.0.2.1.ks", jks()),
     "host-misnamed",
     {misnamed_as("192.0.2.1.ks", "its name is an IP address")}},
    {"OneOther",
     file("smtp.example.com.ks", jks()),
     "host-misnamed",
     {misnamed_as("smtp.example.com.ks", "its name is that of another host")}},
    {"ANameThatIsNotFitToBeShown",
     file("mail\x1b[2J.ks", jks()),
     "host-misnamed",
     {misnamed_as("mail\x1b[2J.ks", "its name is that of another host",
                  "$'DIR/keystore/mail\\x1b[2J.ks'")}},

    // ---- wrong extension
    {"ExtensionOfAStore",
     file("mail.example.com.jks", jks()),
     "host-misnamed",
     {{wrong_extension, "DIR/keystore/mail.example.com.jks",
       "DIR/keystore/mail.example.com.jks does not serve mail.example.com: Java opens exactly " +
           kFile,
       "mv DIR/keystore/mail.example.com.jks " + kFile}}},
    {"ExtensionOfText",
     file("mail.example.com.ks.txt", pkcs12()),
     "host-misnamed",
     {{wrong_extension, "DIR/keystore/mail.example.com.ks.txt",
       "DIR/keystore/mail.example.com.ks.txt does not serve mail.example.com: Java opens exactly " +
           kFile,
       "mv DIR/keystore/mail.example.com.ks.txt " + kFile}}},
    {"ExtensionOfACertificate",
     file("mail.example.com.pem", to_pem_for_test(certificate_one())),
     "host-misnamed",
     {{wrong_extension, "DIR/keystore/mail.example.com.pem",
       "DIR/keystore/mail.example.com.pem does not serve mail.example.com: it is a certificate in "
       "PEM and no key store, and Java opens exactly " +
           kFile,
       "keytool -importcert -noprompt -trustcacerts -alias mail.example.com -file "
       "DIR/keystore/mail.example.com.pem -keystore " +
           kFile}}},
    {"ExtensionOfALog",
     file("mail.example.com.log", "connected\n"),
     "host-missing",
     {missing_with("")}},

    // ---- what cannot be read
    {"FolderInItsPlace",
     [](const fs::path& keystore) { fs::create_directory(keystore / "mail.example.com.ks"); },
     "host-missing",
     {{unreadable, kFile,
       kFile +
           " is a folder, not a file: Java trusts what its cacerts holds and says nothing of it",
       kAnew}}},
    {"PipeInItsPlace",
     [](const fs::path& keystore) { ::mkfifo((keystore / "mail.example.com.ks").c_str(), 0600); },
     "host-missing",
     {{unreadable, kFile,
       kFile + " is a device or a pipe, not a file: Java trusts what its cacerts holds and says "
               "nothing of it",
       kAnew}}},
    {"WorldWritable",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::permissions(keystore / "mail.example.com.ks", fs::perms(0666));
     },
     "host-jks",
     {{world_writable, kFile,
       kFile + " can be written by every user of this machine: each of them decides which servers "
               "are trusted",
       "chmod go-w " + kFile}}},
    {"FolderWorldWritable",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::permissions(keystore, fs::perms(0777));
     },
     "host-jks",
     {{world_writable, "DIR/keystore",
       "DIR/keystore can be written by every user of this machine: each of them decides which "
       "servers are trusted",
       "chmod go-w DIR/keystore"}}},
    {"StickyFolder",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::permissions(keystore, fs::perms(01777));
     },
     "host-jks",
     {}},
};
INSTANTIATE_TEST_SUITE_P(Place, HomeTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

std::string expired_der() {
  return tls::self_signed(
      {.from = std::chrono::year{2029} / 1 / 1, .until = std::chrono::year{2030} / 5 / 31});
}

const std::string kAdd = kFetch + " && " + kImport;

const HomeRow kContents[] = {
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
       kFile + " is not opened by changeit, which is tried where no password is given, or it is "
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
     "host-no-password",
     {{not_trusted, kFile,
       kFile + " holds private keys and no trusted certificate: Java trusts no server then",
       kFetch +
           " && keytool -importcert -noprompt -trustcacerts -alias mail.example.com-2 -file "
           "mail.example.com.pem -keystore " +
           kFile}}},
    {"WithoutOraclesAttribute",
     own_file(pkcs12("mail", false)),
     "host-no-password",
     {{not_trusted, kFile,
       kFile + " holds no trusted certificate, only such as belong to private keys or lack the "
               "attribute that keytool writes (openssl and certtool do not): Java trusts no "
               "server then",
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
INSTANTIATE_TEST_SUITE_P(Content, HomeTest, testing::ValuesIn(kContents),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- what a table does not say -----------------------------------------------------------------

TEST(HostStore, WhatThisUserMayNotReadIsSaid) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything: run the tests as another user";
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  const fs::path file = folder.path() / "keystore" / "mail.example.com.ks";
  write_file(file, jks());
  fs::permissions(file, fs::perms::none);
  const auto of_file = find_host_store(folder.path(), kHost, std::nullopt);
  ASSERT_EQ(of_file.diagnoses.size(), 1U);
  EXPECT_EQ(of_file.diagnoses[0].problem, unreadable);
  EXPECT_EQ(of_file.diagnoses[0].sentence,
            file.string() +
                " cannot be read by this user; where that is so for the product too, "
                "Java trusts what its cacerts holds and says nothing of it");
  EXPECT_EQ(of_file.diagnoses[0].remedy, "chmod a+r " + file.string());

  fs::permissions(file.parent_path(), fs::perms::none);
  const auto of_folder = find_host_store(folder.path(), kHost, std::nullopt);
  fs::permissions(file.parent_path(), fs::perms::owner_all);
  ASSERT_EQ(of_folder.diagnoses.size(), 1U);
  EXPECT_EQ(of_folder.diagnoses[0].problem, unreadable);
  EXPECT_EQ(of_folder.diagnoses[0].file, file.parent_path());
  EXPECT_EQ(of_folder.diagnoses[0].remedy, "chmod a+rx " + file.parent_path().string());
}

TEST(HostStore, WhatIsPutAsideReplacesNothing) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  const std::string file = folder.path() / "keystore" / "mail.example.com.ks";
  for (const char* end : {"", ".old", ".old2"}) write_file(file + end, "x");
  const HostStore found = find_host_store(folder.path(), kHost, std::nullopt);
  EXPECT_TRUE(found.diagnoses.at(0).remedy.starts_with("mv " + file + " " + file + ".old3 && "));
}

TEST(HostStore, TheCertificateIsFetchedAsTheServerIsReached) {
  const auto fetch = [](const std::string& host, const StoreUse& use) {
    const std::string remedy = find_host_store("/nonexistent", host, {}, use).diagnoses[0].remedy;
    const std::string command = remedy.substr(remedy.find("openssl"));
    return command.substr(0, command.find(" && "));
  };
  EXPECT_EQ(fetch("ldap.test", {.protocol = Protocol::ldap, .tls = Tls::starttls}),
            "openssl s_client -starttls ldap -connect ldap.test:389 -showcerts </dev/null "
            ">ldap.test.pem");
  EXPECT_EQ(fetch("ldap.test", {.protocol = Protocol::ldap}),
            "openssl s_client -connect ldap.test:636 -showcerts </dev/null >ldap.test.pem");
  EXPECT_EQ(fetch("2001:db8::1", {.port = 4650}),
            "openssl s_client -connect '[2001:db8::1]:4650' -showcerts </dev/null "
            ">2001:db8::1.pem");
  EXPECT_EQ(fetch("-a;b", {}),
            "openssl s_client -connect '-a;b:465' -showcerts </dev/null >'./-a;b.pem'");
}

TEST(HostStore, NoPasswordIsEverRepeated) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  write_file(folder.path() / "keystore" / "mail.example.com.ks", jks());
  const HostStore found = find_host_store(folder.path(), kHost, "hunter2-hunter2");
  ASSERT_EQ(found.diagnoses.size(), 1U);
  EXPECT_EQ(found.diagnoses[0].problem, wrong_password);
  EXPECT_EQ((found.diagnoses[0].sentence + found.diagnoses[0].remedy).find("hunter2"),
            std::string::npos);
}

}  // namespace
}  // namespace startle::config
