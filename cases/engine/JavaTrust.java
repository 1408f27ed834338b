// What the trust manager of this Java runtime makes of chains, with a file as its trust store: the
// file is opened as javax.net.ssl.trustStore is, and what it holds is asked at a moment that is
// given. Lines of stdin, words parted by tabs:
//
//   chain ID certificate.der..                 end entity first
//   ask ID store-file password millis          password `-`: none; to each a line on stdout:
//                                              `accepted`, `unopened: ` and the exception, or the
//                                              exceptions, outermost first, joined by ` <- `

import java.io.*;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

public class JavaTrust {
  static final Map<String, List<String>> chains = new HashMap<>();

  static X509TrustManager only(TrustManagerFactory factory) {
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  // Who is trusted is what the platform's own factory takes from the store; only the moment is ours.
  static X509TrustManager manager(KeyStore store, Date now) throws Exception {
    TrustManagerFactory platforms =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    platforms.init(store);
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate trusted : only(platforms).getAcceptedIssuers()) {
      anchors.add(new TrustAnchor(trusted, null));
    }
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.setRevocationEnabled(false);  // as the platform's default has it
    parameters.setDate(now);
    TrustManagerFactory dated = TrustManagerFactory.getInstance("PKIX");
    dated.init(new CertPathTrustManagerParameters(parameters));
    return only(dated);
  }

  static KeyStore opened(String file, String password) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(Paths.get(file))) {
      store.load(in, password.equals("-") ? null : password.toCharArray());
    }
    return store;
  }

  static String ask(String id, String file, String password, Date now) {
    KeyStore store;
    try {
      store = opened(file, password);
    } catch (Exception e) {
      return "unopened: " + exceptions(e);
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> chain = new ArrayList<>();
      for (String der : chains.get(id)) {
        try (InputStream in = Files.newInputStream(Paths.get(der))) {
          chain.add((X509Certificate) factory.generateCertificate(in));
        }
      }
      manager(store, now).checkServerTrusted(chain.toArray(new X509Certificate[0]), "UNKNOWN");
      return "accepted";
    } catch (Exception e) {
      return exceptions(e);
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
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null; ) {
      List<String> words = Arrays.asList(line.split("\t"));
      if (words.get(0).equals("chain")) {
        chains.put(words.get(1), words.subList(2, words.size()));
      } else {
        Date now = new Date(Long.parseLong(words.get(4)));
        System.out.println(ask(words.get(1), words.get(2), words.get(3), now));
      }
    }
  }
}
