#pragma once
// Sizes past which a document is refused. libxml2 compares each attribute of a tag with all before
// it and each prefix with all in scope: a file of one megabyte can cost a minute. No document that
// people write comes near these.

#include <optional>
#include <string_view>

namespace startle::xml {

inline constexpr int kMostAttributes = 200;  // of one element
inline constexpr int kMostNamespaces = 200;  // in scope at one element
inline constexpr long kMostElements = 100000;
inline constexpr int kDeepest = 256;  // libxml2's own bound

// The line on which a tag begins that has more than kMostAttributes; looks at the raw characters
// (UTF-8, UTF-16, UTF-32, anything that extends ASCII), before libxml2 reads them.
std::optional<long> line_of_overfull_tag(std::string_view content);

}  // namespace startle::xml
