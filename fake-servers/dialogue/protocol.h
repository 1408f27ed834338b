#pragma once
// What a fake server has to know of its protocol: a row that stands in the protocol's folder. The
// table of them is fake-servers/protocols.h.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/dialogue.h"
#include "fake-servers/dialogue/script.h"
#include "harness/words/words.h"

namespace startle::fake {

struct PointRow {
  enum class When { always, before_tls, starttls, in_tls };
  Point point{};
  When when = When::always;
};

// What a command, as it stands in an observation, says about its client.
struct CommandTraits {
  bool is_harmless = false;    // in clear it only finds out what is offered, asks for TLS or leaves
  bool finds_out = false;      // it asks what is offered
  bool leaves = false;         // it says that the client leaves, and nothing else
  bool authenticates = false;  // whatever comes of it
  bool needs_identity = false;  // only who takes himself for authenticated says it
  bool follows_login = false;   // so, or whoever thinks that he may do without
};

// A reply in the words of a user: a code of the protocol, or what is to be said.
struct WordedReply {
  Step step{};
  bool goes_ahead = false;  // a go-ahead, where the point is that of STARTTLS
  std::string complaint{};  // not empty: it is none, behind "--reply 45 "
};

// What a client that violates it does to its user, and what its author is to do.
struct Advice {
  words::Invariant invariant{};
  std::string_view why{};
  std::string_view fix{};
};

struct ServerProtocol {
  words::Protocol protocol{};
  std::unique_ptr<Conversation> (*conversation)(const Server& server, Observation& seen) = nullptr;
  std::span<const PointRow> points{};
  // SASL mechanisms that a well-behaved server offers inside TLS without being told to.
  std::span<const std::string_view> usual_mechanisms{};
  CommandTraits (*traits_of)(std::string_view command) = nullptr;

  // What a script or a user may have a server say. `is_code`: the user meant a code for certain.
  // `told_by` says who said so, where the protocol wants a text beside the code.
  WordedReply (*worded_reply)(const std::string& text, bool is_code,
                              const std::string& told_by) = nullptr;
  std::string_view reply_note{};  // behind the list of points in the help
  // The step of a script that this protocol has no place for, and why.
  std::string_view foreign_step{};
  std::string_view foreign_step_why{};
  // Of what ends an exchange of SASL (SaslScript::result).
  bool (*is_result)(std::string_view text) = nullptr;
  std::string_view result_form{};  // behind "is no "

  // Words for reports. What a write of the server says, a line each; null: the bytes are text.
  std::vector<std::string> (*reply_texts)(std::string_view bytes) = nullptr;
  std::string_view nothing_done{};  // of a success that the server knows nothing of
  std::string_view tls_clause{};    // where TLS is demanded, there is no going on without it
  std::span<const Advice> advice{};
};

// Whether a dialogue has this point, and whether a client that does as `mode` demands comes to it.
bool has_point(const ServerProtocol& protocol, Point point);
bool comes_to(const ServerProtocol& protocol, words::Mode mode, Point point);

// The server as it is to a client that comes back: in clear it takes, and offers, what a sound one
// takes inside TLS only. Who demands TLS never gets that far; who has failed to get it, and so goes
// on without, is seen to.
Server with_bait_in_clear(Server server, const ServerProtocol& protocol);

}  // namespace startle::fake
