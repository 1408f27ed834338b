#include "harness/customer/schedule/host_form.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::customer {
namespace {

const std::string kNoName =
    " (RFC 1123, 2.1): public authorities issue no certificate for it, and Java refuses every "
    "server "
    "when it compares names";
const std::string kPlaceholder =
    "is a placeholder that was not filled in: write the name of the host itself";
const std::string kNeither =
    "is no host name and no IP address (an internationalised name is written with its A-labels, "
    "xn--..)";

TEST(HostForm, IsTakenOrComplainedOf) {
  struct Row {
    std::string host;
    std::string complaint{};
    std::string warning{};
  };
  for (const Row& row : std::vector<Row>{
           {"smtp.example.test"},
           {"smtp.example.test."},
           {"SMTP.Example.Test"},
           {"localhost"},
           {"192.0.2.7"},
           {"2001:db8::7"},
           {"[::1]"},
           {"xn--bcher-kva.example"},
           {"b\u00fccher.example"},
           {std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
            std::string(61, 'd')},
           {.host = "openldap_1", .warning = "has an underscore, which no host name has" + kNoName},
           {.host = "-bad.example.test",
           .warning = "has a label that begins or ends with a hyphen" + kNoName},
           {.host = "bad-.example.test",
           .warning = "has a label that begins or ends with a hyphen" + kNoName},
           {.host = "a..example.test", .warning = "has an empty label" + kNoName},
           {.host = "127.1",
           .warning = "is no host name, and what takes it for an IP address, as Java does, fills "
                      "in what is "
                      "missing: write all four numbers of the address"},
           {.host = "300.1.1.1", .complaint = kNeither},
           {.host = "1.2.3.4.5", .complaint = kNeither},
           {.host = "1..2", .warning = "has an empty label" + kNoName},
           {.host = "127.16777216", .complaint = kNeither},
           {.host = "", .complaint = "is empty: it names no host"},
           {.host = "${smtp.host}", .complaint = kPlaceholder},
           {.host = "mail.${domain}", .complaint = kPlaceholder},
           {.host = "{{ host }}", .complaint = kPlaceholder},
           {.host = "#{host}", .complaint = kPlaceholder},
           {.host = "%SMTP_HOST%", .complaint = kPlaceholder},
           {.host = "@SMTP_HOST@", .complaint = kPlaceholder},
           {.host = "<host>", .complaint = kPlaceholder},
           {.host = "a,b.example.test", .complaint = kNeither},
           {.host = "[smtp.example.test]", .complaint = kNeither},
           {.host = "*.example.test", .complaint = kNeither},
           {.host = std::string(254, 'a'),
           .complaint = "is too long for a host name: 254 octets, at most 253 are one"}}) {
    const HostForm form = host_form(row.host);
    EXPECT_EQ(form.complaint, row.complaint) << row.host;
    EXPECT_EQ(form.warning, row.warning) << row.host;
  }
}

std::string refusal_of(const std::string& attributes) {
  try {
    parse_schedule("s.xml", "<a>\n<smtp email='m@x' " + attributes + "/></a>");
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}

TEST(HostForm, OfAnAddressWithANulBehindItIsNone) {
  EXPECT_FALSE(host_form(std::string("192.0.2.7\0x", 11)).complaint.empty());
  EXPECT_FALSE(host_form(std::string("[::1\0x]", 7)).complaint.empty());
}

// found in nextgenhealthcare/connect issue 4291 and cloudfoundry/uaa issue 484.
TEST(HostForm, APlaceholderInAConfigurationIsRefusedBeforeAnythingRuns) {
  EXPECT_EQ(refusal_of("url='${smtp.host}'"), "s.xml:2: url=\"${smtp.host}\" " + kPlaceholder);
  EXPECT_EQ(refusal_of("url='smtp://${smtp.host}:25'"),
            "s.xml:2: url=\"smtp://${smtp.host}:25\" " + kPlaceholder);
  EXPECT_EQ(refusal_of("url='@SMTP_HOST@'"), "s.xml:2: url=\"@SMTP_HOST@\" " + kPlaceholder);
  EXPECT_EQ(refusal_of("url='a' starttls='true' username='u' password='p' trust='${trust}'"),
            "s.xml:2: trust=\"${trust}\" is a placeholder that was not filled in: write a host "
            "name, several separated by spaces, or *");
}

TEST(HostForm, OddOnesOfAConfigurationAreWarnedOf) {
  const auto warnings_of = [](const std::string& attributes) {
    return parse_schedule("s.xml", "<smtp email='m@x' " + attributes + "/>").warnings();
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(warnings_of("url='openldap_1'"),
            List{"s.xml:1: url=\"openldap_1\": the host has an underscore, which no host name has" +
                 kNoName});
  EXPECT_EQ(warnings_of("url='a,b'"), List{"s.xml:1: url=\"a,b\" " + kNeither});
  EXPECT_EQ(warnings_of("url='smtp://[::1]'"), List{});
  EXPECT_EQ(warnings_of("url='a' ssl='true' trust='a' username='${user}' password='${password}'"),
            (List{"s.xml:1: username looks like a placeholder that was not filled in",
                  "s.xml:1: password looks like a placeholder that was not filled in"}));
}

}  // namespace
}  // namespace startle::customer
