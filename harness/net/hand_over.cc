#include "harness/net/hand_over.h"

#include <asio/post.hpp>
#include <utility>

namespace startle::net {

void hand_over(RealWorld& to, std::function<void()> what) {
  asio::post(to.io(), std::move(what));
}

}  // namespace startle::net
