// Any bytes as a file of the catalogue: a case, a matrix or requirements. Refused with one sentence
// that names file and line, or read, and what a cell of a matrix is can be asked.

#include <string>
#include <string_view>

#include "cases/engine/case_reader.h"
#include "cases/engine/requirements.h"
#include "harness/base/error.h"
#include "harness/base/fuzz/claims.h"

namespace startle::cases {
namespace {

using fuzz::must_hold;

void check(const xml::Element& root) {
  if (root.name() == "matrix") {
    const Matrix matrix = read_matrix(root, "matrix/fuzz");
    for (const Axis& axis : matrix.axes) must_hold(!axis.name.empty(), "an axis has a name");
    bool open = false;  // every certificate there is: known to the catalogue alone
    for (const Axis& axis : matrix.axes) open = open || axis.every_certificate;
    if (open || matrix.size() == 0) return;
    for (const std::size_t cell : {std::size_t{0}, matrix.size() / 2, matrix.size() - 1}) {
      if (!matrix.has_cell(cell)) continue;
      must_hold(matrix.cell_id(cell).starts_with("matrix/fuzz"), "a cell has the matrix's name");
      matrix.cell(cell);
    }
  } else if (root.name() == "requirements") {
    must_hold(read_requirements(root).size() == root.children().size(), "each is one");
  } else {
    const Case made = read_case(root, "smtp/fuzz");
    must_hold(made.id == "smtp/fuzz" && !made.summary.empty(), "a case has a summary");
  }
}

}  // namespace
}  // namespace startle::cases

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  try {
    cases::check(
        xml::Document::parse("fuzz.xml", {reinterpret_cast<const char*>(data), size}).root());
  } catch (const Error& e) {
    fuzz::must_hold(e.fault() == Fault::input, "a bad file is a fault of the input");
    fuzz::must_be_complaint(e.what(), "fuzz.xml");
  }
  return 0;
}
