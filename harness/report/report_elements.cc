#include "harness/report/report_elements.h"

#include <cstddef>
#include <iterator>
#include <streambuf>
#include <utility>
#include <vector>

#include "harness/base/error.h"

namespace startle::report {
namespace {

using nlohmann::json;

constexpr std::size_t kMostLevels = 64;

// The bytes of the report, counted: a part that does not end must not fill the memory.
struct Source {
  std::streambuf& in;
  const std::string& name;
  std::size_t limit = 0;
  std::size_t bytes = 0;
  std::size_t line = 1;
  std::size_t of_part = 0;       // bytes since a part ended
  bool end_was_reached = false;  // the parser wanted more than there is

  bool at_end() {
    end_was_reached = in.sgetc() == std::streambuf::traits_type::eof();
    return end_was_reached;
  }
  void advance() {
    line += in.sbumpc() == '\n' ? 1 : 0;
    ++bytes;
    if (++of_part > limit) {
      throw Error(Fault::input, name + ":" + std::to_string(line) + ": one part of more than " +
                                    std::to_string(limit) + " bytes: this is no report of startle");
    }
  }
};

struct Bytes {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  char operator*() const { return static_cast<char>(source->in.sgetc()); }
  Bytes& operator++() {
    source->advance();
    return *this;
  }
  Bytes operator++(int) {
    source->advance();
    return *this;
  }
  friend bool operator==(const Bytes& a, const Bytes& b) {
    return (a.source == nullptr || a.source->at_end()) ==
           (b.source == nullptr || b.source->at_end());
  }
  friend bool operator!=(const Bytes& a, const Bytes& b) { return !(a == b); }

  Source* source = nullptr;  // null: the end
};

// What the SAX parser calls. Where it stands: `depth_` containers are open, of which those from
// some level on are being built (`open_`) or passed over (`skipped_`).
class Cutter {
 public:
  Cutter(Source& source, const ElementSink& sink) : source_(source), sink_(sink) {}

  bool null() { return value(json()); }
  bool boolean(bool b) { return value(json(b)); }
  bool number_integer(json::number_integer_t n) { return value(json(n)); }
  bool number_unsigned(json::number_unsigned_t n) { return value(json(n)); }
  bool number_float(json::number_float_t n, const std::string&) { return value(json(n)); }
  bool string(std::string& text) { return value(json(std::move(text))); }
  bool binary(json::binary_t&) { return false; }  // JSON has none
  bool start_object(std::size_t) { return begin(json::object()); }
  bool start_array(std::size_t) { return begin(json::array()); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  bool key(std::string& name) {
    if (depth_ == 1) {
      if (head_.contains(name)) refuse("`" + name + "` stands there twice");
      member_ = name;
      head_[name] = nullptr;
      source_.of_part = 0;
    } else if (skipped_ > 0) {
      source_.of_part = 0;
    } else if (!open_.empty()) {
      key_ = name;
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception&) {
    if (source_.end_was_reached) {
      throw Error(Fault::input,
                  source_.name + (source_.bytes == 0
                                      ? ": is empty: the run that was to write it did not end"
                                      : ": is cut off after " + std::to_string(source_.bytes) +
                                            " bytes: the run that wrote it, or a copy of it, was "
                                            "interrupted"));
    }
    throw Error(Fault::input,
                source_.name + ":" + std::to_string(source_.line) +
                    (ended_ ? ": more stands behind the end of the report" : ": this is not JSON"));
  }

  json take_head() { return std::move(head_); }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(Fault::input, source_.name + ":" + std::to_string(source_.line) + ": " + why);
  }
  bool is_list() const { return member_ == "cases" || member_ == "findings"; }
  // Of a finding: they stand in the cases too, and may be as many as these.
  bool is_list_of_cases() const {
    return member_ == "findings" && open_.size() == 1 && key_ == "cases";
  }

  json* add(json made) {
    json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(made));
    return &(parent[key_] = std::move(made));
  }

  bool value(json made) {
    if (skipped_ > 0 || (!open_.empty() && is_list_of_cases())) {
      source_.of_part = 0;
    } else if (!open_.empty()) {
      add(std::move(made));
    } else if (depth_ == 0) {
      refuse("this is no report of startle");
    } else if (depth_ == 1) {
      head_[member_] = std::move(made);
    } else {
      deliver(made);
    }
    return true;
  }

  bool begin(json made) {
    if (++depth_ > kMostLevels) refuse("this is nested too deeply for a report of startle");
    if (skipped_ > 0) {
      ++skipped_;
    } else if (!open_.empty()) {
      if (is_list_of_cases()) {
        skipped_ = 1;
      } else {
        open_.push_back(add(std::move(made)));
      }
    } else if (depth_ == 1) {
      if (!made.is_object()) refuse("this is no report of startle");
    } else if (depth_ == 2 && is_list()) {
      if (!made.is_array()) refuse("`" + member_ + "` is not a list");
      head_[member_] = std::move(made);  // stays empty: its elements are delivered
    } else if (depth_ == 2 && !is_known()) {
      skipped_ = 1;
    } else {
      part_ = std::move(made);
      open_.push_back(&part_);
    }
    return true;
  }

  bool end() {
    --depth_;
    ended_ = depth_ == 0;
    if (skipped_ > 0) {
      --skipped_;
      source_.of_part = 0;
    } else if (!open_.empty()) {
      open_.pop_back();
      if (!open_.empty()) return true;
      if (depth_ == 1) {
        head_[member_] = std::move(part_);
      } else {
        deliver(part_);
      }
    }
    return true;
  }

  bool is_known() const {
    return member_ == "client" || member_ == "selection" || member_ == "summary";
  }

  void deliver(const json& element) {
    source_.of_part = 0;
    const auto& to = member_ == "cases" ? sink_.each_case : sink_.finding;
    to(element);
  }

  Source& source_;
  const ElementSink& sink_;
  json head_ = json::object();
  std::string member_{};  // of the report
  json part_{};
  std::vector<json*> open_{};  // the containers of `part_` that are open
  std::string key_{};
  std::size_t depth_ = 0;
  std::size_t skipped_ = 0;  // containers that are passed over
  bool ended_ = false;
};

}  // namespace

json read_elements(std::istream& in, const std::string& name, std::size_t limit,
                   const ElementSink& sink) {
  Source source{.in = *in.rdbuf(), .name = name, .limit = limit};
  Cutter cutter(source, sink);
  json::sax_parse(Bytes{&source}, Bytes{}, &cutter);
  return cutter.take_head();
}

}  // namespace startle::report
