#pragma once
// A strict view of one XML document: the only place that includes libxml2. Every complaint is one
// line of bounded length that names file and line ("case.xml:12: ..."). A DOCTYPE is refused,
// nothing is fetched, no entity is expanded, no XInclude followed; a document past the sizes of
// sentence.h is refused too. UTF-8, UTF-16 and whatever a document states that iconv knows. Threads
// may parse at once; one document belongs to one thread at a time.

#include <concepts>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"

struct _xmlDoc;
struct _xmlNode;
struct _xmlRelaxNG;

namespace startle::xml {

struct Attribute {
  std::string name{};  // with its namespace prefix, if any
  std::string value{};
};

// The word nearest to `given`, whatever its case; empty when none is near.
std::string_view likely_word(std::string_view given, Words words);

// "did you mean `word`?", or "known are a, b, c" when no word is near.
std::string hint(std::string_view given, Words words);

// In the document's text, from 1; columns count characters.
struct Place {
  long line = 0;
  long column = 0;
};

// A view: valid while its Document lives.
class Element {
 public:
  std::string name() const;  // without its namespace prefix
  const std::string& file() const { return source_->file; }
  long line() const;  // on which its start tag begins

  // Throws "<name> needs key="..."" if absent.
  std::string attribute(const char* key) const;
  std::optional<std::string> maybe_attribute(const char* key) const;
  std::vector<Attribute> attributes() const;
  // Where the `nth` character (from 0) of an attribute's value stands. nullopt: it is not found, as
  // in a text that is neither UTF-8 nor UTF-16.
  std::optional<Place> place(std::string_view key, std::size_t nth) const;

  // The value of `key` as a word of `E`; the complaint lists the words and the nearest one.
  template <Worded E>
  E choice(const char* key) const {
    const std::string given = attribute(key);
    if (const auto value = from_word<E>(given)) return *value;
    refuse_word(key, given, words_of(E{}));
  }
  template <Worded E>
  E choice(const char* key, E otherwise) const {
    return maybe_attribute(key) ? choice<E>(key) : otherwise;
  }
  // The value of `key` as a decimal number in [low, high]: digits alone, no sign, no blank.
  long number(const char* key, long low, long high) const;

  std::string text() const;  // of this element and those inside it
  std::vector<Element> children() const;
  std::vector<Element> descendants(std::string_view name) const;  // document order, self excluded

  // Throws Error(Fault::input) for an attribute, or a child element, that is none of these words;
  // the sentence offers the nearest one.
  void allow_attributes(Words keys) const;
  void allow_children(Words names) const;

  // Throws Error(Fault::input, "file:line: complaint"), on one line of bounded length.
  [[noreturn]] void fail(std::string_view complaint) const;
  // What fail would throw, for a warning.
  std::string complaint(std::string_view text) const;

 private:
  friend class Document;
  struct Source {
    std::string file{};
    std::string text{};  // in UTF-8, with line ends as they are; empty: of another encoding
  };
  Element(const _xmlNode* node, const Source* source) : node_(node), source_(source) {}
  [[noreturn]] void refuse_word(const char* key, const std::string& given, Words allowed) const;
  const _xmlNode* node_;
  const Source* source_;
};

class Document {
 public:
  // `file` is the name used in complaints. Throws Error(Fault::input): "file:line: why", or
  // "file: why" when the file cannot be read at all.
  static Document parse(std::string file, std::string_view content);
  static Document read(const std::filesystem::path& file);
  static constexpr std::size_t kLongestDocument = 4 << 20;  // bytes

  Element root() const;
  const std::string& file() const { return source_->file; }
  // Why its letters beyond ASCII may not be those that were written (encoding.h); empty: they are.
  const std::string& misread() const { return misread_; }

 private:
  friend class Schema;
  struct Free {
    void operator()(_xmlDoc* doc) const noexcept;
  };
  std::unique_ptr<Element::Source> source_;  // address is stable across moves: elements point at it
  std::unique_ptr<_xmlDoc, Free> doc_;
  std::string misread_{};
};

// A RELAX NG schema in XML syntax. Once read it may be used by several threads at once; copies
// share what was read.
class Schema {
 public:
  // Throws Error(Fault::input) when the file is missing, broken, or refers to another file.
  static Schema read(const std::filesystem::path& file);
  // Throws Error(Fault::input, "file:line: complaint") for the first rule that it breaks.
  void check(const Document& document) const;

 private:
  std::shared_ptr<_xmlRelaxNG> schema_{};
};

}  // namespace startle::xml
