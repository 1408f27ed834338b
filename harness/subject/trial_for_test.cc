#include "harness/subject/trial_for_test.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/base/process_for_test.h"
#include "harness/subject/program.h"
#include "harness/subject/task_folder.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string all_of(const fs::path& file) {
  const std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();  // a process may go meanwhile: then there is less of it
  return bytes.str();
}

void make_executable(const fs::path& file) {
  constexpr auto kAll = static_cast<fs::perms>(0755);
  fs::permissions(file, kAll);
}

net::Task<void> ask(net::World& world, const Subject& subject, const ExchangeRequest& request,
                    ExchangeResult& result) {
  result = co_await subject.exchange(world, request);
}

net::Task<void> see_to_its_end(net::RealWorld& world, const LaunchedProgram& launched,
                               ProgramEnd& end) {
  RunningProgram running(world, launched);
  end = co_await running.run("", {});
}

}  // namespace

bool comes_true(const std::function<bool()>& claim) {
  const auto given_up = Clock::now() + kPatience;
  while (!claim()) {
    if (Clock::now() > given_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::vector<pid_t> processes_with(const std::string& mark) {
  std::vector<pid_t> found;
  std::error_code gone;
  for (fs::directory_iterator at("/proc", gone), end; !gone && at != end; at.increment(gone)) {
    const std::string name = at->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto process = static_cast<pid_t>(std::stol(name));
    if (process == getpid()) continue;
    const bool has_it = all_of(at->path() / "environ").find(mark) != std::string::npos ||
                        all_of(at->path() / "cmdline").find(mark) != std::string::npos;
    if (has_it) found.push_back(process);
  }
  return found;
}

bool all_end_with(const std::string& mark) {
  return comes_true([&mark] { return processes_with(mark).empty(); });
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

net::Task<net::ConnectResult> NoConnector::connect(std::string /*host*/, std::uint16_t /*port*/,
                                                   net::Instant /*deadline*/) {
  throw std::logic_error("a program under test connects by itself");
  co_return net::ConnectResult{};
}

Trial::Trial() {
  static unsigned trials = 0;
  mark_ = "trial-" + std::to_string(getpid()) + "-" + std::to_string(++trials) + "-end";
  secret_ = "secret-of-" + mark_;
  temporary_ = folder_.path() / "tmp";
  fs::create_directory(temporary_);
  make_executable(folder_.path());
  make_executable(temporary_);
  const char* given = std::getenv("TMPDIR");
  saved_ = given == nullptr ? "" : given;
  setenv("TMPDIR", temporary_.c_str(), 1);
}

Trial::~Trial() {
  if (saved_.empty()) {
    unsetenv("TMPDIR");
  } else {
    setenv("TMPDIR", saved_.c_str(), 1);
  }
}

std::string Trial::file(const std::string& name, const std::string& body) const {
  const fs::path made = folder_.path() / name;
  write_file(made, body);
  make_executable(made);
  return made.string();
}

std::string Trial::shell(const std::string& body) const {
  return file("client.sh", "#!/bin/sh\n" + body + "\n");
}

ExchangeResult Trial::exchange(const Subject& subject, std::chrono::milliseconds deadline) {
  NoConnector connector;
  client::Settings settings;
  settings.host = "localhost";
  settings.trust = settings.host;
  settings.username = mark_;
  settings.password = secret_;
  net::RealWorld world;
  const ExchangeRequest request{.connector = connector,
                                .endpoint = {.address = "127.0.0.1", .port = 1},
                                .settings = settings,
                                .trust = {.authorities = "trust anchors"},
                                .deadline = deadline,
                                .waits = [this] { ++waited_; }};
  waited_ = 0;
  ExchangeResult result;
  const auto began = Clock::now();
  world.spawn(ask(world, subject, request, result));
  if (!world.run(world.now() + kPatience)) throw std::runtime_error("an exchange has no end");
  took_ = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - began);
  return result;
}

ExchangeResult Trial::run(const std::string& program, std::chrono::milliseconds deadline) {
  const auto subject =
      make_program(by_contract(program, Speech::environment), std::string(kDefaultVariant));
  return exchange(*subject, deadline);
}

std::vector<ExchangeResult> Trial::tell(const std::string& worker, unsigned tasks,
                                        std::chrono::milliseconds deadline) {
  const auto subject =
      make_program(by_contract(worker, Speech::worker), std::string(kDefaultVariant));
  std::vector<ExchangeResult> results;
  while (results.size() < tasks) results.push_back(exchange(*subject, deadline));
  return results;
}

ProgramEnd Trial::launch(const Launcher& launcher, LaunchOrder order) {
  TaskFolder folder(order.user ? unprivileged() : std::nullopt);
  order.folder = folder.path().string();
  order.environment = {"PATH=/usr/bin:/bin", "HOME=" + order.folder, "MARK=" + mark_};
  const LaunchedProgram launched = launcher.launch(order);
  folder.hand_over();
  net::RealWorld world;
  ProgramEnd end;
  const auto began = Clock::now();
  world.spawn(see_to_its_end(world, launched, end));
  if (!world.run(world.now() + kPatience)) throw std::runtime_error("a program has no end");
  took_ = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - began);
  return end;
}

std::string Trial::left_behind() const {
  if (!all_end_with(mark_)) {
    return "processes: " + std::to_string(processes_with(mark_).size());
  }
  if (!comes_true([this] { return fs::is_empty(temporary_); })) {
    return fs::directory_iterator(temporary_)->path().string();
  }
  return "";
}

}  // namespace startle::subject
