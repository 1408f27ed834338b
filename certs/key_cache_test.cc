// Keys between runs: what is kept, with which modes, and what is not believed.

#include "certs/key_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "certs/catalogue_for_test.h"
#include "certs/key_pool.h"
#include "certs/mint.h"
#include "harness/base/file.h"

namespace startle::certs {
namespace {

namespace fs = std::filesystem;

fs::perms mode_of(const fs::path& path) {
  return fs::status(path).permissions();
}

std::string written(const tls::PrivateKey& key) {
  return key ? key_to_pem(key.get()) : "none";
}

struct KeyCacheTest : testing::Test {
  TemporaryFolder temporary{};
  fs::path folder = temporary.path() / "cache" / "startle" / "keys";
  fs::path file = folder / "rsa-512-0.pem";
  tls::PrivateKey key = generate_key(KeyKind::rsa_512);

  void keep() const { KeyCache(folder).keep(KeyKind::rsa_512, 0, key.get()); }
  std::string found() const { return written(KeyCache(folder).find(KeyKind::rsa_512, 0)); }
};

TEST_F(KeyCacheTest, KeepsAKeyForItsOwnerAlone) {
  EXPECT_EQ(found(), "none");
  keep();
  EXPECT_EQ(found(), key_to_pem(key.get()));
  EXPECT_EQ(mode_of(folder), fs::perms::owner_all);
  EXPECT_EQ(mode_of(file), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1)
      << "nothing is left beside it";
  EXPECT_EQ(written(KeyCache(folder).find(KeyKind::rsa_512, 1)), "none");
}

TEST_F(KeyCacheTest, BelievesNoFileThatOthersCouldRead) {
  keep();
  fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(found(), "none");
  keep();
  EXPECT_EQ(found(), key_to_pem(key.get())) << "it is replaced";
}

TEST_F(KeyCacheTest, BelievesNoFolderThatOthersCouldWriteTo) {
  keep();
  fs::permissions(folder, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(found(), "none");
}

TEST_F(KeyCacheTest, FollowsNoLink) {
  keep();
  const fs::path elsewhere = temporary.path() / "elsewhere.pem";
  fs::rename(file, elsewhere);
  fs::create_symlink(elsewhere, file);
  EXPECT_EQ(found(), "none");
  fs::create_symlink(folder, temporary.path() / "linked");
  EXPECT_EQ(written(KeyCache(temporary.path() / "linked").find(KeyKind::rsa_512, 0)), "none");
}

TEST_F(KeyCacheTest, BelievesNoFileThatIsNoSuchKey) {
  const std::string whole = key_to_pem(key.get());
  const std::string other = key_to_pem(generate_key(KeyKind::ecdsa_p256).get());
  for (const std::string& content : {std::string(), whole.substr(0, 100), other}) {
    keep();
    write_file(file, content, true);
    EXPECT_EQ(found(), "none") << content;
  }
}

TEST_F(KeyCacheTest, IsNeverAReasonToFail) {
  write_file(temporary.path() / "cache", "a file where a folder should be");
  keep();
  EXPECT_EQ(found(), "none");
  KeyCache(fs::path()).keep(KeyKind::rsa_512, 0, key.get());
  EXPECT_EQ(written(KeyCache(fs::path()).find(KeyKind::rsa_512, 0)), "none");
}

TEST_F(KeyCacheTest, AMintOfTheNextRunHasTheSameCostlyKeysAndNoOthers) {
  Recipe recipe = valid_recipe();
  recipe.leaf.key = KeyKind::rsa_512;
  Mint first(kTestClock, {.key_cache = folder});
  Mint next(kTestClock, {.key_cache = folder});
  Mint alone(kTestClock);
  const std::string key_of_first = first.chain(recipe, kTestHost)->leaf_key_pem;
  EXPECT_EQ(next.chain(recipe, kTestHost)->leaf_key_pem, key_of_first);
  EXPECT_NE(alone.chain(recipe, kTestHost)->leaf_key_pem, key_of_first);
  EXPECT_NE(next.chain(valid_recipe(), kTestHost)->leaf_key_pem,
            first.chain(valid_recipe(), kTestHost)->leaf_key_pem)
      << "a curve costs less than a file";
}

TEST(KeyPool, AuthoritiesHaveAKeyEach) {
  KeyPool pool{fs::path()};
  for (const KeyKind kind : {KeyKind::rsa_512, KeyKind::ecdsa_p256}) {
    const gnutls_x509_privkey_t end_entity = pool.end_entity_key(kind);
    const gnutls_x509_privkey_t one = pool.own_key(kind);
    const gnutls_x509_privkey_t other = pool.own_key(kind);
    EXPECT_EQ(pool.end_entity_key(kind), end_entity);
    EXPECT_NE(key_to_pem(one), key_to_pem(end_entity));
    EXPECT_NE(key_to_pem(one), key_to_pem(other));
  }
}

// Sets a variable of the environment for a while.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) {
    if (const char* now = std::getenv(name)) before_ = now;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  ~ScopedVariable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_{};
};

struct PlaceRow {
  const char* cache;
  const char* home;
  const char* place;
};

TEST(KeyCache, IsInTheUsersCacheFolder) {
  for (const PlaceRow& row : {PlaceRow{"/c", "/h", "/c/startle/keys"},
                              {nullptr, "/h", "/h/.cache/startle/keys"},
                              {"", "/h", "/h/.cache/startle/keys"},
                              {"relative", "/h", "/h/.cache/startle/keys"},
                              {nullptr, nullptr, ""},
                              {nullptr, "relative", ""}}) {
    const ScopedVariable cache("XDG_CACHE_HOME", row.cache);
    const ScopedVariable home("HOME", row.home);
    EXPECT_EQ(users_key_cache(), fs::path(row.place));
  }
}

}  // namespace
}  // namespace startle::certs
