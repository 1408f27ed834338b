#pragma once
// For tests: the facts of every certificate recipe, for the host `smtp.example.test`, written out
// by hand.

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/oracle/facts.h"

namespace startle::oracle {

inline const std::string kHost = "smtp.example.test";
inline const std::string kElsewhere = "elsewhere.example.net";  // no trust value, no wildcard

inline Facts facts_named(const std::string& dns_name) {
  return {.presented = {.common_name = dns_name, .dns_names = {dns_name}}};
}

inline Facts changed(Facts facts, auto change) {
  change(facts);
  return facts;
}

using RecipeFacts = std::vector<std::pair<std::string, Facts>>;

inline const RecipeFacts& recipe_facts() {
  static const Facts host = facts_named(kHost);
  static const RecipeFacts kFacts = {
      {"valid", host},
      {"valid-wildcard", facts_named("*.example.test")},
      {"valid-direct", host},
      {"reversed-chain", host},
      {"self-signed", changed(host, [](Facts& f) { f.path = Path::self_signed; })},
      {"unknown-ca", changed(host, [](Facts& f) { f.path = Path::unknown_anchor; })},
      {"missing-intermediate", changed(host,
                                       [](Facts& f) {
                                         f.path = Path::issuer_missing;
                                         f.signature_checkable = false;
                                       })},
      {"mismatched", facts_named(kElsewhere)},
      {"self-signed-mismatched",
       changed(facts_named(kElsewhere), [](Facts& f) { f.path = Path::self_signed; })},
      {"expired", changed(host, [](Facts& f) { f.end_entity = Validity::expired; })},
      {"self-signed-expired", changed(host,
                                      [](Facts& f) {
                                        f.path = Path::self_signed;
                                        f.end_entity = Validity::expired;
                                      })},
      {"not-yet-valid", changed(host, [](Facts& f) { f.end_entity = Validity::not_yet_valid; })},
      {"cn-only", {.presented = {.common_name = kHost}}},
      {"cn-match-san-mismatch", {.presented = {.common_name = kHost, .dns_names = {kElsewhere}}}},
      {"ip-san", {.presented = {.common_name = "startle", .ip_addresses = {"127.0.0.1"}}}},
      {"ip-in-dns-san", {.presented = {.common_name = "startle", .dns_names = {"127.0.0.1"}}}},
      {"expired-intermediate",
       changed(host, [](Facts& f) { f.intermediates = Validity::expired; })},
      {"intermediate-not-ca", changed(host, [](Facts& f) { f.authority_flaw = Flaw::not_ca; })},
      {"path-length-exceeded",
       changed(host, [](Facts& f) { f.authority_flaw = Flaw::path_length_exceeded; })},
      {"name-constraint-violated",
       changed(host, [](Facts& f) { f.authority_flaw = Flaw::name_constraint_violated; })},
      {"client-auth-only",
       changed(host, [](Facts& f) { f.server_purpose = ServerPurpose::missing; })},
      {"wildcard-two-labels", facts_named("*.test")},
      {"nul-in-name", facts_named(kHost + std::string(1, '\0') + ".attacker.example")},
      {"bad-signature", changed(host, [](Facts& f) { f.signature_valid = false; })},
      {"weak-key", changed(host, [](Facts& f) { f.rsa_bits = 1024; })},
      {"sha1-signature", changed(host, [](Facts& f) { f.digest = Digest::sha1; })},
  };
  return kFacts;
}

inline const Facts& facts_of(const std::string& recipe) {
  for (const auto& [id, facts] : recipe_facts()) {
    if (id == recipe) return facts;
  }
  throw std::out_of_range(recipe);
}

}  // namespace startle::oracle
