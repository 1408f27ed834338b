// The commands that mend a store, carried out word for word by sh with Java's own keytool: the
// diagnosis is gone, and nothing that the customer had. What openssl would fetch from the server is
// a file here, and what keytool asks for stands on its stdin.

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "harness/base/bytes.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/base/shell_word.h"
#include "harness/base/utf_8.h"
#include "harness/customer/home/home.h"
#include "harness/customer/store/store_for_test.h"
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
  bool with_issuer = false;  // the server shows its issuer as well, in a file
};

void PrintTo(const MendingRow& row, std::ostream* out) {
  *out << row.name;
}

class MendingTest : public testing::TestWithParam<MendingRow> {};

// The certificate that the server shows, and its issuer's.
const std::string& shown() {
  static const std::string der =
      tls::self_signed({.common_name = kHost, .second_key = true, .issuer_common_name = "Root"});
  return der;
}
const std::string& issuer() {
  static const std::string der = tls::self_signed({.common_name = "Root"});
  return der;
}

// keytool asks for the store's password, twice for a new one, and then whether to trust what it
// shows.
constexpr const char* kAnswering = R"(
keytool() {
  store=
  last=
  for word in "$@"; do
    if [ "$last" = -keystore ]; then store=$word; fi
    last=$word
  done
  case $1 in
    -importcert) [ -e "$store" ] || echo changeit; printf 'changeit\nyes\n' ;;
    *) printf 'changeit\nchangeit\nchangeit\n' ;;
  esac | command keytool "$@"
}
openssl() {
  if [ "$1" = s_client ]; then cat fetched; return; fi
  command openssl "$@" -passin pass:changeit
}
)";
ProgramResult carry_out(const Commands& remedy, const fs::path& scratch) {
  write_file(scratch / "fetched", to_pem_for_test(shown()));
  std::string script =
      "set -eu\n"
      "cd " +
      shell_path(scratch) + kAnswering;
  for (const std::string& line : remedy) script += line + "\n";
  write_file(scratch / "mend", script);
  return run_program("sh " + shell_path(scratch / "mend"));
}

std::vector<std::string> shown_chain(const MendingRow& row) {
  return row.with_issuer ? std::vector{shown(), issuer()} : std::vector{shown()};
}

FoundStore look(const MendingRow& row, const fs::path& scratch) {
  StoreUse use;
  if (row.with_issuer) {
    const fs::path file = scratch / "shown.pem";
    write_file(file, to_pem_for_test(shown()) + to_pem_for_test(issuer()));
    use.shown = anchor_of(shown_chain(row), file, true);
  }
  FoundStore found = find_host_store(scratch / "it's home", kHost, row.password, use);
  const auto compared = compare_with_shown(found, shown_chain(row), kHost);
  found.diagnoses.insert(found.diagnoses.end(), compared.begin(), compared.end());
  return found;
}

std::map<fs::path, std::string> files_below(const fs::path& folder) {
  std::map<fs::path, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path()] = read_file(entry.path(), kLargestStore);
  }
  return files;
}

// Each file of before is there, be it under another name, or is the store, with all that it had.
void expect_nothing_lost(const std::map<fs::path, std::string>& before, const fs::path& home,
                         const FoundStore& was, const FoundStore& is) {
  const auto after = files_below(home);
  for (const auto& [path, content] : before) {
    const std::string& bytes = content;
    const bool kept = std::any_of(after.begin(), after.end(),
                                  [&](const auto& one) { return one.second == bytes; });
    if (kept) continue;
    ASSERT_EQ(path, is.file) << path << " is gone";
    ASSERT_TRUE(was.store && is.store) << path << " was written over";
    for (const StoreEntry& entry : was.store->entries) {
      EXPECT_TRUE(std::any_of(is.store->entries.begin(), is.store->entries.end(),
                              [&](const StoreEntry& one) {
                                return one.der == entry.der && one.trusted == entry.trusted;
                              }))
          << entry.alias << " is gone";
    }
  }
}

