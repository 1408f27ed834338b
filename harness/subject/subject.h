#pragma once
// What can be put under test: the built-in client, one of its defective variants, or a program that
// somebody else wrote. The last has sockets, files and words of its own, and so is told where the
// server listens and where what it is to trust lies, and says beforehand what it can be told.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/client/outcome.h"
#include "harness/client/process_state.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/tcp.h"
#include "harness/net/world.h"
#include "harness/sasl/mechanism.h"
#include "harness/words/words.h"

namespace startle::subject {

// What a value of `trust` asks for, as far as a client has a word for it.
enum class TrustForm {
  absent,
  any,    // `*`: verify nothing
  host,   // the configured host alone
  names,  // anything else: other names, or several
};
inline constexpr auto kTrustForms = word_table<TrustForm>({
    {TrustForm::absent, "absent"},
    {TrustForm::any, "any"},
    {TrustForm::host, "host"},
    {TrustForm::names, "names"},
});
constexpr Words words_of(TrustForm) {
  return kTrustForms;
}
TrustForm form_of(const std::optional<std::string>& trust, const std::string& host);

// What a client is given to authenticate with.
enum class CredentialForm {
  password,        // a name and a password
  empty_password,  // the password is empty
  username_only,
  password_only,
  none,  // in SMTP no AUTH, in LDAP an anonymous bind
};
inline constexpr auto kCredentialForms = word_table<CredentialForm>({
    {CredentialForm::password, "password"},
    {CredentialForm::empty_password, "empty-password"},
    {CredentialForm::username_only, "username-only"},
    {CredentialForm::password_only, "password-only"},
    {CredentialForm::none, "none"},
});
constexpr Words words_of(CredentialForm) {
  return kCredentialForms;
}
CredentialForm credential_form_of(const client::Settings& settings);

// What a client cannot do in one mode, of what it can in another.
struct Lack {
  words::Mode mode = words::Mode::smtp_starttls;
  std::optional<sasl::Mechanism> mechanism{};  // to be told to use it
  std::optional<sasl::Mechanism> known{};      // to take it up when it is offered
  std::optional<TrustForm> trust{};
  std::optional<CredentialForm> credential{};
  bool operator==(const Lack&) const = default;
};

// What a client can be told.
struct Abilities {
  std::vector<words::Mode> modes{};
  std::vector<words::Mode> modes_in_vain{};   // spoken, but not so that a sound server was met
  std::vector<sasl::Mechanism> mechanisms{};  // that it can be told to use
  std::vector<sasl::Mechanism> knows{};       // and those it takes up when they are offered
  std::vector<TrustForm> trust_forms{};
  std::vector<CredentialForm> credentials{};
  std::vector<words::TlsPolicy> tls_policies{words::TlsPolicy::required};
  std::vector<Lack> lacks{};
  bool keeps_process = false;          // several exchanges of one process can be asked of it
  bool takes_revocation_lists = true;  // RFC 5280, 6.3
  bool has_own_clock = false;          // it goes by the machine's clock, not by the run's
  bool reads_files = false;            // it is to have a TrustPem

  // Of a client that can be told everything.
  static Abilities all();
};

// What a program is to trust, and to show, in PEM; absent: there is none of it, or nobody reads it.
struct TrustPem {
  std::optional<std::string> authorities{};  // the trust anchors
  std::optional<std::string> revocation_lists{};
  std::optional<std::string> certificate{};  // the client's, end entity first
  std::optional<std::string> key{};          // PKCS #8, not encrypted
};
// So, as the files of a task.
struct TrustFiles {
  std::optional<std::filesystem::path> authorities{};
  std::optional<std::filesystem::path> revocation_lists{};
  std::optional<std::filesystem::path> certificate{};
  std::optional<std::filesystem::path> key{};
};

// One exchange, as a subject is asked for it.
struct ExchangeRequest {
  net::Connector& connector;  // leads to the server, whatever host and port the settings have
  net::Endpoint endpoint{};   // so, for who has sockets of its own; port 0: it is in memory
  const client::Settings& settings;
  TrustPem trust{};  // for who reads files
  // Of the process that this is one exchange of; null: it is the only one.
  client::ProcessState* state = nullptr;
  bool more = false;  // and further ones follow: what it wants to keep it may keep
  // After which a program is ended that has not done so itself.
  std::chrono::milliseconds deadline{30'000};
  // Called, at most once, when a program does nothing any more but wait: another one may have the
  // processor meanwhile. May be empty.
  std::function<void()> waits{};
};

struct ExchangeResult {
  client::Outcome outcome{};
  std::string printed{};  // stdout and stderr of its process; empty: it has none
  bool hung = false;      // it was ended at the deadline
  std::string cannot{};   // why it cannot do what it was asked for, as it says; empty: it can
};

// What a client has done that succeeds.
enum class Goal {
  message,  // all there is: a message was taken, a search answered
  login,    // of LDAP: it was bound
  tls,      // TLS stood, and it went no further
};
inline constexpr auto kGoals = word_table<Goal>({
    {Goal::message, "message"},
    {Goal::login, "login"},
    {Goal::tls, "tls"},
});
constexpr Words words_of(Goal) {
  return kGoals;
}

// Whom its endings are held against, and how much of them.
struct Standing {
  Goal goal = Goal::message;

  words::TrustModel trust_model = words::TrustModel::documented;  // unless the user names another
  // Why no model fits: where it judges a certificate otherwise, that is a note. Empty: one does.
  std::string no_model{};
  bool states_timeout = true;       // to hang is a failure; otherwise it is a note
  bool is_program = false;          // it has sockets, processes and words of its own
  bool is_tried = false;            // what it can do nobody says: it is tried
  std::size_t most_at_once = 1024;  // exchanges
};

class Subject {
 public:
  Subject() = default;
  virtual ~Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  virtual std::string name() const = 0;
  virtual std::string version() const = 0;
  virtual std::string tls_library() const = 0;
  virtual const Abilities& abilities() const = 0;
  virtual const Standing& standing() const;  // unless it says otherwise: the built-in client's
  // Of a program whose abilities were tried: those that it is found to have.
  virtual void learn(const Abilities& abilities);
  // Of a program that is run as somebody who may do little: from now on it is run as we are. False:
  // it is already. Not while an exchange is under way.
  virtual bool take_more_privileges();
  // Why it cannot be told so, besides what its abilities say; empty: it can.
  virtual std::string cannot(const client::Settings& settings) const;
  // May be called from several threads, each with its own world. The request outlives the task.
  virtual net::Task<ExchangeResult> exchange(net::World& world,
                                             const ExchangeRequest& request) const = 0;
};

// "builtin", "defect:NAME", the name of a description under `clients` (a folder; empty: there are
// none), "worker:FILE", or a FILE: a program, or a description ending in ".xml". While this process
// has one thread. Throws Error(Fault::usage) with the names there are.
std::unique_ptr<Subject> make_subject(const std::string& name,
                                      const std::filesystem::path& clients = {});
// The built-in client under another name, with decisions of the caller's.
std::unique_ptr<Subject> make_built_in(std::string name,
                                       std::unique_ptr<client::Decisions> decisions);

}  // namespace startle::subject
