// The reading `jsse` of every kind of key store with every certificate of the catalogue, against
// the trust manager of a Java runtime that opens the same file: what the oracle says of a value of
// the axis `store`, of a customer's own store before a chain of ours, and of a chain that somebody
// has fetched. Names are not looked at, as under `javamail` where trust is absent.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "cases/engine/customer_host.h"
#include "cases/engine/run_for_test.h"
#include "certs/catalogue_for_test.h"
#include "certs/java_ending_for_test.h"
#include "certs/jks.h"
#include "certs/pkcs12.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/customer/home/home.h"
#include "harness/customer/store/store_for_test.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using certs::kTestClock;
using certs::kTestHost;
using oracle::KeptStore;
using words::Ending;
using words::HostStore;
using words::StoreModel;
using words::TrustModel;

// Of whom the stores hold certificates.
struct Known {
  std::shared_ptr<const certs::Chain> chain{};  // that is shown
  std::string former{};                         // the shown one before it was renewed
  std::string other{};                          // another server's
  std::string unknown_root{};                   // who has cross-certified some
};

std::string jks(const std::vector<std::string>& trusted) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const std::string& der : trusted) {
    entries.emplace_back("a" + std::to_string(entries.size()), der);
  }
  return certs::write_jks(entries, "changeit", kTestClock);
}
std::string pkcs12(const std::string& der) {
  return certs::write_pkcs12_truststore({{"a", der}}, "changeit", 2);
}
std::string with_key(const std::string& key_der, const std::string& trusted) {
  using namespace customer;
  return write(JksForTest{.entries = {key_entry("key", {key_der}), trusted_entry("a", trusted)}});
}

std::string shown(const Known& known) {
  return known.chain->sent_der.front();
}
std::string root(const Known& known) {
  return known.chain->anchors_der.front();
}
// The end entity's issuer, or, where it is its own, itself.
std::string issuer_of(const Known& known) {
  return known.chain->all_der.at(known.chain->all_der.size() > 1 ? 1 : 0);
}

// What a store holds of what the server shows.
enum class Holds { nothing, end_entity, issuer };
using enum Holds;

struct StoreRow {
  const char* name;
  Holds holds;
  std::string (*file)(const Known& known);
  std::optional<HostStore> axis{};                   // the value that it is
  std::optional<std::string> password = "changeit";  // nullopt: none is given
};

std::string jceks(const std::string& der) {
  return write(
      customer::JksForTest{.magic = "cececece", .entries = {customer::trusted_entry("a", der)}});
}
std::string with_root_behind_key(const Known& k) {
  using namespace customer;
  return write(
      JksForTest{.entries = {key_entry("key", {k.other, root(k)}), trusted_entry("a", k.other)}});
}

const StoreRow kStores[] = {
    // clang-format off
    {"host-jks", end_entity, [](const Known& k) { return jks({shown(k)}); }, HostStore::host_jks},
    {"host-pkcs12", end_entity, [](const Known& k) { return pkcs12(shown(k)); }, HostStore::host_pkcs12},
    {"host-no-password", end_entity, [](const Known& k) { return pkcs12(shown(k)); }, HostStore::host_no_password, std::nullopt},
    {"host-wrong-password", end_entity, [](const Known& k) { return jks({shown(k)}); }, HostStore::host_wrong_password, "another"},
    {"host-corrupt", end_entity, [](const Known& k) { return jks({shown(k)}).substr(0, 100); }, HostStore::host_corrupt},
    {"host-other-certificate", nothing, [](const Known& k) { return jks({k.other}); }, HostStore::host_other_certificate},
    {"host-renewed-certificate", end_entity, [](const Known& k) { return jks({k.former}); }, HostStore::host_renewed_certificate},
    {"cacerts", end_entity, [](const Known& k) { return jks({root(k), shown(k)}); }, HostStore::cacerts},
    {"the-systems", nothing, [](const Known& k) { return jks({root(k)}); }, HostStore::system},
    {"without-password", nothing, [](const Known& k) { return jks({root(k)}); }, {}, std::nullopt},
    {"empty", nothing, [](const Known&) { return jks({}); }},
    {"issuer", issuer, [](const Known& k) { return jks({issuer_of(k)}); }},
    {"unknown-root", nothing, [](const Known& k) { return jks({k.unknown_root}); }},
    {"both-roots", nothing, [](const Known& k) { return jks({k.unknown_root, root(k)}); }},
    {"several", issuer, [](const Known& k) { return jks({k.other, k.former, issuer_of(k), k.unknown_root}); }},
    {"several-others", end_entity, [](const Known& k) { return jks({k.other, k.former}); }},
    {"its-key-beside-another", end_entity, [](const Known& k) { return with_key(shown(k), k.other); }},
    {"another-key-beside-the-root", nothing, [](const Known& k) { return with_key(k.other, root(k)); }},
    {"the-root-behind-another-key", nothing, with_root_behind_key},
    {"jceks", end_entity, [](const Known& k) { return jceks(shown(k)); }},
    // clang-format on
};

