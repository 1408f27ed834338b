// Any bytes as a file of messages: refused with one sentence that names file and line, or messages
// each of which is found in its own example.
// Replayed over 500 mutations: each is a file.

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/fuzz/claims.h"
#include "harness/messages/signatures.h"

namespace startle::messages {
namespace {

using fuzz::must_hold;

void check(const std::vector<Signature>& all) {
  must_hold(!all.empty(), "a family has a message");
  for (const Signature& one : all) {
    must_hold(one.id.starts_with("fuzz/"), "it is called after its file");
    must_hold((one.says == Says::success) == one.endings.empty(), "a failure has an ending");
    const bool found = std::ranges::any_of(one.patterns, [&one](const Pattern& pattern) {
      return pattern.find(one.example).has_value();
    });
    must_hold(found || one.says == Says::success, "it is found in its example");
  }
}

}  // namespace
}  // namespace startle::messages

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  static const TemporaryFolder folder;
  static const xml::Schema schema =
      xml::Schema::read(STARTLE_TREE "/cases/clients/messages/messages.rng");
  const std::string file = folder.path() / "fuzz.xml";
  write_file(file, {reinterpret_cast<const char*>(data), size});
  try {
    messages::check(messages::read_signatures(file, schema));
  } catch (const Error& e) {
    fuzz::must_hold(e.fault() == Fault::input, "a bad file is a fault of the input");
    fuzz::must_be_complaint(
        e.what(), file,
        std::string_view(e.what()).size() > file.size() + 1 && e.what()[file.size() + 1] != ' ');
  }
  return 0;
}
