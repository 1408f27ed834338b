#include "harness/customer/entry_reader.h"

#include <filesystem>
#include <variant>

#include "harness/base/text.h"
#include "harness/customer/attributes.h"
#include "harness/customer/bind_name.h"
#include "harness/customer/host_form.h"
#include "harness/customer/mechanism.h"
#include "harness/customer/server_url.h"
#include "harness/wire/ldap_filter.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

enum class Truth { on, off };
constexpr auto kTruths = word_table<Truth>({
    {Truth::on, "true"},
    {Truth::off, "false"},
});
constexpr Words words_of(Truth) {
  return kTruths;
}

constexpr const char* kTrustMeaning = "a host name, several separated by spaces, or *";
constexpr const char* kBindNameMeaning = "a DN like uid=scheduler,ou=people,dc=example,dc=com";

// One element on its way to an Entry: the rules, in the order in which they are complained about.
class EntryReader {
 public:
  EntryReader(const xml::Element& element, Protocol protocol, std::vector<std::string>& warnings)
      : element_(element), warnings_(warnings) {
    entry_.file = element.file();
    entry_.line = element.line();
    entry_.protocol = protocol;
  }

  Entry read() {
    warn_of_unknown(element_, entry_.protocol, warnings_);
    const ServerUrl url = read_server_url(element_, entry_.protocol, warnings_);
    entry_.host = url.host;
    const auto port = read_port(url);
    if (is_known("email", entry_.protocol)) read_email();
    read_tls(url);
    entry_.port = port.value_or(words::mode_row(entry_.protocol, entry_.tls).port);
    entry_.username = element_.maybe_attribute("username");
    entry_.password = element_.maybe_attribute("password");
    entry_.trust = element_.maybe_attribute("trust");
    if (is_known("checkserveridentity", entry_.protocol)) {
      entry_.checkserveridentity = element_.maybe_attribute("checkserveridentity");
    }
    look_for_placeholders();
    read_mechanism_and_certificate();
    if (entry_.tls != Tls::none) require_what_tls_needs();
    if (mechanism_ && !is_external()) require_name_and_password();
    if (row_of(entry_.protocol).is_directory) read_directory();
    return entry_;
  }

 private:
  std::optional<std::uint16_t> read_port(const ServerUrl& url) {
    if (!element_.maybe_attribute("port")) return url.port;
    const auto port = static_cast<std::uint16_t>(element_.number("port", 1, 65535));
    if (url.port.value_or(port) != port) {
      element_.fail(url.written + " and port=\"" + std::to_string(port) +
                    "\" name two ports: write one of them");
    }
    return port;
  }

  // What goes into MAIL FROM:<..>: a line break or a bracket would end the command early.
  void read_email() {
    entry_.email = required(element_, entry_.protocol, "email", "the address of the sender");
    if (has_white_space(entry_.email) || entry_.email.find_first_of("<>") != std::string::npos) {
      element_.fail("email=" + xml::quotation(entry_.email) +
                    " is not one plain address: write it like scheduler@example.com");
    }
  }

  // `demand_` is what the file says that asks for TLS, for the sentences about what is lacking.
  void read_tls(const ServerUrl& url) {
    const bool starttls = element_.choice("starttls", Truth::off) == Truth::on;
    const bool ssl = element_.choice("ssl", Truth::off) == Truth::on;
    const std::string name(word(entry_.protocol));
    if (starttls && ssl) {
      element_.fail(
          "starttls=\"true\" and ssl=\"true\" exclude each other: STARTTLS begins in clear, "
          "ssl=\"true\" is TLS from the first byte on");
    }
    if (url.scheme == Tls::implicit) {
      const bool denied = !ssl && element_.maybe_attribute("ssl");
      if (starttls || denied) {
        element_.fail(url.written + " and " + (starttls ? "starttls=\"true\"" : "ssl=\"false\"") +
                      " contradict each other: " + name + "s:// is TLS from the first byte on, " +
                      name + ":// begins in clear");
      }
      entry_.tls = Tls::implicit;
      demand_ = ssl ? "ssl=\"true\"" : name + "s://";
    } else if (ssl) {
      if (url.scheme) {
        element_.fail(url.written + " and ssl=\"true\" contradict each other: " + name +
                      ":// begins in clear, " + name + "s:// is TLS from the first byte on");
      }
      entry_.tls = Tls::implicit;
      demand_ = "ssl=\"true\"";
    } else if (starttls) {
      entry_.tls = Tls::starttls;
      demand_ = "starttls=\"true\"";
    }
  }

