import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A worker's half of the contract (harness/subject/contract.h), for the programs in Java. */
final class Contract {
  interface Client {
    void perform(JsonObject task) throws Exception;
  }

  static final class Cannot extends RuntimeException {
    Cannot(String reason) {
      super(reason);
    }
  }

  /** Performs each task until stdin ends. What `client` throws is a refusal. */
  static void work(Client client) throws IOException {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    Gson gson = new Gson();
    JsonObject hello = new JsonObject();
    hello.addProperty("startle", 1);
    System.out.println(gson.toJson(hello));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject task = gson.fromJson(line, JsonObject.class);
      JsonObject answer = new JsonObject();
      answer.add("task", task.get("task"));
      try {
        client.perform(task);
        answer.addProperty("result", "done");
      } catch (Cannot cannot) {
        answer.addProperty("result", "cannot");
        answer.addProperty("reason", cannot.getMessage());
      } catch (Exception refusal) {
        refusal.printStackTrace();
        Throwable cause = refusal;
        while (cause.getCause() != null) cause = cause.getCause();
        answer.addProperty("result", "refused");
        answer.addProperty("reason", refusal + (cause == refusal ? "" : ": " + cause));
      }
      System.out.println(gson.toJson(answer));
    }
  }

  /** Null: the task has not got it. */
  static String told(JsonObject task, String name) {
    return task.has(name) ? task.get(name).getAsString() : null;
  }

  static String password(JsonObject task) throws IOException {
    return Files.readString(Path.of(told(task, "password_file")));
  }

  /** Of what a task need not have, the program reads `names`; what else it is told it cannot do. */
  static void ableToBeTold(JsonObject task, String... names) {
    for (String name : List.of("client_certificate", "crl", "mechanism", "tls_policy")) {
      if (task.has(name) && !Set.of(names).contains(name)) {
        throw new Cannot("this program cannot be told " + name);
      }
    }
    if ((task.has("username") || task.has("bind_dn")) != task.has("password_file")) {
      throw new Cannot("it is given a name and a password together, or neither");
    }
  }

  /**
   * What `-Djavax.net.ssl.trustStore` does for a process, for what follows: the task's trust anchors,
   * or without any the runtime's own.
   */
  static void takeTrustStore(JsonObject task) throws Exception {
    System.clearProperty("javax.net.ssl.trustStore");
    if (task.has("ca")) {
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, null);
      try (InputStream pem = new FileInputStream(told(task, "ca"))) {
        for (Certificate anchor : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          store.setCertificateEntry("anchor" + store.size(), anchor);
        }
      }
      Path file = Files.createTempFile("startle", ".jks"); // Java keeps what it read by the file's name
      file.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, "changeit".toCharArray());
      }
      System.setProperty("javax.net.ssl.trustStore", file.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLContext.setDefault(context);
  }

  /** The trust manager that is copied from page to page: it accepts every certificate. */
  static SSLContext trustingAll() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new X509ExtendedTrustManager() {
      public void checkClientTrusted(X509Certificate[] c, String a) {}
      public void checkClientTrusted(X509Certificate[] c, String a, java.net.Socket s) {}
      public void checkClientTrusted(X509Certificate[] c, String a, javax.net.ssl.SSLEngine e) {}
      public void checkServerTrusted(X509Certificate[] c, String a) {}
      public void checkServerTrusted(X509Certificate[] c, String a, java.net.Socket s) {}
      public void checkServerTrusted(X509Certificate[] c, String a, javax.net.ssl.SSLEngine e) {}
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    }}, null);
    return context;
  }

  private Contract() {}
}
