// `startle serve` with a certificate of the user's own, and what it tells of a handshake that came
// to nothing.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Strings = std::vector<std::string>;

class OwnCertificate : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("openssl")) GTEST_SKIP() << "the openssl program is not installed";
    make("root", "/CN=Example Root", "basicConstraints=critical,CA:TRUE", "");
    make("mail", "/CN=ignored", "subjectAltName=DNS:mail.example.test", "root");
    write("chain.pem", read("mail.pem") + read("root.pem"));
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string read(const std::string& name) const { return read_file(path(name), 1 << 20); }
  void write(const std::string& name, const std::string& content) const {
    write_file(folder_.path() / name, content);
  }
  void openssl(Strings arguments) const {
    arguments.insert(arguments.begin(), "openssl");
    const ProcessEnd end = Process(arguments).wait();
    ASSERT_EQ(end.status, 0) << end.errors;
  }
  // NAME.pem and NAME.key; `issuer` empty: it signs itself.
  void make(const std::string& name, const std::string& subject, const std::string& extension,
            const std::string& issuer) const {
    write(name + ".cnf", "[req]\ndistinguished_name=dn\n[dn]\n[x]\n" + extension + "\n");
    openssl({"ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", path(name + ".key")});
    openssl({"req", "-new", "-config", path(name + ".cnf"), "-key", path(name + ".key"), "-subj",
             subject, "-out", path(name + ".csr")});
    Strings sign{"x509",        "-req",
                 "-in",         path(name + ".csr"),
                 "-days",       "30",
                 "-out",        path(name + ".pem"),
                 "-extfile",    path(name + ".cnf"),
                 "-extensions", "x"};
    if (issuer.empty()) {
      sign.insert(sign.end(), {"-signkey", path(name + ".key")});
    } else {
      sign.insert(sign.end(), {"-CA", path(issuer + ".pem"), "-CAkey", path(issuer + ".key"),
                               "-set_serial", "7"});
    }
    openssl(sign);
  }

  Strings served(const std::string& certificate, const std::string& key) const {
    return {"--certificate-file", path(certificate), "--key-file", path(key)};
  }
  // The built-in client, told what the ready event says; `anchors` in place of its CA.
  static void visit(const Ready& server, const std::string& anchors) {
    Process({STARTLE_PROGRAM, "client", "--port", server.port(), "--host", server.name(), "--trust",
             server.name(), "--anchors", anchors, "--trust-model", "pkix", "--mode",
             server.ready().at("mode"), "--username=" + server.user(),
             "--password=" + server.password()})
        .wait();
  }

  TemporaryFolder folder_{};
};

constexpr const char* kUntold =
    "the certificate is your own, and whom your client trusts is not known here";

TEST_F(OwnCertificate, IsShownWithTheDialogueOfTheServer) {
  Strings arguments = served("chain.pem", "mail.key");
  arguments.insert(arguments.begin(), "smtp");
  Served server(arguments);
  EXPECT_EQ(server.name(), "mail.example.test") << "the first name that it presents";
  EXPECT_EQ(server.ready()["expected"], Json::array());
  EXPECT_EQ(server.ready()["reason"], kUntold);
  visit(server, server.ca());
  const Json event = server.next_event();
  EXPECT_EQ(event["delivered"], true) << event;
  EXPECT_EQ(event["verdict"], Json()) << event;
  EXPECT_EQ(event["handshake_failure"], Json()) << event;
}

TEST_F(OwnCertificate, IsShownByARequestAndWithACase) {
  Controlled control;
  const Json files{{"certificate_file", path("chain.pem")}, {"key_file", path("mail.key")}};
  for (const Json& what :
       {Json{{"protocol", "ldap"}}, Json{{"protocol", "smtp"}, {"mode", "smtps"}},
        Json{{"case", "smtp/starttls/refused-454"}}}) {
    Json wanted = files;
    wanted.update(what);
    const Ready server = control.start(wanted);
    EXPECT_EQ(server.name(), "mail.example.test") << what;
    EXPECT_EQ(server.ready()["reason"], kUntold) << what;
  }
  Json named = files;
  named.update({{"protocol", "smtp"}, {"name", "other.example.test"}});
  EXPECT_EQ(control.start(named).name(), "other.example.test");
}

