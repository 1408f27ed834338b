// SASL as a fake server plays it: honest with GNU SASL's client, lying to one that believes all.

#include "fake-servers/sasl/conversation.h"

#include <gtest/gtest.h>

#include <map>

#include "fake-servers/sasl/lie.h"
#include "harness/base/bytes.h"
#include "harness/sasl/gsasl_client_for_test.h"
#include "harness/sasl/scram.h"

namespace startle::fake {
namespace {

using namespace std::string_literals;
using sasl::Mechanism;
using words::Protocol;
using Kind = SaslReply::Kind;

const std::string kPassword = "pencil";
const sasl::ChannelBinding kChannel{"tls-exporter", std::string(32, 'c')};

Server server_with(SaslScript script) {
  Server server;
  server.script.sasl = std::move(script);
  server.users = {{.name = "user", .password = kPassword}};
  return server;
}

SaslSurroundings around(const Server& server, Protocol protocol, bool can_bind) {
  return {.framing = row_of(protocol).sasl,
          .user_called = [&server](const std::string& name) -> const User* {
            return name == "user" ? &server.users.front() : nullptr;
          },
          .channel = kChannel,
          .can_bind = can_bind};
}

// A client of SCRAM-SHA-256 that answers whatever it is told, computes with it, and looks at the
// signature without minding what it is.
struct Gullible {
  std::string header = "n,,";
  std::string channel{};  // data of p
  std::string password = kPassword;
  std::string signature = "none";  // "right", "wrong"

  std::string first() const { return header + "n=user,r=mine"; }

  std::string answer(const std::string& challenge) {
    std::map<char, std::string> parts;
    for (std::size_t at = 0; at < challenge.size();) {
      const std::size_t end = std::min(challenge.find(',', at), challenge.size());
      if (end > at + 1) parts[challenge[at]] = challenge.substr(at + 2, end - at - 2);
      at = end + 1;
    }
    if (parts.contains('v')) see(parts['v']);
    if (parts.contains('v') || parts.contains('e') || !parts.contains('r')) return "";
    const auto hash = sasl::ScramHash::sha_256;
    const long stated = std::strtol(parts['i'].c_str(), nullptr, 10);
    const auto iterations = static_cast<std::uint32_t>(stated < 1 || stated > 1000000 ? 1 : stated);
    keys = sasl::scram_keys(
        hash,
        sasl::salted_password(hash, password, from_base64(parts['s']).value_or(""), iterations));
    const std::string final = "c=" + to_base64(header + channel) + ",r=" + parts['r'];
    all = "n=user,r=mine," + challenge + "," + final;
    return final + ",p=" + to_base64(sasl::client_proof(hash, keys, all));
  }

  void see(const std::string& given) {
    const auto right = to_base64(sasl::server_signature(sasl::ScramHash::sha_256, keys, all));
    signature = given == right ? "right" : "wrong";
  }

