#include <gtest/gtest.h>

#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/xml/document.h"

namespace startle::xml {
namespace {

constexpr std::string_view kSchema = R"(
<grammar xmlns="http://relaxng.org/ns/structure/1.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><choice><ref name="case"/><element name="chain"><empty/></element></choice></start>
  <define name="case">
    <element name="case">
      <attribute name="id"/>
      <optional><attribute name="verdict"><choice><value>accept</value><value>reject</value></choice></attribute></optional>
      <oneOrMore><element name="step"><attribute name="n"><data type="positiveInteger"/></attribute></element></oneOrMore>
    </element>
  </define>
</grammar>)";

class SchemaTest : public testing::Test {
 protected:
  std::string complaint_about_schema(std::string_view schema) {
    write_file(file_, schema);
    try {
      Schema::read(file_);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::input);
      std::string complaint = e.what();
      EXPECT_EQ(complaint.rfind(file_.string(), 0), 0U) << complaint;
      return complaint.substr(std::min(file_.string().size(), complaint.size()));
    }
    return "no complaint";
  }

  Schema schema() {
    write_file(file_, kSchema);
    return Schema::read(file_);
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "case.rng";
};

std::string complaint_about(const Schema& schema, std::string_view content) {
  try {
    schema.check(Document::parse("x.xml", content));
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
  return "no complaint";
}

struct Row {
  const char* name;
  std::string_view content;
  std::string_view complaint;
};

TEST_F(SchemaTest, TheFirstViolationIsNamedWithItsLine) {
  const Schema checked = schema();
  for (const Row& row : {
           Row{"valid", "<case id='x' verdict='accept'><step n='1'/></case>", "no complaint"},
           {"attribute missing", "<case><step n='1'/></case>",
            "x.xml:1: Element case failed to validate attributes: one is missing, or its value is "
            "not allowed"},
           {"attribute too many", "<case id='x'>\n<step n='1' o=''/></case>",
            "x.xml:2: Invalid attribute o for element step: no such attribute, or its value is not "
            "allowed"},
           {"wrong word", "<case id='x' verdict='maybe'><step n='1'/></case>",
            "x.xml:1: Invalid attribute verdict for element case: no such attribute, or its value "
            "is not allowed"},
           {"wrong type", "<case id='x'>\n<step n='1'/>\n<step\n\nn='0'/></case>",
            "x.xml:3: Type positiveInteger doesn't allow value '0'"},
           {"child too many", "<case id='x'>\n<step n='1'/>\n\n<stop/></case>",
            "x.xml:4: Did not expect element stop there"},
           {"child missing", "\n<case id='x'/>", "x.xml:2: an element is missing inside this one"},
           {"text", "<case id='x'>\n<step n='1'>y</step></case>",
            "x.xml:2: Element step has extra content: text"},
           {"another root", "<foo/>", "x.xml:1: Did not expect element foo there"},
       }) {
    EXPECT_EQ(complaint_about(checked, row.content), row.complaint) << row.name;
  }
}

TEST_F(SchemaTest, ABrokenSchemaIsRefusedByName) {
  for (const Row& row : {
           Row{"not xml", "grammar", ":1: this is not XML: a document begins with <"},
           {"no schema", "<foo/>", ":1: this is not a RELAX NG schema: <foo> is no <grammar>"},
           {"no definition",
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'>\n<start><ref name='a'/></start>"
            "</grammar>",
            ":2: this is not a RELAX NG schema: Reference a has no matching definition"},
           {"include",
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'>\n<include "
            "href='http://x/y'/></grammar>",
            ":2: <include href=\"http://x/y\"> is no relative path"},
           {"doctype", "<!DOCTYPE grammar><grammar/>",
            ":1: a DOCTYPE is not allowed here: remove it (nothing outside the file is read)"},
       }) {
    EXPECT_EQ(complaint_about_schema(row.content), row.complaint) << row.name;
  }
}

TEST_F(SchemaTest, AMissingSchemaIsRefusedByName) {
  try {
    Schema::read(folder_.path() / "missing.rng");
    ADD_FAILURE() << "read";
  } catch (const Error& e) {
    EXPECT_EQ(e.what(), (folder_.path() / "missing.rng").string() +
                            ": cannot be read: No such file or directory");
  }
}

TEST_F(SchemaTest, ThreadsCheckAtOnce) {
  const Schema shared = schema();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&shared] {
      for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(complaint_about(shared, "<case id='x'>\n<step n='1'/><step n='x'/></case>"),
                  "x.xml:2: Type positiveInteger doesn't allow value 'x'");
        EXPECT_EQ(complaint_about(shared, "<case id='x'><step n='1'/></case>"), "no complaint");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace startle::xml
