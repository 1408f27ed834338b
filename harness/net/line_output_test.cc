// Lines to pipes, sockets and devices, whose readers are slow, stuck or gone.

#include "harness/net/line_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include "harness/base/file.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;

// What is written to one end, and read from the other.
class Ends {
 public:
  explicit Ends(bool sockets) {
    const int made = sockets ? ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data())
                             : ::pipe2(ends_.data(), O_CLOEXEC);
    EXPECT_EQ(made, 0);
  }
  ~Ends() {
    ::close(ends_[1]);
    close_reading();
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  int writing() const { return ends_[1]; }
  void close_reading() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  // What has arrived.
  std::string read() const {
    std::string all;
    std::array<char, 65536> some{};
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    for (ssize_t got = 0; (got = ::read(ends_[0], some.data(), some.size())) > 0;) {
      all.append(some.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

Task<void> wait_for_room(LineOutput& output) {
  co_await output.room();
}

Task<void> sleep(RealWorld& world, std::chrono::milliseconds how_long) {
  co_await world.sleep_until(world.now() + how_long);
}

class LineOutputTest : public testing::TestWithParam<bool> {
 protected:
  void let_it_turn() {
    world_.spawn(sleep(world_, 1ms));
    world_.run();
  }

  RealWorld world_;
  Ends ends_{GetParam()};
  bool failed_ = false;
  LineOutput::Calls calls_{.lost = [](std::size_t n) { return "lost " + std::to_string(n); },
                           .failed = [this] { failed_ = true; }};
};

TEST_P(LineOutputTest, WritesAtOnce) {
  LineOutput output(world_, ends_.writing(), calls_);
  output.write("one");
  output.write("two", true);
  EXPECT_EQ(ends_.read(), "one\ntwo\n");
  EXPECT_EQ(::fcntl(ends_.writing(), F_GETFL) & O_NONBLOCK, 0) << "the mode is the caller's";
  EXPECT_EQ(output.finish(), "");
}

TEST_P(LineOutputTest, WaitsForAReaderAndTellsHowMuchWasLost) {
  LineOutput output(world_, ends_.writing(), calls_, {.most_waiting = 4000, .patience = 60s});
  const std::string line(999, 'x');
  constexpr std::size_t kMany = 2000;  // ten times what a pipe holds, or a socket
  for (std::size_t i = 0; i < kMany; ++i) output.write(line);
  world_.spawn(wait_for_room(output));
  EXPECT_FALSE(world_.run(world_.now() + 1ms)) << "there is room";
  output.write("answer", true);
  std::string all = ends_.read();
  while (!world_.run(world_.now() + 1ms)) all += ends_.read();
  output.write("later");
  while (all.find("later\n") == std::string::npos) {
    let_it_turn();
    all += ends_.read();
  }
  EXPECT_EQ(output.finish(), "");
  const std::size_t answer = all.find("answer\n");
  const std::size_t lost = all.find("lost ");
  ASSERT_NE(lost, std::string::npos);
  ASSERT_NE(answer, std::string::npos);
  EXPECT_LT(lost, all.find("later"));
  const std::size_t told = std::stoul(all.substr(lost + 5));
  EXPECT_EQ(all.find("lost ", lost + 1), std::string::npos);
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = all.find(line + "\n", at)) != std::string::npos; ++at) ++lines;
  EXPECT_EQ(lines + told, kMany);
  EXPECT_FALSE(failed_);
}

// One line may be longer than all that may wait: it keeps no answer from whoever waits for it.
TEST_P(LineOutputTest, LosesNoAnswerBehindALongLine) {
  LineOutput output(world_, ends_.writing(), calls_, {.most_waiting = 1 << 18, .patience = 60s});
  const std::string line(1 << 20, 'x');
  output.write(line);
  output.write("event");
  output.write("answer", true);
  std::string all = ends_.read();
  for (int i = 0; i < 60000 && all.find("answer\n") == std::string::npos; ++i) {
    let_it_turn();
    all += ends_.read();
  }
  EXPECT_EQ(all.substr(line.size()), "\nlost 1\nanswer\n");
}

TEST_P(LineOutputTest, LearnsThatItsReaderIsGoneWithoutWriting) {
  LineOutput output(world_, ends_.writing(), calls_);
  output.write("one");
  EXPECT_EQ(ends_.read(), "one\n");
  let_it_turn();
  EXPECT_FALSE(failed_);
  ends_.close_reading();
  for (int i = 0; i < 60000 && !failed_; ++i) let_it_turn();
  EXPECT_TRUE(failed_);
  output.write("two");
  EXPECT_EQ(output.finish(), "nobody reads it any more");
}

TEST_P(LineOutputTest, GivesUpAReaderThatIsStuck) {
  LineOutput output(world_, ends_.writing(), calls_, {.most_waiting = 1 << 20, .patience = 20ms});
  for (int i = 0; i < 1000; ++i) output.write(std::string(1000, 'x'));
  world_.spawn(wait_for_room(output));
  EXPECT_TRUE(world_.run(world_.now() + 60s));
  const std::string why = output.finish();
  EXPECT_EQ(why.substr(0, 16), "nobody reads it:") << why;
  EXPECT_NE(why.find(" lines that waited are lost"), std::string::npos) << why;
}

TEST_P(LineOutputTest, FinishWaitsForAReaderThatReads) {
  LineOutput output(world_, ends_.writing(), calls_);
  output.write("one");
  EXPECT_EQ(output.finish(), "");
  EXPECT_EQ(ends_.read(), "one\n");
}

INSTANTIATE_TEST_SUITE_P(To, LineOutputTest, testing::Values(false, true), [](const auto& row) {
  return std::string(row.param ? "ASocket" : "APipe");
});

TEST(LineOutputToADevice, SaysWhyItCannotBeWritten) {
  RealWorld world;
  bool failed = false;
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  LineOutput output(world, full, {.lost = {}, .failed = [&] { failed = true; }});
  output.write("one");
  world.spawn(sleep(world, 1ms));
  world.run();
  EXPECT_TRUE(failed);
  EXPECT_EQ(output.finish(), "cannot be written: No space left on device");
  ::close(full);
}

TEST(LineOutputToADevice, WritesFilesWhole) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "lines";
  RealWorld world;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  LineOutput output(world, file, {});
  const std::string line((1 << 21) + 1, 'x');
  output.write(line);
  output.write("two");
  EXPECT_EQ(output.finish(), "");
  EXPECT_EQ(read_file(path, 1 << 22), line + "\ntwo\n");
  ::close(file);
}

}  // namespace
}  // namespace startle::net
