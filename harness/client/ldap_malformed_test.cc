// Bytes that are no LDAP, at every point of a session: each ends as a protocol error within its
// deadline, and with no octet of the password on the way.

#include <gtest/gtest.h>

#include "harness/client/ldap_session_for_test.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using words::Ending;

struct BytesRow {
  const char* name;
  std::string bytes;
};

// RFC 4511, 5.1 and 6.
const std::vector<BytesRow>& malformed() {
  static const std::vector<BytesRow> all{
      {"an SMTP greeting", "220 smtp.example.test ESMTP\r\n"},
      {"an HTTP response", "HTTP/1.1 400 Bad Request\r\n\r\n"},
      {"NUL", "\0"s},
      {"a TLS alert in clear", "\x15\x03\x03\x00\x02\x02\x28"s},
      {"an empty sequence", "\x30\x00"s},
      {"indefinite length", "\x30\x80\x02\x01\x02\x78\x07\x0a\x01\x00\x04\x00\x04\x00\x00\x00"s},
      {"a length of 4 GiB", "\x30\x84\xff\xff\xff\xff"s},
      {"a length of 2 MiB", "\x30\x83\x20\x00\x00"s},
      {"the reserved length", "\x30\xff"s},
      {"a message id of 2^31", "\x30\x0e\x02\x05\x00\x80\x00\x00\x00\x61\x05\x0a\x01\x00\x04\x00"s},
      {"a negative message id", "\x30\x0c\x02\x01\xff\x61\x07\x0a\x01\x00\x04\x00\x04\x00"s},
      {"a message id of no octets", "\x30\x0b\x02\x00\x61\x07\x0a\x01\x00\x04\x00\x04\x00"s},
      {"no operation", "\x30\x03\x02\x01\x01"s},
      {"a result code of no octets", "\x30\x0b\x02\x01\x01\x61\x06\x0a\x00\x04\x00\x04\x00"s},
      {"a result code of 9 octets",
       "\x30\x14\x02\x01\x01\x61\x0f\x0a\x09\x01\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x04\x00"s},
      {"a result without its texts", "\x30\x08\x02\x01\x01\x61\x03\x0a\x01\x00"s},
      {"a text in pieces", "\x30\x10\x02\x01\x01\x61\x0b\x0a\x01\x00\x04\x00\x24\x04\x04\x02hi"s},
      {"an element beyond its end", "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x7f"s},
      {"an entry without attributes", "\x30\x07\x02\x01\x01\x64\x02\x04\x00"s},
  };
  return all;
}

TEST(LdapMalformed, EndsAsAProtocolErrorAtEveryPoint) {
  for (const BytesRow& row : malformed()) {
    for (const LdapRequest at : {root_dse, starttls, root_dse_in_tls, bind, whoami, search}) {
      SCOPED_TRACE(std::string(row.name) + " at " + std::to_string(at));
      LdapSession session = LdapSession::sound();
      session.at(at) = {.segments = {row.bytes}};
      const LdapRun got = run(session);
      EXPECT_EQ(word(got.outcome.ending), "protocol-error") << got.outcome.sentence;
      EXPECT_TRUE(got.outcome.sentence.starts_with("the server's reply is malformed: "))
          << got.outcome.sentence;
      EXPECT_EQ(got.took, 0s);
      EXPECT_EQ(got.heard.size(), at + 1U) << "nothing is said to a server that speaks no LDAP";
      EXPECT_EQ(got.bytes_in_clear.find("canary"), std::string::npos);
    }
  }
}

TEST(LdapMalformed, HalfAMessageIsWaitedForUntilTheDeadline) {
  const std::string whole = message(4, bound(0));
  for (std::size_t octets = 1; octets < whole.size(); ++octets) {
    SCOPED_TRACE(octets);
    LdapSession session = LdapSession::sound();
    session.answer(bind, whole.substr(0, octets));
    const LdapRun silent = run(session);
    EXPECT_EQ(word(silent.outcome.ending), "timeout");
    EXPECT_EQ(silent.took, 5min);
    session.at(bind).then = Act::Then::close;
    EXPECT_EQ(word(run(session).outcome.ending), "connection-lost");
    session.at(bind) = {.segments = {whole.substr(0, octets), whole.substr(octets)}};
    EXPECT_EQ(word(run(session).outcome.ending), "bound");
  }
}

TEST(LdapMalformed, AFloodHasItsEnd) {
  const std::string notification = message(0, extended(0, "1.2.3"));
  const std::string entry = message(6, wire::LdapSearchEntry{.dn = "dc=x"});
  for (const auto& [at, flood] :
       {std::pair<LdapRequest, const std::string&>{bind, notification}, {search, entry}}) {
    SCOPED_TRACE(at);
    std::string many;
    for (int i = 0; i < 10001; ++i) many += flood;
    LdapSession session = LdapSession::sound();
    session.answer(at, many);
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), "protocol-error");
    EXPECT_TRUE(got.outcome.sentence.starts_with(
        "the server's reply is malformed: more than 10000 messages for one request"))
        << got.outcome.sentence;
  }
}

}  // namespace
}  // namespace startle::client
