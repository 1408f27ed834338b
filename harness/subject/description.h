#pragma once
// A program that somebody else wrote, described: how it is told what to do, what it cannot be told,
// and what its exit codes and its words mean. Plain data, read from XML (cases/clients/README.md).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/subject/subject.h"
#include "harness/words/tls_policy.h"
#include "harness/words/words.h"

namespace startle::subject {

// How a program is told its task.
enum class Speech {
  arguments,    // by the arguments, variables and files of its description
  environment,  // by STARTLE_* (contract.h), one process for each task
  worker,       // so, as JSON lines: one process for many tasks
};
inline constexpr auto kSpeeches = word_table<Speech>({
    {Speech::arguments, "arguments"},
    {Speech::environment, "environment"},
    {Speech::worker, "worker"},
});
constexpr Words words_of(Speech) {
  return kSpeeches;
}

// Who finds the address of the host that the client is told to reach.
enum class Resolver {
  argument,  // nobody: the arguments hold {address}
  libc,      // the C library, as /etc/hosts or libnss-wrapper have it
  own,       // the program itself, from /etc/hosts
};
inline constexpr auto kResolvers = word_table<Resolver>({
    {Resolver::argument, "argument"},
    {Resolver::libc, "libc"},
    {Resolver::own, "own"},
});
constexpr Words words_of(Resolver) {
  return kResolvers;
}

// What a part of a description depends on. An empty list: on nothing; otherwise one of it has to
// be the task's.
struct Condition {
  std::vector<words::Mode> modes{};
  std::vector<words::TlsPolicy> tls_policies{};
  std::vector<TrustForm> trust{};
  std::vector<CredentialForm> credentials{};
  std::vector<std::string> mechanisms{};  // words of sasl::Mechanism, or "none": it is not told one
  std::vector<std::string> variants{};    // names, or kDefaultVariant
  std::vector<std::string> given{};       // placeholders: each of them has a value in the task
};
inline constexpr std::string_view kDefaultVariant = "default";
inline constexpr std::string_view kNoMechanism = "none";

// A piece of text with placeholders (fill_in.h), for the tasks that `when`
// holds for.
struct ConditionalText {
  std::string name{};  // of a variable, or of a file in the task's HOME; of an argument none
  std::string text{};
  Condition when{};
};

// What it means that a program ended in some way. The first that fits counts; otherwise exit code 0
// is a success, and every other one `refused`.
struct EndMeaning {
  std::optional<int> exit{};           // nullopt: any
  std::optional<std::string> match{};  // ECMAScript, looked for in stdout and stderr; nullopt: none
  // nullopt: it could not do this, which is a skip.
  std::optional<words::Ending> ending{};
  Condition when{};
};

struct Inability {
  Condition when{};
  std::string reason{};  // "s-nail has no ..": the skip's
};

// What a program does for one protocol: it submits a mail, or binds (and searches, if it can).
struct ClientTask {
  words::Protocol protocol = words::Protocol::smtp;
  Abilities abilities{};
  std::vector<ConditionalText> arguments{};  // the program first
  std::vector<ConditionalText> variables{};
  std::vector<ConditionalText> files{};
  std::optional<std::string> input{};  // for stdin; nullopt: there is nothing to read
  std::vector<EndMeaning> ends{};
  std::vector<Inability> cannot{};
};

struct ClientVariant {
  std::string name{};  // "insecure", of `curl/insecure`
  std::string summary{};
};

struct ClientDescription {
  std::string name{};  // the file's, without ".xml"
  std::string file{};
  std::string summary{};
  std::vector<std::string> packages{};      // Debian's
  std::vector<std::string> npm_packages{};  // "nodemailer@6"
  bool unpacked = false;  // its packages exclude others: they are unpacked, not installed
  std::vector<std::string> version{};      // the command whose first line of output says it
  std::vector<std::string> tls_library{};  // so, of its TLS library; empty: not known
  words::TrustModel trust_model = words::TrustModel::pkix;  // that judges it
  // Where no model fits: differences of trust are notes, for this reason.
  std::string no_model{};
  bool states_timeout = false;  // to hang is a failure then, otherwise a note
  bool states_reason = false;   // its endings say why, and are compared
  Speech speech = Speech::arguments;
  Resolver resolver = Resolver::libc;
  std::vector<ClientVariant> variants{};
  std::vector<ClientTask> tasks{};  // one for each protocol that it speaks
};

}  // namespace startle::subject
