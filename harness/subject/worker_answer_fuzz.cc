// Any bytes as what a worker writes on a line: refused with one sentence, or an answer that says
// what a task's answer may say.

#include <string>

#include "harness/base/error.h"
#include "harness/base/fuzz/claims.h"
#include "harness/subject/contract.h"

namespace {

using startle::fuzz::must_hold;

template <class Read>
void check(Read read) {
  try {
    read();
  } catch (const startle::Error& e) {
    must_hold(e.fault() == startle::Fault::input, "a bad line is a fault of the input");
    startle::fuzz::must_be_complaint(e.what(), "worker:1: ", false);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::subject;
  const std::string line(reinterpret_cast<const char*>(data), size);
  check([&] { read_greeting(line, "worker:1"); });
  check([&] {
    const WorkerAnswer answer = read_answer(line, 1, "worker:1");
    must_hold(answer.result != WorkerAnswer::Result::cannot || !answer.ending,
              "what could not be done has no ending");
  });
  return 0;
}