  sasl::ScramKeys keys{};
  std::string all{};  // AuthMessage
};

struct Driven {
  std::string end{};
  unsigned challenges = 0;
  Observation seen{};
};

std::string word_of(Kind kind) {
  constexpr std::array<const char*, 5> kWords{"challenge", "success", "failure", "nonsense",
                                              "result"};
  return kWords[static_cast<std::size_t>(kind)];
}

Driven drive(Gullible& client, const SaslScript& script, Protocol protocol,
             Mechanism mechanism = Mechanism::scram_sha_256, bool can_bind = false) {
  Driven driven;
  const Server server = server_with(script);
  SaslConversation conversation(mechanism, server, around(server, protocol, can_bind), driven.seen);
  SaslReply reply = conversation.step(client.first());
  while (reply.kind == Kind::challenge && driven.challenges < 10) {
    ++driven.challenges;
    reply = conversation.step(client.answer(reply.data.value_or("")));
  }
  driven.end = word_of(reply.kind);
  if (reply.kind == Kind::success) {
    EXPECT_EQ(conversation.user(), &server.users.front());
    if (reply.data) client.answer(*reply.data);
  }
  return driven;
}

struct LieRow {
  SaslLie lie;
  std::string end;
  std::string signature;
  bool forged;
  unsigned challenges;  // in SMTP
};

TEST(SaslConversation, LiesInScramInOneWayOnly) {
  using enum SaslLie;
  for (const LieRow& row : {LieRow{none, "success", "right", false, 2},
                            {no_signature, "success", "none", false, 1},
                            {wrong_signature, "success", "wrong", false, 2},
                            {signature_in_reply, "success", "none", false, 1},
                            {unchanged_nonce, "success", "right", true, 2},
                            {foreign_nonce, "success", "right", true, 2},
                            {mandatory_extension, "success", "right", true, 2},
                            {optional_extension, "success", "right", false, 2},
                            {missing_salt, "success", "right", true, 2},
                            {swapped_attributes, "success", "right", true, 2},
                            {any_channel_binding, "success", "right", false, 2},
                            {binding_error, "failure", "none", false, 2},
                            {error_then_success, "success", "none", false, 2},
                            {success_at_once, "success", "none", false, 0},
                            {success_without_last_step, "success", "none", false, 1},
                            {challenge_for_success, "success", "right", true, 3},
                            {challenges_for_ever, "challenge", "right", true, 10},
                            {no_credentials, "success", "none", true, 1},
                            {no_base64, "success", "right", true, 2},
                            {huge_challenge, "success", "right", true, 2},
                            {padded_challenge, "success", "right", false, 2},
                            {swapped_prompts, "success", "right", false, 2},
                            {any_credentials, "success", "right", false, 2},
                            {short_signature, "success", "wrong", false, 2},
                            {late_extension, "success", "right", true, 2},
                            {final_extension, "success", "right", false, 2},
                            {swapped_salt, "success", "right", true, 2}}) {
    Gullible client;
    const Driven smtp = drive(client, {.lie = row.lie}, Protocol::smtp);
    EXPECT_EQ(smtp.end, row.end) << word(row.lie);
    EXPECT_EQ(client.signature, row.signature) << word(row.lie);
    EXPECT_EQ(smtp.seen.answered_forged_challenge, row.forged) << word(row.lie);
    EXPECT_EQ(smtp.challenges, row.challenges) << word(row.lie);
    EXPECT_FALSE(smtp.seen.bound_to_other_channel || smtp.seen.stepped_down) << word(row.lie);
    if (row.lie == no_base64 || row.lie == challenges_for_ever) continue;
    Gullible other;
    const Driven ldap = drive(other, {.lie = row.lie}, Protocol::ldap);
    EXPECT_EQ(ldap.end, row.end) << word(row.lie);
    EXPECT_EQ(other.signature, row.signature) << word(row.lie);
    EXPECT_EQ(ldap.seen.answered_forged_challenge, row.forged) << word(row.lie);
  }
}

TEST(SaslConversation, StatesTheIterationsOfTheScript) {
  struct Row {
    const char* iterations;
    std::string signature;
    bool forged;
  };
  for (const Row& row : {Row{"1", "right", false},
                         {"4095", "right", false},
                         {"20000", "right", false},
                         {"0", "right", true},
                         {"-1", "right", true},
                         {"1000001", "right", true},
                         {"2147483648", "right", true},
                         {"many", "right", true}}) {
    Gullible client;
    const Driven got = drive(client, {.iterations = row.iterations}, Protocol::smtp);
    EXPECT_EQ(got.end, "success") << row.iterations;
    EXPECT_EQ(client.signature, row.signature) << row.iterations;
    EXPECT_EQ(got.seen.answered_forged_challenge, row.forged) << row.iterations;
  }
}

TEST(SaslConversation, RefusesAWrongPasswordUnlessItLies) {
  for (const auto& [lie, end, signature] : {std::tuple{SaslLie::none, "failure", "none"},
                                            {SaslLie::optional_extension, "failure", "none"},
                                            {SaslLie::any_credentials, "success", "wrong"}}) {
    Gullible client{.password = "pen"};
    EXPECT_EQ(drive(client, {.lie = lie}, Protocol::smtp).end, end) << word(lie);
    EXPECT_EQ(client.signature, signature) << word(lie);
  }
}

TEST(SaslConversation, SaysTheScriptsResultWhereSuccessBelongs) {
  Gullible client;
  EXPECT_EQ(drive(client, {.result = "534 5.7.9 too weak"}, Protocol::smtp).end, "result");
  EXPECT_EQ(client.signature, "right");
}

struct BindingRow {
  const char* name;
  Mechanism mechanism;
  std::string header;
  std::string data;
  SaslLie lie;
  std::string end;
  bool other_channel;
};

TEST(SaslConversation, SeesWhatAClientIsBoundTo) {
  using enum SaslLie;
  const auto plus = Mechanism::scram_sha_256_plus;
  const auto plain = Mechanism::scram_sha_256;
  const std::string p = "p=tls-exporter,,";
  for (const BindingRow& row :
       {BindingRow{"this channel", plus, p, kChannel.data, none, "success", false},
        {"another", plus, p, "other", none, "failure", true},
        {"another, to a liar", plus, p, "other", any_channel_binding, "success", true},
        {"nothing", plus, p, "", any_channel_binding, "success", true},
        {"another, to one who signs wrongly", plus, p, "other", wrong_signature, "failure", true},
        {"a type of another TLS", plus, "p=tls-unique,,", kChannel.data, any_channel_binding,
         "success", true},
        {"the certificate", plus, "p=tls-server-end-point,,", "hash", any_channel_binding,
         "success", false},
        {"not asked to", plain, "n,,", "", none, "success", false},
        {"data without a flag", plain, "n,,", "x", none, "failure", true}}) {
    Gullible client{.header = row.header, .channel = row.data};
    const Driven got = drive(client, {.lie = row.lie}, Protocol::smtp, row.mechanism, true);
    EXPECT_EQ(got.end, row.end) << row.name;
    EXPECT_EQ(got.seen.bound_to_other_channel, row.other_channel) << row.name;
  }
}

TEST(SaslConversation, SeesAClientThatSaysItSawNoPlus) {
  for (const bool offered : {true, false}) {
    const Server server = server_with({});
    Observation seen;
    if (offered) seen.auth_offered_in_tls = {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"};
    SaslConversation conversation(Mechanism::scram_sha_256, server,
                                  around(server, Protocol::smtp, offered), seen);
    const SaslReply reply = conversation.step("y,,n=user,r=mine");
    EXPECT_EQ(reply.kind, offered ? Kind::failure : Kind::challenge);
    EXPECT_EQ(seen.stepped_down, offered);
  }
}

// The lies that are no matter of SCRAM, to GNU SASL's clients, which check nothing of these.
struct OtherRow {
  Mechanism mechanism;
  SaslLie lie;
  std::vector<std::string> says;  // one after the other; the first "-": no initial response
  std::string transcript;         // of replies: a challenge's text or size, "!" spoilt, the end
  bool forged;
};

TEST(SaslConversation, LiesInTheOtherMechanisms) {
  using enum SaslLie;
  const std::string plain = "\0user\0pencil"s;
  for (const OtherRow& row :
       {OtherRow{Mechanism::plain, none, {plain}, "success", false},
        {Mechanism::plain, success_at_once, {"-"}, "success", false},
        {Mechanism::plain, challenge_for_success, {plain, ""}, "<> success", true},
        {Mechanism::plain, no_base64, {plain, ""}, "<>! success", true},
        {Mechanism::plain, huge_challenge, {plain, ""}, "<65536> success", true},
        {Mechanism::plain, padded_challenge, {plain}, "success", false},
        {Mechanism::plain, no_credentials, {plain}, "success", false},
        {Mechanism::plain, any_credentials, {"\0user\0pen"s}, "success", false},
        {Mechanism::login, none, {"-", "user", "pencil"}, "<Username:> <Password:> success", false},
        {Mechanism::login, success_at_once, {"-"}, "success", false},
        {Mechanism::login, success_without_last_step, {"-", "user"}, "<Username:> success", false},
        {Mechanism::login,
         challenge_for_success,
         {"-", "user", "pencil", "pencil"},
         "<Username:> <Password:> <Password:> success",
         true},
        {Mechanism::login, no_base64, {"-", "user"}, "<Username:>! <Password:>", true},
        {Mechanism::login, huge_challenge, {"-", "user"}, "<65536> <Password:>", true},
        {Mechanism::login,
         padded_challenge,
         {"-", "user", "pencil"},
         "<6144> <Password:> success",
         false},
        {Mechanism::login,
         swapped_prompts,
         {"-", "user", "pencil"},
         "<Password:> <Username:> success",
         false},
        {Mechanism::login,
         swapped_prompts,
         {"-", "pencil", "user"},
         "<Password:> <Username:> failure",
         false},
        {Mechanism::login,
         any_credentials,
         {"-", "user", "pen"},
         "<Username:> <Password:> success",
         false},
        {Mechanism::cram_md5, success_at_once, {"-"}, "success", false},
        {Mechanism::cram_md5, no_credentials, {"-", "user 0"}, "(absent) success", true},
        {Mechanism::oauthbearer, none, {"n,a=user,\1auth=Bearer pencil\1\1"}, "success", false},
        {Mechanism::oauthbearer,
         any_credentials,
         {"n,a=user,\1auth=Bearer x\1\1"},
         "success",
         false},
        {Mechanism::xoauth2,
         error_then_success,
         {"user=user\1auth=Bearer pencil\1\1", ""},
         "<" + sasl::token_failure(Mechanism::xoauth2) + "> success",
         false}}) {
    const std::string what = std::string(word(row.mechanism)) + ", " + std::string(word(row.lie));
    const Server server = server_with({.lie = row.lie});
    Observation seen;
    SaslConversation conversation(row.mechanism, server, around(server, Protocol::smtp, false),
                                  seen);
    std::string transcript;
    for (const std::string& message : row.says) {
      const SaslReply reply =
          conversation.step(message == "-" ? std::nullopt : std::optional(message));
      if (!transcript.empty()) transcript += ' ';
      if (reply.kind != Kind::challenge) {
        transcript += word_of(reply.kind);
      } else if (!reply.data) {
        transcript += "(absent)";
      } else {
        const bool long_one = reply.data->size() > 100;
        transcript += '<' + (long_one ? std::to_string(reply.data->size()) : *reply.data) + '>';
      }
      if (reply.spoilt) transcript += '!';
    }
    EXPECT_EQ(transcript, row.transcript) << what;
    EXPECT_EQ(seen.answered_forged_challenge, row.forged) << what;
  }
}

TEST(SaslConversation, GnuSaslsClientTakesItForAServer) {
  for (const Mechanism m :
       {Mechanism::scram_sha_256_plus, Mechanism::scram_sha_1_plus, Mechanism::scram_sha_256,
        Mechanism::scram_sha_1, Mechanism::cram_md5, Mechanism::plain, Mechanism::login}) {
    for (const SaslLie lie : {SaslLie::none, SaslLie::optional_extension, SaslLie::padded_challenge,
                              SaslLie::unchanged_nonce}) {
      // It stops at what RFC 5802, 5.1 has it pass over.
      if (sasl::is_scram(m) &&
          (lie == SaslLie::optional_extension || lie == SaslLie::padded_challenge)) {
        continue;
      }
      const Server server = server_with({.lie = lie});
      Observation seen;
      SaslConversation conversation(
          m, server, around(server, Protocol::smtp, sasl::binds_to_channel(m)), seen);
      sasl::GsaslCredentials credentials{.password = kPassword};
      if (sasl::binds_to_channel(m)) credentials.binding = kChannel;
      sasl::GsaslClient client(m, credentials);
      const bool asked = m == Mechanism::login || m == Mechanism::cram_md5;
      SaslReply reply = conversation.step(asked ? std::nullopt : client.step(""));
      while (reply.kind == Kind::challenge) {
        const auto said = client.step(reply.data.value_or(""));
        ASSERT_TRUE(said) << word(m) << ", " << word(lie) << ": " << client.complaint();
        reply = conversation.step(said);
      }
      EXPECT_EQ(reply.kind, Kind::success) << word(m) << ", " << word(lie);
      EXPECT_TRUE(client.is_done()) << word(m) << ", " << word(lie);
      EXPECT_FALSE(seen.bound_to_other_channel) << word(m);
      EXPECT_EQ(seen.answered_forged_challenge,
                lie == SaslLie::unchanged_nonce && sasl::is_scram(m))
          << word(m);
    }
  }
}

TEST(SaslConversation, OffersWhatTheScriptHasOrWhatIsUsual) {
  using Names = std::vector<std::string>;
  Server server;
  EXPECT_EQ(offered_mechanisms(server, true, {"PLAIN"}, true), Names{"PLAIN"});
  server.sasl_mechanisms = {"PLAIN", "SCRAM-SHA-256-PLUS", "CRAM-MD5"};
  EXPECT_EQ(offered_mechanisms(server, true, {"PLAIN"}, true),
            (Names{"PLAIN", "SCRAM-SHA-256-PLUS", "CRAM-MD5"}));
  EXPECT_EQ(offered_mechanisms(server, true, {"PLAIN"}, false), (Names{"PLAIN", "CRAM-MD5"}));
  EXPECT_EQ(offered_mechanisms(server, false, {}, true), Names{});
  EXPECT_EQ(played_mechanism(server, "CRAM-MD5", {"PLAIN"}), Mechanism::cram_md5);
  EXPECT_EQ(played_mechanism(server, "LOGIN", {"PLAIN"}), std::nullopt);
  EXPECT_EQ(played_mechanism(server, "GSSAPI", {"GSSAPI"}), std::nullopt);
  server.script.sasl = {.mechanisms = " LOGIN  XOAUTH2", .in_clear = "PLAIN"};
  EXPECT_EQ(offered_mechanisms(server, true, {"PLAIN"}, true), (Names{"LOGIN", "XOAUTH2"}));
  EXPECT_EQ(offered_mechanisms(server, false, {}, true), Names{"PLAIN"});
  EXPECT_EQ(played_mechanism(server, "CRAM-MD5", {"PLAIN"}), std::nullopt);
  EXPECT_EQ(played_mechanism(server, "PLAIN", {}), Mechanism::plain);  // who has an old list
  server.script.sasl.mechanisms = "";
  EXPECT_EQ(offered_mechanisms(server, true, {"PLAIN"}, true), Names{});
}

}  // namespace
}  // namespace startle::fake
