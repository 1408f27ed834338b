#include "harness/xml/document.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/xml/complaint.h"
#include "harness/xml/encoding.h"
#include "harness/xml/listener.h"
#include "harness/xml/sentence.h"

namespace startle::xml {
namespace {

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const noexcept { xmlFreeParserCtxt(parser); }
};

// Hands the text to libxml2 in pieces of some kilobytes and ends it at the first fatal complaint,
// as libxml2 would go on and complain a million times; and inside a tag that goes far past its
// bounds, before libxml2 compares each attribute with all before it. What it has seen by then it
// reads, and complains of the end.
struct Supply {
  std::string_view rest{};
  const Listener* listener = nullptr;
  const xmlParserCtxt* parser = nullptr;
  bool overfull = false;

  static int next(void* self, char* buffer, int size) {
    auto& supply = *static_cast<Supply*>(self);
    // Room for attributes, five words each, which it doubles where it must.
    supply.overfull = supply.overfull || supply.parser->maxatts > 5 * 2 * kMostAttributes ||
                      supply.parser->nsNr > 2 * 2 * kMostNamespaces;
    if (supply.listener->heard_fatal() || supply.overfull) return 0;
    const std::size_t count = supply.rest.copy(buffer, static_cast<std::size_t>(size));
    supply.rest.remove_prefix(count);
    return static_cast<int>(count);
  }
};

// What the handlers below found themselves; the parser's `_private` points at it.
struct HandlerState {
  long elements = 0;
  long line = 1;
  std::string complaint{};
};

std::string too_many_attributes() {
  return "an element has more than " + std::to_string(kMostAttributes) + " attributes";
}

void stop(xmlParserCtxt* parser, long line, std::string complaint) {
  auto& state = *static_cast<HandlerState*>(parser->_private);
  if (state.complaint.empty()) {
    state.line = line;
    state.complaint = std::move(complaint);
  }
  xmlStopParser(parser);
}

// Called at the end of "<!DOCTYPE name external-id", before any declaration inside is read.
void refuse_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto* parser = static_cast<xmlParserCtxt*>(context);
  stop(parser, line_of_tag(*parser), std::string(kDoctypeRefused));
}

void start_element(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                   int namespace_count, const xmlChar** namespaces, int attribute_count,
                   int defaulted_count, const xmlChar** attributes) {
  auto* parser = static_cast<xmlParserCtxt*>(context);
  const long line = line_of_tag(*parser);
  if (attribute_count + namespace_count > kMostAttributes) {
    return stop(parser, line, too_many_attributes());
  }
  if (++static_cast<HandlerState*>(parser->_private)->elements > kMostElements) {
    return stop(parser, line, "more than " + std::to_string(kMostElements) + " elements");
  }
  if (parser->nsNr / 2 > kMostNamespaces) {  // prefix and name of each
    return stop(parser, line,
                "more than " + std::to_string(kMostNamespaces) + " namespace declarations here");
  }
  xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count,
                        defaulted_count, attributes);
  if (parser->node != nullptr) mark_line(parser->node, line);
}

}  // namespace

void Document::Free::operator()(xmlDoc* doc) const noexcept {
  xmlFreeDoc(doc);
}

Document Document::parse(std::string file, std::string_view content) {
  start_libxml();
  Document made;
  made.source_ = std::make_unique<Element::Source>();
  made.source_->file = std::move(file);
  if (content.empty()) refuse(made.file(), 1, "the file is empty");
  if (content.size() > kLongestDocument) {
    refuse(made.file(), 1, "longer than " + std::to_string(kLongestDocument) + " bytes");
  }
  if (const std::string why = why_unreadable(content); !why.empty()) refuse(made.file(), 1, why);
  made.source_->text = as_utf_8(content);

  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
  if (!parser) throw Error(Fault::system, "out of memory");
  HandlerState state;
  Listener listener;
  listener.follow(parser.get());
  parser->_private = &state;
  parser->sax->internalSubset = refuse_doctype;
  parser->sax->startElementNs = start_element;
  // Neither XML_PARSE_NOENT nor XML_PARSE_HUGE, ever: libxml2's own bounds stay in force.
  Supply supply{content, &listener, parser.get()};
  made.doc_.reset(xmlCtxtReadIO(parser.get(), Supply::next, nullptr, &supply, nullptr, nullptr,
                                XML_PARSE_NONET));
  if (!state.complaint.empty()) refuse(made.file(), state.line, state.complaint);
  if (supply.overfull) refuse(made.file(), listener.tag_line(), too_many_attributes());
  if (!made.doc_ || xmlDocGetRootElement(made.doc_.get()) == nullptr) {
    const auto* input = parser->input;
    const bool undecodable = input != nullptr && input->buf != nullptr && input->buf->error != 0;
    refuse(made.file(), listener.line(),
           sentence(undecodable ? XML_I18N_CONV_FAILED : listener.code(), listener.text()));
  }
  // libxml2 takes it for the end.
  const std::string_view text = made.source_->text.empty() ? content : made.source_->text;
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    refuse(made.file(), 1 + std::count(text.begin(), text.begin() + nul, '\n'),
           "a NUL character, which XML has not (XML 1.0, 2.2): Java's parser refuses the file: "
           "remove it");
  }
  made.misread_ = why_misread(content);
  return made;
}

Document Document::read(const std::filesystem::path& file) {
  std::error_code unknown;
  const auto size = std::filesystem::file_size(file, unknown);
  if (!unknown && size > kLongestDocument) {
    refuse(file.string(), 1, "longer than " + std::to_string(kLongestDocument) + " bytes");
  }
  return parse(file.string(), read_file(file, kLongestDocument));
}

Element Document::root() const {
  return Element(xmlDocGetRootElement(doc_.get()), source_.get());
}

}  // namespace startle::xml
