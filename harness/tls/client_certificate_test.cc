// Certificates and keys as users hold them, PEM and PKCS#12; each complaint word for word; and what
// a server sees of the certificate.

#include "harness/tls/client_certificate.h"

#include <gnutls/pkcs12.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/base/file.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using namespace std::chrono_literals;
using net::Task;

constexpr const char* kPassword = "correct horse";

std::string taken(gnutls_datum_t bytes) {
  std::string copy(reinterpret_cast<const char*>(bytes.data), bytes.size);
  gnutls_free(bytes.data);
  return copy;
}

std::string certificate_pem(const std::string& der) {
  const Certificate certificate = certificate_from_der(der);
  gnutls_datum_t pem{};
  check(gnutls_x509_crt_export2(certificate.get(), GNUTLS_X509_FMT_PEM, &pem), "export2");
  return taken(pem);
}

PrivateKey another_key() {
  auto made = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  check(gnutls_x509_privkey_generate(made.get(), GNUTLS_PK_ECDSA,
                                     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
        "gnutls_x509_privkey_generate");
  return made;
}

std::string key_pem(gnutls_x509_privkey_t key, const char* password = nullptr) {
  gnutls_datum_t pem{};
  check(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, password,
                                          password ? GNUTLS_PKCS_PBES2_AES_256 : GNUTLS_PKCS_PLAIN,
                                          &pem),
        "export2_pkcs8");
  return taken(pem);
}

using Bag = Handle<gnutls_pkcs12_bag_t, gnutls_pkcs12_bag_deinit>;

// `locked`: its bags are encrypted too, which takes GnuTLS most of a second.
std::string pkcs12(const std::vector<std::string>& ders, gnutls_x509_privkey_t key,
                   bool locked = false) {
  gnutls_pkcs12_t store = nullptr;
  check(gnutls_pkcs12_init(&store), "gnutls_pkcs12_init");
  const Handle<gnutls_pkcs12_t, gnutls_pkcs12_deinit> owned(store);
  std::array<unsigned char, 20> id{};
  std::size_t size = id.size();
  check(gnutls_x509_privkey_get_key_id(key_for_test(), GNUTLS_KEYID_USE_SHA1, id.data(), &size),
        "get_key_id");
  const gnutls_datum_t key_id{.data = id.data(), .size = static_cast<unsigned>(size)};
  const auto add = [&](gnutls_pkcs12_bag_t bag, int index) {
    check(gnutls_pkcs12_bag_set_key_id(bag, static_cast<unsigned>(index), &key_id), "set_key_id");
    if (locked) {
      check(gnutls_pkcs12_bag_encrypt(bag, kPassword, GNUTLS_PKCS_PBES2_AES_256), "bag_encrypt");
    }
    check(gnutls_pkcs12_set_bag(store, bag), "set_bag");
  };
  for (const std::string& der : ders) {
    const auto bag = make<Bag>(gnutls_pkcs12_bag_init, "gnutls_pkcs12_bag_init");
    const Certificate certificate = certificate_from_der(der);
    add(bag.get(), check(gnutls_pkcs12_bag_set_crt(bag.get(), certificate.get()), "set_crt"));
  }
  if (key != nullptr) {
    const auto bag = make<Bag>(gnutls_pkcs12_bag_init, "gnutls_pkcs12_bag_init");
    gnutls_datum_t der{};
    check(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, nullptr, GNUTLS_PKCS_PLAIN,
                                            &der),
          "export2_pkcs8");
    const std::string bytes = taken(der);
    const gnutls_datum_t plain{
        .data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
        .size = static_cast<unsigned>(bytes.size())};
    add(bag.get(),
        check(gnutls_pkcs12_bag_set_data(bag.get(), GNUTLS_BAG_PKCS8_KEY, &plain), "set_data"));
  }
  check(gnutls_pkcs12_generate_mac(store, kPassword), "generate_mac");
  gnutls_datum_t out{};
  check(gnutls_pkcs12_export2(store, GNUTLS_X509_FMT_DER, &out), "export2");
  return taken(out);
}

std::vector<std::string> shown_by(const ClientCredentials& credentials) {
  std::vector<std::string> ders;
  for (unsigned i = 0;; ++i) {
    gnutls_datum_t der{};
    if (gnutls_certificate_get_crt_raw(credentials.get(), 0, i, &der) < 0) break;
    ders.emplace_back(reinterpret_cast<const char*>(der.data), der.size);
  }
  return ders;
}

struct Folder {
  TemporaryFolder folder{};
  std::filesystem::path file(const std::string& name, const std::string& content) const {
    const auto path = folder.path() / name;
    write_file(path, content);
    return path;
  }
  // Without the folder's own path.
  template <class Reading>
  std::string complaint(Reading reading) const {
    try {
      reading();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::input);
      std::string what = e.what();
      const std::string prefix = folder.path().string() + "/";
      for (std::size_t at = 0; (at = what.find(prefix)) != std::string::npos;) {
        what.erase(at, prefix.size());
      }
      return what;
    }
    return "none";
  }
};

TEST(ClientCertificateFromPem, IsTheChainInItsOrder) {
  const Folder folder;
  const std::vector<std::string> ders{self_signed({.common_name = "leaf"}),
                                      self_signed({.common_name = "issuer"})};
  const std::string chain = certificate_pem(ders[0]) + certificate_pem(ders[1]);
  const auto key = folder.file("key.pem", key_pem(key_for_test()));
  const auto shown = shown_by(*client_certificate_from_pem(folder.file("chain.pem", chain), key));
  EXPECT_EQ(shown, ders);
  const auto both = folder.file("both.pem", key_pem(key_for_test()) + chain);
  EXPECT_EQ(shown_by(*client_certificate_from_pem(both)).size(), 2U);
  const auto locked = folder.file("locked.pem", chain + key_pem(key_for_test(), kPassword));
  EXPECT_EQ(shown_by(*client_certificate_from_pem(locked, {}, kPassword)).size(), 2U);
}

