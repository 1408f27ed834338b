// Lines of pipes and files, as they come and as they end.

#include "harness/net/line_input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;

class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0); }
  ~Pipe() {
    ::close(ends_[0]);
    close_writing();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reading() const { return ends_[0]; }
  void write(std::string_view bytes) const {
    EXPECT_EQ(::write(ends_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void close_writing() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

Task<void> read_all(LineInput& input, std::vector<Line>& lines) {
  while (auto line = co_await input.next()) lines.push_back(*line);
}

std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> all;
  for (const Line& line : lines) all.push_back(std::to_string(line.number) + " " + line.text);
  return all;
}

TEST(LineInput, GivesLinesAsTheyComeAndTheLastWithoutItsEnd) {
  RealWorld world;
  Pipe pipe;
  LineInput input(world, pipe.reading());
  std::vector<Line> lines;
  world.spawn(read_all(input, lines));
  pipe.write("one\ntw");
  EXPECT_FALSE(world.run(world.now() + 1ms));
  pipe.write("o\n\nfour");
  pipe.close_writing();
  EXPECT_TRUE(world.run(world.now() + 60s));
  EXPECT_EQ(texts(lines), (std::vector<std::string>{"1 one", "2 two", "3 ", "4 four"}));
}

TEST(LineInput, LeavesTheDescriptorAsItIs) {
  RealWorld world;
  Pipe pipe;
  LineInput input(world, pipe.reading());
  std::vector<Line> lines;
  world.spawn(read_all(input, lines));
  EXPECT_FALSE(world.run(world.now() + 1ms));
  EXPECT_EQ(::fcntl(pipe.reading(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(LineInput, EndsWhenInterrupted) {
  RealWorld world;
  Pipe pipe;
  LineInput input(world, pipe.reading());
  std::vector<Line> lines;
  world.spawn(read_all(input, lines));
  pipe.write("one\nhalf");
  EXPECT_FALSE(world.run(world.now() + 1ms));
  input.interrupt();
  EXPECT_TRUE(world.run(world.now() + 60s));
  world.spawn(read_all(input, lines));
  EXPECT_TRUE(world.run(world.now() + 60s));
  EXPECT_EQ(texts(lines), std::vector<std::string>{"1 one"});
}

TEST(LineInput, CutsALineThatIsTooLong) {
  RealWorld world;
  Pipe pipe;
  LineInput input(world, pipe.reading(), 4);
  std::vector<Line> lines;
  world.spawn(read_all(input, lines));
  pipe.write("four\nmore than four");
  EXPECT_FALSE(world.run(world.now() + 1ms));
  pipe.write(", much more\nlast");
  pipe.close_writing();
  EXPECT_TRUE(world.run(world.now() + 60s));
  EXPECT_EQ(texts(lines), (std::vector<std::string>{"1 four", "2 more", "3 last"}));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_FALSE(lines[0].too_long);
  EXPECT_TRUE(lines[1].too_long);
  EXPECT_FALSE(lines[2].too_long);
}

// It would be read for ever, at the cost of everything else.
TEST(LineInput, GivesUpALineWithoutEndAndLetsOthersHaveTheirTurn) {
  RealWorld world;
  const int zero = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(zero, 0);
  LineInput input(world, zero, 1 << 16);
  std::vector<Line> lines;
  world.spawn(read_all(input, lines));
  bool had_its_turn = false;
  const auto turn = [&]() -> Task<void> {
    co_await world.sleep_until(world.now());
    had_its_turn = lines.empty();
  };
  world.spawn(turn());
  EXPECT_TRUE(world.run(world.now() + 60s));
  EXPECT_TRUE(had_its_turn);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].too_long);
  EXPECT_EQ(lines[0].text.size(), 1U << 16);
  EXPECT_EQ(input.failure(), "line 1 has more than 1048576 octets, and no end");
  ::close(zero);
}

TEST(LineInput, TellsWhyItCouldNotRead) {
  RealWorld world;
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(folder, 0);
  LineInput input(world, folder);
  std::vector<Line> lines;
  world.spawn(read_all(input, lines));
  EXPECT_TRUE(world.run(world.now() + 60s));
  EXPECT_EQ(input.failure(), "cannot be read: Is a directory");
  ::close(folder);
}

// epoll refuses these: nobody ever waits for them.
TEST(LineInput, ReadsFilesAndDevices) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "lines";
  write_file(file, "one\ntwo\n");
  RealWorld world;
  for (const auto& [path, count] :
       {std::pair(file.string(), 2U), std::pair(std::string("/dev/null"), 0U)}) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_GE(descriptor, 0);
    LineInput input(world, descriptor);
    std::vector<Line> lines;
    world.spawn(read_all(input, lines));
    EXPECT_TRUE(world.run(world.now() + 60s));
    EXPECT_EQ(lines.size(), count) << path;
    EXPECT_EQ(input.failure(), "") << path;
    ::close(descriptor);
  }
}

}  // namespace
}  // namespace startle::net
