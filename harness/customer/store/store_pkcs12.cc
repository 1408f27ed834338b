// PFX (RFC 7292): authSafe holds parts, each plain (data) or encrypted (encryptedData), each a list
// of bags; the MAC, if any, is over all parts. keytool puts trusted certificates into one encrypted
// part, so that without the password nothing can be listed.

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store/derivation.h"
#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

void free_parts(STACK_OF(PKCS7) * parts) {
  sk_PKCS7_pop_free(parts, PKCS7_free);
}
void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
using AuthenticatedSafe = Owned<STACK_OF(PKCS7), free_parts>;
using Bags = Owned<STACK_OF(PKCS12_SAFEBAG), free_bags>;

// Oracle's trustedKeyUsage: the purposes a certificate is trusted for. Java looks at its presence
// only.
constexpr std::string_view kTrustedKeyUsage = "2.16.840.1.113894.746875.1.1";

bool is_called(const ASN1_OBJECT* object, std::string_view dotted) {
  std::array<char, 80> text{};
  const int length = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return length == static_cast<int>(dotted.size()) && dotted == text.data();
}

// The content of the element that `der` begins with, where it has this tag; else nullopt.
std::optional<std::string_view> content_of(std::string_view der, int wanted_class, int wanted) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(der.data());
  const auto* at = begin;
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  const int form = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(der.size()));
  if ((form & 0x80) != 0 || tag != wanted || tag_class != wanted_class) return std::nullopt;
  return der.substr(static_cast<std::size_t>(at - begin), static_cast<std::size_t>(length));
}

// What follows the OBJECT IDENTIFIER that `content` begins with.
std::string_view behind_identifier(std::string_view content) {
  const auto identifier = content_of(content, V_ASN1_UNIVERSAL, V_ASN1_OBJECT);
  if (!identifier) return {};
  return content.substr(
      static_cast<std::size_t>(identifier->data() + identifier->size() - content.data()));
}

