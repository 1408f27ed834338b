#include "harness/subject/program.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/subject/client_end.h"
#include "harness/subject/client_environment.h"
#include "harness/subject/contract.h"
#include "harness/subject/fill_in.h"
#include "harness/subject/launcher.h"
#include "harness/subject/running_program.h"
#include "harness/subject/worker_process.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using net::Task;

constexpr std::uint64_t kMostOnDisk = 512ULL << 20;
constexpr std::size_t kMostProcesses = 512;

// All that a task is told, whoever it is told to.
struct Told {
  TaskFiles files{};
  std::vector<ContractVariable> variables{};
  Circumstances circumstances{};
  PlaceholderValues values{};
};

class Program final : public Subject {
 public:
  Program(ClientDescription description, std::string variant)
      : description_(std::move(description)), variant_(std::move(variant)) {
    standing_ = {
        .goal = description_.goal,
        .trust_model = description_.trust_model,
        .no_model = description_.no_model,
        .states_timeout = description_.states_timeout,
        .is_program = true,
        .is_tried = description_.speech != Speech::arguments,
        .most_at_once = description_.speech == Speech::worker ? most_workers() : kMostProcesses};
    learn_described();
    ask_versions();
  }

  std::string name() const override {
    return variant_ == kDefaultVariant ? description_.name : description_.name + "/" + variant_;
  }
  std::string version() const override { return version_; }
  std::string tls_library() const override { return tls_library_; }
  const Abilities& abilities() const override { return abilities_; }
  const Standing& standing() const override { return standing_; }
  void learn(const Abilities& abilities) override { abilities_ = abilities; }
  bool take_more_privileges() override {
    if (!owner_) return false;
    owner_.reset();
    ask_versions();
    const std::lock_guard lock(mutex_);
    idle_.clear();
    return true;
  }
  std::string cannot(const client::Settings& settings) const override;

  Task<ExchangeResult> exchange(net::World& world, const ExchangeRequest& request) const override;

 private:
  const ClientTask* task_for(words::Mode mode) const;
  void learn_described();
  void ask_versions() {
    version_ = first_line_of(description_.version);
    tls_library_ = first_line_of(description_.tls_library);
  }
  std::string first_line_of(const std::vector<std::string>& command) const;
  LaunchOrder order_for(const TaskFolder& folder, const std::string& hosts) const;
  Told tell(const TaskFolder& folder, const ExchangeRequest& request) const;
  Task<ExchangeResult> run_once(net::RealWorld& world, const ExchangeRequest& request) const;
  Task<ExchangeResult> ask_worker(net::RealWorld& world, const ExchangeRequest& request) const;
  std::shared_ptr<WorkerProcess> worker_for(const ExchangeRequest& request) const;
  void give_back(std::shared_ptr<WorkerProcess> worker, words::Mode mode) const;

  ClientDescription description_;
  std::string variant_;
  Standing standing_{};
  Abilities abilities_{};
  std::string version_{};
  std::string tls_library_{};
  std::optional<Unprivileged> owner_ = unprivileged();
  ClientEnvironment environment_{};
  Launcher launcher_{};
  mutable std::mutex mutex_;
  using Workers = std::vector<std::shared_ptr<WorkerProcess>>;
  mutable std::map<words::Protocol, Workers> idle_{};  // by the task that they were started for
};

const ClientTask* Program::task_for(words::Mode mode) const {
  const auto& tasks = description_.tasks;
  const auto found = std::find_if(tasks.begin(), tasks.end(), [mode](const ClientTask& task) {
    return task.protocol == words::protocol_of(mode);
  });
  return found == tasks.end() ? nullptr : &*found;
}

template <class T>
void add_missing(std::vector<T>& to, const std::vector<T>& from) {
  for (const T& one : from) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
  }
}

