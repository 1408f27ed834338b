#pragma once
// What may be changed, and what may be sent next: the sentences and commands that several causes
// share.

#include <optional>
#include <string>
#include <vector>

#include "harness/diagnosis/claim.h"
#include "harness/diagnosis/evidence.h"

namespace startle::diagnosis {

// "mail.example.test:587"; "the server" where nothing names one. An IPv6 address in brackets.
std::string name_of(const Server& server);

// What a certificate is wrong about, as far as `trust` may have a say in it.
enum class Trouble {
  path,     // nobody who is trusted has issued it
  name,     // it is issued to others
  dates,    // it is not valid now
  anything  // else
};
// Whether a value of `trust` that lists the host, or the certificate's name, is the cure of this
// as `model` reads it, and no mere blindfold (harness/oracle/README.md, "Trust value").
bool trust_cures(words::TrustModel model, Trouble trouble);

// The whole value that `trust` is to have: the names that it lists already, those that a comma kept
// from being read among them, then the host and, where `with_certificate`, the certificate's first
// name.
std::string trust_to_write(const Evidence& evidence, bool with_certificate);

// Each as one line of CHANGE.
std::optional<Advice> write_trust(const Evidence& evidence, Trouble trouble);
std::optional<Advice> import_anchor(const Evidence& evidence);
// Asked of the server's owner: "a certificate that .. and names mail.example.test".
Advice request_certificate(const Evidence& evidence, const std::string& which);
// `trust="*"`, marked as what it is; nullopt where nothing reads such a value.
std::optional<Advice> trust_anybody(const Evidence& evidence);
// In this order, those that there are.
std::vector<Advice> changes_for(const Evidence& evidence, Trouble trouble,
                                const std::string& which_certificate);

// Each as one line of ASK. What is there already is not asked for.
std::vector<Advice> ask_for_missing(const Evidence& evidence);
Advice ask_chain(const Evidence& evidence);
Advice ask_log(const Evidence& evidence);

// The command that prints what the server shows, into `file` where one is named.
std::string fetch_command(const Evidence& evidence, const std::string& file);

// The command that prints the command lines of all processes.
std::string list_processes(const Evidence& evidence);

}  // namespace startle::diagnosis
