#pragma once
// A certificate of the user's own that `startle serve` shows: --certificate-file and --key-file.

#include <memory>
#include <string>

#include "certs/mint.h"

namespace startle::program {

struct OwnCertificate {
  std::shared_ptr<const certs::Chain> chain{};
  std::string host{};  // the first name that it presents; empty: none that a client could be told
};

// PEM: the certificates, end entity first, and its key. What a client needs that is to accept it
// (`anchors_der`) is the last certificate of the file. Throws Error(Fault::input, "FILE:
// sentence").
OwnCertificate read_own_certificate(const std::string& certificates, const std::string& key);

}  // namespace startle::program
