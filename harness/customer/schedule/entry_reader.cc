#include "harness/customer/schedule/entry_reader.h"

#include <filesystem>
#include <utility>
#include <variant>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/customer/schedule/attributes.h"
#include "harness/customer/schedule/bind_name.h"
#include "harness/customer/schedule/credential_advice.h"
#include "harness/customer/schedule/email_advice.h"
#include "harness/customer/schedule/host_form.h"
#include "harness/customer/schedule/java_boolean.h"
#include "harness/customer/schedule/mechanism.h"
#include "harness/customer/schedule/placeholder.h"
#include "harness/customer/schedule/port_advice.h"
#include "harness/customer/schedule/server_url.h"
#include "harness/customer/schedule/tls_demand.h"
#include "harness/customer/schedule/trust_advice.h"
#include "harness/wire/ldap_filter.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

constexpr const char* kTrustMeaning = "a host name, several separated by spaces, or *";
constexpr const char* kBindNameMeaning = "a DN like uid=scheduler,ou=people,dc=example,dc=com";
constexpr const char* kCertificateMeaning =
    "a .pem or .p12 file with the client's certificate and its key";

// One element on its way to its entries: the rules, in the order in which they are complained
// about. A rule that is broken does not keep the others from being looked at.
class EntryReader {
 public:
  EntryReader(const xml::Element& element, Protocol protocol, Mistakes& mistakes)
      : element_(element), mistakes_(mistakes), first_(mistakes.size()) {
    entry_.file = element.file();
    entry_.line = element.line();
    entry_.protocol = protocol;
  }

  std::vector<Entry> read() {
    ServerUrl url;
    attempt([&] { url = read_server_url(element_, entry_.protocol, mistakes_); });
    entry_.host = url.host;
    attempt([&] { port_ = read_port(url); });
    if (is_known("email", entry_.protocol)) attempt([&] { read_email(); });
    attempt([&] {
      demand_ = read_tls_demand(element_, entry_.protocol, url, mistakes_);
      if (!demand_.contradiction.empty()) element_.fail(demand_.contradiction);
    });
    entry_.tls = demand_.meant;
    entry_.port = port_.value_or(words::mode_row(entry_.protocol, entry_.tls).port);
    entry_.username = element_.maybe_attribute("username");
    entry_.password = element_.maybe_attribute("password");
    entry_.trust = element_.maybe_attribute("trust");
    if (is_known("checkserveridentity", entry_.protocol)) {
      read_identity_setting();
    }
    attempt([&] { read_trust(); });
    attempt([&] { read_mechanism_and_certificate(); });
    attempt([&] { read_credential(); });
    if (row_of(entry_.protocol).is_directory) read_directory();
    warn(port_advice(entry_.protocol, entry_.tls, entry_.port, demand_.asked), Weight::fails);
    warn_of_unknown(element_, entry_.protocol, said(), mistakes_);
    return readings();
  }

 private:
  // What a rule refuses is one mistake among others.
  template <typename Rule>
  void attempt(Rule rule) {
    try {
      rule();
    } catch (const Error& e) {
      mistakes_.push_back({e.what(), Weight::refused});
    }
  }
  void warn(const std::string& sentence, Weight weight = Weight::doubtful) {
    if (!sentence.empty()) mistakes_.push_back({element_.complaint(sentence), weight});
  }
  void note(const std::string& sentence) { warn(sentence, Weight::note); }

  // Of this element.
  std::string said() const {
    std::string all;
    for (std::size_t i = first_; i < mistakes_.size(); ++i) all += mistakes_[i].text + "\n";
    return all;
  }

  // One entry, or two: as Java reads the element, and as it is meant.
  std::vector<Entry> readings() const {
    if (demand_.as_java_reads_it == demand_.meant) return {entry_};
    Entry javas = entry_;
    javas.reading = "as Java reads it";
    javas.tls = demand_.as_java_reads_it;
    javas.port = port_.value_or(words::mode_row(javas.protocol, javas.tls).port);
    Entry meant = entry_;
    meant.reading = "as it is meant";
    return {javas, meant};
  }

