// What a client says in SCRAM, read as RFC 5802, 7 writes it.

#include "fake-servers/scram_message.h"

#include <gtest/gtest.h>

namespace startle::fake {
namespace {

TEST(ScramClientFirst, IsRead) {
  const auto first = read_scram_client_first("p=tls-exporter,a=b=2Cc,n=a=3Db=2Cc,r=xyz=,x=1");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->header, "p=tls-exporter,a=b=2Cc,");
  EXPECT_EQ(first->flag, 'p');
  EXPECT_EQ(first->type, "tls-exporter");
  EXPECT_EQ(first->authorization, "b,c");
  EXPECT_EQ(first->bare, "n=a=3Db=2Cc,r=xyz=,x=1");
  EXPECT_EQ(first->name, "a=b,c");
  EXPECT_EQ(first->nonce, "xyz=");
  EXPECT_EQ(read_scram_client_first("y,,n=u,r=1")->flag, 'y');
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

}  // namespace
}  // namespace startle::fake
