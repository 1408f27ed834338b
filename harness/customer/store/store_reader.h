#pragma once
// What the readers of the single formats share, each of which store.cc calls for what it knows by
// its first octets. `limits` exists for fuzzing, where a second of key derivation is too long.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/customer/store/store.h"

namespace startle::customer {

using Password = std::optional<std::string>;

// Throws StoreError(refusal, "NAME: SENTENCE").
[[noreturn]] void refuse_store(StoreRefusal refusal, const std::string& name,
                               const std::string& sentence);

// Whether it is one DER SEQUENCE and nothing else: all that is asked of a certificate here. Whether
// it is any good is for the library to say that uses it.
bool is_one_sequence(std::string_view der);

// sun.security.provider.JavaKeyStore and com.sun.crypto.provider.JceKeyStore. A private key's entry
// is listed by the first of its chain. A secret key's entry (JCEKS alone) holds a serialised Java
// object without a length, which nothing can be read behind: refused.
Store read_jks(std::string_view bytes, const Password& password, const std::string& name);

// RFC 7292, in BER. Every certificate bag of its plain and (with a password) its encrypted parts is
// an entry, those of a key's chain included; bags inside bags are passed over, as Java does. Of two
// trusted ones with the same alias Java takes the last: the first is then not `trusted`.
Store read_pkcs12(std::string_view bytes, const Password& password, const std::string& name,
                  std::int64_t most_iterations = kMostIterations);

// RFC 7468: text and other objects may stand around the certificates. At least one.
std::vector<StoreEntry> read_pem(std::string_view bytes, const std::string& name);

}  // namespace startle::customer
