// The dialogue as an observation holds it: who, when, in clear or in TLS, read by read and write by
// write; and the text that is made of it.

#include "fake-servers/dialogue/transcript.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake-servers/ldap/server.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/smtp/recorder.h"
#include "fake-servers/smtp/server.h"
#include "harness/base/printable.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

// "60 C clear: EHLO": seconds, who, where, bytes up to the first CR.
Lines segments_of(const Observation& seen) {
  Lines lines;
  for (const Segment& segment : seen.segments) {
    const std::string_view bytes = seen.bytes_of(segment);
    lines.push_back(
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(segment.at).count()) +
        (segment.who == Segment::Who::client ? " C " : " S ") + (segment.in_tls ? "tls" : "clear") +
        ": " + printable(bytes.substr(0, bytes.find('\r'))));
  }
  return lines;
}

// The raw client speaks once a minute.
TEST(Dialogue, HoldsEachReadAndEachWriteWithItsTime) {
  const Talk got =
      talk(server_for_test(
               {.deviations = {{.at = Point::quit,
                                .steps = {Send{"221 "}, Pause{5s}, Send{"Bye\r\n"}, Close{}}}}}),
           {"EH", "LO", " c\r\nNOOP\r\n", "QUIT\r\n"});
  EXPECT_EQ(
      segments_of(got.seen),
      (Lines{"0 S clear: 220 smtp.example.test ESMTP startle", "60 C clear: EH", "120 C clear: LO",
             "180 C clear:  c", "180 S clear: 250-smtp.example.test", "180 S clear: 250 2.0.0 Ok",
             "240 C clear: QUIT", "240 S clear: 221 ", "245 S clear: Bye"}));
  EXPECT_EQ(lines_of(got.seen),
            (Lines{"S: 220 smtp.example.test ESMTP startle", "C: EHLO c",
                   "S: 250-smtp.example.test\\x0d\\x0a250-SIZE 1048576\\x0d\\x0a250-8BITMIME"
                   "\\x0d\\x0a250-ENHANCEDSTATUSCODES\\x0d\\x0a250 STARTTLS",
                   "C: NOOP", "S: 250 2.0.0 Ok", "C: QUIT", "S: 221 ", "S: Bye"}));
  for (const Segment& segment : got.seen.segments) {
    EXPECT_EQ(segment.connection, 1U);
    EXPECT_EQ(segment.kept, segment.size);
  }
}

TEST(Dialogue, SaysWhatStoodInsideTls) {
  const Talk got = talk(server_for_test(), {"STARTTLS\r\n", kHandshake, "NOOP\r\n",
                                            auth_plain() + "\r\n", "QUIT\r\n"});
  EXPECT_EQ(segments_of(got.seen),
            (Lines{"0 S clear: 220 smtp.example.test ESMTP startle", "60 C clear: STARTTLS",
                   "60 S clear: 220 2.0.0 Ready to start TLS", "180 C tls: NOOP",
                   "180 S tls: 250 2.0.0 Ok", "240 C tls: " + auth_plain(),
                   "240 S tls: 235 2.7.0 Authentication successful", "300 C tls: QUIT",
                   "300 S tls: 221 2.0.0 Bye"}));
  EXPECT_EQ(lines_of(got.seen)[5], "C (tls): AUTH PLAIN <initial response>");
}

TEST(Dialogue, SaysWhereTlsEnds) {
  const wire::LdapExtendedRequest starttls{.name = std::string(wire::kStartTlsOid)};
  const wire::LdapExtendedRequest whoami{.name = std::string(wire::kWhoAmIOid)};
  const Talk got = talk(
      ldap_server_for_test({.deviations = {{.at = Point::whoami, .steps = {EndTls{}, Respond{}}}}}),
      {request(1, starttls), kHandshake, request(2, whoami)});
  EXPECT_EQ(lines_of(got.seen), (Lines{"C: extended 1.3.6.1.4.1.1466.20037 (StartTLS)",
                                       "S: extended-response: success (0)",
                                       "C (tls): extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)",
                                       "S: extended-response: success (0)"}));
  ASSERT_GE(got.seen.segments.size(), 4U);
  EXPECT_TRUE(got.seen.segments[2].in_tls);
  EXPECT_FALSE(got.seen.segments[3].in_tls);
}

TEST(Dialogue, CountsTheConnectionsOfAClient) {
  Observation seen;
  for (int i = 0; i < 2; ++i) {
    net::MemoryWorld world;
    net::StreamPair pair = net::make_memory_pair(world);
    const Server server = server_for_test();
    world.spawn(serve(world, std::move(pair.server), server, kSmtpProtocol, seen));
    pair.client->write_now("QUIT\r\n");
    pair.client->close();
    EXPECT_TRUE(world.run(1h));
  }
  ASSERT_EQ(seen.segments.size(), 6U);
  EXPECT_EQ(seen.segments[2].connection, 1U);
  EXPECT_EQ(seen.segments[3].connection, 2U);
}

TEST(Dialogue, HoldsSoManyBytesAndSaysHowManyThereWere) {
  net::MemoryWorld world;
  Observation seen;
  SmtpRecorder recorder("", seen);
  recorder.opened(world);
  recorder.said(std::string(Observation::kMostBytes - 4, 'a'));
  recorder.said("250 more\r\n");
  recorder.said("250 nothing\r\n");
  EXPECT_EQ(seen.bytes_said.size(), Observation::kMostBytes);
  EXPECT_EQ(seen.segments[1].size, 10U);
  EXPECT_EQ(seen.bytes_of(seen.segments[1]), "250 ");
  const Lines lines = lines_of(seen);
  EXPECT_EQ(lines[1], "S: 250 .. (10 bytes)");
  EXPECT_EQ(lines[2], "S: .. (13 bytes)");
}

TEST(Dialogue, HoldsSoManySegmentsAndSaysHowManyMoreThereWere) {
  net::MemoryWorld world;
  Observation seen;
  SmtpRecorder recorder("", seen);
  recorder.opened(world);
  for (std::size_t i = 0; i < Observation::kMostSegments + 2; ++i) recorder.said("220\r\n");
  recorder.message();
  EXPECT_EQ(seen.segments.size(), Observation::kMostSegments);
  EXPECT_EQ(seen.segments_cut, 2U);
  const Lines lines = lines_of(seen);
  ASSERT_EQ(lines.size(), Observation::kMostSegments + 2);
  EXPECT_EQ(lines.end()[-2], ".. (2 more reads and writes are not shown)");
  EXPECT_EQ(lines.end()[-1], ".. (1 more commands are not shown)");
}

TEST(Dialogue, ALongLineIsCutInTheTextAlone) {
  const Talk got =
      talk(server_for_test({.deviations = {{.at = Point::greeting,
                                            .steps = {Send{"220 " + std::string(3000, 'x')}}}}}),
           {});
  const std::string line = lines_of(got.seen).front();
  EXPECT_TRUE(line.ends_with("xx.. (3004 bytes)")) << line;
  EXPECT_EQ(line.size(), std::string("S: .. (3004 bytes)").size() + 2000);
  EXPECT_EQ(got.seen.bytes_of(got.seen.segments.front()).size(), 3004U);
}

}  // namespace
}  // namespace startle::fake
