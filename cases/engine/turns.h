#pragma once
// Who may use the processor. An exchange that only waits for a time-out gives its turn back before
// its end, so that many of them wait at once while the others go on.

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace startle::cases {

class Turns {
 public:
  explicit Turns(std::size_t most) : left_(most == 0 ? 1 : most) {}

  class Held {
   public:
    explicit Held(Turns& turns) : turns_(turns) {}
    ~Held() { give_back(); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    // Once; the rest is nothing.
    void give_back();

   private:
    Turns& turns_;
    std::mutex mutex_;
    bool held_ = true;
  };
  using Turn = std::shared_ptr<Held>;

  // Waits for one. It is given back when the last who has it lets go.
  Turn take();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t left_;
};

}  // namespace startle::cases
