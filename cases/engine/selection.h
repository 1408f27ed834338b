#pragma once
// Which exchanges a run is made of, one after the other: never more than one of them exists here,
// however many cells a matrix has.

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cases/engine/case.h"
#include "cases/engine/exchange.h"
#include "cases/engine/glob.h"
#include "cases/engine/shard.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::cases {

// quick: of matrix/trust what is at most one step from the base. standard: every single case,
// matrix/trust, and of matrix/certificates each certificate that is not there, once: in its first
// mode, or the one that is asked for. full: everything.
enum class Suite { quick, standard, full };
inline constexpr auto kSuites = word_table<Suite>({
    {Suite::quick, "quick"},
    {Suite::standard, "default"},
    {Suite::full, "full"},
});
constexpr Words words_of(Suite) {
  return kSuites;
}

// How the server of a customer's <smtp> or <ldap> is spoken to.
words::Mode mode_of(const customer::Entry& entry);

// What a case says is right; nullopt: nothing, so that the oracle is asked.
std::optional<Expectation> stated(const Expectation& expect);

// `matrix` with the mode, the trust and the credential of a customer's <smtp> or <ldap>: those axes
// have one value each, `line-N`, or `line-N-2` of the second on that line. Neither the configured
// password nor the certificate is ever used: a canary and one that the fake server accepts take
// their places.
// `host`: what else is theirs; a key store for the host, as it is, is an axis of one value more,
// and what its server shows the first certificate (shown_row.h).
Matrix for_customer(const Matrix& matrix, const customer::Entry& entry,
                    std::shared_ptr<const CustomerHost> host = nullptr);

// What is run: plain data.
struct Plan {
  // The client is somebody else's: the standard suite is every single case, and each certificate in
  // each mode, with its host trusted and with any.
  bool foreign = false;
  std::vector<Case> cases{};
  std::vector<Matrix> matrices{};
  std::vector<std::string> globs{};  // over the ids of cases and cells
  std::vector<std::string> whole{};  // cases and matrices of which everything is run, by their ids
  Suite suite = Suite::standard;     // counts where neither is given
  // Each where models_for() has it.
  std::vector<words::TrustModel> models{words::TrustModel::documented};
  // Count where the client has a store for the host; of others there is one reading.
  std::vector<words::StoreModel> store_models{words::StoreModel::documented};
  std::optional<words::Mode> mode{};
  // Of every client; nullopt: what its case states.
  std::optional<words::TlsPolicy> tls_policy{};
  std::string host = "smtp.example.test";
  std::uint64_t seed = 1;
  std::optional<std::size_t> sample{};  // so many of the exchanges, drawn by `seed`
  std::optional<Shard> shard{};         // of these, or of all, one part
};

// Exchanges, one after the other. Called from any thread, from one at a time.
class ExchangeSource {
 public:
  ExchangeSource() = default;
  ExchangeSource(const ExchangeSource&) = delete;
  ExchangeSource& operator=(const ExchangeSource&) = delete;
  virtual ~ExchangeSource() = default;
  // nullopt at the end.
  virtual std::optional<Exchange> next() = 0;
};

class Selection final : public ExchangeSource {
 public:
  explicit Selection(Plan plan);
  struct Counts {
    std::size_t selected = 0;  // by globs, suite and mode
    std::size_t sampled = 0;   // what the sample has of them; without one, all
    std::size_t own = 0;       // the shard's share of these; without one, all
  };
  // Looks at every cell once.
  Counts counts() const;
  // How many exchanges next() will give, from the start.
  std::size_t count() const { return counts().own; }
  bool any() const;
  // From now on what this one selects, and of this mode alone if there is one. Before the first
  // next().
  void select_only(const std::string& glob, std::optional<words::Mode> mode);
  // In the order of the catalogue, the trust models side by side; nullopt at the end. A sample is
  // drawn on the way (Knuth's Algorithm S: The Art of Computer Programming, 3.4.2).
  std::optional<Exchange> next() override;

  // The next one by its name alone, which costs little; nullopt at the end. skip() passes it over.
  struct Name {
    std::string id{};
    Reading reading{};
  };
  std::optional<Name> peek();
  void skip();

 private:
  struct Position {
    std::size_t source = 0;  // cases first, then matrices
    std::size_t cell = 0;
    std::size_t reading = 0;
  };
  struct State {
    Position at{};
    bool found = false;            // `at` is the next one
    std::optional<Counts> left{};  // to pass, and to draw of them
    std::mt19937_64 random{};
    std::size_t ordinal = 0;  // of the sample
  };

 public:
  // How far it has come, to return there.
  using Mark = State;
  const Mark& mark() const { return state_; }
  void return_to(const Mark& mark) { state_ = mark; }

 private:
  // Moves `at` on to the next selected place, `at` included; false at the end.
  bool settle(Position& at) const;
  bool selected(const Position& at) const;
  bool is_foreign_suite() const;
  Reading as_told(const Setup& setup, Reading reading) const;
  std::size_t cells(std::size_t source) const;
  const std::vector<words::TrustModel>& models(const Position& at) const;
  // How often a cell is run: the trust models, and with each of them the readings of its store.
  std::size_t readings(const Position& at) const;
  std::string id(const Position& at) const;
  void read_globs();
  bool globs_match(const std::string& id) const;
  // Whether the next selected exchange belongs to the sample and, if so, to the shard.
  bool drawn();
  bool seek();
  Reading reading_of(const Position& at) const;
  Exchange made(const Position& at) const;
  Exchange connection_of(const Case& of, const Connection& connection,
                         const Reading& reading) const;

  // The first cell from `at` on that a glob may select, or cells(at.source).
  std::size_t next_candidate(const Position& at) const;

  Plan plan_;
  std::set<std::string> in_trust_{};  // the certificates of matrix/trust
  using Models = std::map<words::Protocol, std::vector<words::TrustModel>>;
  std::vector<Models> models_{};      // by source
  std::vector<bool> whole_{};         // by source: globs or names select all of it
  std::vector<GlobRanges> ranges_{};  // by matrix: where else globs may select
  State state_{};
};

}  // namespace startle::cases
