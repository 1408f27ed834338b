#include "certs/decoded_for_test.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <utility>
#include <vector>

#include "certs/mint.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::certs {
namespace {

// One element of what `openssl asn1parse` prints:
//    33:d=3  hl=2 l=   8 prim: OBJECT            :ecdsa-with-SHA256
struct Asn1Element {
  std::size_t offset = 0;
  int depth = 0;
  std::size_t header = 0;
  std::size_t length = 0;
  std::string tag{};
  std::string value{};  // as printed, behind the colon
};

std::size_t number_behind(const std::string& line, const char* label) {
  const std::size_t at = line.find(label);
  if (at == std::string::npos) throw Error(Fault::internal, "asn1parse: " + line);
  return std::strtoul(line.c_str() + at + std::string_view(label).size(), nullptr, 10);
}

std::vector<Asn1Element> elements_of(const std::string& output) {
  std::vector<Asn1Element> elements;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(":d=") == std::string::npos) {
      throw Error(Fault::internal, "asn1parse: " + line);
    }
    Asn1Element one{.offset = std::strtoul(line.c_str(), nullptr, 10),
                    .depth = static_cast<int>(number_behind(line, ":d=")),
                    .header = number_behind(line, " hl="),
                    .length = number_behind(line, " l=")};
    constexpr std::string_view kKind = "prim: ";
    const std::size_t tag = std::min(line.find("prim: "), line.find("cons: ")) + kKind.size();
    constexpr std::size_t kTagWidth = 18;
    one.tag = line.substr(tag, kTagWidth);
    one.tag.erase(one.tag.find_last_not_of(' ') + 1);
    if (line.size() > tag + kTagWidth) one.value = line.substr(tag + kTagWidth);
    const std::size_t colon = one.value.find(':');
    if (colon != std::string::npos) one.value.erase(0, colon + 1);
    elements.push_back(std::move(one));
  }
  return elements;
}

// The length of a length, where it is the shortest (X.690, 10.1), and of an identifier octet.
std::size_t shortest_header(std::size_t length) {
  std::size_t octets = 2;
  if (length >= 128) {
    for (std::size_t rest = length; rest != 0; rest >>= 8) ++octets;
  }
  return octets;
}

// The elements of a certificate, by their places (RFC 5280, 4.1).
class Tree {
 public:
  explicit Tree(std::vector<Asn1Element> elements) : elements_(std::move(elements)) {}

  std::size_t size() const { return elements_.size(); }
  const Asn1Element& at(std::size_t index) const { return elements_.at(index); }
  std::vector<std::size_t> children(std::size_t parent) const {
    std::vector<std::size_t> found;
    for (std::size_t i = parent + 1; i < end_of(parent); ++i) {
      if (at(i).depth == at(parent).depth + 1) found.push_back(i);
    }
    return found;
  }
  // The values of all elements of one tag below `parent`, separated by blanks.
  std::string values(std::size_t parent, const std::string& tag) const {
    std::string all;
    for (std::size_t i = parent + 1; i < end_of(parent); ++i) {
      if (at(i).tag == tag) all += (all.empty() ? "" : " ") + at(i).value;
    }
    return all;
  }
  // "commonName: Startle Test Server"; empty: the name is. A string may be one of the two types of
  // RFC 5280, 4.1.2.4; of another one, the type is printed.
  std::string name(std::size_t parent) const {
    std::string text;
    for (std::size_t i = parent + 1; i < end_of(parent); ++i) {
      const std::string& tag = at(i).tag;
      if (tag == "SEQUENCE" || tag == "SET") continue;
      if (tag == "OBJECT") {
        text += (text.empty() ? "" : " ") + at(i).value + ": ";
      } else {
        text += (tag == "UTF8STRING" || tag == "PRINTABLESTRING" ? "" : tag + " ") + at(i).value;
      }
    }
    return text;
  }

  // "not the shortest at 0"; empty: each length has the shortest form (X.690, 10.1).
  std::string lengths_too_long() const {
    std::string text;
    for (const Asn1Element& one : elements_) {
      if (one.header == shortest_header(one.length)) continue;
      text += (text.empty() ? "" : ", ") + std::string("not the shortest at ") +
              std::to_string(one.offset);
    }
    return text;
  }

 private:
  std::size_t end_of(std::size_t parent) const {
    std::size_t end = parent + 1;
    while (end < elements_.size() && at(end).depth > at(parent).depth) ++end;
    return end;
  }
  std::vector<Asn1Element> elements_;
};

