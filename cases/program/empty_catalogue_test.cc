// Catalogues that lack what a command is about: each says so in one sentence.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/engine/small_catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"

namespace startle::cases {
namespace {

struct Row {
  std::vector<std::string> command{};
  int status = 3;
  std::string says{};
};

void expect_ends(const SmallCatalogue& catalogue, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const ProgramRun run = run_startle(row.command, {{"STARTLE_CATALOGUE", catalogue.path()}});
    std::string words;
    for (const std::string& word : row.command) words += " " + word;
    EXPECT_EQ(run.status, row.status) << words;
    EXPECT_EQ(run.err, "startle: " + row.says + "\n") << words;
    EXPECT_EQ(run.out, "") << words;
  }
}

TEST(EmptyCatalogue, ThatHasNoCase) {
  const SmallCatalogue catalogue;
  catalogue.write("cases/clients/clients.rng",
                  read_file(std::string(STARTLE_TREE) + "/cases/clients/clients.rng", 1 << 20));
  const std::string nothing = "nothing is selected (`startle list` shows all)";
  expect_ends(catalogue,
              {{.command = {"list"}, .says = "the catalogue holds no case"},
               {.command = {"list", "--json"}, .says = "the catalogue holds no case"},
               {.command = {"list", "x"}, .says = "no case matches `x` (`startle list` shows all)"},
               {.command = {"list", "--clients"}, .says = "the catalogue describes no client"},
               {.command = {"run"}, .says = nothing},
               {.command = {"run", "--suite", "full"}, .says = nothing},
               {.command = {"compare", "builtin"}, .says = nothing},
               {.command = {"fuzz", "--count", "1"},
                .status = 2,
                .says = "the catalogue has no matrix/full"}});
}

TEST(EmptyCatalogue, ThatHasNoCertificate) {
  const SmallCatalogue catalogue;
  catalogue.remove("certs/recipes/good.xml");
  const std::string no_valid = "there is no certificate `valid` (`startle certs list` names all)";
  expect_ends(
      catalogue,
      {{.command = {"list", "--certificates"}, .says = "the catalogue holds no certificate"},
       {.command = {"certs", "list"}, .says = "the catalogue holds no certificate"},
       {.command = {"certs", "show", "valid"}, .status = 2, .says = no_valid},
       {.command = {"certs", "export", catalogue.path("certificates")},
        .says = "the catalogue holds no certificate"},
       {.command = {"serve", "smtp"}, .status = 2, .says = no_valid}});
}

TEST(EmptyCatalogue, ThatHasNoRequirement) {
  const SmallCatalogue catalogue;
  catalogue.write("cases/requirements.xml", "<requirements/>");
  const Row row{.status = 2,
                .says = catalogue.path("cases/requirements.xml") +
                        ":1: <requirements> holds no <requirement>"};
  for (const char* command : {"list", "run"}) {
    Row one = row;
    one.command = {command};
    expect_ends(catalogue, {one});
  }
}

TEST(EmptyCatalogue, WhoseMatrixIsOfCertificatesThatAreNotThere) {
  const SmallCatalogue catalogue;
  catalogue.remove("certs/recipes/good.xml");
  catalogue.write("cases/matrix/x.xml",
                  "<matrix summary='s'>\n<axis name='mode' values='smtps'/>\n"
                  "<axis name='certificate' values='*'/></matrix>");
  const std::string says = catalogue.path("cases/matrix/x.xml") +
                           ":3: there is no certificate: certs/recipes of the catalogue holds none";
  expect_ends(catalogue, {{.command = {"list"}, .status = 2, .says = says},
                          {.command = {"run", "matrix/x"}, .status = 2, .says = says}});
}

}  // namespace
}  // namespace startle::cases
