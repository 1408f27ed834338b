#pragma once
// Reads the stores that hold a customer's trust: what Java's keytool writes (JKS, JCEKS, PKCS #12)
// and what everybody else keeps (PEM file, directory of PEM files). A store is known by its
// content, never by its name's extension. Nothing here decides whom to trust: it says what the
// store holds, and what Java would take of it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/words.h"

namespace startle::customer {

enum class StoreFormat { pem, pkcs12, jks, jceks };
inline constexpr auto kStoreFormats = word_table<StoreFormat>({
    {StoreFormat::pem, "pem"},
    {StoreFormat::pkcs12, "pkcs12"},
    {StoreFormat::jks, "jks"},
    {StoreFormat::jceks, "jceks"},
});
constexpr Words words_of(StoreFormat) {
  return kStoreFormats;
}

struct StoreEntry {
  std::string alias{};  // UTF-8 as stored; Java compares in lower case. PEM: empty
  std::string der{};    // one certificate; of a key entry the first of its chain
  // Java takes it for a trusted certificate. JKS, JCEKS: a trusted certificate entry; PKCS #12: the
  // bag has Oracle's attribute 2.16.840.1.113894.746875.1.1; PEM: always; a key entry: never.
  bool trusted = false;
  // The first certificate of a private key's chain. Java lists it for no trusted one, and yet its
  // TLS trusts it (sun.security.validator.TrustStoreUtil).
  bool of_key = false;
};
// Whether Java's TLS takes it for a trust anchor.
inline bool is_anchor(const StoreEntry& entry) {
  return entry.trusted || entry.of_key;
}

struct Store {
  StoreFormat format = StoreFormat::jks;
  std::vector<StoreEntry> entries{};  // in the order of the file
  bool verified = false;              // its digest or MAC was verified with the password
  // Certificates are encrypted, and no password was given: Java sees "0 entries".
  bool locked = false;
  std::size_t private_keys = 0;   // of a PKCS #12 store
  std::size_t octets_behind = 0;  // its end; Java does not look at them, nor does keytool
};

enum class StoreRefusal {
  missing,         // no such file
  unreadable,      // it cannot be opened, or is protected in a way that is not known here
  empty,           // zero octets; a directory without a certificate
  not_a_store,     // none of the formats; a PEM file without a certificate
  damaged,         // one of the formats, but cut off, changed or nonsensical
  wrong_password,  // it does not match: or, as nobody can tell, the store was changed
  too_large,       // above kLargestStore, or above kMostIterations
};

// Error(Fault::input, "NAME: sentence"); the sentence says what to do next, and holds no secret.
class StoreError : public Error {
 public:
  StoreError(StoreRefusal refusal, const std::string& what);
  StoreRefusal refusal() const noexcept { return refusal_; }

 private:
  StoreRefusal refusal_;
};

// Octets of a file, or of all files of a directory together; Debian's authorities take 0.2 MiB.
constexpr std::size_t kLargestStore = std::size_t{16} << 20;

// Of one key derivation in PKCS #12: what Java performs, and it refuses more. Of a whole store:
// twice as many, as a store has a MAC and one encrypted part.
constexpr std::int64_t kMostIterations = 5'000'000;

// `name` opens every sentence (the file's name). Password nullopt: none was given: JKS and JCEKS
// are read without verification, the encrypted parts of PKCS #12 yield nothing (locked). A given
// password, be it empty, must be the right one. PEM knows no password: a given one is ignored.
// Throws StoreError.
Store read_store(std::string_view bytes, const std::optional<std::string>& password,
                 const std::string& name);

// The same of a file, or of a directory of PEM files as in /etc/ssl/certs: every regular file, or
// link to one, whose name ends in .pem or .crt; each certificate is listed once. Throws StoreError.
Store read_store_file(const std::filesystem::path& file,
                      const std::optional<std::string>& password);

}  // namespace startle::customer
