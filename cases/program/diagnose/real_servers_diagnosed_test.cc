// `startle diagnose` on servers that others wrote, each set up in order and in seven ways that are
// not: the step, the cause, and that the remedy it prints, carried out, makes the next one healthy.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cases/engine/startle_for_test.h"
#include "cases/program/real_dovecot_for_test.h"
#include "cases/program/real_exchange_for_test.h"
#include "cases/program/real_exim_for_test.h"
#include "cases/program/real_postfix_for_test.h"
#include "cases/program/real_slapd_for_test.h"
#include "harness/base/program_for_test.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kHost = "localhost";  // which every machine knows, and no DNS is asked for

// ---- servers -----------------------------------------------------------------------------------

struct Maker {
  const char* name = "";
  std::string (*absence)() = nullptr;
  std::unique_ptr<RealServer> (*make)(const certs::Chain&, RealServer::Starttls) = nullptr;
  bool directory = false;
  bool lacks_all_tls = false;  // where it has no STARTTLS
};

template <class Real>
std::unique_ptr<RealServer> made(const certs::Chain& chain, RealServer::Starttls starttls) {
  if constexpr (std::is_same_v<Real, RealSlapd>) {
    return std::make_unique<Real>(chain, RealSlapd::Tls::any, starttls);
  } else {
    return std::make_unique<Real>(chain, starttls);
  }
}

const Maker kMakers[] = {
    {.name = "Postfix", .absence = RealPostfix::absence, .make = made<RealPostfix>},
    {.name = "Exim", .absence = RealExim::absence, .make = made<RealExim>},
    {.name = "Dovecot",
     .absence = RealDovecot::absence,
     .make = made<RealDovecot>,
     .lacks_all_tls = true},
    {.name = "Slapd",
     .absence = RealSlapd::absence,
     .make = made<RealSlapd>,
     .directory = true,
     .lacks_all_tls = true},
};

// ---- the customer ------------------------------------------------------------------------------

struct Configured {
  std::uint16_t port = 0;
  bool implicit_tls = false;
  std::string trust = kHost;
  std::string password = RealServer::kPassword;
};

// schedule.xml and home/keystore in a folder of their own, on a machine with the mint's authority.
class Customer {
 public:
  explicit Customer(bool directory) : directory_(directory) {
    fs::create_directories(path("home/keystore"));
    write_file(path("anchors.pem"), certs::to_pem(chain_for("valid")->anchors_der));
  }

  static std::shared_ptr<const certs::Chain> chain_for(const std::string& recipe) {
    return chain_of(recipe, kHost);
  }
  fs::path path(const std::string& name) const { return folder_.path() / name; }

  // {"code", and what the report says of the server}
  Json diagnosed(const Configured& configured, const std::string& model) const {
    write_file(path("schedule.xml"), written(configured));
    const ProgramRun run =
        run_startle({"diagnose", path("schedule.xml"), "--home", path("home"), "--stop-after",
                     "auth", "--trust-model", model, "--report", "json"},
                    {{"SSL_CERT_FILE", path("anchors.pem")}});
    for (const std::string& text : {run.out, run.err}) {
      EXPECT_EQ(text.find(configured.password), std::string::npos) << text;
    }
    Json report = Json::parse(run.out, nullptr, false);
    if (report.is_discarded()) throw std::runtime_error("no report: " + run.out + run.err);
    Json one = report.at("diagnoses").at(0);
    one["code"] = run.status;
    return one;
  }

  // As somebody who has compared the fingerprint answers them: the store's password, once more
  // where it is new, and yes.
  void run_commands(const Json& change) const {
    std::string script = "(set -e\nexport LC_ALL=C\ncd '" + folder_.path().string() + "'\n";
    for (const Json& command : change.at("commands")) {
      const auto line = command.get<std::string>();
      if (line.find("-cacerts") != std::string::npos) {
        FAIL() << "this would change the machine's own store: " << line;
      }
      const bool imports = line.find("keytool -importcert") != std::string::npos;
      script += (imports ? "printf 'changeit\\nchangeit\\nyes\\n' | " : "") + line + "\n";
    }
    const ProgramResult done = run_program(script + ")");
    EXPECT_EQ(done.status, 0) << script << done.output;
  }

