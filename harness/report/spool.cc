#include "harness/report/spool.h"

#include <array>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::report {

Spool::Spool() {
  const TemporaryFolder folder;  // gone at once, with the file's name
  file_.reset(std::fopen((folder.path() / "report").c_str(), "w+b"));
  if (!file_) check_errno(-1, "a temporary file for the report");
}

void Spool::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    check_errno(-1, "the report's temporary file");
  }
  size_ += text.size();
}

std::string Spool::read(std::size_t offset, std::size_t count) {
  std::string text(count, '\0');
  if (std::fseek(file_.get(), static_cast<long>(offset), SEEK_SET) != 0 ||
      std::fread(text.data(), 1, count, file_.get()) != count) {
    check_errno(-1, "the report's temporary file");
  }
  return text;
}

void Spool::copy_to(std::ostream& out) {
  if (std::fflush(file_.get()) != 0) check_errno(-1, "the report's temporary file");
  std::rewind(file_.get());
  std::array<char, 65536> chunk{};
  while (const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), file_.get())) {
    out.write(chunk.data(), static_cast<std::streamsize>(count));
  }
  if (std::ferror(file_.get()) != 0) check_errno(-1, "the report's temporary file");
}

}  // namespace startle::report
