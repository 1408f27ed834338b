#include "harness/subject/launch_order.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace startle::subject {
namespace {

LaunchOrder full() {
  return {.arguments = {"/bin/true", "", "a b\n"},
          .environment = {"A=1", std::string("B=\0x", 4)},
          .folder = "/a/home",
          .hosts = "/a/home/hosts",
          .user = 65534,
          .group = 65533,
          .deadline = std::chrono::milliseconds(1500),
          .most_on_disk = 1ULL << 40};
}

void expect_equal(const LaunchOrder& one, const LaunchOrder& other) {
  EXPECT_EQ(one.arguments, other.arguments);
  EXPECT_EQ(one.environment, other.environment);
  EXPECT_EQ(one.folder, other.folder);
  EXPECT_EQ(one.hosts, other.hosts);
  EXPECT_EQ(one.user, other.user);
  EXPECT_EQ(one.group, other.group);
  EXPECT_EQ(one.deadline, other.deadline);
  EXPECT_EQ(one.most_on_disk, other.most_on_disk);
}

TEST(LaunchOrder, ComesAsItWent) {
  for (const LaunchOrder& order : {full(), LaunchOrder{}}) {
    const auto got = unpacked(packed(order));
    ASSERT_TRUE(got.has_value());
    expect_equal(*got, order);
  }
}

TEST(LaunchOrder, IsWaitedForUntilItIsWhole) {
  const std::string bytes = packed(full());
  for (std::size_t have = 0; have < bytes.size(); ++have) {
    EXPECT_FALSE(unpacked(bytes.substr(0, have)).has_value()) << have;
  }
}

TEST(LaunchOrder, ThatIsWholeAndSaysLessIsAMistakeOfOurs) {
  // Its own length is right, a string's goes beyond it.
  std::string bytes = packed(full());
  constexpr std::size_t kFirstLength = 2 * sizeof(std::uint64_t);
  for (const char length : {'\x7f', '\xff'}) {
    for (std::size_t i = 0; i < sizeof(std::uint64_t); ++i) bytes[kFirstLength + i] = length;
    EXPECT_THROW(unpacked(bytes), Error);
  }
}

}  // namespace
}  // namespace startle::subject
