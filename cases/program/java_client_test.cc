// Java against `startle serve`: the trust store that the `ready` event names is one that Java
// reads, and Java's own certificate verification gives the same verdicts.

#include <gtest/gtest.h>

#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

// STARTTLS by hand, with nothing but the runtime: arguments are port, name, trust store, password.
constexpr const char* kStartTls = R"(
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import javax.net.ssl.*;

public class StartTls {
  static String reply(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) throw new EOFException("closed after: " + line);
      if (c != '\n') { line.append((char) c); continue; }
      if (line.charAt(3) != '-') return line.toString().trim();
      line.setLength(0);
    }
  }
  static String command(InputStream in, OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return reply(in);
  }
  static void expect(String code, String reply) {
    if (!reply.startsWith(code)) throw new IllegalStateException("not " + code + ": " + reply);
  }
  public static void main(String[] args) throws Exception {
    KeyStore store = KeyStore.getInstance(new File(args[2]), args[3].toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);

    Socket plain = new Socket(InetAddress.getByName("127.0.0.1"), Integer.parseInt(args[0]));
    plain.setSoTimeout(50000);
    InputStream in = plain.getInputStream();
    OutputStream out = plain.getOutputStream();
    expect("220", reply(in));
    expect("250", command(in, out, "EHLO java.example.test"));
    expect("220", command(in, out, "STARTTLS"));

    int port = Integer.parseInt(args[0]);
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, args[1], port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("LDAPS");
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (SSLHandshakeException e) {
      System.out.println("refused: " + e.getMessage());
      System.exit(1);
    }
    expect("250", command(socket.getInputStream(), socket.getOutputStream(), "EHLO java.example.test"));
    expect("221", command(socket.getInputStream(), socket.getOutputStream(), "QUIT"));
    System.out.println("accepted");
    socket.close();
  }
}
)";

TEST(Keytool, ListsTheTrustStore) {
  if (!is_installed("keytool")) GTEST_SKIP() << "Java's keytool is not installed";
  Served server({"smtp"});
  const ProcessEnd listed =
      Process({"keytool", "-J-Duser.language=en", "-list", "-keystore",
               server.ready()["truststore"], "-storepass", server.ready()["truststore_password"]})
          .wait();
  EXPECT_EQ(listed.status, 0) << listed.output << listed.errors;
  EXPECT_NE(listed.output.find("Your keystore contains 1 entry"), std::string::npos)
      << listed.output;
  EXPECT_NE(listed.output.find("startle-1, "), std::string::npos) << listed.output;
  EXPECT_NE(listed.output.find("trustedCertEntry"), std::string::npos) << listed.output;
}

class Java : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("java") || !is_installed("javac")) {
      GTEST_SKIP() << "a Java development kit is not installed (java, javac)";
    }
    write_file(folder_.path() / "StartTls.java", kStartTls);
  }
  ProcessEnd start_tls(const Served& server) const {
    return start_tls(server, server.ready()["truststore"], server.ready()["truststore_password"]);
  }
  ProcessEnd start_tls(const Served& server, const std::string& truststore,
                       const std::string& password) const {
    return Process({"java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                    (folder_.path() / "StartTls.java").string(), server.port(), server.name(),
                    truststore, password})
        .wait();
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_{};
};

TEST_F(Java, AcceptsAValidCertificate) {
  Served server({"smtp", "--once"});
  const ProcessEnd end = start_tls(server);
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  EXPECT_EQ(end.output, "accepted\n");
  const Json event = server.next_event();
  EXPECT_EQ(event["phase"], "quit") << event;
  EXPECT_EQ(event["violations"], Json::array()) << event;
}

struct RefusalRow {
  const char* certificate = "";
  const char* says = "";
};
class JavaRefuses : public Java, public testing::WithParamInterface<RefusalRow> {};
void PrintTo(const RefusalRow& row, std::ostream* out) {
  *out << row.certificate;
}

TEST_P(JavaRefuses, AndSaysWhy) {
  Served server({"smtp", "--once", "--certificate", GetParam().certificate});
  const ProcessEnd end = start_tls(server);
  EXPECT_EQ(end.status, 1) << end.output << end.errors;
  EXPECT_NE(end.output.find(GetParam().says), std::string::npos) << end.output;
  const Json event = server.next_event();
  EXPECT_EQ(event["phase"], "handshake") << event;
  EXPECT_EQ(event["violations"], Json::array()) << event;
  EXPECT_EQ(server.wait().status, 0);
}

INSTANTIATE_TEST_SUITE_P(, JavaRefuses,
                         testing::Values(RefusalRow{"expired", "validity check failed"},
                                         RefusalRow{"mismatched", "No subject alternative"},
                                         RefusalRow{"unknown-ca", "unable to find valid"}));

// Two runs of the program, of which one exports and one serves: they share the keys that are kept,
// those of RSA.
constexpr const char* kByAuthority = R"(<recipes>
  <recipe id="mine" reason="nothing" clause="RFC 5280, 6.1"><root key="rsa-2048"/></recipe>
</recipes>)";
constexpr const char* kByItself = R"(<recipes>
  <recipe id="mine" reason="it signed itself" clause="RFC 5280, 6.1">
    <leaf issuer="self" key="rsa-2048" basic-constraints="ca"/>
  </recipe>
</recipes>)";

struct ExportRow {
  const char* format = "";
  const char* truststore = "";  // the file
  const char* type = "";        // as keytool calls it
  const char* recipes = "";
};
class JavaTakesTheExport : public Java, public testing::WithParamInterface<ExportRow> {};
void PrintTo(const ExportRow& row, std::ostream* out) {
  *out << row.format;
}

TEST_P(JavaTakesTheExport, ListsItAndTrustsTheServer) {
  const ExportRow& row = GetParam();
  const std::string file = folder() / "mine.xml";
  write_file(file, row.recipes);
  const std::string exported = folder() / "exported";
  const std::string cache = "XDG_CACHE_HOME=" + (folder() / "cache").string();
  const ProcessEnd made =
      Process({STARTLE_PROGRAM, "certs", "export", exported, file, "--format", row.format}, {cache})
          .wait();
  ASSERT_EQ(made.status, 0) << made.errors;
  const std::string truststore = exported + "/mine/" + row.truststore;
  const ProcessEnd listed = Process({"keytool", "-J-Duser.language=en", "-list", "-storetype",
                                     row.type, "-keystore", truststore, "-storepass", "changeit"})
                                .wait();
  EXPECT_EQ(listed.status, 0) << listed.output << listed.errors;
  EXPECT_NE(listed.output.find("contains 1 entry"), std::string::npos) << listed.output;
  EXPECT_NE(listed.output.find("trustedCertEntry"), std::string::npos) << listed.output;

  Served server({file, "--once"}, {cache});
  const ProcessEnd client = start_tls(server, truststore, "changeit");
  EXPECT_EQ(client.status, 0) << client.output << client.errors;
  EXPECT_EQ(client.output, "accepted\n");
  EXPECT_EQ(server.next_event()["phase"], "quit");
}

INSTANTIATE_TEST_SUITE_P(, JavaTakesTheExport,
                         testing::Values(ExportRow{"pkcs12", "truststore.p12", "PKCS12",
                                                   kByAuthority},
                                         ExportRow{"jks", "truststore.jks", "JKS", kByItself}));

}  // namespace
}  // namespace startle::cases
