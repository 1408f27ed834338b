// The commands that mend a store, carried out word for word with Java's own keytool: the diagnosis
// is gone. What openssl would fetch from the server is a file here, and the password that keytool
// asks for stands on its stdin.

#include <gtest/gtest.h>

#include <functional>

#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/base/shell_word.h"
#include "harness/customer/home.h"
#include "harness/customer/store_for_test.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

namespace startle::customer {
namespace {

namespace fs = std::filesystem;
using enum StoreProblem;

constexpr const char* kHost = "mail.example.com";

struct MendingRow {
  const char* name;
  std::function<void(const fs::path& keystore)> arrange;
  StoreProblem problem = missing;
  StoreFormat becomes = StoreFormat::pkcs12;
  std::size_t trusted = 1;  // certificates, afterwards
  std::optional<std::string> password{};
};

void PrintTo(const MendingRow& row, std::ostream* out) {
  *out << row.name;
}

class MendingTest : public testing::TestWithParam<MendingRow> {};

// The certificate that the server shows.
const std::string& shown() {
  static const std::string der = tls::self_signed({.common_name = kHost, .second_key = true});
  return der;
}

ProgramResult carry_out(const std::string& remedy, const fs::path& scratch) {
  write_file(scratch / "shown.pem", to_pem_for_test(shown()));
  write_file(
      scratch / "mend",
      "set -eu\n"
      "cd " +
          shell_path(scratch) +
          "\n"
          "keytool() { printf 'changeit\\nchangeit\\nchangeit\\n' | command keytool \"$@\"; }\n"
          "openssl() { cat shown.pem; }\n" +
          remedy + "\n");
  return run_program("bash " + shell_path(scratch / "mend"));
}

std::vector<StoreDiagnosis> diagnoses(const FoundStore& found) {
  std::vector<StoreDiagnosis> all = found.diagnoses;
  const auto compared = compare_with_shown(found, {shown()}, kHost);
  all.insert(all.end(), compared.begin(), compared.end());
  return all;
}

TEST_P(MendingTest, LeavesNothingToSay) {
  for (const char* program : {"keytool", "bash"}) {
    if (!is_installed(program)) {
      GTEST_SKIP() << program << " is not installed: apt install default-jre-headless bash";
    }
  }
  const MendingRow& row = GetParam();
  tls::set_run_clock(std::chrono::sys_days(std::chrono::year{2030} / 6 / 1));
  const TemporaryFolder folder;
  const fs::path home = folder.path() / "it's home";
  fs::create_directories(home / "keystore");
  row.arrange(home / "keystore");
  const auto before = diagnoses(find_host_store(home, kHost, row.password));
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(word(before[0].problem), word(row.problem)) << before[0].sentence;

  const ProgramResult run = carry_out(before[0].remedy, folder.path());
  EXPECT_EQ(run.status, 0) << before[0].remedy << "\n" << run.output;
  const FoundStore mended = find_host_store(home, kHost, row.password);
  for (const StoreDiagnosis& left : diagnoses(mended)) ADD_FAILURE() << left.sentence;
  ASSERT_TRUE(mended.store);
  EXPECT_EQ(word(mended.store->format), word(row.becomes));
  EXPECT_EQ(std::count_if(mended.store->entries.begin(), mended.store->entries.end(),
                          [](const StoreEntry& entry) { return entry.trusted; }),
            static_cast<std::ptrdiff_t>(row.trusted));
}

auto file(const std::string& name, const std::function<std::string()>& content) {
  return [=](const fs::path& keystore) { write_file(keystore / name, content()); };
}
auto own_file(const std::function<std::string()>& content) {
  return file("mail.example.com.ks", content);
}

std::string holding(const std::string& alias, const std::string& der) {
  return write(JksForTest{.entries = {trusted_entry(alias, der)}});
}

const MendingRow kRows[] = {
    {"Missing", [](const fs::path& keystore) { fs::remove(keystore); }, missing},
    {"Misnamed", file("MAIL.example.com.ks", [] { return holding("a", shown()); }), misnamed,
     StoreFormat::jks},
    {"ACertificateOfItsName", file("mail.example.com.cer", [] { return to_pem_for_test(shown()); }),
     wrong_extension},
    {"FolderInItsPlace",
     [](const fs::path& keystore) { fs::create_directory(keystore / "mail.example.com.ks"); },
     unreadable},
    {"WorldWritable",
     [](const fs::path& keystore) {
       write_file(keystore / "mail.example.com.ks", holding("a", shown()));
       fs::permissions(keystore / "mail.example.com.ks", fs::perms(0666));
     },
     world_writable, StoreFormat::jks},
    {"Empty", own_file([] { return ""; }), empty},
    {"Der", own_file(shown), not_a_store},
    {"Jceks", own_file([] {
       return write(JksForTest{.magic = "cececece", .entries = {trusted_entry("a", shown())}});
     }),
     wrong_format},
    {"CutOff", own_file([] { return holding("a", shown()).substr(0, 100); }), damaged},
    {"WrongPassword", own_file([] {
       return write(JksForTest{.entries = {trusted_entry("a", shown())}, .password = "lost"});
     }),
     wrong_password},
    {"Locked", own_file([] {
       return write(Pkcs12ForTest{.entries = {{"a", shown(), true}}});
     }),
     locked, StoreFormat::jks, 1, ""},
    {"NoEntry", own_file([] { return write(JksForTest{}); }), no_certificate, StoreFormat::jks},
    {"KeyAlone", own_file([] {
       return write(JksForTest{.entries = {key_entry("mail.example.com", {certificate_one()})}});
     }),
     other_certificate, StoreFormat::jks, 2},
    {"WithoutOraclesAttribute", own_file([] {
       return write(Pkcs12ForTest{.entries = {{"a", shown(), false}}});
     }),
     not_trusted},
    {"Renewed",
     own_file([] { return holding("my key", tls::self_signed({.common_name = kHost})); }), renewed,
     StoreFormat::jks},
    {"Another", own_file([] { return holding("mail.example.com", certificate_one()); }),
     other_certificate, StoreFormat::jks, 2},
};
INSTANTIATE_TEST_SUITE_P(All, MendingTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
