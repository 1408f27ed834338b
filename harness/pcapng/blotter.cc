#include "harness/pcapng/blotter.h"

#include <algorithm>
#include <utility>

namespace startle::pcapng {
namespace {

constexpr char kBlot = 'x';
// Fewer octets of a secret's beginning are as likely anything else.
constexpr std::size_t kTelling = 4;

}  // namespace

Blotter::Blotter(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
  std::erase_if(secrets_, [](const std::string& secret) { return secret.empty(); });
  for (const std::string& secret : secrets_) longest_ = std::max(longest_, secret.size());
}

std::string Blotter::blotted(std::string_view piece) {
  if (secrets_.empty()) return std::string(piece);
  const std::string whole = before_ + std::string(piece);
  std::string made = whole;
  const auto blot = [&made](std::size_t at, std::size_t size) {
    std::fill_n(made.begin() + static_cast<std::ptrdiff_t>(at), size, kBlot);
  };
  for (const std::string& secret : secrets_) {
    for (std::size_t at = whole.find(secret); at != std::string::npos;
         at = whole.find(secret, at + 1)) {
      blot(at, secret.size());
    }
    for (std::size_t size = std::min(secret.size() - 1, whole.size()); size >= kTelling; --size) {
      if (whole.compare(whole.size() - size, size, secret, 0, size) != 0) continue;
      blot(whole.size() - size, size);
      break;
    }
  }
  const std::size_t passed = before_.size();
  before_ = whole.substr(whole.size() - std::min(whole.size(), longest_ - 1));
  return made.substr(passed);
}

}  // namespace startle::pcapng
