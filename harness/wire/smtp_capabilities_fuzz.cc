#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "harness/base/text.h"
#include "harness/wire/fuzz_properties.h"
#include "harness/wire/smtp_capabilities.h"

namespace startle::wire {
namespace {

// The lines of a reply to EHLO, one for each LF of the input.
SmtpReply reply_of(std::string_view input) {
  SmtpReply reply{.code = 250, .lines = {""}};
  for (const char c : input) {
    if (c == '\n') {
      reply.lines.emplace_back();
    } else {
      reply.lines.back() += c;
    }
  }
  return reply;
}

bool is_starttls(std::string line) {
  for (char& c : line) c = ascii_upper(c);
  return line == "STARTTLS" || line.starts_with("STARTTLS ") || line.starts_with("STARTTLS\t");
}

void check_list(const std::vector<std::string>& words) {
  must_hold(std::set<std::string>(words.begin(), words.end()).size() == words.size(), "each once");
  for (const std::string& w : words) {
    must_hold(!w.empty() && w == ascii_upper(w), "words are in upper case");
    must_hold(w.find_first_of(" \t=") == std::string::npos, "words are whole");
  }
}

void check(SmtpReply reply) {
  const Capabilities offered = parse_capabilities(reply);
  check_list(offered.keywords);
  check_list(offered.auth);
  check_list(offered.legacy_auth);
  must_hold(offered.starttls == offered.offers("starttls"), "the flag says what the list says");
  must_hold(offered.auth.empty() || offered.offers("AUTH"), "mechanisms come from AUTH");
  must_hold(!offered.size || offered.offers("SIZE"), "a size comes from SIZE");
  must_hold(
      offered.starttls == std::any_of(reply.lines.begin() + 1, reply.lines.end(), is_starttls),
      "STARTTLS is offered by a line of its own and nothing else");

  SmtpReply refused = reply;
  refused.code = 502;
  must_hold(parse_capabilities(refused) == Capabilities{}, "a refusal offers nothing");

  SmtpReply lower = reply;
  for (std::string& line : lower.lines) line = ascii_lower(line);
  Capabilities same = parse_capabilities(lower);
  same.domain = offered.domain;
  must_hold(same == offered, "case does not matter");

  reply.lines.front() = "STARTTLS";
  Capabilities renamed = parse_capabilities(reply);
  must_hold(renamed.domain == "STARTTLS", "the first line is the domain");
  renamed.domain = offered.domain;
  must_hold(renamed == offered, "the first line offers nothing");
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::wire::check(startle::wire::reply_of(input));
  return 0;
}
