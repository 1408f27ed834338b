// Where the store of a host is looked for, and what stands there in its place: each sentence and
// the command that mends it, word for word.

#include "harness/customer/home/home.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/customer/home/home_for_test.h"

namespace startle::customer {
namespace {

using enum StoreProblem;

ExpectedDiagnosis misplaced_at(const std::string& path) {
  return {misplaced,
          path,
          path +
              " does not serve mail.example.com: it does not stand in the folder DIR/keystore, and "
              "Java opens exactly " +
              kFile,
          {"cp -p " + path + " " + kFile}};
}

class HomeTest : public testing::TestWithParam<HomeRow> {};

TEST_P(HomeTest, SaysWhatIsWrongAndWhatMendsIt) {
  expect_found(GetParam());
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
     {{missing, kFile, missing_with("").sentence, from_network({"mkdir -p DIR/keystore"})}}},
    {"MissingForStarttls",
     [](const fs::path&) {},
     "host-missing",
     {{missing, kFile,
       kFile + " is missing: Java trusts what its cacerts holds and says nothing of it; for "
               "STARTTLS that is where the product wants the certificate of an unknown authority "
               "(the password of cacerts is changeit unless somebody changed it), and one of a "
               "known authority needs nothing",
       from_network({}, "mail.example.com", "-cacerts",
                    "-starttls smtp -connect mail.example.com:587")}},
     {},
     {.tls = Tls::starttls, .port = 587}},
    {"NotReadForStarttls",
     own_file(jks()),
     "host-missing",
     {{unread, kFile,
       kFile + " is not read for STARTTLS: there the product takes Java's own store, cacerts, and "
               "the certificate of an unknown authority belongs into that (its password is "
               "changeit unless somebody changed it)",
       from_network({}, "mail.example.com", "-cacerts",
                    "-starttls smtp -connect mail.example.com:587")}},
     {},
     {.tls = Tls::starttls, .port = 587}},
    {"DanglingLink",
     [](const fs::path& keystore) {
       fs::create_symlink("gone.ks", keystore / "mail.example.com.ks");
     },
     "host-missing",
     {{unreadable, kFile,
       kFile + " is a link to gone.ks, which is missing: Java trusts what its cacerts holds and "
               "says nothing of it",
       made_in_place()}}},
    {"NoHostName",
     [](const fs::path&) {},
     "host-missing",
     {{missing,
       "DIR/keystore/../../etc/passwd.ks",
       "DIR/keystore/../../etc/passwd.ks cannot be: ../../etc/passwd is no host name",
       {}}},
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
     {misnamed_as("mail.ks", "its name is the short one of the host", "", "cp -p")}},
    {"LongerName",
     file("mail.example.com.local.ks", jks()),
     "host-misnamed",
     {misnamed_as("mail.example.com.local.ks",
                  "its name is longer than that of the configured host", "", "cp -p")}},
    // Strangers', which are no fault of this host's.
    {"Address",
     file("192.0.2.1.ks", jks()),
     "host-missing",
     {missing_with(" (there is 192.0.2.1.ks)")}},
    {"OneOther",
     file("smtp.example.com.ks", jks()),
     "host-missing",
     {missing_with(" (there is smtp.example.com.ks)")}},
    {"ANameThatIsNotFitToBeShown",
     file("mail\x1b[2J.ks", jks()),
     "host-missing",
     {missing_with(" (there is $'mail\\x1b[2J.ks')")}},

