#include "cases/engine/failure_list.h"

#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/printable.h"

namespace startle::cases {
namespace {

// An id as one word: what would end it, or make the line a comment, is any character.
std::string glob_of(std::string id) {
  for (char& c : id) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') c = '?';
  }
  if (id.starts_with('#')) id.front() = '?';
  return id;
}

std::string on_one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return printable(text);
}

OutputFile opened(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::string option = "--write-expected " + file.string() + ": ";
  if (std::filesystem::is_directory(file, ignored)) {
    throw Error(Fault::usage, option + "is a folder: name a file in it");
  }
  try {
    return OutputFile(file);
  } catch (const Error&) {
    throw Error(Fault::usage, option +
                                  "cannot be written: name a file in a folder that is there and "
                                  "that you may write to");
  }
}

}  // namespace

FailureList::FailureList(std::filesystem::path file, const ExpectedFailures* expected,
                         bool is_same_file)
    : file_(std::move(file)),
      out_(opened(file_)),
      expected_(expected),
      is_same_file_(is_same_file) {}

void FailureList::write(std::string_view glob, std::string_view word, std::string_view reason) {
  lines_.write(std::string(glob) + " " + std::string(word) + " " + std::string(reason) + "\n");
}

void FailureList::add(const report::Verdict& verdict) {
  const bool expected = verdict.kind == report::VerdictKind::xfail;
  if (!expected && verdict.kind != report::VerdictKind::fail) return;
  if (report::is_note(verdict)) return;  // it fails nothing
  std::string what(verdict.violations.empty() ? word(verdict.observed.value())
                                              : word(verdict.violations.front()));
  std::string reason = on_one_line(verdict.reason);
  const ExpectedFailure* line =
      expected && expected_ != nullptr ? expected_->line_for(verdict) : nullptr;
  if (line != nullptr) {
    what = word_of(*line);
    reason = line->reason;
  }
  // The readings of a case follow one another.
  if (verdict.id != std::exchange(id_, verdict.id)) words_.clear();
  if (words_.insert(what).second) write(glob_of(verdict.id), what, reason);
}

void FailureList::end(const report::RunEnd& end) {
  if (!end.complete) return;
  if (expected_ != nullptr && is_same_file_) {
    for (const ExpectedFailure* line : expected_->not_judged()) {
      write(line->glob, word_of(*line), line->reason);
    }
  }
  lines_.copy_to(out_.stream());
  out_.finish();
}

}  // namespace startle::cases
