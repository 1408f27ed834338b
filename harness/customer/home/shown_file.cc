#include "harness/customer/home/shown_file.h"

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/customer/home/home_encoding.h"
#include "harness/customer/home/shown_text.h"
#include "harness/customer/home/written_text.h"
#include "harness/customer/store/certificate_text.h"
#include "harness/customer/store/store.h"
#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";

[[noreturn]] void refuse(const std::string& name, const std::string& sentence) {
  throw Error(Fault::input, name + ": " + sentence);
}

// Into another file: what was given may be anything, the customer's key store too.
std::string how_to_write() {
  return "write what the server shows into a new file: openssl s_client -connect HOST:PORT "
         "-showcerts </dev/null >HOST-shown.pem";
}

// Of s_client's "Certificate chain": " 0 s:CN = mail.example.com".
bool lists_a_certificate(std::string_view line) {
  const std::size_t digits = line.find_first_not_of(' ');
  if (digits == std::string_view::npos || !is_digit(line[digits])) return false;
  const std::size_t end = line.find_first_not_of("0123456789", digits);
  return end != std::string_view::npos && line.substr(end).starts_with(" s:");
}

struct Listing {
  std::size_t connections = 0;   // how often s_client was run
  std::size_t certificates = 0;  // that it lists
};
Listing listing_of(const std::string& text) {
  Listing found;
  std::istringstream lines(text);
  bool in_list = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line == "Certificate chain") {
      in_list = true;
      ++found.connections;
    } else if (line == "---") {
      in_list = false;
    } else if (in_list && lists_a_certificate(line)) {
      ++found.certificates;
    }
  }
  return found;
}

std::string counted(std::size_t certificates) {
  return std::to_string(certificates) + (certificates == 1 ? " certificate" : " certificates");
}

// As people copy it: lines with blanks or a mail's `>` in front, base64 in one long line.
std::string tidied(const std::string& text) {
  constexpr std::size_t kLine = 64;
  std::string made;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t from = line.find_first_not_of(" \t>");
    if (from == std::string::npos) continue;
    line = line.substr(from, line.find_last_not_of(" \t\r") + 1 - from);
    const bool is_base64 = line.size() > kLine && std::all_of(line.begin(), line.end(), [](char c) {
                             return is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
                           });
    for (std::size_t at = kLine; is_base64 && at < line.size(); at += kLine + 1) {
      line.insert(at, "\n");
    }
    made += line + '\n';
  }
  return made;
}

Owned<X509, X509_free> read_x509(const std::string& der) {
  const OpensslErrors errors;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Owned<X509, X509_free>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

bool is_readable(const std::string& der) {
  return read_x509(der) != nullptr;
}

bool is_authority(const std::string& der) {
  const OpensslErrors errors;
  const auto certificate = read_x509(der);
  return X509_check_ca(certificate.get()) != 0;
}

// The issuer by name and by key.
bool has_issued(const std::string& issuer, const std::string& certificate) {
  const OpensslErrors errors;
  const auto above = read_x509(issuer);
  const auto below = read_x509(certificate);
  return above && below && X509_check_issued(above.get(), below.get()) == X509_V_OK &&
         X509_verify(below.get(), X509_get0_pubkey(above.get())) == 1;
}

std::string told(const std::string& der) {
  const std::string subject = subject_of(der);
  return subject.empty() ? "one that cannot be read" : subject;
}

// The certificates of a PKCS #7 bundle (RFC 2315, 9.1), which are a set.
std::vector<std::string> certificates_of(PKCS7* bundle) {
  std::vector<std::string> ders;
  if (bundle == nullptr || PKCS7_type_is_signed(bundle) != 1 || bundle->d.sign == nullptr)
    return {};
  const STACK_OF(X509)* all = bundle->d.sign->cert;
  for (int i = 0; i < sk_X509_num(all); ++i) {
    unsigned char* raw = nullptr;
    const int size = i2d_X509(sk_X509_value(all, i), &raw);
    if (size <= 0) continue;
    ders.emplace_back(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
    OPENSSL_free(raw);
  }
  return ders;
}
std::vector<std::string> pkcs7_in(const std::string& der) {
  const OpensslErrors errors;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<PKCS7, PKCS7_free> bundle(d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())));
  return certificates_of(bundle.get());
}
std::vector<std::string> pkcs7_in_pem(const std::string& text) {
  const OpensslErrors errors;
  if (text.find("-----BEGIN PKCS7-----") == std::string::npos) return {};
  const Bio in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const Owned<PKCS7, PKCS7_free> bundle(PEM_read_bio_PKCS7(in.get(), nullptr, nullptr, nullptr));
  return certificates_of(bundle.get());
}

// As a server sends them: its own first, each behind the one that it has issued.
std::vector<std::string> in_order(std::vector<std::string> set) {
  auto next = std::find_if(set.begin(), set.end(), [&](const std::string& one) {
    return std::none_of(set.begin(), set.end(), [&](const std::string& other) {
      return other != one && has_issued(one, other);
    });
  });
  std::vector<std::string> ordered;
  while (next != set.end()) {
    ordered.push_back(*next);
    set.erase(next);
    next = std::find_if(set.begin(), set.end(),
                        [&](const std::string& one) { return has_issued(one, ordered.back()); });
  }
  ordered.insert(ordered.end(), set.begin(), set.end());
  return ordered;
}