    // ---- misplaced
    {"InTheHomeItself",
     [](const fs::path& keystore) {
       write_file(keystore.parent_path() / "mail.example.com.ks", jks());
     },
     "host-misnamed",
     {misplaced_at("DIR/mail.example.com.ks")}},
    {"InTheHomeInAnotherCase",
     [](const fs::path& keystore) {
       write_file(keystore.parent_path() / "Mail.example.com.ks", jks());
     },
     "host-misnamed",
     {misplaced_at("DIR/Mail.example.com.ks")}},
    {"InAFolderOfAlmostThatName",
     [](const fs::path& keystore) {
       fs::create_directory(keystore.parent_path() / "Keystores");
       write_file(keystore.parent_path() / "Keystores/mail.example.com.ks", jks());
     },
     "host-misnamed",
     {misplaced_at("DIR/Keystores/mail.example.com.ks")}},
    {"AStrangersInTheHomeItself",
     [](const fs::path& keystore) {
       write_file(keystore.parent_path() / "smtp.example.com.ks", jks());
     },
     "host-missing",
     {missing_with("")}},

    // ---- wrong extension
    {"ExtensionOfAStore",
     file("mail.example.com.jks", jks()),
     "host-misnamed",
     {{wrong_extension,
       "DIR/keystore/mail.example.com.jks",
       "DIR/keystore/mail.example.com.jks does not serve mail.example.com: Java opens exactly " +
           kFile,
       {"cp -p DIR/keystore/mail.example.com.jks " + kFile}}}},
    {"ExtensionOfText",
     file("mail.example.com.ks.txt", pkcs12()),
     "host-misnamed",
     {{wrong_extension,
       "DIR/keystore/mail.example.com.ks.txt",
       "DIR/keystore/mail.example.com.ks.txt does not serve mail.example.com: Java opens exactly " +
           kFile,
       {"cp -p DIR/keystore/mail.example.com.ks.txt " + kFile}}}},
    {"ExtensionOfACertificate",
     file("mail.example.com.pem", to_pem_for_test(certificate_one())),
     "host-misnamed",
     {{wrong_extension,
       "DIR/keystore/mail.example.com.pem",
       "DIR/keystore/mail.example.com.pem does not serve mail.example.com: it is a certificate in "
       "PEM and no key store, and Java opens exactly " +
           kFile,
       {"keytool -importcert -alias mail.example.com -file DIR/keystore/mail.example.com.pem " +
        kInto}}}},
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
       made_in_place()}}},
    {"PipeInItsPlace",
     [](const fs::path& keystore) { ::mkfifo((keystore / "mail.example.com.ks").c_str(), 0600); },
     "host-missing",
     {{unreadable, kFile,
       kFile + " is a device or a pipe, not a file: Java trusts what its cacerts holds and says "
               "nothing of it",
       made_in_place()}}},
    {"WorldWritable",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::permissions(keystore / "mail.example.com.ks", fs::perms(0666));
     },
     "host-jks",
     {{world_writable,
       kFile,
       kFile + " can be written by every user of this machine: each of them decides which servers "
               "are trusted",
       {"chmod o-w " + kFile}}}},
    {"FolderWorldWritable",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::permissions(keystore, fs::perms(0777));
     },
     "host-jks",
     {{world_writable,
       "DIR/keystore",
       "DIR/keystore can be written by every user of this machine: each of them decides which "
       "servers are trusted",
       {"chmod o-w DIR/keystore"}}}},
    {"StickyFolder",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", jks());
       fs::permissions(keystore, fs::perms(01777));
     },
     "host-jks",
     {}},
};
INSTANTIATE_TEST_SUITE_P(All, HomeTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- what a table does not say -----------------------------------------------------------------

TEST(FoundStore, WhatThisUserMayNotReadIsSaid) {
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
  EXPECT_EQ(of_file.diagnoses[0].remedy, rights_of(file.string()));

  fs::permissions(file.parent_path(), fs::perms::none);
  const auto of_folder = find_host_store(folder.path(), kHost, std::nullopt);
  fs::permissions(file.parent_path(), fs::perms::owner_all);
  ASSERT_EQ(of_folder.diagnoses.size(), 1U);
  EXPECT_EQ(of_folder.diagnoses[0].problem, unreadable);
  EXPECT_EQ(of_folder.diagnoses[0].file, file.parent_path());
  EXPECT_EQ(of_folder.diagnoses[0].remedy, rights_of(file.parent_path().string()));

  fs::remove(file);
  fs::create_directory(folder.path() / "closed");
  write_file(folder.path() / "closed" / "a.ks", jks());
  fs::create_symlink(folder.path() / "closed" / "a.ks", file);
  fs::permissions(folder.path() / "closed", fs::perms::none);
  const auto of_link = find_host_store(folder.path(), kHost, std::nullopt);
  fs::permissions(folder.path() / "closed", fs::perms::owner_all);
  ASSERT_EQ(of_link.diagnoses.size(), 1U);
  EXPECT_EQ(of_link.diagnoses[0].sentence,
            file.string() +
                " is a link that this user cannot follow; where that is so for the product too, "
                "Java trusts what its cacerts holds and says nothing of it");
  EXPECT_EQ(of_link.diagnoses[0].remedy, rights_of(file.string()));
}

TEST(FoundStore, OnWindowsTheLetterCaseOfItsNameDoesNotCount) {
  const TemporaryFolder folder;
  for (const char* name : {"C:\\trackplus", "trackplus"}) {
    const fs::path home = folder.path() / name;
    fs::create_directories(home / "keystore");
    write_file(home / "keystore/MAIL.example.com.ks", jks());
    const FoundStore found = find_host_store(home, kHost, std::nullopt);
    EXPECT_EQ(axis_value(found), name[0] == 'C' ? "host-jks" : "host-misnamed");
    EXPECT_EQ(found.diagnoses.empty(), name[0] == 'C');
  }
}

TEST(FoundStore, WhatIsPutAsideReplacesNothing) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  const std::string file = folder.path() / "keystore" / "mail.example.com.ks";
  for (const char* end : {"", ".old", ".old2"}) write_file(file + end, "x");
  const FoundStore found = find_host_store(folder.path(), kHost, std::nullopt);
  const Commands& remedy = found.diagnoses.at(0).remedy;
  EXPECT_EQ(remedy.at(remedy.size() - 2), "cp -p " + file + " " + file + ".old3");
}

