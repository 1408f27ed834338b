#include "cases/engine/bad_file_for_test.h"

#include <gtest/gtest.h>

#include "cases/engine/case_reader.h"
#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "certs/recipe_reader.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

// What `act` throws; empty: nothing.
template <class Act>
std::string complaint_of(Act act) {
  try {
    act();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
  return "";
}

void read(const xml::Document& document) {
  const xml::Element root = document.root();
  if (root.name() == "case") {
    read_case(root, "x");
  } else if (root.name() == "matrix") {
    read_matrix(root, "x");
  } else {
    certs::read_recipes(document);
  }
}

}  // namespace

void expect_refused(const BadFile& bad) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.xml";
  write_file(file, bad.content);
  const std::string complaint = file.string() + ":" + bad.complaint;
  Catalogue catalogue = tree_catalogue();
  EXPECT_EQ(complaint_of([&] { catalogue.add_file(file); }), complaint);

  if (bad.by == NoticedBy::parser) {
    EXPECT_EQ(complaint_of([&] { xml::Document::read(file); }), complaint);
    return;
  }
  const xml::Document document = xml::Document::read(file);
  const bool reader = bad.by == NoticedBy::both || bad.by == NoticedBy::reader;
  const bool grammar = bad.by == NoticedBy::both || bad.by == NoticedBy::grammar;
  EXPECT_EQ(complaint_of([&] { read(document); }), reader ? complaint : "");
  const auto schema = xml::Schema::read(STARTLE_TREE "/cases/startle.rng");
  const std::string schema_says = complaint_of([&] { schema.check(document); });
  if (bad.by == NoticedBy::grammar) {
    EXPECT_EQ(schema_says, complaint);
  } else {
    EXPECT_EQ(!schema_says.empty(), grammar) << schema_says;
  }
}

void expect_program_refuses(const BadFile& bad) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "x.xml";
  write_file(file, bad.content);
  const ProgramRun run = run_startle({"run", file});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "startle: " + file + ":" + bad.complaint + "\n");
  EXPECT_EQ(run.out, "");
}

}  // namespace startle::cases
