#include "cases/program/diagnose/server_speech.h"

#include <gtest/gtest.h>

#include <string>

namespace startle::program {
namespace {

using namespace std::string_literals;

struct Row {
  const char* name;
  std::string octets;
  Speech speech;
};

TEST(ServerSpeech, IsKnownByItsFirstOctets) {
  const Row rows[] = {
      {"no octet", "", Speech::nothing},
      {"an alert of TLS 1.0", "\x15\x03\x01\x00\x02\x02\x46"s, Speech::tls},
      {"a ServerHello", "\x16\x03\x03\x00\x7a\x02"s, Speech::tls},
      {"two octets of a record", "\x16\x03"s, Speech::unknown},
      {"a greeting of SMTP", "220 mail.example.test ESMTP Postfix\r\n", Speech::smtp},
      {"a greeting that says nothing", "220 \r\n", Speech::smtp},
      {"a greeting under asterisks", "220 *****************************\r\n", Speech::smtp},
      {"a refusal of SMTP", "554 no service\r\n", Speech::smtp},
      {"LMTP", "220 mail.example.test LMTP ready\r\n", Speech::lmtp},
      {"FTP", "220 (vsFTPd 3.0.3)\r\n", Speech::ftp},
      {"NNTP", "200 news.example.test ready\r\n", Speech::nntp},
      {"HTTP", "HTTP/1.1 400 Bad Request\r\n", Speech::http},
      {"HTTP without a status line", "<!doctype html><html>", Speech::http},
      {"IMAP", "* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n", Speech::imap},
      {"IMAP that is full", "* BYE too many connections\r\n", Speech::imap},
      {"POP3", "+OK Dovecot ready.\r\n", Speech::pop3},
      {"SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", Speech::ssh},
      {"ManageSieve", "\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n", Speech::sieve},
      {"XMPP", "<?xml version='1.0'?><stream:stream>", Speech::xmpp},
      {"MySQL", "\x4a\x00\x00\x00\x0a"s + "8.0.33\x00"s, Speech::mysql},
      {"VNC", "RFB 003.008\n", Speech::vnc},
      {"the notice of disconnection", "\x30\x24\x02\x01\x00\x78\x1f"s, Speech::ldap},
      {"LDAP with a long length", "\x30\x84\x00\x00\x00\x10\x02\x01\x01\x65"s, Speech::ldap},
      {"a SEQUENCE of something else", "\x30\x24\x30\x01\x00\x78\x1f"s, Speech::unknown},
      {"octets", "\x00\x01\x02\x03"s, Speech::unknown},
      {"a number without a blank", "2204 no reply\r\n", Speech::unknown},
  };
  for (const Row& row : rows) EXPECT_EQ(speech_of(row.octets), row.speech) << row.name;
}

TEST(ServerSpeech, EverySpeechHasATitle) {
  for (int i = 0; i <= static_cast<int>(Speech::vnc); ++i) {
    EXPECT_FALSE(title_of(static_cast<Speech>(i)).empty()) << i;
  }
}

TEST(RewrittenStarttls, NamesWhoDoesSo) {
  EXPECT_EQ(rewriter_of_starttls("XXXXXXXA"),
            "a firewall has replaced STARTTLS by XXXXXXXA: that is the mail inspection of a Cisco "
            "PIX or ASA (`inspect esmtp`, fixup smtp)");
  EXPECT_NE(rewriter_of_starttls("xxxxxxxa"), "");
  EXPECT_NE(rewriter_of_starttls("XXXXXXXX"), "");
  EXPECT_EQ(rewriter_of_starttls("X-ANONYMOUSTLS"),
            "the server offers X-ANONYMOUSTLS in its place, which Exchange servers use among "
            "themselves: the receive connector has no certificate for STARTTLS, or a proxy took it "
            "away");
}

TEST(RewrittenStarttls, IsNoOtherOffer) {
  for (const char* offer : {"STARTTLS", "AUTH PLAIN LOGIN", "XXXXXXX1", "XXXXXXA", "XXXXXXXAB",
                            "X-EXPS GSSAPI NTLM", "XRDST", ""}) {
    EXPECT_EQ(rewriter_of_starttls(offer), "") << offer;
  }
}

TEST(RewrittenGreeting, IsOneOfAsterisks) {
  EXPECT_NE(rewriter_of_greeting("220 *****0*0**********2******200"), "");
  EXPECT_EQ(rewriter_of_greeting("220 mail.example.test ESMTP *** no spam ***"), "");
  EXPECT_EQ(rewriter_of_greeting(""), "");
}

}  // namespace
}  // namespace startle::program
