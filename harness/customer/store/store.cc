#include "harness/customer/store/store.h"

#include <openssl/asn1.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "harness/base/file.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

bool is_java_store(std::string_view bytes) {
  return bytes.starts_with("\xfe\xed\xfe\xed"sv) || bytes.starts_with("\xce\xce\xce\xce"sv);
}

// PFX ::= SEQUENCE { version INTEGER {v3(3)}, .. (RFC 7292, 4). Cut off inside its length it is
// one, too.
bool is_pkcs12(std::string_view bytes) {
  if (!bytes.starts_with("\x30")) return false;
  std::size_t header = 2;
  if (bytes.size() > 1 && (bytes[1] & 0x80) != 0)
    header += static_cast<unsigned char>(bytes[1]) & 0x7fU;
  return bytes.size() <= header || bytes.substr(header).starts_with("\x02\x01\x03");
}

std::string mebibytes(std::size_t octets) {
  return std::to_string(octets >> 20) + " MiB";
}

[[noreturn]] void refuse_size(const std::string& name) {
  refuse_store(StoreRefusal::too_large, name,
               "is larger than " + mebibytes(kLargestStore) +
                   ", which no trust store is: name the store itself");
}

[[noreturn]] void refuse_unknown(std::string_view bytes, const std::string& name) {
  const std::string what =
      bytes.starts_with("PK\x03\x04") ? "is a zip archive: take the key store out of it"
      : is_one_sequence(bytes)
          ? "is no key store, but perhaps a certificate in DER: put it into one with `keytool "
            "-importcert -file " +
                name + " -keystore STORE`"
          : "is neither JKS, JCEKS, PKCS #12 nor PEM: make a key store with `keytool -importcert "
            "-file CERTIFICATE -keystore STORE`";
  refuse_store(StoreRefusal::not_a_store, name, what);
}

std::string content_of(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (!failed && size > kLargestStore) refuse_size(file.string());
  try {
    return read_file(file, kLargestStore);
  } catch (const StoreError&) {
    throw;
  } catch (const Error& e) {
    throw StoreError(StoreRefusal::unreadable, e.what());
  }
}

std::vector<fs::path> certificate_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code dangling;
    const fs::path extension = at->path().extension();
    if ((extension == ".pem" || extension == ".crt") && at->is_regular_file(dangling)) {
      files.push_back(at->path());
    }
  }
  if (failed) refuse_store(StoreRefusal::unreadable, folder.string(), failed.message());
  std::sort(files.begin(), files.end());
  return files;
}

Store read_folder(const fs::path& folder) {
  Store store{.format = StoreFormat::pem};
  std::set<std::string> known;
  std::size_t octets = 0;
  for (const fs::path& file : certificate_files(folder)) {
    const std::string content = content_of(file);
    octets += content.size();
    if (octets > kLargestStore) refuse_size(folder.string());
    try {
      for (StoreEntry& entry : read_pem(content, file.string())) {
        if (known.insert(entry.der).second) store.entries.push_back(std::move(entry));
      }
    } catch (const StoreError& e) {  // a private key beside its certificate, say
      if (e.refusal() != StoreRefusal::not_a_store) throw;
    }
  }
  if (store.entries.empty()) {
    refuse_store(StoreRefusal::empty, folder.string(),
                 "no file in it that ends in .pem or .crt holds a certificate: name the key store, "
                 "or a directory of PEM files");
  }
  return store;
}

}  // namespace

StoreError::StoreError(StoreRefusal refusal, const std::string& what)
    : Error(Fault::input, what), refusal_(refusal) {}

void refuse_store(StoreRefusal refusal, const std::string& name, const std::string& sentence) {
  throw StoreError(refusal, name + ": " + sentence);
}

bool is_one_sequence(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  if (der.size() < 2) return false;
  const int form = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(der.size()));
  return form == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE && tag_class == V_ASN1_UNIVERSAL &&
         end - at == length;
}

Store read_store(std::string_view bytes, const std::optional<std::string>& password,
                 const std::string& name) {
  if (bytes.size() > kLargestStore) refuse_size(name);
  if (bytes.empty()) {
    refuse_store(StoreRefusal::empty, name,
                 "is empty: delete it, and make it anew with `keytool -importcert -file "
                 "CERTIFICATE -keystore " +
                     name + "`");
  }
  if (is_java_store(bytes)) return read_jks(bytes, password, name);
  if (is_pkcs12(bytes)) return read_pkcs12(bytes, password, name);
  if (bytes.find("-----BEGIN ") == std::string_view::npos) refuse_unknown(bytes, name);
  return {.format = StoreFormat::pem, .entries = read_pem(bytes, name)};
}

Store read_store_file(const fs::path& file, const std::optional<std::string>& password) {
  std::error_code failed;
  const fs::file_status status = fs::status(file, failed);
  if (status.type() == fs::file_type::not_found) {
    refuse_store(StoreRefusal::missing, file.string(),
                 "no such file: make it with `keytool -importcert -file CERTIFICATE -keystore " +
                     file.string() + "`");
  }
  if (failed) refuse_store(StoreRefusal::unreadable, file.string(), failed.message());
  if (fs::is_directory(status)) return read_folder(file);
  if (!fs::is_regular_file(status)) {
    refuse_store(StoreRefusal::unreadable, file.string(),
                 "is neither a file nor a directory: name the key store");
  }
  return read_store(content_of(file), password, file.string());
}

}  // namespace startle::customer
