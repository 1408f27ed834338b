#pragma once
// How a document is saved, and how it says that it is. Java's parser (Xerces, as in OpenJDK 17)
// takes the file's word for it from the declaration on, and so refuses files that libxml2 reads.

#include <string>
#include <string_view>

namespace startle::xml {

// "saved as UTF-16, but its first line says encoding="UTF-8": .."; empty: both agree, or it is no
// more than a wrong character.
std::string why_unreadable(std::string_view content);

// "saved as UTF-8, but its first line says encoding="ISO-8859-1": ..": it can be read, and each
// letter beyond ASCII becomes two others; empty: it has none, or it is saved as it says.
std::string why_misread(std::string_view content);

// The text in UTF-8 where it is that or UTF-16; otherwise empty.
std::string as_utf_8(std::string_view content);

}  // namespace startle::xml
