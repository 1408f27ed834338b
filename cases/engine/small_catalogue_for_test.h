#pragma once
// A catalogue in a folder of its own, with the tree's grammar, one certificate (`valid`), one
// requirement (`RFC3207-4-d`) and no case: to add to, and to take from.

#include <string>

#include "harness/base/file.h"

namespace startle::cases {

class SmallCatalogue {
 public:
  SmallCatalogue();

  std::string path() const { return folder_.path(); }
  std::string path(const std::string& file) const { return path() + "/" + file; }
  // `file` as seen from the folder: "cases/smtp/x.xml".
  void write(const std::string& file, std::string_view content) const;
  void remove(const std::string& file) const;
  // What Catalogue::load_from says; empty: nothing. Its Error is of Fault::input.
  std::string complaint() const;

 private:
  TemporaryFolder folder_{};
};

}  // namespace startle::cases
