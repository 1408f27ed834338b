#pragma once
// What the reader says about a file, for tables of refused and doubtful files.

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "harness/base/error.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::customer {

struct Refused {
  const char* name;
  std::string content;
  std::string complaint;  // without "s.xml:"
};

inline void PrintTo(const Refused& row, std::ostream* out) {
  *out << row.name;
}

inline void expect_refused(const Refused& row) {
  try {
    parse_schedule("s.xml", row.content);
    ADD_FAILURE() << "read without a complaint";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    EXPECT_EQ(e.what(), "s.xml:" + row.complaint);
  }
}

// Read, and all that is doubtful of it is this; a sentence without "s.xml:".
inline void expect_warned(const Refused& row) {
  const Schedule schedule = parse_schedule("s.xml", row.content);
  EXPECT_EQ(schedule.warnings(), std::vector<std::string>{"s.xml:" + row.complaint});
}

// The only entry of a file with this one element, whatever is doubtful of it.
inline Entry only_entry(const std::string& element) {
  const Schedule schedule = parse_schedule("s.xml", element);
  EXPECT_EQ(schedule.entries.size(), 1U);
  return schedule.entries.at(0);
}

}  // namespace startle::customer
