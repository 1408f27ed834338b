#pragma once
// The pieces of a drawn dialogue: the points in their order, what a client says to come to each,
// and what a server does there.

#include <string>
#include <vector>

#include "cases/engine/exchange.h"

namespace startle::program {

struct DrawnLine {
  enum class Who { server, client, remark };
  Who who = Who::remark;
  bool in_tls = false;
  bool deviates = false;   // it is what the case is about
  bool handshake = false;  // the remark that TLS begins
  std::string text{};      // fit to be shown
  bool operator==(const DrawnLine&) const = default;
};

// The points of a mode in the order of its dialogue, and how many of them lie before TLS.
struct Course {
  std::vector<fake::Point> points{};
  std::size_t in_clear = 0;
};
Course course_of(words::Mode mode);

// "STARTTLS", "bind (simple)": what a client says to come there; empty: it only listens.
std::string said_by_client(const cases::Exchange& exchange, fake::Point point);

// What a sound server answers there.
std::string usual_answer(const cases::Exchange& exchange, fake::Point point);

// What the server does there in place of that. Replies of one segment are told to be.
std::vector<DrawnLine> drawn_steps(const cases::Exchange& exchange,
                                   const fake::Deviation& deviation, bool in_tls);

// What is wrong with the server's TLS, and with the octets on their way, a sentence each.
std::vector<std::string> faults_of_tls(const fake::Script& script);

// "a SCRAM message without the server's signature": how it lies in SASL.
std::string sasl_lie_text(fake::SaslLie lie);

}  // namespace startle::program
