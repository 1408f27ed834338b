#include "harness/pcapng/evidence.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/pcapng/capture_for_test.h"

namespace startle::pcapng {
namespace {

namespace fs = std::filesystem;

class EvidenceTest : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  std::string content(const std::string& name) const { return read_file(path(name), 1 << 24); }
  std::vector<Block> blocks(const std::string& name) const { return read_capture(content(name)); }
  TemporaryFolder folder_{};
};

const std::string kLine = "CLIENT_RANDOM 00 11\n";

TEST_F(EvidenceTest, HoldsWhatWasAddedInItsOrder) {
  Evidence evidence({.pcap = path("a.pcapng"), .key_log = path("a.keys"), .application = "x 1"});
  evidence.add_packets(Time(std::chrono::seconds(5)), {"one", "two"}, "smtp/a");
  evidence.add_secret(kLine);
  evidence.add_packets(Time(std::chrono::seconds(6)), {"three"});
  EXPECT_EQ(evidence.finish(), "");
  const std::vector<Block> all = blocks("a.pcapng");
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].kind, Block::Kind::section);
  EXPECT_EQ(all[0].application, "x 1");
  EXPECT_NE(all[0].comment.find("Holds the secrets"), std::string::npos) << all[0].comment;
  EXPECT_EQ(all[1].kind, Block::Kind::interface);
  EXPECT_EQ(all[2].content, "one");
  EXPECT_EQ(all[2].comment, "smtp/a");
  EXPECT_EQ(all[2].time, 5'000'000'000U);
  EXPECT_EQ(all[3].comment, "");
  EXPECT_EQ(all[4].kind, Block::Kind::secrets);
  EXPECT_EQ(all[4].content, kLine);
  EXPECT_EQ(all[5].content, "three");
  EXPECT_EQ(content("a.keys"), kLine);
}

TEST_F(EvidenceTest, WithheldSecretsAreInTheKeyLogAlone) {
  Evidence evidence({.pcap = path("a.pcapng"),
                     .key_log = path("a.keys"),
                     .secrets = Evidence::Secrets::withheld});
  evidence.add_secret(kLine);
  EXPECT_EQ(evidence.finish(), "");
  EXPECT_EQ(blocks("a.pcapng").size(), 2U);
  EXPECT_NE(blocks("a.pcapng")[0].comment.find("Holds no secret"), std::string::npos);
  EXPECT_EQ(content("a.keys"), kLine);
}

// Whoever is killed leaves them; before that, what was there.
TEST_F(EvidenceTest, WhatIsAddedStandsInTheFileAtOnce) {
  write_file(path("a.pcapng"), "before");
  Evidence evidence({.pcap = path("a.pcapng")});
  EXPECT_EQ(content("a.pcapng"), "before");
  for (std::size_t i = 1; i < 4; ++i) {
    evidence.add_packets(Time{}, {"packet"});
    EXPECT_EQ(blocks("a.pcapng").size(), 2 + i);
  }
}

TEST_F(EvidenceTest, NothingAddedIsAFileWithoutPackets) {
  Evidence evidence({.pcap = path("a.pcapng"), .key_log = path("a.keys")});
  EXPECT_EQ(evidence.finish(), "");
  EXPECT_EQ(blocks("a.pcapng").size(), 2U);
  EXPECT_EQ(content("a.keys"), "");
}

TEST_F(EvidenceTest, ItIsForItsOwnerAlone) {
  write_file(path("a.pcapng"), "before");
  ASSERT_EQ(::chmod(path("a.pcapng").c_str(), 0644), 0);
  Evidence evidence({.pcap = path("a.pcapng"), .key_log = path("a.keys")});
  evidence.add_secret(kLine);
  EXPECT_EQ(evidence.finish(), "");
  for (const char* name : {"a.pcapng", "a.keys"}) {
    EXPECT_EQ(fs::status(path(name)).permissions(), fs::perms::owner_read | fs::perms::owner_write)
        << name;
  }
}

TEST_F(EvidenceTest, WhereNoFileCanBeMadeIsSaidAtOnce) {
  try {
    const Evidence evidence({.pcap = path("missing/a.pcapng")});
    FAIL() << "there is no such folder";
  } catch (const Error& e) {
    EXPECT_EQ(e.what(),
              path("missing/a.pcapng").string() + ": cannot be written: No such file or directory");
  }
}

TEST_F(EvidenceTest, AFullDiskIsToldOnceAndEndsIt) {
  Evidence evidence({.pcap = "/dev/full", .key_log = path("a.keys")});
  int told = 0;
  evidence.on_failure([&] { ++told; });
  EXPECT_FALSE(evidence.has_failed());
  evidence.add_packets(Time{}, {"packet"});
  EXPECT_TRUE(evidence.has_failed());
  evidence.add_packets(Time{}, {"packet"});
  evidence.add_secret(kLine);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(evidence.finish(), "/dev/full: cannot be written: No space left on device");
}

TEST_F(EvidenceTest, WhatComesBehindItsEndIsNothing) {
  Evidence evidence({.pcap = path("a.pcapng")});
  evidence.add_packets(Time{}, {"packet"});
  EXPECT_EQ(evidence.finish(), "");
  evidence.add_packets(Time{}, {"packet"});
  EXPECT_EQ(evidence.finish(), "");
  EXPECT_EQ(blocks("a.pcapng").size(), 3U);
}

TEST_F(EvidenceTest, ManyThreadsWriteWholeBlocks) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 50;
  Evidence evidence({.pcap = path("a.pcapng"), .key_log = path("a.keys")});
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&evidence, t] {
        for (std::size_t i = 0; i < kEach; ++i) {
          evidence.add_packets(Time{}, {std::string(i + 1, static_cast<char>('a' + t)), "next"});
          evidence.add_secret(kLine);
        }
      });
    }
  }
  EXPECT_EQ(evidence.finish(), "");
  const std::vector<Block> all = blocks("a.pcapng");
  EXPECT_EQ(all.size(), 2 + kThreads * kEach * 3);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i].kind != Block::Kind::packet || all[i].content == "next") continue;
    EXPECT_EQ(all[i + 1].content, "next");  // of one call, they stand together
  }
  EXPECT_EQ(content("a.keys").size(), kThreads * kEach * kLine.size());
}

}  // namespace
}  // namespace startle::pcapng
