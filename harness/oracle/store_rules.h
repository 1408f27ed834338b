#pragma once
// What follows from a key store that a customer keeps for a server, as data: a row for each value
// of HostStore, README.md, "Store".

#include <string>
#include <string_view>

#include "harness/oracle/oracle.h"

namespace startle::oracle {

enum class StoreEffect {
  none,           // the system's trust anchors count, and no others
  adds_shown,     // so does the certificate that the server shows
  accepts_shown,  // that certificate is accepted; but for its name nothing of it is looked at
  replaces,       // the system's trust anchors do not count, and no others have issued it
  unusable,       // the store cannot be opened: the configuration is wrong
};

struct StoreRule {
  words::HostStore store = words::HostStore::system;
  StoreEffect documented = StoreEffect::none;
  StoreEffect jsse = StoreEffect::none;
  std::string_view sentence{};  // what the store is; no full stop
};

const StoreRule& rule_of(words::HostStore store);
StoreEffect effect_of(words::StoreModel model, words::HostStore store);

// Of the question's store, be it a value of the axis or a customer's own.
StoreEffect effect_of(const Question& question);
// What that store is; empty: nothing is to be said of it.
std::string sentence_of(const Question& question);

// The facts as a client sees them that validates a path with such a store.
Facts seen_with(StoreEffect effect, Facts facts);

}  // namespace startle::oracle
