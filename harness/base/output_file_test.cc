// What was there stays until all is written; what a crash leaves goes; what must not be replaced is
// not.

#include "harness/base/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle {
namespace {

namespace fs = std::filesystem;

class Output : public testing::Test {
 protected:
  fs::path file(const std::string& name = "report.json") const { return folder_.path() / name; }
  std::string content(const std::string& name = "report.json") const {
    return read_file(file(name), 1 << 20);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      all.push_back(entry.path().filename().string());
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0);
    return about.st_mode & 07777U;
  }
  TemporaryFolder folder_{};
};

using Names = std::vector<std::string>;

TEST_F(Output, StaysAsItWasUntilAllIsWritten) {
  write_file(file(), "an earlier one");
  OutputFile out(file());
  out.stream() << "half of " << std::flush;
  EXPECT_EQ(content(), "an earlier one");
  out.stream() << "it";
  out.finish();
  EXPECT_EQ(content(), "half of it");
  EXPECT_EQ(names(), Names{"report.json"});
}

TEST_F(Output, ThatIsNotFinishedLeavesNothing) {
  write_file(file(), "an earlier one");
  { OutputFile(file()).stream() << "half" << std::flush; }
  { OutputFile(file("new.json")).stream() << "half" << std::flush; }
  EXPECT_EQ(content(), "an earlier one");
  EXPECT_EQ(names(), Names{"report.json"});
}

TEST_F(Output, OfAProcessThatIsKilledIsRemovedByTheNextWhoWritesIt) {
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    OutputFile out(file());
    out.stream() << "half" << std::flush;
    static_cast<void>(!::write(ready[1], "x", 1));
    while (true) ::pause();
  }
  char mark = 0;
  ASSERT_EQ(::read(ready[0], &mark, 1), 1);
  // It still writes: it is nobody's to remove.
  { const OutputFile other(file()); }
  EXPECT_EQ(names(), Names{"report.json.startle-" + std::to_string(child) + "-1"});
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  for (const int fd : ready) ::close(fd);
  { const OutputFile other(file("another.json")); }
  EXPECT_EQ(names().size(), 1U) << "another file's is no business of this one";
  OutputFile(file()).finish();
  EXPECT_EQ(names(), Names{"report.json"});
}

TEST_F(Output, KeepsTheModeOfWhatItReplaces) {
  write_file(file(), "x");
  for (const mode_t mode : {0600, 0640, 0666}) {
    ASSERT_EQ(::chmod(file().c_str(), mode), 0);
    OutputFile(file()).finish();
    EXPECT_EQ(mode_of(file()), mode);
  }
}

TEST_F(Output, ForItsOwnerAloneTakesWhatOthersCouldRead) {
  for (const mode_t mode : {0600, 0640, 0666}) {
    write_file(file(), "x");
    ASSERT_EQ(::chmod(file().c_str(), mode), 0);
    OutputFile out(file(), OutputFile::How::replaced, OutputFile::Readers::owner_alone);
    out.stream() << "secret";
    out.finish();
    EXPECT_EQ(mode_of(file()), 0600U);
    EXPECT_EQ(read_file(file(), 99), "secret");
  }
  OutputFile(file("new"), OutputFile::How::replaced, OutputFile::Readers::owner_alone).finish();
  EXPECT_EQ(mode_of(file("new")), 0600U);
}

TEST_F(Output, OfANewNameHasTheModeThatTheUmaskLeaves) {
  const mode_t before = ::umask(027);
  OutputFile(file()).finish();
  ::umask(before);
  EXPECT_EQ(mode_of(file()), 0640U);
}

TEST_F(Output, FollowsSymbolicLinks) {
  fs::create_directory(file("there"));
  fs::create_symlink("there/real.json", file("link.json"));
  for (const char* text : {"new", "again"}) {
    OutputFile out(file("link.json"));
    out.stream() << text;
    out.finish();
    EXPECT_EQ(content("there/real.json"), text);
    EXPECT_TRUE(fs::is_symlink(file("link.json")));
  }
}

TEST_F(Output, ThroughLinksInACircleIsRefused) {
  fs::create_symlink("b", file("a"));
  fs::create_symlink("a", file("b"));
  EXPECT_THROW(OutputFile{file("a")}, Error);
}

