#include "harness/wire/smtp_command.h"

#include <gtest/gtest.h>

namespace startle::wire {
namespace {

using namespace std::string_literals;

struct CommandRow {
  const char* name;
  std::string input;
  SmtpCommand command;
  std::string left_behind{};
};

const CommandRow kCommands[] = {
    {"verb_alone", "quit\r\n", {"QUIT", "", "quit"}},
    {"argument", "Ehlo client.test\r\n", {"EHLO", "client.test", "Ehlo client.test"}},
    {"argument_keeps_its_case", "AUTH PLAIN aGk=\r\n", {"AUTH", "PLAIN aGk=", "AUTH PLAIN aGk="}},
    {"trailing_spaces", "NOOP x  \r\n", {"NOOP", "x", "NOOP x  "}},
    {"only_trailing_spaces", "RSET  \r\n", {"RSET", "", "RSET  "}},
    {"second_space_is_argument", "EHLO  x\r\n", {"EHLO", " x", "EHLO  x"}},
    {"answer_to_a_challenge", "dXNlcg==\r\n", {"DXNLCG==", "", "dXNlcg=="}},
    {"empty_answer", "\r\n", {"", "", ""}},
    {"cancel", "*\r\n", {"*", "", "*"}},
    {"pipelined", "STARTTLS\r\nNOOP\r\n", {"STARTTLS", "", "STARTTLS"}, "NOOP\r\n"},
    {"longest",
     "NOOP " + std::string(505, 'x') + "\r\n",
     {"NOOP", std::string(505, 'x'), "NOOP " + std::string(505, 'x')}},
};

TEST(SmtpCommand, IsOneLine) {
  for (const CommandRow& row : kCommands) {
    SCOPED_TRACE(row.name);
    const auto read = parse_smtp_command(row.input);
    const auto* parsed = std::get_if<ParsedCommand>(&read);
    ASSERT_NE(parsed, nullptr);
    EXPECT_EQ(parsed->command, row.command);
    EXPECT_EQ(row.input.substr(parsed->consumed), row.left_behind);
    for (std::size_t cut = 0; cut < parsed->consumed; ++cut) {
      EXPECT_TRUE(std::holds_alternative<NeedMore>(parse_smtp_command(row.input.substr(0, cut))));
    }
  }
}

struct MalformedRow {
  const char* name;
  std::string input;
  Malformed malformed;
};

TEST(SmtpCommand, IsMalformedAsSoonAsItIsCertain) {
  for (const MalformedRow& row : {
           MalformedRow{"leading_space", " EHLO", {0, "a command does not start with a space"}},
           {"lf", "NOOP\nQUIT\r\n", {4, "an LF does not follow CR"}},
           {"cr", "NOOP\rQUIT\r\n", {5, "a CR is not followed by LF"}},
           {"client_hello", "\x16\x03\x01\x00\x05"s, {3, "a line holds NUL"}},
           {"too_long", std::string(600, 'x'), {510, "a line is longer than 512 octets"}},
       }) {
    const auto read = parse_smtp_command(row.input);
    ASSERT_TRUE(std::holds_alternative<Malformed>(read)) << row.name;
    EXPECT_EQ(std::get<Malformed>(read).offset, row.malformed.offset) << row.name;
    EXPECT_EQ(std::get<Malformed>(read).why, row.malformed.why) << row.name;
  }
}

TEST(SmtpCommand, OfAnAuthExchangeMayBeLonger) {
  const std::string answer(kAuthLine - 2, 'A');
  const auto read = parse_smtp_command(answer + "\r\n", kAuthLine);
  EXPECT_EQ(std::get<ParsedCommand>(read).command.line, answer);
  EXPECT_EQ(std::get<Malformed>(parse_smtp_command(answer + "A", kAuthLine)),
            (Malformed{12286, "a line is longer than 12288 octets"}));
}

struct PathRow {
  const char* name;
  std::string argument;
  std::string keyword;
  std::optional<SmtpPath> path;
};

const PathRow kPaths[] = {
    {"plain", "FROM:<a@example.test>", "FROM", SmtpPath{"a@example.test", {}}},
    {"any_case", "from:<A@Example.test>", "FROM", SmtpPath{"A@Example.test", {}}},
    {"null_path", "FROM:<>", "FROM", SmtpPath{"", {}}},
    {"null_path_and_parameter", "FROM:<> AUTH=<>", "FROM", SmtpPath{"", {{"AUTH", "<>"}}}},
    {"parameters", "FROM:<a@b> size=12 Body=8BITMIME SMTPUTF8", "FROM",
     SmtpPath{"a@b", {{"SIZE", "12"}, {"BODY", "8BITMIME"}, {"SMTPUTF8", ""}}}},
    {"recipient", "TO:<a@b> NOTIFY=NEVER", "TO", SmtpPath{"a@b", {{"NOTIFY", "NEVER"}}}},
    {"postmaster", "TO:<Postmaster>", "TO", SmtpPath{"Postmaster", {}}},
    {"quoted", R"(TO:<"a > \" b"@c>)", "TO", SmtpPath{R"("a > \" b"@c)", {}}},
    {"address_literal", "TO:<a@[IPv6:::1]>", "TO", SmtpPath{"a@[IPv6:::1]", {}}},
    {"utf8", "TO:<j\u00f6rg@example.test>", "TO", SmtpPath{"j\u00f6rg@example.test", {}}},
    {"source_route", "TO:<@x.test,@y.test:a@b>", "TO", SmtpPath{"a@b", {}}},
    {"empty_recipient", "TO:<>", "TO", std::nullopt},
    {"other_keyword", "TO:<a@b>", "FROM", std::nullopt},
    {"no_argument", "", "FROM", std::nullopt},
    {"keyword_alone", "FROM", "FROM", std::nullopt},
    {"no_brackets", "FROM:a@b", "FROM", std::nullopt},
    {"space_behind_the_colon", "FROM: <a@b>", "FROM", std::nullopt},
    {"space_before_the_colon", "FROM :<a@b>", "FROM", std::nullopt},
    {"not_closed", "FROM:<a@b", "FROM", std::nullopt},
    {"quote_not_closed", "FROM:<\"a>@b>", "FROM", std::nullopt},
    {"escape_at_the_end", "FROM:<\"a\\", "FROM", std::nullopt},
    {"space_inside", "FROM:<a b@c>", "FROM", std::nullopt},
    {"bracket_inside", "FROM:<a<b@c>", "FROM", std::nullopt},
    {"control_inside", "FROM:<a\tb@c>", "FROM", std::nullopt},
    {"text_behind", "FROM:<a@b>x", "FROM", std::nullopt},
    {"two_spaces", "FROM:<a@b>  SIZE=1", "FROM", std::nullopt},
    {"parameter_without_value", "FROM:<a@b> SIZE=", "FROM", std::nullopt},
    {"parameter_with_two_values", "FROM:<a@b> SIZE=1=2", "FROM", std::nullopt},
    {"parameter_without_keyword", "FROM:<a@b> =1", "FROM", std::nullopt},
    {"odd_keyword", "FROM:<a@b> -SIZE=1", "FROM", std::nullopt},
    {"route_without_mailbox", "TO:<@x.test:>", "TO", std::nullopt},
    {"route_without_colon", "TO:<@x.test>", "TO", std::nullopt},
    {"route_ends_with_a_space", "TO:<@x.test a@b>", "TO", std::nullopt},
    {"colon_behind_the_route", "TO:<@x.test> A=:a@b>", "TO", std::nullopt},
};

TEST(SmtpPath, IsReadStrictly) {
  for (const PathRow& row : kPaths) {
    const SmtpCommand command{.verb = row.keyword == "FROM" ? "MAIL" : "RCPT",
                              .argument = row.argument};
    EXPECT_EQ(parse_path(command, row.keyword), row.path) << row.name;
  }
}

}  // namespace
}  // namespace startle::wire
