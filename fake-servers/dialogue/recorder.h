#pragma once
// Writes down what a dialogue hears and says: an Observation. What commands and replies mean is the
// business of each protocol's recorder.

#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "fake-servers/dialogue/auth_watch.h"
#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/secret.h"

namespace startle::net {
class World;
}

namespace startle::fake {

class Recorder {
 public:
  // `seen` must outlive the recorder.
  Recorder(const std::string& secret, Observation& seen)
      : secret_(secret), seen_(seen), auth_(seen) {}
  virtual ~Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // A connection begins, in `world`, which must outlive it.
  void opened(const net::World& world);
  // From here on everything is inside TLS, or outside again.
  void enter_tls();
  void leave_tls();

  // One read, or one write, of the stream.
  void heard(std::string_view bytes);
  void said(std::string_view bytes);
  // Bytes that are no command. What they say in clear counts as said in clear, unless they are TLS
  // records.
  virtual void no_command(std::string_view bytes) = 0;
  // While TLS is up, or about to be: octets that are no part of it, as they come; what they were,
  // once it is whole; and the last octets that TLS was given, of which it may have refused some: a
  // secret in them was said in clear.
  void heard_outside_tls(std::string_view bytes);
  void said_outside_tls(std::string_view bytes);
  // As far as no TLS has begun behind a go-ahead.
  void said_before_tls(std::string_view bytes);
  void refused_by_tls(std::string_view bytes);
  // `bytes` are about to be said at `point`, behind `before`: what does the client learn?
  virtual void reply(Point point, std::string_view before, std::string_view bytes) = 0;

  // The last command is about to be answered, or a pause is over; `more` was sent meanwhile.
  void still_unanswered(std::string_view more);
  // `count` octets were read that nobody will look at.
  void dropped(std::size_t count) { seen_.octets_dropped += count; }
  // The last command never is: whoever gives up says that unasked, and rightly.
  void never_answered(std::string_view more);
  void answered();
  // STARTTLS is about to be answered, and `more` was sent behind it.
  void behind_starttls(std::string_view more);

 protected:
  // What is about to be said; and the same, if it answers an attempt to authenticate.
  virtual void told(std::string_view /*bytes*/) {}
  virtual void answered_attempt(std::string_view bytes) = 0;
  // A command, fit to be shown; those to which nothing may be added unanswered are `pending`.
  void note_command(std::string shown, bool pending);
  // A line of the client's for the transcript.
  void note(std::string text);
  // What one command has in common with others that say the same of their client.
  virtual std::string_view kind_of(std::string_view shown) const = 0;
  // A command, fit to be shown, among those that are held.
  void add_command(std::string shown);
  // Whether `more` is something that had to wait for the answer to the last command.
  virtual bool had_to_wait(std::string_view more) const { return !more.empty(); }
  // Whether `bytes` begin with what says that the client leaves.
  virtual bool is_farewell(std::string_view bytes) const = 0;

  const Secret secret_;
  Observation& seen_;
  AuthWatch auth_;
  bool in_tls_ = false;
  bool awaiting_reply_ = false;
  bool goes_ahead_ = false;  // the client was told to begin TLS

 private:
  void add_segment(Segment::Who who, std::string_view bytes, std::string& all);

  const net::World* world_ = nullptr;
  unsigned connection_ = 0;
  // Of commands that were added when no more were held, in clear and inside TLS.
  std::array<std::set<std::string, std::less<>>, 2> kinds_{};
  bool counted_ = false;  // that the client did not wait for this reply
};

// `bytes` start with a TLS record (RFC 8446, 5.1).
bool is_tls_record(std::string_view bytes);

}  // namespace startle::fake