TEST_F(Output, IsWrittenToAPipeAsItComes) {
  ASSERT_EQ(::mkfifo(file("pipe").c_str(), 0600), 0);
  const int reader = ::open(file("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  OutputFile out(file("pipe"));
  out.stream() << "line\n" << std::flush;
  std::array<char, 16> got{};
  EXPECT_EQ(::read(reader, got.data(), got.size()), 5);
  out.finish();
  ::close(reader);
  EXPECT_EQ(names(), Names{"pipe"});
}

TEST_F(Output, ToADescriptorByItsNameGoesWhereThatStands) {
  const int fd = ::open(file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(::write(fd, "before\n", 7), 7);
  OutputFile out("/dev/fd/" + std::to_string(fd));
  EXPECT_EQ(named_descriptor("/dev/fd/" + std::to_string(fd)), fd);
  out.stream() << "behind\n";
  out.finish();
  ASSERT_EQ(::write(fd, "end\n", 4), 4);
  ::close(fd);
  EXPECT_EQ(content(), "before\nbehind\nend\n");
  EXPECT_EQ(named_descriptor("/dev/stdout"), STDOUT_FILENO);
  EXPECT_EQ(named_descriptor("/dev/null"), -1);
}

TEST_F(Output, MayBePutInPlaceBeforeItsEnd) {
  write_file(file(), "an earlier one");
  {
    OutputFile out(file());
    out.stream() << "one\n";
    out.put_in_place();
    EXPECT_EQ(content(), "one\n");
    out.stream() << "two\n" << std::flush;
    EXPECT_EQ(content(), "one\ntwo\n");
  }
  EXPECT_EQ(content(), "one\ntwo\n");
}

TEST_F(Output, GoesOnBehindWhatIsThere) {
  write_file(file(), "one\ntwo\nto");
  write_file(file("report.json.startle-1-1"), "of one that was killed");
  OutputFile out(file(), OutputFile::How::continued);
  EXPECT_EQ(content(), "one\ntwo\nto");
  out.cut(8);
  out.stream() << "three\n";
  out.finish();
  EXPECT_EQ(content(), "one\ntwo\nthree\n");
  EXPECT_EQ(names(), Names{"report.json"});
}

// Root may write anywhere: so it does not try.
TEST_F(Output, ReplacesTheContentWhereNothingCanBeMadeBesideIt) {
  write_file(file(), "an earlier one, longer");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::chmod(file().c_str(), 0666) != 0 || ::chmod(folder_.path().c_str(), 0755) != 0) _exit(9);
    if (::geteuid() == 0 && ::setuid(65534) != 0) _exit(8);
    if (::chmod(folder_.path().c_str(), 0555) != 0 && ::access(folder_.path().c_str(), W_OK) == 0) {
      _exit(7);
    }
    try {
      OutputFile out(file());
      out.stream() << "new";
      if (read_file(file(), 100) != "an earlier one, longer") _exit(6);
      out.put_in_place();
      out.stream() << " and more";
      out.finish();
      bool refused = false;
      try {
        const OutputFile other(folder_.path() / "other");
      } catch (const Error&) {
        refused = true;
      }
      _exit(refused ? 0 : 5);
    } catch (const std::exception&) {
      _exit(4);
    }
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  fs::permissions(folder_.path(), fs::perms::owner_all);
  EXPECT_EQ(status, 0) << WEXITSTATUS(status);
  EXPECT_EQ(content(), "new and more");
}

TEST_F(Output, ThatCannotBeWrittenSaysWhyAndLeavesTheEarlierOne) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  OutputFile full("/dev/full");
  full.stream() << "text";
  try {
    full.finish();
    ADD_FAILURE() << "a full disk took it";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "/dev/full: cannot be written: No space left on device");
  }
  try {
    const OutputFile none(file("no") / "such");
    ADD_FAILURE() << "there is no such folder";
  } catch (const Error& e) {
    EXPECT_EQ(e.what(),
              file("no/such").string() + ": cannot be written: No such file or directory");
  }
  EXPECT_THROW(OutputFile{folder_.path()}, Error);
}

TEST_F(Output, IsOneFileUnderAllItsNames) {
  write_file(file("a"), "");
  write_file(file("b"), "");
  fs::create_symlink("a", file("link"));
  fs::create_hard_link(file("a"), file("hard"));
  for (const char* name : {"a", "link", "hard"}) {
    EXPECT_TRUE(are_one_file(file("a"), file(name))) << name;
    EXPECT_FALSE(are_one_file(file("b"), file(name))) << name;
  }
  EXPECT_FALSE(are_one_file("/dev/null", "/dev/null")) << "it has nothing to lose";
  EXPECT_FALSE(are_one_file(file("none"), file("none")));
}

}  // namespace
}  // namespace startle
