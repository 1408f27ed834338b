#pragma once
// Text that is written before what stands in front of it is known: a file of its own until then, so
// that no report grows in memory with the number of cases.

#include <cstdio>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace startle::report {

class Spool {
 public:
  Spool();  // throws Error(Fault::system)
  void write(std::string_view text);
  void copy_to(std::ostream& out);
  // How much is written, and `count` bytes of it from `offset` on.
  std::size_t size() const { return size_; }
  std::string read(std::size_t offset, std::size_t count);

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::size_t size_ = 0;
};

}  // namespace startle::report
