#pragma once
// What a case is: what the server shows and says, what the client is told, and what is right. Plain
// data from the catalogue (XML), with placeholders ({host}, {user}, {secret}, {secret:4096}) that
// are filled in for each exchange.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/client_identity.h"
#include "fake-servers/dialogue/script.h"
#include "fake-servers/dialogue/server.h"
#include "harness/words/words.h"

namespace startle::cases {

// Both ends of an exchange. nullopt of the client's attributes: the attribute is absent.
struct Setup {
  words::Mode mode = words::Mode::smtp_starttls;
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
};

struct Case {
  std::string id{};
  std::string summary{};  // one line
  std::string why{};      // what a client that fails here exposes
  std::string fix{};
  std::string bug_class{};
  std::vector<std::string> requirements{};
  Setup setup{};
  Expectation expect{};
};

// One value of an axis: what it changes in the Setup.
struct Change {
  std::string id{};
  std::optional<words::Mode> mode{};
  std::optional<std::string> host{};
  std::optional<std::string> certificate{};
  std::optional<words::HostStore> store{};
  std::optional<std::optional<std::string>> trust{};
  std::optional<std::optional<std::string>> username{};
  std::optional<std::optional<std::string>> password{};
  std::optional<std::optional<std::string>> mechanism{};
  std::optional<certs::ClientCertificate> client_certificate{};
  std::optional<std::string> sender{};
  std::optional<std::string> base{};
  std::optional<std::string> filter{};
  std::optional<fake::Persona> persona{};
  std::optional<std::string> server_username{};
  std::optional<std::string> server_password{};
  std::optional<std::string> server_sender{};
  std::vector<words::Mode> modes{};  // those that have this value; empty: all

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

  // Of the whole product, with the cells that are left out.
  std::size_t size() const;
  // False: the cell's mode lacks one of its values.
  bool has_cell(std::size_t index) const;
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

}  // namespace startle::cases