// The octets of a certificate bag's certificate, as they are: OpenSSL gives them out only decoded.
//   SafeBag ::= SEQUENCE { OID, [0] CertBag, .. }   CertBag ::= SEQUENCE { OID, [0] OCTET STRING }
std::optional<std::string> certificate_in(const PKCS12_SAFEBAG* bag) {
  unsigned char* raw = nullptr;
  const int size = i2d_PKCS12_SAFEBAG(bag, &raw);
  if (size <= 0) return std::nullopt;
  const std::string der(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
  OPENSSL_free(raw);
  std::optional<std::string_view> within(der);
  for (int level = 0; level < 2 && within; ++level) {
    within = content_of(*within, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    if (within) within = content_of(behind_identifier(*within), V_ASN1_CONTEXT_SPECIFIC, 0);
  }
  if (within) within = content_of(*within, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING);
  if (!within) return std::nullopt;
  return std::string(*within);
}

class Reader {
 public:
  Reader(const Password& password, const std::string& name, std::int64_t most_iterations)
      : password_(password), name_(name), derivation_(name, most_iterations) {}

  Store read(std::string_view bytes) {
    const Owned<PKCS12, PKCS12_free> pfx = decoded(bytes);
    const AuthenticatedSafe parts(PKCS12_unpack_authsafes(pfx.get()));
    if (!parts) damaged("its parts cannot be decoded, or are signed");
    check_derivations(pfx.get(), parts.get());
    if (password_ && PKCS12_mac_present(pfx.get()) == 1) verify(pfx.get());
    for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) {
      add_part(sk_PKCS7_value(parts.get(), i), i + 1);
    }
    find_those_of_keys();
    return std::move(store_);
  }

 private:
  [[noreturn]] void damaged(const std::string& how) const {
    refuse_store(StoreRefusal::damaged, name_,
                 "is a PKCS #12 key store, but damaged: " + how +
                     ". Fetch it again, or make it anew with `keytool -importcert`");
  }

  // Into an object that knows the library context, which it hands on to its parts.
  Owned<PKCS12, PKCS12_free> decoded(std::string_view bytes) {
    PKCS12* raw = PKCS12_init_ex(NID_pkcs7_data, store_library(), nullptr);
    if (raw == nullptr) throw Error(Fault::internal, "OpenSSL: PKCS12_init_ex failed");
    const Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    const bool is_decoded = d2i_PKCS12_bio(bio.get(), &raw) != nullptr;
    Owned<PKCS12, PKCS12_free> pfx(raw);  // null, where a failure has freed it
    if (!is_decoded) damaged("it is cut off, or cannot be decoded");
    store_.octets_behind = BIO_ctrl_pending(bio.get());
    return pfx;
  }

  // Before the first is carried out.
  void check_derivations(const PKCS12* pfx, const STACK_OF(PKCS7) * parts) {
    if (PKCS12_mac_present(pfx) == 1) derivation_.add_mac(pfx);
    for (int i = 0; i < sk_PKCS7_num(parts); ++i) {
      const PKCS7* part = sk_PKCS7_value(parts, i);
      if (part->d.ptr == nullptr) damaged("part " + std::to_string(i + 1) + " is empty");
      if (PKCS7_type_is_encrypted(part)) derivation_.add_encryption(encrypted(part)->algorithm);
    }
  }

  static const PKCS7_ENC_CONTENT* encrypted(const PKCS7* part) {
    return part->d.encrypted->enc_data;
  }

  // No password at all and an empty one differ (RFC 7292, B.1), and programs disagree which of them
  // an empty one is: both are tried, as Java does.
  void verify(PKCS12* pfx) {
    const int size = static_cast<int>(password_->size());
    store_.verified = PKCS12_verify_mac(pfx, password_->c_str(), size) == 1;
    if (!store_.verified && size == 0) {
      store_.verified = no_password_ = PKCS12_verify_mac(pfx, nullptr, 0) == 1;
    }
    if (store_.verified) return;
    refuse_store(
        StoreRefusal::wrong_password, name_,
        "its MAC does not match: the password is wrong (keytool's habit is `changeit`), or "
        "the store was changed. Try `keytool -list -keystore " +
            name_ + "`");
  }

  void add_part(PKCS7* part, int number) {
    const std::string which = "part " + std::to_string(number);
    if (PKCS7_type_is_data(part)) {
      const Bags bags(PKCS12_unpack_p7data(part));
      if (!bags) damaged(which + " cannot be decoded");
      add_bags(bags.get());
    } else if (!PKCS7_type_is_encrypted(part)) {
      refuse_store(StoreRefusal::unreadable, name_,
                   which +
                       " is encrypted for a certificate instead of with a password: write it "
                       "anew with `keytool -importkeystore`");
    } else if (!password_) {
      store_.locked = true;
    } else {
      const Bags bags(decrypted(part));
      if (bags) return add_bags(bags.get());
      if (store_.verified) damaged(which + " does not decrypt, although the MAC matches");
      refuse_store(StoreRefusal::wrong_password, name_,
                   which +
                       " does not decrypt: the password is wrong (keytool's habit is "
                       "`changeit`), or the store was changed. Try `keytool -list -keystore " +
                       name_ + "`");
    }
  }

  STACK_OF(PKCS12_SAFEBAG) * decrypted(const PKCS7* part) const {
    const PKCS7_ENC_CONTENT* content = encrypted(part);
    if (content->enc_data == nullptr) return nullptr;
    const auto with = [&](const char* password) {
      return static_cast<STACK_OF(PKCS12_SAFEBAG)*>(PKCS12_item_decrypt_d2i_ex(
          content->algorithm, ASN1_ITEM_rptr(PKCS12_SAFEBAGS), password,
          static_cast<int>(password_->size()), content->enc_data, 1, store_library(), nullptr));
    };
    return with(no_password_ ? nullptr : password_->c_str());
  }

  void add_bags(const STACK_OF(PKCS12_SAFEBAG) * bags) {
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
      const PKCS12_SAFEBAG* bag = sk_PKCS12_SAFEBAG_value(bags, i);
      if (PKCS12_SAFEBAG_get_nid(bag) == NID_certBag &&
          PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate) {
        add_certificate(bag);
        key_ids_.push_back(key_id(bag));
        if (i == 0) firsts_.push_back(store_.entries.size() - 1);
      } else if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag ||
                 PKCS12_SAFEBAG_get_nid(bag) == NID_pkcs8ShroudedKeyBag) {
        ++store_.private_keys;
        ids_of_keys_.insert(key_id(bag));
      }
    }
  }

  // localKeyId (RFC 7292, 4.2): which key a certificate belongs to; "": it has none.
  static std::string key_id(const PKCS12_SAFEBAG* bag) {
    const ASN1_TYPE* id = PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID);
    if (id == nullptr || id->type != V_ASN1_OCTET_STRING) return "";
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(id->value.octet_string)),
            static_cast<std::size_t>(ASN1_STRING_length(id->value.octet_string))};
  }

  // By their ids. Of a lone key without one Java takes the first certificate of a part.
  void find_those_of_keys() {
    for (std::size_t i = 0; i < store_.entries.size(); ++i) {
      StoreEntry& entry = store_.entries[i];
      const bool first = std::find(firsts_.begin(), firsts_.end(), i) != firsts_.end();
      const bool named = !key_ids_[i].empty() && ids_of_keys_.count(key_ids_[i]) > 0;
      const bool alone =
          key_ids_[i].empty() && first && store_.private_keys == 1 && ids_of_keys_.count("") > 0;
      entry.of_key = !entry.trusted && (named || alone);
    }
  }

  void add_certificate(const PKCS12_SAFEBAG* bag) {
    StoreEntry entry;
    const std::string which = "certificate " + std::to_string(store_.entries.size() + 1);
    if (auto der = certificate_in(bag); der && is_one_sequence(*der)) {
      entry.der = std::move(*der);
    } else {
      damaged(which + " is none");
    }
    const STACK_OF(X509_ATTRIBUTE)* attributes = PKCS12_SAFEBAG_get0_attrs(bag);
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes); ++i) {
      X509_ATTRIBUTE* attribute = sk_X509_ATTRIBUTE_value(attributes, i);
      const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute, 0);
      const ASN1_OBJECT* kind = X509_ATTRIBUTE_get0_object(attribute);
      if (OBJ_obj2nid(kind) == NID_friendlyName) {
        if (value == nullptr || value->type != V_ASN1_BMPSTRING)
          damaged("the name of " + which + " is none");
        const ASN1_BMPSTRING* name = value->value.bmpstring;
        const auto alias =
            utf_8_of_utf_16({reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
                             static_cast<std::size_t>(ASN1_STRING_length(name))});
        if (!alias) damaged("the name of " + which + " is not UTF-16");
        entry.alias = *alias;
      } else if (is_called(kind, kTrustedKeyUsage)) {
        entry.trusted = value != nullptr && value->type == V_ASN1_OBJECT;
      }
    }
    if (entry.trusted && !entry.alias.empty()) take_over(entry.alias);
    store_.entries.push_back(std::move(entry));
  }

  // Java compares aliases in lower case, here: of ASCII.
  void take_over(const std::string& alias) {
    const auto [earlier, is_new] = trusted_.emplace(ascii_lower(alias), store_.entries.size());
    if (is_new) return;
    store_.entries[earlier->second].trusted = false;
    earlier->second = store_.entries.size();
  }

  const Password& password_;
  const std::string& name_;
  Derivation derivation_;
  Store store_{.format = StoreFormat::pkcs12};
  std::map<std::string, std::size_t> trusted_{};  // by alias
  std::vector<std::string> key_ids_{};            // of the entries
  std::vector<std::size_t> firsts_{};             // entries that a part begins with
  std::set<std::string> ids_of_keys_{};
  bool no_password_ = false;
};

}  // namespace

Store read_pkcs12(std::string_view bytes, const Password& password, const std::string& name,
                  std::int64_t most_iterations) {
  const OpensslErrors errors;
  return Reader(password, name, most_iterations).read(bytes);
}

}  // namespace startle::customer
