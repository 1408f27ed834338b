// The two messages of a SCRAM server: which are none, and which no client may answer.

#include "harness/sasl/scram_challenge.h"

#include <gtest/gtest.h>

namespace startle::sasl {
namespace {

using namespace std::string_literals;

struct Row {
  const char* name;
  std::string message;
  const char* complaint;  // "": the client goes on
};

// The client's nonce is "ab".
std::string complaint_about(const std::string& message) {
  const auto read = read_scram_challenge(message);
  if (const auto* malformed = std::get_if<MalformedScram>(&read)) return malformed->why;
  const auto objection = objection_to(std::get<ScramChallenge>(read), "ab");
  return objection ? objection->why : "";
}

TEST(ScramChallenge, IsCheckedBeforeAnythingIsComputed) {
  constexpr const char* kNoList = "the server's first message is no list of attributes";
  constexpr const char* kOrder =
      "the server's first message does not hold r=, s= and i=, in that order";
  constexpr const char* kNumber = "the iteration count is no number";
  constexpr const char* kExtension = "the server demands an extension that no one knows";
  constexpr const char* kMost = "the iteration count is beyond 1000000";
  for (const Row& row : {
           Row{"sound", "r=abc,s=QSXC,i=4096", ""},
           {"optional extensions", "r=abc,s=QSXC,i=4096,x=y,z=", ""},
           {"least", "r=abc,s=QSXC,i=1", ""},
           {"most", "r=abc,s=QSXC,i=1000000", ""},
           {"one more", "r=abc,s=QSXC,i=1000001", kMost},
           {"2^31", "r=abc,s=QSXC,i=2147483648", kMost},
           {"2^32 + 1", "r=abc,s=QSXC,i=4294967297", kMost},
           {"2^64 + 1", "r=abc,s=QSXC,i=18446744073709551617", kMost},
           {"zero", "r=abc,s=QSXC,i=0", "the iteration count is 0"},
           {"negative", "r=abc,s=QSXC,i=-1", kNumber},
           {"signed", "r=abc,s=QSXC,i=+4096", kNumber},
           {"leading zero", "r=abc,s=QSXC,i=04096", kNumber},
           {"hexadecimal", "r=abc,s=QSXC,i=0x10", kNumber},
           {"no count", "r=abc,s=QSXC,i=", kNumber},
           {"unchanged nonce", "r=ab,s=QSXC,i=4096",
            "the server added nothing to the client's nonce"},
           {"shortened nonce", "r=a,s=QSXC,i=4096", "the nonce does not begin with the client's"},
           {"foreign nonce", "r=xyz,s=QSXC,i=4096", "the nonce does not begin with the client's"},
           {"no nonce", "r=,s=QSXC,i=4096", "the nonce is not printable"},
           {"blank in the nonce", "r=ab c,s=QSXC,i=4096", "the nonce is not printable"},
           {"mandatory extension", "m=x,r=abc,s=QSXC,i=4096", kExtension},
           {"mandatory extension behind", "r=abc,s=QSXC,i=4096,m=x", kExtension},
           {"no salt", "r=abc,i=4096", kOrder},
           {"empty salt", "r=abc,s=,i=4096", "the salt is no base64"},
           {"salt", "r=abc,s=QSX,i=4096", "the salt is no base64"},
           {"swapped", "s=QSXC,r=abc,i=4096", kOrder},
           {"an error", "e=other-error", kOrder},
           {"empty", "", kNoList},
           {"no attribute", "r=abc,s=QSXC,i=4096,", kNoList},
           {"NUL", "r=abc,s=QSXC,i=4096,x=\0"s, kNoList},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(complaint_about(row.message), row.complaint);
  }
}

TEST(ScramFinal, IsASignatureOrAnError) {
  constexpr const char* kNeither =
      "the server's last message holds neither its signature (v=) nor an error (e=)";
  for (const Row& row : {Row{"signature", "v=QSXC", ""},
                         {"extension", "v=QSXC,x=y", ""},
                         {"error", "e=other-error", ""},
                         {"error with extension", "e=invalid-proof,x=y", ""},
                         {"mandatory extension", "v=QSXC,m=x",
                          "the server's last message has a mandatory extension (m=)"},
                         {"empty signature", "v=", "the server's signature is no base64"},
                         {"no base64", "v=!", "the server's signature is no base64"},
                         {"an error in words", "e=das Passwort ist ung\u00fcltig", ""},
                         {"control characters", "e=\x1b[2J", ""},
                         {"empty error", "e=", "the error in the server's last message is empty"},
                         {"another", "x=y", kNeither},
                         {"empty", "", "the server's last message is no list of attributes"}}) {
    SCOPED_TRACE(row.name);
    const auto read = read_scram_final(row.message);
    const auto* malformed = std::get_if<MalformedScram>(&read);
    EXPECT_EQ(malformed == nullptr ? "" : malformed->why, row.complaint);
  }
}

}  // namespace
}  // namespace startle::sasl
