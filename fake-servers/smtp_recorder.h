#pragma once
// Writes down what a dialogue hears and says: an Observation, with the secret blotted out of
// whatever people read.

#include <string>
#include <string_view>

#include "fake-servers/observation.h"
#include "fake-servers/secret.h"
#include "harness/wire/smtp_command.h"

namespace startle::fake {

class SmtpRecorder {
 public:
  // `seen` must outlive the recorder.
  SmtpRecorder(const std::string& secret, Observation& seen) : secret_(secret), seen_(seen) {}

  // From here on everything is inside TLS.
  void enter_tls();

  void heard(std::string_view bytes);
  void said(std::string_view bytes) { note("S", bytes); }
  // `is_answer`: to a challenge of AUTH, a credential.
  void command(const wire::SmtpCommand& command, bool is_answer);
  // Bytes that are no command line. What they say in clear counts as said in clear, unless they
  // open a TLS handshake.
  void no_command(std::string_view bytes);
  void message();

  // `bytes` are about to be said at `point`, behind `before`: what does the client learn?
  void reply(Point point, const std::string& before, const std::string& bytes);

  // The last command is about to be answered, or a pause is over; `more_is_there`: the client did
  // not wait for that.
  void still_unanswered(bool more_is_there);
  void answered();

 private:
  void note(std::string_view who, std::string_view bytes);

  const Secret secret_;
  Observation& seen_;
  bool in_tls_ = false;
  bool awaiting_reply_ = false;
  bool counted_ = false;  // that the client did not wait for this reply
};

}  // namespace startle::fake
