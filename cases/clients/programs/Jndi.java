import com.google.gson.JsonObject;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.StartTlsRequest;
import javax.naming.ldap.StartTlsResponse;

/** JNDI's LDAP provider, as Java's tutorial has it: it verifies names itself, in both modes. */
final class Jndi {
  public static void main(String[] args) throws Exception {
    Contract.work(Jndi::bind);
  }

  private static void bind(JsonObject task) throws Exception {
    Contract.ableToBeTold(task);
    if (!List.of("*", Contract.told(task, "host")).contains(task.has("trust") ? Contract.told(task, "trust") : "*")) {
      throw new Contract.Cannot("it looks for the one name of the host it connects to");
    }
    boolean implicit = Contract.told(task, "mode").equals("ldaps");
    boolean verifies = task.has("ca");
    if (implicit && !verifies) {
      throw new Contract.Cannot("JNDI compares names in ldaps unless a property of the whole process says not to");
    }
    Contract.takeTrustStore(task);

    Hashtable<String, Object> settings = new Hashtable<>();
    settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    settings.put(Context.PROVIDER_URL, (implicit ? "ldaps://" : "ldap://") + Contract.told(task, "host") + ":"
        + Contract.told(task, "port"));
    if (implicit) authenticate(task, settings::put);
    InitialLdapContext context = new InitialLdapContext(settings, null);
    try {
      if (!implicit) {
        StartTlsResponse response = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
        if (!verifies) response.setHostnameVerifier((name, session) -> true);
        if (verifies) response.negotiate();
        else response.negotiate(Contract.trustingAll().getSocketFactory());
        authenticate(task, context::addToEnvironment);
        context.reconnect(null); // binds on the connection that there is
      }
      search(task, context);
    } finally {
      context.close();
    }
  }

  private interface Setter {
    Object set(String name, Object value) throws Exception;
  }

  private static void authenticate(JsonObject task, Setter to) throws Exception {
    to.set(Context.SECURITY_AUTHENTICATION, task.has("bind_dn") ? "simple" : "none");
    if (!task.has("bind_dn")) return;
    to.set(Context.SECURITY_PRINCIPAL, Contract.told(task, "bind_dn"));
    to.set(Context.SECURITY_CREDENTIALS, Contract.password(task));
  }

  private static void search(JsonObject task, InitialLdapContext context) throws Exception {
    if (!task.has("base")) return;
    SearchControls everything = new SearchControls();
    everything.setSearchScope(SearchControls.SUBTREE_SCOPE);
    String filter = task.has("filter") ? Contract.told(task, "filter") : "(objectClass=*)";
    NamingEnumeration<SearchResult> found = context.search(Contract.told(task, "base"), filter, everything);
    while (found.hasMore()) found.next();
  }
}
