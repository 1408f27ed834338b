#pragma once
// What --help prints, in 80 columns.

#include <memory>

namespace CLI {
class FormatterBase;
}

namespace startle::program {

std::shared_ptr<CLI::FormatterBase> help_page();

}  // namespace startle::program
