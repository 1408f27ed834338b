// An LDAP server that deviates: at every point, with every step, and with every part of a response
// that a script may word.

#include <gtest/gtest.h>

#include <map>

#include "fake-servers/ldap/server.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/base/error.h"
#include "harness/wire/ber.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;
using wire::LdapScope;

const wire::LdapExtendedRequest kStartTls{.name = std::string(wire::kStartTlsOid)};
const wire::LdapExtendedRequest kWhoAmI{.name = std::string(wire::kWhoAmIOid)};

Lines session() {
  const wire::LdapSearchRequest root_dse = search_for("", LdapScope::base_object, {"+"});
  return {request(1, root_dse),
          request(2, kStartTls),
          kHandshake,
          request(3, root_dse),
          request(4, simple_bind(kUserDn, kCanary)),
          request(5, kWhoAmI),
          request(6, search_for(kUserDn, LdapScope::base_object)),
          request(7, wire::LdapUnbindRequest{})};
}

// The id of the request that leads to each point.
const std::map<Point, int>& ids() {
  static const std::map<Point, int> all{
      {Point::root_dse, 1}, {Point::starttls, 2}, {Point::root_dse_in_tls, 3}, {Point::bind, 4},
      {Point::whoami, 5},   {Point::search, 6},   {Point::unbind, 7}};
  return all;
}

Talk talk_to(Script script) {
  return talk(ldap_server_for_test(std::move(script)), session());
}
Talk talk_with(Point point, std::vector<Step> steps) {
  return talk_to({.deviations = {{.at = point, .steps = std::move(steps)}}});
}

// Where in a transcript of session() the server speaks at `point`.
std::size_t place_of(Point point, const std::string& transcript) {
  const std::string line = "C: " + std::to_string(ids().at(point)) + " ";
  return transcript.find('\n', transcript.find(line)) + 1;
}

struct StepRow {
  const char* name;
  std::vector<Step> steps;
  std::string says;  // what follows in the transcript; empty: what a well-behaved server says
};

TEST(LdapServerScript, DeviatesAtEveryPointWithEveryStep) {
  const std::string usual = talk_to({}).transcript;
  for (std::size_t i = 0; i < count_of<Point>(); ++i) {
    const auto point = static_cast<Point>(i);
    if (!has_point(kLdapProtocol, point) || point == Point::greeting) continue;
    const std::size_t place = place_of(point, usual);
    const std::string id = std::to_string(ids().at(point));
    const std::string notice = "S: 0 extended-response 1.3.6.1.4.1.1466.20036: unavailable (52)\n";
    for (const StepRow& row :
         {StepRow{"send", {Send{"hello"}, Close{}}, "S: 5 bytes\nS: (closes)\n"},
          StepRow{"respond",
                  {Respond{.code = 52, .as = "notice-of-disconnection"}, Close{}},
                  notice + "S: (closes)\n"},
          StepRow{"usual", {Usual{}}, ""}, StepRow{"pause", {Pause{10s}, Usual{}}, ""},
          StepRow{"close", {Close{}}, "S: (closes)\n"},
          StepRow{"reset", {Reset{}}, "S: (resets)\n"}}) {
      SCOPED_TRACE(std::string(word(point)) + ", " + row.name);
      const Talk got = talk_with(point, row.steps);
      EXPECT_TRUE(got.seen.unmet.empty());
      if (row.says.empty()) {
        EXPECT_EQ(got.transcript, usual);
        EXPECT_EQ(got.seen.delivered, 1U);
        EXPECT_TRUE(got.seen.authenticated);
        continue;
      }
      EXPECT_EQ(got.transcript.substr(0, place), usual.substr(0, place));
      EXPECT_TRUE(got.transcript.substr(place).starts_with(row.says)) << got.transcript;
    }
    SCOPED_TRACE(std::string(word(point)) + ", silence");
    const Talk silent = talk_with(point, {Silence{}});
    EXPECT_EQ(silent.transcript.substr(0, place), usual.substr(0, place));
    EXPECT_EQ(silent.transcript.find("S: ", place), std::string::npos) << silent.transcript;
  }
}

