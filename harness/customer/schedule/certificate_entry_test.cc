// Client certificates: mechanism, certificate and certificate-password of both elements.
#include <gtest/gtest.h>

#include "harness/customer/schedule/refusal_for_test.h"

namespace startle::customer {
namespace {

std::string smtp_with(std::string_view rest) {
  return "<a>\n<smtp url='a' email='m@x' username='u' password='secret' trust='a' " +
         std::string(rest) + "/></a>";
}
std::string ldap_with(std::string_view rest) {
  return "<a>\n<ldap url='a' trust='a' " + std::string(rest) + "/></a>";
}
// -------------------------------------------------------------------------

TEST(ClientCertificate, ExternalNeedsNeitherNameNorPassword) {
  const std::string rest =
      " starttls='true' trust='a' mechanism='EXTERNAL' certificate='me.pem' "
      "certificate-password='secret'/>";
  for (const std::string element : {"<smtp url='a' email='m@x'", "<ldap url='a'"}) {
    const Entry entry = only_entry(element + rest);
    EXPECT_EQ(entry.mechanism, "EXTERNAL");
    EXPECT_EQ(entry.certificate, "me.pem");
    EXPECT_EQ(entry.certificate_password, "secret");
    EXPECT_EQ(entry.username, std::nullopt);
    EXPECT_EQ(entry.password, std::nullopt);
  }
}

TEST(ClientCertificate, MayStandBesideAPassword) {
  const Entry entry = only_entry(
      "<smtp url='a' email='m@x' starttls='true' trust='a' username='u' password='p' "
      "certificate='me.pem'/>");
  EXPECT_EQ(entry.mechanism, std::nullopt);
  EXPECT_EQ(entry.certificate, "me.pem");
  EXPECT_EQ(entry.password, "p");
}

TEST(ClientCertificate, ARelativeNameStartsFromTheFolderOfTheFile) {
  const auto certificate = [](const std::string& file, const std::string& given) {
    const std::string element = "<ldap url='a' ssl='true' trust='a' certificate='" + given + "'/>";
    return parse_schedule(file, element).entries.at(0).certificate;
  };
  EXPECT_EQ(certificate("/opt/conf/schedule.xml", "me.pem"), "/opt/conf/me.pem");
  EXPECT_EQ(certificate("conf/schedule.xml", "../keys/me.P12"), "conf/../keys/me.P12");
  EXPECT_EQ(certificate("conf/schedule.xml", "/keys/me.pfx"), "/keys/me.pfx");
}

class CertificateRefusalTest : public testing::TestWithParam<Refused> {};

TEST_P(CertificateRefusalTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

const Refused kCertificates[] = {
    {"ExternalWithoutTls",
     "<a>\n<smtp url='a' email='m@x' mechanism='EXTERNAL' certificate='me.pem'/></a>",
     "2: mechanism=\"EXTERNAL\" needs starttls=\"true\" or ssl=\"true\" too: the certificate is "
     "shown inside TLS"},
    {"ExternalWithoutCertificate", ldap_with("ssl='true' mechanism='EXTERNAL'"),
     "2: mechanism=\"EXTERNAL\" needs certificate=\"...\" (a .pem or .p12 file with the client's "
     "certificate and its key) too"},
    {"CertificateMisspelt", ldap_with("ssl='true' mechanism='EXTERNAL' certifikate='me.pem'"),
     "2: mechanism=\"EXTERNAL\" needs certificate=\"...\" (a .pem or .p12 file with the client's "
     "certificate and its key) (`certifikate` is not known) too"},
    {"CertificateEmpty", smtp_with("starttls='true' certificate=' '"),
     "2: certificate is empty: write a .pem or .p12 file with the client's certificate and its "
     "key"},
    {"CertificateOfAnotherFormat", smtp_with("starttls='true' certificate='me.jks'"),
     "2: certificate=\"me.jks\" is neither a .pem nor a .p12 (or .pfx) file: the name's end says "
     "which format it has"},
};
INSTANTIATE_TEST_SUITE_P(Certificates, CertificateRefusalTest, testing::ValuesIn(kCertificates),
                         [](const auto& row) { return std::string(row.param.name); });

struct Doubtful {
  std::string element;
  std::vector<std::string> warnings;
};

TEST(ClientCertificate, WhatIsNotUsedIsAWarning) {
  const std::string name =
      "username is ignored: with mechanism=\"EXTERNAL\" the certificate says who it is";
  const std::vector<Doubtful> rows{
      {smtp_with("starttls='true' mechanism='EXTERNAL' certificate='me.pem'"),
       {name,
        "password is ignored: with mechanism=\"EXTERNAL\" the certificate is the credential"}},
      {ldap_with("ssl='true' mechanism='EXTERNAL' certificate='me.pem' username='u'"), {name}},
      {"<a>\n<smtp url='a' email='m@x' certificate='me.pem'/></a>",
       {"certificate is ignored: without starttls=\"true\" or ssl=\"true\" nobody asks for it"}},
      {ldap_with("ssl='true' certificate-password='secret'"),
       {"certificate-password is ignored: there is no certificate=\"...\""}}};
  for (const Doubtful& row : rows) {
    const Schedule schedule = parse_schedule("s.xml", row.element);
    ASSERT_EQ(schedule.warnings().size(), row.warnings.size()) << row.element;
    const Entry& entry = schedule.entries.at(0);
    if (entry.mechanism == "EXTERNAL") {
      EXPECT_FALSE(entry.username || entry.password) << row.element;
    }
    for (std::size_t i = 0; i < row.warnings.size(); ++i) {
      EXPECT_EQ(schedule.warnings()[i], "s.xml:2: " + row.warnings[i]);
    }
  }
}

}  // namespace
}  // namespace startle::customer
