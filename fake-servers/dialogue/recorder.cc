#include "fake-servers/dialogue/recorder.h"

#include <algorithm>
#include <utility>

#include "harness/net/world.h"

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

void Recorder::opened(const net::World& world) {
  constexpr std::size_t kUsual = 32;
  world_ = &world;
  connection_ = seen_.connections;
  seen_.segments.reserve(kUsual);
}

void Recorder::add_segment(Segment::Who who, std::string_view bytes, std::string& all) {
  const std::size_t room = Observation::kMostBytes - std::min(all.size(), Observation::kMostBytes);
  const std::size_t kept = std::min(bytes.size(), room);
  if (seen_.segments.size() < Observation::kMostSegments) {
    seen_.segments.push_back({.who = who,
                              .in_tls = in_tls_,
                              .connection = connection_,
                              .at = world_->now(),
                              .size = bytes.size(),
                              .kept = kept,
                              .offset = all.size()});
  } else {
    ++seen_.segments_cut;
  }
  all.append(bytes.substr(0, kept));
}

void Recorder::heard(std::string_view bytes) {
  if (bytes.empty()) return;
  add_segment(Segment::Who::client, bytes, in_tls_ ? seen_.bytes_in_tls : seen_.bytes_in_clear);
}

void Recorder::heard_outside_tls(std::string_view bytes) {
  const bool in_tls = std::exchange(in_tls_, false);
  heard(bytes);
  in_tls_ = in_tls;
}

void Recorder::said_outside_tls(std::string_view bytes) {
  const bool in_tls = std::exchange(in_tls_, false);
  const bool awaiting_reply = awaiting_reply_;
  no_command(bytes);
  in_tls_ = in_tls;
  awaiting_reply_ = awaiting_reply;
}

void Recorder::said_before_tls(std::string_view bytes) {
  if (goes_ahead_) behind_starttls(bytes);
  said_outside_tls(bytes);
}

// A ClientHello gives nothing away, and whether it is there before the answer went out is chance.
void Recorder::behind_starttls(std::string_view more) {
  const bool speaks = !more.empty() && !is_farewell(more) && !is_tls_record(more);
  if (speaks) seen_.spoke_before_tls = true;
}

void Recorder::refused_by_tls(std::string_view bytes) {
  if (!secret_.is_in(bytes) || secret_.is_in(seen_.bytes_in_clear)) return;
  heard_outside_tls(bytes);
  said_outside_tls(bytes);
}

void Recorder::said(std::string_view bytes) {
  add_segment(Segment::Who::server, bytes, seen_.bytes_said);
  told(bytes);
  if (auth_.awaits_reply()) answered_attempt(bytes);
}

void Recorder::still_unanswered(std::string_view more) {
  if (!in_tls_ || !awaiting_reply_ || !had_to_wait(more)) return;
  if (!std::exchange(counted_, true)) ++seen_.commands_before_reply;
}

void Recorder::never_answered(std::string_view more) {
  if (!is_farewell(more)) still_unanswered(more);
}

void Recorder::answered() {
  awaiting_reply_ = false;
  counted_ = false;
}

void Recorder::note_command(std::string shown, bool pending) {
  awaiting_reply_ = pending;
  note(shown);
  add_command(std::move(shown));
}

void Recorder::add_command(std::string shown) {
  constexpr std::size_t kMostKinds = 64;
  std::vector<std::string>& held = in_tls_ ? seen_.tls_commands : seen_.clear_commands;
  if (held.size() >= Observation::kMostCommands) {
    auto& kinds = kinds_[in_tls_ ? 1 : 0];
    const std::string_view kind = kind_of(shown).substr(0, Observation::kLongestCommand);
    const bool is_new = kinds.size() < kMostKinds && kinds.find(kind) == kinds.end();
    if (!is_new || held.size() >= 2 * Observation::kMostCommands) {
      ++(in_tls_ ? seen_.tls_commands_cut : seen_.clear_commands_cut);
      return;
    }
    kinds.emplace(kind);
  }
  if (const std::size_t size = shown.size(); size > Observation::kLongestCommand) {
    shown.resize(Observation::kLongestCommand);
    shown += ".. (" + std::to_string(size) + " bytes)";
    shown.shrink_to_fit();
  }
  held.push_back(std::move(shown));
}

void Recorder::note(std::string text) {
  const bool fits = seen_.understood_octets + text.size() <= Observation::kMostBytes;
  if (seen_.segments_cut > 0 || seen_.understood_cut > 0 || !fits ||
      seen_.understood.size() >= Observation::kMostUnderstood) {
    ++seen_.understood_cut;
    return;
  }
  seen_.understood_octets += text.size();
  seen_.understood.push_back(
      {.text = std::move(text), .in_tls = in_tls_, .behind = seen_.segments.size()});
}

}  // namespace startle::fake
