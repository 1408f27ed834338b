// The model `jndi` against what Java's LDAP client did. Measured on OpenJDK 17.0.21 and 25.0.3,
// whose verdicts are the same, over ldaps:// and with StartTlsResponse.negotiate(); the root CA in
// Java's trust store.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "harness/oracle/oracle.h"

namespace startle::oracle {
namespace {

using words::Ending;
using words::Mode;
using words::TrustModel;

Facts presenting(PresentedIdentity presented) {
  return {.presented = std::move(presented)};
}
Facts issued_to(const std::string& dns_name) {
  return presenting({.common_name = "another", .dns_names = {dns_name}});
}
Facts from_nowhere(Facts facts) {
  facts.path = Path::unknown_anchor;
  return facts;
}

// Bound: accepted.
constexpr Ending ok = Ending::bound;
constexpr Ending name = Ending::certificate_host_mismatch;
constexpr Ending untr = Ending::certificate_not_trusted;

struct MeasuredRow {
  const char* id;
  std::string host;
  Facts facts;
  Ending ldaps;
  Ending starttls;
  // Of ldaps: com.sun.jndi.ldap.object.disableEndpointIdentification, which StartTLS does not know.
  std::optional<std::string> disable_identification{};
};

const MeasuredRow kMeasured[] = {
    // clang-format off
    {"name", "ldap.example.test", issued_to("ldap.example.test"), ok, ok},
    {"another_name", "ldap.example.test", issued_to("other.example.test"), name, name},
    {"another_name_of_an_unknown_ca", "ldap.example.test", from_nowhere(issued_to("other.example.test")), untr, untr},
    {"unknown_ca", "ldap.example.test", from_nowhere(issued_to("ldap.example.test")), untr, untr},
    {"wildcard", "mail.example.test", issued_to("*.example.test"), ok, ok},
    {"wildcard_for_two_labels", "a.b.example.test", issued_to("*.example.test"), name, name},
    {"wildcard_for_the_domain", "example.test", issued_to("*.example.test"), name, name},
    {"common_name", "localhost", presenting({.common_name = "localhost"}), ok, ok},
    {"common_name_beside_a_name", "localhost", presenting({.common_name = "localhost", .dns_names = {"other.example.test"}}), name, name},
    {"common_name_beside_an_address", "localhost", presenting({.common_name = "localhost", .ip_addresses = {"127.0.0.1"}}), ok, ok},
    {"address", "127.0.0.1", presenting({.ip_addresses = {"127.0.0.1"}}), ok, ok},
    {"another_address", "127.0.0.1", presenting({.ip_addresses = {"127.0.0.2"}}), name, name},
    {"address_as_name", "127.0.0.1", issued_to("127.0.0.1"), name, name},
    {"address_as_common_name", "127.0.0.1", presenting({.common_name = "127.0.0.1"}), name, name},
    {"final_dot", "localhost.", issued_to("localhost"), ok, name},
    {"identification_disabled", "localhost", issued_to("other.example.test"), ok, name, "true"},
    {"identification_disabled_by_nothing", "localhost", issued_to("other.example.test"), ok, name, ""},
    {"identification_not_disabled", "localhost", issued_to("other.example.test"), name, name, "false"},
    {"identification_disabled_by_yes", "localhost", issued_to("other.example.test"), name, name, "yes"},
    // clang-format on
};

// Where the property takes the look at the name away, ldaps does as the model that looks at none.
TrustModel judge_of(const MeasuredRow& row, Mode mode) {
  const bool disabled = row.disable_identification == "true" || row.disable_identification == "";
  return disabled && mode == Mode::ldaps ? TrustModel::javamail : TrustModel::jndi;
}

class JndiMeasured : public testing::TestWithParam<MeasuredRow> {};

TEST_P(JndiMeasured, IsWhatTheModelSays) {
  const MeasuredRow& row = GetParam();
  for (const auto& [mode, measured] :
       {std::pair{Mode::ldaps, row.ldaps}, {Mode::ldap_starttls, row.starttls}}) {
    const Answer answer =
        expect({.model = judge_of(row, mode), .mode = mode, .host = row.host, .facts = row.facts});
    EXPECT_EQ(answer.endings, std::vector{measured}) << word(mode) << ": " << answer.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, JndiMeasured, testing::ValuesIn(kMeasured),
                         [](const auto& row) { return std::string(row.param.id); });

// What else was measured, and why no row above has it.
struct Apart {
  const char* what;
  const char* reason;
};
constexpr std::array kApart{
    Apart{"a socket factory that trusts every chain, ldaps and StartTLS",
          "the name is looked at all the same: jndi is the default factory, whose chains have to "
          "end in an anchor"},
    Apart{"a hostname verifier given to StartTlsResponse, which may only widen",
          "a program's own code, which no configuration has"},
    Apart{"an anonymous cipher suite is accepted without a look at the name",
          "read in the source, not measured; no certificate, so nothing for a model to judge"},
    Apart{"behind a refused name the context stays in TLS, and the next bind goes there",
          "what a client says to a server that it has refused is the invariant "
          "secret-to-refused-peer, under every model"},
    Apart{"behind a refused chain the next bind is refused by Java itself",
          "the same, and nothing was said"},
    Apart{"behind a refused StartTLS the next bind goes out in clear",
          "the invariant secret-in-clear; tls-policy=\"enable\" says that a client may"},
    Apart{"credentials in the first environment are bound in clear before StartTLS",
          "the invariant secret-in-clear, under every model and policy"},
};

TEST(JndiMeasuredRows, AreAllHere) {
  EXPECT_EQ(2 * std::size(kMeasured), 38U) << "agree";
  EXPECT_EQ(kApart.size(), 7U) << "stand apart";
  for (const Apart& one : kApart) EXPECT_NE(std::string(one.reason), "") << one.what;
}

}  // namespace
}  // namespace startle::oracle
