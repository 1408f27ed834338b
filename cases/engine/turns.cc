#include "cases/engine/turns.h"

#include <utility>

namespace startle::cases {

void Turns::Held::give_back() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(held_, false)) return;
  }
  {
    const std::lock_guard lock(turns_.mutex_);
    ++turns_.left_;
  }
  turns_.changed_.notify_one();
}

Turns::Turn Turns::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return left_ > 0; });
  --left_;
  return std::make_shared<Held>(*this);
}

}  // namespace startle::cases
