#include "harness/customer/shown_file.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store.h"
#include "harness/customer/store_crypto.h"

namespace startle::customer {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBegin = "-----BEGIN ";

[[noreturn]] void refuse(const std::string& name, const std::string& sentence) {
  throw Error(Fault::input, name + ": " + sentence);
}

std::string how_to_write(const std::string& name) {
  return "write it with openssl s_client -connect HOST:PORT -showcerts </dev/null >" + name;
}

bool is_utf_16(std::string_view bytes) {
  return bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("\xfe\xff"sv);
}

// nullopt: it is UTF-16, and broken.
std::optional<std::string> text_of(std::string_view bytes) {
  if (!is_utf_16(bytes)) return std::string(bytes);
  std::string units(bytes.substr(2));
  if (bytes.starts_with("\xff\xfe"sv)) {
    for (std::size_t i = 0; i + 1 < units.size(); i += 2) std::swap(units[i], units[i + 1]);
  }
  return utf_8_of_utf_16(units);
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

// s_client lists what was sent; a file made by hand may be the other way round.
void check_order(const Listing& listing, const std::vector<std::string>& shown,
                 const std::string& name) {
  if (listing.certificates > 0 || !is_authority(shown.front())) return;
  if (std::all_of(shown.begin(), shown.end(), is_authority)) return;
  refuse(name,
         "begins with the certificate of an authority, and a server's own stands behind it: "
         "put them in the order in which it sends them, its own first");
}

}  // namespace

bool may_show_certificates(std::string_view bytes) {
  const auto text = text_of(bytes);
  return text && (text->find(kBegin) != std::string::npos ||
                  text->find("no peer certificate available") != std::string::npos);
}

std::vector<std::string> read_shown(std::string_view bytes, const std::string& name) {
  const auto written = text_of(bytes);
  if (!written) refuse(name, "is UTF-16 that is cut off or changed: " + how_to_write(name));
  const std::string text = tidied(*written);
  if (text.find("no peer certificate available") != std::string::npos) {
    refuse(name,
           "says `no peer certificate available`: no TLS was spoken. Where the port speaks "
           "STARTTLS, s_client wants -starttls smtp or -starttls ldap");
  }
  if (text.find(kBegin) == std::string::npos) {
    refuse(name, "is no PEM file: " + how_to_write(name));
  }
  const Listing listing = listing_of(text);
  if (listing.connections > 1) {
    refuse(name, "holds what s_client printed of " + std::to_string(listing.connections) +
                     " connections: keep that of one");
  }
  std::vector<std::string> shown;
  for (StoreEntry& entry : read_store(text, std::nullopt, name).entries) {
    shown.push_back(std::move(entry.der));
  }
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
  check_order(listing, shown, name);
  return shown;
}

std::vector<std::string> read_shown_file(const std::filesystem::path& file) {
  return read_shown(read_file(file, kLargestStore), file.string());
}

}  // namespace startle::customer
