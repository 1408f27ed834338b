#include "fake-servers/dialogue/recorder.h"

#include <algorithm>
#include <utility>

#include "harness/base/printable.h"

namespace startle::fake {

bool is_tls_record(std::string_view bytes) {
  constexpr char kFirstType = 20;  // change_cipher_spec
  constexpr char kLastType = 23;   // application_data
  constexpr char kMajorVersion = 3;
  return !bytes.empty() && bytes[0] >= kFirstType && bytes[0] <= kLastType &&
         (bytes.size() == 1 || bytes[1] == kMajorVersion);
}

void Recorder::enter_tls() {
  in_tls_ = true;
  answered();
}

void Recorder::leave_tls() {
  in_tls_ = false;
  answered();
}

void Recorder::heard(std::string_view bytes) {
  std::string& all = in_tls_ ? seen_.bytes_in_tls : seen_.bytes_in_clear;
  const std::size_t room = Observation::kMostBytes - std::min(all.size(), Observation::kMostBytes);
  all.append(bytes.substr(0, room));
}

void Recorder::still_unanswered(std::string_view more) {
  if (!in_tls_ || !awaiting_reply_ || !had_to_wait(more)) return;
  if (!std::exchange(counted_, true)) ++seen_.commands_before_reply;
}

void Recorder::answered() {
  awaiting_reply_ = false;
  counted_ = false;
}

void Recorder::note_command(std::string shown, bool pending) {
  awaiting_reply_ = pending;
  note("C", shown);
  commands().push_back(std::move(shown));
}

void Recorder::note(std::string_view who, std::string_view bytes) {
  constexpr std::string_view kEndOfLine = "\r\n";
  while (bytes.ends_with(kEndOfLine)) bytes.remove_suffix(kEndOfLine.size());
  std::string line(who);
  line += in_tls_ ? " (tls): " : ": ";
  std::string shown = printable(secret_.blotted(bytes));
  constexpr std::size_t kMostShown = 2000;
  if (shown.size() > kMostShown) {
    shown.resize(kMostShown);
    shown += ".. (" + std::to_string(bytes.size()) + " bytes)";
  }
  line += shown;
  seen_.dialogue.push_back(std::move(line));
}

}  // namespace startle::fake
