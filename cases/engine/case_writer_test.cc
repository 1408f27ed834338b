// A composed case, written and read, is the same one; and what is composed is always valid.

#include "cases/engine/case_writer.h"

#include <gtest/gtest.h>

#include <set>

#include "cases/engine/case_reader.h"
#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/composition.h"
#include "cases/engine/minimised.h"
#include "harness/xml/document.h"

namespace startle::cases {
namespace {

Case read(const std::string& xml) {
  const xml::Document document = xml::Document::parse("x.xml", xml);
  static const xml::Schema schema = xml::Schema::read(STARTLE_TREE "/cases/startle.rng");
  schema.check(document);
  return read_case(document.root(), "x");
}

TEST(CaseWriter, WritesWhatTheReaderReads) {
  Case one{.id = "x",
           .summary = "a \"case\" <of> mine & theirs",
           .why = "because",
           .bug_class = "INJ-RESP",
           .races = "who is first",
           .requirements = {"RFC3207-6-b"},
           .expect = {.endings = {words::Ending::protocol_error, words::Ending::delivered},
                      .reason = "both are safe"}};
  one.setup.trust = "a\t{host}";
  one.setup.password.reset();
  one.setup.certificate = "expired";
  one.setup.store = words::HostStore::host_jks;
  one.setup.server_username = "user";
  one.setup.script.accepts_in_clear = true;
  one.setup.script.tls = tls::Versions::tls_1_2;
  one.setup.script.sasl = {.mechanisms = "PLAIN", .lie = fake::SaslLie::no_space};
  one.setup.script.deviations = {
      {.at = fake::Point::greeting, .steps = {fake::Send{"220 a\r\n"}}},
      {.at = fake::Point::starttls,
       .steps = {fake::Send{"220 go{crlf}250 <x>{hex:00}{crlf}"},
                 fake::Pause{std::chrono::milliseconds(500)}, fake::StartTls{}}}};
  EXPECT_EQ(case_xml(one),
            "<case summary=\"a &quot;case&quot; &lt;of&gt; mine &amp; theirs\""
            " requirements=\"RFC3207-6-b\" bug-class=\"INJ-RESP\" races=\"who is first\">\n"
            "  <why>because</why>\n"
            "  <server certificate=\"expired\" username=\"user\" tls=\"1.2\" in-clear=\"accept\">\n"
            "    <sasl mechanisms=\"PLAIN\" lie=\"no-space\"/>\n"
            "    <at point=\"greeting\"><reply>220 a</reply></at>\n"
            "    <at point=\"starttls\">\n"
            "      <send>220 go{crlf}250 &lt;x&gt;{hex:00}{crlf}</send>\n"
            "      <pause seconds=\"0.5\"/>\n"
            "      <start-tls/>\n"
            "    </at>\n"
            "  </server>\n"
            "  <client trust=\"a&#9;{host}\" store=\"host-jks\" absent=\"password\"/>\n"
            "  <expect endings=\"protocol-error delivered\"\n"
            "          reason=\"both are safe\"/>\n"
            "</case>\n");
  EXPECT_EQ(case_xml(read(case_xml(one))), case_xml(one));
}

TEST(CaseWriter, EveryCaseOfTheCatalogueComesBackAsItIs) {
  for (const Case& one : tree_catalogue().cases()) {
    // What no fuzz composes: faults below the protocol, and several connections.
    const fake::Script& script = one.setup.script;
    if (!script.taps.empty() || script.profile || !one.then.empty()) continue;
    const std::string xml = case_xml(one);
    EXPECT_EQ(case_xml(read(xml)), xml) << one.id;
  }
}

TEST(Composer, EverythingComposedIsACaseAndComesBackAsItIs) {
  const Composer composer(tree_catalogue());
  std::set<std::string> different;
  constexpr std::uint64_t kMany = 3000;
  for (std::uint64_t n = 0; n < kMany; ++n) {
    const Case one{.id = "x",
                   .summary = "composed",
                   .setup = composer.compose(7, n).setup,
                   .expect = {.endings = {words::Ending::delivered}, .reason = "none"}};
    const std::string xml = case_xml(one);
    different.insert(xml);
    ASSERT_TRUE(is_valid(one.setup)) << xml;
    ASSERT_EQ(case_xml(read(xml)), xml);
  }
  EXPECT_GT(different.size(), kMany * 9 / 10);
}

TEST(Composer, ASeedHasTheSameCompositionsWhateverWasComposedBefore) {
  const Composer composer(tree_catalogue());
  const auto text_of = [&](std::uint64_t seed, std::uint64_t n) {
    const Composition one = composer.compose(seed, n);
    return case_xml({.setup = one.setup}) + std::string(word(one.reading.trust));
  };
  std::vector<std::string> forwards;
  for (std::uint64_t n = 0; n < 50; ++n) forwards.push_back(text_of(1, n));
  for (std::uint64_t n = 50; n-- > 0;) EXPECT_EQ(text_of(1, n), forwards[n]) << n;
  EXPECT_NE(text_of(2, 0) + text_of(2, 1), forwards[0] + forwards[1]);
}

}  // namespace
}  // namespace startle::cases