// keytool imports no certificate that Java cannot read: such a store is never made.
bool is_imported(const StoreRow& row, const oracle::Facts& facts) {
  using enum oracle::Flaw;
  const std::set<oracle::Flaw> unread{unreadable, trailing_bytes, algorithms_differ,
                                      duplicate_extension, uncritical_names};
  if (row.holds == nothing) return true;
  return unread.count(facts.end_entity_flaw) + unread.count(facts.authority_flaw) == 0;
}

// Java reads these, and what reads certificates that are shown does not (certs/shown_chain.h).
const std::set<std::string> kUnread{"invalid-utf8-subject"};

// What a customer's file is to the program.
CustomerStore found_in(const fs::path& home, const std::optional<std::string>& password) {
  const customer::FoundStore found =
      customer::find_host_store(home, kTestHost, password.value_or(""));
  CustomerStore store{.kind = HostStore::host_jks, .state = KeptStore::State::opened};
  if (!found.store) {
    store.state = KeptStore::State::unusable;
    store.sentence = "it is not opened";
    return store;
  }
  for (const customer::StoreEntry& entry : found.store->entries) {
    if (is_anchor(entry)) store.trusted_der.push_back(entry.der);
  }
  return store;
}

// Each with its answers, in one order with Java's.
struct Asked {
  std::string what{};
  const StoreRow* row = nullptr;
  Known known{};
  CustomerStore store{};
};

class Everything {
 public:
  explicit Everything(const fs::path& folder) : folder_(folder) {
    tls::set_run_clock(kTestClock);
    const auto other = mint_.chain(certs::valid_recipe(), "another-server.example.net");
    const auto unknown = mint_.chain(certs::recipe_called("unknown-ca"), kTestHost);
    for (const certs::Recipe& recipe : certs::all_recipes()) {
      Known known{.chain = mint_.chain(recipe, kTestHost),
                  .former = mint_.former_certificate(recipe, kTestHost),
                  .other = other->sent_der.front(),
                  .unknown_root = unknown->all_der.back()};
      tell_chain(recipe.id, *known.chain);
      for (const StoreRow& row : kStores) ask(recipe.id, row, known);
    }
  }

  const std::vector<Asked>& asked() const { return asked_; }
  // Stores that keytool would not have made: what they were to hold cannot be read.
  std::size_t not_made() const { return not_made_; }

  std::vector<std::string> javas_answers() const {
    write_file(folder_ / "jobs", jobs_);
    const ProgramResult ran =
        run_program("(timeout 200 java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 '" STARTLE_TREE
                    "/cases/engine/JavaTrust.java' <'" +
                    (folder_ / "jobs").string() + "')");
    EXPECT_EQ(ran.status, 0) << ran.output;
    std::vector<std::string> answers;
    std::istringstream lines(ran.output);
    for (std::string line; std::getline(lines, line);) answers.push_back(line);
    return answers;
  }

 private:
  void tell_chain(const std::string& id, const certs::Chain& chain) {
    jobs_ += "chain\t" + id;
    for (const std::string& der : chain.sent_der) jobs_ += "\t" + file_of(der);
    jobs_ += "\n";
  }
  std::string file_of(const std::string& der) {
    std::string& file = files_[der];
    if (file.empty()) {
      file = (folder_ / (std::to_string(files_.size()) + ".der")).string();
      write_file(file, der);
    }
    return file;
  }
  void ask(const std::string& id, const StoreRow& row, const Known& known) {
    if (!is_imported(row, known.chain->facts)) {
      ++not_made_;
      return;
    }
    const fs::path home = folder_ / (id + "." + row.name);
    const fs::path file = home / "keystore" / (std::string(kTestHost) + ".ks");
    fs::create_directories(file.parent_path());
    write_file(file, row.file(known));
    jobs_ += "ask\t" + id + "\t" + file.string() + "\t" + row.password.value_or("-") + "\t" +
             std::to_string(kTestClock.time_since_epoch().count() * 1000) + "\n";
    asked_.push_back({id + ", " + row.name, &row, known, found_in(home, row.password)});
  }

