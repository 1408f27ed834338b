#include "harness/customer/store/store.h"

#include <gtest/gtest.h>
#include <openssl/objects.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/bytes.h"
#include "harness/base/file.h"
#include "harness/customer/store/store_for_test.h"

namespace startle::customer {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;

constexpr const char* kPassword = "changeit";

std::string one_of_each_kind() {
  return write(JksForTest{.entries = {trusted_entry("one", certificate_one()),
                                      key_entry("key", {certificate_two(), certificate_one()})}});
}

TEST(Jks, AKeysEntryIsListedByTheFirstOfItsChainAndNotTrusted) {
  for (const auto& [magic, format] :
       {std::pair{"feedfeed", StoreFormat::jks}, {"cececece", StoreFormat::jceks}}) {
    const Store store = read_store(
        write(JksForTest{
            .magic = magic,
            .entries = {key_entry("key", {certificate_two(), certificate_one()}),
                        key_entry("bare", {}), trusted_entry("one", certificate_one())}}),
        kPassword, "F");
    EXPECT_EQ(store.format, format);
    EXPECT_TRUE(store.verified);
    ASSERT_EQ(store.entries.size(), 2U);
    EXPECT_EQ(store.entries[0].alias, "key");
    EXPECT_EQ(store.entries[0].der, certificate_two());
    EXPECT_FALSE(store.entries[0].trusted);
    EXPECT_TRUE(store.entries[0].of_key);
    EXPECT_EQ(store.entries[1].alias, "one");
    EXPECT_TRUE(store.entries[1].trusted);
  }
}

TEST(Jks, IsReadWithoutAPasswordAndThenNotVerified) {
  const Store store = read_store(one_of_each_kind(), std::nullopt, "F");
  EXPECT_FALSE(store.verified);
  EXPECT_FALSE(store.locked);
  EXPECT_EQ(store.entries.size(), 2U);
}

TEST(Jks, OctetsBehindItsEndAreCounted) {
  for (const auto& password :
       {std::optional<std::string>("changeit"), std::optional<std::string>()}) {
    const Store store = read_store(one_of_each_kind() + "\n", password, "F");
    EXPECT_EQ(store.octets_behind, 1U);
    EXPECT_EQ(store.verified, password.has_value());
  }
}

TEST(Jks, Version1NamesNoType) {
  const Store store = read_store(
      write(JksForTest{.version = 1, .entries = {version_1_entry("one", certificate_one())}}),
      kPassword, "F");
  ASSERT_EQ(store.entries.size(), 1U);
  EXPECT_EQ(store.entries[0].der, certificate_one());
}

TEST(Jks, AnEmptyStoreIsOne) {
  const Store store = read_store(write(JksForTest{}), kPassword, "F");
  EXPECT_TRUE(store.verified);
  EXPECT_EQ(store.entries.size(), 0U);
}

TEST(Jks, AliasesAreModifiedUtf8) {
  for (const auto& [stored, alias] : {
           std::pair{"\xc3\xa4"s, "\xc3\xa4"s},
           {"a\xc0\x80z"s, "a\0z"s},
           {"\xed\xa0\xbd\xed\xb4\x91"s, "\xf0\x9f\x94\x91"s},  // two surrogates of three octets
           {"\xef\xbf\xbf"s, "\xef\xbf\xbf"s},
           {""s, ""s},
       }) {
    const Store store = read_store(
        write(JksForTest{.entries = {trusted_entry(stored, certificate_one())}}), kPassword, "F");
    EXPECT_EQ(store.entries.at(0).alias, alias);
  }
}

struct RefusalRow {
  const char* name = "";
  std::string bytes{};
  std::string complaint{};  // as of complaint_about
};
void PrintTo(const RefusalRow& row, std::ostream* out) {
  *out << row.name;
}
class StoreRefused : public testing::TestWithParam<RefusalRow> {};
std::string name_of(const testing::TestParamInfo<RefusalRow>& row) {
  return row.param.name;
}

TEST_P(StoreRefused, WithASentence) {
  EXPECT_EQ(complaint_about(GetParam().bytes, kPassword), GetParam().complaint);
}

std::string damaged(const std::string& kind, const std::string& how) {
  return "damaged: F: is a " + kind + " key store, but damaged: " + how +
         ". Fetch it again, or make it anew with `keytool -importcert`";
}
RefusalRow damaged_jks(const char* name, const JksForTest& store, const std::string& how) {
  return {name, write(store), damaged("JKS", how)};
}
RefusalRow damaged_alias(const char* name, const std::string& alias) {
  return damaged_jks(name, {.entries = {trusted_entry(alias, "\x30\x00"s)}},
                     "the alias of entry 1 is not modified UTF-8");
}
std::string hex(const char* digits) {
  return *from_hex(digits);
}

INSTANTIATE_TEST_SUITE_P(
    Any, StoreRefused,
    testing::Values(
        RefusalRow{"Empty", "",
                   "empty: F: is empty: delete it, and make it anew with `keytool -importcert "
                   "-file CERTIFICATE -keystore F`"},
        RefusalRow{"TwoGibibytesOfPkcs12", hex("30847fffffff020103"),
                   damaged("PKCS #12", "it is cut off, or cannot be decoded")},
        RefusalRow{"Zip", "PK\x03\x04 and more",
                   "not_a_store: F: is a zip archive: take the key store out of it"},
        RefusalRow{"CertificateInDer", certificate_one(),
                   "not_a_store: F: is no key store, but perhaps a certificate in DER: put it into "
                   "one with `keytool -importcert -file F -keystore STORE`"},
        RefusalRow{"Text", "mail.example.com\n",
                   "not_a_store: F: is neither JKS, JCEKS, PKCS #12 nor PEM: make a key store with "
                   "`keytool -importcert -file CERTIFICATE -keystore STORE`"},
        RefusalRow{"TooLarge", std::string(kLargestStore + 1, '0'),
                   "too_large: F: is larger than 16 MiB, which no trust store is: name the store "
                   "itself"}),
    name_of);

std::string pem(const std::string& der) {
  return to_pem_for_test(der);
}
std::string damaged_pem(int number) {
  return "damaged: F: certificate " + std::to_string(number) +
         " of this PEM file is cut off or changed: fetch it again";
}

INSTANTIATE_TEST_SUITE_P(
    Pem, StoreRefused,
    testing::Values(
        RefusalRow{"NoEnd", pem(certificate_one()).substr(0, 300), damaged_pem(1)},
        RefusalRow{"SecondCutOff", pem(certificate_one()) + pem(certificate_two()).substr(0, 400),
                   damaged_pem(2)},
        RefusalRow{"NoBase64", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
                   damaged_pem(1)},
        RefusalRow{"NoSequence", pem("garbage"), damaged_pem(1)},
        RefusalRow{"CutOffInside", pem(certificate_one().substr(0, 200)), damaged_pem(1)},
        RefusalRow{"OctetsBehind", pem(certificate_one() + "x"), damaged_pem(1)},
        RefusalRow{"OnOneLine", "-----BEGIN CERTIFICATE-----MAA=-----END CERTIFICATE-----",
                   damaged_pem(1)},
        RefusalRow{"BeginsWithinALine", pem(certificate_one()) + "  " + pem(certificate_two()),
                   damaged_pem(2)},
        RefusalRow{"PrivateKeyAlone", to_pem_for_test("key", "PRIVATE KEY"),
                   "not_a_store: F: is a PEM file without a certificate (`-----BEGIN "
                   "CERTIFICATE-----`): name one that has it"},
        RefusalRow{"TrustedByOpenssl", to_pem_for_test(certificate_one(), "TRUSTED CERTIFICATE"),
                   "not_a_store: F: holds a certificate with OpenSSL's own trust settings (BEGIN "
                   "TRUSTED CERTIFICATE), which no other program reads: convert it with `openssl "
                   "x509`"}),
    name_of);

std::string with_crlf(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) {
    text.insert(at, "\r");
  }
  return text;
}