// What any of its tasks can be told; what one of them cannot is said of each (cannot()).
void Program::learn_described() {
  abilities_ = {.tls_policies = {},
                .keeps_process = description_.speech == Speech::worker,
                .takes_revocation_lists = false};
  for (const ClientTask& task : description_.tasks) {
    add_missing(abilities_.modes, task.abilities.modes);
    add_missing(abilities_.mechanisms, task.abilities.mechanisms);
    add_missing(abilities_.knows, task.abilities.knows);
    add_missing(abilities_.trust_forms, task.abilities.trust_forms);
    add_missing(abilities_.credentials, task.abilities.credentials);
    add_missing(abilities_.tls_policies, task.abilities.tls_policies);
    abilities_.takes_revocation_lists |= task.abilities.takes_revocation_lists;
  }
  abilities_.has_own_clock = true;
  abilities_.reads_files = true;
}

template <class T>
bool has(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string Program::cannot(const client::Settings& settings) const {
  std::string lost = environment_.unreachable(description_.resolver, settings.host);
  if (!lost.empty()) return lost;
  const ClientTask* task = task_for(settings.mode);
  if (task == nullptr) {
    return description_.name + " does not speak " +
           std::string(row_of(words::protocol_of(settings.mode)).title);
  }
  const Circumstances circumstances = circumstances_of(settings, variant_);
  const PlaceholderValues values = values_of(settings, {}, {});
  for (const Inability& one : task->cannot) {
    if (holds(one.when, circumstances, values)) return one.reason;
  }
  const Abilities& can = task->abilities;
  const std::string of_task = " in " + std::string(word(settings.mode));
  if (!has(can.modes, settings.mode)) {
    return "the client does not speak " + std::string(word(settings.mode));
  }
  if (!has(can.credentials, circumstances.credential)) {
    return "the client cannot be told to use the credential `" +
           std::string(word(circumstances.credential)) + "`" + of_task;
  }
  if (!has(can.trust_forms, circumstances.trust)) {
    return "the client cannot be told whom to trust by `" + std::string(word(circumstances.trust)) +
           "`" + of_task;
  }
  if (circumstances.mechanism && !has(can.mechanisms, *circumstances.mechanism)) {
    return "the client cannot be told to authenticate by " + *settings.mechanism + of_task;
  }
  return "";
}

LaunchOrder Program::order_for(const TaskFolder& folder, const std::string& hosts) const {
  LaunchOrder order{.folder = folder.path().string(), .most_on_disk = kMostOnDisk};
  if (environment_.mounts_hosts()) order.hosts = hosts;
  if (owner_) {
    order.user = owner_->user;
    order.group = owner_->group;
  }
  return order;
}

Told Program::tell(const TaskFolder& folder, const ExchangeRequest& request) const {
  Told told{.files = write_task_files(folder, request),
            .circumstances = circumstances_of(request.settings, variant_)};
  told.variables = contract_variables(request, told.files);
  told.values = values_of(request.settings, request.endpoint, told.files.trust);
  const auto set = [&told](ClientPlaceholder name, std::string value) {
    told.values.insert_or_assign(std::string(word(name)), std::move(value));
  };
  // Its own time-out is to pass before ours.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(request.deadline * 2 / 3).count();
  set(ClientPlaceholder::deadline, std::to_string(seconds));
  set(ClientPlaceholder::home, folder.path().string());
  set(ClientPlaceholder::here, fs::path(description_.file).parent_path().string());
  set(ClientPlaceholder::unpacked, environment_.client_cache());
  const std::string message = told.values.find(word(ClientPlaceholder::message))->second;
  set(ClientPlaceholder::message_file, folder.write(".startle/message.txt", message));
  if (request.settings.password) set(ClientPlaceholder::password_file, told.files.password);
  return told;
}

Task<ExchangeResult> Program::exchange(net::World& world, const ExchangeRequest& request) const {
  auto* real = dynamic_cast<net::RealWorld*>(&world);
  if (real == nullptr) throw Error(Fault::internal, "a program is met over TCP");
  if (std::string why = cannot(request.settings); !why.empty()) {
    co_return ExchangeResult{.cannot = std::move(why)};
  }
  if (description_.speech == Speech::worker) {
    ExchangeResult result = co_await ask_worker(*real, request);
    co_return result;
  }
  ExchangeResult result = co_await run_once(*real, request);
  co_return result;
}

bool holds_nul(const LaunchOrder& order) {
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return std::any_of(order.arguments.begin(), order.arguments.end(), has_nul) ||
         std::any_of(order.environment.begin(), order.environment.end(), has_nul);
}

Task<ExchangeResult> Program::run_once(net::RealWorld& world,
                                       const ExchangeRequest& request) const {
  const ClientTask& task = *task_for(request.settings.mode);
  TaskFolder folder(owner_);
  const Told told = tell(folder, request);
  LaunchOrder order = order_for(folder, told.files.hosts);
  order.deadline = request.deadline;
  order.arguments = fill_in_arguments(task.arguments, told.circumstances, told.values);
  auto variables = fill_in_named(task.variables, told.circumstances, told.values);
  if (description_.speech == Speech::environment) {
    variables.insert(told.variables.begin(), told.variables.end());
  }
  for (const auto& [name, text] : fill_in_named(task.files, told.circumstances, told.values)) {
    folder.write(name, text);
  }
  std::string input = task.input ? fill_in_text(*task.input, told.values) : "";
  order.environment = environment_.variables(order.folder, told.files.hosts, variables);
  if (holds_nul(order)) {
    co_return ExchangeResult{.cannot = "what it is to be told holds NUL, which no argument does"};
  }
  const std::string started = order.arguments.front();
  const LaunchedProgram launched = launcher_.launch(order);
  folder.hand_over();
  RunningProgram running(world, launched);
  ProgramEnd end = co_await running.run(std::move(input), request.waits);
  const EndMeanings meanings{.speech = description_.speech,
                             .ends = task.ends,
                             .task = told.circumstances,
                             .values = told.values,
                             .program = description_.file,
                             .started = started};
  ExchangeResult result = meaning_of(end, request.settings.mode, meanings);
  co_return result;
}

// The one of the request's process, or one that has nothing to do, or a new one.
std::shared_ptr<WorkerProcess> Program::worker_for(const ExchangeRequest& request) const {
  if (request.state != nullptr && request.state->kept_by_subject) {
    return std::static_pointer_cast<WorkerProcess>(request.state->kept_by_subject);
  }
  if (request.state == nullptr) {
    const std::lock_guard lock(mutex_);
    Workers& idle = idle_[words::protocol_of(request.settings.mode)];
    while (!idle.empty()) {
      std::shared_ptr<WorkerProcess> taken = std::move(idle.back());
      idle.pop_back();
      if (!taken->has_ended()) return taken;
    }
  }
  const ClientTask& task = *task_for(request.settings.mode);
  TaskFolder folder(owner_);
  const std::string hosts =
      folder.write(".startle/hosts", "127.0.0.1 localhost\n" + own_host_line("127.0.0.1"));
  LaunchOrder order = order_for(folder, hosts);
  PlaceholderValues values{{"here", fs::path(description_.file).parent_path().string()},
                           {"unpacked", environment_.client_cache()},
                           {"home", order.folder}};
  const Circumstances circumstances{.variant = variant_};
  order.arguments = fill_in_arguments(task.arguments, circumstances, values);
  order.environment = environment_.variables(order.folder, hosts,
                                             fill_in_named(task.variables, circumstances, values));
  const LaunchedProgram launched = launcher_.launch(order);
  folder.hand_over();
  return std::make_shared<WorkerProcess>(description_.file, order.arguments.front(), folder.path(),
                                         hosts, launched);
}

void Program::give_back(std::shared_ptr<WorkerProcess> worker, words::Mode mode) const {
  const std::lock_guard lock(mutex_);
  idle_[words::protocol_of(mode)].push_back(std::move(worker));
}

Task<ExchangeResult> Program::ask_worker(net::RealWorld& world,
                                         const ExchangeRequest& request) const {
  const std::shared_ptr<WorkerProcess> worker = worker_for(request);
  std::optional<TaskFolder> folder;
  Told told;
  try {
    folder.emplace(owner_, worker->folder());
    told = tell(*folder, request);
  } catch (const std::exception&) {
    // It has ended, and its folder is on its way with it: perform() tells why.
    if (!worker->has_ended()) throw;
  }
  if (request.state != nullptr) request.state->kept_by_subject = worker;
  worker->make_known(request.settings.host, request.endpoint.address);
  const net::Instant deadline = world.now() + request.deadline;
  WorkerResult done = co_await worker->perform(world, told.variables, deadline, request.waits);
  ExchangeResult result;
  result.printed = std::move(done.printed);
  client::Outcome& outcome = result.outcome;
  if (!done.answer) {
    if (request.state != nullptr) request.state->kept_by_subject.reset();
    result.hung = done.hung;
    outcome.ending = done.hung ? words::Ending::timeout : words::Ending::crashed;
    outcome.sentence =
        !done.hung     ? "the worker ended, or said too much, and gave no answer"
        : done.greeted ? "the worker gave no answer in time"
                       : "the worker has not said {\"startle\": 1} in time: is its stdout flushed?";
    co_return result;
  }
  const WorkerAnswer& answer = *done.answer;
  if (request.state == nullptr) give_back(worker, request.settings.mode);
  outcome.sentence = printable(answer.reason);
  if (answer.result == WorkerAnswer::Result::cannot) {
    result.cannot = outcome.sentence.empty() ? "the worker says so, and not why" : outcome.sentence;
    co_return result;
  }
  const bool is_done = answer.result == WorkerAnswer::Result::done;
  outcome.ending =
      is_done ? row_of(words::protocol_of(request.settings.mode)).success : words::Ending::refused;
  if (answer.ending && words::is_success(*answer.ending) == is_done) {
    outcome.ending = *answer.ending;
  }
  co_return result;
}

Task<void> run_for_its_words(net::RealWorld& world, const LaunchedProgram& launched,
                             ProgramEnd& end) {
  RunningProgram running(world, launched);
  end = co_await running.run("", {});
}

std::string Program::first_line_of(const std::vector<std::string>& command) const {
  if (command.empty()) return "";
  TaskFolder folder(owner_);
  LaunchOrder order = order_for(folder, "");
  order.hosts.clear();
  order.deadline = 10s;
  const PlaceholderValues values{{"here", fs::path(description_.file).parent_path().string()},
                                 {"unpacked", environment_.client_cache()},
                                 {"home", order.folder}};
  for (const std::string& one : command) order.arguments.push_back(fill_in_text(one, values));
  order.environment = environment_.variables(order.folder, "", {});
  net::RealWorld world;
  ProgramEnd end;
  const LaunchedProgram launched = launcher_.launch(order);
  folder.hand_over();
  world.spawn(run_for_its_words(world, launched, end));
  world.run(world.now() + 15s);
  std::string text = end.output.empty() ? end.errors : end.output;
  text = text.substr(text.find_first_not_of(" \t\r\n") == std::string::npos
                         ? text.size()
                         : text.find_first_not_of(" \t\r\n"));
  constexpr std::size_t kLongest = 160;
  return printable(text.substr(0, std::min(text.find('\n'), kLongest)));
}

}  // namespace

ClientDescription by_contract(const std::string& file, Speech speech) {
  ClientDescription made;
  made.name = fs::path(file).filename().string();
  made.file = file;
  made.summary = "a program of the user's own";
  made.speech = speech;
  for (const words::Protocol protocol : {words::Protocol::smtp, words::Protocol::ldap}) {
    ClientTask& task = made.tasks.emplace_back();
    task.protocol = protocol;
    task.abilities = Abilities::all();
    task.arguments.push_back({.text = fs::absolute(file).string()});
  }
  return made;
}

std::unique_ptr<Subject> make_program(ClientDescription description, std::string variant) {
  return std::make_unique<Program>(std::move(description), std::move(variant));
}

}  // namespace startle::subject