 private:
  std::string written(const Configured& configured) const {
    const std::string user = directory_ ? RealSlapd::kUserDn : RealServer::kUser;
    return "<schedule>\n<" + std::string(directory_ ? "ldap" : "smtp") + " url=\"" + kHost +
           "\" port=\"" + std::to_string(configured.port) + "\" " +
           (directory_ ? "base=\"" + std::string(RealSlapd::kBase) + "\""
                       : "email=\"a@example.test\"") +
           (configured.implicit_tls ? " ssl=\"true\"" : " starttls=\"true\"") + " username=\"" +
           user + "\" password=\"" + configured.password + "\" trust=\"" + configured.trust +
           "\"/>\n</schedule>\n";
  }

  bool directory_;
  TemporaryFolder folder_{};
};

std::string failed_step(const Json& diagnosed) {
  for (const Json& step : diagnosed.at("steps")) {
    if (step.at("state") == "failed") return step.at("step");
  }
  return "";
}

std::string state_of(const Json& diagnosed, const std::string& wanted) {
  for (const Json& step : diagnosed.at("steps")) {
    if (step.at("step") == wanted) return step.at("state");
  }
  return "no such step";
}

// The first of CHANGE that says so; an empty object: none does.
Json change_that_says(const Json& diagnosed, const std::string& text) {
  if (diagnosed.at("causes").empty()) return Json::object();
  for (const Json& change : diagnosed.at("causes").at(0).at("change")) {
    if (change.at("text").get<std::string>().find(text) != std::string::npos) return change;
  }
  return Json::object();
}

std::string between(const std::string& text, const std::string& before, char end) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return "";
  const std::size_t from = at + before.size();
  return text.substr(from, text.find(end, from) - from);
}

// ---- set-ups -----------------------------------------------------------------------------------

// What of CHANGE is carried out.
enum class Remedy {
  none,
  owner,         // shows another certificate, or offers TLS
  trust,         // the value that is printed, written
  keytool,       // the commands that are printed, run
  implicit_tls,  // ssl="true", and the port that begins with TLS
  password,
};

struct SetUp {
  const char* name = "";
  const char* recipe = "valid";
  const char* model = "documented";
  Configured configured{};
  RealServer::Starttls starttls = RealServer::Starttls::offered;
  const char* step = "";
  const char* cause = "";
  Remedy remedy = Remedy::none;
};

const SetUp kSetUps[] = {
    {.name = "Good"},
    {.name = "Expired",
     .recipe = "expired",
     .step = "path",
     .cause = "certificate-expired",
     .remedy = Remedy::owner},
    {.name = "SelfSigned",
     .recipe = "self-signed",
     .model = "angus",
     .configured = {.trust = "other.example.test"},
     .step = "path",
     .cause = "self-signed",
     .remedy = Remedy::trust},
    {.name = "WrongName",
     .recipe = "mismatched",
     .step = "identity",
     .cause = "host-mismatch",
     .remedy = Remedy::trust},
    {.name = "IncompleteChain",
     .recipe = "missing-intermediate",
     .model = "pkix",
     .step = "path",
     .cause = "chain-incomplete",
     .remedy = Remedy::owner},
    {.name = "InternalAuthority",
     .recipe = "unknown-ca",
     .model = "pkix",
     .configured = {.implicit_tls = true},  // for which the product keeps a store
     .step = "path",
     .cause = "unknown-authority",
     .remedy = Remedy::keytool},
    {.name = "NoStarttls",
     .starttls = RealServer::Starttls::not_offered,
     .step = "capabilities",
     .cause = "starttls-not-offered",
     .remedy = Remedy::implicit_tls},
    {.name = "AuthRefused",
     .configured = {.password = "another password than hers"},
     .step = "authentication",
     .cause = "auth-rejected",
     .remedy = Remedy::password},
};

// As it is with this server: Java's directory client has no trust value that lists hosts, and who
// has no TLS at all has no port that begins with it.
SetUp as_met(SetUp made, const Maker& maker) {
  if (maker.directory && std::string(made.model) == "angus") {
    made.model = "pkix";
    made.configured = {.implicit_tls = true};
    made.remedy = Remedy::keytool;
  }
  const bool offered = made.starttls == RealServer::Starttls::offered;
  if (maker.lacks_all_tls && !offered) made.remedy = Remedy::owner;
  return made;
}

