// --pcap and --keylog, as their readers have them: tshark shows what was said inside TLS, finds
// nothing wrong with the packets, and no password of a customer's stands anywhere in them.

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "cases/program/wire_files_for_test.h"
#include "fake-servers/dialogue/secret.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using pcapng::Block;

struct Spoken {
  const char* name;
  const char* mode;
  const char* versions;
  const char* transport;
};
void PrintTo(const Spoken& row, std::ostream* out) {
  *out << row.name;
}

class Decrypted : public Shark, public testing::WithParamInterface<Spoken> {};

TEST_P(Decrypted, ShowsWhatWasSaidInsideTls) {
  const std::string mode = GetParam().mode;
  const bool is_mail = mode.starts_with("smtp");
  write("case.xml",
        "<case summary=\"a sound server\" requirements=\"RFC3207-4-a\" "
        "bug-class=\"EARLY-OK\">\n  <server tls=\"" +
            std::string(GetParam().versions) + "\"/>\n  <client mode=\"" + mode +
            "\"/>\n  <expect endings=\"" + (is_mail ? "delivered" : "bound") +
            "\" reason=\"nothing is wrong\"/>\n</case>\n");
  const ProgramRun run = run_startle(
      {"run", path("case.xml"), "--transport", GetParam().transport, "--pcap", path("a.pcapng")});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  expect_sound();
  const std::string version = GetParam().versions == std::string("1.2") ? "0x0303" : "0x0304";
  const std::string hello = tshark("tls.handshake.type == 2",
                                   "-T fields -e tls.handshake.version -e "
                                   "tls.handshake.extensions.supported_version");
  EXPECT_NE(hello.find(version), std::string::npos) << hello;
  if (is_mail) {
    EXPECT_EQ(tshark("tls && smtp.req.command == \"MAIL\"", "-T fields -e smtp.req.parameter"),
              "FROM:<sender@example.test>\n");
    EXPECT_NE(tshark("tls && smtp.response.code == 235"), "");
    EXPECT_NE(tshark("tls && imf.subject == \"startle\""), "");
    EXPECT_EQ(tshark("smtp.req.command == \"AUTH\" && !tls"), "");
  } else {
    EXPECT_NE(tshark("tls && ldap.bindRequest_element", "-T fields -e ldap.name").find("ou=people"),
              std::string::npos);
    EXPECT_NE(tshark("tls && ldap.bindResponse_element && ldap.resultCode == 0"), "");
    EXPECT_NE(tshark("tls && ldap.searchRequest_element"), "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Of, Decrypted,
    testing::Values(Spoken{"SmtpInMemoryTls12", "smtp-starttls", "1.2", "memory"},
                    Spoken{"SmtpInMemoryTls13", "smtp-starttls", "all", "memory"},
                    Spoken{"SmtpOverTcpTls12", "smtp-starttls", "1.2", "tcp"},
                    Spoken{"SmtpOverTcpTls13", "smtp-starttls", "all", "tcp"},
                    Spoken{"SmtpsInMemoryTls12", "smtps", "1.2", "memory"},
                    Spoken{"SmtpsOverTcpTls13", "smtps", "all", "tcp"},
                    Spoken{"LdapInMemoryTls12", "ldap-starttls", "1.2", "memory"},
                    Spoken{"LdapInMemoryTls13", "ldap-starttls", "all", "memory"},
                    Spoken{"LdapOverTcpTls12", "ldap-starttls", "1.2", "tcp"},
                    Spoken{"LdapOverTcpTls13", "ldap-starttls", "all", "tcp"},
                    Spoken{"LdapsInMemoryTls13", "ldaps", "all", "memory"},
                    Spoken{"LdapsOverTcpTls12", "ldaps", "1.2", "tcp"}),
    [](const testing::TestParamInfo<Spoken>& row) { return row.param.name; });

// Of the second session nothing but its ticket says which master secret it has.
TEST_F(Shark, ShowsWhatWasSaidInAResumedSessionOfTls12) {
  write("case.xml",
        "<case summary=\"a client comes back\" requirements=\"RFC4954-6-a\" "
        "bug-class=\"REUSE-CRED\">\n  <server tls=\"1.2\"/>\n  <then>\n"
        "    <server tls=\"1.2\" password=\"{secret}\"/>\n"
        "    <client password=\"not-{secret}\"/>\n  </then>\n</case>\n");
  const ProgramRun run = run_startle({"run", path("case.xml"), "--pcap", path("a.pcapng")});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  expect_sound();
  const std::string number = "-T fields -e tcp.stream";
  EXPECT_EQ(tshark("tls.handshake.type == 11", number), "0\n");  // the first one's certificate
  EXPECT_EQ(tshark("tls && smtp.req.command == \"AUTH\"", number), "0\n1\n");
  EXPECT_NE(tshark("tcp.stream == 1 && tls.handshake.type == 20"), "");  // Finished, decrypted
}

// Lies of every kind: cut, reset, floods. None makes packets that their reader doubts.
TEST_F(Shark, FindsEveryPacketOfARunSound) {
  const ProgramRun run =
      run_startle({"run", "smtp/auth/*", "smtp/starttls/*", "ldap/starttls/*", "smtp/injection/*",
                   "--jobs", "2", "--pcap", path("a.pcapng")});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_EQ(tshark("tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0"),
            "");
}

TEST_F(Shark, CapinfosReadsWhatTheFileHolds) {
  const ProgramRun run = run_startle({"run", "smtp/auth/rejected-535", "--pcap", path("a.pcapng")});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  const ProgramResult told = run_program("capinfos " + path("a.pcapng"));
  EXPECT_EQ(told.status, 0) << told.output;
  EXPECT_NE(told.output.find("Holds the secrets of its TLS sessions: whoever reads this file reads "
                             "all that was said, user names, passwords and mail among it."),
            std::string::npos)
      << told.output;
  EXPECT_NE(told.output.find("startle "), std::string::npos) << told.output;
}

// One's own capture, beside which the key log stands: here ours, without its secrets.
TEST_F(Shark, AKeyLogDecryptsACaptureThatHasNone) {
  const ProgramRun run = run_startle(
      {"run", "smtp/auth/rejected-535", "--pcap", path("a.pcapng"), "--keylog", path("a.keys")});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  const ProgramResult stripped =
      run_program("editcap --discard-all-secrets " + path("a.pcapng") + " " + path("own.pcapng"));
  ASSERT_EQ(stripped.status, 0) << stripped.output;
  const std::string auth = "tls && smtp.req.command == \"AUTH\"";
  EXPECT_EQ(tshark(auth, "", "own.pcapng"), "");
  EXPECT_NE(tshark(auth, "-o tls.keylog_file:" + path("a.keys"), "own.pcapng"), "");
}

// The configuration's own password is never said; what is said in its place can be read.
TEST_F(Shark, ACustomersPasswordStandsInNoFile) {
  const std::string password = "Zu$e3d!pass word\xc3\xa9";
  write("schedule.xml",
        "<schedule><smtp url=\"mail.example.com\" port=\"25\" email=\"a@example.com\" "
        "starttls=\"true\" username=\"u\" password=\"" +
            password + "\" trust=\"mail.example.com\"/></schedule>\n");
  run_startle({"run", "--config", path("schedule.xml"), "--sample", "40", "--pcap",
               path("a.pcapng"), "--keylog", path("a.keys")});
  const fake::Secret secret(password);
  EXPECT_FALSE(secret.is_in(content("a.pcapng")));
  EXPECT_FALSE(secret.is_in(content("a.keys")));
  const std::string decrypted = tshark("smtp", "-V");
  EXPECT_NE(decrypted.find("AUTH"), std::string::npos);
  EXPECT_FALSE(secret.is_in(decrypted));
}

TEST_F(WireFiles, EachConnectionIsOfACase) {
  const ProgramRun run =
      run_startle({"run", "smtp/auth/*", "--jobs", "4", "--pcap", path("a.pcapng")});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  std::set<std::string> cases;
  for (const Block& block : packets()) {
    const bool opens = pcapng::read_packet(block.content).flags == pcapng::kSyn;
    EXPECT_EQ(opens, !block.comment.empty());
    if (opens) cases.insert(block.comment);
  }
  EXPECT_EQ(cases.count("smtp/auth/rejected-535"), 1U);
  EXPECT_GT(cases.size(), 10U);
}

TEST_F(WireFiles, AFullDiskIsToldInOneSentence) {
  const ProgramRun run =
      run_startle({"run", "smtp/auth/*", "--pcap", "/dev/full", "--report", "json=" + path("r")});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.err, "startle: /dev/full: cannot be written: No space left on device\n");
  EXPECT_NE(content("r").find("\"complete\""), std::string::npos);  // it is whole all the same
}

// Of both ends, which have the same, and whatever else is written.
TEST_F(WireFiles, WhatSslkeylogfileNamesHasTheSameSecrets) {
  const ProgramRun run = run_startle({"run", "smtp/auth/rejected-535", "--keylog", path("a.keys")},
                                     {{"SSLKEYLOGFILE", path("usual.keys")}});
  ASSERT_EQ(run.status, 0) << run.out << run.err;
  std::set<std::string> usual;
  for (const std::string& line : lines("usual.keys")) {
    if (!line.starts_with("#")) usual.insert(line);
  }
  const std::vector<std::string> ours = lines("a.keys");
  EXPECT_EQ(usual, std::set<std::string>(ours.begin(), ours.end()));
  EXPECT_EQ(usual.size(), 5U);  // of one session of TLS 1.3
}

TEST_F(WireFiles, AreReadableByTheirOwnerAlone) {
  run_startle(
      {"run", "smtp/auth/rejected-535", "--pcap", path("a.pcapng"), "--keylog", path("a.keys")});
  for (const char* name : {"a.pcapng", "a.keys"}) {
    EXPECT_EQ(fs::status(path(name)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
}

}  // namespace
}  // namespace startle::cases
