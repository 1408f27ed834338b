#include <gtest/gtest.h>

#include "harness/wire/ldap_filter.h"
#include "harness/wire/ldap_messages_for_test.h"

namespace startle::wire {
namespace {

using enum LdapTruth;

const std::vector<LdapAttribute> kAlice{
    {"objectClass", {"top", "person"}}, {"cn", {"Alice", "Alice Adams"}},
    {"cn;lang-de", {"Alicia"}},         {"uidNumber", {"1000"}},
    {"description", {"a(b)*c", ""}},    {"seeAlso", {}},
};

struct MatchRow {
  const char* filter;
  LdapTruth expected;
};

const MatchRow kMatches[] = {
    {"(objectClass=*)", true_},
    {"(OBJECTCLASS=*)", true_},
    {"(mail=*)", false_},
    {"(cn=alice)", true_},
    {"(CN=ALICE ADAMS)", true_},
    {"(cn=Ali)", false_},
    {"(cn=Alicia)", true_},  // cn;lang-de is a cn
    {"(cn;lang-de=Alice)", false_},
    {"(c=Alice)", false_},
    {"(mail=a)", false_},
    {"(description=)", true_},
    {"(description=a\\28b\\29\\2ac)", true_},
    {"(cn~=alice)", true_},
    {"(cn=al*)", true_},
    {"(cn=*adams)", true_},
    {"(cn=a*e*a*s)", true_},
    {"(cn=*ice ad*)", true_},
    {"(cn=*adams*alice*)", false_},
    {"(cn=alice*alice)", false_},  // what one substring took, another cannot
    {"(cn=alice adams*)", true_},
    {"(cn=alice adams*s)", false_},
    {"(cn=*x*)", false_},
    {"(uidNumber>=999)", true_},  // as numbers
    {"(uidNumber>=1000)", true_},
    {"(uidNumber>=01001)", false_},
    {"(uidNumber<=0001000)", true_},
    {"(uidNumber<=999)", false_},
    {"(cn>=ALICE)", true_},
    {"(cn<=Ali)", false_},
    {"(mail>=a)", false_},
    {"(&)", true_},
    {"(|)", false_},
    {"(!(cn=alice))", false_},
    {"(!(mail=*))", true_},
    {"(&(cn=alice)(objectClass=person))", true_},
    {"(&(cn=alice)(objectClass=device))", false_},
    {"(|(cn=bob)(cn=alice))", true_},
    {"(|(cn=bob)(cn=eve))", false_},
    {"(cn:=alice)", true_},
    {"(cn:caseExactMatch:=alice)", false_},
    {"(cn:2.5.13.5:=Alice)", true_},
    {"(:caseIgnoreMatch:=PERSON)", true_},
    {"(:2.5.13.2:=device)", false_},
    {"(cn:1.2.3:=alice)", undefined},
    {"(cn:dn:=alice)", true_},
    {"(ou:dn:=people)", undefined},  // the DN is not at hand
    // False beats undefined in an `and`, true does in an `or` (X.511, 7.8.1)
    {"(!(cn:1.2.3:=alice))", undefined},
    {"(&(cn:1.2.3:=alice)(cn=alice))", undefined},
    {"(&(cn:1.2.3:=alice)(cn=bob))", false_},
    {"(|(cn:1.2.3:=alice)(cn=alice))", true_},
    {"(|(cn:1.2.3:=alice)(cn=bob))", undefined},
};

TEST(LdapFilterMatch, FollowsTheThreeValuedLogic) {
  for (const MatchRow& row : kMatches) {
    const auto filter = parse_ldap_filter(row.filter);
    ASSERT_TRUE(std::holds_alternative<std::string>(filter)) << row.filter;
    EXPECT_EQ(ldap_filter_matches(std::get<std::string>(filter), kAlice), row.expected)
        << row.filter;
  }
}

struct OctetsRow {
  const char* name;
  const char* filter;
  LdapTruth expected;
};

// What no text of ours becomes.
const OctetsRow kOctets[] = {
    {"an_unknown_kind", "aa 03 04 01 61", undefined},
    {"not_an_unknown_kind", "a2 02 8b 00", undefined},
    {"no_description", "a3 06 04 00 04 02 61 62", undefined},
    {"dn_attributes_stated_as_false", "a9 0e 82 02 63 6e 83 05 41 4c 49 43 45 84 01 00", true_},
    {"an_unknown_component", "a3 0d 04 02 63 6e 04 05 61 6c 69 63 65 80 00", true_},
    {"lengths_of_four_octets", "a3 84 00 00 00 0b 04 02 63 6e 04 05 61 6c 69 63 65", true_},
    {"an_empty_final", "a4 0b 04 02 63 6e 30 05 80 01 61 82 00", true_},
    {"nothing", "", undefined},
    {"cut_off", "87 02 63", undefined},
    {"octets_behind", "87 02 63 6e 00", undefined},
    {"malformed", "30 00", undefined},
};

TEST(LdapFilterMatch, IsUndefinedForWhatIsUnknownOrBroken) {
  for (const OctetsRow& row : kOctets) {
    EXPECT_EQ(ldap_filter_matches(octets(row.filter), kAlice), row.expected) << row.name;
  }
}

}  // namespace
}  // namespace startle::wire
