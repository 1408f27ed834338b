#include "cases/engine/small_catalogue_for_test.h"

#include <gtest/gtest.h>

#include "cases/engine/catalogue.h"
#include "harness/base/error.h"

namespace startle::cases {

namespace fs = std::filesystem;

SmallCatalogue::SmallCatalogue() {
  for (const char* grammar : {"cases/startle.rng", "certs/recipes.rng"}) {
    write(grammar, read_file(fs::path(STARTLE_TREE) / grammar, 1 << 20));
  }
  write("certs/recipes/good.xml",
        "<recipes><recipe id='valid' reason='nothing' clause='c'/></recipes>");
  write("cases/requirements.xml",
        "<requirements><requirement id='RFC3207-4-d' clause='RFC 3207, 4' level='MUST' "
        "protocol='smtp'><rule>r</rule><exposed-by>e</exposed-by><safe-outcome>s</safe-outcome>"
        "</requirement></requirements>");
}

void SmallCatalogue::write(const std::string& file, std::string_view content) const {
  fs::create_directories(fs::path(path(file)).parent_path());
  write_file(path(file), content);
}

void SmallCatalogue::remove(const std::string& file) const {
  EXPECT_TRUE(fs::remove(path(file))) << file;
}

std::string SmallCatalogue::complaint() const {
  try {
    Catalogue::load_from(path());
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
  return "";
}

}  // namespace startle::cases
