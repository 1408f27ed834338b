#pragma once
// What to ask a customer for next, where a message alone does not settle it.

#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/messages/pattern.h"
#include "harness/words/protocol.h"

namespace startle::messages {

enum class Ask {
  chain,
  names,
  dates,
  java_store,
  store,
  configuration,
  capabilities,
  tls_versions,
  revocation,
  network,
  credentials,
  sender,
  server_log,
  java_debug,
  verbose,
  whole_log,
  versions,
};
inline constexpr auto kAsks = word_table<Ask>({
    {Ask::chain, "chain"},
    {Ask::names, "names"},
    {Ask::dates, "dates"},
    {Ask::java_store, "java-store"},
    {Ask::store, "store"},
    {Ask::configuration, "configuration"},
    {Ask::capabilities, "capabilities"},
    {Ask::tls_versions, "tls-versions"},
    {Ask::revocation, "revocation"},
    {Ask::network, "network"},
    {Ask::credentials, "credentials"},
    {Ask::sender, "sender"},
    {Ask::server_log, "server-log"},
    {Ask::java_debug, "java-debug"},
    {Ask::verbose, "verbose"},
    {Ask::whole_log, "whole-log"},
    {Ask::versions, "versions"},
});
constexpr Words words_of(Ask) {
  return kAsks;
}

// One sentence, without a full stop, with the command that gets it in `backquotes`: of the host and
// port that the log names, or else of mail.example.com, or ldap.example.com, and the usual port.
std::string sentence_of(Ask ask, words::Protocol protocol, const std::vector<Fact>& facts);

}  // namespace startle::messages
