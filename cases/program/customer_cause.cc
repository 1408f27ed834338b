#include "cases/program/customer_cause.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "cases/program/shown_readings.h"
#include "harness/words/ending.h"

namespace startle::program {
namespace {

using customer::StoreDiagnosis;
using customer::StoreProblem;

// From the worst on: what makes every connection fail, what makes that to this server fail, what
// may, what is not as it should be.
enum class Rank {
  refuses_all,
  refuses_server,
  told_fails,
  refuses_shown,
  trusts_none,
  told,
  careless,
  none
};

struct Cause {
  Rank rank = Rank::none;
  std::string where{};
  std::string text{};
};

struct Judged {
  Rank rank = Rank::none;
  const char* text = nullptr;  // behind "the store" or "the Java runtime's own store"
};

// `refused`: the server's certificate is, so that a store in the wrong place is the cause of it.
Judged judged(StoreProblem problem, bool refused) {
  const Rank if_refused = refused ? Rank::refuses_server : Rank::trusts_none;
  switch (problem) {
    case StoreProblem::empty:
      return {Rank::refuses_all, "is an empty file"};
    case StoreProblem::not_a_store:
      return {Rank::refuses_all, "is a file of another kind"};
    case StoreProblem::encoded:
      return {Rank::refuses_all, "was not decoded: it is still text, as base64 is"};
    case StoreProblem::garbled:
      return {Rank::refuses_all, "was destroyed by a text filter"};
    case StoreProblem::wrong_format:
      return {Rank::refuses_all, "is in JCEKS, which Java does not open unless told"};
    case StoreProblem::damaged:
      return {Rank::refuses_all, "is damaged"};
    case StoreProblem::wrong_password:
      return {Rank::refuses_all, "is not opened by the password that is tried"};
    case StoreProblem::locked:
      return {if_refused, "was opened without its password, and Java sees nothing of it"};
    case StoreProblem::no_certificate:
      return {if_refused, "holds no certificate"};
    case StoreProblem::not_trusted:
      return {if_refused, "holds no trusted certificate"};
    case StoreProblem::renewed:
      return {Rank::refuses_server, "holds the certificate from before the renewal"};
    case StoreProblem::other_certificate:
      return {Rank::refuses_server, "holds neither the server's certificate nor its issuer's"};
    case StoreProblem::expired_path:
      return {Rank::refuses_server,
              "is reached from the server's certificate through an expired one alone"};
    case StoreProblem::misnamed:
      return {if_refused, "has a name that Java does not look for"};
    case StoreProblem::misplaced:
      return {if_refused, "stands in a folder that Java does not look into"};
    case StoreProblem::wrong_extension:
      return {if_refused, "has an extension that Java does not look for"};
    case StoreProblem::unreadable:
      return {if_refused, "cannot be read"};
    case StoreProblem::unread:
      return {if_refused, "is not read for STARTTLS: Java's own store is"};
    case StoreProblem::world_writable:
      return {Rank::careless, "can be written by every user of the machine"};
    case StoreProblem::missing:
    case StoreProblem::expired:
    case StoreProblem::octets_behind:
    case StoreProblem::padded_password:
      break;
  }
  return {};
}

Rank rank_of(customer::Weight weight) {
  switch (weight) {
    case customer::Weight::refused:
    case customer::Weight::fails:
      return Rank::told_fails;
    case customer::Weight::doubtful:
      return Rank::told;
    case customer::Weight::careless:
      return Rank::careless;
    case customer::Weight::note:
      break;
  }
  return Rank::none;
}

// What the rules say of what a server shows, under all readings that are run.
struct Shown {
  std::size_t readings = 0;
  std::size_t accepted = 0;
  std::string refusal{};  // the first: its ending and why
  std::string reading{};  // of that
};

std::string without_anchors(const std::string& reason) {
  return reason.substr(0, reason.find("; trust anchors: "));
}

Shown judge_shown_of(const cases::Matrix& matrix, const cases::Plan& plan) {
  Shown shown;
  for (const report::Verdict& verdict : shown_verdicts(matrix, plan)) {
    ++shown.readings;
    if (std::any_of(verdict.expected.begin(), verdict.expected.end(), words::is_success)) {
      ++shown.accepted;
    } else if (shown.refusal.empty()) {
      shown.refusal = std::string(word(verdict.expected.front())) + " (" +
                      without_anchors(verdict.reason) + ")";
      shown.reading = report::reading_of(verdict);
    }
  }
  return shown;
}

class Finder {
 public:
  Finder(const customer::Schedule& schedule, CustomerStores& stores, const cases::Plan& plan)
      : schedule_(schedule), stores_(stores), plan_(plan) {}

