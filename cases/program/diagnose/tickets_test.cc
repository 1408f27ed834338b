// startle diagnose on the tickets of cases/tickets: the right cause comes first, the four parts
// stand as they are written there, and every command runs as it is printed.

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/program/diagnose/ticket_for_test.h"
#include "harness/base/program_for_test.h"
#include "harness/base/shell_word.h"

namespace startle::cases {
namespace {

class TicketTest : public testing::TestWithParam<std::string> {};

std::string name_of(const testing::TestParamInfo<std::string>& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return "Number" + name;
}

Json report_of(const Ticket& ticket) {
  const ProgramRun run = ticket.diagnose({"--report", "json"});
  EXPECT_EQ(run.status, ticket.status()) << run.err;
  return Json::parse(run.out, nullptr, false);
}

TEST_P(TicketTest, HasTheRightCauseFirst) {
  const Ticket ticket(GetParam());
  const Json report = report_of(ticket);
  ASSERT_TRUE(report.is_object());
  const Json& first = report.at("diagnoses").at(0).at("causes").at(0);
  EXPECT_EQ(first.at("cause"), ticket.first_cause()) << first.dump(2);
  EXPECT_FALSE(first.at("rests_on").empty());
  EXPECT_FALSE(first.at("change").empty());
}

// Those whose words are written down.
class WrittenTicketTest : public TicketTest {};

std::vector<std::string> written_tickets() {
  std::vector<std::string> names = ticket_names();
  std::erase_if(names, [](const std::string& name) {
    return !std::filesystem::exists(std::string(STARTLE_TREE) + "/cases/tickets/" + name +
                                    "/parts");
  });
  return names;
}

TEST_P(WrittenTicketTest, HasItsPartsWordForWord) {
  const Ticket ticket(GetParam());
  const std::string out = without_folder(ticket.diagnose(), ticket.folder()).out;
  const std::size_t answer = out.find("\nANSWER\n");
  ASSERT_NE(answer, std::string::npos) << out;
  EXPECT_EQ(out.substr(answer + 1), ticket.read("parts"));
}

// No password of a configuration gets out, in whatever form (the tickets have one).
TEST_P(TicketTest, HoldsNoPassword) {
  const Ticket ticket(GetParam());
  for (const char* kind : {"text", "json", "markdown"}) {
    const ProgramRun run = ticket.diagnose({"--report", kind});
    EXPECT_EQ((run.out + run.err).find("Sommer"), std::string::npos) << kind;
    EXPECT_EQ((run.out + run.err).find("svc-scheduler"), std::string::npos) << kind;
  }
}

// keytool asks for a store's password, twice for a new one, and whether to trust what it shows; the
// machine's own store is left alone; what openssl would fetch lies here; a name that nobody knows
// is an answer too, and so is a diagnosis.
constexpr const char* kAnswering = R"(
keytool() {
  store=
  last=
  for word in "$@"; do
    if [ "$last" = -keystore ]; then store=$word; fi
    last=$word
  done
  case $1 in
    -importcert)
      case " $* " in
        *" -cacerts "*)
          set -- $(printf '%s ' "$@" | sed 's/ -cacerts / -keystore cacerts-copy /'); store=cacerts-copy ;;
      esac
      [ -e "$store" ] || echo "$PASSWORD"
      printf '%s\nyes\n' "$PASSWORD" ;;
    -list) case " $* " in *" -cacerts "*) set -- -help ;; esac; echo "$PASSWORD" ;;
    *) printf '%s\n%s\n%s\n' "$PASSWORD" "$PASSWORD" "$PASSWORD" ;;
  esac | command keytool "$@"
}
openssl() {
  if [ "$1" = s_client ] && [ -n "$SERVED" ]; then command openssl "$@" || true; return; fi
  if [ "$1" = s_client ]; then cat fetched.pem; return; fi
  command openssl "$@" -passin "pass:$PASSWORD"
}
getent() { command getent "$@" || [ $? -eq 2 ]; }
startle() {
  if [ "$1" = diagnose ]; then "$STARTLE" "$@" --offline >startle.out || [ $? -ne 2 ]; return; fi
  "$STARTLE" "$@"
}
)";

// What whoever types them knows: of the stores.
std::string password_of(const Ticket& ticket) {
  if (!ticket.has("password.txt")) return "changeit";
  std::string line = ticket.read("password.txt");
  return line.substr(0, line.find('\n'));
}

TEST_P(TicketTest, PrintsCommandsThatRunAsTheyStand) {
  for (const char* program : {"keytool", "openssl", "awk", "ps"}) {
    if (!is_installed(program)) GTEST_SKIP() << program << " is not installed";
  }
  const Ticket of(GetParam());
  const Json report = report_of(of);
  ASSERT_TRUE(report.is_object());
  std::size_t number = 0;
  for (const Json& claim : report.at("diagnoses").at(0).at("causes")) {
    for (const char* part : {"change", "ask"}) {
      for (const Json& advice : claim.at(part)) {
        if (advice.at("commands").empty()) continue;
        of.restore();
        const TemporaryFolder scratch;
        std::string script = "set -eu\nexport STARTLE=" + shell_path(STARTLE_PROGRAM) +
                             " SSL_CERT_FILE=" + shell_path(of.authorities()) +
                             "\nSERVED=" + (of.has("server") ? "yes" : "") +
                             "\nPASSWORD=" + shell_word(password_of(of)) + "\ncd " +
                             shell_path(scratch.path()) + kAnswering;
        for (const Json& command : advice.at("commands")) {
          script += command.get<std::string>() + "\n";
        }
        write_file(
            scratch.path() / "fetched.pem",
            read_file(std::string(STARTLE_TREE) + "/cases/tickets/authorities.pem", 1 << 20));
        write_file(scratch.path() / "script", script);
        const ProgramResult ran = run_program("sh " + shell_path(scratch.path() / "script"));
        EXPECT_EQ(ran.status, 0) << advice.dump(2) << "\n" << ran.output;
        ++number;
      }
    }
  }
  RecordProperty("commands", std::to_string(number));
}

INSTANTIATE_TEST_SUITE_P(All, TicketTest, testing::ValuesIn(ticket_names()), name_of);
INSTANTIATE_TEST_SUITE_P(All, WrittenTicketTest, testing::ValuesIn(written_tickets()), name_of);

TEST(Tickets, AreTwentyAtLeastAndSixOfThemWordForWord) {
  EXPECT_GE(ticket_names().size(), 20U);
  EXPECT_GE(written_tickets().size(), 6U);
}

}  // namespace
}  // namespace startle::cases