TEST(Pem, CertificatesAmongOtherThings) {
  for (const std::string& text : {
           pem(certificate_one()) + pem(certificate_two()),
           with_crlf(pem(certificate_one()) + pem(certificate_two())),
           "Certificate:\n  Data:\n" + pem(certificate_one()) + "\n\n# two\n" +
               pem(certificate_two()) + "the end",
           to_pem_for_test("key", "PRIVATE KEY") + pem(certificate_one()) +
               to_pem_for_test(certificate_two(), "X509 CERTIFICATE"),
           "\xef\xbb\xbf" + pem(certificate_one()) + pem(certificate_two()),
       }) {
    const Store store = read_store(text, "ignored", "F");
    EXPECT_EQ(store.format, StoreFormat::pem);
    EXPECT_FALSE(store.verified);
    ASSERT_EQ(store.entries.size(), 2U);
    EXPECT_EQ(store.entries[0].der, certificate_one());
    EXPECT_EQ(store.entries[1].der, certificate_two());
    EXPECT_TRUE(store.entries[0].trusted && store.entries[1].trusted);
  }
}

// As /etc/ssl/certs: files, links to them, hashed links, everything once more in one file.
TEST(StoreFile, ADirectoryListsEachCertificateOnce) {
  const TemporaryFolder folder;
  const fs::path certs = folder.path() / "certs";
  fs::create_directory(certs);
  write_file(folder.path() / "elsewhere.crt", pem(certificate_one()));
  fs::create_symlink("../elsewhere.crt", certs / "one.pem");
  fs::create_symlink("one.pem", certs / "5443e9e3.0");
  fs::create_symlink("nowhere", certs / "dangling.pem");
  fs::create_directory(certs / "folder.pem");
  write_file(certs / "all.crt", pem(certificate_two()) + pem(certificate_one()));
  write_file(certs / "notes.txt", "no certificate");
  write_file(certs / "key.pem", to_pem_for_test("key", "PRIVATE KEY"));
  const Store store = read_store_file(certs, std::nullopt);
  EXPECT_EQ(store.format, StoreFormat::pem);
  ASSERT_EQ(store.entries.size(), 2U);
  EXPECT_EQ(store.entries[0].der, certificate_two());
  EXPECT_EQ(store.entries[1].der, certificate_one());
}