TEST(LdapServerScript, AResultCodeIsThatOfTheRightOperation) {
  const std::map<Point, std::string> operations{
      {Point::root_dse, "search-done"},        {Point::starttls, "extended-response"},
      {Point::root_dse_in_tls, "search-done"}, {Point::bind, "bind-response"},
      {Point::whoami, "extended-response"},    {Point::search, "search-done"}};
  for (const auto& [point, operation] : operations) {
    for (const std::int64_t code : {1, 13, 53, 65536, -1}) {
      const Talk got = talk_with(point, {Respond{.code = code}});
      const std::string id = std::to_string(ids().at(point));
      EXPECT_EQ(got.transcript.find("S: " + id + " " + operation + ": " +
                                    wire::ldap_code_text(code) + "\n"),
                place_of(point, got.transcript))
          << word(point) << ", " << code << ":\n"
          << got.transcript;
      EXPECT_TRUE(got.seen.unmet.empty());
    }
  }
  const Talk wide = talk_with(Point::starttls, {Respond{.code = 4294967296}});
  EXPECT_NE(wide.transcript.find("S: 2 extended-response: unknown (4294967296)\n"),
            std::string::npos);
}

struct RespondRow {
  const char* name;
  Point at;
  std::vector<Step> steps;
  std::string says;
};

TEST(LdapServerScript, AResponseHasThePartsItIsGiven) {
  const std::string notice(wire::kNoticeOfDisconnectionOid);
  for (const RespondRow& row : {
           RespondRow{"another id",
                      Point::starttls,
                      {Respond{.id_offset = 1}},
                      "S: 3 extended-response: success (0)\n"},
           {"an id below zero", Point::root_dse, {Respond{.id_offset = -2}}, "S: 14 bytes\n"},
           {"a name",
            Point::starttls,
            {Respond{.response_name = "1.2.3"}},
            "S: 2 extended-response 1.2.3: success (0)\n"},
           {"no name",
            Point::starttls,
            {Respond{.response_name = ""}},
            "S: 2 extended-response: success (0)\n"},
           {"a diagnostic",
            Point::starttls,
            {Respond{.code = 2, .diagnostic = "success"}},
            "S: 2 extended-response: protocolError (2) 'success'\n"},
           {"a bind response",
            Point::starttls,
            {Respond{.as = "bind-response"}},
            "S: 2 bind-response: success (0)\n"},
           {"a search result",
            Point::starttls,
            {Respond{.as = "search-done"}},
            "S: 2 search-done: success (0)\n"},
           {"an entry",
            Point::search,
            {Respond{.as = "search-entry"}},
            "S: 6 search-entry " + kUserDn + "\n"},
           {"a continuation",
            Point::search,
            {Respond{.as = "search-reference", .referrals = {"{referral}o=x"}}, Usual{}},
            "S: 6 search-reference\nS: 6 search-entry " + kUserDn + "\n"},
           {"an intermediate response",
            Point::whoami,
            {Respond{.as = "intermediate-response", .response_name = "1.2"}},
            "S: 5 intermediate-response\n"},
           {"a referral",
            Point::search,
            {Respond{.code = 10, .referrals = {"{referral}", "ldap://b/"}}},
            "S: 6 search-done: referral (10) ldap://elsewhere.test/ ldap://b/\n"},
           {"a notice",
            Point::bind,
            {Respond{.code = 8, .as = "notice-of-disconnection"}},
            "S: 0 extended-response " + notice + ": strongerAuthRequired (8)\n"},
           {"a notice under another name",
            Point::bind,
            {Respond{.code = 8, .as = "notice-of-disconnection", .response_name = "1.2"}},
            "S: 0 extended-response 1.2: strongerAuthRequired (8)\n"},
           {"to an unbind",
            Point::unbind,
            {Respond{.code = 52}},
            "S: 0 extended-response " + notice + ": unavailable (52)\n"},
           {"Who am I? with its value",
            Point::whoami,
            {Respond{}},
            "S: 5 extended-response 'dn:" + kUserDn + "': success (0)\n"},
           {"half a message", Point::starttls, {Respond{.octets = 7}}, "S: 7 bytes\n"},
           {"all of a short one",
            Point::whoami,
            {Respond{.code = 1, .octets = 700}},
            "S: 5 extended-response: operationsError (1)\n"},
       }) {
    Server server = ldap_server_for_test({.deviations = {{.at = row.at, .steps = row.steps}}});
    server.directory.referral = "ldap://elsewhere.test/";
    const Talk got = talk(server, session());
    const std::size_t place = place_of(row.at, got.transcript);
    EXPECT_TRUE(got.transcript.substr(place).starts_with(row.says)) << row.name << ":\n"
                                                                    << got.transcript;
  }
}

