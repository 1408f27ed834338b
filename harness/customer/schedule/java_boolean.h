#pragma once
// How Java's mail libraries read a property that is true or false (PropUtil.getBooleanProperty): a
// text is true where it is "true" in any letter case, without a blank around it; everything else
// is false.

#include <string_view>

namespace startle::customer {

struct JavaBoolean {
  bool as_java_reads_it = false;
  bool as_it_is_meant = false;  // what is neither a known no nor empty stands for yes
};
JavaBoolean java_boolean(std::string_view written);

}  // namespace startle::customer
