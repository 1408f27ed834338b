#pragma once
// What libxml2 has to say while it works, on this thread. It reports the cause first and echoes
// after (its "last error" is an echo), so the first complaint is kept and nothing reaches stderr.
// For the sources of this folder: the only header of ours that includes libxml2.

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <string>

namespace startle::xml {

// Makes libxml2 ready for threads; cheap after the first call.
void start_libxml();

// Where the element begins that `node` is or lies in; 1 if that is not known. Start tags are marked
// by Document, because libxml2 itself only knows where they end, and counts to 65535.
long line_of(const xmlNode* node);
void mark_line(xmlNode* node, long line);

// Where the tag begins that the parser has read, or is just reading.
long line_of_tag(const xmlParserCtxt& parser);

class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // What is being parsed; gives a line to complaints that libxml2 makes without one.
  void follow(const xmlParserCtxt* parser) { parser_ = parser; }

  bool heard() const { return code_ != 0; }
  bool heard_fatal() const { return fatal_; }
  int code() const { return code_; }  // of xmlParserErrors
  long line() const { return line_; }
  const std::string& text() const { return text_; }  // its first line
  long tag_line() const { return tag_line_; }        // of the tag that the parser was at

 private:
  void hear(const xmlError& error);

  xmlStructuredErrorFunc previous_;
  void* previous_context_;
  const xmlParserCtxt* parser_ = nullptr;
  int code_ = 0;
  long line_ = 1;
  long tag_line_ = 1;
  bool fatal_ = false;
  std::string text_{};
};

}  // namespace startle::xml
