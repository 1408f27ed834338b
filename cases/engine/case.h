#pragma once
// What a case is: what the server shows and says, what the client is told, and what is right. Plain
// data from the catalogue (XML), with placeholders ({host}, {user}, {secret}, {secret:4096}) that
// are filled in for each exchange.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "certs/client_identity.h"
#include "fake-servers/dialogue/script.h"
#include "fake-servers/dialogue/server.h"
#include "harness/words/tls_policy.h"
#include "harness/words/words.h"

namespace startle::cases {

struct CustomerHost;

// The settings of both ends of an exchange; what they are called, who states them and how stands in
// setting.cc, a row for each. nullopt of the client's: it is not told.
struct Setup {
  words::Mode mode = words::Mode::smtp_starttls;
  words::TlsPolicy tls_policy = words::TlsPolicy::required;
  std::string attempts = "1";  // how often an exchange that fails for now is made
  std::string host = "{host}";
  std::optional<std::string> trust = "{host}";
  std::optional<std::string> username = "{user}";
  std::optional<std::string> password = "{secret}";
  // A word of sasl::Mechanism; nullopt: what the server offers decides, in LDAP a simple bind.
  std::optional<std::string> mechanism{};
  certs::ClientCertificate client_certificate = certs::ClientCertificate::none;
  std::string sender = "sender@example.test";  // SMTP
  std::string base = "dc=example,dc=test";     // LDAP
  std::string filter = "(objectClass=*)";      // LDAP

  std::string certificate = "valid";                  // a recipe's id
  words::HostStore store = words::HostStore::system;  // what the client has for the host
  fake::Persona persona = fake::Persona::openldap;    // LDAP
  fake::Script script{};
  // What the server knows instead of what the client is told.
  std::optional<std::string> server_username{};
  std::optional<std::string> server_password{};
  std::optional<std::string> server_sender{};
};

struct Expectation {
  std::vector<words::Ending> endings{};
  std::string reason{};  // required where there is more than one
  // The certificate is to be refused, should it come to that, though some endings lie before it.
  bool refuse_server = false;
  // Without the server's staple, or the client's revocation list, another ending would be right.
  bool rests_on_staple = false;
  bool rests_on_revocation_list = false;
  // Were the common name a name of the server, as it was before RFC 9525, success would be right.
  bool rests_on_common_name = false;
};

// A connection of the same client process, behind the first.
struct Connection {
  Setup setup{};
  Expectation expect{};  // no endings: what the oracle says of it alone
};

struct Case {
  std::string id{};
  std::string summary{};  // one line
  std::string why{};      // what a client that fails here exposes
  std::string fix{};
  std::string bug_class{};
  std::string races{};  // why chance has a part in what comes of it; empty: it has none
  std::vector<std::string> requirements{};
  Setup setup{};
  Expectation expect{};  // no endings: where `then` is not empty, as there
  std::vector<Connection> then{};
  // What is right where the client is told tls-policy="enable" instead; nullopt: nobody has said.
  std::optional<Expectation> expect_enabled{};
};

// The value of a setting, whatever its type.
template <class T>
struct Assignment {
  T Setup::*setting = nullptr;
  T value{};
  bool operator==(const Assignment&) const = default;
};
using AnyAssignment = std::variant<Assignment<std::string>, Assignment<std::optional<std::string>>,
                                   Assignment<words::Mode>, Assignment<words::TlsPolicy>,
                                   Assignment<words::HostStore>,
                                   Assignment<certs::ClientCertificate>, Assignment<fake::Persona>>;

// One value of an axis: what it changes in the Setup.
struct Change {
  std::string id{};
  std::vector<AnyAssignment> assignments{};  // a setting stands here once
  std::vector<words::Mode> modes{};          // those that have this value; empty: all

  template <class T>
  Change& set(T Setup::*setting, std::type_identity_t<T> value);
  // null: it leaves the setting as it is.
  template <class T>
  const T* value_of(T Setup::*setting) const;
  void apply_to(Setup& setup) const;
  bool operator==(const Change&) const = default;
};

struct Axis {
  std::string name{};
  std::string base{};  // the value that `--suite quick` holds still; the first unless stated
  std::vector<Change> values{};
  bool every_certificate = false;  // the catalogue fills in `values`, in its own order
};

// A case with axes. Its cells are numbered, the last axis fastest, and made one at a time.
struct Matrix {
  std::string id{};
  std::string summary{};
  std::vector<std::string> requirements{};
  Setup setup{};
  std::vector<Axis> axes{};
  std::string subject_to{};  // whose settings these are, where it is a customer's configuration
  std::shared_ptr<const CustomerHost> customer{};    // what else is theirs; null: nothing
  std::optional<std::string> checkserveridentity{};  // as their file has it: model_choice.h

  // Of the whole product, with the cells that are left out.
  std::size_t size() const;
  // False: the cell's mode lacks one of its values.
  bool has_cell(std::size_t index) const;
  words::Mode mode_of(std::size_t index) const;
  // The client of this cell has a store for the host.
  bool has_store(std::size_t index) const;
  // "matrix/trust/mode=smtp-starttls/trust=host/..."
  std::string cell_id(std::size_t index) const;
  Setup cell(std::size_t index) const;
  // From the first to behind the last cell whose id may begin with `beginning`: cells of one
  // beginning stand side by side. Where nothing may, both are 0.
  struct Range {
    std::size_t first = 0;
    std::size_t end = 0;
  };
  Range cells_from(std::string_view beginning) const;
  // How many axes are not at their base value; every mode is as near as any other.
  std::size_t distance_from_base(std::size_t index) const;
};

template <class T>
const T* Change::value_of(T Setup::*setting) const {
  for (const AnyAssignment& any : assignments) {
    const auto* assignment = std::get_if<Assignment<T>>(&any);
    if (assignment != nullptr && assignment->setting == setting) return &assignment->value;
  }
  return nullptr;
}

template <class T>
Change& Change::set(T Setup::*setting, std::type_identity_t<T> value) {
  std::erase_if(assignments, [&](const AnyAssignment& any) {
    const auto* assignment = std::get_if<Assignment<T>>(&any);
    return assignment != nullptr && assignment->setting == setting;
  });
  Assignment<T> made{setting, std::move(value)};
  assignments.emplace_back(std::move(made));
  return *this;
}

}  // namespace startle::cases