TEST(StoreFile, SaysWhatIsWrongWithIt) {
  const TemporaryFolder folder;
  const auto complaint = [&](const char* name) {
    const std::string file = (folder.path() / name).string();
    try {
      read_store_file(file, kPassword);
    } catch (const StoreError& e) {
      EXPECT_EQ(e.fault(), Fault::input);
      const std::string what = e.what();
      EXPECT_EQ(what.substr(0, file.size() + 2), file + ": ");
      return std::pair(e.refusal(), what.substr(file.size() + 2));
    }
    return std::pair(StoreRefusal::damaged, "none"s);
  };
  const std::string missing = (folder.path() / "none.ks").string();
  EXPECT_EQ(complaint("none.ks"), std::pair(StoreRefusal::missing,
                                            "no such file: make it with `keytool -importcert -file "
                                            "CERTIFICATE -keystore " +
                                                missing + "`"));
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(complaint("pipe"), std::pair(StoreRefusal::unreadable,
                                         "is neither a file nor a directory: name the key store"s));
  fs::create_directory(folder.path() / "empty");
  EXPECT_EQ(complaint("empty"),
            std::pair(StoreRefusal::empty,
                      "no file in it that ends in .pem or .crt holds a certificate: name the key "
                      "store, or a directory of PEM files"s));
  write_file(folder.path() / "large.ks", "");
  fs::resize_file(folder.path() / "large.ks", std::uintmax_t{1} << 40);  // a hole
  EXPECT_EQ(complaint("large.ks"),
            std::pair(StoreRefusal::too_large,
                      "is larger than 16 MiB, which no trust store is: name the store itself"s));
  fs::create_symlink("loop", folder.path() / "loop");
  EXPECT_EQ(complaint("loop").first, StoreRefusal::unreadable);
  write_file(folder.path() / "mine.ks", one_of_each_kind());
  EXPECT_EQ(complaint("mine.ks").second, "none");
  if (::geteuid() == 0) return;  // root reads everything
  fs::permissions(folder.path() / "mine.ks", fs::perms::none);
  EXPECT_EQ(complaint("mine.ks").first, StoreRefusal::unreadable);
}

