#pragma once
// How much key derivation a PKCS #12 store asks for, and by which algorithms: to be known before
// any is carried out, as a store of a hundred octets may ask for a minute of it.

#include <openssl/pkcs12.h>

#include <cstdint>
#include <string>

namespace startle::customer {

class Derivation {
 public:
  // Each derivation takes 1 to `most` iterations, all together at most twice as many.
  Derivation(const std::string& name, std::int64_t most) : name_(name), most_(most) {}

  // Both throw StoreError: `too_large`, `damaged` for what is no parameter, `unreadable` for an
  // algorithm that is not known here or whose provider is not installed.
  void add_mac(const PKCS12* pfx);
  void add_encryption(const X509_ALGOR* algorithm);

 private:
  void add(const ASN1_INTEGER* iterations);
  void require_cipher(int nid) const;
  [[noreturn]] void unknown(const std::string& what) const;
  [[noreturn]] void damaged(const std::string& what) const;

  const std::string& name_;
  std::int64_t most_;
  std::int64_t sum_ = 0;
};

}  // namespace startle::customer