  std::optional<std::uint16_t> read_port(const ServerUrl& url) {
    const auto written = element_.maybe_attribute("port");
    if (!written) return url.port;
    if (has_placeholder(*written)) {
      element_.fail("port=" + xml::quotation(*written) +
                    " is a placeholder that was not filled in: write the number of the port");
    }
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
    if (is_placeholder(entry_.email)) {
      element_.fail("email=" + xml::quotation(entry_.email) +
                    " is a placeholder that was not filled in: write the address of the sender");
    }
    refuse_strange(element_, "email", entry_.email);
    if (has_white_space(entry_.email) || entry_.email.find_first_of("<>") != std::string::npos) {
      element_.fail("email=" + xml::quotation(entry_.email) +
                    " is not one plain address: write it like scheduler@example.com");
    }
    if (const std::string odd = email_advice(entry_.email); !odd.empty()) {
      warn("email=" + xml::quotation(entry_.email) + " " + odd);
    }
  }

  void read_identity_setting() {
    constexpr const char* kKey = "checkserveridentity";
    entry_.checkserveridentity = element_.maybe_attribute(kKey);
    if (!entry_.checkserveridentity) return;
    const JavaBoolean read = java_boolean(*entry_.checkserveridentity);
    if (read.as_java_reads_it == read.as_it_is_meant) return;
    warn(told_misread(kKey, *entry_.checkserveridentity) + ": write " + kKey +
         "=\"true\", or leave it out");
  }

  // A placeholder would be a host nobody has, and so is a name with what nobody sees.
  void read_trust() {
    const std::string trust = entry_.trust.value_or("");
    if (has_placeholder(trust)) {
      element_.fail("trust=" + xml::quotation(trust) +
                    " is a placeholder that was not filled in: write " + kTrustMeaning);
    }
    const std::size_t said = mistakes_.size();
    if (entry_.tls != Tls::none) {
      refuse_strange_list(element_, "trust", trust, mistakes_);
      warn_of_look_alike(element_, "trust", trust, mistakes_);
    }
    if (mistakes_.size() > said || entry_.host.empty()) return;  // what else is to be said of it
    for (const Mistake& advice : trust_advice({.written = entry_.trust,
                                 .host = entry_.host,
                                 .tls = entry_.tls,
                                 .is_mail = row_of(entry_.protocol).is_mail,
                                 .misspelt = misspelling(element_, entry_.protocol, "trust")})) {
      warn(advice.text, advice.weight);
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
      warn("certificate is ignored: without starttls=\"true\" or ssl=\"true\" nobody asks for it",
           Weight::careless);
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
      warn("certificate-password is ignored: there is no certificate=\"...\"", Weight::careless);
    }
  }

  bool is_directory() const { return row_of(entry_.protocol).is_directory; }
  bool is_simple_bind() const { return is_directory() && !entry_.mechanism; }

  void read_credential() {
    for (const char* key : {"username", "password"}) {
      const std::string value = element_.maybe_attribute(key).value_or("");
      if (!is_blank(value) && is_cut_out(value)) {
        note(
            std::string(key) +
            " looks as if it was cut out before the file was handed on: the table goes by one that "
            "the server takes");
      }
      for (const std::string& sentence : credential_advice(key, value)) warn(sentence);
    }
    if (is_external()) return;
    const bool needed = entry_.tls != Tls::none || mechanism_ || is_directory();
    if (needed) put_something_for_what_is_cut_out();
    if (mechanism_) require_name_and_password();
    if (needed && !mechanism_) warn_of_half_a_credential();
    const bool mechanism_is_read = mechanism_ || !element_.maybe_attribute("mechanism");
    if (is_simple_bind() && mechanism_is_read && entry_.username &&
        !is_bind_name(*entry_.username)) {
      element_.fail("username is not a DN: write " + std::string(kBindNameMeaning) +
                    " (Active Directory also takes user@example.com and EXAMPLE\\user)");
    }
    if (demand_.as_java_reads_it == Tls::none && demand_.meant == Tls::none && entry_.username &&
        !entry_.password.value_or("").empty()) {
      warn(
          "without TLS name and password go out in clear, readable for everybody on the way: "
          "write starttls=\"true\" or ssl=\"true\"",
          Weight::careless);
    }
  }

