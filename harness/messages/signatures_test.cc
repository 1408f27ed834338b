#include "harness/messages/signatures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::messages {
namespace {

const std::filesystem::path kFolder = STARTLE_TREE "/cases/clients/messages";

// ---- what is refused ---------------------------------------------------------------------------

const std::string kMessage = R"(<message id="x"><pattern text="has expired"/>
<ending is="certificate-expired" certainty="certain"/><meaning>It is.</meaning><ask for="chain"/>
<example>it has expired</example><source client="curl" version="1"/></message>)";

std::string replaced(const std::string& what, const std::string& by) {
  std::string made = kMessage;
  made.replace(made.find(what), what.size(), by);
  return made;
}

// Without the file's name.
std::string complaint_about(const std::string& messages) {
  static const TemporaryFolder folder;
  static const xml::Schema schema = xml::Schema::read(kFolder / "messages.rng");
  const std::string file = folder.path() / "post.xml";
  write_file(file, "<messages by=\"post\">" + messages + "</messages>");
  try {
    read_signatures(file, schema);
  } catch (const Error& e) {
    return std::string(e.what()).substr(file.size() + 1);
  }
  return "";
}

TEST(Signatures, AreRefusedInOneSentence) {
  const std::pair<std::string, std::string> rows[] = {
      {kMessage, ""},
      {kMessage + kMessage, "3: there is a message `post/x` already"},
      {replaced("has expired\"", "expired at {date}:\""),
       "1: text=\"expired at {date}:\" ends with `:`, which is too little: 4 characters at least"},
      {replaced("it has expired", "it has not"),
       "1: no <pattern> of `post/x` is in its own <example>"},
      {replaced(" id=\"x\"", " id=\"X y\""), "1: id=\"X y\" is no name: a-z, digits and -"},
      {replaced("certainty=\"certain\"", "certainty=\"sure\""),
       "2: certainty=\"sure\" is no word here: known are certain, likely, possible"},
      {replaced("<ask for=\"chain\"/>", ""), "1: <message> has no <ask>: what would say more?"},
      {replaced("<ending is=\"certificate-expired\" certainty=\"certain\"/>", ""),
       "1: <message> has no <ending>: what does it mean?"},
      {replaced(" version=\"1\"", ""),
       "3: client and version go together: what was run here has both"},
      {replaced("client=\"curl\" version=\"1\"", "page=\"a book\""),
       "3: page=\"a book\" is no URL: https://.."},
  };
  for (const auto& [messages, complaint] : rows) {
    const std::string got = complaint_about(messages);
    if (complaint.find("certainty") != std::string::npos) {
      EXPECT_NE(got.find("certain, likely, possible"), std::string::npos) << got;
    } else {
      EXPECT_EQ(got, complaint);
    }
  }
}

// ---- what is shipped ---------------------------------------------------------------------------

const Signatures& shipped() {
  static const Signatures read = Signatures::read(kFolder);
  return read;
}

TEST(ShippedMessages, AreOfEveryFamilyThatSupportMeets) {
  std::set<std::string> families;
  for (const Signature& one : shipped().all()) families.insert(one.family);
  for (const char* family :
       {"java", "javamail", "jndi", "openssl", "gnutls", "python", "node", "go", "curl", "postfix",
        "exim", "dovecot", "dotnet", "windows", "php", "ruby", "perl", "ldap", "msmtp"}) {
    EXPECT_TRUE(families.contains(family)) << family;
  }
}

TEST(ShippedMessages, AreSentencesWithoutAVersionOfTheirOwn) {
  for (const Signature& one : shipped().all()) {
    EXPECT_TRUE(one.meaning.ends_with('.')) << one.id;
    for (const Pattern& pattern : one.patterns) {
      // What changes with each version and run is no part of what a message is known by.
      EXPECT_FALSE(std::regex_search(pattern.text(), std::regex("_ssl\\.c|\\.java:|0A0000")))
          << one.id << ": " << pattern.text();
    }
  }
}

TEST(ShippedMessages, OfWhatDoesNotRunHereCiteAPage) {
  for (const Signature& one : shipped().all()) {
    const bool runs_here = one.family != "dotnet" && one.family != "windows" &&
                           one.family != "exim" && one.family != "dovecot";
    if (!runs_here) {
      EXPECT_FALSE(one.source.page.empty()) << one.id;
    }
  }
}

TEST(ShippedMessages, AreDocumented) {
  const std::string text = read_file(kFolder / "README.md", 1 << 20);
  for (const Signature& one : shipped().all()) {
    EXPECT_NE(text.find("`" + one.family + "`"), std::string::npos) << one.family;
  }
  for (const std::string_view ask : kAsks) {
    EXPECT_NE(text.find("`" + std::string(ask) + "`"), std::string::npos) << ask;
  }
  for (const std::string_view says : kSays) {
    EXPECT_NE(text.find("`" + std::string(says) + "`"), std::string::npos) << says;
  }
}

}  // namespace
}  // namespace startle::messages
