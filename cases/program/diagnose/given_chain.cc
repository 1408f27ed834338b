#include "cases/program/diagnose/given_chain.h"

#include <algorithm>

#include "certs/shown_chain.h"
#include "harness/base/error.h"
#include "harness/customer/store/certificate_text.h"
#include "harness/tls/certification_path.h"
#include "harness/tls/credentials.h"
#include "harness/tls/issuance.h"

namespace startle::program {
namespace {

constexpr std::size_t kMostTold = 10;

std::string fact(const std::vector<std::pair<std::string, std::string>>& facts, const char* name) {
  const auto found =
      std::ranges::find_if(facts, [&](const auto& one) { return one.first == name; });
  return found == facts.end() ? "" : found->second;
}

std::vector<std::string> names_of(const std::string& der) {
  const oracle::PresentedIdentity presented = certs::read_facts({der}, {}).presented;
  std::vector<std::string> names = presented.dns_names;
  names.insert(names.end(), presented.ip_addresses.begin(), presented.ip_addresses.end());
  if (names.empty() && !presented.common_name.empty()) names.push_back(presented.common_name);
  return names;
}

}  // namespace

std::vector<diagnosis::Certificate> certificates_of(const std::vector<std::string>& der) {
  std::vector<diagnosis::Certificate> all;
  for (const std::string& one : der) {
    diagnosis::Certificate made{.subject = certs::subject_text(one),
                                .issuer = fact(certs::described(one), "issuer"),
                                .fingerprint = customer::fingerprint_text(one)};
    if (all.empty()) made.names = names_of(one);
    try {
      const tls::Certificate read = tls::certificate_from_der(one);
      made.first_day = tls::first_day_of(read.get());
      made.last_day = tls::last_day_of(read.get());
      made.is_self_signed =
          tls::names_as_issuer(read.get(), read.get()) && tls::signed_by(read.get(), read.get());
    } catch (const Error&) {  // GnuTLS cannot read it: what the chain breaks says so
      made.is_self_signed = false;
    }
    all.push_back(std::move(made));
  }
  return all;
}

std::vector<std::string> told_certificates(const std::vector<std::string>& der) {
  std::vector<std::string> lines;
  std::vector<std::string> first = der;
  first.resize(std::min(der.size(), kMostTold));
  const auto all = certificates_of(first);
  for (std::size_t i = 0; i < std::min(der.size(), kMostTold); ++i) {
    std::string line = std::to_string(i + 1) + ": ";
    std::string rest;
    for (const auto& [name, value] : certs::described(der[i])) {
      rest += (rest.empty() ? "" : "; ") + name + " " + value;
    }
    lines.push_back(line + rest + (all[i].is_self_signed ? "; self-signed" : ""));
  }
  if (der.size() > kMostTold) {
    lines.push_back("and " + std::to_string(der.size() - kMostTold) + " more");
  }
  return lines;
}

}  // namespace startle::program