TEST(ClientCertificateFromPem, SaysWhatIsWrong) {
  const Folder folder;
  const std::string leaf = certificate_pem(self_signed());
  const auto chain = folder.file("chain.pem", leaf);
  const auto empty = folder.file("empty.pem", "");
  const auto other = folder.file("other.pem", key_pem(another_key().get()));
  const auto own = folder.file("own.pem", key_pem(key_for_test()));
  const auto locked = folder.file("locked.pem", key_pem(key_for_test(), kPassword));
  const auto mixed = folder.file("mixed.pem", leaf + key_pem(another_key().get()));
  const auto broken =
      folder.file("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const auto broken_key = folder.file(
      "broken-key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  const auto complaint = [&](const std::filesystem::path& certificates,
                             const std::filesystem::path& key = {},
                             const std::optional<std::string>& password = std::nullopt) {
    return folder.complaint([&] { client_certificate_from_pem(certificates, key, password); });
  };
  EXPECT_EQ(complaint(folder.folder.path() / "none.pem"),
            "none.pem: cannot be read: No such file or directory");
  EXPECT_EQ(complaint(chain, folder.folder.path() / "none.pem"),
            "none.pem: cannot be read: No such file or directory");
  EXPECT_EQ(complaint(empty), "empty.pem: holds no certificate (PEM)");
  EXPECT_EQ(complaint(own), "own.pem: holds no certificate (PEM)");
  EXPECT_EQ(complaint(broken, own),
            "broken.pem: a certificate cannot be read: ASN1 parser: Error in TAG.");
  EXPECT_EQ(complaint(chain), "chain.pem: holds no private key (PEM)");
  EXPECT_EQ(complaint(chain, chain), "chain.pem: holds no private key (PEM)");
  EXPECT_EQ(complaint(chain, broken_key),
            "broken-key.pem: the private key cannot be read: ASN1 parser: Error in TAG.");
  EXPECT_EQ(complaint(chain, other),
            "other.pem: the private key does not belong to the first certificate of chain.pem");
  EXPECT_EQ(complaint(mixed),
            "mixed.pem: the private key does not belong to the first certificate");
  EXPECT_EQ(complaint(chain, locked),
            "locked.pem: the private key is encrypted: it needs its password");
  EXPECT_EQ(complaint(chain, locked, "wrong"),
            "locked.pem: the password does not open the private key");
}

TEST(ClientCertificateFromPkcs12, SaysWhatIsWrong) {
  const Folder folder;
  const std::vector<std::string> leaf{self_signed({.common_name = "leaf"})};
  const auto complaint = [&](const std::string& name, const std::string& content,
                             const std::string& password = kPassword) {
    const auto file = folder.file(name, content);
    return folder.complaint([&] { client_certificate_from_pkcs12(file, password); });
  };
  EXPECT_EQ(folder.complaint([&] {
    client_certificate_from_pkcs12(folder.folder.path() / "none.p12", kPassword);
  }),
            "none.p12: cannot be read: No such file or directory");
  EXPECT_EQ(complaint("good.p12", pkcs12(leaf, key_for_test())), "none");
  EXPECT_EQ(complaint("encrypted.p12", pkcs12(leaf, key_for_test(), true)), "none");
  EXPECT_EQ(complaint("locked.p12", pkcs12(leaf, key_for_test()), "wrong"),
            "locked.p12: the password does not open it");
  EXPECT_EQ(complaint("pem.p12", certificate_pem(self_signed())), "pem.p12: is not a PKCS#12 file");
  EXPECT_EQ(complaint("empty.p12", ""), "empty.p12: is not a PKCS#12 file");
  EXPECT_EQ(complaint("trust.p12", pkcs12(leaf, nullptr)), "trust.p12: holds no private key");
  EXPECT_EQ(complaint("key.p12", pkcs12({}, key_for_test())), "key.p12: holds no certificate");
  EXPECT_EQ(complaint("mixed.p12", pkcs12(leaf, another_key().get())),
            "mixed.p12: the private key does not belong to a certificate");
}

Task<void> shake(Session& session, HandshakeResult& into) {
  const HandshakeResult result = co_await session.handshake();
  if (result.end == HandshakeEnd::established) co_await session.write("");
  into = result;
}

TEST(ClientCertificate, GoesWithAHandshakeThatDoesNotAskForIt) {
  const Folder folder;
  const auto certificate = client_certificate_from_pkcs12(
      folder.file("own.p12", pkcs12({self_signed({.common_name = "leaf"})}, key_for_test())),
      kPassword);
  net::MemoryWorld world;
  net::StreamPair wire = net::make_memory_pair(world);
  const auto client = Session::client(*wire.client, "", nullptr, Strength::medium, certificate);
  const auto server = Session::server(*wire.server, credentials_for_test());
  HandshakeResult at_client{.end = HandshakeEnd::broken};
  HandshakeResult at_server{.end = HandshakeEnd::broken};
  world.spawn(shake(*client, at_client));
  world.spawn(shake(*server, at_server));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(at_client.end, HandshakeEnd::established) << at_client.text;
  EXPECT_EQ(at_server.end, HandshakeEnd::established) << at_server.text;
}

}  // namespace
}  // namespace startle::tls
