// OpenSSL's client is asked what it makes of each recipe in a handshake: what `openssl verify`
// cannot see (certs/openssl_verify_test.cc) is seen here, certificates that nobody can read, keys
// that no cipher suite has, chains longer than a client takes.

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/openssl_errors_for_test.h"
#include "fake-servers/judges/served_chains_for_test.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::fake {
namespace {

using certs::LibraryEnding;
using words::Ending;

struct Trouble {
  const char* text;  // the reason of OpenSSL's error
  std::vector<Ending> endings;
};

// Where no handshake came about.
const std::vector<Trouble>& troubles() {
  using enum Ending;
  static const std::vector<Trouble> all{
      // What cannot be parsed is a matter of the handshake as much as of the certificate.
      {"cert length mismatch", {validation_failure, handshake_failure}},
      {"ASN1 lib", {validation_failure, handshake_failure}},
      {"sslv3 alert handshake failure", {handshake_failure}},
      {"excessive message size", {handshake_failure}},
  };
  return all;
}

// Without -verify_return_error s_client goes on after an error of verification and reports them
// all, as a client needs them that applies an order of checks.
std::string s_client(const certs::Chain& chain, std::uint16_t port,
                     const std::filesystem::path& folder) {
  write_file(folder / "anchors.pem", certs::to_pem(chain.anchors_der));
  std::string command =
      "timeout 30 openssl s_client -status -starttls smtp -connect 127.0.0.1:" +
      std::to_string(port) + " -servername " + certs::kTestHost + " -verify_hostname " +
      certs::kTestHost +
      " -purpose sslserver -auth_level 2 -check_ss_sig -no-CApath -no-CAstore -attime " +
      std::to_string(certs::kTestClock.time_since_epoch().count()) + " -CAfile " +
      (folder / "anchors.pem").string();
  if (!chain.revocation_list_der.empty()) {
    write_file(folder / "list.der", chain.revocation_list_der);
    command += " -crl_check -CRL " + (folder / "list.der").string() + " -CRLform DER";
  }
  return run_program(command).output;
}

LibraryEnding ending_of(const std::string& output) {
  const auto errors = certs::errors_of_s_client(output);
  if (!errors.empty()) return ending_of(errors);
  for (const Trouble& one : troubles()) {
    if (output.find(one.text) != std::string::npos) {
      return {.endings = one.endings, .says = one.text};
    }
  }
  if (output.find("\nDONE\n") != std::string::npos) return ending_of(errors);
  ADD_FAILURE() << "what OpenSSL says has no meaning here yet";
  return {.endings = {Ending::refused}};
}

// s_client shows a staple and does not judge it: certs/openssl_verify_test.cc does.
void expect_staple(const certs::StapleRecipe& stated, const std::string& output) {
  EXPECT_EQ(numbers_of(certs::errors_of_s_client(output)), "");
  EXPECT_NE(output.find("OCSP Response Status: successful"), std::string::npos);
  EXPECT_NE(output.find(stated.revoked ? "Cert Status: revoked" : "Cert Status: good"),
            std::string::npos);
}

TEST(OpensslClient, EndsWithEachRecipeAsAPkixClient) {
  if (!is_installed("openssl")) GTEST_SKIP() << "the openssl program is not installed";
  certs::Mint mint(certs::kTestClock);
  std::vector<std::shared_ptr<const certs::Chain>> chains;
  for (const certs::Recipe& recipe : certs::all_recipes()) {
    chains.push_back(mint.chain(recipe, certs::kTestHost));
  }
  const ServedChains served(chains);
  const TemporaryFolder folder;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    const certs::Recipe& recipe = certs::all_recipes()[i];
    const std::string output = s_client(*chains[i], served.port(i), folder.path());
    SCOPED_TRACE(recipe.id + "\n" + output);
    if (recipe.staple) {
      expect_staple(*recipe.staple, output);
      continue;
    }
    EXPECT_EQ(output.find("OCSP Response Status:"), std::string::npos);
    EXPECT_EQ(
        unlisted_disagreement(recipe, certs::Library::openssl,
                              {{words::TrustModel::pkix,
                                recipe.expected.of(words::TrustModel::pkix), ending_of(output)}}),
        "");
  }
}

}  // namespace
}  // namespace startle::fake
