#include <gtest/gtest.h>

#include "certs/disagreement_for_test.h"

namespace startle::certs {
namespace {

using words::Ending;
using words::TrustModel;

const LibraryEnding kAccepts{.endings = {Ending::delivered}, .says = "accepts"};
const LibraryEnding kExpired{.endings = {Ending::certificate_expired}, .says = "it has expired"};

Recipe expecting_expired(std::vector<Disagreement> listed) {
  Recipe recipe;
  recipe.id = "old";
  recipe.disagreements = std::move(listed);
  return recipe;
}

std::string complaint(const Recipe& recipe, const LibraryEnding& seen) {
  return unlisted_disagreement(
      recipe, Library::openssl,
      {{TrustModel::pkix, {Ending::certificate_expired, Ending::validation_failure}, seen}});
}

TEST(Disagreement, IsListedInTheLibrarysOwnWordsOrComplainedOf) {
  const Disagreement listed{.library = Library::openssl, .says = "accepts", .why = "it is lax"};
  const Disagreement of_another{.library = Library::jsse, .says = "accepts", .why = "it is lax"};
  const std::string unlisted =
      "old: pkix expects certificate-expired, validation-failure, but openssl (delivered) says "
      "`accepts`\n";
  EXPECT_EQ(complaint(expecting_expired({}), kExpired), "");
  EXPECT_EQ(complaint(expecting_expired({}), kAccepts), unlisted);
  EXPECT_EQ(complaint(expecting_expired({of_another}), kAccepts), unlisted);
  EXPECT_EQ(complaint(expecting_expired({listed}), kAccepts), "");
}

TEST(Disagreement, ThatDoesNotExistIsComplainedOf) {
  const Disagreement listed{.library = Library::openssl, .says = "accepts", .why = "it is lax"};
  const std::string there_is_none = "old: openssl does not say `accepts`, as the recipe lists\n";
  EXPECT_EQ(complaint(expecting_expired({listed}), kExpired), there_is_none);
  const LibraryEnding otherwise{.endings = {Ending::certificate_not_trusted},
                                .says = "who is that?"};
  EXPECT_EQ(complaint(expecting_expired({listed}), otherwise),
            "old: pkix expects certificate-expired, validation-failure, but openssl "
            "(certificate-not-trusted) says `who is that?`\n" +
                there_is_none);
}

}  // namespace
}  // namespace startle::certs
