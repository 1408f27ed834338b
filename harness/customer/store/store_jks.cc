// The two formats have no specification but their sources: sun.security.provider.JavaKeyStore and
// com.sun.crypto.provider.JceKeyStore. All numbers are big-endian:
//
//   u32 magic FEEDFEED (JKS) or CECECECE (JCEKS), u32 version 1 or 2, u32 entries
//   entry: u32 tag, UTF alias, u64 created in ms since 1970, then       UTF: u16 length, modified
//   UTF-8
//     tag 1, private key:         u32 length, the encrypted key, u32 certificates, each as below
//     tag 2, trusted certificate: UTF "X.509" (version 2 alone), u32 length, DER
//     tag 3, secret key (JCEKS):  a serialised Java object
//   SHA-1 over the password in UTF-16BE, "Mighty Aphrodite" and all of the above

#include <set>

#include "harness/base/printable.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

constexpr std::size_t kDigest = 20;
// An entry's tag, empty alias and date; a certificate's length.
constexpr std::size_t kShortestEntry = 4 + 2 + 8;
constexpr std::size_t kShortestCertificate = 4;

// Modified UTF-8 (java.io.DataInput): UTF-16 units of one to three octets each, NUL in two. Strict:
// in as few octets as need be, no half of a surrogate pair.
std::optional<std::string> utf_8_of_modified(std::string_view modified) {
  std::string utf_16;
  for (std::size_t at = 0; at < modified.size();) {
    const auto lead = static_cast<unsigned char>(modified[at]);
    const std::size_t octets = lead < 0x80             ? 1
                               : (lead & 0xe0) == 0xc0 ? 2
                               : (lead & 0xf0) == 0xe0 ? 3
                                                       : 0;
    if (octets == 0 || lead == 0 || modified.size() - at < octets) return std::nullopt;
    unsigned unit = octets == 1 ? lead : lead & (0xffU >> (octets + 1));
    for (std::size_t i = 1; i < octets; ++i) {
      const auto next = static_cast<unsigned char>(modified[at + i]);
      if ((next & 0xc0) != 0x80) return std::nullopt;
      unit = unit << 6 | (next & 0x3fU);
    }
    if ((octets == 2 && unit < 0x80 && unit != 0) || (octets == 3 && unit < 0x800)) {
      return std::nullopt;
    }
    utf_16 += static_cast<char>(unit >> 8);
    utf_16 += static_cast<char>(unit & 0xff);
    at += octets;
  }
  return utf_8_of_utf_16(utf_16);
}

// Of an alias, enough to know it by.
std::string shown(const std::string& alias) {
  constexpr std::size_t kEnough = 60;
  return printable(std::string_view(alias).substr(0, kEnough));
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name)
      : rest_(bytes),
        name_(name),
        format_(bytes.starts_with("\xfe") ? StoreFormat::jks : StoreFormat::jceks) {}

  // Up to the digest, which is returned.
  std::string_view read(Store& store) {
    store.format = format_;
    number(4);
    version_ = number(4);
    if (version_ != 1 && version_ != 2) {
      damaged("its version is neither 1 nor 2");
    }
    const std::size_t entries = number(4);
    if (entries > rest_.size() / kShortestEntry) too_many(entries, "entries");
    for (entry_ = 1; entry_ <= entries; ++entry_) read_entry(store);
    if (rest_.size() < kDigest) damaged("it is cut off within its digest");
    store.octets_behind = rest_.size() - kDigest;
    return rest_.substr(0, kDigest);
  }

  [[noreturn]] void damaged(const std::string& how) const {
    const std::string kind = format_ == StoreFormat::jks ? "a JKS" : "a JCEKS";
    refuse_store(StoreRefusal::damaged, name_,
                 "is " + kind + " key store, but damaged: " + how +
                     ". Fetch it again, or make it anew with `keytool -importcert`");
  }

 private:
  std::string_view take(std::size_t octets) {
    if (octets > rest_.size()) {
      damaged(entry_ == 0 ? "it is cut off" : "it is cut off within " + here());
    }
    const std::string_view taken = rest_.substr(0, octets);
    rest_.remove_prefix(octets);
    return taken;
  }
  std::uint32_t number(std::size_t octets) {
    std::uint32_t value = 0;
    for (const char c : take(octets)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string here() const { return "entry " + std::to_string(entry_); }
  [[noreturn]] void too_many(std::size_t claimed, const std::string& what) const {
    damaged("it claims " + std::to_string(claimed) + " " + what + " where " +
            std::to_string(rest_.size()) + " octets follow");
  }

  std::string certificate() {
    if (version_ == 2 && take(number(2)) != "X.509") damaged(here() + " is not of type X.509");
    std::string der(take(number(4)));
    if (!is_one_sequence(der)) damaged(here() + " holds what is no certificate");
    return der;
  }

  void read_entry(Store& store) {
    const std::uint32_t tag = number(4);
    const auto alias = utf_8_of_modified(take(number(2)));
    if (!alias) damaged("the alias of " + here() + " is not modified UTF-8");
    if (!aliases_.insert(*alias).second) {
      damaged("the alias `" + shown(*alias) + "` stands twice");
    }
    take(8);
    if (tag == 2) {
      store.entries.push_back({.alias = *alias, .der = certificate(), .trusted = true});
    } else if (tag == 1) {
      take(number(4));
      const std::size_t chain = number(4);
      if (chain > rest_.size() / kShortestCertificate) too_many(chain, "certificates");
      for (std::size_t i = 0; i < chain; ++i) {
        std::string der = certificate();
        if (i == 0) {
          store.entries.push_back({.alias = *alias, .der = std::move(der), .of_key = true});
        }
      }
    } else if (tag == 3 && format_ == StoreFormat::jceks) {
      refuse_store(
          StoreRefusal::unreadable, name_,
          "holds the secret key `" + shown(*alias) +
              "`, a serialised Java object that only Java can read past: move it to a store "
              "of its own, and remove it with `keytool -delete -storetype JCEKS -keystore " +
              name_ + " -alias ALIAS`");
    } else {
      damaged(here() + " has the unknown tag " + std::to_string(tag));
    }
  }

  std::string_view rest_;
  const std::string& name_;
  StoreFormat format_;
  std::uint32_t version_ = 0;
  std::size_t entry_ = 0;  // 0: before the first
  std::set<std::string> aliases_{};
};

}  // namespace

Store read_jks(std::string_view bytes, const Password& password, const std::string& name) {
  Store store;
  const std::string_view digest = Reader(bytes, name).read(store);
  if (!password) return store;
  const auto password_utf_16 = utf_16_of_utf_8(*password);
  if (!password_utf_16) {
    refuse_store(StoreRefusal::wrong_password, name,
                 "the password given for it is not UTF-8: give it in UTF-8");
  }
  std::string digested = *password_utf_16 + "Mighty Aphrodite";
  digested += bytes.substr(0, bytes.size() - store.octets_behind - kDigest);
  if (sha1(digested) != digest) {
    refuse_store(
        StoreRefusal::wrong_password, name,
        "its digest does not match: the password is wrong (keytool's habit is `changeit`), "
        "or the store was changed. Try `keytool -list -keystore " +
            name + "`");
  }
  store.verified = true;
  return store;
}

}  // namespace startle::customer
