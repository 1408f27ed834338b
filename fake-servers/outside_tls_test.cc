// A client that says something outside TLS though TLS is up, or about to be, is heard: before,
// between and after records, in both protocols and both ways to begin.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "fake-servers/protocols.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using words::Invariant;
using words::Mode;

const std::string kPlainBind = request(7, simple_bind(kUserDn, kCanary));

struct Spoken {
  Mode mode{};
  std::vector<std::string> before_tls{};
  std::vector<std::string> in_tls{};
  std::string credentials{};
};

// clang-format off
const std::vector<Spoken> kSpoken{
    {Mode::smtp_starttls, {"EHLO x\r\n", "STARTTLS\r\n"}, {"EHLO x\r\n", "NOOP\r\n", "QUIT\r\n"}, auth_plain() + "\r\n"},
    {Mode::smtps, {}, {"EHLO x\r\n", "NOOP\r\n", "QUIT\r\n"}, auth_plain() + "\r\n"},
    {Mode::ldap_starttls, {request(1, wire::LdapExtendedRequest{.name = std::string(wire::kStartTlsOid)})},
     {request(2, search_for("", wire::LdapScope::base_object)), request(3, wire::LdapUnbindRequest{})}, kPlainBind},
    {Mode::ldaps, {}, {request(2, search_for("", wire::LdapScope::base_object)), request(3, wire::LdapUnbindRequest{})}, kPlainBind},
};
// clang-format on

Server server_of(Mode mode, Script script = {}) {
  const bool smtp = words::protocol_of(mode) == words::Protocol::smtp;
  Server server =
      smtp ? server_for_test(std::move(script)) : ldap_server_for_test(std::move(script));
  server.mode = mode;
  server.patience = 10min;
  return server;
}

std::vector<std::string> whole(const Spoken& spoken) {
  std::vector<std::string> says = spoken.before_tls;
  says.push_back(kHandshake);
  says.insert(says.end(), spoken.in_tls.begin(), spoken.in_tls.end());
  return says;
}

std::vector<Invariant> judged(const Talk& talk, Mode mode) {
  return violations(talk.seen, {.mode = mode, .secret = kCanary});
}

bool leaks(const Talk& talk, Mode mode) {
  const auto found = judged(talk, mode);
  return std::find(found.begin(), found.end(), Invariant::secret_in_clear) != found.end();
}

// Where in `records` a record begins, and its end.
std::vector<std::size_t> boundaries_of(std::string_view records) {
  std::vector<std::size_t> found{0};
  while (found.back() + 5 <= records.size()) {
    const std::string_view record = records.substr(found.back());
    found.push_back(found.back() + 5 + static_cast<unsigned char>(record[3]) * 256U +
                    static_cast<unsigned char>(record[4]));
  }
  return found;
}

// Puts pieces into what a client writes from its ClientHello on: at the boundary of a record each,
// or anywhere.
class Injection {
 public:
  Injection(unsigned seed, std::vector<std::string> pieces, bool at_boundary)
      : random_(seed), pieces_(std::move(pieces)), at_boundary_(at_boundary), skipped_(pick(4)) {}

  std::optional<std::string> operator()(std::string_view written) {
    if (!is_tls_record(written) || done() || skipped_-- > 0) return std::nullopt;
    std::string changed(written);
    const auto boundaries = boundaries_of(written);
    changed.insert(at_boundary_ ? boundaries[pick(boundaries.size())] : pick(written.size() + 1),
                   pieces_[next_++]);
    return changed;
  }
  bool done() const { return next_ == pieces_.size(); }

 private:
  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }

  std::mt19937 random_;
  std::vector<std::string> pieces_;
  bool at_boundary_;
  std::size_t skipped_;
  std::size_t next_ = 0;
};

TEST(OutsideTls, ASecretPutAnywhereIntoTheWireIsALeak) {
  const std::vector<std::string> forms{kCanary, auth_plain() + "\r\n", to_base64(kCanary),
                                       kPlainBind};
  unsigned injected = 0;
  for (unsigned seed = 0; seed < 240; ++seed) {
    const Spoken& spoken = kSpoken[seed % kSpoken.size()];
    const std::string& form = forms[seed / kSpoken.size() % forms.size()];
    const auto injection =
        std::make_shared<Injection>(seed, std::vector{form}, /*at_boundary=*/seed % 3 != 0);
    const Talk heard = talk(server_of(spoken.mode), whole(spoken), nullptr,
                            [injection](std::string_view bytes) { return (*injection)(bytes); });
    if (injection->done()) ++injected;
    EXPECT_EQ(leaks(heard, spoken.mode), injection->done()) << "seed " << seed << "\n"
                                                            << heard.transcript;
  }
  EXPECT_GT(injected, 120U);
}

struct Place {
  const char* name;
  std::vector<std::string> (*says)(const Spoken&);
};

