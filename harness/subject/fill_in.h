#pragma once
// From a description and one task to what a program is started with: which of its texts apply, and
// what stands for their placeholders.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/sasl/mechanism.h"
#include "harness/subject/description.h"
#include "harness/subject/subject.h"

namespace startle::subject {

// What may stand in braces in a description: cases/clients/README.md says what each is.
enum class ClientPlaceholder {
  host,
  address,
  port,
  mode,
  scheme,
  ca,
  crl,
  username,
  password,
  password_file,
  bind_dn,
  mechanism,
  certificate,
  key,
  sender,
  recipient,
  message,
  message_file,
  base,
  filter,
  deadline,
  home,
  here,
  unpacked,
};
inline constexpr auto kClientPlaceholders = word_table<ClientPlaceholder>({
    {ClientPlaceholder::host, "host"},
    {ClientPlaceholder::address, "address"},
    {ClientPlaceholder::port, "port"},
    {ClientPlaceholder::mode, "mode"},
    {ClientPlaceholder::scheme, "scheme"},
    {ClientPlaceholder::ca, "ca"},
    {ClientPlaceholder::crl, "crl"},
    {ClientPlaceholder::username, "username"},
    {ClientPlaceholder::password, "password"},
    {ClientPlaceholder::password_file, "password-file"},
    {ClientPlaceholder::bind_dn, "bind-dn"},
    {ClientPlaceholder::mechanism, "mechanism"},
    {ClientPlaceholder::certificate, "certificate"},
    {ClientPlaceholder::key, "key"},
    {ClientPlaceholder::sender, "sender"},
    {ClientPlaceholder::recipient, "recipient"},
    {ClientPlaceholder::message, "message"},
    {ClientPlaceholder::message_file, "message-file"},
    {ClientPlaceholder::base, "base"},
    {ClientPlaceholder::filter, "filter"},
    {ClientPlaceholder::deadline, "deadline"},
    {ClientPlaceholder::home, "home"},
    {ClientPlaceholder::here, "here"},
    {ClientPlaceholder::unpacked, "unpacked"},
});
constexpr Words words_of(ClientPlaceholder) {
  return kClientPlaceholders;
}

// How a value is spelled where it stands: {password:url}.
enum class Spelling {
  url,     // %22 for whatever RFC 3986, 2.3 does not let stand for itself
  quoted,  // for a place in quotation marks: a backslash before each of " \ $ `
};
inline constexpr auto kSpellings = word_table<Spelling>({
    {Spelling::url, "url"},
    {Spelling::quoted, "quoted"},
});
constexpr Words words_of(Spelling) {
  return kSpellings;
}

// What a condition is held against.
struct Circumstances {
  words::Mode mode = words::Mode::smtp_starttls;
  words::TlsPolicy tls_policy = words::TlsPolicy::required;
  TrustForm trust = TrustForm::host;
  CredentialForm credential = CredentialForm::password;
  std::optional<sasl::Mechanism> mechanism{};  // nullopt: it is not told one
  std::string variant{kDefaultVariant};
};
Circumstances circumstances_of(const client::Settings& settings, std::string variant);

// By the words of ClientPlaceholder; what the task has not got is absent.
using PlaceholderValues = std::map<std::string, std::string, std::less<>>;

// Those that follow from the task: all but password-file, message-file, home, here and unpacked,
// which whoever starts the program adds. The lines of the message end with LF, as those of a text
// file do. In LDAP without a SASL mechanism the user is bind-dn, otherwise username.
PlaceholderValues values_of(const client::Settings& settings, const net::Endpoint& server,
                            const TrustFiles& files);

bool holds(const Condition& when, const Circumstances& task, const PlaceholderValues& values);

// The texts that apply, filled in. Throws Error(Fault::input), without file and line, where one
// has a placeholder that has no value in this task.
std::vector<std::string> fill_in_arguments(const std::vector<ConditionalText>& texts,
                                           const Circumstances& task,
                                           const PlaceholderValues& values);
// So, with their names: variables, files. Of those of one name the last that applies counts.
std::map<std::string, std::string> fill_in_named(const std::vector<ConditionalText>& texts,
                                                 const Circumstances& task,
                                                 const PlaceholderValues& values);
std::string fill_in_text(std::string_view text, const PlaceholderValues& values);

// Why `text` could not be filled in for any task; empty: it could.
std::string unfillable(std::string_view text);

}  // namespace startle::subject
