#include "cases/engine/wire_evidence.h"

#include <string>
#include <utility>

#include "harness/words/words.h"

namespace startle::cases {

tls::KeyLog key_log_of(const std::shared_ptr<pcapng::Evidence>& evidence) {
  if (evidence == nullptr) return nullptr;
  return [evidence](const std::string& line) { evidence->add_secret(line); };
}

Recording::Recording(std::shared_ptr<pcapng::Evidence> evidence, const Exchange& exchange)
    : evidence_(std::move(evidence)) {
  if (evidence_ == nullptr) return;
  connection_ = {.usual_port = words::row_of(exchange.mode).port, .about = exchange.id};
  const words::Protocol protocol = words::protocol_of(exchange.mode);
  referral_port_ = words::mode_row(protocol, words::Tls::none).port;
}

std::unique_ptr<net::Stream> Recording::of(const net::World& world,
                                           std::unique_ptr<net::Stream> stream) const {
  return pcapng::recorded(evidence_, world, std::move(stream), connection_);
}

std::unique_ptr<net::Stream> Recording::of_referral(const net::World& world,
                                                    std::unique_ptr<net::Stream> stream) const {
  pcapng::Connection referred = connection_;
  referred.usual_port = referral_port_;
  referred.about += "; the client was referred here";
  return pcapng::recorded(evidence_, world, std::move(stream), referred);
}

}  // namespace startle::cases
