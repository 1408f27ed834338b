#include "harness/messages/log_verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "harness/base/utf_16.h"

namespace startle::messages {
namespace {

using words::Ending;

const Signatures& shipped() {
  static const Signatures read = Signatures::read(STARTLE_TREE "/cases/clients/messages");
  return read;
}

LogVerdict verdict_of(const std::string& text) {
  std::istringstream in(text);
  return read_log(in, shipped());
}

Recognised recognised_in(const std::string& text) {
  const LogVerdict verdict = verdict_of(text);
  EXPECT_NE(verdict.recognised(), nullptr) << text;
  return verdict.recognised() == nullptr ? Recognised{.endings = {{}}} : *verdict.recognised();
}

Ending first_ending(const std::string& text) {
  return recognised_in(text).endings.front().ending;
}

const std::string kTrace =
    "2026-11-30 10:00:02 ERROR javax.mail.MessagingException: Could not connect to SMTP host: "
    "mail.example.com, port: 465;\n"
    "  nested exception is:\n"
    "\tjavax.net.ssl.SSLHandshakeException: PKIX path building failed\n"
    "\tat com.sun.mail.smtp.SMTPTransport.openServer(SMTPTransport.java:2212)\n"
    "Caused by: sun.security.validator.ValidatorException: PKIX path building failed\n"
    "\tat java.base/sun.security.validator.PKIXValidator.doBuild(PKIXValidator.java:439)\n"
    "Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid "
    "certification path to requested target\n"
    "\t... 23 more\n";

TEST(LogVerdict, IsOfTheDeepestCause) {
  const Recognised found = recognised_in(kTrace);
  EXPECT_EQ(found.line, 7U);
  EXPECT_EQ(found.signature_id, "java/path-building");
  EXPECT_EQ(found.family, "java");
  EXPECT_EQ(found.endings.front(), (Ranked{Ending::certificate_not_trusted, Certainty::certain}));
  EXPECT_EQ(found.protocol, words::Protocol::smtp);
  EXPECT_EQ(found.failures, 1U);
  EXPECT_EQ(found.facts, (std::vector<Fact>{{"host", "mail.example.com"}, {"port", "465"}}));
  EXPECT_EQ(found.besides.front().line, 1U);
}

TEST(LogVerdict, AsksForTheServerThatTheLogNames) {
  const Recognised found = recognised_in(kTrace);
  ASSERT_FALSE(found.ask.empty());
  EXPECT_NE(found.ask.front().find("-connect mail.example.com:465 -servername"), std::string::npos)
      << found.ask.front();
}

TEST(LogVerdict, IsOfTheLastFailure) {
  const Recognised found = recognised_in(
      "10:00:00 curl: (60) SSL certificate problem: certificate has expired\n"
      "10:20:00 smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')\n");
  EXPECT_EQ(found.line, 2U);
  EXPECT_EQ(found.endings.front().ending, Ending::auth_rejected);
  EXPECT_EQ(found.failures, 2U);
  ASSERT_EQ(found.earlier.size(), 1U);
  EXPECT_EQ(found.earlier.front().line, 1U);
}

TEST(LogVerdict, OfAFailureIsOfTheLineThatSaysWhy) {
  // What comes of it stands behind it.
  EXPECT_EQ(first_ending("posttls-finger: certificate verification failed for "
                         "a.test[192.0.2.1]:25: certificate has expired\n"
                         "postfix/smtp[1]: 4F: status=deferred (Server certificate not trusted)\n"),
            Ending::certificate_expired);
  EXPECT_EQ(first_ending("verify error:num=18:self-signed certificate\n"
                         "error:0A000086:SSL routines:tls_post_process_server_certificate:"
                         "certificate verify failed\n"
                         "Connection reset by peer\n"),
            Ending::certificate_not_trusted);
}

TEST(LogVerdict, KeepsWhatWorkedLater) {
  const Recognised found = recognised_in(
      "10:00:00 curl: (60) SSL certificate problem: certificate has expired\n"
      "10:30:00 postfix/smtp[2]: 5A: status=sent (250 2.0.0 Ok: queued as 6B)\n");
  ASSERT_TRUE(found.later_success.has_value());
  EXPECT_EQ(found.later_success->line, 2U);
}

TEST(LogVerdict, IsOfAConnectionOnlyWhereItIsOneOfMailOrADirectory) {
  EXPECT_EQ(verdict_of("java.net.ConnectException: Connection refused\n\tat org.postgresql.A\n")
                .recognised(),
            nullptr);
  EXPECT_EQ(first_ending("java.net.ConnectException: Connection refused\n"
                         "\tat com.sun.mail.smtp.SMTPTransport.openServer(SMTPTransport.java:1)\n"),
            Ending::not_connected);
}

// The same failure, however somebody has sent it.
struct Shape {
  const char* name;
  std::string text;
};
std::vector<Shape> shapes() {
  const std::string line = "SSL certificate problem: unable to get local issuer certificate";
  const std::string big = utf_16_of_utf_8("Meldung \xc3\xbc\n" + line + "\n").value();
  std::string little = big;
  for (std::size_t i = 0; i + 1 < little.size(); i += 2) std::swap(little[i], little[i + 1]);
  return {
      {"AsItIs", line},
      {"NoLineFeed", "x " + line},
      {"CarriageReturns", "a\r\n" + line + "\r\nb\r\n"},
      {"Utf8Mark", "\xef\xbb\xbf" + line},
      {"Utf16Big", "\xfe\xff" + big},
      {"Utf16Little", "\xff\xfe" + little},
      {"Utf16WithoutMark", little},
      {"Quoted", "> > a\n> > " + line + "\n"},
      {"WrappedByAMail", "> SSL certificate problem: unable to get\n> local issuer certificate\n"},
      {"WrappedInAWord",
       std::string("2026-11-30 10:00:00 error in sending of the daily report, SSL certificate pr"
                   "oblem: unable to get loc\nal issuer certificate\n")},
      {"QuotedPrintable",
       "2026-11-30 10:00:00 error, SSL certificate problem: unable to get local i=\n"
       "ssuer certificate\n"},
      {"Colours", "\x1b[31m" + line + "\x1b[0m\n"},
      {"Prefix", "Nov 30 10:00:00 host app[12]: [thread-1] ERROR c.e.App - " + line + "\n"},
      {"Json", R"({"level":"error","msg":"send failed\n)" + line + R"(\n\tat x"})"},
      {"Latin1", "Fehler f\xfcr mail: " + line + "\n"},
      {"BehindMuchElse", std::string(100000, 'x') + "\n" + std::string(40000, 'y') + line}};
}
TEST(LogVerdict, IsTheSameInEveryShape) {
  for (const Shape& shape : shapes()) {
    EXPECT_EQ(first_ending(shape.text), Ending::certificate_not_trusted) << shape.name;
  }
}

// Java's own messages are English nearly everywhere; what wraps them is not.
TEST(LogVerdict, IsFoundInLocalisedTraces) {
  const char* wrappers[] = {
      "Schwerwiegend: Die E-Mail konnte nicht gesendet werden",
      "GRAVE: Impossible d'envoyer le message",
      "\xe9\x87\x8d\xe5\xa4\xa7: \xe9\x80\x81\xe4\xbf\xa1\xe3\x81\xab\xe5\xa4\xb1\xe6\x95\x97",
      "\xe4\xb8\xa5\xe9\x87\x8d: \xe5\x8f\x91\xe9\x80\x81\xe5\xa4\xb1\xe8\xb4\xa5",
  };
  for (const std::string wrapper : wrappers) {
    EXPECT_EQ(first_ending(wrapper +
                           "\nVerursacht durch: java.security.cert.CertificateExpiredException: "
                           "NotAfter: Mon Dec 01 03:47:22 UTC 2025\n"),
              Ending::certificate_expired)
        << wrapper;
  }
}

TEST(LogVerdict, ShowsNoSecret) {
  const std::string text = recognised_in(
                               "password=Tr0ub4dor smtp://alice:Tr0ub4dor@a.test AUTH PLAIN "
                               "AGFsaWNlAFRyMHViNGRvcg== 535 5.7.8 Authentication failed\n")
                               .text;
  EXPECT_EQ(text.find("Tr0ub4dor"), std::string::npos) << text;
  EXPECT_EQ(text.find("AGFsaWNl"), std::string::npos) << text;
}

TEST(LogVerdict, OfALongLineShowsWhatIsAroundIt) {
  const std::string text =
      recognised_in(std::string(5000, 'a') + " certificate has expired " + std::string(5000, 'b'))
          .text;
  EXPECT_NE(text.find("certificate has expired"), std::string::npos);
  EXPECT_LT(text.size(), 400U);
}

// A log that never ends, as far as memory goes.
class Repeated final : public std::streambuf {
 public:
  Repeated(std::string text, std::size_t octets) : text_(std::move(text)), left_(octets) {}

 protected:
  int_type underflow() override {
    if (left_ == 0) return traits_type::eof();
    const std::size_t size = std::min(left_, text_.size());
    left_ -= size;
    setg(text_.data(), text_.data(), text_.data() + size);
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::string text_;
  std::size_t left_;
};

TEST(LogVerdict, IsGivenOfALogOfManyMegabytes) {
  constexpr std::size_t kOctets = 16 << 20;
  const std::string rows[] = {
      std::string("2026-11-30 10:00:00 INFO nothing has happened here, and it is told at length\n"),
      std::string("no line feed anywhere "), std::string(1000, '\0')};
  for (const std::string& text : rows) {
    Repeated octets(text, kOctets);
    std::istream in(&octets);
    const LogVerdict verdict = read_log(in, shipped());
    EXPECT_EQ(verdict.octets, kOctets);
    EXPECT_EQ(verdict.recognised(), nullptr);
  }
}

}  // namespace
}  // namespace startle::messages