TEST(LdapServerScript, AnUnknownOperationIsAMistakeOfTheScript) {
  try {
    talk_with(Point::bind, {Respond{.as = "bind"}});
    FAIL() << "no complaint";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "there is no response \"bind\"");
  }
}

TEST(LdapServerScript, WhatIsHeldTravelsWithTheNextStep) {
  struct HeldRow {
    const char* name;
    std::vector<Step> steps;
    Lines dialogue;  // what the server says, write by write
  };
  const Respond held{.code = 1, .held = true};
  const Respond bare{.code = 2};
  for (const HeldRow& row :
       {HeldRow{"with a send", {held, Send{"x"}}, {"extended-response: operationsError (1)", "x"}},
        {"with a response",
         {held, bare},
         {"extended-response: operationsError (1)", "extended-response: protocolError (2)"}},
        {"with the usual",
         {held, Usual{}},
         {"extended-response: operationsError (1)", "extended-response 1: success (0)"}},
        {"with nothing", {held}, {"extended-response: operationsError (1)"}},
        {"before a pause", {held, Pause{1s}}, {"extended-response: operationsError (1)"}}}) {
    // One write is one segment: in memory a read never joins two.
    net::MemoryWorld world;
    net::StreamPair pair = net::make_memory_pair(world);
    const Server server =
        ldap_server_for_test({.deviations = {{.at = Point::whoami, .steps = row.steps}}});
    Observation seen;
    world.spawn(serve(world, std::move(pair.server), server, kLdapProtocol, seen));
    pair.client->write_now(request(1, kWhoAmI));
    world.run(world.now() + 2s);
    std::array<char, 512> chunk{};
    const auto first = pair.client->read_now(chunk);
    ASSERT_TRUE(first) << row.name;
    EXPECT_FALSE(pair.client->read_now(chunk)) << row.name << ": a second segment";
    EXPECT_EQ(lines_of(seen).size(), 1 + row.dialogue.size()) << row.name;
    pair.client->close();
    world.run();
  }
}

TEST(LdapServerScript, WhoIsToldThatHeIsBoundIsBoundWithTheRightCredentials) {
  const Lines says{request(1, kStartTls), kHandshake, request(2, simple_bind(kUserDn, kCanary)),
                   request(3, kWhoAmI)};
  for (const auto& [respond, who] : {std::pair<Respond, std::string>{Respond{}, "dn:" + kUserDn},
                                     {Respond{.diagnostic = "x"}, "dn:" + kUserDn},
                                     {Respond{.code = 49}, ""},
                                     {Respond{.id_offset = 1}, ""},
                                     {Respond{.as = "extended-response"}, ""}}) {
    const Talk got =
        talk(ldap_server_for_test({.deviations = {{.at = Point::bind, .steps = {respond}}}}), says);
    EXPECT_TRUE(got.transcript.ends_with("S: 3 extended-response '" + who + "': success (0)\n"))
        << got.transcript;
    EXPECT_EQ(got.seen.authenticated, !who.empty());
  }
}

struct InjectionRow {
  const char* name;
  std::vector<Step> steps;
  bool injected;
};

