#pragma once
// The judgement: an exchange's expectation against what the client says of itself and what the
// server saw.

#include <optional>
#include <string>
#include <vector>

#include "cases/engine/exchange.h"
#include "cases/engine/worker.h"
#include "harness/oracle/facts.h"
#include "harness/report/verdict.h"

namespace startle::cases {

// Behind the reason of a skip: it may be a refusal, which nobody judges so.
inline constexpr std::string_view kSaidLate =
    " (it says so behind a handshake, as one that refuses the server might: whoever cannot do a "
    "task says so before it connects)";

// What is right: stated by a single case; otherwise asked of the oracle, and where the script
// deviates whatever that leaves open. `kept`: what a
// customer's own store is to what is shown.
Expectation expectation_of(const Exchange& exchange, const oracle::Facts& facts,
                           std::optional<oracle::KeptStore> kept = std::nullopt);

// nullopt: the client has no store for the host, so there is nothing to read in two ways.
std::optional<words::StoreModel> store_model_of(const Exchange& exchange);

// Nothing is to reach a server of such endings. A certificate that cannot be read may end the
// handshake itself.
bool must_be_refused(const std::vector<words::Ending>& endings);

// The server knows of what the client calls a success.
bool is_served(const Run& run);

struct Judgement {
  report::Verdict verdict{};
  report::Finding finding{};  // of a failure; its `cases` is empty
};

// What a verdict on the exchange says of the exchange itself.
report::Verdict verdict_on(const Exchange& exchange);

Judgement judge(const Exchange& exchange, const Expectation& expected, const Run& run);

// What may be asked of a client of which nothing is known but what its server has seen.
struct ServerExpectation : Expectation {
  // The server's words are a user's own: which ending they lead to is nobody's to say. `endings`
  // are those of a certificate that is to be refused, should it come to that, or there are none.
  bool own_words = false;
  std::string untold{};  // why it cannot be known what the client has met; empty: it can
  // The client is known to have been told all that the server says it is to be: the revocation
  // list, the mechanism.
  bool as_told = false;
};

struct ServerJudgement {
  // pass or fail; nothing: what was seen leaves it open.
  std::optional<report::VerdictKind> kind{};
  std::optional<words::Ending> ending{};  // as far as it shows
  std::vector<words::Invariant> violations{};
  std::string reason{};  // one or two sentences for a person
};

// The same judgement where the client's side of it is missing: what every ending that is left open
// would be judged to be, that is the verdict.
ServerJudgement judge_seen(const Exchange& exchange, const ServerExpectation& expected,
                           const fake::Observation& seen);

}  // namespace startle::cases
