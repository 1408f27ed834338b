// Whatever a script makes a client say, no dialogue and no reason holds anything from which its
// password could be had: random replies at random points, every mechanism.

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <sstream>

#include "cases/engine/run_for_test.h"
#include "fake-servers/dialogue/secret.h"
#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/words/protocol.h"

namespace startle::cases {
namespace {

using fake::Point;
using words::Mode;

const std::string kUserName = "scheduler";
const std::string kLongPassword = [] {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "Zq9-";
  return text;
}();

class RandomCase {
 public:
  explicit RandomCase(unsigned seed) : random_(seed) {}

  Case made() {
    const bool smtp = pick(3) != 0;
    Case one{.id = "random", .summary = "a random script"};
    one.setup.mode = smtp ? any<Mode>({Mode::smtp_starttls, Mode::smtps})
                          : any<Mode>({Mode::ldap_starttls, Mode::ldaps});
    one.setup.username = kUserName;
    one.setup.password = any<std::string>({"{secret}", "Pa55word-Pa55word", kLongPassword});
    one.setup.mechanism = any<std::optional<std::string>>(
        {std::nullopt, "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2"});
    if (!smtp && one.setup.mechanism == "LOGIN") one.setup.mechanism = "PLAIN";
    one.setup.script.sasl.mechanisms = "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2";
    const std::array<Point, 5> smtp_points{Point::ehlo_in_tls, Point::auth, Point::mail,
                                           Point::message, Point::quit};
    const std::array<Point, 3> ldap_points{Point::root_dse_in_tls, Point::bind, Point::search};
    const Point at = smtp ? smtp_points[pick(5)] : ldap_points[pick(3)];
    one.setup.script.deviations.push_back({.at = at, .steps = steps(smtp)});
    one.expect = {.endings = {words::Ending::delivered}, .reason = "to see the dialogue"};
    return one;
  }

 private:
  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }
  template <class T>
  T any(std::vector<T> of) {
    return of[pick(of.size())];
  }

  std::vector<fake::Step> steps(bool smtp) {
    std::vector<fake::Step> made;
    for (std::size_t i = 0, count = 1 + pick(3); i < count; ++i) {
      if (!smtp) {
        made.push_back(fake::Respond{.code = any<std::int64_t>({0, 14, 49, 2}), .diagnostic = "x"});
        continue;
      }
      made.push_back(fake::Send{
          any<std::string>({"334 \r\n", "334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n", "33",
                            "4 PDEuMkBhPg==\r\n", "250 ok\r\n", "235 2.7.0 ok\r\n", "354 go on\r\n",
                            "504 5.5.4 no\r\n", "535 5.7.8 no\r\n",
                            "250-{host}\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n", "334 again\r\n"})});
    }
    if (pick(4) == 0) made.push_back(fake::Usual{});
    return made;
  }

  std::mt19937 random_;
};

// A word of base64 in what the client said that names the user is a credential.
bool holds_credential(const std::string& line) {
  if (line.find("C: ") == std::string::npos && line.find("C (tls): ") == std::string::npos)
    return false;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const auto decoded = from_base64(word);
    if (decoded && decoded->find(kUserName) != std::string::npos) return true;
  }
  return false;
}

TEST(BlottedDialogue, HoldsNoCredentialWhateverTheScriptMakesTheClientSay) {
  Plan plan;
  constexpr unsigned kScripts = 300;
  for (unsigned seed = 0; seed < kScripts; ++seed) {
    Case one = RandomCase(seed).made();
    one.id += "/" + std::to_string(seed);
    plan.cases.push_back(std::move(one));
  }
  const Ran ran =
      run_plan(plan, *subject::make_subject("builtin"), {.jobs = 2, .keep_dialogue = true});
  std::size_t answers = 0;
  for (const report::Verdict& v : ran.verdicts) {
    std::vector<std::string> texts = v.dialogue;
    texts.push_back(v.reason);
    texts.push_back(v.client_says);
    for (const std::string& text : texts) {
      answers += text.find("<answer>") != std::string::npos ||
                 text.find("<initial response>") != std::string::npos;
      EXPECT_FALSE(holds_credential(text)) << v.id << ": " << text;
      for (const std::string& secret : {std::string("Pa55word-Pa55word"), kLongPassword}) {
        EXPECT_FALSE(fake::holds_secret(text, secret)) << v.id << ": " << text;
      }
    }
  }
  EXPECT_GT(answers, kScripts / 2);
}

}  // namespace
}  // namespace startle::cases
