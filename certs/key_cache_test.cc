// Keys between runs: what is kept, with which modes, and what is not believed.

#include "certs/key_cache.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

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

  std::vector<std::string> told{};
  KeyCache cache() {
    return KeyCache(folder, [this](const std::string& sentence) { told.push_back(sentence); });
  }
  void keep() { cache().keep(KeyKind::rsa_512, 0, key.get()); }
  std::string found() { return written(cache().find(KeyKind::rsa_512, 0)); }
  // All sentences since the last call.
  std::string sentences() {
    std::string all;
    for (const std::string& one : std::exchange(told, {})) all += one + "\n";
    return all;
  }
};

TEST_F(KeyCacheTest, KeepsAKeyForItsOwnerAlone) {
  EXPECT_EQ(found(), "none");
  keep();
  EXPECT_EQ(found(), key_to_pem(key.get()));
  EXPECT_EQ(mode_of(folder), fs::perms::owner_all);
  EXPECT_EQ(mode_of(file), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1)
      << "nothing is left beside it";
  EXPECT_EQ(written(cache().find(KeyKind::rsa_512, 1)), "none");
  EXPECT_EQ(sentences(), "") << "there is nothing to mend";
}

TEST_F(KeyCacheTest, BelievesNoFileThatOthersCouldRead) {
  keep();
  fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(found(), "none");
  EXPECT_EQ(sentences(),
            file.string() + ": others could have read or written it: the key is made anew\n");
  keep();
  EXPECT_EQ(found(), key_to_pem(key.get())) << "it is replaced";
}

