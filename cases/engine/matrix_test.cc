// The cells of a matrix, and those of matrix/trust.

#include <gtest/gtest.h>

#include <map>

#include "cases/engine/catalogue_for_test.h"

namespace startle::cases {
namespace {

using words::Mode;

// The mode may stand on any axis, or on none.
TEST(Matrix, HasTheCellsWhoseModeHasTheirValues) {
  const Axis mode{.name = "mode",
                  .values = {Change{.id = "a"}.set(&Setup::mode, Mode::smtps),
                             Change{.id = "b"}.set(&Setup::mode, Mode::ldaps)}};
  const Axis value{.name = "value",
                   .values = {{.id = "all"},
                              {.id = "mail", .modes = {Mode::smtp_starttls, Mode::smtps}},
                              {.id = "directory", .modes = {Mode::ldaps}}}};
  const auto cells = [](const Matrix& matrix) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      if (matrix.has_cell(i)) ids.push_back(matrix.cell_id(i));
    }
    return ids;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(cells({.axes = {mode, value}}), (Ids{"/mode=a/value=all", "/mode=a/value=mail",
                                                 "/mode=b/value=all", "/mode=b/value=directory"}));
  EXPECT_EQ(cells({.axes = {value, mode}}), (Ids{"/value=all/mode=a", "/value=all/mode=b",
                                                 "/value=mail/mode=a", "/value=directory/mode=b"}));
  EXPECT_EQ(cells({.axes = {value}}), (Ids{"/value=all", "/value=mail"}));
}

TEST(TrustMatrix, IsTheWholeProduct) {
  const Matrix& matrix = trust_matrix();
  constexpr std::size_t kOfAMode = 18U * 26 * 21;
  ASSERT_EQ(matrix.size(), 4 * kOfAMode);
  EXPECT_EQ(matrix.cell_id(0),
            "matrix/trust/mode=smtp-starttls/trust=absent/certificate=valid/credential=valid");
  EXPECT_EQ(matrix.cell_id(kOfAMode),
            "matrix/trust/mode=smtps/trust=absent/certificate=valid/credential=valid");
  EXPECT_EQ(matrix.cell_id(2 * kOfAMode + 9U * 26 * 21 + 10),
            "matrix/trust/mode=ldap-starttls/trust=any-in-list/certificate=valid/"
            "credential=anonymous");
  EXPECT_EQ(matrix.cell_id(4 * kOfAMode - 1),
            "matrix/trust/mode=ldaps/trust=with-port/certificate=sha1-signature/"
            "credential=wrong-token");
}

TEST(TrustMatrix, AModeThatLacksACredentialHasNoSuchCells) {
  const Matrix& matrix = trust_matrix();
  std::map<std::pair<Mode, std::string>, std::size_t> there;
  std::size_t cells = 0;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (!matrix.has_cell(i)) continue;
    ++cells;
    const std::string id = matrix.cell_id(i);
    ++there[{matrix.cell(i).mode, id.substr(id.rfind('=') + 1)}];
  }
  EXPECT_EQ(cells, 18U * 26 * (2 * 19 + 2 * 20));
  for (const Change& credential : trust_matrix().axes[3].values) {
    for (const Mode mode : {Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps}) {
      const bool ldap = mode == Mode::ldap_starttls || mode == Mode::ldaps;
      const bool lacks = ldap ? credential.id == "sender-not-authorized"
                              : credential.id == "anonymous" || credential.id == "sasl-plain";
      EXPECT_EQ((there[{mode, credential.id}]), lacks ? 0U : 18U * 26)
          << word(mode) << " " << credential.id;
    }
  }
}

TEST(TrustMatrix, AxesAndTheirValuesStandInTheOrderOfTheContract) {
  const auto ids = [](const Axis& axis) {
    std::string text = axis.name + ":";
    for (const Change& value : axis.values) text += " " + value.id;
    return text;
  };
  const auto& axes = trust_matrix().axes;
  ASSERT_EQ(axes.size(), 4U);
  EXPECT_EQ(ids(axes[0]), "mode: smtp-starttls smtps ldap-starttls ldaps");
  EXPECT_EQ(ids(axes[1]),
            "trust: absent empty host upper-case other list list-other any any-padded any-in-list "
            "any-with-host padded tab comma wildcard ip trailing-dot with-port");
  EXPECT_EQ(ids(axes[2]),
            "certificate: valid valid-wildcard valid-direct self-signed self-signed-mismatched "
            "mismatched expired self-signed-expired not-yet-valid unknown-ca cn-only "
            "cn-match-san-mismatch ip-san ip-in-dns-san missing-intermediate reversed-chain "
            "expired-intermediate intermediate-not-ca path-length-exceeded client-auth-only "
            "name-constraint-violated wildcard-two-labels nul-in-name bad-signature weak-key "
            "sha1-signature");
  EXPECT_EQ(ids(axes[3]),
            "credential: valid wrong-password unknown-user empty-password no-username no-password "
            "sender-not-authorized utf8 special-characters long anonymous external "
            "external-wrong-ca external-expired cram-md5 scram-sha-256 scram-sha-256-plus "
            "scram-wrong-password sasl-plain oauthbearer wrong-token");
}

// Globs are not compared with the ids of cells that cannot match.
TEST(Matrix, CellsOfOneBeginningStandSideBySide) {
  const Matrix& matrix = trust_matrix();
  for (const char* beginning :
       {"", "m", "matrix/", "matrix/trust", "matrix/trust/", "matrix/trust/mode=smtps",
        "matrix/trust/mode=ldap", "matrix/trust/mode=ldaps/trust=any",
        "matrix/trust/mode=ldaps/trust=any/", "matrix/trust/mode=smtps/trust=tab/certificate=valid",
        "matrix/trust/mode=smtps/trust=tab/certificate=weak-key/credential=long",
        "matrix/trust/mode=smtps/trust=tab/certificate=weak-key/credential=longer",
        "matrix/trust/mode=none", "matrix/full/mode=smtps", "smtp/"}) {
    const Matrix::Range range = matrix.cells_from(beginning);
    std::size_t matching = 0;
    for (std::size_t i = 0; i < matrix.size(); i += 7) {
      if (!matrix.cell_id(i).starts_with(beginning)) continue;
      ++matching;
      EXPECT_TRUE(range.first <= i && i < range.end) << beginning << ": " << matrix.cell_id(i);
    }
    const std::size_t looked_at = (range.end - range.first) / 7;
    EXPECT_LE(looked_at, std::max<std::size_t>(18 * matching, 1)) << beginning;
  }
}

}  // namespace
}  // namespace startle::cases
