#include "harness/customer/store/store_fuzz.h"

namespace {

using namespace startle;
using namespace startle::customer;

// Of key derivation: the seeds ask for ten. A mutation that asks for millions is refused, as in
// life.
constexpr std::int64_t kMost = 100;

void read(std::string_view input, const Password& password) {
  try {
    const Store store = read_pkcs12(input, password, "fuzz.ks", kMost);
    require_sound(store, input);
    require(password || !store.verified);
    require(!password || !store.locked);
  } catch (const StoreError& e) {
    require_sentence(e);
  }
}

}  // namespace

// The property: refused with one good sentence, or every entry holds one sequence. Without a
// password the plain parts are read whatever the MAC says; parts that are encrypted, in seeds
// without a MAC.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (size > kLargestStore) return 0;
  read(input, std::nullopt);
  read(input, "changeit");
  read(input, "");
  return 0;
}