  fs::path folder_;
  certs::Mint mint_{kTestClock};
  std::map<std::string, std::string> files_{};  // by DER
  std::string jobs_{};
  std::vector<Asked> asked_{};
  std::size_t not_made_ = 0;
};

oracle::Question question_of(oracle::Facts facts) {
  return {.model = TrustModel::javamail,
          .host = kTestHost,
          .facts = std::move(facts),
          .store_model = StoreModel::jsse};
}

oracle::Answer of_the_axis(const Asked& one) {
  oracle::Question question = question_of(one.known.chain->facts);
  question.store = *one.row->axis;
  return oracle::expect(question);
}

oracle::Answer of_the_customers(const Asked& one) {
  OpenedStores stores;
  MetStore met = stores.meet(one.store, StoreModel::jsse, *one.known.chain);
  oracle::Question question = question_of(std::move(met.facts));
  question.kept = std::move(met.kept);
  return oracle::expect(question);
}

oracle::Answer of_what_is_shown(const Asked& one) {
  auto host = std::make_shared<CustomerHost>();
  host->store = one.store;
  host->shown = ShownChain{.file = "shown.pem", .der = one.known.chain->sent_der};
  const customer::Entry entry{.file = "schedule.xml",
                              .line = 2,
                              .tls = words::Tls::implicit,
                              .host = kTestHost,
                              .username = "u",
                              .password = "p",
                              .email = "m@example.test"};
  const Ran ran = run_plan({.matrices = {for_customer(trust_matrix(), entry, host)},
                            .globs = {"*/certificate=shown/*"},
                            .models = {TrustModel::javamail},
                            .store_models = {StoreModel::jsse}},
                           *subject::make_subject("builtin"));
  EXPECT_EQ(ran.verdicts.size(), 1U) << one.what;
  return {ran.verdicts.at(0).expected, ran.verdicts.at(0).reason};
}

certs::LibraryEnding meaning_of(const std::string& answer) {
  if (answer.starts_with("unopened: ")) {
    return {.endings = {Ending::configuration_error}, .says = answer};
  }
  return certs::java_ending(answer);
}

// A chain of ours is met by no customer's store that holds one of its authorities: nobody has
// them. Where its own root is there, the facts that are declared are those.
bool holds_an_authority_of(const Asked& one) {
  const KeptStore kept = kept_for(one.store, StoreModel::jsse, one.known.chain->sent_der);
  const bool as_declared = one.known.chain->facts.path == oracle::Path::anchored;
  return one.row->holds == issuer || (kept.is_in_path && !as_declared);
}

// What the handshake decides, of which a trust manager knows nothing.
bool is_of_the_handshake(const oracle::Answer& answer) {
  return answer.endings == std::vector{Ending::handshake_failure};
}

TEST(JsseAndJava, AgreeOnEveryStoreWithEveryChain) {
  if (!is_installed("java") || !is_installed("javac")) {
    GTEST_SKIP() << "a Java development kit is not installed (java, javac)";
  }
  const TemporaryFolder folder;
  const Everything everything(folder.path());
  const std::vector<std::string> answers = everything.javas_answers();
  ASSERT_EQ(answers.size(), everything.asked().size());
  ASSERT_EQ(answers.size() + everything.not_made(),
            certs::all_recipes().size() * std::size(kStores));
  EXPECT_LT(everything.not_made() * 30, answers.size());
  std::size_t compared = 0;
  std::size_t of_the_handshake = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Asked& one = everything.asked()[i];
    const certs::LibraryEnding seen = meaning_of(answers[i]);
    std::vector<std::pair<const char*, oracle::Answer>> said;
    if (one.row->axis) said.emplace_back("the axis", of_the_axis(one));
    if (!holds_an_authority_of(one)) {
      said.emplace_back("a customer's store", of_the_customers(one));
    }
    if (kUnread.count(one.known.chain->recipe_id) == 0) {
      said.emplace_back("what is shown", of_what_is_shown(one));
    }
    for (const auto& [who, answer] : said) {
      if (is_of_the_handshake(answer)) {
        ++of_the_handshake;
        continue;
      }
      ++compared;
      EXPECT_TRUE(certs::agree(answer.endings, seen))
          << one.what << "\n  Java: " << answers[i] << "\n  " << who << ": "
          << certs::words_of_endings(answer.endings) << ", " << answer.reason;
    }
  }
  RecordProperty("compared", static_cast<int>(compared));
  RecordProperty("of_the_handshake", static_cast<int>(of_the_handshake));
  EXPECT_LT(of_the_handshake * 20, compared);
}

}  // namespace
}  // namespace startle::cases
