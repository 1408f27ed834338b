#include <string>

#include "harness/wire/fuzz_properties.h"
#include "harness/wire/smtp_data.h"

namespace startle::wire {
namespace {

// As received: whatever a client sends behind the 354.
void check_received(std::string_view input, std::size_t limit) {
  const auto answer = answer_of_every_cut<ParsedData>(
      input, [&](std::string_view bytes) { return parse_smtp_data(bytes, limit); });
  if (std::holds_alternative<NeedMore>(answer)) {
    must_hold(input.size() < limit, "no caller has to keep more than the limit");
  }
  const auto* parsed = std::get_if<ParsedData>(&answer);
  if (parsed == nullptr) return;
  must_hold(parsed->consumed <= limit, "a message is within its limit");
  const std::string_view sent = input.substr(0, parsed->consumed);
  must_hold(sent == ".\r\n" || sent.ends_with("\r\n.\r\n"), "only CRLF . CRLF ends a message");
  must_hold(parsed->content.empty() || parsed->content.ends_with("\r\n"), "lines are whole");
  must_hold(parsed->content.size() + 3 <= parsed->consumed, "reading adds nothing");
}

// As sent: stuffing, then parsing, gives the message back, whatever follows on the connection.
void check_sent(std::string_view message) {
  const std::string sent = dot_stuffed(message);
  const auto answer = parse_smtp_data(sent + "QUIT\r\n.\r\n", sent.size());
  const auto* parsed = std::get_if<ParsedData>(&answer);
  must_hold(parsed != nullptr && parsed->consumed == sent.size(), "the message ends at its end");
  std::string whole(message);
  if (!whole.empty() && !whole.ends_with("\r\n")) whole += "\r\n";
  must_hold(parsed->content == whole, "the content comes back");
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::wire::check_received(input, 1U << 20);
  startle::wire::check_received(input, 20);
  startle::wire::check_sent(input);
  return 0;
}