  std::string find() {
    for (std::size_t i = 0; i < schedule_.entries.size(); ++i) {
      look(schedule_.entries[i], plan_.matrices[i]);
    }
    for (const customer::Mistake& mistake : schedule_.mistakes) {
      consider({rank_of(mistake.weight), "", mistake.text});
    }
    if (worst_.rank == Rank::none) return "no fault found: " + unlooked();
    return "cause: " + (worst_.where.empty() ? "" : worst_.where + ": ") + worst_.text;
  }

 private:
  void consider(Cause cause) {
    if (cause.rank < worst_.rank) worst_ = std::move(cause);
  }

  void look(const customer::Entry& entry, const cases::Matrix& matrix) {
    if (entry.tls == words::Tls::none) {
      note(entry.host, in_clear_);
      return;
    }
    const std::string where = entry.file + ":" + std::to_string(entry.line);
    const std::string host = entry.host + ": ";
    const Shown shown = stores_.is_shown(entry.host) ? judge_shown_of(matrix, plan_) : Shown{};
    const bool refused = shown.readings > 0 && shown.accepted == 0;
    const CustomerStores::Found& found = stores_.of(entry);
    const auto consider_all = [&](const std::vector<StoreDiagnosis>& all, const char* whose) {
      for (const StoreDiagnosis& one : all) {
        Judged said = judged(one.problem, refused);
        if (said.text == nullptr) continue;
        // What the server shows is accepted all the same, as by a private key's own certificate.
        if (said.rank == Rank::trusts_none && shown.accepted > 0) said.rank = Rank::careless;
        consider({said.rank, where, host + whose + " " + said.text});
      }
    };
    if (found.store) consider_all(found.store->diagnoses, "the store");
    consider_all(found.of_java, "the Java runtime's own store");
    if (refused) {
      consider(
          {Rank::refuses_shown, where, host + "what its server shows ends in " + shown.refusal});
    } else if (shown.accepted < shown.readings) {
      consider(
          {Rank::told, where,
           host + "read as " + shown.reading + ", what its server shows ends in " + shown.refusal});
    }
    note(entry.host, shown.readings > 0 ? accepted_ : unknown_);
  }

  // Several entries may be of one host.
  static void note(const std::string& host, std::vector<std::string>& hosts) {
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
  }
  static std::string listed(const std::vector<std::string>& hosts) {
    std::string list;
    for (const std::string& host : hosts) list += (list.empty() ? "" : ", ") + host;
    return list;
  }

  // What was looked at, and what nobody has given.
  std::string unlooked() const {
    std::string text;
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!accepted_.empty()) add("what " + listed(accepted_) + " shows is accepted");
    if (!unknown_.empty()) {
      add("nobody has said what " + listed(unknown_) + " shows (--shown " + unknown_.front() +
          "=FILE), so that this is no all-clear");
    }
    if (!in_clear_.empty()) {
      add("all that goes to " + listed(in_clear_) +
          " goes in clear, and no certificate is "
          "looked at");
    }
    return text;
  }

  const customer::Schedule& schedule_;
  CustomerStores& stores_;
  const cases::Plan& plan_;
  Cause worst_{};
  std::vector<std::string> accepted_{};
  std::vector<std::string> unknown_{};
  std::vector<std::string> in_clear_{};
};

}  // namespace

std::string cause_of(const customer::Schedule& schedule, CustomerStores& stores,
                     const cases::Plan& plan) {
  return Finder(schedule, stores, plan).find();
}

}  // namespace startle::program
