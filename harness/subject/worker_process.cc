#include "harness/subject/worker_process.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <limits>
#include <utility>

#include "harness/base/error.h"
#include "harness/net/descriptor.h"
#include "harness/subject/client_end.h"
#include "harness/subject/running_program.h"

namespace startle::subject {

// Its pipes, while a world has them.
struct WorkerProcess::Connected {
  Connected(net::RealWorld& in, LaunchedProgram& owned)
      : world(in),
        fds(owned),
        keeper(world, owned.keeper),
        input(world, owned.input),
        output(world, owned.output),
        errors(world, owned.errors),
        drained(world) {
    owned = {};
  }
  ~Connected() {
    if (broken) return;
    fds = {keeper.release(), input.release(), output.release(), errors.release()};
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;

  net::RealWorld& world;
  LaunchedProgram& fds;
  net::Descriptor keeper;
  net::Descriptor input;
  net::Descriptor output;
  net::Descriptor errors;
  net::Signal drained;
  std::string printed{};  // on stderr
  bool reading = false;
  bool broken = true;  // until the task is done
};

namespace {

using namespace std::chrono_literals;

// Until interrupted. What a worker says there is nobody's, but a full pipe would stop it.
template <class Connected>
net::Task<void> drain(std::shared_ptr<Connected> with) {
  std::array<char, 65536> some{};
  while (true) {
    const net::IoResult got = co_await with->errors.read_some(some, net::kNever);
    if (got.status != net::IoStatus::ok) break;
    const std::size_t room = kMostOutput - std::min(with->printed.size(), kMostOutput);
    with->printed.append(some.data(), std::min(got.count, room));
  }
  with->reading = false;
  with->drained.notify();
}

}  // namespace

std::size_t most_workers() {
  constexpr std::uint64_t kEachHas = 128 << 10;  // KiB
  constexpr std::uint64_t kFew = 8;
  constexpr std::uint64_t kMany = 48;
  std::ifstream told("/proc/meminfo");
  std::string name;
  std::uint64_t kib = 0;
  while (told >> name && name != "MemAvailable:")
    told.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  told >> kib;
  return std::clamp(kib / kEachHas, kFew, kMany);
}

WorkerProcess::WorkerProcess(std::string name, std::string started, std::filesystem::path folder,
                             std::string hosts, const LaunchedProgram& launched)
    : name_(std::move(name)),
      started_(std::move(started)),
      folder_(std::move(folder)),
      hosts_(std::move(hosts)),
      fds_(launched) {}

void WorkerProcess::make_known(const std::string& host, const std::string& address) {
  if (!known_.insert(host).second) return;
  std::ofstream file(hosts_, std::ios::app);  // in place: it is mounted
  file << hosts_lines(host, address);
}

WorkerProcess::~WorkerProcess() {
  for (const int fd : {fds_.keeper, fds_.input, fds_.output, fds_.errors}) {
    if (fd >= 0) close(fd);
  }
  // Empty at most: its keeper removes it, unless something was written there meanwhile.
  std::error_code ignored;
  std::filesystem::remove(folder_, ignored);
}

bool WorkerProcess::has_ended() const {
  pollfd output{fds_.output, POLLIN, 0};
  return poll(&output, 1, 0) > 0 && (output.revents & POLLHUP) != 0;
}

net::Task<std::optional<std::string>> WorkerProcess::next_line(Connected& with,
                                                               net::Instant deadline,
                                                               std::function<void()>& waits) {
  // Whoever says nothing for so long waits for a time-out rather than for a processor.
  const net::Instant soon = with.world.now() + 1s;
  std::array<char, 65536> some{};
  std::size_t end = 0;
  while ((end = unread_.find('\n')) == std::string::npos) {
    if (unread_.size() > kMostOutput) co_return std::nullopt;
    const net::Instant until = waits ? std::min(soon, deadline) : deadline;
    const net::IoResult got = co_await with.output.read_some(some, until);
    if (got.status == net::IoStatus::timed_out && until < deadline) {
      std::exchange(waits, nullptr)();
      continue;
    }
    if (got.status != net::IoStatus::ok) co_return std::nullopt;
    unread_.append(some.data(), got.count);
  }
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  ++lines_;
  co_return line;
}

namespace {

// Of a worker that has said nothing: whether it was started at all.
template <class Connected>
net::Task<void> refuse_unstarted(Connected& with, const std::string& name,
                                 const std::string& started, net::Instant deadline) {
  KeeperReport report{};
  std::array<char, sizeof report> bytes{};
  const net::IoResult got = co_await with.keeper.read_some(bytes, deadline);
  if (got.count != bytes.size()) co_return;
  std::memcpy(&report, bytes.data(), bytes.size());
  if (report.event == KeeperEvent::not_started) {
    throw Error(Fault::system, cannot_be_started(name, started, report.value));
  }
}

}  // namespace

net::Task<WorkerResult> WorkerProcess::perform(net::RealWorld& world,
                                               const std::vector<ContractVariable>& variables,
                                               net::Instant deadline, std::function<void()> waits) {
  const auto with = std::make_shared<Connected>(world, fds_);
  const auto where = [this] { return name_ + ":" + std::to_string(lines_); };
  WorkerResult result;
  with->reading = true;
  world.spawn(drain(with));
  std::optional<Error> complaint;
  try {
    std::optional<std::string> line;
    if (lines_ == 0) {
      line = co_await next_line(*with, deadline, waits);
      if (line) read_greeting(*line, where());
    }
    if (line || lines_ > 0) {
      const std::string told = task_line(++tasks_, variables);
      const net::IoResult put = co_await with->input.write(told, deadline);
      static_cast<void>(put);  // one that is gone does not answer either
      line = co_await next_line(*with, deadline, waits);
    } else {
      co_await refuse_unstarted(*with, name_, started_, world.now() + 1s);
    }
    if (line) {
      result.answer = read_answer(*line, tasks_, where());
      result.printed = std::move(*line);
    }
  } catch (const Error& e) {
    complaint = e;
  }
  result.greeted = lines_ > 0;
  result.flooded = !result.answer && unread_.size() > kMostOutput;
  result.hung = !result.answer && !result.flooded && world.now() >= deadline;
  with->errors.interrupt();
  if (with->reading) {
    const bool drained = co_await with->drained.wait(world.now() + 1s);
    static_cast<void>(drained);
  }
  result.printed += "\n" + with->printed;
  if (complaint) throw Error(*complaint);
  with->broken = !result.answer;
  co_return result;
}

}  // namespace startle::subject
