// What Java's own TLS (JSSE) makes of many servers: a STARTTLS handshake with each, as the mail
// libraries configure it. Every line of stdin is a job, `port host millis-since-1970 anchor.der..`;
// to each, a line on stdout for every way to trust: `way TAB accepted` or `way TAB` and the
// exceptions, from the outermost to the cause, joined by ` <- `.
//
//   pkix         the platform's PKIX trust manager, no look at names (JavaMail without ssl.trust)
//   pkix-name    the same with endpoint identification LDAPS (Angus Mail without ssl.trust)
//   any, any-name  a trust manager that trusts every chain (ssl.trust="*"), without and with it

import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

public class JavaHandshakes {
  static class TrustsAll implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String type) {}
    public void checkServerTrusted(X509Certificate[] chain, String type) {}
    public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
  }

  static TrustManager[] platforms(Date now, Set<TrustAnchor> anchors) throws Exception {
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.setRevocationEnabled(false);  // as the platform's default has it
    parameters.setDate(now);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    return factory.getTrustManagers();
  }

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

  static void say(Socket socket, String line, String code) throws IOException {
    if (line != null) {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }
    String reply = reply(socket.getInputStream());
    if (!reply.startsWith(code)) throw new IllegalStateException("not " + code + ": " + reply);
  }

  static String handshake(int port, String host, TrustManager[] trust, boolean name)
      throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust, null);
    try (Socket plain = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      plain.setSoTimeout(20000);
      say(plain, null, "220");
      say(plain, "EHLO java.example.test", "250");
      say(plain, "STARTTLS", "220");
      SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
      if (name) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("LDAPS");
        socket.setSSLParameters(parameters);
      }
      try {
        socket.startHandshake();
        say(socket, "EHLO java.example.test", "250");
        say(socket, "QUIT", "221");
      } catch (SSLException e) {
        return exceptions(e);
      }
      return "accepted";
    }
  }

  static String exceptions(Throwable thrown) {
    StringJoiner all = new StringJoiner(" <- ");
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      all.add(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    return all.toString().replaceAll("\\s+", " ");
  }

  public static void main(String[] args) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in));
    for (String job; (job = jobs.readLine()) != null; ) {
      String[] words = job.split(" ");
      int port = Integer.parseInt(words[0]);
      Date now = new Date(Long.parseLong(words[2]));
      Set<TrustAnchor> anchors = new HashSet<>();
      for (int i = 3; i < words.length; ++i) {
        try (InputStream file = Files.newInputStream(Paths.get(words[i]))) {
          anchors.add(new TrustAnchor((X509Certificate) factory.generateCertificate(file), null));
        }
      }
      TrustManager[] pkix = platforms(now, anchors);
      TrustManager[] any = {new TrustsAll()};
      System.out.println("pkix\t" + handshake(port, words[1], pkix, false));
      System.out.println("pkix-name\t" + handshake(port, words[1], pkix, true));
      System.out.println("any\t" + handshake(port, words[1], any, false));
      System.out.println("any-name\t" + handshake(port, words[1], any, true));
    }
  }
}
