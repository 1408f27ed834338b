// What a search of the small directory finds (RFC 4511, 4.5.1).

#include "fake-servers/ldap/directory.h"

#include <gtest/gtest.h>

#include "fake-servers/raw_client_for_test.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;
using enum wire::LdapScope;

constexpr const char* kBase = "dc=example,dc=test";
constexpr const char* kPeople = "ou=people,dc=example,dc=test";

Server server() {
  Server made;
  made.name = "ldap.example.test";
  made.users = {{.name = "uid=ann,ou=people,dc=example,dc=test", .senders = {"ann@example.test"}},
                {.name = "b, \"ob\""}};
  return made;
}

constexpr const char* kBob = "uid=b\\,\\ \\\"ob\\\",ou=people,dc=example,dc=test";

std::string shown(const SearchResult& found) {
  std::string text;
  for (const wire::LdapSearchEntry& entry : found.entries) text += entry.dn + "\n";
  text += wire::ldap_code_text(found.result.code);
  if (!found.result.matched_dn.empty()) text += " below " + found.result.matched_dn;
  return text;
}

std::string equals(const std::string& type, const std::string& value) {
  std::string filter = "\xa3";
  filter += static_cast<char>(type.size() + value.size() + 4);
  filter += '\x04';
  filter += static_cast<char>(type.size());
  filter += type;
  filter += '\x04';
  filter += static_cast<char>(value.size());
  return filter + value;
}

struct Row {
  const char* name;
  wire::LdapSearchRequest request;
  std::string found;
};

TEST(LdapDirectory, FindsByBaseScopeAndFilter) {
  const std::string ann = "uid=ann,ou=people,dc=example,dc=test";
  const std::string people = std::string(kPeople) + "\n";
  const std::string ok = "success (0)";
  wire::LdapSearchRequest by_name = search_for(kBase, whole_subtree);
  by_name.filter = equals("UID", "ANN");
  wire::LdapSearchRequest nobody = by_name;
  nobody.filter = equals("uid", "nobody");
  wire::LdapSearchRequest limited = search_for(kBase, whole_subtree);
  limited.size_limit = 2;
  for (const Row& row :
       {Row{"base", search_for(kBase, base_object), std::string(kBase) + "\n" + ok},
        {"one level", search_for(kBase, single_level), people + ok},
        {"one level of people", search_for(kPeople, single_level), ann + "\n" + kBob + "\n" + ok},
        {"everything", search_for(kBase, whole_subtree),
         std::string(kBase) + "\n" + people + ann + "\n" + kBob + "\n" + ok},
        {"from the root", search_for("", whole_subtree),
         std::string(kBase) + "\n" + people + ann + "\n" + kBob + "\n" + ok},
        {"in another case, with spaces",
         search_for("OU = People , DC=example,dc=TEST", base_object), people + ok},
        {"by name", by_name, ann + "\n" + ok},
        {"nobody", nobody, ok},
        {"at most two", limited, std::string(kBase) + "\n" + people + "sizeLimitExceeded (4)"},
        {"below a user", search_for("cn=x," + ann, base_object), "noSuchObject (32) below " + ann},
        {"elsewhere", search_for("dc=org", whole_subtree), "noSuchObject (32)"},
        {"no DN", search_for("people", whole_subtree), "invalidDNSyntax (34)"},
        {"half a DN", search_for("ou=people,", whole_subtree), "invalidDNSyntax (34)"},
        {"no type", search_for("=people", whole_subtree), "invalidDNSyntax (34)"},
        {"a lone backslash", search_for("ou=people\\", whole_subtree), "invalidDNSyntax (34)"}}) {
    EXPECT_EQ(shown(find_entries(server(), row.request)), row.found) << row.name;
  }
}

std::string attributes(const SearchResult& found) {
  std::string text;
  for (const wire::LdapSearchEntry& entry : found.entries) {
    for (const wire::LdapAttribute& attribute : entry.attributes) {
      text += attribute.type + ":";
      for (const std::string& value : attribute.values) text += " " + value;
      text += "\n";
    }
  }
  return text;
}

struct AttributesRow {
  const char* name;
  Lines asked_for;
  bool types_only;
  std::string shown;
};

TEST(LdapDirectory, ShowsTheAttributesThatAreAskedFor) {
  const std::string everything =
      "objectClass: top person organizationalPerson inetOrgPerson\n"
      "uid: ann\ncn: ann\nsn: ann\nmail: ann@example.test\n";
  for (const AttributesRow& row : {AttributesRow{"all by default", {}, false, everything},
                                   {"all", {"*"}, false, everything},
                                   {"all and more", {"*", "mail"}, false, everything},
                                   {"one", {"MAIL"}, false, "mail: ann@example.test\n"},
                                   {"an unknown one", {"x"}, false, ""},
                                   {"operational ones", {"+"}, false, ""},
                                   {"none", {"1.1"}, false, ""},
                                   {"types", {"uid", "mail"}, true, "uid:\nmail:\n"}}) {
    wire::LdapSearchRequest request =
        search_for("uid=ann,ou=people,dc=example,dc=test", base_object, row.asked_for);
    request.types_only = row.types_only;
    EXPECT_EQ(attributes(find_entries(server(), request)), row.shown) << row.name;
  }
}

TEST(LdapDirectory, TheRootDseOfOpenldapIsOperational) {
  const RootDseState clear{.offers_starttls = true};
  const auto asks = [](Lines attributes) { return search_for("", base_object, attributes); };
  EXPECT_EQ(attributes(find_root_dse(server(), clear, asks({}))),
            "objectClass: top OpenLDAProotDSE\n");
  EXPECT_EQ(attributes(find_root_dse(server(), clear, asks({"*", "+"}))),
            "objectClass: top OpenLDAProotDSE\n"
            "namingContexts: dc=example,dc=test\n"
            "supportedControl: 2.16.840.1.113730.3.4.2\n"
            "supportedExtension: 1.3.6.1.4.1.1466.20037 1.3.6.1.4.1.4203.1.11.3\n"
            "supportedLDAPVersion: 3\n");
  EXPECT_EQ(attributes(find_root_dse(server(), {.mechanisms = {"EXTERNAL"}},
                                     asks({"supportedSASLMechanisms", "supportedExtension"}))),
            "supportedExtension: 1.3.6.1.4.1.4203.1.11.3\nsupportedSASLMechanisms: EXTERNAL\n");
}

TEST(LdapDirectory, TheRootDseOfActiveDirectoryIsShownUnasked) {
  Server directory = server();
  directory.directory.persona = Persona::active_directory;
  EXPECT_EQ(
      attributes(find_root_dse(directory, {.offers_starttls = true, .mechanisms = {"EXTERNAL"}},
                               search_for("", base_object))),
      "objectClass: top\n"
      "namingContexts: dc=example,dc=test\n"
      "defaultNamingContext: dc=example,dc=test\n"
      "dnsHostName: ldap.example.test\n"
      "supportedCapabilities: 1.2.840.113556.1.4.800\n"
      "supportedControl: 1.2.840.113556.1.4.1339\n"
      "supportedExtension: 1.3.6.1.4.1.1466.20037 1.3.6.1.4.1.4203.1.11.3\n"
      "supportedLDAPVersion: 3\n"
      "supportedSASLMechanisms: EXTERNAL\n");
}

}  // namespace
}  // namespace startle::fake
