// startle fuzz: exchanges composed at random, each valid, judged as those of a run. What client and
// oracle disagree about is made as small as it gets and written as a case.

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <thread>

#include "cases/engine/case_writer.h"
#include "cases/engine/catalogue.h"
#include "cases/engine/composition.h"
#include "cases/engine/minimised.h"
#include "cases/engine/run.h"
#include "cases/program/commands.h"
#include "cases/program/leave.h"
#include "cases/program/progress.h"
#include "harness/base/file.h"
#include "harness/base/shell_word.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using namespace cases;
using Clock = std::chrono::steady_clock;

struct FuzzRequest {
  double seconds = 60;
  std::optional<std::size_t> count{};
  std::uint64_t seed = 1;
  unsigned jobs = 0;
  std::string client = "builtin";
  std::string at{};
  std::string out{};
  bool no_cache = false;
};

const std::string kHost = "smtp.example.test";

// The compositions of a seed in their order, until the time is up.
class Compositions final : public ExchangeSource {
 public:
  Compositions(const Composer& composer, const FuzzRequest& request, Clock::time_point end)
      : composer_(composer), request_(request), end_(end) {}

  std::optional<Exchange> next() override {
    if (request_.count ? next_ >= *request_.count : Clock::now() >= end_) return std::nullopt;
    const std::string id = std::to_string(next_);
    return exchange_of(composer_.compose(request_.seed, next_++), id, kHost, request_.seed);
  }

 private:
  const Composer& composer_;
  const FuzzRequest& request_;
  const Clock::time_point end_;
  std::uint64_t next_ = 0;
};

// Counts verdicts, and writes the first disagreements of each kind as cases.
class Disagreements final : public report::Report {
 public:
  Disagreements(const Composer& composer, const FuzzRequest& request, Bench& bench,
                Progress& progress)
      : composer_(composer), request_(request), bench_(bench), progress_(progress) {}

  void add(const report::Verdict& verdict) override {
    switch (verdict.kind) {
      case report::VerdictKind::skip:
        return;
      case report::VerdictKind::error:
        ++unjudged_;
        return;
      case report::VerdictKind::fail:
        ++judged_;
        ++disagreements_;
        return disagree(verdict);
      default:
        ++judged_;
    }
  }
  void end(const report::RunEnd&) override {}

  std::size_t judged() const { return judged_; }
  std::size_t unjudged() const { return unjudged_; }
  std::size_t disagreements() const { return disagreements_; }

 private:
  static constexpr std::size_t kMostOfAKind = 3;

  void disagree(const report::Verdict& verdict) {
    if (++of_a_kind_[verdict.finding] > kMostOfAKind) return;
    const std::string id = verdict.id;
    const auto verdict_of = [&](const Composition& one) {
      return bench_.judge(exchange_of(one, id, kHost, request_.seed)).verdict;
    };
    // One that the run has ended as hung would block here too.
    const Composition given = composer_.compose(request_.seed, std::stoull(id));
    const bool hung =
        std::ranges::find(verdict.violations, words::Invariant::hung) != verdict.violations.end();
    const Composition least = hung ? given : minimised(given, [&](const Composition& one) {
      const report::Verdict now = verdict_of(one);
      return now.kind == report::VerdictKind::fail && now.finding == verdict.finding;
    });
    write(least, hung ? verdict : verdict_of(least));
  }

  std::string command_for(const std::string& file, const Composition& of) const {
    const Reading otherwise;
    std::string command = "startle run " + shell_path(file);
    if (of.reading.trust != otherwise.trust) {
      command += " --trust-model " + std::string(word(of.reading.trust));
    }
    if (of.reading.store != otherwise.store) {
      command += " --store-model " + std::string(word(of.reading.store));
    }
    if (request_.client != "builtin") command += " --client " + request_.client;
    return command;
  }

  void write(const Composition& least, const report::Verdict& verdict) {
    const std::filesystem::path folder = request_.out;
    std::filesystem::create_directories(folder);
    const std::string file = (folder / (verdict.id + ".xml")).string();
    const std::string command = command_for(file, least);
    const Case written{
        .id = verdict.id,
        .summary = "exchange " + verdict.id + " of seed " + std::to_string(request_.seed) +
                   ", as small as it gets",
        .why = "found by `startle fuzz`; run it by `" + command + "`",
        .setup = least.setup,
        .expect = {.endings = verdict.expected, .reason = reason_of(least, verdict)}};
    write_file(file, case_xml(written));
    progress_.clear();
    std::cout << file << ": " << verdict.finding << ": " << verdict.reason << "\n  " << command
              << std::endl;
  }

  // The expectation's own.
  std::string reason_of(const Composition& least, const report::Verdict& verdict) const {
    const std::string begin = "(";
    const std::size_t open = verdict.reason.find(begin);
    const std::size_t close = verdict.reason.rfind("), but ");
    if (open == std::string::npos || close == std::string::npos) return summary_of(least);
    return verdict.reason.substr(open + 1, close - open - 1);
  }
  static std::string summary_of(const Composition& least) {
    return "what is right under " + std::string(word(least.reading.trust));
  }

