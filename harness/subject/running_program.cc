#include "harness/subject/running_program.h"

#include <array>
#include <cstring>
#include <utility>

namespace startle::subject {

struct RunningProgram::State {
  State(net::RealWorld& in, const LaunchedProgram& launched)
      : world(in),
        keeper(in, launched.keeper),
        input(std::make_unique<net::Descriptor>(in, launched.input)),
        output(in, launched.output),
        errors(in, launched.errors),
        read_to_the_end(in) {}
  net::RealWorld& world;
  net::Descriptor keeper;
  std::unique_ptr<net::Descriptor> input;
  net::Descriptor output;
  net::Descriptor errors;
  net::Signal read_to_the_end;
  ProgramEnd end{};
  int readers = 0;
};

namespace {

using namespace std::chrono_literals;

// To its end, or to what one may print.
template <class State>
net::Task<void> read_all(std::shared_ptr<State> state, net::Descriptor& from, std::string& into) {
  std::array<char, 65536> some{};
  while (true) {
    const net::IoResult got = co_await from.read_some(some, net::kNever);
    if (got.status != net::IoStatus::ok) break;
    const std::size_t kept = state->end.output.size() + state->end.errors.size();
    if (kept < kMostOutput) {
      into.append(some.data(), std::min(got.count, kMostOutput - kept));
    } else if (!std::exchange(state->end.flooded, true)) {
      const net::IoResult told = co_await state->keeper.write("x", net::kNever);
      static_cast<void>(told);  // one that is gone has ended the program
    }
  }
  if (--state->readers == 0) state->read_to_the_end.notify();
}

template <class State>
net::Task<void> write_input(std::shared_ptr<State> state, std::string input) {
  const net::IoResult put = co_await state->input->write(input, net::kNever);
  static_cast<void>(put);  // whoever does not read has no need of it
  state->input.reset();
}

// The keeper's last word.
template <class State>
net::Task<KeeperReport> watch(std::shared_ptr<State> state, std::function<void()> waits) {
  KeeperReport report{.event = KeeperEvent::ended, .value = 0, .cause = EndCause::closed};
  std::array<char, sizeof report> bytes{};
  std::size_t have = 0;
  while (true) {
    const net::IoResult got =
        co_await state->keeper.read_some(std::span(bytes).subspan(have), net::kNever);
    if (got.status != net::IoStatus::ok) co_return report;
    have += got.count;
    if (have < bytes.size()) continue;
    have = 0;
    std::memcpy(&report, bytes.data(), bytes.size());
    if (report.event != KeeperEvent::idle) co_return report;
    if (waits) std::exchange(waits, nullptr)();
  }
}

}  // namespace

RunningProgram::RunningProgram(net::RealWorld& world, const LaunchedProgram& launched)
    : state_(std::make_shared<State>(world, launched)) {}

RunningProgram::~RunningProgram() {
  // Whoever still reads holds the state: nobody is to.
  state_->keeper.interrupt();
  state_->output.interrupt();
  state_->errors.interrupt();
  if (state_->input) state_->input->interrupt();
}

net::Task<ProgramEnd> RunningProgram::run(std::string input, std::function<void()> waits) {
  const auto state = state_;
  state->readers = 2;
  state->world.spawn(read_all(state, state->output, state->end.output));
  state->world.spawn(read_all(state, state->errors, state->end.errors));
  state->world.spawn(write_input(state, std::move(input)));
  const KeeperReport report = co_await watch(state, std::move(waits));
  state->end.report = report;
  // Nobody is left who could write: what stands in the pipes is all there is.
  if (state->readers > 0) {
    const bool whole = co_await state->read_to_the_end.wait(state->world.now() + 2s);
    static_cast<void>(whole);  // somebody was given the pipe: what is read so far has to do
  }
  co_return std::move(state->end);
}

}  // namespace startle::subject
