// Steps that describe themselves, and where a script deviates.

#include "fake-servers/dialogue/script.h"

#include <gtest/gtest.h>

namespace startle::fake {
namespace {

using namespace std::chrono_literals;

struct StepRow {
  Step step;
  const char* described;
};

TEST(Script, EveryStepDescribesItself) {
  const StepRow rows[] = {
      {Send{"220 go ahead\r\n"}, "S: 220 go ahead\\x0d\\x0a"},
      {Send{.bytes = "x", .times = 9}, "S: x, 9 times"},
      {Send{.bytes = "x", .times = 9, .every = 500ms}, "S: x, 9 times, one every 500 ms"},
      {Send{std::string("\x16\x03\0", 3)}, "S: \\x16\\x03\\x00"},
      {Respond{.code = 53}, "S: result 53"},
      {Pause{1500ms}, "pauses 1500 ms"},
      {Usual{}, "answers as usual"},
      {StartTls{}, "starts TLS"},
      {SayTls{tls::SaidAlert{.number = 80}}, "sends the alert internal_error, fatal"},
      {SayTls{tls::Message::finished}, "sends the TLS message finished"},
      {EndTls{}, "ends TLS, not the connection"},
      {Silence{}, "falls silent"},
      {Close{}, "closes"},
      {Reset{}, "resets the connection"},
  };
  std::size_t kinds = 0;
  for (const StepRow& row : rows) {
    EXPECT_EQ(describe(row.step), row.described);
    kinds |= std::size_t{1} << row.step.index();
  }
  EXPECT_EQ(kinds, (std::size_t{1} << std::variant_size_v<Step>)-1) << "a step without a row";
}

TEST(Script, DeviatesWhereItSaysSo) {
  const Script script{.deviations = {{.at = Point::auth, .steps = {Close{}}},
                                     {.at = Point::quit, .steps = {Silence{}}}}};
  for (std::size_t i = 0; i < count_of<Point>(); ++i) {
    const auto point = static_cast<Point>(i);
    const bool deviates = point == Point::auth || point == Point::quit;
    EXPECT_EQ(script.at(point) != nullptr, deviates) << word(point);
    if (deviates) {
      EXPECT_EQ(script.at(point)->at, point);
    }
  }
  EXPECT_EQ(Script{}.at(Point::greeting), nullptr);
}

}  // namespace
}  // namespace startle::fake