INSTANTIATE_TEST_SUITE_P(
    Jks, StoreRefused,
    testing::Values(
        RefusalRow{"NothingButTheMagic", hex("feedfeed"), damaged("JKS", "it is cut off")},
        damaged_jks("Version", {.version = 3}, "its version is neither 1 nor 2"),
        damaged_jks("AMillionEntries", {.claimed = 1'000'000},
                    "it claims 1000000 entries where 20 octets follow"),
        RefusalRow{"TwoGibibytes",
                   hex("feedfeed0000000200000001000000020001610000000000000000"
                       "0005582e3530397fffffff3000"),
                   damaged("JKS", "it is cut off within entry 1")},
        RefusalRow{"NegativeLength",
                   hex("feedfeed0000000200000001000000020001610000000000000000"
                       "0005582e353039ffffffff3000"),
                   damaged("JKS", "it is cut off within entry 1")},
        RefusalRow{"AMillionCertificatesOfAKey",
                   hex("feedfeed0000000200000001000000010001610000000000000000"
                       "00000000000f4240"),
                   damaged("JKS", "it claims 1000000 certificates where 0 octets follow")},
        damaged_jks("TheSameAliasTwice",
                    {.entries = {trusted_entry("a", certificate_one()),
                                 trusted_entry("a", certificate_two())}},
                    "the alias `a` stands twice"),
        damaged_jks("AnotherType", {.entries = {trusted_entry("a", certificate_one(), "PGP")}},
                    "entry 1 is not of type X.509"),
        damaged_jks("NoCertificate", {.entries = {trusted_entry("a", "garbage")}},
                    "entry 1 holds what is no certificate"),
        damaged_jks("OctetsBehindACertificate",
                    {.entries = {trusted_entry("a", certificate_one() + "x")}},
                    "entry 1 holds what is no certificate"),
        damaged_jks("EmptyCertificate", {.entries = {trusted_entry("a", "")}},
                    "entry 1 holds what is no certificate"),
        damaged_jks("SecretKey", {.entries = {"\0\0\0\3"s + trusted_entry("a", "").substr(4)}},
                    "entry 1 has the unknown tag 3"),
        RefusalRow{
            "SecretKeyInJceks",
            write(JksForTest{.magic = "cececece",
                             .entries = {"\0\0\0\3"s + trusted_entry("a\x1b[2J", "").substr(4)}}),
            "unreadable: F: holds the secret key `a\\x1b[2J`, a serialised Java object that "
            "only Java can read past: move it to a store of its own, and remove it with "
            "`keytool -delete -storetype JCEKS -keystore F -alias ALIAS`"},
        damaged_alias("PlainNul", "a\0"s), damaged_alias("CutOff", "\xc3"),
        damaged_alias("TooLong", "\xc1\xbf"), damaged_alias("TooLongOfThree", "\xe0\x80\x80"),
        damaged_alias("FourOctets", "\xf0\x9f\x94\x91"), damaged_alias("HalfAPair", "\xed\xa0\xbd"),
        damaged_alias("StrayContinuation", "\x80")),
    name_of);

}  // namespace
}  // namespace startle::customer
