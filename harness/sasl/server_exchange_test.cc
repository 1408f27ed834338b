// The server's half of every mechanism against GNU SASL's client, and message by message.

#include "harness/sasl/server_exchange.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/sasl/gsasl_client_for_test.h"
#include "harness/sasl/password.h"

namespace startle::sasl {
namespace {

using namespace std::string_literals;

const ChannelBinding kChannel{"tls-exporter", std::string(32, 'c')};

struct Users {
  std::map<std::string, std::string> passwords{
      {"user", "pencil"}, {"a=b,c", "pencil"}, {"open", ""}, {"", "of nobody"}};
  SaltedPasswords salted{};

  ServerSide side() {
    return {.password_of = [this](const std::string& name) -> const std::string* {
              const auto found = passwords.find(name);
              return found == passwords.end() ? nullptr : &found->second;
            },
            .external = [](const std::string& name) { return name.empty() || name == "user"; },
            .binding = kChannel,
            .salted = &salted};
  }
};

// "success: user", "failure", "nonsense", "challenge: .."
std::string text(const ServerStep& step) {
  if (const auto* challenge = std::get_if<ServerChallenge>(&step)) {
    return "challenge: " + challenge->data;
  }
  if (const auto* success = std::get_if<ServerSuccess>(&step)) return "success: " + success->name;
  return std::holds_alternative<ServerFailure>(step) ? "failure" : "nonsense";
}

// How the exchange ends, both halves stepping in turns.
std::string talk(Mechanism mechanism, const GsaslCredentials& credentials) {
  Users users;
  const ServerSide side = users.side();
  const auto server = server_exchange(mechanism, side);
  GsaslClient client(mechanism, credentials);
  std::optional<std::string> message;
  const bool server_first = mechanism == Mechanism::login || mechanism == Mechanism::cram_md5;
  if (!server_first) message = client.step("");
  for (int round = 0; round < 10; ++round) {
    const ServerStep step = server->step(message);
    if (const auto* challenge = std::get_if<ServerChallenge>(&step)) {
      message = client.step(challenge->data);
      if (!message) return "client: " + client.complaint();
      continue;
    }
    const auto* success = std::get_if<ServerSuccess>(&step);
    if (success == nullptr) return text(step);
    if (success->data && !client.step(*success->data)) return "client: " + client.complaint();
    return client.is_done() ? text(step) : "the client waits for more";
  }
  return "for ever";
}

constexpr Mechanism kOfGsasl[] = {Mechanism::scram_sha_256_plus,
                                  Mechanism::scram_sha_1_plus,
                                  Mechanism::scram_sha_256,
                                  Mechanism::scram_sha_1,
                                  Mechanism::cram_md5,
                                  Mechanism::plain,
                                  Mechanism::login};

TEST(ServerExchange, TakesTheRightPasswordFromGnuSasl) {
  for (const Mechanism m : kOfGsasl) {
    GsaslCredentials credentials;
    if (binds_to_channel(m)) credentials.binding = kChannel;
    EXPECT_EQ(talk(m, credentials), "success: user") << word(m);
  }
}

TEST(ServerExchange, RefusesAWrongPasswordAndAnUnknownUser) {
  for (const Mechanism m : kOfGsasl) {
    GsaslCredentials credentials;
    if (binds_to_channel(m)) credentials.binding = kChannel;
    credentials.password = "pen";
    EXPECT_EQ(talk(m, credentials), "failure") << word(m);
    credentials.password = "pencil";
    credentials.name = "nobody";
    EXPECT_EQ(talk(m, credentials), "failure") << word(m);
  }
}

TEST(ServerExchange, RefusesAnotherChannel) {
  for (const Mechanism m : {Mechanism::scram_sha_256_plus, Mechanism::scram_sha_1_plus}) {
    GsaslCredentials credentials{.binding = ChannelBinding{"tls-exporter", "another"}};
    EXPECT_EQ(talk(m, credentials), "failure") << word(m);
    credentials.binding = ChannelBinding{"tls-unique", kChannel.data};
    EXPECT_EQ(talk(m, credentials), "failure") << word(m);
  }
}

TEST(ServerExchange, KnowsNamesWithCommasAndNobodyActsForAnother) {
  for (const Mechanism m : {Mechanism::scram_sha_256, Mechanism::plain, Mechanism::login}) {
    EXPECT_EQ(talk(m, {.name = "a=b,c"}), "success: a=b,c") << word(m);
  }
  EXPECT_EQ(talk(Mechanism::plain, {.authorization = "user"}), "success: user");
  EXPECT_EQ(talk(Mechanism::plain, {.authorization = "admin"}), "failure");
}

TEST(ServerExchange, PasswordsMayBeNewerThanUnicode32) {
  Users users;
  users.passwords["user"] = "smile \xf0\x9f\x98\x80";
  const ServerSide side = users.side();
  const auto cram = server_exchange(Mechanism::cram_md5, side);
  const auto asked = std::get<ServerChallenge>(cram->step(std::nullopt));
  EXPECT_EQ(text(cram->step("user " + cram_md5_digest(users.passwords["user"], asked.data))),
            "success: user");
  EXPECT_EQ(
      text(server_exchange(Mechanism::plain, side)->step("\0user\0"s + users.passwords["user"])),
      "success: user");
}

TEST(ServerExchange, PasswordsArePreparedAsRfc4013HasIt) {
  Users users;
  users.passwords["user"] = "I\xc2\xadX \xe2\x85\xa8";  // soft hyphen, roman nine
  const ServerSide side = users.side();
  EXPECT_EQ(text(server_exchange(Mechanism::plain, side)->step("\0user\0IX IX"s)), "success: user");
  EXPECT_EQ(
      text(server_exchange(Mechanism::plain, side)->step("\0user\0"s + users.passwords["user"])),
      "success: user");
}

struct Row {
  const char* name;
  Mechanism mechanism;
  std::vector<std::optional<std::string>> messages;
  std::string end;
};

const std::string kToken = "auth=Bearer pencil\1\1";

TEST(ServerExchange, StepByStep) {
  const std::vector<Row> rows{
      {"plain, asked", Mechanism::plain, {{}, "\0user\0pencil"s}, "success: user"},
      {"plain, empty", Mechanism::plain, {""}, "nonsense"},
      {"plain, one NUL", Mechanism::plain, {"\0user"s}, "nonsense"},
      {"plain, no password", Mechanism::plain, {"\0user\0"s}, "failure"},
      {"login asks", Mechanism::login, {{}}, "challenge: Username:"},
      {"login asks on", Mechanism::login, {{}, "user"}, "challenge: Password:"},
      {"login at once", Mechanism::login, {"user"}, "challenge: Password:"},
      {"login", Mechanism::login, {"user", "pencil"}, "success: user"},
      {"login, an empty password", Mechanism::login, {"open", ""}, "success: open"},
      {"login, another than the empty one", Mechanism::login, {"open", "x"}, "failure"},
      {"login, an empty name", Mechanism::login, {{}, "", "of nobody"}, "success: "},
      {"login, NUL", Mechanism::login, {"user", "pencil\0"s}, "nonsense"},
      {"login, no password", Mechanism::login, {"user", ""}, "failure"},
      {"cram-md5 at once", Mechanism::cram_md5, {"user 0123"}, "nonsense"},
      {"cram-md5, no digest", Mechanism::cram_md5, {{}, "user"}, "nonsense"},
      {"cram-md5, empty", Mechanism::cram_md5, {{}, ""}, "nonsense"},
      {"external", Mechanism::external, {""}, "success: "},
      {"external asked", Mechanism::external, {{}, "user"}, "success: "},
      {"external for another", Mechanism::external, {"admin"}, "failure"},
      {"scram asks", Mechanism::scram_sha_256, {{}}, "challenge: "},
      {"scram, no nonce", Mechanism::scram_sha_256, {"n,,n=user"}, "nonsense"},
      {"scram, a list was cut", Mechanism::scram_sha_256, {"y,,n=user,r=abc"}, "failure"},
      {"scram-plus without binding", Mechanism::scram_sha_256_plus, {"n,,n=user,r=a"}, "failure"},
      {"oauthbearer asks", Mechanism::oauthbearer, {{}}, "challenge: "},
      {"oauthbearer",
       Mechanism::oauthbearer,
       {"n,a=user,\1host=h\1port=587\1" + kToken},
       "success: user"},
      {"oauthbearer, a name escaped",
       Mechanism::oauthbearer,
       {"n,a=a=3Db=2Cc,\1" + kToken},
       "success: a=b,c"},
      {"oauthbearer, wrong",
       Mechanism::oauthbearer,
       {"n,a=user,\1auth=Bearer pen\1\1"},
       R"(challenge: {"status":"invalid_token","scope":"mail"})"},
      {"oauthbearer, wrong, heard",
       Mechanism::oauthbearer,
       {"n,a=user,\1auth=Bearer pen\1\1", "\1"},
       "failure"},
      {"oauthbearer, wrong, not heard",
       Mechanism::oauthbearer,
       {"n,a=user,\1auth=Bearer pen\1\1", ""},
       "nonsense"},
      {"oauthbearer without end",
       Mechanism::oauthbearer,
       {"n,a=user,\1auth=Bearer pencil\1"},
       "nonsense"},
      {"oauthbearer without token", Mechanism::oauthbearer, {"n,a=user,\1host=h\1\1"}, "nonsense"},
      {"oauthbearer without header", Mechanism::oauthbearer, {kToken}, "nonsense"},
      {"xoauth2", Mechanism::xoauth2, {"user=user\1" + kToken}, "success: user"},
      {"xoauth2, wrong",
       Mechanism::xoauth2,
       {"user=user\1auth=Bearer pen\1\1"},
       R"(challenge: {"status":"400","schemes":"Bearer","scope":"mail"})"},
      {"xoauth2, wrong, heard",
       Mechanism::xoauth2,
       {"user=user\1auth=Bearer pen\1\1", ""},
       "failure"},
      {"xoauth2, unknown", Mechanism::xoauth2, {"user=nobody\1" + kToken, ""}, "failure"},
  };
  for (const Row& row : rows) {
    Users users;
    const ServerSide side = users.side();
    const auto exchange = server_exchange(row.mechanism, side);
    std::string end;
    for (const auto& message : row.messages) end = text(exchange->step(message));
    EXPECT_EQ(end, row.end) << row.name;
  }
}

TEST(ServerExchange, TheSaltOfAUserStays) {
  EXPECT_EQ(scram_salt("user").size(), 16U);
  EXPECT_EQ(scram_salt("user"), scram_salt("user"));
  EXPECT_NE(scram_salt("user"), scram_salt("other"));
  Users users;
  const ServerSide side = users.side();
  const ServerStep step = server_exchange(Mechanism::scram_sha_1, side)->step("n,,n=user,r=abc");
  const std::string first = text(step);
  EXPECT_EQ(first.rfind("challenge: r=abc", 0), 0U) << first;
  EXPECT_NE(first.find(",s=" + to_base64(scram_salt("user")) + ",i=4096"), std::string::npos);
}

TEST(ServerExchange, SaltedPasswordsAreComputedOnce) {
  Users users;
  const ServerSide side = users.side();
  for (int round = 0; round < 2; ++round) {
    const auto server = server_exchange(Mechanism::scram_sha_256, side);
    GsaslClient client(Mechanism::scram_sha_256, {});
    const auto challenge = std::get<ServerChallenge>(server->step(client.step("")));
    EXPECT_EQ(text(server->step(client.step(challenge.data))), "success: user");
    EXPECT_EQ(users.salted.size(), 1U);
  }
}

TEST(CramMd5, IsThatOfTheRfc) {
  // RFC 2195, 2
  EXPECT_EQ(cram_md5_digest("tanstaaftanstaaf", "<1896.697170952@postoffice.reston.mci.net>"),
            "b913a602c7eda7a495b4e6e7334d3890");
}

}  // namespace
}  // namespace startle::sasl
