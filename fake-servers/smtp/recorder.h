#pragma once
// Writes down an SMTP dialogue: commands, what replies tell the client.

#include <string_view>

#include "fake-servers/dialogue/recorder.h"
#include "harness/wire/smtp_command.h"

namespace startle::fake {

// Of a verb in upper case: RFC 5321, 4.1.1; RFC 3207, 4; RFC 4954, 4; RFC 2033, 4.1; RFC 3030, 2.
bool is_smtp_command(std::string_view verb);

// What a reply says of AUTH.
AuthReply smtp_auth_reply(int code);

class SmtpRecorder final : public Recorder {
 public:
  using Recorder::Recorder;

  // `is_answer`: to a challenge of AUTH, a credential. So is what comes behind any 334.
  void command(const wire::SmtpCommand& command, bool is_answer);
  void no_command(std::string_view bytes) override;
  void message();
  void reply(Point point, std::string_view before, std::string_view bytes) override;

 private:
  void told(std::string_view bytes) override;
  void answered_attempt(std::string_view bytes) override;
  std::string_view kind_of(std::string_view shown) const override;
  bool is_farewell(std::string_view bytes) const override;

  bool challenged() const { return reply_line_.starts_with("334"); }
  // `line` of the client's, fit to be shown.
  std::string shown(std::string_view line, bool is_answer) const;

  std::string reply_line_{};  // the last line that the client was told, as far as it was said
  bool line_ended_ = false;
};

}  // namespace startle::fake
