#include "harness/subject/task_folder.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/subject/trial_for_test.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;

struct HostsRow {
  const char* name;
  const char* host;
  const char* lines;
};

void PrintTo(const HostsRow& row, std::ostream* out) {
  *out << row.name;
}

const HostsRow kHosts[] = {
    {"Usual", "mail.example.test", "1.2.3.4 localhost\n1.2.3.4 mail.example.test\n"},
    {"Localhost", "localhost", "1.2.3.4 localhost\n"},
    {"UpperCase", "MAIL.test", "1.2.3.4 MAIL.test\n1.2.3.4 localhost\n1.2.3.4 mail.test\n"},
    {"WithADot", "a.test.", "1.2.3.4 a.test\n1.2.3.4 a.test.\n1.2.3.4 localhost\n"},
    {"International", "b\xc3\xbc\x63her.test",
     "1.2.3.4 b\xc3\xbc\x63her.test\n1.2.3.4 localhost\n1.2.3.4 xn--bcher-kva.test\n"},
    {"Nothing", "", "1.2.3.4 localhost\n"},
    {"ADotAlone", ".", "1.2.3.4 localhost\n"},
    {"AnAddress", "192.0.2.7", "1.2.3.4 localhost\n"},
    {"AnAddressOfSix", "2001:db8::7", "1.2.3.4 localhost\n"},
    {"ALineOfItsOwn", "a.test\n6.6.6.6 bank.test", "1.2.3.4 localhost\n"},
    {"AComment", "a#b", "1.2.3.4 localhost\n"},
};

class HostsTest : public testing::TestWithParam<HostsRow> {};

TEST_P(HostsTest, NameTheServer) {
  EXPECT_EQ(hosts_lines(GetParam().host, "1.2.3.4"), GetParam().lines);
}
INSTANTIATE_TEST_SUITE_P(All, HostsTest, testing::ValuesIn(kHosts),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(TaskFolder, GoesWithTheTaskUnlessItIsHandedOver) {
  fs::path path;
  {
    TaskFolder folder(std::nullopt);
    path = folder.path();
    const std::string file = folder.write("a/b/c", "x");
    EXPECT_EQ(file, path / "a/b/c");
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  }
  EXPECT_FALSE(fs::exists(path));
  {
    TaskFolder folder(std::nullopt);
    path = folder.path();
    folder.hand_over();
  }
  EXPECT_TRUE(fs::remove(path));
}

TEST(TaskFolder, MayStandWithinAnother) {
  const TaskFolder around(std::nullopt);
  fs::path path;
  {
    const TaskFolder folder(std::nullopt, around.path());
    path = folder.path();
    EXPECT_EQ(path.parent_path(), around.path());
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(around.path()));
}

TEST(TaskFiles, AreWhatTheTaskSays) {
  NoConnector connector;
  client::Settings settings;
  settings.host = "mail.test";
  settings.trust = settings.host;
  settings.password = std::string("p\0w", 3);
  const ExchangeRequest request{
      .connector = connector,
      .endpoint = {.address = "127.0.0.1", .port = 1},
      .settings = settings,
      .trust = {.authorities = "A", .revocation_lists = "R", .certificate = "C", .key = "K"}};
  const TaskFolder folder(std::nullopt);
  const TaskFiles files = write_task_files(folder, request);
  // And this machine, whose name clients look up to say it in EHLO.
  EXPECT_EQ(read_file(files.hosts, 1000),
            hosts_lines("mail.test", "127.0.0.1") + own_host_line("127.0.0.1"));
  EXPECT_EQ(read_file(files.password, 100), *settings.password);
  EXPECT_EQ(read_file(files.message, 1000), settings.message);
  EXPECT_EQ(read_file(files.trust.authorities.value(), 100), "A");
  EXPECT_EQ(read_file(files.trust.revocation_lists.value(), 100), "R");
  EXPECT_EQ(read_file(files.trust.certificate.value(), 100), "C");
  EXPECT_EQ(read_file(files.trust.key.value(), 100), "K");
}

TEST(TaskFiles, AreThereWhateverAClientIsToldToMakeOfThem) {
  NoConnector connector;
  client::Settings settings;
  settings.host = "mail.test";
  settings.trust = "*";
  const ExchangeRequest request{.connector = connector,
                                .settings = settings,
                                .trust = {.authorities = "A", .revocation_lists = "R"}};
  const TaskFolder folder(std::nullopt);
  const TaskFiles files = write_task_files(folder, request);
  EXPECT_EQ(read_file(files.trust.authorities.value(), 100), "A");
  EXPECT_EQ(read_file(files.trust.revocation_lists.value(), 100), "R");
  EXPECT_EQ(files.password, "") << "there is none";
}

}  // namespace
}  // namespace startle::subject
