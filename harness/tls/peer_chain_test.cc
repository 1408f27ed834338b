// The questions a chain answers, on certificates of the simplest kind; the recipes of certs/ are
// held against it there.

#include "harness/tls/peer_chain.h"

#include <gtest/gtest.h>

#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

namespace startle::tls {
namespace {

PeerChain chain_of(const std::vector<std::string>& ders) {
  std::vector<gnutls_datum_t> list;
  for (const std::string& der : ders) {
    list.push_back({.data = reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),
                    .size = static_cast<unsigned>(der.size())});
  }
  return PeerChain(list);
}

struct UnreadableRow {
  const char* name;
  std::vector<std::string> ders;
  bool readable;
  std::size_t read;
};

TEST(PeerChain, IsReadableWhereTheEndEntityIs) {
  const std::string good = self_signed();
  for (const UnreadableRow& row :
       {UnreadableRow{"no certificate", {}, false, 0},
        {"an empty one", {""}, false, 0},
        {"text", {"-----BEGIN CERTIFICATE-----"}, false, 0},
        {"cut", {good.substr(0, good.size() / 2)}, false, 0},
        {"with something behind it", {good + std::string(4, '\0')}, false, 0},
        {"a bad one before a good one", {"no DER", good}, false, 0},
        {"a good one before a bad one", {good, "no DER"}, true, 1},
        {"a bad one between", {good, "no DER", good}, true, 2},
        {"two good ones", {good, good}, true, 2}}) {
    const PeerChain chain = chain_of(row.ders);
    EXPECT_EQ(chain.readable(), row.readable) << row.name;
    EXPECT_EQ(chain.all_readable(), row.read == row.ders.size()) << row.name;
    EXPECT_EQ(chain.size(), row.read) << row.name;
    EXPECT_EQ(chain.sent(), row.ders.size()) << row.name;
  }
  // RFC 8446, 4.4.2: a context of length 0, the list's length, and with each its own and that of
  // its extensions.
  EXPECT_EQ(chain_of({good, good}).message_bytes(), 1 + 3 + 2 * (3 + good.size() + 2));
}

struct NamesRow {
  const char* name;
  CertificateForTest certificate;
  const char* described;
};

TEST(PeerChain, DescribesForWhomACertificateIs) {
  using namespace std::string_literals;
  const std::string loopback("\x7f\0\0\1", 4);
  for (const NamesRow& row :
       {NamesRow{"nobody", {.common_name = ""}, "nobody"},
        {"a common name", {.common_name = "cn.test"}, "only the common name cn.test"},
        {"control characters", {.common_name = "a\x1b[31m"}, "only the common name a\\27[31m"},
        {"one name", {.dns_names = {"a.test"}}, "a.test"},
        {"three", {.dns_names = {"a.test", "b.test", "c.test"}}, "a.test, b.test, c.test"},
        {"five",
         {.dns_names = {"a.test", "b.test", "c.test", "d.test", "e.test"}},
         "a.test, b.test, c.test and 2 more names"},
        {"an address", {.ip_addresses = {loopback}}, "no DNS name"}}) {
    const PeerChain chain = chain_of({self_signed(row.certificate)});
    EXPECT_EQ(chain.described_names(), row.described) << row.name;
  }
}

TEST(PeerChain, MatchesNamesAndAddressesEachWithTheirOwnKind) {
  const PeerChain both = chain_of({self_signed(
      {.dns_names = {"smtp.example.test", "*.wild.test"}, .ip_addresses = {{"\x7f\0\0\1", 4}}})});
  EXPECT_TRUE(both.presents_dns("SMTP.example.test"));
  EXPECT_TRUE(both.presents_dns("a.wild.test"));
  EXPECT_FALSE(both.presents_dns("a.b.wild.test"));
  EXPECT_FALSE(both.presents_dns("127.0.0.1"));
  EXPECT_TRUE(both.presents_ip("127.0.0.1"));
  EXPECT_FALSE(both.presents_ip("127.0.0.2"));
  EXPECT_FALSE(both.presents_ip("smtp.example.test"));
  const PeerChain common_name = chain_of({self_signed()});
  EXPECT_FALSE(common_name.presents_dns("smtp.example.test")) << "RFC 9525, 2";
  EXPECT_FALSE(chain_of({self_signed({.dns_names = {"127.0.0.1"}})}).presents_ip("127.0.0.1"));
}

TEST(PeerChain, DatesGoByTheRunClock) {
  const PeerChain chain = chain_of({self_signed()});
  for (const auto& [year, dates] :
       {std::pair{2029, Dates::not_yet_valid}, {2030, Dates::current}, {2032, Dates::expired}}) {
    set_run_clock(std::chrono::sys_days{std::chrono::year{year} / 6 / 15});
    EXPECT_EQ(chain.dates(), dates) << year;
  }
  EXPECT_EQ(chain.not_before(), "2030-01-01");
  EXPECT_EQ(chain.not_after(), "2031-01-01");
}

TEST(PeerChain, ASelfSignedCertificateVouchesForItsSignatureAndIsAnchoredOnlyIfTrusted) {
  set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  const std::string der = self_signed();
  const PeerChain chain = chain_of({der});
  EXPECT_EQ(chain.signature_valid(), true);
  EXPECT_TRUE(chain.strong());
  EXPECT_TRUE(chain.allows_server_authentication());
  EXPECT_EQ(chain.rsa_bits(), 0U);
  EXPECT_FALSE(chain.signed_with_md5());
  EXPECT_TRUE(chain.path(TrustStore({der})).anchored);
  EXPECT_FALSE(chain.path(TrustStore({self_signed({.common_name = "another"})})).anchored);

  std::string broken = der;
  broken.back() = static_cast<char>(broken.back() ^ 1);
  EXPECT_EQ(chain_of({broken}).signature_valid(), false);
}

// A list by whoever has key_for_test() and the name of self_signed(), in force from `from` on for a
// week.
std::string revocation_list(std::chrono::sys_days from, unsigned char revoked_serial) {
  const auto made = make<RevocationList>(gnutls_x509_crl_init, "gnutls_x509_crl_init");
  const auto time = [](std::chrono::sys_days day) {
    return std::chrono::system_clock::to_time_t(day);
  };
  check(gnutls_x509_crl_set_version(made.get(), 2), "version");
  check(gnutls_x509_crl_set_this_update(made.get(), time(from)), "this update");
  check(gnutls_x509_crl_set_next_update(made.get(), time(from + std::chrono::days{7})), "next");
  check(gnutls_x509_crl_set_crt_serial(made.get(), &revoked_serial, 1, time(from)), "serial");
  const Certificate issuer = certificate_from_der(self_signed());
  check(gnutls_x509_crl_sign2(made.get(), issuer.get(), key_for_test(), GNUTLS_DIG_SHA256, 0),
        "sign");
  gnutls_datum_t der{};
  check(gnutls_x509_crl_export2(made.get(), GNUTLS_X509_FMT_DER, &der), "export");
  std::string bytes(reinterpret_cast<const char*>(der.data), der.size);
  gnutls_free(der.data);
  return bytes;
}

struct RevocationRow {
  const char* name;
  std::vector<std::string> lists;
  RevocationStatus revocation;
};

TEST(PeerChain, IsRevokedByAListOfItsIssuers) {
  using std::chrono::year;
  use_run_clock();
  set_run_clock(std::chrono::sys_days{year{2030} / 6 / 15});
  constexpr unsigned char kSerial = 1;  // of self_signed()
  constexpr std::chrono::sys_days kNow = year{2030} / 6 / 14;
  constexpr std::chrono::sys_days kOld = year{2030} / 6 / 1;
  constexpr std::chrono::sys_days kToCome = year{2030} / 6 / 20;
  const std::string der = self_signed();
  std::string broken = revocation_list(kNow, kSerial);
  broken.back() = static_cast<char>(broken.back() ^ 1);
  for (const RevocationRow& row :
       {RevocationRow{"no list", {}, RevocationStatus::none},
        {"of another", {revocation_list(kNow, 2)}, RevocationStatus::none},
        {"revoked", {revocation_list(kNow, kSerial)}, RevocationStatus::revoked},
        {"an old list", {revocation_list(kOld, 2)}, RevocationStatus::out_of_date},
        {"one to come", {revocation_list(kToCome, 2)}, RevocationStatus::out_of_date},
        {"revoked by an old one", {revocation_list(kOld, kSerial)}, RevocationStatus::revoked},
        {"a wrong signature", {broken}, RevocationStatus::none},
        {"the second",
         {revocation_list(kNow, 2), revocation_list(kNow, kSerial)},
         RevocationStatus::revoked}}) {
    EXPECT_EQ(chain_of({der}).revocation(TrustStore({der}, row.lists)), row.revocation) << row.name;
  }
}

TEST(PeerChain, KnowsAnAnchorThatIsShown) {
  const std::string der = self_signed();
  const std::string other = self_signed({.common_name = "another"});
  EXPECT_TRUE(chain_of({other, der}).shows_anchor(TrustStore({der})));
  EXPECT_FALSE(chain_of({other}).shows_anchor(TrustStore({der})));
}

TEST(PeerChain, TellsTheAnchorFromAnotherCertificateOfItsKeyAndItsName) {
  const std::string der = self_signed();
  const TrustStore anchors({der});
  const PeerChain renewed = chain_of({self_signed({.until = std::chrono::year{2040} / 1 / 1})});
  const PeerChain rekeyed = chain_of({self_signed({.second_key = true})});
  EXPECT_TRUE(chain_of({der}).end_entity_is_in(anchors));
  EXPECT_FALSE(renewed.end_entity_is_in(anchors));
  EXPECT_TRUE(renewed.end_entity_key_is_in(anchors));
  EXPECT_FALSE(rekeyed.end_entity_key_is_in(anchors));
  EXPECT_TRUE(rekeyed.end_entity_is_named_in(anchors));
}

}  // namespace
}  // namespace startle::tls
