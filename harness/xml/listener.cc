#include "harness/xml/listener.h"

#include <libxml/globals.h>
#include <libxml/relaxng.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemastypes.h>

#include <algorithm>
#include <cstdint>

namespace startle::xml {

void start_libxml() {
  [[maybe_unused]] static const bool started = [] {
    xmlInitParser();
    xmlRelaxNGInitTypes();
    xmlSchemaInitTypes();
    return true;
  }();
}

long line_of(const xmlNode* node) {
  while (node != nullptr && node->type != XML_ELEMENT_NODE) node = node->parent;
  if (node == nullptr) return 1;
  const auto marked = static_cast<long>(reinterpret_cast<std::intptr_t>(node->_private));
  return marked > 0 ? marked : xmlGetLineNo(node);
}

void mark_line(xmlNode* node, long line) {
  node->_private = reinterpret_cast<void*>(static_cast<std::intptr_t>(line));
  node->line = static_cast<unsigned short>(line < 65535 ? line : 65535);  // survives xmlCopyDoc
}

// Looks back for the '<' ('<' may not stand in an attribute's value), since libxml2 knows only the
// line of the tag's end.
long line_of_tag(const xmlParserCtxt& parser) {
  const xmlParserInput& input = *parser.input;
  long line = input.line;
  for (const xmlChar* at = input.cur; at > input.base;) {
    if (*--at == '<') return line;
    if (*at == '\n') --line;
  }
  return input.line;
}

// Some complaints (of a character set, of input) belong to no parser and would go to stderr: the
// thread's handler hears those too, and the others as well where a context has no handler.
Listener::Listener() : previous_(xmlStructuredError), previous_context_(xmlStructuredErrorContext) {
  xmlSetStructuredErrorFunc(
      this, [](void* self, auto* error) { static_cast<Listener*>(self)->hear(*error); });
}

Listener::~Listener() {
  xmlSetStructuredErrorFunc(previous_context_, previous_);
}

void Listener::hear(const xmlError& error) {
  if (error.level < XML_ERR_ERROR || error.message == nullptr) return;
  // The first fatal one stopped the work; an earlier one (an unbound prefix, say) did not.
  const bool fatal = error.level == XML_ERR_FATAL;
  if (heard() && (fatal_ || !fatal)) return;
  fatal_ = fatal;
  code_ = error.code;
  // While libxml2 takes in more text, it has moved what the parser's pointers point at.
  const bool takes_in = error.domain == XML_FROM_I18N || error.domain == XML_FROM_IO;
  if (!takes_in && parser_ != nullptr && parser_->input != nullptr) {
    tag_line_ = line_of_tag(*parser_);
  }
  text_ = error.message;
  text_.erase(std::min(text_.find('\n'), text_.size()));
  if (error.node != nullptr) {
    line_ = line_of(static_cast<const xmlNode*>(error.node));
  } else if (error.line > 0) {
    line_ = error.line;
  } else if (parser_ != nullptr && parser_->input != nullptr && parser_->input->line > 0) {
    line_ = parser_->input->line;
  }
}

}  // namespace startle::xml
