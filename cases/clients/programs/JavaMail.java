import com.google.gson.JsonObject;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import javax.mail.Message;
import javax.mail.Session;
import javax.mail.Transport;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;

/**
 * JavaMail 1.6. mail.smtp.ssl.trust is the task's trust, and where that is absent it is not set;
 * `--trust-host`, `--trust-any`: it is the host, or *. `--check-server-identity` sets what its
 * documentation recommends.
 */
final class JavaMail {
  public static void main(String[] args) throws Exception {
    Contract.work(task -> send(task, List.of(args)));
  }

  private static void send(JsonObject task, List<String> args) throws Exception {
    Contract.ableToBeTold(task, "mechanism");
    String mechanism = Contract.told(task, "mechanism");
    if (mechanism != null && !List.of("LOGIN", "PLAIN").contains(mechanism)) {
      throw new Contract.Cannot("JavaMail has no " + mechanism + " of its own");
    }
    String host = Contract.told(task, "host");
    String protocol = Contract.told(task, "mode").equals("smtps") ? "smtps" : "smtp";
    String prefix = "mail." + protocol + ".";

    Properties properties = new Properties();
    properties.put(prefix + "starttls.enable", "true");
    properties.put(prefix + "starttls.required", "true");
    properties.put(prefix + "auth", String.valueOf(task.has("username")));
    if (mechanism != null) properties.put(prefix + "auth.mechanisms", mechanism);
    if (args.contains("--check-server-identity")) properties.put(prefix + "ssl.checkserveridentity", "true");
    String trust = args.contains("--trust-host") ? host : Contract.told(task, "trust");
    if (args.contains("--trust-any") || !task.has("ca")) trust = "*";
    if (trust != null) properties.put(prefix + "ssl.trust", trust);
    Contract.takeTrustStore(task); // an ssl.socketFactory would make it forget ssl.trust

    Session session = Session.getInstance(properties);
    try (InputStream text = new FileInputStream(Contract.told(task, "message_file"));
        Transport transport = session.getTransport(protocol)) {
      Message message = new MimeMessage(session, text);
      message.setFrom(new InternetAddress(Contract.told(task, "sender")));
      String password = task.has("username") ? Contract.password(task) : null;
      transport.connect(host, task.get("port").getAsInt(), Contract.told(task, "username"), password);
      transport.sendMessage(message, InternetAddress.parse(Contract.told(task, "recipient")));
    }
  }
}
