#pragma once
// Text as editors and shells of Windows write it: behind a byte order mark, or in UTF-16, which
// PowerShell redirects into.

#include <optional>
#include <string>
#include <string_view>

namespace startle::customer {

struct WrittenText {
  enum class Form {
    plain,         // as it stands
    marked_utf_8,  // UTF-8 behind a byte order mark
    utf_16,        // with a byte order mark, or without one where it is ASCII in UTF-16
  };
  Form form = Form::plain;
  std::string text{};  // in UTF-8, without the mark
};

// nullopt: UTF-16 that is cut off or broken.
std::optional<WrittenText> read_text(std::string_view bytes);

}  // namespace startle::customer
