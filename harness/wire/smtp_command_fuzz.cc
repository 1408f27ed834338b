#include <algorithm>
#include <string>

#include "harness/wire/fuzz_properties.h"
#include "harness/wire/smtp_command.h"

namespace startle::wire {
namespace {

void check_path(const SmtpCommand& command, const std::string& keyword) {
  const auto path = parse_path(command, keyword);
  if (!path) return;
  must_hold(command.line.find('<' + path->address) != std::string::npos ||
                command.line.find(':' + path->address + '>') != std::string::npos,
            "the address stands in the line");
  must_hold(keyword == "FROM" || !path->address.empty(), "only the reverse path may be empty");

  SmtpCommand again{.argument = keyword + ":<" + path->address + ">"};
  for (const PathParameter& parameter : path->parameters) {
    again.argument += " " + parameter.keyword;
    if (!parameter.value.empty()) again.argument += "=" + parameter.value;
  }
  must_hold(parse_path(again, keyword) == path, "a path that is written out parses to the same");
}

void check(std::string_view input, std::size_t limit) {
  const auto answer = answer_of_every_cut<ParsedCommand>(
      input, [&](std::string_view bytes) { return parse_smtp_command(bytes, limit); });
  if (std::holds_alternative<NeedMore>(answer)) {
    must_hold(input.size() < limit, "no caller has to keep more than the limit");
  }
  const auto* parsed = std::get_if<ParsedCommand>(&answer);
  if (parsed == nullptr) return;

  const SmtpCommand& command = parsed->command;
  must_hold(parsed->consumed <= limit, "a command is within its limit");
  must_hold(command.line + "\r\n" == input.substr(0, parsed->consumed), "the line is as sent");
  must_hold(command.verb.find(' ') == std::string::npos, "the verb is one word");
  must_hold(std::none_of(command.verb.begin(), command.verb.end(),
                         [](char c) { return c >= 'a' && c <= 'z'; }),
            "the verb is in upper case");
  must_hold(!command.argument.ends_with(' '), "the argument has no trailing space");
  if (!command.argument.empty()) {
    must_hold(command.line.substr(command.verb.size() + 1).starts_with(command.argument),
              "the argument stands behind the verb");
  }
  check_path(command, "FROM");
  check_path(command, "TO");
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::wire::check(input, startle::wire::kCommandLine);
  startle::wire::check(input, 24);
  return 0;
}
