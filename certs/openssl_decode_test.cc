// Every certificate of every recipe, decoded by the openssl program and compared with what the
// recipe states and with the facts the oracle judges by: a lie of the factory's cannot hide behind
// GnuTLS, which made them.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <map>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "certs/program_for_test.h"
#include "harness/base/bytes.h"
#include "harness/base/file.h"

namespace startle::certs {
namespace {

// What the openssl program read out of one certificate.
struct Decoded {
  std::string text{};

  // What follows `label` on its line; empty when there is no such label.
  std::string value(const std::string& label) const {
    const std::size_t at = text.find(label);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + label.size();
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  // The line below the one that holds `label`, without its indentation.
  std::string line_below(const std::string& label) const {
    const std::size_t at = text.find(label);
    if (at == std::string::npos) return "";
    const std::size_t begin = text.find_first_not_of(" \n", text.find('\n', at));
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  std::string subject() const { return value("Subject: CN = "); }
  std::string issuer() const { return value("Issuer: CN = "); }
  std::string basic_constraints() const { return line_below("X509v3 Basic Constraints: critical"); }
  std::string key_usage() const { return line_below("X509v3 Key Usage: critical"); }
  std::string signature_algorithm() const { return value("Signature Algorithm: "); }
  std::string subject_key() const { return line_below("X509v3 Subject Key Identifier:"); }
  std::string authority_key() const { return line_below("X509v3 Authority Key Identifier:"); }
  // The extension's raw value, in hex, as asn1parse shows it; empty when there is none.
  std::string raw_alternative_names() const {
    const std::size_t at = text.find(":X509v3 Subject Alternative Name");
    return at == std::string::npos ? "" : Decoded{text.substr(at)}.value("[HEX DUMP]:");
  }
};

class Openssl {
 public:
  const Decoded& decode(const std::string& der) {
    Decoded& known = decoded_[der];
    if (!known.text.empty()) return known;
    write_file(file_, to_pem({der}));
    known.text = run_program("openssl x509 -in " + file_.string() +
                             " -noout -text -startdate -enddate -dateopt iso_8601 && openssl "
                             "asn1parse -in " +
                             file_.string())
                     .output;
    return known;
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "certificate.pem";
  std::map<std::string, Decoded> decoded_;
};

std::string iso_8601(std::chrono::sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm broken_down{};
  gmtime_r(&seconds, &broken_down);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%SZ", &broken_down);
  return text.data();
}

// GeneralNames of the declared facts, in hex; short forms suffice here.
std::string expected_alternative_names(const policy::PresentedIdentity& presented) {
  std::string names;
  const auto add = [&](char tag, const std::string& bytes) {
    names += std::string{tag, static_cast<char>(bytes.size())} + bytes;
  };
  for (const std::string& name : presented.dns_names) add('\x82', name);
  for (const std::string& address : presented.ip_addresses) {
    EXPECT_EQ(address, "127.0.0.1");
    add('\x87', std::string("\x7f\0\0\1", 4));
  }
  EXPECT_LT(names.size(), 128U);
  std::string hex = to_hex(std::string{'\x30', static_cast<char>(names.size())} + names);
  for (char& c : hex) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return presented.has_san() ? hex : "";
}

void expect_dates(const Decoded& decoded, const Validity& stated) {
  EXPECT_EQ(decoded.value("notBefore="), iso_8601(kTestClock + stated.from));
  EXPECT_EQ(decoded.value("notAfter="), iso_8601(kTestClock + stated.until));
}

policy::Validity validity_of(const Decoded& decoded) {
  const std::string now = iso_8601(kTestClock);
  if (decoded.value("notAfter=") < now) return policy::Validity::expired;
  if (decoded.value("notBefore=") > now) return policy::Validity::not_yet_valid;
  return policy::Validity::current;
}

class DecodeTest : public testing::TestWithParam<Recipe> {
 protected:
  static void SetUpTestSuite() {
    if (!is_installed("openssl")) return;
    openssl_ = std::make_unique<Openssl>();
    mint_ = std::make_unique<Mint>(kTestClock);
  }
  static void TearDownTestSuite() {
    openssl_.reset();
    mint_.reset();
  }
  void SetUp() override {
    if (!openssl_) GTEST_SKIP() << "the openssl program is not installed";
    chain_ = mint_->chain(GetParam(), kTestHost);
    for (const std::string& der : chain_->all_der) path_.push_back(openssl_->decode(der));
  }

  static std::unique_ptr<Openssl> openssl_;
  static std::unique_ptr<Mint> mint_;
  std::shared_ptr<const Chain> chain_{};
  std::vector<Decoded> path_{};  // end entity first
};
std::unique_ptr<Openssl> DecodeTest::openssl_{};
std::unique_ptr<Mint> DecodeTest::mint_{};

TEST_P(DecodeTest, TheEndEntityIsWhatItsFactsDeclare) {
  const Decoded& leaf = path_.front();
  const policy::Facts& facts = chain_->facts;
  EXPECT_EQ(leaf.subject(), facts.presented.common_name);
  EXPECT_EQ(leaf.raw_alternative_names(), expected_alternative_names(facts.presented));
  EXPECT_EQ(validity_of(leaf), facts.end_entity);
  expect_dates(leaf, GetParam().leaf.validity);

  const bool is_rsa = leaf.value("Public Key Algorithm: ") == "rsaEncryption";
  EXPECT_EQ(is_rsa ? leaf.value("Public-Key: ") : "(0 bit)",
            "(" + std::to_string(facts.rsa_bits) + " bit)");
  std::string digest(word(facts.digest));
  for (char& c : digest) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(leaf.signature_algorithm(), "ecdsa-with-" + digest);

  const std::string purposes = leaf.line_below("X509v3 Extended Key Usage:");
  EXPECT_EQ(purposes == "TLS Web Server Authentication", facts.server_purpose) << purposes;
  EXPECT_EQ(leaf.basic_constraints(), "CA:FALSE");
  EXPECT_EQ(leaf.key_usage(), is_rsa ? "Digital Signature, Key Encipherment" : "Digital Signature");
}

TEST_P(DecodeTest, TheAuthoritiesAreWhatTheRecipeStates) {
  const Recipe& recipe = GetParam();
  policy::Validity worst = policy::Validity::current;
  for (std::size_t i = 0; i < recipe.intermediates.size(); ++i) {
    const CertificateRecipe& stated = recipe.intermediates[recipe.intermediates.size() - 1 - i];
    const Decoded& decoded = path_.at(i + 1);
    EXPECT_EQ(decoded.subject(), stated.common_name);
    EXPECT_EQ(decoded.basic_constraints(),
              std::string(stated.is_ca ? "CA:TRUE" : "CA:FALSE") +
                  (stated.path_length ? ", pathlen:" + std::to_string(*stated.path_length) : ""));
    EXPECT_EQ(decoded.key_usage(), "Certificate Sign, CRL Sign");
    EXPECT_EQ(decoded.line_below("Permitted:"),
              stated.permitted_dns.empty() ? "" : "DNS:" + stated.permitted_dns.front());
    EXPECT_EQ(decoded.line_below("X509v3 Name Constraints: critical"),
              stated.permitted_dns.empty() ? "" : "Permitted:");
    EXPECT_EQ(decoded.signature_algorithm(), "ecdsa-with-SHA256");
    expect_dates(decoded, stated.validity);
    if (validity_of(decoded) != policy::Validity::current) worst = validity_of(decoded);
  }
  EXPECT_EQ(worst, chain_->facts.intermediates);
  if (recipe.leaf_issuer == LeafIssuer::self) return;
  EXPECT_EQ(path_.back().subject(), recipe.root.common_name);
  EXPECT_EQ(path_.back().basic_constraints(), "CA:TRUE");
  expect_dates(path_.back(), recipe.root.validity);
}

TEST_P(DecodeTest, EachCertificateNamesItsIssuer) {
  for (std::size_t i = 0; i < path_.size(); ++i) {
    const Decoded& issuer = path_[std::min(i + 1, path_.size() - 1)];
    EXPECT_EQ(path_[i].issuer(), issuer.subject());
    EXPECT_EQ(path_[i].authority_key(), issuer.subject_key());
    EXPECT_FALSE(path_[i].subject_key().empty());
    if (i > 0) {
      EXPECT_NE(path_[i].subject_key(), path_[i - 1].subject_key());
    }
  }
  const bool self_issued = path_.front().issuer() == path_.front().subject();
  EXPECT_EQ(self_issued, chain_->facts.path == policy::Path::self_signed);
  const bool ends_in_an_anchor = chain_->anchors_der.front() == chain_->all_der.back();
  EXPECT_EQ(ends_in_an_anchor, GetParam().root_trusted && !self_issued);
}

INSTANTIATE_TEST_SUITE_P(Recipes, DecodeTest, testing::ValuesIn(all_recipes()),
                         [](const auto& row) {
                           std::string name = row.param.id;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace

void PrintTo(const Recipe& recipe, std::ostream* out) {
  *out << recipe.id;
}

}  // namespace startle::certs
