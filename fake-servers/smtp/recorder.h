#pragma once
// Writes down an SMTP dialogue: commands, what replies tell the client.

#include <string_view>

#include "fake-servers/dialogue/recorder.h"
#include "harness/wire/smtp_command.h"

namespace startle::fake {

// What a reply says of AUTH.
AuthReply smtp_auth_reply(int code);

class SmtpRecorder final : public Recorder {
 public:
  using Recorder::Recorder;

  // `is_answer`: to a challenge of AUTH, a credential.
  void command(const wire::SmtpCommand& command, bool is_answer);
  void no_command(std::string_view bytes) override;
  void message();
  void reply(Point point, std::string_view before, std::string_view bytes) override;

 private:
  void answered_attempt(std::string_view bytes) override;
};

}  // namespace startle::fake
