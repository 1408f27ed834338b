#include "cases/program/diagnose/diagnose_request.h"

#include "harness/base/shell_word.h"

namespace startle::program {

std::string DiagnoseRequest::command() const {
  std::string line = "startle diagnose";
  for (const std::string& one : what) {
    line += " " + (one.find("://") == std::string::npos ? shell_path(one) : shell_word(one));
  }
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) line += std::string(" ") + option + " " + shell_path(value);
  };
  add("--home", home.home);
  add("--store", home.store);
  add("--store-password-file", home.password_file);
  add("--log", log);
  if (trust) line += " --trust " + shell_word(*trust);
  if (!trust_model.empty()) line += " --trust-model " + trust_model;
  if (!store_model.empty()) line += " --store-model " + store_model;
  if (!at.empty()) line += " --at " + shell_word(at);
  if (offline) line += " --offline";
  return line;
}

}  // namespace startle::program
