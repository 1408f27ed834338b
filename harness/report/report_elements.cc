#include "harness/report/report_elements.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/printable.h"
#include "harness/report/json_value.h"
#include "harness/report/report_source.h"

namespace startle::report {
namespace {

using nlohmann::json;

constexpr std::size_t kMostLevels = 64;
constexpr std::string_view kInterrupted = "the run that wrote it, or a copy of it, was interrupted";
constexpr std::array<std::string_view, 6> kKept{"client",    "consequences", "inputs",
                                                "selection", "summary",      "warnings"};

enum class Shape {
  report,  // all of it, or the first line of JSON Lines
  line,    // another line: a case, or the last
};

// What the SAX parser calls. Where it stands: `depth_` containers are open, of which those from
// some level on are being built (`open_`) or passed over (`skipped_`).
class Cutter {
 public:
  Cutter(Source& source, const ElementSink& sink, Shape shape, const ElementPlace& place)
      : source_(source), sink_(sink), shape_(shape), place_(place) {}

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
      if (head_.contains(name)) refuse_second(name);
      member_ = name;
      head_[name] = nullptr;
      if (shape_ == Shape::report) source_.of_part = 0;
    } else if (skipped_ > 0) {
      source_.of_part = 0;
    } else if (!open_.empty()) {
      if (open_.back()->contains(name)) refuse_second(name);
      key_ = name;
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception&) {
    if (!source_.end_was_reached) refuse("this is not JSON");
    if (shape_ == Shape::line && sink_.may_be_cut_off) {
      is_torn_ = true;
      return false;
    }
    if (shape_ == Shape::line) refuse("is cut off here: " + std::string(kInterrupted));
    throw Error(
        Fault::input,
        source_.name + (source_.bytes == 0 ? ": is empty: the run that was to write it did not end"
                                           : ": is cut off after " + std::to_string(source_.bytes) +
                                                 " bytes: " + std::string(kInterrupted)));
  }

  // null: it is torn.
  json take_head() { return is_torn_ ? json() : std::move(head_); }

 private:
  [[noreturn]] void refuse(const std::string& why) const { source_.refuse(why); }
  [[noreturn]] void refuse_second(const std::string& name) const {
    refuse("`" + shortened(printable(name)) + "` stands there twice");
  }
  bool is_list() const {
    return member_ == "findings" || (shape_ == Shape::report && member_ == "cases");
  }
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

  // A line as a whole has to keep within the bound; of a report only these are kept.
  bool is_known() const {
    return shape_ == Shape::line || std::ranges::find(kKept, member_) != kKept.end();
  }

  void deliver(const json& element) {
    source_.of_part = 0;
    if (member_ == "cases") {
      sink_.each_case(element, place_);
    } else {
      sink_.finding(element, place_);
    }
  }

  Source& source_;
  const ElementSink& sink_;
  const Shape shape_;
  const ElementPlace place_;
  json head_ = json::object();
  std::string member_{};  // of the report
  json part_{};
  std::vector<json*> open_{};  // the containers of `part_` that are open
  std::string key_{};
  bool is_torn_ = false;
  std::size_t depth_ = 0;
  std::size_t skipped_ = 0;  // containers that are passed over
};

json next_object(Source& source, const ElementSink& sink, Shape shape,
                 const ElementPlace& place = {}) {
  Cutter cutter(source, sink, shape, place);
  constexpr bool kToTheEnd = false;
  json::sax_parse(Bytes{&source}, Bytes{}, &cutter, json::input_format_t::json, kToTheEnd);
  return cutter.take_head();
}

// Nothing but the end of the line may stand behind an object.
void check_line_ends(Source& source) {
  source.skip_blank(false);
  if (source.at_end() || source.next() == '\n') return;
  source.refuse("more stands behind the object of this line");
}

void end_report(Source& source) {
  source.skip_blank(true);
  if (!source.at_end()) source.refuse("more stands behind the end of the report");
}

// The cases, one a line, and the last line, whose members are added to the first's.
ElementPlace read_lines(Source& source, const ElementSink& sink, json& head, bool& cut_off) {
  check_line_ends(source);
  while (true) {
    if (!source.at_end()) source.advance();
    const ElementPlace place{.line = source.line, .offset = source.bytes};
    if (source.at_end()) {
      cut_off = sink.may_be_cut_off;
      if (cut_off) return place;
      source.refuse("the line with `summary` is missing: " + std::string(kInterrupted));
    }
    source.of_part = 0;
    source.one_line = true;
    json object = next_object(source, sink, Shape::line, place);
    source.one_line = false;
    if (object.is_null()) {
      cut_off = true;
      return place;
    }
    check_line_ends(source);
    // Whoever goes on behind it needs its end.
    if (sink.may_be_cut_off && source.at_end()) {
      cut_off = true;
      return place;
    }
    if (object.contains("id")) {
      sink.each_case(object, place);
    } else if (object.contains("summary")) {
      for (auto& [name, value] : object.items()) {
        if (head.contains(name)) source.refuse("`" + name + "` stands in the first line too");
        head[name] = std::move(value);
      }
      return place;
    } else {
      source.refuse("this is neither a case nor the line with `summary`");
    }
  }
}

bool is_whole(const json& first) {
  constexpr std::array kAtTheEnd{"summary", "findings", "cases", "wall_s"};
  return std::ranges::any_of(kAtTheEnd, [&](const char* name) { return first.contains(name); });
}

}  // namespace

Elements read_elements(std::istream& in, const std::string& name, std::size_t limit,
                       const ElementSink& sink) {
  Source source{.in = *in.rdbuf(), .name = name, .limit = limit};
  Elements read{.others = next_object(source, sink, Shape::report)};
  if (!is_whole(read.others)) {
    sink.first_line(read.others);
    read.last = read_lines(source, sink, read.others, read.cut_off);
    if (read.cut_off) return read;
    read.others["cases"] = json::array();
  }
  end_report(source);
  return read;
}

}  // namespace startle::report
