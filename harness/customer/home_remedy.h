#pragma once
// The commands that mend a host's key store, one line for bash each. No password stands in them:
// keytool asks for it.

#include <filesystem>
#include <optional>
#include <string>

#include "harness/customer/home.h"

namespace startle::customer {

class Remedy {
 public:
  // `file`: keystore/<host>.ks. Both outlive it.
  Remedy(const std::filesystem::path& file, const std::string& host, const StoreUse& use)
      : file_(file), host_(host), use_(use) {}

  // Puts what is there aside, under a name that is free, and makes the store anew from the
  // certificate that the server shows; without `aside` there is nothing in the way.
  std::string make_anew(bool aside) const;
  // Puts the server's certificate where the product looks for it: for STARTTLS into Java's cacerts.
  std::string make_missing() const;
  // Adds the server's certificate to the store, under an alias that it does not have; `replaced`,
  // an alias, goes before.
  std::string add(const Store& store, const std::string& replaced = "") const;
  // A certificate lies in `from`: it becomes an entry of the store. It is put aside first when it
  // lies in the store's place.
  std::string import_from(const std::filesystem::path& from) const;
  // The store that is there, written anew in `format`: "JKS", "PKCS12".
  std::string convert(const std::string& from_format, const std::string& format) const;
  // For one that may serve another host as well.
  std::string copy(const std::filesystem::path& from) const;
  std::string rename(const std::filesystem::path& from) const;

 private:
  std::string fetch() const;  // into <host>.pem
  std::string import(const std::string& alias, const std::string& from,
                     const std::string& into) const;
  std::filesystem::path aside() const;  // a free name

  const std::filesystem::path& file_;
  const std::string& host_;
  const StoreUse& use_;
};

}  // namespace startle::customer