std::string serial_in_words(const std::string& hex) {
  constexpr std::size_t kMostDigits = 40;
  if (hex == "00") return "zero";
  if (hex.front() == '-') return "negative";
  if (hex.size() > kMostDigits) return std::to_string(hex.size() / 2) + " octets";
  return "positive";
}

std::string trimmed(std::string text) {
  text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

std::size_t indentation(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

void add(Fields& fields, const std::string& name, const std::string& value) {
  const auto [place, is_new] = fields.emplace(name, value);
  if (!is_new) place->second += " and again: " + value;
}

// Extensions, as `openssl x509 -text` prints them: a heading of 12 blanks, "X509v3 Key Usage:
// critical", its value below.
void add_extensions(Fields& fields, const std::string& text) {
  constexpr std::size_t kHeading = 12;
  std::size_t at = text.find("        X509v3 extensions:\n");
  if (at == std::string::npos) return;
  std::istringstream lines(text.substr(at));
  std::string line;
  std::getline(lines, line);
  std::string name;
  std::string value;
  const auto finish = [&] {
    if (!name.empty()) add(fields, name, trimmed(value));
    name.clear();
  };
  while (std::getline(lines, line) && !line.starts_with("    Signature Algorithm:")) {
    if (indentation(line) != kHeading) {  // a name may hold a line feed
      value += " " + trimmed(line);
      continue;
    }
    finish();
    const std::size_t colon = line.rfind(':');
    name = trimmed(line.substr(0, colon));
    value = trimmed(line.substr(colon + 1));
  }
  finish();
}

std::string line_with(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + label.size();
  return trimmed(text.substr(begin, text.find('\n', begin) - begin));
}

// "id-ecPublicKey (256 bit) P-256", "rsaEncryption (2048 bit) 65537 (0x10001)"
std::string key_in_words(const std::string& text) {
  std::string words = line_with(text, "Public Key Algorithm: ");
  const bool has_nist_name = !line_with(text, "NIST CURVE: ").empty();
  for (const char* label :
       {"Public-Key: ", has_nist_name ? "NIST CURVE: " : "ASN1 OID: ", "Exponent: "}) {
    const std::string value = line_with(text, label);
    if (!value.empty()) words += " " + value;
  }
  return words;
}

Fields fields_of(const Tree& tree, const std::string& text) {
  Fields fields;
  const std::vector<std::size_t> certificate = tree.children(0);
  std::vector<std::size_t> signed_part = tree.children(certificate.at(0));
  fields["version"] = "1";
  if (tree.at(signed_part.at(0)).tag == "cont [ 0 ]") {
    fields["version"] =
        std::to_string(1 + std::atoi(tree.values(signed_part[0], "INTEGER").c_str()));
    signed_part.erase(signed_part.begin());
  }
  fields["serial"] = serial_in_words(tree.at(signed_part.at(0)).value);
  fields["algorithm"] = tree.values(certificate.at(1), "OBJECT");
  const std::string inside = tree.values(signed_part.at(1), "OBJECT");
  if (inside != fields["algorithm"]) fields["algorithm inside"] = "another";
  fields["issuer"] = tree.name(signed_part.at(2));
  const std::vector<std::size_t> validity = tree.children(signed_part.at(3));
  fields["from"] = tree.at(validity.at(0)).tag + ":" + tree.at(validity.at(0)).value;
  fields["until"] = tree.at(validity.at(1)).tag + ":" + tree.at(validity.at(1)).value;
  fields["subject"] = tree.name(signed_part.at(4));
  fields["key"] = key_in_words(text);
  if (const std::string wrong = tree.lengths_too_long(); !wrong.empty()) fields["lengths"] = wrong;
  add_extensions(fields, text);
  // Each log, with its signature and moment: how many, and of which version.
  if (const auto scts = fields.find("CT Precertificate SCTs"); scts != fields.end()) {
    constexpr std::string_view kVersion = "Version   : v1 (0x0)";
    int count = 0;
    for (std::size_t at = scts->second.find(kVersion); at != std::string::npos;
         at = scts->second.find(kVersion, at + 1)) {
      ++count;
    }
    scts->second = std::to_string(count) + " of version v1 (0x0)";
  }

  // What OpenSSL prints of these is fit for a person: the bytes are not.
  if (signed_part.size() > 6) {
    std::string names;
    for (const std::size_t extension : tree.children(tree.children(signed_part.back()).at(0))) {
      if (tree.values(extension, "OBJECT") != "X509v3 Subject Alternative Name") continue;
      names += (names.empty() ? "" : " and again: ") +
               std::string(tree.values(extension, "BOOLEAN").empty() ? "" : "critical ") +
               tree.values(extension, "OCTET STRING");
    }
    if (!names.empty()) fields["X509v3 Subject Alternative Name"] = names;
  }
  return fields;
}

std::string asn1parse(const std::string& der, const std::filesystem::path& file) {
  write_file(file, der);
  return run_program("(openssl asn1parse -inform DER -in " + file.string() + " 2>/dev/null)")
      .output;
}

// As OpenSSL prints the certificates of a PEM file, each under a line "N: Certificate". One process
// for them all: it takes as long to start as to print a hundred.
std::vector<std::string> texts_of(const std::filesystem::path& pem) {
  const std::string all =
      run_program("openssl storeutl -noout -text -certs " + pem.string()).output;
  std::vector<std::string> texts;
  const auto heading = [&](std::size_t number) {
    return all.find(std::to_string(number) + ": Certificate\nCertificate:\n");
  };
  for (std::size_t at = heading(0); at != std::string::npos;) {
    const std::size_t next = heading(texts.size() + 1);
    texts.push_back(all.substr(at, next - at));
    at = next;
  }
  return texts;
}

// As its header says, which may be longer than it has to be (X.690, 8.1.3).
std::size_t size_of_certificate(const std::string& der) {
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(der.at(at)); };
  std::size_t header = 2;
  std::size_t length = octet(1);
  if (length >= 0x80) {
    header += length - 0x80;
    length = 0;
    for (std::size_t at = 2; at < header; ++at) length = length << 8 | octet(at);
  }
  return header + length;
}

// OpenSSL prints no certificate with a UTF8String that is none: its bytes above ASCII become `?`.
// All that we make of such bytes is wrong. False: there were some.
bool replace_what_is_not_utf_8(std::string& der, const Tree& tree) {
  bool none = true;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Asn1Element& one = tree.at(i);
    if (one.tag != "UTF8STRING") continue;
    for (std::size_t at = one.offset + one.header; at < one.offset + one.header + one.length;
         ++at) {
      if (static_cast<unsigned char>(der.at(at)) < 0x80) continue;
      der[at] = '?';
      none = false;
    }
  }
  return none;
}

