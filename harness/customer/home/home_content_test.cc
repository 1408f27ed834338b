#include "harness/customer/home/home_content.h"

#include <gtest/gtest.h>

#include "harness/customer/store/store_for_test.h"

namespace startle::customer {
namespace {

using namespace std::string_literals;
using Kind = FileContent::Kind;

struct ContentRow {
  const char* name;
  std::string bytes;
  Kind kind;
  std::string called;
};

void PrintTo(const ContentRow& row, std::ostream* out) {
  *out << row.name;
}

class ContentTest : public testing::TestWithParam<ContentRow> {};

TEST_P(ContentTest, IsToldFromTheBytes) {
  const FileContent content = content_of(GetParam().bytes);
  EXPECT_EQ(content.kind, GetParam().kind);
  EXPECT_EQ(content.name, GetParam().called);
}

std::string pem() {
  return to_pem_for_test(certificate_one());
}

const ContentRow kRows[] = {
    {"Jks", write(JksForTest{}), Kind::store, ""},
    {"JksCutOff", "\xfe\xed\xfe\xed", Kind::store, ""},
    {"Jceks", write(JksForTest{.magic = "cececece"}), Kind::jceks, ""},
    {"Pkcs12", write(Pkcs12ForTest{}), Kind::store, ""},
    {"Pkcs12OfIndefiniteLength", "\x30\x80\x02\x01\x03"s, Kind::store, ""},
    {"Der", certificate_one(), Kind::der_certificate, "a certificate in DER"},
    {"Pem", pem(), Kind::pem_certificate, "a certificate in PEM"},
    {"PemBehindText", "subject=CN=x\r\n" + pem(), Kind::pem_certificate, "a certificate in PEM"},
    {"PemBehindAByteOrderMark", "\xef\xbb\xbf" + pem(), Kind::other,
     "a certificate in PEM behind a byte order mark"},
    {"Key", to_pem_for_test("x", "PRIVATE KEY"), Kind::other, "a private key in PEM"},
    {"KeyBehindACertificate", pem() + to_pem_for_test("x", "RSA PRIVATE KEY"), Kind::other,
     "a private key in PEM"},
    {"TrustedCertificate", to_pem_for_test("x", "TRUSTED CERTIFICATE"), Kind::other,
     "a certificate in OpenSSL's own PEM"},
    {"Pkcs7", to_pem_for_test("x", "PKCS7"), Kind::other, "a PKCS #7 file in PEM"},
    {"Request", to_pem_for_test("x", "NEW CERTIFICATE REQUEST"), Kind::other,
     "a certificate request in PEM"},
    {"OtherPem", to_pem_for_test("x", "X509 CRL"), Kind::other, "a PEM file without a certificate"},
    {"Zip", "PK\x03\x04\x14", Kind::other, "a zip archive"},
    {"Gzip", "\x1f\x8b\x08", Kind::other, "a gzip archive"},
    {"Bks", "\0\0\0\2\0\0"s, Kind::other, "a key store of Bouncy Castle (BKS)"},
    {"Html", "\xef\xbb\xbf\n<!DOCTYPE html>", Kind::other, "an HTML or XML document"},
    {"Text", "see the wiki\n", Kind::other, "plain text"},
    {"Blank", "\r\n \n", Kind::other, "blank text"},
    {"Zeros", std::string(64, '\0'), Kind::other,
     "something unknown (its first bytes are 0000000000000000)"},
    {"OneByte", "\x30", Kind::other, "plain text"},
    {"LengthWithoutEnd", "\x30\x84\xff"s, Kind::other, "plain text"},
};
INSTANTIATE_TEST_SUITE_P(All, ContentTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