TEST_P(MendingTest, LeavesNothingToSayAndLosesNothing) {
  for (const char* program : {"keytool", "openssl"}) {
    if (!is_installed(program)) {
      GTEST_SKIP() << program << " is not installed: apt install default-jre-headless openssl";
    }
  }
  const MendingRow& row = GetParam();
  tls::set_run_clock(std::chrono::sys_days(std::chrono::year{2030} / 6 / 1));
  const TemporaryFolder folder;
  const fs::path home = folder.path() / "it's home";
  fs::create_directories(home / "keystore");
  row.arrange(home / "keystore");
  const FoundStore before = look(row, folder.path());
  ASSERT_EQ(before.diagnoses.size(), 1U);
  const StoreDiagnosis& said = before.diagnoses.front();
  EXPECT_EQ(word(said.problem), word(row.problem)) << said.sentence;
  const auto files = files_below(home);

  const ProgramResult run = carry_out(said.remedy, folder.path());
  // Of a password that is wrong keytool says the same.
  EXPECT_EQ(run.status, row.problem == wrong_password ? 1 : 0) << run.output;
  const FoundStore mended = look(row, folder.path());
  expect_nothing_lost(files, home, before, mended);
  if (row.problem == wrong_password || row.problem == garbled) {
    EXPECT_EQ(files_below(home), files) << "nothing here mends that: nothing is touched";
    return;
  }
  for (const StoreDiagnosis& left : mended.diagnoses) ADD_FAILURE() << left.sentence;
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
    {"MissingAndTheIssuerIsShown",
     [](const fs::path& keystore) { fs::remove(keystore); },
     missing,
     StoreFormat::pkcs12,
     1,
     {},
     true},
    {"ShortName", file("mail.ks", [] { return holding("a", shown()); }), misnamed,
     StoreFormat::jks},
    {"InTheHomeItself", file("../mail.example.com.ks", [] { return holding("a", shown()); }),
     misplaced, StoreFormat::jks},
    {"OfAnotherExtension", file("mail.example.com.jks", [] { return holding("a", shown()); }),
     wrong_extension, StoreFormat::jks},
    {"Base64", own_file([] { return to_base64(holding("a", shown())) + "\r\n"; }), encoded,
     StoreFormat::jks},
    {"AsCertutilEncodesIt", own_file([] { return to_pem_for_test(holding("a", shown())); }),
     encoded, StoreFormat::jks},
    {"Latin1AsUtf8", own_file([] {
       std::string made;
       for (const char c : holding("a", shown())) add_utf_8(made, static_cast<unsigned char>(c));
       return made;
     }),
     encoded, StoreFormat::jks},
    {"ThroughAFilter", own_file([] {
       std::string made;
       for (const char c : holding("a", shown())) made += (c & 0x80) != 0 ? '?' : c;
       return made;
     }),
     garbled},
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
     not_trusted, StoreFormat::jks},
    {"WithoutOraclesAttribute", own_file([] {
       return write(Pkcs12ForTest{.entries = {{"a", shown(), false}}});
     }),
     not_trusted},
    {"SeveralWithoutOraclesAttribute", own_file([] {
       return write(Pkcs12ForTest{.entries = {{"a", shown(), false}, {"b", issuer(), false}}});
     }),
     not_trusted, StoreFormat::pkcs12, 2},
    {"Renewed",
     own_file([] { return holding("my key", tls::self_signed({.common_name = kHost})); }), renewed,
     StoreFormat::jks, 2},
    {"RenewedAndTheIssuerIsShown",
     own_file([] { return holding(kHost, tls::self_signed({.common_name = kHost})); }),
     renewed,
     StoreFormat::jks,
     2,
     {},
     true},
    {"Another", own_file([] { return holding("mail.example.com", certificate_one()); }),
     other_certificate, StoreFormat::jks, 2},
    {"AnotherBesideAPrivateKey",
     own_file([] {
       return write(JksForTest{.entries = {key_entry("key", {certificate_two()}),
                                           trusted_entry("a", certificate_one())}});
     }),
     other_certificate,
     StoreFormat::jks,
     2,
     {},
     true},
};
INSTANTIATE_TEST_SUITE_P(All, MendingTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
