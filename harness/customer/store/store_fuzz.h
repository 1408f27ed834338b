#pragma once
// What holds of every store that is read, and of every refusal, whatever the input.

#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "harness/base/utf_16.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {

inline void require(bool claim) {
  if (!claim) std::abort();
}

inline void require_sound(const Store& store, std::string_view input) {
  std::size_t octets = 0;
  for (const StoreEntry& entry : store.entries) {
    require(is_one_sequence(entry.der) && utf_16_of_utf_8(entry.alias).has_value());
    octets += entry.der.size();
  }
  require(octets <= input.size() || store.format == StoreFormat::pkcs12);
}

inline void require_sentence(const StoreError& refusal) {
  const std::string_view text = refusal.what();
  require(refusal.Error::fault() == Fault::input && text.starts_with("fuzz.ks: "));
  require(text.size() < 600 && text.find_first_of("\n\r\x1b") == std::string_view::npos);
  require(text.find('`') != std::string_view::npos);  // a command to go on with
}

}  // namespace startle::customer
