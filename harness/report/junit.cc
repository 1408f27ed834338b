#include <algorithm>
#include <array>
#include <cstdio>

#include "harness/base/date.h"
#include "harness/base/printable.h"
#include "harness/report/reports.h"
#include "harness/report/spool.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

// Attribute or text of XML 1.0, which has no way to write most control characters and wants UTF-8:
// what a peer said may be neither, and is shown as \xNN.
std::string escaped(std::string_view text) {
  std::string xml;
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const char c : printable(text.substr(0, end))) {
      switch (c) {
        case '&':
          xml += "&amp;";
          break;
        case '<':
          xml += "&lt;";
          break;
        case '>':
          xml += "&gt;";
          break;
        case '"':
          xml += "&quot;";
          break;
        default:
          xml += c;
      }
    }
    if (end == text.size()) return xml;
    xml += "&#10;";
    text.remove_prefix(end + 1);
  }
}

template <class E>
std::string joined(const std::vector<E>& words, std::string_view between) {
  std::string all;
  for (const E each : words) {
    if (!all.empty()) all += between;
    all += word(each);
  }
  return all;
}

// The text of a failure, for a viewer that shows nothing else of it.
std::string told(const Verdict& v) {
  std::string text = escaped(v.reason) + "\n";
  if (!v.expected.empty()) text += "expected: " + joined(v.expected, " or ") + "\n";
  if (v.observed) text += "observed: " + std::string(word(*v.observed)) + "\n";
  if (!v.violations.empty()) text += "violated: " + joined(v.violations, ", ") + "\n";
  if (!v.client_says.empty()) text += "the client says: " + escaped(v.client_says) + "\n";
  if (!v.dialogue.empty()) text += "\n";
  for (const std::string& line : shortened(v.dialogue, kMostLinesOfFinding)) {
    text += escaped(line) + "\n";
  }
  return text;
}

std::string seconds(double s) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", s);
  return text.data();
}

class JunitReport final : public Report {
 public:
  explicit JunitReport(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& info) override { info_ = info; }

  void add(const Verdict& v) override {
    const std::size_t slash = v.id.rfind('/');
    const std::string group = slash == std::string::npos ? "" : "." + v.id.substr(0, slash);
    std::string text = "<testcase classname=\"startle." + std::string(word(v.trust_model)) +
                       (v.store_model ? "." + std::string(word(*v.store_model)) : "") +
                       escaped(group) + "\" name=\"" +
                       escaped(slash == std::string::npos ? v.id : v.id.substr(slash + 1)) +
                       "\" time=\"" + seconds(v.ms / 1000) + "\"";
    const std::string type(v.severity ? word(*v.severity) : word(v.kind));
    switch (v.kind) {
      case VerdictKind::pass:
        text += "/>\n";
        break;
      case VerdictKind::skip:
      case VerdictKind::xfail:
        text += "><skipped message=\"" + escaped(v.reason) + "\"/></testcase>\n";
        break;
      case VerdictKind::error:
        text +=
            "><error type=\"" + type + "\" message=\"" + escaped(v.reason) + "\"/></testcase>\n";
        break;
      case VerdictKind::fail:
      case VerdictKind::xpass:
        if (is_note(v)) {
          text += "><system-out>note: " + escaped(v.reason) + "\n" + told(v) +
                  "</system-out></testcase>\n";
          break;
        }
        text += "><failure type=\"" + type + "\" message=\"" + escaped(v.reason) + "\">" + told(v) +
                "</failure></testcase>\n";
    }
    cases_.write(text);
  }

  void end(const RunEnd& end) override {
    const Summary& s = end.summary;
    add_configurations(end.configurations);
    if (!end.complete) {
      cases_.write("<testcase classname=\"startle.run\" name=\"complete\" time=\"" + seconds(0) +
                   "\"><error type=\"interrupted\" message=\"" +
                   escaped(interrupted_text(info_, end)) + "\"/></testcase>\n");
    }
    const std::size_t errors = s.errors + (end.complete ? 0 : 1);
    const std::size_t failures = s.failed + s.unexpected_passes + not_working_;
    const std::size_t skipped = s.skipped + s.expected_failures;
    const std::string counts =
        " tests=\"" + std::to_string(s.passed + s.notes + working_ + failures + skipped + errors) +
        "\" failures=\"" + std::to_string(failures) + "\" errors=\"" + std::to_string(errors) +
        "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + seconds(end.wall_s) + "\"";
    std::string stamp = time_text(info_.clock);
    stamp.pop_back();  // JUnit's timestamps have no zone
    out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" << counts
         << ">\n<testsuite name=\"startle " << escaped(info_.client_name) << "\"" << counts
         << " timestamp=\"" << stamp << "\">\n";
    const std::string properties = property("shard", info_.shard) + property("cause", info_.cause);
    if (!properties.empty()) out_ << "<properties>" << properties << "</properties>\n";
    cases_.copy_to(out_);
    if (!end.warnings.empty()) {
      out_ << "<system-err>";
      for (const Warning& one : end.warnings) {
        out_ << escaped(one.where + (one.where.empty() ? "warning: " : ": warning: ") + one.text)
             << '\n';
      }
      out_ << "</system-err>\n";
    }
    out_ << "</testsuite>\n</testsuites>\n";
  }

 private:
  static std::string property(const char* name, const std::string& value) {
    if (value.empty()) return "";
    return "<property name=\"" + std::string(name) + "\" value=\"" + escaped(value) + "\"/>";
  }

  // A test case for each server: red where no certificate is accepted, or not what is shown.
  void add_configurations(const std::vector<ConfiguredServer>& servers) {
    for (const ConfiguredServer& one : servers) {
      ++(one.works ? working_ : not_working_);
      std::string text = "<testcase classname=\"startle.configuration\" name=\"" +
                         escaped(one.server) + "\" time=\"" + seconds(0) + "\"";
      text += one.works ? "/>\n"
                        : "><failure type=\"configuration\" message=\"" + escaped(one.text) +
                              "\"/></testcase>\n";
      cases_.write(text);
    }
  }

  std::size_t working_ = 0;
  std::size_t not_working_ = 0;
  std::ostream& out_;
  RunInfo info_{};
  Spool cases_{};
};

}  // namespace

std::unique_ptr<Report> make_junit_report(std::ostream& out) {
  return std::make_unique<JunitReport>(out);
}

}  // namespace startle::report
