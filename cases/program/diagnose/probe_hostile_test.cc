// Servers that stall, close, flood or speak nonsense at each point: one sentence, in bounded time,
// and what is kept of them has bounds.

#include <gtest/gtest.h>

#include <array>

#include "cases/program/diagnose/probe_for_test.h"

namespace startle::program {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using client::StopAfter;
using fake::Point;
using net::Task;
using words::Mode;

// Each wait of user_for_test() is ten seconds; no exchange has more than these.
constexpr auto kLongest = 16 * 10s;

// What is kept of all that a server says.
std::size_t size_of(const Probe& probe) {
  std::size_t size = probe.sentence.size();
  for (const StepResult& one : probe.steps) {
    size += one.said.size();
    for (const std::string& line : one.details) size += line.size();
  }
  for (const auto* lines : {&probe.capabilities, &probe.capabilities_in_tls, &probe.mechanisms}) {
    for (const std::string& line : *lines) size += line.size();
  }
  return size;
}

void expect_one_sentence(const Probed& got, const std::string& step) {
  EXPECT_EQ(failed_step(got.probe), step) << states_of(got.probe);
  EXPECT_FALSE(words::is_success(got.probe.ending));
  EXPECT_FALSE(got.probe.sentence.empty());
  EXPECT_LE(got.probe.sentence.size(), 1000U);
  EXPECT_EQ(got.probe.sentence.find_first_of("\r\n"), std::string::npos) << got.probe.sentence;
  EXPECT_LE(got.took, net::Instant(kLongest));
  EXPECT_LE(size_of(got.probe), std::size_t{1} << 18);
}

struct Place {
  Mode mode{};
  Point point{};
  const char* step = "";
};
const Place kPlaces[] = {
    {Mode::smtp_starttls, Point::greeting, "greeting"},
    {Mode::smtp_starttls, Point::ehlo, "capabilities"},
    {Mode::smtp_starttls, Point::starttls, "go-ahead"},
    {Mode::smtp_starttls, Point::ehlo_in_tls, "mechanisms"},
    {Mode::smtp_starttls, Point::auth, "authentication"},
    {Mode::smtp_starttls, Point::mail, "sender"},
    {Mode::smtp_starttls, Point::rcpt, "message"},
    {Mode::smtp_starttls, Point::data, "message"},
    {Mode::smtp_starttls, Point::message, "message"},
    {Mode::smtps, Point::greeting, "greeting"},
    {Mode::smtps, Point::ehlo_in_tls, "capabilities"},
    {Mode::ldap_starttls, Point::root_dse, "capabilities"},
    {Mode::ldap_starttls, Point::starttls, "go-ahead"},
    {Mode::ldap_starttls, Point::root_dse_in_tls, "mechanisms"},
    {Mode::ldap_starttls, Point::bind, "authentication"},
    {Mode::ldap_starttls, Point::search, "message"},
    {Mode::ldaps, Point::root_dse_in_tls, "capabilities"},
};

Probed met_at(const Place& place, std::vector<fake::Step> steps) {
  const fake::Script script{.deviations = {{.at = place.point, .steps = std::move(steps)}}};
  client::Settings settings = user_for_test(place.mode);
  settings.stop_after = StopAfter::message;
  return probe_of(server_of(place.mode, script), settings);
}

TEST(HostileServer, ThatStallsIsLeftInTime) {
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(std::string(word(place.mode)) + ", " + std::string(word(place.point)));
    const Probed got = met_at(place, {fake::Silence{}});
    expect_one_sentence(got, place.step);
    EXPECT_EQ(got.probe.ending, words::Ending::timeout);
    EXPECT_TRUE(got.probe.sentence.starts_with("the server did not answer in time"))
        << got.probe.sentence;
  }
}

TEST(HostileServer, ThatClosesIsToldSo) {
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(std::string(word(place.mode)) + ", " + std::string(word(place.point)));
    const Probed got = met_at(place, {fake::Close{}});
    expect_one_sentence(got, place.step);
    EXPECT_EQ(got.probe.ending, words::Ending::connection_lost);
  }
}

TEST(HostileServer, ThatSpeaksNonsenseIsToldSo) {
  const std::string nonsense = "\x00\xff\x1b[2J\r\n"s;
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(std::string(word(place.mode)) + ", " + std::string(word(place.point)));
    const Probed got = met_at(place, {fake::Send{.bytes = nonsense}});
    expect_one_sentence(got, place.step);
    EXPECT_EQ(got.probe.ending, words::Ending::protocol_error);
    EXPECT_EQ(got.probe.sentence.find('\x1b'), std::string::npos);
  }
}

