#include <algorithm>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/xml/document.h"

namespace {

// "fuzz.xml:LINE: ..." on one line of bounded length, nothing in it that a terminal would obey.
bool is_a_complaint(std::string_view text) {
  constexpr std::string_view kFile = "fuzz.xml:";
  if (text.substr(0, kFile.size()) != kFile) return false;
  text.remove_prefix(kFile.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || text.substr(digits, 2) != ": " || text.size() <= digits + 2) return false;
  return text.size() <= digits + 2 + 300 && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
         });
}

void require(bool claim) {
  if (!claim) std::abort();
}

// Every place is looked for from the beginning of the text: of the first elements alone.
void check_places(const startle::xml::Element& element) {
  for (const auto& attribute : element.attributes()) {
    for (const std::size_t nth :
         {std::size_t{0}, attribute.value.size() / 2, attribute.value.size()}) {
      const auto place = element.place(attribute.name, nth);
      require(!place || (place->line >= element.line() && place->column > 0));
    }
  }
}

// Returns how many elements there are, and holds each to what the header promises.
std::size_t walk(const startle::xml::Element& element, std::size_t before = 0) {
  constexpr std::size_t kMostPlaces = 16;
  require(!element.name().empty() && element.line() > 0);
  if (before < kMostPlaces) check_places(element);
  for (const auto& attribute : element.attributes()) {
    require(!attribute.name.empty());
    const auto value = element.maybe_attribute(attribute.name.c_str());
    require(attribute.name.find(':') != std::string::npos || value == attribute.value);
  }
  std::size_t count = 1;
  long line = element.line();
  for (const auto& child : element.children()) {
    require(child.line() >= line);
    line = child.line();
    count += walk(child, before + count);
  }
  return count;
}

}  // namespace

// The property: a document is refused with one good sentence, or all of it can be walked.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  try {
    const auto document =
        xml::Document::parse("fuzz.xml", {reinterpret_cast<const char*>(data), size});
    const auto root = document.root();
    const std::size_t count = walk(root);
    require(root.descendants(root.name()).size() < count);
    root.text();
  } catch (const Error& e) {
    require(e.fault() == Fault::input && is_a_complaint(e.what()));
  }
  return 0;
}
