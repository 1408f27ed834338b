#pragma once
// What a fake server says where it does not behave: at named points of the dialogue, literal bytes,
// delays, closes. Everything it does not state is what a well-behaved server does.

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/words.h"

namespace startle::fake {

// A point is reached when the client has said what leads there; `greeting` on connecting.
enum class Point { greeting, ehlo, starttls, ehlo_in_tls, auth, mail, rcpt, data, message, quit };
inline constexpr std::array<std::string_view, 10> kPoints{
    "greeting", "ehlo", "starttls", "ehlo-in-tls", "auth",
    "mail",     "rcpt", "data",     "message",     "quit"};
inline Words words_of(Point) {
  return kPoints;
}

// Steps at a point. Each Send is one write, hence one segment.
struct Send {
  std::string bytes{};
};
// Listens meanwhile: what the client says during a pause, it says unasked.
struct Pause {
  std::chrono::milliseconds how_long{};
};
struct Usual {};     // what a well-behaved server says here
struct StartTls {};  // goes on inside TLS
struct Silence {};   // never says anything again
struct Close {};     // ends the connection in an orderly way
struct Reset {};     // aborts it

using Step = std::variant<Send, Pause, Usual, StartTls, Silence, Close, Reset>;

struct Deviation {
  Point at = Point::greeting;
  std::vector<Step> steps{};
};

struct Script {
  std::vector<Deviation> deviations{};  // each point at most once
  // Takes AUTH and mail in clear: what a client gives away there, it gives away to anyone.
  bool accepts_in_clear = false;

  const Deviation* at(Point point) const;
};

// "S: 220 go ahead\r\n", for a transcript.
std::string describe(const Step& step);

}  // namespace startle::fake
