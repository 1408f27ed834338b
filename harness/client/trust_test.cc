// Every value of cases/matrix/trust.xml under every model: what the client holds of it, worked out
// by hand from the oracle's README, "Trust value".

#include "harness/client/trust.h"

#include <gtest/gtest.h>

namespace startle::client {
namespace {

using words::TrustModel;
using Names = std::vector<std::string>;

constexpr const char* kHost = "smtp.example.test";

Settings settings(TrustModel model, std::optional<std::string> trust, std::string host = kHost) {
  return {.host = std::move(host), .trust = std::move(trust), .trust_model = model};
}

std::string show(const Names& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  return list;
}

// "path name smtp.example.test": what is checked, and whom the certificate may be issued to.
std::string show(const Settings& s) {
  std::string why;
  const auto trust = read_trust(s, why);
  if (!trust) return "refused: " + why;
  std::string text;
  const auto add = [&](bool holds, const std::string& what) {
    if (holds) text += (text.empty() ? "" : " ") + what;
  };
  add(trust->check_nothing, "nothing");
  add(trust->check_path, "path");
  add(trust->check_name, "name");
  add(!trust->names.empty(), show(trust->names));
  add(!trust->addresses.empty(), "address=" + show(trust->addresses));
  add(trust->host_must_be_listed, trust->host_is_listed ? "listed" : "not-listed");
  return text;
}

constexpr const char* kAbsent = "refused: starttls=\"true\" needs trust: the hosts to trust, or *";
constexpr const char* kEmpty = "refused: trust is empty: it must name the hosts to trust, or be *";

struct TrustRow {
  const char* id;
  std::optional<std::string> trust;
  const char* documented;
  const char* pkix;
  const char* java;  // javamail; angus and javamail-identity check the name too
};

const TrustRow kRows[] = {
    {"absent", std::nullopt, kAbsent, "path name smtp.example.test", "path smtp.example.test"},
    {"empty", "", kEmpty, "path name smtp.example.test", "smtp.example.test not-listed"},
    {"white space", " \t\n", kEmpty, "path name smtp.example.test", "smtp.example.test not-listed"},
    {"host", "smtp.example.test", "name smtp.example.test",
     "path name smtp.example.test,smtp.example.test", "smtp.example.test listed"},
    {"upper-case", "SMTP.EXAMPLE.TEST", "name SMTP.EXAMPLE.TEST",
     "path name smtp.example.test,SMTP.EXAMPLE.TEST", "smtp.example.test not-listed"},
    {"other", "other.example.test", "name other.example.test",
     "path name smtp.example.test,other.example.test", "smtp.example.test not-listed"},
    {"list", "other.example.test smtp.example.test third.example.test",
     "name other.example.test,smtp.example.test,third.example.test",
     "path name smtp.example.test,other.example.test,smtp.example.test,third.example.test",
     "smtp.example.test listed"},
    {"list-other", "other.example.test third.example.test",
     "name other.example.test,third.example.test",
     "path name smtp.example.test,other.example.test,third.example.test",
     "smtp.example.test not-listed"},
    {"any", "*", "nothing", "path name smtp.example.test", "smtp.example.test"},
    {"any-padded", " * ", "nothing", "path name smtp.example.test", "smtp.example.test not-listed"},
    {"any-in-list", "* other.example.test", "name other.example.test",
     "path name smtp.example.test,other.example.test", "smtp.example.test not-listed"},
    {"any-with-host", "* smtp.example.test", "name smtp.example.test",
     "path name smtp.example.test,smtp.example.test", "smtp.example.test listed"},
    {"any twice", "* *", "name", "path name smtp.example.test", "smtp.example.test not-listed"},
    {"padded", "  smtp.example.test  ", "name smtp.example.test",
     "path name smtp.example.test,smtp.example.test", "smtp.example.test listed"},
    {"tab", "other.example.test\tsmtp.example.test", "name other.example.test,smtp.example.test",
     "path name smtp.example.test,other.example.test,smtp.example.test",
     "smtp.example.test listed"},
    {"comma", "smtp.example.test,other.example.test", "name", "path name smtp.example.test",
     "smtp.example.test not-listed"},
    {"wildcard", "*.example.test", "name", "path name smtp.example.test",
     "smtp.example.test not-listed"},
    {"ip", "127.0.0.1", "name address=127.0.0.1", "path name smtp.example.test address=127.0.0.1",
     "smtp.example.test not-listed"},
    {"ipv6", "::1", "name address=::1", "path name smtp.example.test address=::1",
     "smtp.example.test not-listed"},
    {"trailing-dot", "smtp.example.test.", "name smtp.example.test",
     "path name smtp.example.test,smtp.example.test", "smtp.example.test not-listed"},
    {"two trailing dots", "smtp.example.test..", "name", "path name smtp.example.test",
     "smtp.example.test not-listed"},
    {"with-port", "smtp.example.test:25", "name", "path name smtp.example.test",
     "smtp.example.test not-listed"},
    {"a U-label", "b\u00fccher.example.test", "name xn--bcher-kva.example.test",
     "path name smtp.example.test,xn--bcher-kva.example.test", "smtp.example.test not-listed"},
    {"brackets", "[::1]", "name address=::1", "path name smtp.example.test address=::1",
     "smtp.example.test not-listed"},
    {"no host name", "a_b.example.test -bad.example.test 127.1", "name",
     "path name smtp.example.test", "smtp.example.test not-listed"},
};

// What Angus Mail reads: the same list, and the name is checked besides.
std::string with_name(std::string java) {
  const std::size_t host = java.find(kHost);
  return java.insert(host, "name ");
}

TEST(Trust, HoldsWhatEachModelReadsInEachValue) {
  for (const TrustRow& row : kRows) {
    SCOPED_TRACE(row.id);
    EXPECT_EQ(show(settings(TrustModel::documented, row.trust)), row.documented);
    EXPECT_EQ(show(settings(TrustModel::pkix, row.trust)), row.pkix);
    EXPECT_EQ(show(settings(TrustModel::javamail, row.trust)), row.java);
    EXPECT_EQ(show(settings(TrustModel::angus, row.trust)), with_name(row.java));
    EXPECT_EQ(show(settings(TrustModel::javamail_identity, row.trust)), with_name(row.java));
    EXPECT_EQ(show(settings(TrustModel::jndi, row.trust)), "path name smtp.example.test");
  }
}

struct HostRow {
  const char* name;
  std::string host;
  std::optional<std::string> trust;
  const char* pkix;
  const char* javamail;
};

// README.md of harness/oracle, "The host itself": JavaMail takes the host as it stands, Java's LDAP
// client leaves one with a final dot to the handshake of ldaps alone.
TEST(Trust, JavasOtherMatchersTakeTheHostAsItStands) {
  const auto shown = [](TrustModel model, const std::string& host, words::Mode mode) {
    Settings told = settings(model, std::nullopt, host);
    told.mode = mode;
    return show(told);
  };
  using enum words::Mode;
  for (const std::string host :
       {"smtp.example.test.", "SMTP.example.test", "127.1", "[::1]", "a_b.test", "192.0.2.1"}) {
    EXPECT_EQ(shown(TrustModel::javamail_identity, host, smtp_starttls), "path name " + host);
  }
  EXPECT_EQ(shown(TrustModel::jndi, "ldap.example.test.", ldap_starttls), "path name");
  EXPECT_EQ(shown(TrustModel::jndi, "192.0.2.1.", ldap_starttls), "path name");
  for (const words::Mode mode : {ldap_starttls, ldaps}) {
    EXPECT_EQ(shown(TrustModel::jndi, "ldap.example.test", mode), "path name ldap.example.test");
    EXPECT_EQ(shown(TrustModel::jndi, "127.1", mode), "path name address=127.0.0.1");
    EXPECT_EQ(shown(TrustModel::jndi, "[::1]", mode), "path name address=::1");
  }
  EXPECT_EQ(shown(TrustModel::jndi, "ldap.example.test.", ldaps), "path name ldap.example.test");
}

// No alert tells the server: Java's mail libraries and its StartTLS look once the handshake is
// over.
TEST(Trust, SaysWhereTheNameIsLookedAtBehindTheHandshake) {
  const auto behind = [](TrustModel model, words::Mode mode) {
    Settings told = settings(model, kHost);
    told.mode = mode;
    std::string why;
    return read_trust(told, why)->name_behind_handshake;
  };
  using enum words::Mode;
  EXPECT_TRUE(behind(TrustModel::javamail_identity, smtp_starttls));
  EXPECT_TRUE(behind(TrustModel::javamail_identity, smtps));
  EXPECT_TRUE(behind(TrustModel::jndi, ldap_starttls));
  EXPECT_FALSE(behind(TrustModel::jndi, ldaps));
  for (const TrustModel model : {TrustModel::documented, TrustModel::angus, TrustModel::pkix}) {
    EXPECT_FALSE(behind(model, smtp_starttls)) << word(model);
  }
}

TEST(Trust, TheConfiguredHostIsReadLikeAToken) {
  for (const HostRow& row :
       {HostRow{"final dot", "smtp.example.test.", std::nullopt, "path name smtp.example.test",
                "path smtp.example.test"},
        {"final dot, listed verbatim", "smtp.example.test.", "smtp.example.test.",
         "path name smtp.example.test,smtp.example.test", "smtp.example.test listed"},
        {"final dot, listed without", "smtp.example.test.", "smtp.example.test",
         "path name smtp.example.test,smtp.example.test", "smtp.example.test not-listed"},
        {"IPv4", "192.0.2.1", "192.0.2.1", "path name address=192.0.2.1,192.0.2.1",
         "address=192.0.2.1 listed"},
        {"IPv6", "2001:db8::1", std::nullopt, "path name address=2001:db8::1",
         "path address=2001:db8::1"},
        {"a single label", "localhost", "localhost", "path name localhost,localhost",
         "localhost listed"}}) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(show(settings(TrustModel::pkix, row.trust, row.host)), row.pkix);
    EXPECT_EQ(show(settings(TrustModel::javamail, row.trust, row.host)), row.javamail);
  }
}

}  // namespace
}  // namespace startle::client