  // An empty name or password, and in a directory a name that was blotted out and is no DN.
  void put_something_for_what_is_cut_out() {
    if (entry_.username && is_blank(*entry_.username)) {
      note("username is empty: if it was not cut out before the file was handed on, write " +
           std::string(is_simple_bind() ? kBindNameMeaning : "the user's name") +
           "; the table goes by one that the server takes");
      entry_.username = "";
    }
    if (entry_.password && entry_.password->empty()) {
      const char* what_comes_of_it =
          is_simple_bind() ? "a server may say yes to a name without a password and mean nobody "
                             "(RFC 4513, 5.1.2)"
                           : "no server takes an empty one (RFC 4616, 2)";
      warn(
          "password is empty: if it was not cut out before the file was handed on, write the "
          "user's password, as " +
          std::string(what_comes_of_it) + "; the table goes by one that the server takes");
      entry_.password = kCutOut;
    }
    if (!entry_.username || !is_cut_out(*entry_.username)) return;
    entry_.username = (is_simple_bind() ? "cn=" : "") + std::string(kCutOut);
  }

  // An attribute that is absent, and what looks like it.
  std::string lacking(const char* key) const {
    return std::string(key) + "=\"...\"" + misspelling(element_, entry_.protocol, key);
  }

  // "username=".." and password=".."", as far as they are absent; empty: both are there.
  std::string lacking_of_credential() const {
    std::string parts;
    if (!entry_.username) parts = lacking("username");
    if (!entry_.password) parts += (parts.empty() ? "" : " and ") + lacking("password");
    return parts;
  }

  void require_name_and_password() const {
    if (const std::string parts = lacking_of_credential(); !parts.empty()) {
      element_.fail("mechanism=\"" + *entry_.mechanism + "\" needs " + parts + " too");
    }
  }

  void warn_of_half_a_credential() {
    const bool half = entry_.username.has_value() != entry_.password.has_value();
    if (is_directory()) {
      if (!half) return;
      warn(std::string(entry_.username ? "username" : "password") + "=\"...\" needs " +
           lacking_of_credential() + " too: an anonymous bind has neither");
      return;
    }
    const std::string parts = lacking_of_credential();
    if (parts.empty()) return;
    const char* what_java_does =
        !half ? "without both JavaMail sends the mail unauthenticated, as with mail.smtp.auth=false"
        : entry_.username
            ? "without a password JavaMail sends the mail unauthenticated, or, with "
              "mail.smtp.auth=true, ends with \"no password specified?\""
            : "a connect() without a user's name sends that of the operating system's user";
    warn(demand_.asked + " needs " + parts + " too: " + what_java_does);
  }

  void read_directory() {
    entry_.base = element_.maybe_attribute("base").value_or("");
    attempt([&] {
      if (is_distinguished_name(entry_.base)) return;
      element_.fail("base=" + xml::quotation(entry_.base) +
                    " is not a DN: write it like ou=people,dc=example,dc=com");
    });
    attempt([&] { read_filter(); });
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

  const xml::Element& element_;
  Mistakes& mistakes_;
  const std::size_t first_;              // of its mistakes
  std::optional<std::uint16_t> port_{};  // as the element has it
  TlsDemand demand_{};
  std::optional<sasl::Mechanism> mechanism_{};
  Entry entry_{};
};

}  // namespace

std::vector<Entry> read_entries(const xml::Element& element, Protocol protocol,
                                Mistakes& mistakes) {
  return EntryReader(element, protocol, mistakes).read();
}

}  // namespace startle::customer
