// Any octets as a log: read to the end, and what is said of it can be shown.

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>

#include "harness/base/fuzz/claims.h"
#include "harness/base/printable.h"
#include "harness/messages/log_verdict.h"

namespace startle::messages {
namespace {

using fuzz::must_hold;

void check(const Mention& mention, const LogVerdict& verdict) {
  must_hold(mention.line >= 1 && mention.line <= verdict.lines, "it is a line of the log");
  must_hold(mention.text == printable(mention.text), "it can be shown");
  must_hold(mention.text.size() < 2000, "it is a line, whatever the log holds");
}

void check(const LogVerdict& verdict, std::size_t octets) {
  must_hold(verdict.octets == octets, "all of it was read");
  must_hold(verdict.lines_of_text <= verdict.lines, "lines of text are lines");
  if (const Recognised* found = verdict.recognised()) {
    check({found->line, found->text, found->signature_id}, verdict);
    must_hold(!found->endings.empty() && !found->meaning.empty(), "a failure means something");
    must_hold(std::ranges::is_sorted(found->endings, {}, &Ranked::certainty), "in their order");
    for (const auto* all : {&found->besides, &found->earlier}) {
      must_hold(all->size() <= kMostMentions, "of many there are some");
      for (const Mention& one : *all) check(one, verdict);
    }
  } else if (const auto& success = verdict.nothing()->success) {
    check(*success, verdict);
  }
}

}  // namespace
}  // namespace startle::messages

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::messages;
  static const Signatures signatures = Signatures::read(STARTLE_TREE "/cases/clients/messages");
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  check(read_log(in, signatures), size);
  return 0;
}
