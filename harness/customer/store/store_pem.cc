#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

struct FreeOpenssl {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};
template <class T>
using OpensslMemory = std::unique_ptr<T, FreeOpenssl>;

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

[[noreturn]] void refuse_damaged(const std::string& name, std::size_t number) {
  refuse_store(StoreRefusal::damaged, name,
               "certificate " + std::to_string(number) +
                   " of this PEM file is cut off or changed: fetch it again");
}

}  // namespace

std::vector<StoreEntry> read_pem(std::string_view bytes, const std::string& name) {
  const OpensslErrors errors;
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  const Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  std::vector<StoreEntry> entries;
  char* raw_label = nullptr;
  char* raw_header = nullptr;
  unsigned char* raw_data = nullptr;
  long size = 0;
  while (PEM_read_bio(bio.get(), &raw_label, &raw_header, &raw_data, &size) == 1) {
    const OpensslMemory<char> label(raw_label);
    const OpensslMemory<char> header(raw_header);
    const OpensslMemory<unsigned char> data(raw_data);
    const std::string_view what = label.get();
    if (what == PEM_STRING_X509_TRUSTED) {
      refuse_store(StoreRefusal::not_a_store, name,
                   "holds a certificate with OpenSSL's own trust settings (BEGIN TRUSTED "
                   "CERTIFICATE), which no other program reads: convert it with `openssl x509`");
    }
    if (what != PEM_STRING_X509 && what != PEM_STRING_X509_OLD) continue;
    std::string der(reinterpret_cast<const char*>(data.get()), static_cast<std::size_t>(size));
    if (!is_one_sequence(der)) refuse_damaged(name, entries.size() + 1);
    entries.push_back({.der = std::move(der), .trusted = true});
  }
  // What begins within a line, or does not end, has been passed over.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::size_t begun = count(bytes, "-----BEGIN CERTIFICATE-----") +
                            count(bytes, "-----BEGIN X509 CERTIFICATE-----");
  if (!at_end || begun != entries.size()) refuse_damaged(name, entries.size() + 1);
  if (entries.empty()) {
    refuse_store(StoreRefusal::not_a_store, name,
                 "is a PEM file without a certificate (`-----BEGIN CERTIFICATE-----`): name one "
                 "that has it");
  }
  return entries;
}

}  // namespace startle::customer
