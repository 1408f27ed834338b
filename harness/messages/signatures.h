#pragma once
// All messages that are known, read from a folder of XML (cases/clients/messages), strictly: every
// complaint is one sentence, "file:line: ...".

#include <filesystem>
#include <string>
#include <vector>

#include "harness/messages/literal_finder.h"
#include "harness/messages/signature.h"
#include "harness/xml/document.h"

namespace startle::messages {

// Those of one file, in its order. Throws Error(Fault::input).
std::vector<Signature> read_signatures(const std::filesystem::path& file,
                                       const xml::Schema& schema);

class Signatures {
 public:
  // Of each *.xml in `folder`; the schema is messages.rng beside them. Throws Error(Fault::input).
  static Signatures read(const std::filesystem::path& folder);
  explicit Signatures(std::vector<Signature> all);
  Signatures(Signatures&&) = default;
  Signatures& operator=(Signatures&&) = default;

  const std::vector<Signature>& all() const { return all_; }
  // Null: there is none of this id.
  const Signature* find(const std::string& id) const;

  // The last pieces of all patterns, and behind them kContext.
  const LiteralFinder& finder() const { return finder_; }
  // Whose last piece the literal of that number is; null: it is a word of kContext.
  struct Known {
    const Signature* signature = nullptr;
    const Pattern* pattern = nullptr;
  };
  const Known& known(std::size_t literal) const { return known_[literal]; }

 private:
  std::vector<Signature> all_;
  std::vector<Known> known_{};
  LiteralFinder finder_;
};

}  // namespace startle::messages