TEST(LdapServerScript, NotesWhatItSaysBehindTheGoAhead) {
  const std::string bind = wire::written({.id = 3, .operation = wire::LdapBindResponse{}});
  const Respond held{.held = true};
  for (const InjectionRow& row :
       {InjectionRow{"nothing", {Usual{}}, false},
        {"nothing, scripted", {Respond{}, StartTls{}}, false},
        {"in the same segment", {held, Send{bind}}, true},
        {"in the next segment", {Respond{}, Send{bind}}, true},
        {"half a message", {held, Send{bind.substr(0, 4)}}, true},
        {"behind the usual", {Usual{}}, false},
        {"behind an unsolicited notification",
         {Respond{.as = "notice-of-disconnection", .response_name = "1.2"}, Respond{}},
         false},
        {"behind a refusal", {Respond{.code = 52, .held = true}, Send{bind}}, false},
        {"behind another operation", {Respond{.as = "bind-response"}, Send{bind}}, false}}) {
    EXPECT_EQ(talk_with(Point::starttls, row.steps).seen.sent_behind_go_ahead, row.injected)
        << row.name;
  }
}

TEST(LdapServerScript, MayEndTlsAndGoOnInClear) {
  const Lines into_tls{request(1, kStartTls), kHandshake, request(2, simple_bind(kUserDn, kCanary)),
                       request(3, kWhoAmI)};
  const Server server = ldap_server_for_test(
      {.deviations = {{.at = Point::whoami, .steps = {EndTls{}, Respond{.response_name = "1"}}}}});
  const Talk leaves = talk(server, into_tls);
  EXPECT_TRUE(leaves.transcript.ends_with("C: 3 extended-request\nS: (closes)\n"));
  EXPECT_EQ(lines_of(leaves.seen).back(), "S: extended-response 1: success (0)");
  EXPECT_EQ(leaves.seen.clear_commands.size(), 1U);

  Lines says = into_tls;
  says.insert(says.end(), {kEndTls, request(4, search_for(kUserDn, LdapScope::base_object))});
  const Talk stays = talk(server, says);
  // What the client still said inside TLS, its close_notify, is none of the messages in clear.
  EXPECT_TRUE(
      stays.transcript.ends_with("S: (closes)\n"
                                 "S: 3 extended-response 1 '': success (0)\n"
                                 "C: 4 search-request\n"
                                 "S: 4 search-done: insufficientAccessRights (50)\n"))
      << stays.transcript;
  EXPECT_EQ(stays.seen.clear_commands.back(), "search \"" + kUserDn + "\" (base)");
}

TEST(LdapServerScript, MayTakePasswordsInClear) {
  const Talk got = talk(ldap_server_for_test({.accepts_in_clear = true}),
                        {request(1, simple_bind(kUserDn, kCanary)),
                         request(2, search_for(kUserDn, LdapScope::base_object))});
  EXPECT_TRUE(got.seen.authenticated);
  EXPECT_EQ(got.seen.delivered, 1U);
  EXPECT_NE(got.seen.bytes_in_clear.find(kCanary), std::string::npos);
}

struct DeliveryRow {
  const char* name;
  std::vector<Step> steps;
  unsigned delivered;
};

TEST(LdapServerScript, HasDeliveredWhenItSaysSo) {
  for (const DeliveryRow& row :
       {DeliveryRow{"usual", {Usual{}}, 1},
        {"late", {Pause{1s}, Usual{}}, 1},
        {"success without entries", {Respond{}}, 1},
        {"twice", {Respond{}, Respond{}}, 1},
        {"a refusal, then success", {Respond{.code = 50}, Respond{}}, 0},
        {"an entry only", {Respond{.as = "search-entry"}}, 0},
        {"half", {Respond{.octets = 5}, Close{}}, 0},
        {"a referral", {Respond{.code = 10, .referrals = {"ldap://b/"}}}, 1},
        {"as much as was wanted", {Respond{.code = 4}}, 1},
        {"silence", {Silence{}}, 0}}) {
    EXPECT_EQ(talk_with(Point::search, row.steps).seen.delivered, row.delivered) << row.name;
  }
  EXPECT_EQ(talk_with(Point::root_dse, {Respond{}}).seen.delivered, 1U) << "of the search only";
}

}  // namespace
}  // namespace startle::fake
