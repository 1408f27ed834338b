#include "cases/engine/kills.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "certs/mint.h"
#include "harness/base/error.h"
#include "harness/base/words.h"
#include "harness/report/reports.h"
#include "harness/subject/subject.h"

namespace startle::cases {
namespace {

// Keeps the failures of a run.
class Failures final : public report::Report {
 public:
  void add(const report::Verdict& verdict) override {
    if (verdict.kind == report::VerdictKind::error) failed.push_back(verdict);
    if (verdict.kind == report::VerdictKind::fail) failed.push_back(verdict);
  }
  void end(const report::RunEnd&) override {}

  std::vector<report::Verdict> failed{};
};

// May leave threads behind, whose subject then stays.
std::vector<report::Verdict> failures(const Catalogue& catalogue, const std::string& client,
                                      const Plan& plan, const RunOptions& options) {
  auto subject = subject::make_subject(client);
  auto selection = std::make_unique<Selection>(plan);
  Failures failures;
  const RunResult result = run_all(catalogue, *subject, *selection, options, {&failures});
  if (result.threads_abandoned) {
    static_cast<void>(subject.release());
    static_cast<void>(selection.release());
  }
  return std::move(failures.failed);
}

Plan single_cases(const Catalogue& catalogue) {
  return {.cases = catalogue.cases(), .globs = {"smtp", "ldap"}};
}

// What a process keeps of its trust shows where that is more than a list of names.
Plan between_connections(const Catalogue& catalogue) {
  return {.cases = catalogue.cases(),
          .globs = {"smtp/state", "ldap/state"},
          .models = {words::TrustModel::pkix}};
}

// Every certificate, judged by the model that looks at all of it, and what a client makes of a
// store for the host, of which no single case can be made.
Plan certificates(const Catalogue& catalogue) {
  return {.matrices = catalogue.matrices(),
          .globs = {"matrix/certificates/mode=smtp-starttls/trust=host/*",
                    "matrix/full/mode=smtp-starttls/trust=host/certificate=self-signed/"
                    "credential=valid/store=*"},
          .models = {words::TrustModel::pkix}};
}

constexpr std::string_view kOfStores = "TOFU-WIDE";

class Purposes {
 public:
  explicit Purposes(const Catalogue& catalogue) : catalogue_(catalogue) {
    for (const Case& single : catalogue.cases()) classes_[single.id] = single.bug_class;
    for (const std::string& recipe : catalogue.recipe_ids()) {
      of_certificates_.insert(catalogue.purpose(recipe).bug_class);
    }
  }
  // What class of client the case is there for; empty: none. A cell whose client has a store for
  // the host is there for what is taken for the certificate in it.
  std::string_view of(const report::Verdict& verdict) const {
    const auto single = classes_.find(verdict.id);
    if (single != classes_.end()) return single->second;
    if (verdict.store_model) return kOfStores;
    return catalogue_.purpose(verdict.certificate).bug_class;
  }

  // A certificate, or a store, is there for such clients.
  bool is_of_certificates(std::string_view bug_class) const {
    return bug_class == kOfStores || of_certificates_.count(std::string(bug_class)) != 0;
  }

