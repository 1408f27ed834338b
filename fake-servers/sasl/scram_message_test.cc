// What a client says in SCRAM, read as RFC 5802, 7 writes it.

#include "fake-servers/sasl/scram_message.h"

#include <gtest/gtest.h>

namespace startle::fake {
namespace {

TEST(ScramClientFirst, IsRead) {
  const auto first = read_scram_client_first("p=tls-exporter,a=b=2Cc,n=a=3Db=2Cc,r=xyz=,x=1");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->header, "p=tls-exporter,a=b=2Cc,");
  EXPECT_EQ(first->says, SaysOfBinding::binds);
  EXPECT_EQ(first->type, "tls-exporter");
  EXPECT_EQ(first->authorization, "b,c");
  EXPECT_EQ(first->bare, "n=a=3Db=2Cc,r=xyz=,x=1");
  EXPECT_EQ(first->name, "a=b,c");
  EXPECT_EQ(first->nonce, "xyz=");
  EXPECT_EQ(read_scram_client_first("y,,n=u,r=1")->says, SaysOfBinding::saw_no_plus);
}

TEST(ScramClientFirst, IsNothingElse) {
  for (const char* message :
       {"", "n", "n,", "n,,", "n,,n=u", "n,,n=u,r=", "n,,n=,r=1", "n,,r=1,n=u", "z,,n=u,r=1",
        "n,b,n=u,r=1", "n,a=,n=u,r=1", "n,,n=u=2,r=1", "n,,n=u=,r=1", "n,,m=x,n=u,r=1"}) {
    EXPECT_FALSE(read_scram_client_first(message)) << message;
  }
}

TEST(ScramClientFinal, IsRead) {
  const auto final = read_scram_client_final("c=biws,r=xyz,x=1,p=AAAA");
  ASSERT_TRUE(final);
  EXPECT_EQ(final->binding, "n,,");
  EXPECT_EQ(final->nonce, "xyz");
  EXPECT_EQ(final->without_proof, "c=biws,r=xyz,x=1");
  EXPECT_EQ(final->proof, std::string(3, '\0'));
  for (const char* message : {"", "c=biws,r=x", "r=x,c=biws,p=AAAA", "c=biw,r=x,p=AAAA",
                              "c=biws,r=x,p=AAA", "c=biws,p=AAAA"}) {
    EXPECT_FALSE(read_scram_client_final(message)) << message;
  }
}

struct SafeRow {
  const char* first;
  const char* channel;  // "": nothing to bind to
  bool safe;
};

TEST(ScramClientFirst, NamesABindingThatIsSafeInThisChannel) {
  for (const SafeRow& row : {SafeRow{"n,,n=u,r=1", "", true},
                             {"y,,n=u,r=1", "tls-exporter", true},
                             {"p=tls-exporter,,n=u,r=1", "tls-exporter", true},
                             {"p=tls-exporter,,n=u,r=1", "tls-unique", true},
                             {"p=tls-exporter,,n=u,r=1", "", false},
                             {"p=tls-unique,,n=u,r=1", "tls-unique", true},
                             {"p=tls-unique,,n=u,r=1", "tls-exporter", false},
                             {"p=tls-unique,,n=u,r=1", "", false},
                             {"p=tls-server-end-point,,n=u,r=1", "", true}}) {
    std::optional<sasl::ChannelBinding> channel;
    if (*row.channel != '\0') channel = sasl::ChannelBinding{.type = row.channel};
    EXPECT_EQ(names_safe_binding(*read_scram_client_first(row.first), channel), row.safe)
        << row.first << " in " << row.channel;
  }
}

struct BoundRow {
  const char* name;
  const char* first;
  std::string binding;  // of c=
  std::optional<sasl::ChannelBinding> channel;
  bool bound;
};

TEST(ScramClientFinal, IsBoundToTheChannelOrToNone) {
  const sasl::ChannelBinding exporter{.type = "tls-exporter", .data = "abc"};
  const sasl::ChannelBinding unique{.type = "tls-unique", .data = "abc"};
  for (const BoundRow& row : {
           BoundRow{"no binding", "n,,n=u,r=1", "n,,", exporter, true},
           {"could bind", "y,,n=u,r=1", "y,,", exporter, true},
           {"another header", "y,,n=u,r=1", "n,,", exporter, false},
           {"data without the flag", "n,,n=u,r=1", "n,,abc", exporter, false},
           {"this channel", "p=tls-exporter,,n=u,r=1", "p=tls-exporter,,abc", exporter, true},
           {"in 1.2", "p=tls-unique,,n=u,r=1", "p=tls-unique,,abc", unique, true},
           {"another channel", "p=tls-exporter,,n=u,r=1", "p=tls-exporter,,abd", exporter, false},
           {"tls-unique in 1.3", "p=tls-unique,,n=u,r=1", "p=tls-unique,,abc", exporter, false},
           {"nothing to bind to", "p=tls-unique,,n=u,r=1", "p=tls-unique,,abc", {}, false},
           {"the exporter, nothing to bind to",
            "p=tls-exporter,,n=u,r=1",
            "p=tls-exporter,,abc",
            {},
            false},
           // RFC 9266, 4; RFC 5929, 4: allowed, and nothing here to compare with.
           {"the exporter in 1.2", "p=tls-exporter,,n=u,r=1", "p=tls-exporter,,xyz", unique, true},
           {"the certificate", "p=tls-server-end-point,,n=u,r=1", "p=tls-server-end-point,,xyz",
            exporter, true},
           {"no certificate", "p=tls-server-end-point,,n=u,r=1", "p=tls-server-end-point,,",
            exporter, false},
       }) {
    const auto first = read_scram_client_first(row.first);
    ASSERT_TRUE(first) << row.name;
    EXPECT_EQ(is_bound_to(*first, {.binding = row.binding}, row.channel), row.bound) << row.name;
  }
}

}  // namespace
}  // namespace startle::fake
