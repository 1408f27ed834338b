// Any bytes as the description of somebody else's client: refused with one sentence that names file
// and line, or a client that can be told its tasks.
// Replayed over 500 mutations: each is a file.

#include <string>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/fuzz/claims.h"
#include "harness/subject/description_reader.h"
#include "harness/subject/fill_in.h"

namespace startle::subject {
namespace {

using fuzz::must_hold;

void check(const ClientDescription& client) {
  must_hold(client.name == "fuzz" && !client.tasks.empty(), "a client has a name and a task");
  for (const ClientTask& task : client.tasks) {
    must_hold(client.speech != Speech::arguments || !task.arguments.empty(),
              "it is started by something");
    for (const auto* texts : {&task.arguments, &task.variables, &task.files}) {
      for (const ConditionalText& one : *texts) {
        must_hold(unfillable(one.text).empty(), "its texts can be filled in");
      }
    }
    must_hold(!task.input || unfillable(*task.input).empty(), "and its input");
    for (const Inability& one : task.cannot) must_hold(!one.reason.empty(), "a skip has a reason");
  }
}

}  // namespace
}  // namespace startle::subject

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  static const TemporaryFolder folder;
  static const xml::Schema schema = xml::Schema::read(STARTLE_TREE "/cases/clients/clients.rng");
  const std::string file = folder.path() / "fuzz.xml";
  write_file(file, {reinterpret_cast<const char*>(data), size});
  try {
    subject::check(subject::read_description(file, schema));
  } catch (const Error& e) {
    fuzz::must_hold(e.fault() == Fault::input, "a bad file is a fault of the input");
    fuzz::must_be_complaint(
        e.what(), file,
        std::string_view(e.what()).size() > file.size() + 1 && e.what()[file.size() + 1] != ' ');
  }
  return 0;
}
