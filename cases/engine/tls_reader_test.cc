// <tls>, <tap> and the steps of TLS: what a sound case says is what is read, and the rest is
// refused.

#include "cases/engine/tls_reader.h"

#include <gtest/gtest.h>

#include "cases/engine/case_reader.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

Setup read(const std::string& server, const std::string& mode = "smtp-starttls") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file, "<case summary='s'>\n" + server + "<client mode='" + mode +
                       "'/><expect endings='delivered' reason='r'/></case>");
  const xml::Document document = xml::Document::read(file);
  return read_case(document.root(), "x").setup;
}

bool has_grammar(const std::string& server) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file, "<case summary='s'>" + server + "<expect endings='bound' reason='r'/></case>");
  try {
    xml::Schema::read(STARTLE_TREE "/cases/startle.rng").check(xml::Document::read(file));
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(TlsReader, ReadsWhatAServerSpeaksAndHowItLies) {
  const std::string server =
      "<server><tls versions='1.0 1.3' groups='X448' ciphers='NULL AES-128-CCM-8' "
      "signatures='RSA-SHA1' lie='another-key'><change message='finished' octet='-1'>{hex:00}"
      "</change><alert before='certificate' number='255' level='warning'/></tls></server>";
  EXPECT_TRUE(has_grammar(server));
  const auto profile = read(server).script.profile;
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->versions, (std::vector{tls::Version::tls_1_0, tls::Version::tls_1_3}));
  EXPECT_EQ(profile->groups, std::vector<std::string>{"X448"});
  EXPECT_EQ(profile->ciphers, (std::vector<std::string>{"NULL", "AES-128-CCM-8"}));
  EXPECT_EQ(profile->signatures, std::vector<std::string>{"RSA-SHA1"});
  EXPECT_EQ(profile->lie, tls::ServerLie::another_key);
  ASSERT_EQ(profile->changes.size(), 1U);
  EXPECT_EQ(profile->changes[0].message, tls::Message::finished);
  EXPECT_EQ(profile->changes[0].octet, -1);
  EXPECT_EQ(profile->changes[0].bytes, "{hex:00}");  // filled in for each exchange
  ASSERT_TRUE(profile->alert);
  EXPECT_EQ(profile->alert->before, tls::Message::certificate);
  EXPECT_EQ(profile->alert->alert.number, 255U);
  EXPECT_EQ(profile->alert->alert.level, tls::AlertLevel::warning);
  EXPECT_FALSE(read("<server/>").script.profile);
}

TEST(TlsReader, ReadsTaps) {
  const std::string server =
      "<server><tap kind='split'/><tap kind='truncate' record='2' octet='7'>{hex:15}</tap>"
      "<tap kind='delay' record='6' seconds='0.5'/></server>";
  EXPECT_TRUE(has_grammar(server));
  const auto taps = read(server).script.taps;
  ASSERT_EQ(taps.size(), 3U);
  EXPECT_EQ(taps[0].kind, fake::TapKind::split);
  EXPECT_EQ(taps[0].record, std::nullopt);
  EXPECT_EQ(taps[1].record, 2U);
  EXPECT_EQ(taps[1].octet, 7);
  EXPECT_EQ(taps[1].bytes, "{hex:15}");
  EXPECT_EQ(taps[2].how_long, std::chrono::milliseconds(500));
}

TEST(TlsReader, ReadsTheStepsOfTlsAndHowOftenTheyAreDone) {
  const std::string server =
      "<server><at point='auth'><alert number='80'/><tls-message type='hello-request' times='3'/>"
      "<reply times='2'>250-x</reply></at></server>";
  EXPECT_TRUE(has_grammar(server));
  const auto steps = read(server).script.deviations.at(0).steps;
  ASSERT_EQ(steps.size(), 5U);
  const auto alert = std::get<tls::SaidAlert>(std::get<fake::SayTls>(steps[0]).what);
  EXPECT_EQ(alert.number, 80U);
  EXPECT_EQ(alert.level, tls::AlertLevel::fatal);
  EXPECT_EQ(std::get<tls::Message>(std::get<fake::SayTls>(steps[3]).what),
            tls::Message::hello_request);
  EXPECT_EQ(std::get<fake::Send>(steps[4]).bytes, "250-x\r\n");
  EXPECT_EQ(std::get<fake::Send>(steps[4]).times, 2U);
  EXPECT_EQ(describe(steps[0]), "sends the alert internal_error, fatal");
  EXPECT_EQ(describe(steps[1]), "sends the TLS message hello-request");
}

struct BadRow {
  const char* name;
  std::string server;
  std::string complaint;
  std::string mode = "smtp-starttls";
};

TEST(TlsReader, SaysWhatWouldHaveBeenRight) {
  const BadRow rows[] = {
      {"unknown version", "<server><tls versions='1.4'/></server>",
       "2: versions: `1.4` is none here: did you mean `1.0`?"},
      {"unknown group", "<server><tls groups='P-256'/></server>",
       "2: groups: `P-256` is none here: known are X25519, X448, SECP256R1, SECP384R1, SECP521R1, "
       "FFDHE2048, FFDHE3072"},
      {"twice", "<server><tls/><tls/></server>", "2: <tls> stands here twice"},
      {"two alerts",
       "<server><tls><alert before='finished' number='1'/><alert before='finished' number='1'/>"
       "</tls></server>",
       "2: <alert> stands here twice"},
      {"octet 0", "<server><tls><change message='finished' octet='0'/></tls></server>",
       "2: octet=\"0\" is no place: the first is 1, the last -1"},
      {"octet x", "<server><tap kind='flip' record='1' octet='+1'/></server>",
       "2: octet=\"+1\" is no place: the first is 1, the last -1"},
      {"no record", "<server><tap kind='drop'/></server>", "2: kind=\"drop\" needs record=\"..\""},
      {"an octet that is not used", "<server><tap kind='drop' record='1' octet='1'/></server>",
       "2: kind=\"drop\" has no octet=\"..\""},
      {"no octets", "<server><tap kind='insert' record='1'/></server>",
       "2: kind=\"insert\" needs octets: {hex:..}"},
      {"octets that are not used", "<server><tap kind='drop' record='1'>x</tap></server>",
       "2: <tap> holds no text of its own"},
      {"no TLS", "<server><tls/></server>",
       "2: mode=\"smtp-plain\" has no TLS: <tls> is never seen", "smtp-plain"},
  };
  for (const BadRow& row : rows) {
    std::string complaint;
    try {
      read(row.server, row.mode);
    } catch (const Error& e) {
      complaint = e.what();
    }
    EXPECT_EQ(complaint.substr(std::min(complaint.size(), complaint.find("x.xml:") + 6)),
              row.complaint)
        << row.name;
  }
}

}  // namespace
}  // namespace startle::cases