std::string taken(Fields& fields, const char* name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return "";
  const std::string value = found->second;
  fields.erase(found);
  return value;
}

Keys taken_keys(Fields& fields, const std::string& text) {
  const std::size_t begin = text.find("Subject Public Key Info:");
  const std::size_t end = std::min(text.find("        X509v3 extensions:", begin),
                                   text.find("    Signature Algorithm:", begin));
  return {.public_key = text.substr(begin, end - begin),
          .subject = taken(fields, "X509v3 Subject Key Identifier"),
          .authority = taken(fields, "X509v3 Authority Key Identifier")};
}

}  // namespace

std::map<std::string, Decoded> decode(const std::set<std::string>& certificates) {
  const TemporaryFolder folder;
  std::map<std::string, Decoded> all;
  std::vector<std::pair<const std::string*, Tree>> whole;
  std::string pem;
  for (const std::string& der : certificates) {
    Decoded& decoded = all[der];
    const std::size_t size = size_of_certificate(der);
    std::string certificate = der.substr(0, size);
    const std::string parsed = asn1parse(certificate, folder.path() / "certificate.der");
    if (size > der.size()) {
      if (parsed != "Error in encoding\n") throw Error(Fault::internal, "asn1parse: " + parsed);
      decoded.missing = size - der.size();
      continue;
    }
    decoded.behind = der.substr(size);
    whole.emplace_back(&der, Tree(elements_of(parsed)));
    if (!replace_what_is_not_utf_8(certificate, whole.back().second)) {
      decoded.fields["UTF8String"] = "is none";
    }
    pem += to_pem({certificate});
  }
  write_file(folder.path() / "all.pem", pem);
  const std::vector<std::string> texts = texts_of(folder.path() / "all.pem");
  if (texts.size() != whole.size()) throw Error(Fault::internal, "OpenSSL cannot read them all");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Decoded& decoded = all[*whole[i].first];
    decoded.fields.merge(fields_of(whole[i].second, texts[i]));
    decoded.keys = taken_keys(decoded.fields, texts[i]);
  }
  return all;
}

std::string text_of(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) text += name + ": " + value + "\n";
  return text;
}

}  // namespace startle::certs
