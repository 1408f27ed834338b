#pragma once
// How Java's mail libraries read a property that is true or false (PropUtil.getBooleanProperty): a
// text is true where it is "true" in any letter case, without a blank around it; everything else
// is false.

#include <string>
#include <string_view>

namespace startle::customer {

struct JavaBoolean {
  bool as_java_reads_it = false;
  bool as_it_is_meant = false;  // what is neither a known no nor empty stands for yes
};
JavaBoolean java_boolean(std::string_view written);

// Of one that is meant to be true and is not: "starttls="yes": Java reads it as false, as
// everything but true without a blank (in any letter case)", to be gone on with.
std::string told_misread(std::string_view key, std::string_view written);

}  // namespace startle::customer
