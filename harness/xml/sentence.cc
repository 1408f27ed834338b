#include "harness/xml/sentence.h"

#include <libxml/xmlerror.h>

#include <array>

namespace startle::xml {
namespace {

// One code stands for several complaints: `marker` is a part of libxml2's words that tells them
// apart, empty where that is not needed.
struct Row {
  int code;
  std::string_view marker;
  std::string_view sentence;
};

constexpr std::array kRows{
    Row{0, "", "this is not XML"},
    Row{XML_ERR_DOCUMENT_EMPTY, "", "this is not XML: a document begins with <"},
    Row{XML_ERR_NAME_REQUIRED, "DOCTYPE", kDoctypeRefused},
    Row{XML_ERR_SPACE_REQUIRED, "Space required after", kDoctypeRefused},
    Row{XML_ERR_LITERAL_NOT_STARTED, "", kDoctypeRefused},
    Row{XML_ERR_LITERAL_NOT_FINISHED, "", kDoctypeRefused},
    Row{XML_ERR_URI_REQUIRED, "", kDoctypeRefused},
    Row{XML_ERR_PUBID_REQUIRED, "", kDoctypeRefused},
    Row{XML_ERR_INVALID_CHAR, "not proper UTF-8",
        "the text is not UTF-8: save it as UTF-8, or state its encoding in the first line, like "
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"},
    Row{XML_ERR_INVALID_CHAR, "",
        "a character that XML does not allow: this is no text, or it is damaged"},
    Row{XML_I18N_CONV_FAILED, "", "the text is not in the encoding that it states"},
    Row{XML_ERR_UNDECLARED_ENTITY, "", "an entity that is not defined: a plain & is written &amp;"},
    Row{XML_WAR_UNDECLARED_ENTITY, "", "an entity that is not defined: a plain & is written &amp;"},
    Row{XML_ERR_NAME_REQUIRED, "EntityRef",
        "a & that begins no entity: a plain & is written &amp;"},
    Row{XML_ERR_ENTITYREF_SEMICOL_MISSING, "",
        "a & that begins no entity: a plain & is written &amp;"},
    Row{XML_ERR_LT_IN_ATTRIBUTE, "",
        "a < inside a value, or a closing quotation mark is missing: a plain < is written &lt;"},
    Row{XML_ERR_ATTRIBUTE_NOT_STARTED, "",
        "a value without straight quotation marks: write name=\"value\""},
    Row{XML_ERR_ATTRIBUTE_NOT_FINISHED, "invalid character",
        "a character that XML does not allow: this is no text, or it is damaged"},
    Row{XML_ERR_ATTRIBUTE_NOT_FINISHED, "",
        "a value whose closing quotation mark is missing: the file is cut off, or damaged"},
    Row{XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "",
        "an attribute without a value: write name=\"value\" (inside it, a quotation mark is "
        "&quot;)"},
    Row{XML_ERR_SPACE_REQUIRED, "attributes construct",
        "the tag is cut off, or a blank is missing between two attributes (inside a value, a "
        "quotation mark is &quot;)"},
};

}  // namespace

std::string sentence(int code, std::string_view text) {
  if (code == XML_ERR_INTERNAL_ERROR && text.find("depth") != std::string_view::npos) {
    return "elements are nested deeper than " + std::to_string(kDeepest);
  }
  for (const Row& row : kRows) {
    if (row.code == code && text.find(row.marker) != std::string_view::npos) {
      return std::string(row.sentence);
    }
  }
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

}  // namespace startle::xml