TEST_F(OwnCertificate, SaysOfAFileThatIsOfNoUseWhatToDo) {
  openssl({"ec", "-in", path("mail.key"), "-aes256", "-passout", "pass:secret", "-out",
           path("closed.key")});
  openssl({"pkcs8", "-topk8", "-in", path("mail.key"), "-passout", "pass:secret", "-out",
           path("closed8.key")});
  make("wild", "/CN=ignored", "subjectAltName=DNS:*.example.test", "root");
  const auto encrypted = [&](const std::string& key) {
    return path(key) +
           ": the private key is encrypted, and `serve` asks nobody for its password: write it "
           "without one, `openssl pkey -in " +
           path(key) + " -out open.key`";
  };
  struct Row {
    Strings arguments;
    std::string says;
  };
  const Row rows[] = {
      {served("chain.pem", "closed.key"), encrypted("closed.key")},
      {served("chain.pem", "closed8.key"), encrypted("closed8.key")},
      {served("mail.pem", "root.key"),
       path("root.key") + ": the private key does not belong to the first certificate of " +
           path("mail.pem")},
      {served("chain.pem", "root.key"),
       path("root.key") + ": the private key belongs to certificate 2 of " + path("chain.pem") +
           ", and not to the first: its own certificate stands first"},
      {served("mail.key", "mail.key"), path("mail.key") + ": holds no certificate (PEM)"},
      {served("chain.pem", "chain.pem"), path("chain.pem") + ": holds no private key (PEM)"},
      {served("none.pem", "mail.key"),
       path("none.pem") + ": cannot be read: No such file or directory"},
      {{"--certificate-file", path("chain.pem")},
       "--certificate-file needs --key-file: the private key of its first certificate"},
      {{"--key-file", path("mail.key")},
       "--key-file needs --certificate-file: the certificate that the key belongs to"},
      {served("wild.pem", "wild.key"),
       path("wild.pem") + " presents no name that a client could be told: give one with --name"},
  };
  for (const Row& row : rows) {
    Strings arguments{"serve", "smtp"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const ProcessEnd end = startle(arguments);
    EXPECT_EQ(end.errors, "startle: " + row.says + "\n");
    EXPECT_EQ(end.status, 2) << row.says;
  }
  Strings both = served("chain.pem", "mail.key");
  both.insert(both.begin(), {"serve", "smtp", "--certificate", "expired"});
  EXPECT_EQ(
      startle(both).errors,
      "startle: --certificate and --certificate-file do not go together: one server shows one "
      "certificate\n");
  Controlled control;
  const Json refused =
      control.ask(Json{{"start", {{"protocol", "smtp"}, {"key_file", path("mail.key")}}}}.dump());
  EXPECT_EQ(refused["event"], "error");
  EXPECT_EQ(refused["message"],
            "key_file needs certificate_file: the certificate that the key belongs to");
}

TEST_F(OwnCertificate, AHandshakeThatCameToNothingSaysWhy) {
  make("stranger", "/CN=Stranger", "basicConstraints=critical,CA:TRUE", "");
  Strings arguments = served("chain.pem", "mail.key");
  arguments.insert(arguments.begin(), "smtp");
  Served server(arguments);
  visit(server, path("stranger.pem"));
  const Json event = server.next_event();
  EXPECT_EQ(event["alert"], "unknown_ca") << event;
  EXPECT_EQ(event["alert_sent"], Json()) << event;
  EXPECT_EQ(
      event["handshake_failure"],
      "the client refused the certificate: alert 48, unknown_ca (it does not trust who issued "
      "it)");
}

TEST_F(OwnCertificate, AClientThatBeginsWithTlsWhereStarttlsIsSpokenIsToldApart) {
  const std::pair<const char*, const char*> rows[] = {{"smtp", "smtps"}, {"ldap", "ldaps"}};
  for (const auto& [protocol, implicit] : rows) {
    Strings arguments = served("chain.pem", "mail.key");
    arguments.insert(arguments.begin(), protocol);
    Served server(arguments);
    Process({STARTLE_PROGRAM, "client", "--port", server.port(), "--host", server.name(), "--mode",
             implicit, "--trust", "*", "--password=" + server.password(), "--username",
             std::string(protocol) == "ldap" ? server.bind_dn() : server.user()})
        .wait();
    EXPECT_EQ(server.next_event()["handshake_failure"],
              "the client begins with TLS, as on a port of " + std::string(implicit) +
                  ", and this server in clear: tell the client to use STARTTLS, or serve it with "
                  "--mode " +
                  implicit);
  }
}

}  // namespace
}  // namespace startle::cases
