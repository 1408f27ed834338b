// Any bytes as what `openssl s_client -showcerts` has printed, and as PEM of a store: refused with
// a sentence that names the file, or certificates of one DER element each.

#include <string>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/fuzz/claims.h"
#include "harness/customer/home/shown_file.h"
#include "harness/customer/store/store_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::customer;
  using startle::fuzz::must_hold;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try {
    const auto shown = read_shown(input, "fuzz.pem");
    must_hold(!shown.empty(), "something is shown");
    must_hold(may_show_certificates(input), "what shows certificates may show them");
    for (const std::string& der : shown) must_hold(is_one_sequence(der), "a certificate is one");
  } catch (const startle::Error& e) {
    must_hold(e.fault() == startle::Fault::input, "a bad file is a fault of the input");
    startle::fuzz::must_be_complaint(e.what(), "fuzz.pem", false);
  }
  try {
    const Store store = read_store(input, std::nullopt, "fuzz.ks");
    require_sound(store, input);
  } catch (const StoreError& e) {
    startle::fuzz::must_be_complaint(e.what(), "fuzz.ks", false);
  }
  return 0;
}