TEST(FoundStore, TheCertificateIsFetchedAsTheServerIsReached) {
  const TemporaryFolder folder;
  const auto fetch = [&](const std::string& host, const StoreUse& use) {
    return find_host_store(folder.path(), host, {}, use).diagnoses.at(0).remedy.at(1);
  };
  EXPECT_EQ(fetch("ldap.test", {.protocol = Protocol::ldap, .tls = Tls::starttls}),
            "openssl s_client -starttls ldap -connect ldap.test:389 -showcerts </dev/null "
            ">ldap.test-shown.pem");
  EXPECT_EQ(fetch("ldap.test", {.protocol = Protocol::ldap}),
            "openssl s_client -connect ldap.test:636 -showcerts </dev/null "
            ">ldap.test-shown.pem");
  EXPECT_EQ(fetch("2001:db8::1", {.port = 4650}),
            "openssl s_client -connect '[2001:db8::1]:4650' -showcerts </dev/null "
            ">2001:db8::1-shown.pem");
  EXPECT_EQ(fetch("-a;b", {}),
            "openssl s_client -connect '-a;b:465' -showcerts </dev/null >'./-a;b-shown.pem'");
}

TEST(FoundStore, NoPasswordIsEverRepeated) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  write_file(folder.path() / "keystore" / "mail.example.com.ks", jks());
  const FoundStore found = find_host_store(folder.path(), kHost, "hunter2-hunter2");
  ASSERT_EQ(found.diagnoses.size(), 1U);
  EXPECT_EQ(found.diagnoses[0].problem, wrong_password);
  EXPECT_EQ(found.diagnoses[0].sentence.find("hunter2"), std::string::npos);
  for (const std::string& line : found.diagnoses[0].remedy) {
    EXPECT_EQ(line.find("hunter2"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace startle::customer
