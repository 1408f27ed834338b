#include <libxml/relaxng.h>

#include "harness/base/error.h"
#include "harness/xml/complaint.h"
#include "harness/xml/document.h"
#include "harness/xml/listener.h"

namespace startle::xml {
namespace {

struct FreeSchemaParser {
  void operator()(xmlRelaxNGParserCtxt* parser) const noexcept { xmlRelaxNGFreeParserCtxt(parser); }
};
struct FreeValidator {
  void operator()(xmlRelaxNGValidCtxt* validator) const noexcept {
    xmlRelaxNGFreeValidCtxt(validator);
  }
};

// libxml2's words where they name what is wrong, more where they do not.
std::string explained(const Listener& listener) {
  switch (listener.code()) {
    case XML_RELAXNG_ERR_ATTRVALID:
      return listener.text() + ": one is missing, or its value is not allowed";
    case XML_RELAXNG_ERR_INVALIDATTR:
      return listener.text() + ": no such attribute, or its value is not allowed";
    case XML_RELAXNG_ERR_NOELEM:
      if (listener.text().find("element ,") == std::string::npos) return listener.text();
      return "an element is missing inside this one";
    case 0:
      return "this does not follow the schema";
    default:
      return listener.text();
  }
}

}  // namespace

Schema Schema::read(const std::filesystem::path& file) {
  const Document document = Document::read(file);
  if (document.root().name() != "grammar") {
    document.root().fail("this is not a RELAX NG schema: <" + document.root().name() +
                         "> is no <grammar>");
  }
  // Parts of a schema lie in files beside it: nothing is fetched.
  for (const Element& include : document.root().descendants("include")) {
    const std::string href = include.attribute("href");
    if (href.find("://") == std::string::npos && !href.starts_with('/')) continue;
    include.fail("<include href=\"" + href + "\"> is no relative path");
  }
  Listener listener;
  const std::unique_ptr<xmlRelaxNGParserCtxt, FreeSchemaParser> parser(
      xmlRelaxNGNewParserCtxt(file.c_str()));
  Schema made;
  if (parser) made.schema_.reset(xmlRelaxNGParse(parser.get()), xmlRelaxNGFree);
  if (!made.schema_) {
    refuse(document.file(), listener.line(),
           "this is not a RELAX NG schema: " + (listener.heard() ? listener.text() : "no grammar"));
  }
  return made;
}

void Schema::check(const Document& document) const {
  Listener listener;
  const std::unique_ptr<xmlRelaxNGValidCtxt, FreeValidator> validator(
      xmlRelaxNGNewValidCtxt(schema_.get()));
  if (!validator) throw Error(Fault::system, "out of memory");
  const int violations = xmlRelaxNGValidateDoc(validator.get(), document.doc_.get());
  if (violations < 0) throw Error(Fault::internal, document.file() + ": validation broke off");
  if (violations > 0) {
    refuse(document.file(), listener.line(), explained(listener));
  }
}

}  // namespace startle::xml