TEST(HostileServer, ThatFloodsIsLeft) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "250-and one more\r\n";
  for (const Place& place : kPlaces) {
    if (!words::row_of(words::protocol_of(place.mode)).is_mail) continue;
    SCOPED_TRACE(std::string(word(place.mode)) + ", " + std::string(word(place.point)));
    expect_one_sentence(met_at(place, {fake::Send{.bytes = lines, .times = 64}}), place.step);
  }
}

// 4 MiB and more of entries without a name, all of them the root DSE.
TEST(HostileServer, ThatFloodsWithEntriesIsLeft) {
  const fake::Respond entry{.as = "search-entry",
                            .attributes = {{"supportedExtension", std::string(60'000, 'x')}}};
  std::vector<fake::Step> entries(100, entry);
  for (const Place& place : kPlaces) {
    if (place.point != Point::root_dse && place.point != Point::root_dse_in_tls) continue;
    SCOPED_TRACE(std::string(word(place.mode)) + ", " + std::string(word(place.point)));
    const Probed got = met_at(place, entries);
    expect_one_sentence(got, place.step);
    EXPECT_EQ(got.probe.sentence,
              "the server sends without end: more than 4 MiB came, and the connection was closed");
  }
}

TEST(HostileServer, ThatDripsIsLeftInTime) {
  const Server drip = [](net::World& world, net::Stream& stream) -> Task<void> {
    net::IoResult said;
    do {
      const std::string_view octet = "2";
      said = co_await stream.write(octet);
      co_await world.sleep_until(world.now() + 4s);
    } while (said.status == net::IoStatus::ok);
  };
  for (const auto& [mode, step] :
       {std::pair(Mode::smtp_starttls, "greeting"), std::pair(Mode::smtps, "tls")}) {
    SCOPED_TRACE(word(mode));
    expect_one_sentence(probe_of(drip, user_for_test(mode)), step);
  }
}

// ---- the handshake -----------------------------------------------------------------------------

TEST(HostileServer, ThatClosesOrStallsInTheHandshakeIsToldSo) {
  for (const bool closes : {true, false}) {
    const Server mute = [closes](net::World&, net::Stream& stream) -> Task<void> {
      std::array<char, 4096> heard{};
      net::IoResult read = co_await stream.read_some(heard);
      if (closes) co_return stream.close();
      while (read.status == net::IoStatus::ok) read = co_await stream.read_some(heard);
    };
    const Probed got = probe_of(mute, user_for_test(Mode::smtps));
    expect_one_sentence(got, "tls");
    EXPECT_EQ(got.probe.ending, closes ? words::Ending::connection_lost : words::Ending::timeout);
  }
}

// RFC 5246, 7.4: ServerHello, then a Certificate message of so many octets in records of 16 KiB.
std::string flight_of_certificates(std::size_t octets) {
  const auto record = [](std::string_view part) {
    std::string made = "\x16\x03\x03"s;
    made += static_cast<char>(part.size() >> 8);
    made += static_cast<char>(part.size() & 0xff);
    return made.append(part);
  };
  const std::string hello =
      "\x02\x00\x00\x26\x03\x03"s + std::string(32, '\x5a') + "\x00\xc0\x2f\x00"s;
  std::string message = "\x0b"s;
  for (const int shift : {16, 8, 0}) message += static_cast<char>((octets >> shift) & 0xff);
  message.append(octets, '\x30');
  std::string flight = record(hello);
  for (std::size_t at = 0; at < message.size(); at += 16384) {
    flight += record(std::string_view(message).substr(at, 16384));
  }
  return flight;
}

TEST(HostileServer, OfAMebibyteOfCertificatesIsToldSo) {
  const Server server = [](net::World&, net::Stream& stream) -> Task<void> {
    std::array<char, 4096> heard{};
    net::IoResult read = co_await stream.read_some(heard);
    const std::string flight = flight_of_certificates(std::size_t{1} << 20);
    co_await stream.write(flight);
    while (read.status == net::IoStatus::ok) read = co_await stream.read_some(heard);
  };
  for (const Mode mode : {Mode::smtps, Mode::ldaps}) {
    SCOPED_TRACE(word(mode));
    const Probed got = probe_of(server, user_for_test(mode));
    expect_one_sentence(got, "tls");
    EXPECT_EQ(got.probe.ending, words::Ending::handshake_failure);
    EXPECT_EQ(got.probe.sentence,
              "the peer's handshake message has more than 128 KiB: its certificates are too many, "
              "or too long");
  }
}

}  // namespace
}  // namespace startle::program
