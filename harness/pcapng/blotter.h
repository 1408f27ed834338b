#pragma once
// Takes secrets out of a stream of octets that goes by in pieces: each is overwritten, in place,
// whatever pieces it comes in.

#include <string>
#include <string_view>
#include <vector>

namespace startle::pcapng {

class Blotter {
 public:
  // `secrets`: each in every form in which it may stand there; those that are empty are none.
  explicit Blotter(std::vector<std::string> secrets);

  // The next piece, with an x for each octet of a secret. What at its end may be the beginning of
  // one is taken for it from the fourth octet on; of one that is cut earlier, those octets stay.
  std::string blotted(std::string_view piece);

 private:
  std::vector<std::string> secrets_;
  std::size_t longest_ = 0;
  std::string before_{};  // the end of what went by, as it was
};

}  // namespace startle::pcapng
