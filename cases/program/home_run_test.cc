// startle run --home, from outside: what it says of the key stores of a customer's hosts.

#include <gtest/gtest.h>

#include "cases/engine/startle_for_test.h"
#include "certs/jks.h"
#include "harness/base/file.h"
#include "harness/customer/store/store.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

// conf/schedule.xml and trackplus/keystore in a folder of their own.
class Customer {
 public:
  Customer() {
    fs::create_directory(folder_.path() / "conf");
    fs::create_directories(home() / "keystore");
    write_file(schedule(),
               "<schedule>\n"
               "<smtp url='mail.example.com' email='m@example.com' ssl='true' username='u' "
               "password='p' trust='mail.example.com'/>\n"
               "<smtp url='mail.example.com' email='n@example.com' ssl='true' username='u' "
               "password='p' trust='mail.example.com'/>\n"
               "<smtp url='plain.example.com' email='m@example.com'/>\n"
               "</schedule>\n");
  }
  fs::path home() const { return folder_.path() / "trackplus"; }
  fs::path schedule() const { return folder_.path() / "conf/schedule.xml"; }
  fs::path password() const { return folder_.path() / "password"; }

  void put_store(const std::string& name, const std::string& password) const {
    write_file(home() / "keystore" / name,
               certs::write_jks({}, password, std::chrono::sys_seconds{}));
  }
  // One cell, so that the run costs next to nothing.
  ProgramRun run(const std::vector<std::string>& more = {},
                 const std::vector<std::pair<std::string, std::string>>& environment = {}) const {
    std::vector<std::string> arguments{"run",    "--config",      schedule(),
                                       "--home", home().string(), "*/certificate=valid/*"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_startle(arguments, environment);
  }
  // What is said, with the folders as the README has them.
  std::string said(std::string text) const {
    for (const auto& [own, told] : {std::pair{home().string(), "/opt/trackplus"},
                                    {schedule().string(), "conf/schedule.xml"}}) {
      for (std::size_t i = text.find(own); i != std::string::npos; i = text.find(own)) {
        text.replace(i, own.size(), told);
      }
    }
    return text;
  }

 private:
  TemporaryFolder folder_{};
};

const std::string kEmptyStore =
    "conf/schedule.xml:2: warning: /opt/trackplus/keystore/mail.example.com.ks holds no "
    "certificate: Java trusts no server then (`the trustAnchors parameter must be non-empty`)\n"
    "  # last, where nobody has the certificate in a file: what the network shows now\n"
    "  openssl s_client -connect mail.example.com:465 -showcerts </dev/null "
    ">mail.example.com-shown.pem\n"
    "  keytool -printcert -file mail.example.com-shown.pem\n"
    "  # go on only where the operator of mail.example.com has told this fingerprint, SHA-256: "
    "somebody may stand between\n"
    "  keytool -importcert -alias mail.example.com -file mail.example.com-shown.pem -keystore "
    "/opt/trackplus/keystore/mail.example.com.ks\n";

std::string not_opened_by(const std::string& what) {
  return "mail.example.com.ks is not opened by " + what;
}

TEST(RunWithAHome, TheReadmeShowsWhatItSays) {
  const Customer customer;
  customer.put_store("MAIL.example.com.ks", "changeit");
  const ProgramRun run = customer.run();
  EXPECT_EQ(run.status, 0);
  const std::string said = customer.said(run.err);
  EXPECT_EQ(said,
            "conf/schedule.xml:2: warning: /opt/trackplus/keystore/MAIL.example.com.ks does not "
            "serve mail.example.com: its name differs in letter case, and Java opens exactly "
            "/opt/trackplus/keystore/mail.example.com.ks\n"
            "  mv /opt/trackplus/keystore/MAIL.example.com.ks "
            "/opt/trackplus/keystore/mail.example.com.ks\n");
  std::string indented;
  for (std::size_t from = 0; from < said.size();) {
    const std::size_t end = said.find('\n', from) + 1;
    indented += "    " + said.substr(from, end - from);
    from = end;
  }
  const std::string readme = read_file(STARTLE_TREE "/README.md", 1 << 20);
  EXPECT_NE(
      readme.find("\n    $ ci/startle run --config conf/schedule.xml --home /opt/trackplus\n" +
                  indented),
      std::string::npos)
      << indented;
}

TEST(RunWithAHome, EachDiagnosisIsSaidOnce) {
  const Customer customer;
  customer.put_store("mail.example.com.ks", "changeit");
  EXPECT_EQ(customer.said(customer.run().err), kEmptyStore);
}

TEST(RunWithAHome, AStoreThatNobodyNeedsIsANote) {
  const std::string said = Customer().run().err;
  EXPECT_NE(said.find("schedule.xml:2: note: "), std::string::npos) << said;
  EXPECT_NE(said.find("mail.example.com.ks is missing: "), std::string::npos) << said;
  EXPECT_EQ(said.find("plain.example.com"), std::string::npos) << said;
}

TEST(RunWithAHome, ThePasswordComesFromAFileOrTheEnvironment) {
  const Customer customer;
  customer.put_store("mail.example.com.ks", "its own");
  const auto run = [&](const std::vector<std::string>& more, const char* variable = nullptr) {
    std::vector<std::pair<std::string, std::string>> environment;
    if (variable != nullptr) environment.emplace_back("STARTLE_STORE_PASSWORD", variable);
    return customer.said(customer.run(more, environment).err);
  };
  EXPECT_NE(run({}).find(not_opened_by("changeit, which is tried where no password is given")),
            std::string::npos);
  EXPECT_EQ(run({}, "its own"), kEmptyStore);
  EXPECT_EQ(run({}, ""), kEmptyStore) << "Java opens JKS without a password";
  const std::vector<std::string> from_file{"--store-password-file", customer.password()};
  for (const char* line_end : {"", "\n", "\r\n"}) {
    write_file(customer.password(), std::string("its own") + line_end);
    EXPECT_EQ(run(from_file, "another"), kEmptyStore) << "the file comes first";
  }
  write_file(customer.password(), "hunter2-hunter2\n");
  const std::string refused = run(from_file);
  EXPECT_NE(refused.find(not_opened_by("the given password")), std::string::npos) << refused;
  EXPECT_EQ(refused.find("hunter2"), std::string::npos);
}

TEST(RunWithAHome, ThePasswordsFileMayBeOneOfWindows) {
  const Customer customer;
  customer.put_store("mail.example.com.ks", "its-own");
  const auto run = [&](const std::string& bytes) {
    write_file(customer.password(), bytes);
    const std::string err = customer.run({"--store-password-file", customer.password()}).err;
    const std::string name = customer.password().string();
    EXPECT_EQ(err.find("is not opened"), std::string::npos) << err;
    EXPECT_EQ(err.find("its-own"), std::string::npos) << err;
    return err.starts_with(name) ? err.substr(name.size(), err.find('\n') - name.size()) : err;
  };
  EXPECT_EQ(run("\xef\xbb\xbfits-own\r\n"),
            ": note: begins with a byte order mark, which is no part of the password: it is read "
            "without");
  EXPECT_EQ(run(std::string("\xff\xfei\0t\0s\0-\0o\0w\0n\0\r\0\n\0", 20)),
            ": note: is UTF-16, as PowerShell writes it: the password is read as the text that it "
            "is");
  EXPECT_NE(run("its-own \r\n")
                .find("password has blanks or quotes around the password, as `echo PASSWORD "
                      ">FILE` of cmd.exe leaves them"),
            std::string::npos);
}

TEST(RunWithAHome, TheHeadingsOfAllReadingsStandApart) {
  const Customer customer;
  customer.put_store("mail.example.com.ks", "changeit");
  const std::string out =
      customer.run({"--mode", "smtps", "--trust-model", "all", "--store-model", "all"}).out;
  EXPECT_NE(
      out.find("\ncertificate               documented, documented store  javamail, documented "
               "store  javamail-identity, documented store  angus, documented store     pkix, "
               "documented store      documented, jsse store      javamail, jsse store        "
               "javamail-identity, jsse store  angus, jsse store           pkix, "
               "jsse store            \n"),
      std::string::npos)
      << out;
}

// A stranger's certificate is in it, and nothing better is put in its place.
TEST(RunWithAHome, TheTableGoesByTheStoreAsItIs) {
  const Customer customer;
  const fs::path to = customer.home() / "strangers";
  ASSERT_EQ(run_startle(
                {"certs", "export", to, "self-signed", "--name", "other.example.net", "--no-cache"})
                .status,
            0);
  const std::string der =
      customer::read_store_file(to / "self-signed/chain.pem", std::nullopt).entries.front().der;
  write_file(customer.home() / "keystore/mail.example.com.ks",
             certs::write_jks({{"mykey", der}}, "changeit", std::chrono::sys_seconds{}));
  const std::string out =
      customer.run({"--trust-model", "pkix", "--store-model", "jsse", "--mode", "smtps"}).out;
  EXPECT_NE(out.find("\nvalid                     certificate-not-trusted     the chain ends in a "
                     "certification authority that the client does not hold; the host's key store "
                     "holds one trusted certificate, which is not the server's and has issued "
                     "nothing of what it shows\n"),
            std::string::npos)
      << out;
}

TEST(RunWithAHome, TellsARenewedCertificateFromTheOneThatIsHeld) {
  const Customer customer;
  const auto exported = [&](const std::string& folder) {
    const fs::path to = customer.home() / folder;
    EXPECT_EQ(run_startle({"certs", "export", to, "self-signed", "--name", "mail.example.com",
                           "--no-cache"})
                  .status,
              0);
    return (to / "self-signed/chain.pem").string();
  };
  const std::string held = exported("held");
  const std::string der = customer::read_store_file(held, std::nullopt).entries.front().der;
  write_file(customer.home() / "keystore/mail.example.com.ks",
             certs::write_jks({{"mykey", der}}, "changeit", std::chrono::sys_seconds{}));
  EXPECT_EQ(customer.run({"--shown", "mail.example.com=" + held}).err, "");
  const std::string shown = exported("shown");
  const ProgramRun run = customer.run({"--shown", "mail.example.com=" + shown, "--report",
                                       "json=" + (customer.home() / "x.json").string()});
  EXPECT_EQ(run.status, 0);
  EXPECT_TRUE(customer.said(run.err).starts_with(
      "conf/schedule.xml:2: warning: /opt/trackplus/keystore/mail.example.com.ks holds, as "
      "mykey, another certificate of the subject that the server's has: it was renewed with "
      "a new key, or somebody stands between: ask its operator for the fingerprint\n"
      "  # the server's certificate has signed itself: there is no issuer to trust in its place\n"
      "  # go on only where its operator has told this fingerprint: SHA-256 "))
      << run.err;
  EXPECT_EQ(run.err.find("keytool -delete"), std::string::npos) << "what is held stays";
  const std::string report = read_file(customer.home() / "x.json", 1 << 20);
  EXPECT_NE(report.find("store=host-renewed-certificate"), std::string::npos);
}

TEST(RunWithAHome, MistakesAreToldInOneLine) {
  const Customer customer;
  customer.put_store("mail.example.com.ks", "changeit");
  const std::string store = customer.home() / "keystore/mail.example.com.ks";
  const std::string config = customer.schedule();
  const std::string nowhere = customer.home() / "none";
  const std::string pem = customer.home() / "shown.pem";
  write_file(pem, run_startle({"certs", "show", "valid", "--pem"}).out);
  const std::pair<std::vector<std::string>, std::string> rows[] = {
      {{"run", "--home", customer.home()},
       "--home needs --config FILE, the customer's schedule.xml, or --host HOST:PORT where there "
       "is none: the stores of its hosts are looked for in DIR/keystore"},
      {{"run", "--cacerts", config},
       "--cacerts needs --config FILE, the customer's schedule.xml, or --host HOST:PORT where "
       "there is none: their table goes by what it holds"},
      {{"run", "--config", config, "--cacerts", nowhere},
       nowhere + ": cannot be read: No such file or directory"},
      {{"run", "--config", config, "--cacerts", "NONE"},
       "--cacerts NONE: with javax.net.ssl.trustStore=NONE Java opens no file and trusts nobody: "
       "name the file that is to be trusted"},
      {{"run", "--config", config, "--cacerts-password-file", "x"},
       "--cacerts-password-file opens the store of --cacerts: give both"},
      {{"run", "--host", "mail.example.com"},
       "--host mail.example.com is not HOST:PORT, for example mail.example.com:465"},
      {{"run", "--config", config, "--home", nowhere},
       "--home " + nowhere + ": there is no such folder"},
      {{"run", "--config", config, "--home", customer.home() / "keystore"},
       "--home " + (customer.home() / "keystore").string() +
           " is the folder of the stores itself: name TRACKPLUS_HOME, the folder that it stands "
           "in"},
      {{"run", "--config", config, "--home", config},
       "--home " + config + ": there is no such folder"},
      {{"run", "--config", config, "--store-password-file", "x"},
       "--store-password-file opens the stores of --home DIR: give both"},
      {{"run", "--config", config, "--home", customer.home(), "--store-password-file", nowhere},
       nowhere + ": cannot be read: No such file or directory"},
      {{"run", "--shown", "mail.example.com=x"},
       "--shown needs --config FILE, the customer's schedule.xml, or --host HOST:PORT where there "
       "is none: it is the first row of its table (`startle certs show FILE.pem --name HOST` "
       "needs neither)"},
      {{"run", "--config", config, "--shown", "mail.example.com=" + nowhere},
       nowhere + ": cannot be read: No such file or directory"},
      {{"run", "--config", config, "--shown", "mail.example.com=" + pem, "--shown",
        "mail.example.com=" + pem},
       "--shown mail.example.com=" + pem +
           ": what mail.example.com shows is given twice: a host has one certificate here"},
      {{"run", "--config", config, "--home", customer.home(), "--shown", "x.pem"},
       "--shown x.pem is not HOST=FILE"},
      {{"run", "--config", config, "--home", customer.home(), "--shown", "b.example.com=x"},
       "--shown b.example.com=x: the configuration has no host b.example.com, but "
       "mail.example.com, "
       "plain.example.com"},
      {{"run", "--config", config, "--home", customer.home(), "--shown",
        "mail.example.com=" + store},
       store +
           ": is a key store (JKS), and not what a server shows: write what the server shows into "
           "a "
           "new file: openssl s_client -connect HOST:PORT -showcerts </dev/null >HOST-shown.pem"},
  };
  for (const auto& [arguments, complaint] : rows) {
    const ProgramRun run = run_startle(arguments);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "startle: " + complaint + "\n");
    EXPECT_EQ(run.out, "");
  }
}

}  // namespace
}  // namespace startle::cases
