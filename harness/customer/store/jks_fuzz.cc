#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_fuzz.h"

namespace {

using namespace startle;
using namespace startle::customer;

constexpr std::size_t kDigest = 20;

// What any input becomes whose digest is put right.
std::string signed_anew(std::string_view input) {
  const std::string store(input.substr(0, input.size() - kDigest));
  return store + sha1(*utf_16_of_utf_8("changeit") + "Mighty Aphrodite" + store);
}

}  // namespace

// The property: refused with one good sentence, or every entry holds one certificate and the
// password that made the digest verifies it, to the same entries.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const bool marked =
      input.starts_with("\xfe\xed\xfe\xed") || input.starts_with("\xce\xce\xce\xce");
  if (!marked) return 0;  // read_store() asks no further
  try {
    const Store store = read_jks(input, std::nullopt, "fuzz.ks");
    require_sound(store, input);
    require(!store.verified && !store.locked);
    const std::string whole = signed_anew(input.substr(0, input.size() - store.octets_behind));
    const Store verified = read_jks(whole + "behind its end", "changeit", "fuzz.ks");
    require(verified.verified && verified.entries.size() == store.entries.size());
    try {
      read_jks(whole, "another", "fuzz.ks");
      require(false);
    } catch (const StoreError& e) {
      require(e.refusal() == StoreRefusal::wrong_password);
      require_sentence(e);
    }
  } catch (const StoreError& e) {
    require(e.refusal() == StoreRefusal::damaged || e.refusal() == StoreRefusal::unreadable);
    require_sentence(e);
  }
  return 0;
}