struct Row {
  const Maker* maker = nullptr;
  const SetUp* set_up = nullptr;
};
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.maker->name << row.set_up->name;
}

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const Maker& maker : kMakers) {
    for (const SetUp& set_up : kSetUps) all.push_back({.maker = &maker, .set_up = &set_up});
  }
  return all;
}

class RealServerDiagnosed : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    if (const std::string why = GetParam().maker->absence(); !why.empty()) GTEST_SKIP() << why;
    const cases::SetUp set_up = as_met(*GetParam().set_up, *GetParam().maker);
    if (set_up.remedy != Remedy::keytool) return;
    for (const char* program : {"keytool", "openssl"}) {
      if (is_installed(program)) continue;
      GTEST_SKIP() << program << " is not installed: apt-get install default-jre-headless openssl";
    }
  }
};

// Does what CHANGE says. False: it says nothing of the kind.
bool carry_out(Remedy remedy, const Json& diagnosed, const Customer& customer, const Maker& maker,
               Configured& configured, std::unique_ptr<RealServer>& server) {
  const auto said = [&diagnosed](const std::string& text) {
    return change_that_says(diagnosed, text);
  };
  Json change;
  switch (remedy) {
    case Remedy::none:
      return true;
    case Remedy::owner:
      change = said("ask the owner of " + kHost + ":");
      server = maker.make(*Customer::chain_for("valid"), RealServer::Starttls::offered);
      configured.port = server->starttls_port();
      return !change.empty();
    case Remedy::trust:
      change = said(" trust=\"");
      if (change.empty()) return false;
      configured.trust = between(change.at("text"), " trust=\"", '"');
      return configured.trust != "*";
    case Remedy::keytool:
      change = said("import the certificate");
      if (change.empty() || change.at("commands").empty()) return false;
      customer.run_commands(change);
      return true;
    case Remedy::implicit_tls:
      change = said("write ssl=\"true\"");
      configured.implicit_tls = true;
      configured.port = server->tls_port();
      return !change.empty();
    case Remedy::password:
      change = said("compare the user's name and password");
      configured.password = RealServer::kPassword;
      return !change.empty();
  }
  return false;
}

TEST_P(RealServerDiagnosed, IsHealthyOnceItsRemedyIsCarriedOut) {
  const Maker& maker = *GetParam().maker;
  const cases::SetUp set_up = as_met(*GetParam().set_up, maker);
  const Customer customer(maker.directory);
  std::unique_ptr<RealServer> server =
      maker.make(*Customer::chain_for(set_up.recipe), set_up.starttls);
  Configured configured = set_up.configured;
  configured.port = configured.implicit_tls ? server->tls_port() : server->starttls_port();

  Json diagnosed = customer.diagnosed(configured, set_up.model);
  EXPECT_EQ(failed_step(diagnosed), set_up.step) << diagnosed.dump(1) << server->daemon().log();
  if (set_up.remedy != Remedy::none) {
    EXPECT_EQ(diagnosed.at("code"), 1);
    ASSERT_FALSE(diagnosed.at("causes").empty()) << diagnosed.dump(1);
    EXPECT_EQ(diagnosed.at("causes").at(0).at("cause"), set_up.cause) << diagnosed.dump(1);
    ASSERT_TRUE(carry_out(set_up.remedy, diagnosed, customer, maker, configured, server))
        << diagnosed.dump(1);
    diagnosed = customer.diagnosed(configured, set_up.model);
  }
  EXPECT_EQ(diagnosed.at("code"), 0) << diagnosed.dump(1) << server->daemon().log();
  EXPECT_EQ(failed_step(diagnosed), "");
  EXPECT_EQ(state_of(diagnosed, "authentication"), "ok") << diagnosed.dump(1);
}

INSTANTIATE_TEST_SUITE_P(SetUp, RealServerDiagnosed, testing::ValuesIn(rows()),
                         [](const auto& row) {
                           return std::string(row.param.maker->name) + row.param.set_up->name;
                         });

}  // namespace
}  // namespace startle::cases