  const Composer& composer_;
  const FuzzRequest& request_;
  Bench& bench_;
  Progress& progress_;
  std::size_t judged_ = 0;
  std::size_t unjudged_ = 0;
  std::size_t disagreements_ = 0;
  std::map<std::string, std::size_t> of_a_kind_{};  // by finding
};

// "12.3"
std::string tenths(double seconds) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << seconds;
  return text.str();
}

int fuzz(FuzzRequest request) {
  if (request.out.empty()) request.out = "fuzz-" + std::to_string(request.seed);
  const auto subject = subject::make_subject(request.client);
  const Catalogue catalogue = Catalogue::load();
  const Composer composer(catalogue);
  RunOptions how;
  how.worker.clock = request.at.empty() ? now() : clock_at("--at", request.at);
  how.jobs = request.jobs > 0 ? request.jobs : std::max(1U, std::thread::hardware_concurrency());
  how.mint = mint_options(request.no_cache);
  tls::set_run_clock(how.worker.clock);

  const auto began = Clock::now();
  const std::chrono::duration<double> limit(request.seconds);
  Compositions source(composer, request,
                      began + std::chrono::duration_cast<Clock::duration>(limit));
  Bench bench(catalogue, *subject, how);
  Progress progress(request.count.value_or(static_cast<std::size_t>(request.seconds)),
                    request.count ? "exchanges" : "seconds");
  Disagreements found(composer, request, bench, progress);
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - began).count(); };
  how.progress = [&](std::size_t done) {
    progress.show(request.count ? done : static_cast<std::size_t>(passed()));
  };
  how.warn = [](const std::string& sentence) { std::cerr << "startle: " << sentence << '\n'; };
  Reporter reporter(nullptr, {&found});
  const RunResult result = run_all(catalogue, *subject, source, how, reporter);
  progress.clear();
  try {
    if (result.failure) std::rethrow_exception(result.failure);
  } catch (const std::exception& e) {
    if (!result.threads_abandoned) throw;
    leave_at_once(e);
  }

  if (found.unjudged() > 0) {
    std::cout << found.unjudged() << " more could not be judged: their server could not go on\n";
  }
  std::cout << found.judged() << " exchanges in " << tenths(passed()) << " s, seed " << request.seed
            << ", " << found.disagreements() << " disagreements" << std::endl;
  int code = found.disagreements() > 0 ? kFindings : kAllAsExpected;
  if (code == kAllAsExpected && found.judged() == 0) code = kNotJudged;
  if (result.threads_abandoned) std::_Exit(code);
  return code;
}

}  // namespace

void add_fuzz(CommandLine& startle) {
  auto request = std::make_shared<FuzzRequest>();
  CommandLine sub =
      startle.command("fuzz", "Look for what client and oracle disagree about, at random");
  sub.option("--seconds", request->seconds, "How long")
      .value("S")
      .shows_default()
      .between(0.1, 604800.0);
  sub.option("--count", request->count, "So many exchanges, however long they take")
      .value("N")
      .between(std::size_t{1}, std::size_t{1'000'000'000})
      .excludes("--seconds");
  sub.option("--seed", request->seed,
             "Which exchanges: the same ones in the same order for the same seed, whatever --jobs")
      .value("N")
      .shows_default();
  sub.option("--jobs", request->jobs, "Threads [as many as there are processors]")
      .value("N")
      .between(std::size_t{1}, std::size_t{1024});
  sub.option("--client", request->client, "builtin, or defect:NAME (`startle list --defects`)")
      .value("NAME")
      .shows_default();
  sub.option("--out", request->out, "Where cases of disagreements are written [fuzz-SEED]")
      .value("DIR");
  sub.option("--at", request->at,
             "The date of the run's clock, 2026-11-21 or 2026-11-21T12:00:00Z [now]")
      .value("DATE");
  add_no_cache(sub, request->no_cache);
  sub.footer(
      "Each exchange has certificate, trust value, key store, credential, mechanism, mode\n"
      "and trust model at random, and a server that deviates at random points. Where it\n"
      "does, the endings that the clauses leave open are right, and no invariant may be\n"
      "broken. A disagreement is a bug of the client, the oracle or the rules: it is made\n"
      "as small as it gets and written to --out, up to three of a kind.\n"
      "Examples:\n"
      "  startle fuzz --seconds 600 --seed 7\n"
      "  startle run fuzz-7/1234.xml --dialogue\n"
      "  startle fuzz --count 20000 --client defect:accepts-expired\n"
      "Exit: 0 no disagreement, 1 some, 2 usage, 3 nothing could be judged.");
  sub.runs([request] { return fuzz(*request); });
}

}  // namespace startle::program
