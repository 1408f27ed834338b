// The client's half of each mechanism against its RFC, and against libgsasl's servers.

#include "harness/sasl/client_exchange.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/base/bytes.h"
#include "harness/sasl/gsasl.h"

namespace startle::sasl {
namespace {

using namespace std::string_literals;

std::unique_ptr<ClientExchange> started(Mechanism mechanism, const Credentials& credentials,
                                        const BindableChannel& channel = {}) {
  auto made = start_client_exchange(mechanism, credentials, channel, nullptr);
  auto* exchange = std::get_if<std::unique_ptr<ClientExchange>>(&made);
  return exchange == nullptr ? nullptr : std::move(*exchange);
}

struct FirstRow {
  const char* name;
  Mechanism mechanism;
  Credentials credentials;
  std::string message;
};

TEST(ClientExchange, OneMessageIsWhatItsRfcShows) {
  for (const FirstRow& row :
       {FirstRow{"RFC 4616, 4",
                 Mechanism::plain,
                 {"tim", "tanstaaftanstaaf"},
                 "\0tim\0tanstaaftanstaaf"s},
        {"PLAIN, not prepared",
         Mechanism::plain,
         {"t\u00adim", "\u2168\x07\u06271"},
         "\0t\u00adim\0\u2168\x07\u06271"s},
        {"PLAIN of other octets", Mechanism::plain, {"tim", "\xff"}, "\0tim\0\xff"s},
        {"PLAIN of no password", Mechanism::plain, {"tim", ""}, "\0tim\0"s},
        {"EXTERNAL", Mechanism::external, {"tim", "secret"}, ""},
        {"RFC 7628, 4.1",
         Mechanism::oauthbearer,
         {"user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", "server.example.com",
          143},
         *from_base64("bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1"
                      "dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB")},
        {"OAUTHBEARER, a name of signs",
         Mechanism::oauthbearer,
         {"a,b=c", "t", "h", 25},
         "n,a=a=2Cb=3Dc,\1host=h\1port=25\1auth=Bearer t\1\1"},
        {"XOAUTH2",
         Mechanism::xoauth2,
         {"user@example.com", "ya29"},
         "user=user@example.com\1auth=Bearer ya29\1\1"}}) {
    SCOPED_TRACE(row.name);
    const auto client = started(row.mechanism, row.credentials);
    ASSERT_TRUE(client && client->speaks_first());
    EXPECT_EQ(client->standing(), Standing::early);
    EXPECT_EQ(client->initial_response(), row.message);
    EXPECT_EQ(client->standing(), Standing::complete);
    const bool token = takes_token(row.mechanism);
    EXPECT_EQ(client->objection("{}").has_value(), !token);
    if (!token) {
      EXPECT_EQ(client->objection("")->kind, Objection::Kind::after_end);
    }
  }
}

TEST(ClientExchange, ATokensErrorIsAnsweredOnce) {
  for (const Mechanism mechanism : {Mechanism::oauthbearer, Mechanism::xoauth2}) {
    const auto client = started(mechanism, {"user", "token", "h", 25});
    client->initial_response();
    EXPECT_EQ(client->answer("{\"status\":\"invalid_token\"}"),
              mechanism == Mechanism::oauthbearer ? "\1" : "");
    EXPECT_EQ(client->standing(), Standing::error_stated);
    EXPECT_EQ(client->objection("{}")->kind, Objection::Kind::after_end);
  }
}

TEST(ClientExchange, CramMd5IsThatOfRfc2195) {
  const auto client = started(Mechanism::cram_md5, {"tim", "tanstaaftanstaaf"});
  EXPECT_FALSE(client->speaks_first());
  EXPECT_THROW(client->initial_response(), std::logic_error);
  EXPECT_EQ(client->objection("")->why, "the challenge is empty");
  EXPECT_EQ(client->answer("<1896.697170952@postoffice.reston.mci.net>"),
            "tim b913a602c7eda7a495b4e6e7334d3890");
  EXPECT_EQ(client->standing(), Standing::complete);
  EXPECT_TRUE(client->objection("<>"));
}

TEST(ClientExchange, LoginGoesByPositionAndSaysTheSecretOnce) {
  const auto client = started(Mechanism::login, {"t\u00adim", "pass"});
  EXPECT_FALSE(client->speaks_first());
  EXPECT_EQ(client->answer("Password:"), "t\u00adim") << "not prepared";
  EXPECT_EQ(client->standing(), Standing::early);
  EXPECT_EQ(client->answer(""), "pass");
  EXPECT_EQ(client->standing(), Standing::complete);
  EXPECT_EQ(client->objection("Password:")->kind, Objection::Kind::after_end);
  EXPECT_EQ(client->answer("Password:"), "");
}

struct UnusableRow {
  const char* name;
  Mechanism mechanism;
  Credentials credentials;
  const char* why;
};

TEST(ClientExchange, CredentialsThatAMechanismForbidsAreNotSent) {
  for (const UnusableRow& row :
       {UnusableRow{"NUL in a name", Mechanism::plain, {"a\0b"s, "p"}, "the username holds a NUL"},
        {"NUL in a password", Mechanism::login, {"a", "secret\0"s}, "the password holds a NUL"},
        {"NUL in a token", Mechanism::oauthbearer, {"a", "\0"s}, "the password holds a NUL"},
        {"a separator in a token",
         Mechanism::xoauth2,
         {"a", "b\1auth=c"},
         "the password holds a control character"},
        {"a separator in its name",
         Mechanism::oauthbearer,
         {"a\1", "b"},
         "the username holds a control character"},
        {"a password that cannot be prepared",
         Mechanism::scram_sha_256,
         {"a", "secret\x07"},
         "the password is not fit for SASL (RFC 4013)"},
        {"a name that cannot be prepared",
         Mechanism::cram_md5,
         {"\xff", "b"},
         "the username is not fit for SASL (RFC 4013)"},
        {"text of two directions",
         Mechanism::scram_sha_1,
         {"a", "\u06271"},
         "the password is not fit for SASL (RFC 4013)"}}) {
    SCOPED_TRACE(row.name);
    const auto made = start_client_exchange(row.mechanism, row.credentials, {}, nullptr);
    const auto* unusable = std::get_if<Unusable>(&made);
    ASSERT_NE(unusable, nullptr);
    EXPECT_EQ(unusable->why, row.why);
  }
  EXPECT_THROW(started(Mechanism::scram_sha_1_plus, {"a", "b"}), std::logic_error);
}

// ---- libgsasl at the other end -----------------------------------------------------------------

struct PeerRow {
  const char* name;
  Mechanism mechanism;
  Credentials credentials;
  BindableChannel channel{};
  const char* password = "pencil";  // the server's
  const char* binding = nullptr;    // the server's, base64
  int ending = GSASL_OK;
};

// The server's password is asked for once a name is known.
int give_password(Gsasl*, Gsasl_session* session, Gsasl_property asked) {
  if (asked != GSASL_PASSWORD) return GSASL_NO_CALLBACK;
  const auto* row = static_cast<const PeerRow*>(gsasl_session_hook_get(session));
  return gsasl_property_set(session, GSASL_PASSWORD, row->password);
}

// What libgsasl's server makes of the client at last.
int ending_with_gsasl(PeerRow row, Standing& standing) {
  Gsasl_session* raw = nullptr;
  const std::string name(word(row.mechanism));
  EXPECT_EQ(gsasl_server_start(gsasl_of_this_thread(), name.c_str(), &raw), GSASL_OK);
  const GsaslSession server(raw);
  gsasl_callback_set(gsasl_of_this_thread(), give_password);
  gsasl_session_hook_set(raw, &row);
  if (row.binding != nullptr) gsasl_property_set(raw, GSASL_CB_TLS_EXPORTER, row.binding);
  const auto client = started(row.mechanism, row.credentials, row.channel);
  std::string said = client->speaks_first() ? client->initial_response() : "";
  while (true) {
    char* out = nullptr;
    std::size_t size = 0;
    const int status = gsasl_step(raw, said.data(), said.size(), &out, &size);
    const GsaslString owned(out);
    const bool going = status == GSASL_NEEDS_MORE || (status == GSASL_OK && size > 0);
    if (going) {
      const std::string challenge(out, size);
      const auto objection = client->objection(challenge);
      EXPECT_FALSE(objection) << objection->why;
      said = client->answer(challenge).value_or("no answer");
    }
    standing = client->standing();
    if (status != GSASL_NEEDS_MORE) return status;
  }
}

TEST(ClientExchange, LibgsaslsServersAgree) {
  const BindableChannel channel{.binding = ChannelBinding{"tls-exporter", "exported"},
                                .plus_offered = true};
  const BindableChannel unseen{.binding = channel.binding, .plus_offered = false};
  const Credentials right{"user", "pencil"};
  const Credentials wrong{"user", "pen"};
  constexpr const char* kExported = "ZXhwb3J0ZWQ=";
  using enum Mechanism;
  for (const PeerRow& row :
       {PeerRow{"PLAIN", plain, right},
        {"PLAIN, prepared", plain, {"user", "\uff50encil"}},
        {"PLAIN, wrong", plain, wrong, {}, "pencil", nullptr, GSASL_AUTHENTICATION_ERROR},
        {"CRAM-MD5", cram_md5, right},
        {"CRAM-MD5, wrong", cram_md5, wrong, {}, "pencil", nullptr, GSASL_AUTHENTICATION_ERROR},
        {"SCRAM-SHA-1", scram_sha_1, right},
        {"SCRAM-SHA-256", scram_sha_256, right},
        {"SCRAM, prepared", scram_sha_256, {"us\u00ader,=", "\uff50encil"}},
        {"SCRAM, wrong", scram_sha_256, wrong, {}, "pencil", nullptr, GSASL_AUTHENTICATION_ERROR},
        {"-PLUS", scram_sha_256_plus, right, channel, "pencil", kExported},
        {"-PLUS of SHA-1", scram_sha_1_plus, right, channel, "pencil", kExported},
        {"-PLUS, another channel", scram_sha_256_plus, right, channel, "pencil",
         "b3RoZXI=", GSASL_AUTHENTICATION_ERROR},
        {"y, and the server cannot bind either", scram_sha_256, right, unseen},
        {"y, and the server offered to bind", scram_sha_256, right, unseen, "pencil", kExported,
         GSASL_AUTHENTICATION_ERROR}}) {
    SCOPED_TRACE(row.name);
    Standing standing = Standing::early;
    EXPECT_EQ(gsasl_strerror_name(ending_with_gsasl(row, standing)),
              gsasl_strerror_name(row.ending));
    const bool proven = row.ending == GSASL_OK;
    EXPECT_TRUE(!is_scram(row.mechanism) || (standing == Standing::complete) == proven);
  }
}

}  // namespace
}  // namespace startle::sasl