  // One in trust would be a host nobody has; a name or a password may be odd, and is told.
  void look_for_placeholders() {
    if (is_placeholder(entry_.trust.value_or(""))) {
      element_.fail("trust=" + xml::quotation(*entry_.trust) +
                    " is a placeholder that was not filled in: write " + kTrustMeaning);
    }
    for (const char* key : {"username", "password"}) {
      if (!is_placeholder(element_.maybe_attribute(key).value_or(""))) continue;
      warn(std::string(key) + " looks like a placeholder that was not filled in");
    }
  }

  bool is_external() const { return mechanism_ == sasl::Mechanism::external; }

  void read_mechanism_and_certificate() {
    if (element_.maybe_attribute("certificate")) read_certificate_file();
    mechanism_ = read_mechanism(element_, entry_.protocol);
    if (mechanism_) entry_.mechanism = word(*mechanism_);
    read_certificate_password();
    if (is_external()) {
      require_certificate();
    } else if (entry_.certificate && entry_.tls == Tls::none) {
      warn("certificate is ignored: without starttls=\"true\" or ssl=\"true\" nobody asks for it");
    }
  }

  void require_certificate() {
    if (entry_.tls == Tls::none) {
      element_.fail(
          "mechanism=\"EXTERNAL\" needs starttls=\"true\" or ssl=\"true\" too: the certificate is "
          "shown inside TLS");
    }
    if (!entry_.certificate) {
      element_.fail("mechanism=\"EXTERNAL\" needs certificate=\"...\" (" +
                    std::string(kCertificateMeaning) + ")" +
                    misspelling(element_, entry_.protocol, "certificate") + " too");
    }
    // No authorization identity is sent: the server derives it (RFC 4422, A.1).
    if (entry_.username) {
      warn("username is ignored: with mechanism=\"EXTERNAL\" the certificate says who it is");
      entry_.username.reset();
    }
    if (entry_.password) {
      warn("password is ignored: with mechanism=\"EXTERNAL\" the certificate is the credential");
      entry_.password.reset();
    }
  }

  void read_certificate_file() {
    const std::string given =
        required(element_, entry_.protocol, "certificate", kCertificateMeaning);
    const std::filesystem::path file = given;
    const std::string extension = ascii_lower(file.extension().string());
    if (extension != ".pem" && extension != ".p12" && extension != ".pfx") {
      element_.fail(
          "certificate=" + xml::quotation(given) +
          " is neither a .pem nor a .p12 (or .pfx) file: the name's end says which format "
          "it has");
    }
    entry_.certificate = (std::filesystem::path(entry_.file).parent_path() / file).string();
  }

  void read_certificate_password() {
    entry_.certificate_password = element_.maybe_attribute("certificate-password");
    if (entry_.certificate_password && !entry_.certificate) {
      warn("certificate-password is ignored: there is no certificate=\"...\"");
    }
  }

  // One part of "starttls="true" needs ..": an attribute that is absent or empty, and what belongs
  // there.
  std::string lacking(const char* key, const char* meaning, bool absent) const {
    const std::string part = std::string(key) + "=\"...\"";
    if (!absent) return part + " (it is empty: write " + meaning + ")";
    const bool self_explaining = std::string_view(key) != "trust";
    return part + (self_explaining ? "" : " (" + std::string(meaning) + ")") +
           misspelling(element_, entry_.protocol, key);
  }