TEST_F(KeyCacheTest, BelievesNoFolderThatOthersCouldWriteTo) {
  keep();
  fs::permissions(folder, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(found(), "none");
  EXPECT_EQ(sentences(), folder.string() +
                             ": is open to other users (its mode is to be 700): no key is kept "
                             "from run to run\n");
}

TEST_F(KeyCacheTest, BelievesNothingOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "to give files away, one has to be root";
  constexpr uid_t kNobody = 65534;
  keep();
  ASSERT_EQ(::chown(file.c_str(), kNobody, static_cast<gid_t>(-1)), 0);
  EXPECT_EQ(found(), "none");
  sentences();
  ASSERT_EQ(::chown(folder.c_str(), kNobody, static_cast<gid_t>(-1)), 0);
  EXPECT_EQ(found(), "none");
  EXPECT_EQ(sentences(),
            folder.string() + ": belongs to another user: no key is kept from run to run\n");
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

TEST_F(KeyCacheTest, BelievesNoFileThatIsNotWhatWasWritten) {
  keep();
  const std::string whole = read_file(file, 4096);
  const std::string pem = key_to_pem(key.get());
  const std::string other = key_to_pem(generate_key(KeyKind::ecdsa_p256).get());
  for (const std::string& content :
       {std::string(), whole.substr(0, 100), whole.substr(0, whole.size() - 1), "x" + pem,
        "\n" + other, KeyCache::content(KeyKind::rsa_512, 1, pem), whole + "\n"}) {
    write_file(file, content, true);
    EXPECT_EQ(found(), "none") << content;
    EXPECT_EQ(sentences(),
              file.string() + ": is not what was written there: the key is made anew\n");
  }
  write_file(file, pem, true);
  EXPECT_EQ(found(), "none");
  EXPECT_EQ(sentences(), "") << "an earlier version wrote so";
  write_file(file, std::string(100'000, 'x'), true);
  EXPECT_EQ(found(), "none");
  EXPECT_EQ(sentences(), file.string() + ": is longer than 65536 bytes: the key is made anew\n");
}

TEST_F(KeyCacheTest, BelievesNoFileWithOneFlippedBit) {
  keep();
  const std::string whole = read_file(file, 4096);
  for (std::size_t octet = 0; octet < whole.size(); octet += 5) {
    std::string flipped = whole;
    flipped[octet] = static_cast<char>(flipped[octet] ^ (1 << (octet % 7)));
    write_file(file, flipped, true);
    ASSERT_EQ(found(), "none") << "octet " << octet;
  }
  EXPECT_EQ(told.size(), (whole.size() + 4) / 5) << "a sentence each";
}

// As though another version had written it.
TEST_F(KeyCacheTest, BelievesNoKeyThatDoesNotSignOrIsOfAnotherKind) {
  const std::string good = key_to_pem(key.get());
  std::string halves = good;
  const std::size_t modulus = good.find('\n') + 1 + 64;  // in the second line of base64
  halves[modulus] = halves[modulus] == 'A' ? 'B' : 'A';
  keep();
  for (const std::string& pem :
       {halves, key_to_pem(generate_key(KeyKind::ecdsa_p384).get()), std::string("no key\n")}) {
    write_file(file, KeyCache::content(KeyKind::rsa_512, 0, pem), true);
    EXPECT_EQ(found(), "none") << pem;
    EXPECT_EQ(sentences(),
              file.string() + ": holds no rsa-512 key that signs: the key is made anew\n");
  }
}

TEST_F(KeyCacheTest, EveryKindOfKeyIsKeptAndFoundAgain) {
  for (const KeyKind kind : {KeyKind::ecdsa_p256, KeyKind::ecdsa_p521, KeyKind::ed25519,
                             KeyKind::ed448, KeyKind::rsa_1024, KeyKind::rsa_pss_2048}) {
    const tls::PrivateKey made = generate_key(kind);
    cache().keep(kind, 3, made.get());
    EXPECT_EQ(written(cache().find(kind, 3)), key_to_pem(made.get())) << word(kind);
  }
  EXPECT_EQ(sentences(), "");
}

TEST_F(KeyCacheTest, ClearsWhatKilledProcessesLeftHalfWritten) {
  keep();
  const auto left = [&](const char* name, std::chrono::hours age) {
    write_file(folder / name, "half", true);
    fs::last_write_time(folder / name, fs::file_time_type::clock::now() - age);
  };
  left("new-a1B2c3", std::chrono::hours(2));
  left("new-d4E5f6", std::chrono::hours(0));  // perhaps of a process that lives
  left("new-somewhat", std::chrono::hours(2));
  left("rsa-512-9.pem", std::chrono::hours(2));
  fs::create_directory(folder / "new-folder");
  cache();
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  EXPECT_EQ(names, (std::set<std::string>{"new-d4E5f6", "new-folder", "new-somewhat",
                                          "rsa-512-0.pem", "rsa-512-9.pem"}));
}

TEST_F(KeyCacheTest, IsNeverAReasonToFail) {
  write_file(temporary.path() / "cache", "a file where a folder should be");
  keep();
  EXPECT_EQ(found(), "none");
  sentences();
  KeyCache(fs::path()).keep(KeyKind::rsa_512, 0, key.get());
  EXPECT_EQ(written(KeyCache(fs::path()).find(KeyKind::rsa_512, 0)), "none");
  fs::remove(temporary.path() / "cache");
  fs::create_directories(file / "a folder where a file should be");
  fs::permissions(folder, fs::perms::owner_all);
  keep();
  EXPECT_EQ(found(), "none");
  EXPECT_EQ(sentences(), file.string() + ": the key is not kept: Is a directory\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

// As on a full disk.
TEST_F(KeyCacheTest, AKeyThatCannotBeWrittenWholeIsNotKept) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto told_of_signal = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 100, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  keep();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, told_of_signal);
  EXPECT_TRUE(fs::is_empty(folder));
  const std::string said = sentences();
  EXPECT_NE(said.find(file.string() + ": the key is not kept: "), std::string::npos) << said;
  EXPECT_NE(said.find("File too large"), std::string::npos) << said;
  keep();
  EXPECT_EQ(found(), key_to_pem(key.get()));
}

TEST_F(KeyCacheTest, ProcessesThatKeepTheSameKeyAtOnceLeaveOneOfThem) {
  const tls::PrivateKey other = generate_key(KeyKind::rsa_512);
  const auto keep_often = [&](gnutls_x509_privkey_t one) {
    const KeyCache own(folder);
    for (int i = 0; i < 20; ++i) own.keep(KeyKind::rsa_512, 0, one);
  };
  keep();
  std::thread first([&] { keep_often(key.get()); });
  std::thread second([&] { keep_often(other.get()); });
  for (int i = 0; i < 20; ++i) EXPECT_NE(found(), "none");
  first.join();
  second.join();
  EXPECT_TRUE(found() == key_to_pem(key.get()) || found() == key_to_pem(other.get()));
  EXPECT_EQ(sentences(), "");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
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
