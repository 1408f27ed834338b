#include <string>

#include "harness/wire/fuzz_properties.h"
#include "harness/wire/smtp_reply.h"

namespace startle::wire {
namespace {

// Reads a reply that is known to be well-formed in the plainest way there is.
SmtpReply read_plainly(std::string_view bytes) {
  SmtpReply reply{.code = std::stoi(std::string(bytes.substr(0, 3)))};
  while (!bytes.empty()) {
    const std::size_t end = bytes.find("\r\n");
    reply.lines.emplace_back(end > 3 ? bytes.substr(4, end - 4) : "");
    must_hold(bytes.substr(0, 3) == std::to_string(reply.code), "every line has the code");
    must_hold((end > 3 && bytes[3] == '-') == (end + 2 < bytes.size()), "a hyphen means more");
    bytes.remove_prefix(end + 2);
  }
  return reply;
}

void check(std::string_view input, const ReplyLimits& limits) {
  const auto answer = answer_of_every_cut<ParsedReply>(
      input, [&](std::string_view bytes) { return parse_smtp_reply(bytes, limits); });
  if (std::holds_alternative<NeedMore>(answer)) {
    must_hold(input.size() <= limits.reply, "no caller has to keep more than the limit");
    const std::size_t last = input.rfind('\n');
    const std::size_t tail =
        last == std::string_view::npos ? input.size() : input.size() - last - 1;
    must_hold(tail < limits.line, "an unfinished line is shorter than the limit");
  }
  const auto* parsed = std::get_if<ParsedReply>(&answer);
  if (parsed == nullptr) return;

  const SmtpReply& reply = parsed->reply;
  must_hold(parsed->consumed <= limits.reply, "a reply is within its limit");
  must_hold(reply == read_plainly(input.substr(0, parsed->consumed)), "it says what was written");
  must_hold(reply.code >= 200 && reply.code < 560 && reply.code / 10 % 10 < 6, "a code of 4.2");
  must_hold(reply.positive_completion() + reply.positive_intermediate() +
                    reply.transient_failure() + reply.permanent_failure() ==
                1,
            "a reply has one severity");
  const auto again = parse_smtp_reply(written(reply), limits);
  const auto* same = std::get_if<ParsedReply>(&again);
  must_hold(same != nullptr && same->reply == reply, "what is written parses to the same");

  const std::string enhanced = reply.enhanced_code();
  must_hold(reply.lines.front().starts_with(enhanced), "the enhanced code stands in front");
  must_hold(enhanced.empty() || enhanced.front() == '0' + reply.code / 100, "of the same class");
  for (const char c : reply.text()) must_hold(c < 0 || (c >= ' ' && c < 0x7f), "text is printable");
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::wire::check(input, {});
  startle::wire::check(input, {.line = 16, .reply = 40});
  return 0;
}
