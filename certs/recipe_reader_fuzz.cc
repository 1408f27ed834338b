#include <algorithm>
#include <cstdlib>

#include "certs/recipe_reader.h"
#include "harness/base/error.h"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

bool is_a_complaint(std::string_view text) {
  constexpr std::string_view kFile = "fuzz.xml:";
  if (!text.starts_with(kFile)) return false;
  text.remove_prefix(kFile.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits > 0 && text.substr(digits, 2) == ": " && text.size() > digits + 2 &&
         text.find('\n') == std::string_view::npos;
}

}  // namespace

// The property: a file is refused with one sentence that names file and line, or each of its
// recipes can be made and has facts.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  try {
    const auto recipes = certs::read_recipes(xml::Document::parse("fuzz.xml", content));
    require(!recipes.empty());
    for (const certs::Recipe& recipe : recipes) {
      require(certs::contradiction(recipe).empty());
      try {
        certs::facts_of(recipe, "smtp.example.test");
      } catch (const Error& e) {  // <ip> with a placeholder that makes no address
        require(e.fault() == Fault::input);
      }
    }
  } catch (const Error& e) {
    require(e.fault() == Fault::input && is_a_complaint(e.what()));
  }
  return 0;
}