 private:
  const Catalogue& catalogue_;
  std::map<std::string, std::string> classes_{};
  std::set<std::string> of_certificates_{};
};

// One kill a case, the worst of the models.
Kills kills_of(const subject::Defect& defect, const std::vector<report::Verdict>& failed,
               const Purposes& purposes) {
  Kills kills{.defect = &defect};
  for (const report::Verdict& v : failed) {
    if (v.kind != report::VerdictKind::fail) continue;
    Kill kill{.id = v.id,
              .severity = *v.severity,
              .finding = v.finding,
              .meant = purposes.of(v) == defect.bug_class};
    const auto same = std::find_if(kills.by.begin(), kills.by.end(),
                                   [&](const Kill& one) { return one.id == v.id; });
    if (same == kills.by.end()) {
      kills.by.push_back(std::move(kill));
    } else if (same->severity < kill.severity) {
      *same = std::move(kill);
    }
  }
  return kills;
}

// ---- one process for each ----------------------------------------------------------------------

// A line for each kill: case, severity, finding, and whether it is meant.
std::string written(const Kills& kills) {
  std::string text;
  for (const Kill& kill : kills.by) {
    text += kill.id + "\t" + std::string(word(kill.severity)) + "\t" + kill.finding + "\t" +
            (kill.meant ? "meant" : "") + "\n";
  }
  return text;
}

std::string taken(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  std::string part(text.substr(0, at));
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

std::vector<Kill> read_kills(std::string_view text) {
  std::vector<Kill> all;
  while (!text.empty()) {
    Kill kill{.id = taken(text, '\t')};
    kill.severity = from_word<words::Severity>(taken(text, '\t')).value_or(words::Severity::note);
    kill.finding = taken(text, '\t');
    kill.meant = !taken(text, '\n').empty();
    all.push_back(std::move(kill));
  }
  return all;
}

struct Child {
  std::size_t defect = 0;
  pid_t pid = -1;
  int from = -1;
  std::string said{};
};

[[noreturn]] void say_and_end(int to, const std::string& text) {
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t count = ::write(to, left.data(), left.size());
    if (count <= 0) std::_Exit(1);
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  std::_Exit(0);
}

template <class Work>
Child begun(std::size_t defect, const Work& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw Error(Fault::system, "no pipe is to be had");
  const pid_t pid = ::fork();
  if (pid < 0) throw Error(Fault::system, "no process is to be had");
  if (pid == 0) {
    ::close(ends[0]);
    try {
      say_and_end(ends[1], work());
    } catch (const std::exception&) {
      std::_Exit(1);
    }
  }
  ::close(ends[1]);
  return {.defect = defect, .pid = pid, .from = ends[0]};
}

// Waits until one of them has said something; true: `child` has said all.
bool has_said_all(Child& child) {
  std::array<char, 4096> chunk{};
  const ssize_t count = ::read(child.from, chunk.data(), chunk.size());
  if (count > 0) child.said.append(chunk.data(), static_cast<std::size_t>(count));
  return count <= 0;
}

void end(const Child& child) {
  ::close(child.from);
  int status = 0;
  const bool ended = ::waitpid(child.pid, &status, 0) == child.pid;
  if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Error(Fault::system, "defect:" + std::string(subject::defects()[child.defect].name) +
                                 ": its run ended before it was over");
}

void wait_for_any(const std::vector<Child>& children) {
  std::vector<pollfd> all;
  for (const Child& child : children)
    all.push_back({.fd = child.from, .events = POLLIN, .revents = 0});
  ::poll(all.data(), all.size(), 100);
}

// What `work` says of each defect, in their order, `jobs` at once.
template <class Work>
std::vector<std::string> said_of_each(unsigned jobs, const Work& work) {
  std::vector<std::string> said(subject::defects().size());
  std::vector<Child> children;
  for (std::size_t next = 0; next < said.size() || !children.empty();) {
    while (next < said.size() && children.size() < std::max(1U, jobs)) {
      children.push_back(begun(next, [&] { return work(subject::defects()[next]); }));
      ++next;
    }
    wait_for_any(children);
    for (auto child = children.begin(); child != children.end();) {
      pollfd one{.fd = child->from, .events = POLLIN, .revents = 0};
      if (::poll(&one, 1, 0) <= 0 || !has_said_all(*child)) {
        ++child;
        continue;
      }
      end(*child);
      said[child->defect] = std::move(child->said);
      child = children.erase(child);
    }
  }
  return said;
}

}  // namespace

KillTable kill_table(const Catalogue& catalogue, RunOptions options) {
  options.shared_mint = std::make_shared<certs::Mint>(options.worker.clock, options.mint);
  const auto failed_by = [&](const std::string& client, bool meets_certificates) {
    auto all = failures(catalogue, client, single_cases(catalogue), options);
    std::vector<Plan> more{between_connections(catalogue)};
    if (meets_certificates) more.push_back(certificates(catalogue));
    for (Plan& plan : more) {
      for (report::Verdict& v : failures(catalogue, client, std::move(plan), options)) {
        all.push_back(std::move(v));
      }
    }
    return all;
  };
  KillTable table;
  std::set<std::string> unproven;
  for (const report::Verdict& v : failed_by("builtin", true)) {
    if (unproven.insert(v.id).second) table.failed_by_correct.push_back(v.id);
  }
  // What was made for the correct client is there in each process.
  const unsigned processes = std::exchange(options.jobs, 1);
  options.watchdog = std::chrono::seconds(10);
  const Purposes purposes(catalogue);
  const auto said = said_of_each(processes, [&](const subject::Defect& defect) {
    auto failed = failed_by("defect:" + std::string(defect.name),
                            purposes.is_of_certificates(defect.bug_class));
    std::erase_if(failed, [&](const report::Verdict& v) { return unproven.count(v.id) != 0; });
    return written(kills_of(defect, failed, purposes));
  });
  for (std::size_t i = 0; i < said.size(); ++i) {
    table.defects.push_back({.defect = &subject::defects()[i], .by = read_kills(said[i])});
  }
  return table;
}

}  // namespace startle::cases