const std::vector<Place> kPlaces{
    {"before the handshake",
     [](const Spoken& spoken) {
       std::vector<std::string> says = spoken.before_tls;
       says.push_back(spoken.credentials);
       return says;
     }},
    {"at once behind the handshake",
     [](const Spoken& spoken) {
       std::vector<std::string> says = spoken.before_tls;
       says.insert(says.end(), {kHandshake, kOutside + spoken.credentials});
       return says;
     }},
    {"in two pieces",
     [](const Spoken& spoken) {
       std::vector<std::string> says = spoken.before_tls;
       const std::size_t half = spoken.credentials.size() / 2;
       says.insert(says.end(), {kHandshake, kOutside + spoken.credentials.substr(0, half),
                                kOutside + spoken.credentials.substr(half)});
       return says;
     }},
    {"later",
     [](const Spoken& spoken) {
       std::vector<std::string> says = spoken.before_tls;
       says.insert(says.end(), {kHandshake, spoken.in_tls[0], kOutside + spoken.credentials});
       return says;
     }},
    {"behind the end of TLS",
     [](const Spoken& spoken) {
       std::vector<std::string> says = spoken.before_tls;
       says.insert(says.end(), {kHandshake, kEndTls, kOutside + spoken.credentials});
       return says;
     }},
};

TEST(OutsideTls, ASecretIsALeakWhereverItIsSaidAndTheDialogueShowsWhere) {
  for (const Spoken& spoken : kSpoken) {
    for (const Place& place : kPlaces) {
      const Talk heard = talk(server_of(spoken.mode), place.says(spoken));
      const std::string about = std::string(word(spoken.mode)) + ", " + place.name + "\n";
      EXPECT_TRUE(leaks(heard, spoken.mode)) << about << heard.transcript;
      const auto lines = lines_of(heard.seen);
      EXPECT_TRUE(std::any_of(lines.begin(), lines.end(),
                              [](const std::string& line) {
                                return line.starts_with("C: AUTH PLAIN") ||
                                       line.starts_with("C: bind ");
                              }))
          << about << testing::PrintToString(lines);
      for (const std::string& line : lines) EXPECT_FALSE(holds_secret(line, kCanary)) << line;
    }
  }
}

TEST(OutsideTls, ASecretInARecordThatIsNotEncryptedIsALeak) {
  const Spoken& spoken = kSpoken.front();
  const std::string size(1, static_cast<char>(spoken.credentials.size()));
  const std::string record = std::string("\x17\x03\x03\0", 4) + size + spoken.credentials;
  const Talk heard =
      talk(server_of(spoken.mode), {"EHLO x\r\n", "STARTTLS\r\n", kHandshake, kOutside + record});
  EXPECT_TRUE(leaks(heard, spoken.mode)) << heard.transcript;
}

TEST(OutsideTls, WhatIsNoSecretIsNoLeakAndACorrectClientSaysNothingThere) {
  for (const Spoken& spoken : kSpoken) {
    const Talk correct = talk(server_of(spoken.mode), whole(spoken));
    EXPECT_TRUE(judged(correct, spoken.mode).empty()) << correct.transcript;
    EXPECT_EQ(correct.seen.clear_commands.size(), spoken.before_tls.size());
    std::vector<std::string> says = spoken.before_tls;
    says.insert(says.end(), {kHandshake, kOutside + "\x01 something else\r\n"});
    EXPECT_FALSE(leaks(talk(server_of(spoken.mode), says), spoken.mode));
  }
}

// KumoMTA pull request 542, testssl issue 731, and what else a slow server does.
TEST(OutsideTls, WhatComesInAPauseBehindTheGoAheadBelongsToTheHandshake) {
  const Send go{"220 go ahead\r\n"};
  const Respond success{.held = false};
  struct Row {
    const char* name;
    std::size_t spoken;  // of kSpoken
    std::vector<Step> steps;
  };
  for (const Row& row : std::vector<Row>{
           {"SMTP", 0, {go, Pause{2s}, StartTls{}}},
           {"twice", 0, {go, Pause{2s}, Pause{3s}, StartTls{}}},
           {"before and behind", 0, {Pause{2s}, go, Pause{2s}, StartTls{}}},
           {"in pieces", 0, {Send{"220"}, Pause{1s}, Send{" go\r\n"}, Pause{1s}, StartTls{}}},
           {"LDAP", 2, {success, Pause{2s}, StartTls{}}},
       }) {
    const Spoken& spoken = kSpoken[row.spoken];
    const Script late{.deviations = {{.at = Point::starttls, .steps = row.steps}}};
    const Talk heard = talk(server_of(spoken.mode, late), whole(spoken));
    EXPECT_EQ(heard.seen.tls_commands.size(), spoken.in_tls.size()) << row.name << "\n"
                                                                    << heard.transcript;
    EXPECT_TRUE(judged(heard, spoken.mode).empty()) << row.name;
    EXPECT_FALSE(is_tls_record(heard.seen.bytes_in_clear)) << row.name;
  }
}

TEST(OutsideTls, WhatIsNoTlsInSuchAPauseIsSaidInClear) {
  const Spoken& spoken = kSpoken.front();
  const Script late{.deviations = {{.at = Point::starttls,
                                    .steps = {Send{"220 go ahead\r\n"}, Pause{2min}, StartTls{}}}}};
  const Talk heard = talk(server_of(spoken.mode, late),
                          {"EHLO x\r\n", "STARTTLS\r\n", kOutside + spoken.credentials});
  EXPECT_TRUE(leaks(heard, spoken.mode)) << heard.transcript;
}

}  // namespace
}  // namespace startle::fake