  // Adds what is lacking of a name and a password to `parts`.
  void need_name_and_password(std::vector<std::string>& parts) const {
    const bool token = mechanism_ && sasl::takes_token(*mechanism_);
    if (is_blank(entry_.username.value_or(""))) {
      parts.push_back(lacking("username", "the user's name", !entry_.username));
    }
    if (entry_.password.value_or("").empty()) {
      parts.push_back(
          lacking("password", token ? "the token" : "the user's password", !entry_.password));
    }
  }

  // `parts`: what `whoever` needs and has not got.
  void refuse_unless_empty(const std::string& whoever,
                           const std::vector<std::string>& parts) const {
    if (parts.empty()) return;
    std::string sentence = whoever + " needs " + parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) {
      sentence += (i + 1 == parts.size() ? " and " : ", ") + parts[i];
    }
    element_.fail(sentence + " too");
  }

  void require_what_tls_needs() const {
    std::vector<std::string> parts;
    if (!row_of(entry_.protocol).is_directory && !is_external()) need_name_and_password(parts);
    if (is_blank(entry_.trust.value_or(""))) {
      parts.push_back(lacking("trust", kTrustMeaning, !entry_.trust));
    }
    refuse_unless_empty(demand_, parts);
  }

  // A mechanism that goes by a password or a token: without TLS, and in an <ldap>, where a bind
  // without a mechanism may have neither.
  void require_name_and_password() const {
    std::vector<std::string> parts;
    need_name_and_password(parts);
    refuse_unless_empty("mechanism=\"" + *entry_.mechanism + "\"", parts);
  }

  void read_directory() {
    if (!entry_.mechanism) require_bind_name_and_password();
    entry_.base = element_.maybe_attribute("base").value_or("");
    if (!is_distinguished_name(entry_.base)) {
      element_.fail("base=" + xml::quotation(entry_.base) +
                    " is not a DN: write it like ou=people,dc=example,dc=com");
    }
    read_filter();
  }

  void require_bind_name_and_password() const {
    const bool named = entry_.username.has_value();
    if (named != entry_.password.has_value()) {
      const char* missing = named ? "password" : "username";
      element_.fail(std::string(named ? "username" : "password") + "=\"...\" needs " + missing +
                    "=\"...\"" + misspelling(element_, entry_.protocol, missing) +
                    " too: an anonymous bind has neither");
    }
    if (!named) return;
    if (is_blank(*entry_.username)) {
      element_.fail("username is empty: write " + std::string(kBindNameMeaning) +
                    ", or leave out username and password for an anonymous bind");
    }
    if (!is_bind_name(*entry_.username)) {
      element_.fail("username is not a DN: write " + std::string(kBindNameMeaning) +
                    " (Active Directory also takes user@example.com and EXAMPLE\\user)");
    }
    if (entry_.password->empty()) {
      element_.fail(
          "password is empty: a server may say yes to a name without a password and mean nobody "
          "(RFC 4513, 5.1.2): write the user's password, or leave out username and password for "
          "an anonymous bind");
    }
  }

  void read_filter() {
    if (!element_.maybe_attribute("filter")) return;
    entry_.filter = required(element_, entry_.protocol, "filter", "one like (objectClass=*)");
    const auto parsed = wire::parse_ldap_filter(entry_.filter);
    if (const auto* bad = std::get_if<wire::Malformed>(&parsed)) {
      element_.fail("filter=" + xml::quotation(entry_.filter) + " is not a filter (RFC 4515): " +
                    bad->why + ", at byte " + std::to_string(bad->offset + 1));
    }
  }

  void warn(const std::string& sentence) { warnings_.push_back(element_.complaint(sentence)); }

  static constexpr const char* kCertificateMeaning =
      "a .pem or .p12 file with the client's certificate and its key";

  const xml::Element& element_;
  std::vector<std::string>& warnings_;
  std::string demand_{};
  std::optional<sasl::Mechanism> mechanism_{};
  Entry entry_{};
};

}  // namespace

Entry read_entry(const xml::Element& element, Protocol protocol,
                 std::vector<std::string>& warnings) {
  return EntryReader(element, protocol, warnings).read();
}

}  // namespace startle::customer
