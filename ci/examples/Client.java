import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import javax.naming.Context;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.StartTlsRequest;
import javax.naming.ldap.StartTlsResponse;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Java's own LDAP client, JNDI, under test: `ci/startle run 'ldap/*' --client ci/examples/client-java`,
 * which starts it. Put your own client in its place.
 */
class Client {
  public static void main(String[] args) throws Exception {
    Map<String, String> told = System.getenv();
    boolean isOther = Set.of("STARTLE_MECHANISM", "STARTLE_CRL", "STARTLE_CLIENT_CERTIFICATE").stream()
        .anyMatch(told::containsKey);
    if (!told.get("STARTLE_MODE").equals("ldap-starttls") || !told.containsKey("STARTLE_CA") || isOther) {
      System.out.println("this client begins TLS by StartTLS, verifies always, and binds with a password");
      System.exit(89); // it cannot do this, which is no failure
    }
    Hashtable<String, Object> settings = new Hashtable<>();
    settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    settings.put(Context.PROVIDER_URL, "ldap://" + told.get("STARTLE_HOST") + ":" + told.get("STARTLE_PORT"));
    InitialLdapContext context = new InitialLdapContext(settings, null);
    StartTlsResponse tls = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
    tls.negotiate(trusting(told.get("STARTLE_CA")).getSocketFactory());
    if (told.containsKey("STARTLE_BIND_DN")) {
      context.addToEnvironment(Context.SECURITY_AUTHENTICATION, "simple");
      context.addToEnvironment(Context.SECURITY_PRINCIPAL, told.get("STARTLE_BIND_DN"));
      context.addToEnvironment(Context.SECURITY_CREDENTIALS,
          Files.readString(Path.of(told.get("STARTLE_PASSWORD_FILE"))));
    }
    context.reconnect(null); // binds; what is thrown ends the program with 1
    context.close();
  }

  private static SSLContext trusting(String pem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    for (var anchor : CertificateFactory.getInstance("X.509").generateCertificates(new FileInputStream(pem))) {
      store.setCertificateEntry("anchor" + store.size(), anchor);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