// As a Kubernetes secret or an LDIF file has it, base64 of a certificate in DER, or of PEM.
std::optional<std::string> decoded(const std::string& text) {
  std::string bare;
  for (const char c : text) {
    if (c != '\n' && c != ' ' && c != '\r') bare += c;
  }
  auto octets = from_base64(bare);
  if (!octets) return std::nullopt;
  const bool is_der = is_one_sequence(*octets) && is_readable(*octets);
  if (!is_der && octets->find(kBegin) == std::string::npos) return std::nullopt;
  return octets;
}

std::vector<std::string> certificates_in(const std::string& text, const std::string& name) {
  if (text.find(kBegin) == std::string::npos) {
    const auto octets = decoded(text);
    if (!octets) refuse(name, kind_of_text(text, how_to_write()));
    if (is_one_sequence(*octets)) return {*octets};
    return certificates_in(tidied(*octets), name);
  }
  std::vector<std::string> shown;
  if (auto bundle = pkcs7_in_pem(text); !bundle.empty()) return in_order(std::move(bundle));
  for (StoreEntry& entry : read_store(text, std::nullopt, name).entries) {
    shown.push_back(std::move(entry.der));
  }
  return shown;
}

// DER: one certificate, or PKCS #7, as Windows exports a chain. Empty: it is neither.
std::vector<std::string> read_der(const std::string& der) {
  if (is_one_sequence(der) && is_readable(der)) return {der};
  return in_order(pkcs7_in(der));
}

// s_client lists what was sent; a file made by hand may be the other way round, or hold what
// several servers show.
void check_order(const std::vector<std::string>& shown, const std::string& name) {
  if (std::all_of(shown.begin(), shown.end(), is_authority)) return;
  if (is_authority(shown.front())) {
    refuse(name,
           "begins with the certificate of an authority, and a server's own stands behind it: "
           "put them in the order in which it sends them, its own first");
  }
  const auto other = std::find_if_not(shown.begin() + 1, shown.end(), is_authority);
  if (other == shown.end() || has_issued(*other, *(other - 1))) return;
  refuse(name, "holds the certificates of two servers, " + told(shown.front()) + " and " +
                   told(*other) + ": keep what one of them shows");
}

}  // namespace

bool may_show_certificates(std::string_view bytes) {
  if (!read_der(std::string(bytes)).empty()) return true;
  const auto written = read_text(bytes);
  if (!written) return false;
  const std::string& text = written->text;
  return text.find(kBegin) != std::string::npos || !why_none(text).empty() ||
         decoded(tidied(text)).has_value();
}

bool is_pem_as_it_stands(std::string_view bytes) {
  constexpr std::string_view kCertificate = "-----BEGIN CERTIFICATE-----";
  const std::size_t first = bytes.find(kCertificate);
  return first != std::string_view::npos && (first == 0 || bytes[first - 1] == '\n') &&
         bytes.find('\0') == std::string_view::npos;
}

std::vector<std::string> read_shown(std::string_view bytes, const std::string& name) {
  if (auto shown = read_der(std::string(bytes)); !shown.empty()) return shown;
  if (const std::string format = format_of(bytes); !format.empty()) {
    refuse(name, "is a key store (" + format + "), and not what a server shows: " + how_to_write());
  }
  const auto written = read_text(bytes);
  if (!written) refuse(name, "is UTF-16 that is cut off or changed: " + how_to_write());
  const std::string text = tidied(written->text);
  const Listing listing = listing_of(text);
  if (listing.connections > 1) {
    refuse(name, "holds what s_client printed of " + std::to_string(listing.connections) +
                     " connections: keep that of one");
  }
  const bool has_certificate = text.find("CERTIFICATE-----") != std::string::npos;
  if (const std::string why = why_none(text); !why.empty() && !has_certificate) refuse(name, why);
  std::vector<std::string> shown = certificates_in(text, name);
  if (listing.certificates > shown.size()) {
    refuse(name, "lists " + counted(listing.certificates) + " and holds " +
                     std::to_string(shown.size()) + ": write it with -showcerts");
  }
  // What s_client prints once more below its list was not sent again.
  while (listing.certificates > 0 && shown.size() > listing.certificates) {
    if (std::find(shown.begin(), shown.end() - 1, shown.back()) == shown.end() - 1) {
      refuse(name, "lists " + counted(listing.certificates) + " and holds " +
                       std::to_string(shown.size()) + ": keep what s_client printed, and no more");
    }
    shown.pop_back();
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (is_readable(shown[i])) continue;
    refuse(name, "OpenSSL cannot read its certificate " + std::to_string(i + 1) +
                     ": nothing can be said of what is shown");
  }
  if (listing.certificates == 0) check_order(shown, name);
  return shown;
}

std::vector<std::string> read_shown_file(const std::filesystem::path& file) {
  return read_shown(read_file(file, kLargestStore), file.string());
}

}  // namespace startle::customer
